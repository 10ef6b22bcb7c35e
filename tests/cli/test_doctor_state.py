"""`doctor` on this machine and on folders: secrets, consents, state, model, rights, quota."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from router.cli.doctor import folders, secrets, servers
from router.cli.doctor.findings import Finding
from router.errors import LoginRefused, Unreachable
from router.imap.folders import listing, specials
from router.imap.quota import Usage, usages
from router.imap.rights import my_rights
from router.imap.session import Session
from router.lock import StateLock
from router.oauth import tokens
from router.oauth.endpoint import ConsentEnded, Granted
from router.values import Bearer, Issuer, Login, Mailbox, OAuth, Secret
from tests.cli.builders import Shop, call
from tests.cli.doorman import Doorman, imap
from tests.servers.dovecot import Dovecot

DESKTOP = {
    "installed": {
        "client_id": "1.apps.googleusercontent.com",
        "client_secret": "s",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
}
NOW = datetime.now(UTC)


def said_of(mailbox: Mailbox, state: Path) -> list[Finding]:
    return list(secrets.findings(mailbox, state, datetime.now(UTC)))


def private(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


# ------------------------------------------------------------------ files that hold secrets


def with_password(file: Path) -> Mailbox:
    return Mailbox(name="support", address="a@x.example", login=Login(user="a", password=Secret(file=file)))


def test_a_secret_file_of_ones_own_is_fine(tmp_path: Path) -> None:
    """Its place is said, never what it holds."""
    (found,) = said_of(with_password(private(tmp_path / "pw", "hunter2")), tmp_path)
    assert (found.level, str(tmp_path / "pw") in found.text, "hunter2" in found.text) == ("ok", True, False)


@pytest.mark.parametrize(
    ("mode", "level", "word"),
    [(0o640, "warn", "by its group"), (0o660, "fail", "changed by others"), (0o644, "fail", "by everybody")],
)
def test_who_else_can_read_or_change_it(tmp_path: Path, mode: int, level: str, word: str) -> None:
    """By its mode; the fix is the command."""
    path = private(tmp_path / "pw", "hunter2", mode)
    found = said_of(with_password(path), tmp_path)[0]
    assert (found.level, word in found.text) == (level, True)
    assert f"chmod 600 {path}" in found.fix + found.text


def test_a_directory_in_which_anybody_may_replace_it(tmp_path: Path) -> None:
    """Not the sticky kind, as /tmp is; a link is followed to where the file lies."""
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    link = tmp_path / "link"
    link.symlink_to(private(open_to_all / "pw", "hunter2"))
    open_to_all.chmod(0o777)
    (found,) = said_of(with_password(link), tmp_path)
    assert (found.level, f"chmod o-w {open_to_all}") == ("fail", found.fix)
    open_to_all.chmod(0o1777)
    assert [f.level for f in said_of(with_password(link), tmp_path)] == ["ok"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_belongs_to_somebody_else(tmp_path: Path) -> None:
    """The owner of a file or of a link decides what is read."""
    link = tmp_path / "link"
    link.symlink_to(private(tmp_path / "pw", "hunter2"))
    os.chown(tmp_path / "pw", 65534, -1)
    os.lchown(link, 65534, -1)
    found = said_of(with_password(link), tmp_path)
    assert [("somebody else" in f.text, f.level) for f in found] == [(True, "warn")] * 2


def test_what_systemd_or_a_container_guards_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their files are readable by all who see them, which is nobody else."""
    private(tmp_path / "pw", "hunter2", 0o444)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert [f.level for f in said_of(with_password(Path("$CREDENTIALS_DIRECTORY/pw")), tmp_path)] == ["ok"]


# ------------------------------------------------------------------ OAuth


def with_oauth(tmp_path: Path, issuer: Issuer = Issuer.GOOGLE, client: Any = DESKTOP) -> Mailbox:
    file = private(tmp_path / "client.json", json.dumps(client))
    oauth = OAuth(issuer=issuer, client=Secret(file=file), account="robot@x.example")
    return Mailbox(name="support", address="a@x.example", login=Login(user="a@x.example", oauth=oauth))


def agree(mailbox: Mailbox, state: Path) -> Path:
    """What `inbox-router login` keeps."""
    assert mailbox.login.oauth
    return tokens.Vault(state / tokens.FOLDER).keep(mailbox.login.oauth, "refresh")


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """What the provider answers next: a value or an error."""
    answers: list[Any] = [Granted(access="token", seconds=3600)]

    def asked(*_: object) -> Granted:
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers[0]

    monkeypatch.setattr(tokens, "_asked", asked)
    monkeypatch.setenv("INBOX_ROUTER_STATE", str(tmp_path / "state"))
    return answers


