"""The scripted servers themselves: what every other test here stands on."""

from __future__ import annotations

import base64
import imaplib
from collections.abc import Iterator

import pytest

from router.imap import fetch
from router.imap.session import Session
from router.imap.watch import Idle
from tests.acceptance.stage import mail
from tests.servers.shapes.dialect import Refused
from tests.servers.shapes.gmail import ALL, WRONG_PASSWORD, Gmail
from tests.servers.shapes.imapd import Imapd
from tests.servers.shapes.microsoft import WRONG_ARGUMENT, Microsoft

TOKEN = "user=support@acme.example\x01auth=Bearer good-token\x01\x01"


@pytest.fixture
def gmail() -> Iterator[Imapd]:
    with Imapd(Gmail()) as imapd:
        yield imapd


def client(imapd: Imapd) -> imaplib.IMAP4:
    return imaplib.IMAP4("127.0.0.1", imapd.port)


def test_tokens_are_checked_with_and_without_an_initial_response(gmail: Imapd) -> None:
    """XOAUTH2 in one line (SASL-IR) or in two; a refusal is explained in a challenge that the client must answer."""
    gmail.dialect.check = lambda user, secret, mechanism: (  # type: ignore[method-assign]
        None
        if (user, secret, mechanism) == ("support@acme.example", "good-token", "XOAUTH2")
        else Refused(WRONG_PASSWORD)
    )
    with client(gmail) as two_lines:
        assert two_lines.authenticate("XOAUTH2", lambda _: TOKEN.encode())[0] == "OK"
    with client(gmail) as one_line:
        one_line.send(b"a AUTHENTICATE XOAUTH2 " + base64.b64encode(TOKEN.encode()) + b"\r\n")
        assert one_line.readline().startswith(b"a OK")
    with client(gmail) as wrong:
        challenges: list[bytes] = []

        def answer(challenge: bytes) -> bytes:
            challenges.append(challenge)
            return TOKEN.replace("good", "old").encode() if len(challenges) == 1 else b""

        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
            wrong.authenticate("XOAUTH2", answer)
        assert b"Bearer" in challenges[1]
    assert not any("token" in said.line for said in gmail.log)


@pytest.mark.parametrize(
    "command",
    [
        "XYZZY",
        "SELECT",
        'LIST "" "%"',
        "FETCH 1 FLAGS",
        "UID FETCH 1 (BODY[])",
        'UID SEARCH SUBJECT "x"',
        "UID FETCH 1 (FLAGS",
    ],
)
def test_what_our_client_must_not_say_is_refused(gmail: Imapd, command: str) -> None:
    """Unknown commands and items, sequence numbers, and a FETCH that would mark mail as read."""
    with client(gmail) as connection:
        connection.login("support@acme.example", "secret")
        if "UID" in command:
            connection.select("INBOX")
            gmail.account.deliver(mail())
        connection.send(b"z1 " + command.encode() + b"\r\n")
        lines = [connection.readline()]
        while not lines[-1].startswith(b"z1 "):
            lines.append(connection.readline())
        assert lines[-1].startswith(b"z1 BAD")
    assert command in gmail.refused()[0].line


def test_keywords_are_refused_by_microsoft() -> None:
    """In a STORE and in a SEARCH: Command Argument Error. 11."""
    microsoft = Microsoft()
    microsoft.account.deliver(mail())
    with Imapd(microsoft) as imapd, client(imapd) as connection:
        connection.login("support@acme.example", "secret")
        connection.select("INBOX")
        for command in (("STORE", "1", "+FLAGS.SILENT", "($label1)"), ("SEARCH", "KEYWORD", "x")):
            with pytest.raises(imaplib.IMAP4.error, match=WRONG_ARGUMENT):
                connection.uid(*command)
        assert microsoft.account.flags("INBOX") == [set()]


def test_one_message_has_one_number_under_every_label(gmail: Imapd) -> None:
    """X-GM-MSGID, read with our own client; a server without it is never asked."""
    provider = gmail.dialect
    assert isinstance(provider, Gmail)
    first, second = provider.deliver(mail(), mail())
    provider.account.make("Support")
    provider.label(first, "Support")
    with Session.open(gmail.server(), "support@acme.example", "secret", timeout=10) as session:
        inbox, label = (fetch.gmail_ids(session, name, [1, 2]) for name in ("INBOX", "Support"))
        assert label == {1: inbox[1]}
        assert inbox[1] != inbox[2]
    assert provider.folders_of(second) == {"INBOX", provider.place[ALL]}
    with (
        Imapd(Microsoft()) as other,
        Session.open(other.server(), "support@acme.example", "secret", timeout=10) as session,
    ):
        assert fetch.gmail_ids(session, "INBOX", [1]) == {}
    assert other.said("UID FETCH") == []


def test_new_mail_ends_the_wait(gmail: Imapd) -> None:
    """IDLE announces what arrives, at Gmail as at any server."""
    with Session.open(gmail.server(), "support@acme.example", "secret", timeout=10) as session:
        fetch.select(session, "INBOX", readonly=True)
        idle = Idle(session)
        idle.start()
        gmail.account.deliver(mail())
        assert idle.read(10) == ("* 1 EXISTS",)
        idle.done()
    assert gmail.refused() == []
