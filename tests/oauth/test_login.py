"""`inbox-router login`: a person agrees in a browser somewhere, and the mailbox is tried."""

from __future__ import annotations

import re
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.acceptance.stage import Stage, mail
from tests.cli.terminal import Terminal
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.identity import Identity, secret_file

pytestmark = pytest.mark.dovecot


@dataclass
class OAuthStage(Stage):
    """A mailbox that is opened with tokens."""

    issuer: str = "microsoft"
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, rules: str, mailbox: str | None = None) -> None:
        super().write(rules, mailbox)
        text = self.config.read_text(encoding="utf-8")
        login = f"login: {{user: {self.user}, oauth: {self.issuer}, client: {{file: client.json}}}}"
        self.config.write_text(re.sub(r"login: .*", login, text), encoding="utf-8")

    def logging_in(self, *words: str) -> list[str]:
        return self.command("login", "--config", str(self.config), "--no-browser", *words)


def a_stage(server: Dovecot, user: str, root: Path, authority: Authority, client: str, issuer: str) -> OAuthStage:
    root.mkdir(exist_ok=True)
    secret_file(root / "client.json", client)
    trusting = {"SSL_CERT_FILE": str(authority.file)}
    return OAuthStage(server=server, user=user, root=root, environment=trusting, issuer=issuer)


@pytest.fixture
def microsoft(identity: Identity, believing: Dovecot, user: str, tmp_path: Path, authority: Authority) -> OAuthStage:
    identity.subject = user
    return a_stage(believing, user, tmp_path, authority, identity.microsoft(), "microsoft")


@pytest.fixture
def google(identity: Identity, believing: Dovecot, user: str, tmp_path: Path, authority: Authority) -> OAuthStage:
    identity.subject = user
    return a_stage(believing, user, tmp_path, authority, identity.google(), "google")


@contextmanager
def running(stage: OAuthStage) -> Iterator[subprocess.Popen[str]]:
    """The command with no terminal; it is ended if the test did not."""
    process = subprocess.Popen(
        stage.logging_in(), env=stage.env(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    stop = threading.Timer(60, process.kill)
    stop.start()
    try:
        yield process
    finally:
        stop.cancel()
        process.kill()
        process.wait()


def line_with(stream: IO[str] | None, pattern: str) -> re.Match[str]:
    """The first line in which the pattern is found."""
    assert stream is not None
    seen = []
    for line in stream:
        seen.append(line)
        if found := re.search(pattern, line):
            return found
    raise AssertionError("".join(seen))


def returned_to(url: str, **more: str) -> str:
    """Where the browser ends when the person at this page has agreed."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["access_type"] == "offline"
    answer = {"code": "the-code", "state": asked["state"], "scope": "https://mail.google.com/", **more}
    return asked["redirect_uri"] + "?" + "&".join(f"{name}={value}" for name, value in answer.items() if value)


def visit(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_code_is_typed_in_any_browser_and_mail_is_filed_with_the_token(
    microsoft: OAuthStage, identity: Identity
) -> None:
    """Device code, the consent kept 0600, the mailbox tried; then `once` works with it."""
    with running(microsoft) as process:
        assert line_with(process.stderr, r"enter the code (\S+)")[1] == "ABCD-1234"
        identity.agreed.set()
        assert line_with(process.stderr, r"kept in (\S+)")
        assert line_with(process.stderr, rf"logged in as {microsoft.user}")
        assert process.wait(30) == 0
    (kept,) = (microsoft.state / "tokens").glob("microsoft-*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    microsoft.server.deliver(microsoft.user, mail())
    assert microsoft.once()["moved"] == {"Support/Refunds": 1}
    commands = microsoft.server.commands(microsoft.user)
    assert "AUTHENTICATE XOAUTH2" in commands or " LOGIN " not in commands


def test_a_browser_on_this_machine_comes_back_by_itself(google: OAuthStage, identity: Identity) -> None:
    """Only the answer to our own request counts; others are turned away."""
    with running(google) as process:
        url = line_with(process.stderr, r"(https://\S+/google/auth\S+)")[1]
        assert visit(returned_to(url, state="forged")) == 404
        assert visit(returned_to(url)) == 200
        assert line_with(process.stderr, rf"logged in as {google.user}")
        assert process.wait(30) == 0
    assert identity.asked[0]["grant_type"] == "authorization_code"


def test_over_ssh_the_address_is_pasted(google: OAuthStage) -> None:
    """The browser of another machine ends at a page that it cannot open."""
    with Terminal(google.logging_in(), google.env(), str(google.root)) as terminal:
        terminal.expect("Waiting")
        url = re.search(r"(https://\S+/google/auth\S+)", terminal.text)
        assert url
        terminal.type(returned_to(url[1], state="forged"))
        terminal.type(returned_to(url[1]))
        terminal.expect("logged in as")
        assert terminal.end() == 0


@pytest.mark.parametrize(
    ("answer", "scope", "reason"),
    [
        ({"code": "", "error": "access_denied"}, "https://mail.google.com/", "access_denied"),
        ({"code": "wrong"}, "https://mail.google.com/", "invalid_grant"),
        ({}, "openid", "leave every box on the page ticked"),
    ],
)
def test_a_person_who_does_not_agree_leaves_nothing(
    answer: dict[str, str], scope: str, reason: str, google: OAuthStage, identity: Identity
) -> None:
    """Denied, an answer that is none, the box for mail unticked: said, and no file is written."""
    identity.google_scope = scope
    with running(google) as process:
        url = line_with(process.stderr, r"(https://\S+/google/auth\S+)")[1]
        visit(returned_to(url, **answer))
        assert line_with(process.stderr, reason)
        assert process.wait(30) == 75
    assert list((google.state / "tokens").glob("*.json")) == []


def test_a_mailbox_with_a_password_has_nothing_to_agree_to(dovecot: Dovecot, user: str, tmp_path: Path) -> None:
    """The way to say otherwise is named."""
    stage = Stage(server=dovecot, user=user, root=tmp_path)
    said = stage.run("login", "support", "--config", str(stage.config))
    assert said.returncode == 2
    assert "login: {oauth: …}" in said.stderr
    assert stage.run("login", "--config", str(stage.config)).returncode == 2