def test_nobody_has_agreed_yet(tmp_path: Path) -> None:
    """The command for it, and who should agree."""
    client, missing = said_of(with_oauth(tmp_path), tmp_path / "state")
    assert (client.level, "robot@x.example agrees" in client.text) == ("ok", True)
    assert missing.level == "fail"
    assert "inbox-router login support" in missing.fix
    assert "robot@x.example" in missing.fix


@pytest.mark.parametrize("age_in_days", [1, 30])
def test_a_consent_to_a_client_in_testing_ends_after_seven_days(
    tmp_path: Path, endpoint: list[Any], age_in_days: int
) -> None:
    """Said while it can still happen; what is older than that is no test."""
    mailbox = with_oauth(tmp_path)
    path = agree(mailbox, tmp_path / "state")
    os.utime(path, (time.time() - age_in_days * 86400,) * 2)
    consent, token = said_of(mailbox, tmp_path / "state")[1:]
    assert (consent.level, str(path) in consent.text) == ("ok", True)
    assert ("seven days" in consent.fix) is (age_in_days == 1)
    assert token.text == "an access token was given just now"


def test_a_consent_that_ended_and_an_endpoint_that_is_silent(tmp_path: Path, endpoint: list[Any]) -> None:
    """One needs a person, the other patience."""
    mailbox = with_oauth(tmp_path)
    agree(mailbox, tmp_path / "state")
    endpoint[0] = Unreachable("Google: no route")
    assert "tries again" in said_of(mailbox, tmp_path / "state")[-1].fix
    endpoint[0] = ConsentEnded("Google: invalid_grant: Token has been expired or revoked.")
    ended = said_of(mailbox, tmp_path / "state")[-1]
    assert (ended.level, ended.fix) == ("fail", "inbox-router login support")


@pytest.mark.parametrize(
    ("issuer", "client", "kind"),
    [
        (
            Issuer.MICROSOFT,
            {"client_id": "i", "tenant": "x.example", "client_secret": "s"},
            "the program itself is let in",
        ),
        (
            Issuer.GOOGLE,
            {"type": "service_account", "client_email": "e", "private_key": "k", "token_uri": "https://t.example"},
            "a service account acts for a@x.example",
        ),
    ],
)
def test_programs_that_nobody_agrees_to(
    tmp_path: Path, endpoint: list[Any], issuer: Issuer, client: dict[str, str], kind: str
) -> None:
    """Their kind is said, no consent is looked for, and a refusal names the client."""
    mailbox = with_oauth(tmp_path, issuer, client)
    assert kind in said_of(mailbox, tmp_path)[0].text
    assert [f.level for f in said_of(mailbox, tmp_path)] == ["ok", "ok"]
    endpoint[0] = LoginRefused("invalid_client: AADSTS7000215: Invalid client secret provided.")
    (tmp_path / "other").mkdir()
    refused = said_of(with_oauth(tmp_path / "other", issuer, client), tmp_path)[-1]
    assert (refused.level, "AADSTS7000215" in refused.text) == ("fail", True)
    assert "its secret" in refused.fix


def test_a_client_file_that_is_none(tmp_path: Path) -> None:
    """What is wrong with it is said."""
    (found,) = said_of(with_oauth(tmp_path, client={"web": {}}), tmp_path)
    assert (found.level, "Desktop app" in found.text) == ("fail", True)


