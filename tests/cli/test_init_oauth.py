"""`init` for a mailbox that takes no passwords: what it writes, and what it will not take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from router.connect import with_known_servers
from router.values import Issuer, Mailbox
from tests.cli.builders import Said, call
from tests.config.builders import configured

M365 = {"client_id": "11111111-2222-3333-4444-555555555555", "tenant": "acme.example"}
GOOGLE = {"installed": {"client_id": "i", "client_secret": "s", "auth_uri": "https://a", "token_uri": "https://t"}}


def initialised(directory: Path, written: object, *words: str) -> Said:
    """What `init` says to a registered program's file with this content."""
    client = directory / "client.json"
    client.write_text(json.dumps(written), encoding="utf-8")
    client.chmod(0o600)
    file = directory / "workflows.yaml"
    asked = ["init", "--yes", "--skip-test", "--address", "support@acme.example", "--time-zone", "UTC"]
    state = str(directory / "state")
    return call(*asked, "--config", str(file), "--client", str(client), *words, INBOX_ROUTER_STATE=state)


def the_mailbox(directory: Path) -> Mailbox:
    (found,) = configured(directory, (directory / "workflows.yaml").read_text(encoding="utf-8"), head="").mailboxes
    return found


def test_a_shared_mailbox_of_microsoft_365_is_written_with_who_opens_it(tmp_path: Path) -> None:
    """The servers are known from the issuer: the domain's MX may be a filter's. What comes next is said."""
    said = initialised(tmp_path, M365, "--oauth", "microsoft", "--as", "robot@acme.example")
    assert said.code == 0, said.err
    assert "First: inbox-router login" in said.out
    mailbox = with_known_servers(the_mailbox(tmp_path))
    assert mailbox.login.oauth is not None
    assert (mailbox.login.user, mailbox.login.oauth.account) == ("support@acme.example", "robot@acme.example")
    assert mailbox.login.oauth.issuer is Issuer.MICROSOFT
    assert mailbox.imap is not None
    assert (mailbox.imap.host, mailbox.smtp) == ("outlook.office365.com", None)  # SMTP AUTH is off there


def test_a_mailbox_at_google_is_written_with_its_program(tmp_path: Path) -> None:
    """By its absolute path, so that the daemon finds it from wherever it is started."""
    assert initialised(tmp_path, GOOGLE, "--oauth", "google").code == 0
    oauth = the_mailbox(tmp_path).login.oauth
    assert oauth is not None
    assert (oauth.issuer, oauth.client.file) == (Issuer.GOOGLE, tmp_path.resolve() / "client.json")
    mailbox = with_known_servers(the_mailbox(tmp_path))
    assert (mailbox.imap and mailbox.imap.host, mailbox.smtp and mailbox.smtp.host) == (
        "imap.gmail.com",
        "smtp.gmail.com",
    )


@pytest.mark.parametrize(
    ("written", "words", "reason"),
    [
        ({"web": {}}, ["--oauth", "google"], "Desktop app"),
        ({"client_id": ""}, ["--oauth", "microsoft"], "lacks client_id"),
        ({**M365, "tenant": "", "client_secret": "s"}, ["--oauth", "microsoft"], "needs tenant"),
        ({**M365, "authority": "http://login.example/x"}, ["--oauth", "microsoft"], "https://"),
        (["no table"], ["--oauth", "google"], "not the JSON file"),
        (GOOGLE, ["--oauth", "goggle"], "google or microsoft"),
        (GOOGLE, ["--oauth", "google", "--as", "robot@acme.example"], "--as"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_written(
    written: object, words: list[str], reason: str, tmp_path: Path
) -> None:
    """The wrong kind of program, one that is not whole, an address without TLS."""
    said = initialised(tmp_path, written, *words)
    assert said.code in (2, 78)
    assert reason in said.err
    assert not (tmp_path / "workflows.yaml").exists()
