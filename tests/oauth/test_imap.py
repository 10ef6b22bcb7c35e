"""Logging in with a token at a real server: Dovecot checks it with the provider's key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from router import connect
from router.errors import LoginRefused, UnsafeArgument
from router.imap import fetch
from router.imap.session import Session
from router.values import Bearer, Issuer, Login, Mailbox, OAuth, Secret
from tests.conftest import without_server
from tests.imap.scripted import Peer, Scripted
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot
from tests.servers.identity import Identity, secret_file

pytestmark = pytest.mark.dovecot


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_each_mechanism_logs_in(mechanism: str, identity: Identity) -> None:
    """A server offers the one or the other."""
    if lacking := dovecot_server.missing():
        without_server(f"not installed: {lacking}")
    server = Dovecot(mechanisms=f"plain {mechanism}")
    identity.teach(server)
    with server, Session.open(server.server(), "anna", Bearer(token=identity.token())) as session:
        assert fetch.uids(session, "INBOX") == []


WRONG = {
    "ended": {"lifetime": -60},
    "of somebody else": {"subject": "bat"},
    "for something else": {"scope": "calendar"},
    "of another provider": {"issuer": "https://evil.example"},
}


@pytest.mark.parametrize("why", WRONG)
def test_a_wrong_token_is_a_refused_login(why: str, identity: Identity, believing: Dovecot) -> None:
    """Ended, of another person, for another purpose, of another provider: and the connection is closed."""
    vars(identity).update(WRONG[why])
    with pytest.raises(LoginRefused):
        Session.open(believing.server(), "anna", Bearer(token=identity.token()))


@pytest.mark.parametrize("broken", ["", "a b", "no.jwt.at-all", "x" * 3000])
def test_nonsense_is_a_refused_login(broken: str, believing: Dovecot, identity: Identity) -> None:
    """Whatever it is, the server's answer comes back as a refusal."""
    with pytest.raises(LoginRefused):
        Session.open(believing.server(), "anna", Bearer(token=broken))


def test_a_token_cannot_add_fields_to_the_login(believing: Dovecot) -> None:
    """The separator of XOAUTH2 is a control character, and those are refused before anything is sent."""
    with pytest.raises(UnsafeArgument):
        Session.open(believing.server(), "anna\x01auth=Bearer y", Bearer(token="x"))


def test_the_reason_of_a_refusal_is_shown() -> None:
    """Gmail tells it in a challenge, which wants an empty answer; the token is not sent a second time."""
    challenge = b"eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ=="

    def run(peer: Peer) -> None:
        peer.send(b"* OK Gimap ready\r\n")
        peer.answer(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2")
        tag, _, command = peer.line().partition(b" ")
        assert command == b"AUTHENTICATE XOAUTH2"
        peer.send(b"+ \r\n")
        assert peer.line()
        peer.send(b"+ " + challenge + b"\r\n")
        assert peer.line() == b""
        peer.send(tag + b" NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n")

    with Scripted(run) as server, pytest.raises(LoginRefused, match=r"status 400, scope https://mail\.google\.com/"):
        Session.open(server.server(), "u", Bearer(token="secret-token"), timeout=5)


def test_a_server_that_never_stops_asking_is_left() -> None:
    """After the token and the end we cancel."""

    def run(peer: Peer) -> None:
        peer.send(b"* OK hello\r\n")
        peer.answer(b"* CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER")
        tag = peer.line().partition(b" ")[0]
        answers = []
        while not answers or answers[-1] != b"*":
            peer.send(b"+ e30=\r\n")
            answers.append(peer.line())
            assert len(answers) < 5
        peer.send(tag + b" BAD cancelled\r\n")

    with Scripted(run) as server, pytest.raises(LoginRefused):
        Session.open(server.server(), "u", Bearer(token="t"), timeout=5)


def test_a_server_without_tokens_never_sees_one() -> None:
    """It offers passwords only."""

    def run(peer: Peer) -> None:
        peer.send(b"* OK hello\r\n")
        peer.answer(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN")

    with Scripted(run) as server, pytest.raises(LoginRefused, match="takes no access tokens"):
        Session.open(server.server(), "u", Bearer(token="secret-token"), timeout=5)
    assert not any(b"secret-token" in line or b"AUTHENTICATE" in line for line in server.received)


# ------------------------------------------------------------------ the mailbox


@pytest.fixture
def mailbox(identity: Identity, believing: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """A mailbox of Anna's on that server, with a consent."""
    monkeypatch.setenv("INBOX_ROUTER_STATE", str(tmp_path / "state"))
    connect._tokens.cache_clear()
    oauth = OAuth(
        issuer=Issuer.MICROSOFT,
        client=Secret(file=secret_file(tmp_path / "client", identity.microsoft())),
        account="robot@acme.example",
        token=Secret(file=secret_file(tmp_path / "token", "refresh-1")),
    )
    login = Login(user="anna", oauth=oauth)
    return Mailbox(name="support", address="anna@acme.example", login=login, imap=believing.server())


def test_a_token_that_is_refused_before_its_time_is_renewed_once(mailbox: Mailbox, identity: Identity) -> None:
    """Revoked while the session was up: the server cuts it, the next login renews and goes on."""
    connect.open_session(mailbox).close()
    identity.scope, known = "calendar", len(identity.asked)  # what we hold is as good as revoked …
    connect.tokens().drop(mailbox.login, connect.tokens().bearer(mailbox.login))
    connect.tokens().bearer(mailbox.login)
    identity.scope = "imap"  # … and a new one is good
    with connect.open_session(mailbox) as session:
        assert fetch.uids(session, "INBOX") == []
    assert len(identity.asked) == known + 2


def test_a_refusal_that_renewing_does_not_mend_ends_there(mailbox: Mailbox, identity: Identity) -> None:
    """Two requests, two logins, then a person must act: nothing is hammered."""
    identity.subject = "bat"
    with pytest.raises(LoginRefused):
        connect.open_session(mailbox)
    assert len(identity.asked) == 2


def test_mailboxes_of_one_account_share_its_token(mailbox: Mailbox, identity: Identity) -> None:
    """Shared mailboxes of Microsoft 365, all opened by one robot."""
    connect.open_session(mailbox).close()
    connect.open_session(replace(mailbox, name="billing", address="billing@acme.example")).close()
    assert len(identity.asked) == 1


def test_a_withdrawn_consent_is_said_with_the_command_to_run(mailbox: Mailbox, identity: Identity) -> None:
    """While nobody has agreed anew, the server sees no login at all."""
    identity.refresh = "other"
    with pytest.raises(LoginRefused, match="inbox-router login"):
        connect.open_session(mailbox)