@pytest.mark.dovecot
def test_a_login_by_token_is_asked_for_no_password(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """At IMAP and at SMTP the token is the proof; who logs in there is the account behind the mailbox."""
    monkeypatch.setattr("router.connect.credential", lambda login: Bearer(token="t"))
    file = private(shop.root / "client.json", json.dumps({"client_id": "i", "tenant": "x", "client_secret": "s"}))
    oauth = f"{{oauth: microsoft, as: robot@acme.example, client: {{file: {file}}}}}"
    with Doorman(imap({}, "IMAP4rev1 AUTH=PLAIN")) as door:
        shop.config.write_text(
            "version: 1\nmailboxes:\n  support:\n    address: support@acme.example\n"
            f"    imap: {{host: 127.0.0.1, port: {door.port}, tls: none}}\n    login: {oauth}\n{shop.rules}"
        )
        findings = shop.with_config("doctor", "--json").data["findings"]
    texts = [f["text"] for f in findings]
    assert not any("password" in text for text in texts), texts
    assert any("takes no access tokens" in text for text in texts)


# ------------------------------------------------------------------ state


@pytest.mark.dovecot
def test_a_state_directory_that_others_can_read(shop: Shop) -> None:
    """It holds what customers wrote."""
    shop.once()
    shop.state.chmod(0o755)
    findings = shop.with_config("doctor", "--json").data["findings"]
    (found,) = [f for f in findings if "open to others" in f["text"]]
    assert found["fix"] == f"chmod 700 {shop.state}"


@pytest.mark.dovecot
def test_what_the_daemon_complains_of_is_repeated(shop: Shop) -> None:
    """Alerts that nobody has mended, of the mailboxes that are looked at."""
    shop.once()
    with sqlite3.connect(shop.state / "router.db") as database:
        for number, mailbox in enumerate(("support", "gone")):
            values = (number + 1, mailbox, "connection", f"{mailbox} fell silent", "2026-11-21 08:00:00.000000")
            database.execute("INSERT INTO alert (id, mailbox, key, text, raised_at) VALUES (?, ?, ?, ?, ?)", values)
    texts = [f["text"] for f in shop.with_config("doctor", "--json").data["findings"] if f["where"] == "state"]
    assert any(text.startswith("support: support fell silent (told ") for text in texts)
    assert not any("gone" in text for text in texts)


@pytest.mark.dovecot
def test_a_broken_file_beside_a_running_daemon(shop: Shop) -> None:
    """The daemon goes on with the last good one: said, with where its copy lies."""
    shop.once()
    shop.config.write_text("version: 1\nmailboxes: {}\n")
    lock = StateLock(shop.state)
    try:
        findings = shop.with_config("doctor", "--json").data["findings"]
    finally:
        lock.release()
    (found,) = [f for f in findings if "last good" in f["text"]]
    assert (found["level"], str(shop.state / "last-good") in found["fix"]) == ("warn", True)


def test_a_model_is_there_or_made_for_other_libraries_or_damaged(tmp_path: Path) -> None:
    """Three ways in which it is not what this deployment needs, none of which needs a person."""
    from router.assembly import examples_of, model_directory
    from router.cli.doctor.state import _model
    from router.config.loading import load
    from tests.cli.builders import write

    path = write(
        tmp_path / "w.yaml",
        "version: 1\nmailboxes:\n  s:\n    address: a@x.example\n    login: {password: {env: P}}\n"
        "categories: {refund: Support/Refunds}\n",
    )
    configuration = load(path).configuration
    assert configuration
    (absent,) = _model(tmp_path, configuration, NOW)
    assert (absent.level, absent.text) == ("warn", "no model yet")
    write(tmp_path / "models" / "0123" / "manifest.json", "{}")
    (older,) = _model(tmp_path, configuration, NOW)
    assert "older than the installed libraries" in older.text
    write(model_directory(tmp_path, examples_of(configuration)) / "manifest.json", "{}")
    (damaged,) = _model(tmp_path, configuration, NOW)
    assert (damaged.level, "cannot be used" in damaged.text) == ("warn", True)


@pytest.mark.dovecot
def test_the_age_of_the_model_is_said(shop: Shop) -> None:
    """After a pass that fitted one: when, and from how many examples."""
    shop.write("categories: {refund: Support/Refunds}\n")
    shop.once()
    texts = [f["text"] for f in shop.with_config("doctor", "--json").data["findings"] if f["level"] == "ok"]
    (found,) = [text for text in texts if text.startswith("a model is")]
    assert re.search(r"fitted \(\d+ min ago, from \d+ examples", found)


# ------------------------------------------------------------------ folders


@pytest.mark.dovecot
def test_special_folders_that_clients_hide_are_told(shop: Shop) -> None:
    """A draft that nobody sees helps nobody; once subscribed, nothing is said."""
    shop.once()
    hidden = "special folders not subscribed: Drafts, Sent, Trash"
    assert hidden in [f["text"] for f in shop.with_config("doctor", "--json").data["findings"]]
    with shop.client() as client:
        for name in ("Drafts", "Sent", "Trash"):
            client.subscribe(name)
    assert not any("special folders" in f["text"] for f in shop.with_config("doctor", "--json").data["findings"])


ACL = """
mail_plugins = acl
plugin {{
  acl = vfile:{directory}
}}
protocol imap {{
  mail_plugins = acl imap_acl
}}
"""


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("rights", "level", "word"),
    [
        ("lrwstipekxa", "ok", "placed in Drafts and withdrawn"),
        ("lrwsip", "warn", "not withdrawn"),
        ("lrws", "fail", "may not place drafts"),
        ("lr", "fail", "Drafts is read-only"),
    ],
)
def test_rights_in_drafts_are_asked_for(rights: str, level: str, word: str) -> None:
    """Where the server tells them nothing is tried; a shared folder that is open for reading only is found."""
    server = Dovecot()
    server.extra = ACL.format(directory=server.root / "acl")
    (server.root / "acl").mkdir(mode=0o755)
    (server.root / "acl" / "Drafts").write_text(f"owner {rights}\n")
    with server, Session.open(server.server(), "anna", server.password) as session:
        statuses = listing(session)
        found = list(folders.writable(session, "support", (), specials(statuses), statuses))
        seen = my_rights(session, "Drafts")
    assert seen is not None
    assert seen >= set("lr")
    assert (found[0].level, word in found[0].text) == (level, True), found


