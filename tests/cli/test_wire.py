"""What strangers write never becomes part of an IMAP command: seen in what a real server received."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.builders import Shop
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.dovecot

CANARY = "cAnArY"
COMMANDS = f'{CANARY}"\r\nA1 DELETE Precious\r\nA2 UID STORE 1:* +FLAGS.SILENT (\\Deleted)\r\nA3 EXPUNGE\r\n'
_CLOCK = re.compile(rb"(?m)^\d{9,}\.\d{6} ")  # Dovecot's, before every line of its log
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n")


@pytest.fixture
def logging_server() -> Iterator[Dovecot]:
    """A Dovecot that writes down what clients send."""
    if lacking := dovecot_server.missing():
        pytest.skip(f"not installed: {lacking}")
    with Dovecot(rawlog=True) as server:
        yield server


def word(text: str) -> str:
    """An encoded word, in which a header may hide line ends."""
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def hostile(number: int) -> bytes:
    """A refund request whose every field holds commands, raw where a header may hold them, else encoded."""
    fields = {
        "Received": f'from {CANARY} by mx.{CANARY}.example with ESMTP id "{CANARY}"; today',
        "Authentication-Results": f'{CANARY}.example; dmarc=pass reason="{CANARY}" header.from={CANARY}.example',
        "Message-ID": word(f"<{number}@client.example>{COMMANDS}"),
        "In-Reply-To": word(COMMANDS),
        "References": f"<a@b> {word(COMMANDS)} <{CANARY}@client.example>",
        "From": f'{word(COMMANDS)} <"{CANARY} {{10}}"@client.example>',
        "Reply-To": f'"{CANARY}) (\\\\Deleted" <{CANARY}@client.example>',
        "To": "support@acme.example",
        "Subject": word(f"money back {COMMANDS}"),
        "X-Inbox-Router-Key": word(COMMANDS),
        "Content-Type": f"multipart/mixed; boundary=\"b\"; name*=utf-8''{CANARY}%0D%0AA9%20LOGOUT",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    attachment = f'Content-Type: text/plain; name="{CANARY}"\r\nContent-Disposition: attachment\r\n\r\nx\r\n'
    text = f"I want my money back. {COMMANDS}"
    return f"{head}\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b\r\n{attachment}--b--\r\n".encode()


def commands(sent: bytes) -> Iterator[bytes]:
    """What clients sent without the literals, which are data."""
    sent = _CLOCK.sub(b"", sent)
    at = 0
    for found in _LITERAL.finditer(sent):
        if found.start() >= at:
            yield sent[at : found.end()]
            at = found.end() + int(found[1])
    yield sent[at:]


def test_no_command_holds_what_a_stranger_wrote(logging_server: Dovecot, tmp_path: Path) -> None:
    """Filing, drafts, an agent's move, a second look and doctor: only UIDs, dates and our own names are sent."""
    shop = Shop(server=logging_server, user="anna", root=tmp_path)
    with shop.client() as client:
        client.create("Precious")
    shop.append("INBOX", [hostile(1), hostile(2)])
    shop.once()
    filed = next(name for name in shop.folders() if name.startswith("Support/") and shop.messages(name))
    with shop.client() as client:  # an agent disagrees
        client.select(f'"{filed}"')
        client.uid("MOVE", str(min(shop.messages(filed))), '"Support/Parcels"')
    shop.append("INBOX", [hostile(3)])
    shop.once()
    shop.with_config("doctor")
    assert "Precious" in shop.folders()
    logs = sorted((logging_server.root / "rawlog" / "anna").glob("*.in"))
    sent = b"".join(piece for log in logs for piece in commands(log.read_bytes()))
    assert b"UID FETCH" in sent
    assert b"APPEND" in sent
    assert CANARY.lower().encode() not in sent.lower()