def test_old_rights_mean_what_they_were_divided_into() -> None:
    """RFC 2086's `d` is deletion and expunge (RFC 4314 section 2.1.1); a server without ACL does not tell."""
    script = imap({"MYRIGHTS": "* MYRIGHTS INBOX lrswipcd\r\nOK done"}, "IMAP4rev1 ACL")
    with Doorman(script) as door, Session.open(door.server(), "u", "p", timeout=5) as session:
        assert my_rights(session, "INBOX") == frozenset("lrswipcdkxte")
        session.capabilities = frozenset()
        assert my_rights(session, "INBOX") is None


QUOTA = """
mail_plugins = quota
plugin {
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=100K:messages=200
}
protocol imap {
  mail_plugins = quota imap_quota
}
"""


@pytest.mark.dovecot
def test_a_quota_is_read_from_the_server() -> None:
    """The fullest limit first."""
    with Dovecot(extra=QUOTA) as server:
        server.deliver("anna", b"Subject: x\r\n\r\n" + b"x" * 60_000)
        with Session.open(server.server(), "anna", server.password) as session:
            fullest, other = usages(session)
            (found,) = servers.quota(session, "support")
    assert (fullest.resource, fullest.limit, 55 <= fullest.used <= 65) == ("STORAGE", 100, True)
    assert (other.resource, other.used, other.limit) == ("MESSAGE", 1, 200)
    assert (found.level, found.text.startswith(f"{fullest.share:.0%} of")) == ("ok", True)


@pytest.mark.parametrize(("used", "level"), [(900, "ok"), (901, "warn"), (999, "warn"), (1000, "fail"), (2000, "fail")])
def test_a_full_mailbox_is_told_before_it_is_full(used: int, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine tenths are worth knowing; in a full one no draft can be placed."""
    usage = Usage(resource="MESSAGE", used=used, limit=1000)
    monkeypatch.setattr("router.imap.quota.usages", lambda session: (usage,))
    (found,) = servers.quota(None, "support")  # type: ignore[arg-type]
    assert found.level == level
    assert f"({used} of 1000 mails)" in found.text


def test_a_server_that_refuses_to_tell_ends_one_look_only(tmp_path: Path) -> None:
    """GETQUOTAROOT fails: all else is still looked at."""
    answers = {"GETQUOTAROOT": "NO internal error", "SELECT": "* FLAGS (\\Seen)\r\n* 0 EXISTS\r\nOK [READ-WRITE] done"}
    config = tmp_path / "workflows.yaml"
    with Doorman(imap(answers, "IMAP4rev1 QUOTA")) as door:
        config.write_text(
            "version: 1\nmailboxes:\n  support:\n    address: support@acme.example\n"
            f"    imap: {{host: 127.0.0.1, port: {door.port}, tls: none}}\n"
            "    login: {user: anna, password: {env: STAGE_PASSWORD}}\n"
        )
        state = str(tmp_path / "state")
        said = call("doctor", "--json", "--config", str(config), INBOX_ROUTER_STATE=state, STAGE_PASSWORD="secret")
    texts = [f["text"] for f in said.data["findings"]]
    assert any("refused to tell" in text and "internal error" in text for text in texts)
    assert any("tags" in text for text in texts), texts
