"""Text of strangers in rows: what a parsed mail holds can be stored in both databases."""

from __future__ import annotations

import pytest

from router.act.planning import message_row
from router.mail.parse import parse
from router.mail.threads import customer_of
from router.store import messages, threads
from router.store.conversations import Conversations
from router.store.database import Store
from tests.act.builders import a_fetched
from tests.store.builders import MAILBOX, NOW

HOSTILE = {
    "nul": b"Subject: a\x00b =?utf-8?b?AGEA?=\r\nFrom: \x00 <a\x00@x.example>\r\nMessage-ID: <a\x00b@x>\r\n\r\n\x00",
    "8-bit": b"Subject: \xff\xfe\x80\r\nFrom: \xed\xa0\x80 <jane\xff@x.example>\r\nMessage-ID: <\xff\xed\xa0\x80@x>\r\n"
    b"References: <\xff@x> <\xc3\x28@x>\r\n\r\n\xed\xa0\x80\xff",
    "surrogates": b"Subject: =?utf-16?b?2AA=?= =?utf-8?q?=ED=A0=80?=\r\n"
    b"From: =?utf-7?q?+2AA-?= <jane@x.example>\r\n\r\nhi",
    "quotes": b"Subject: '); DROP TABLE message; --\r\nFrom: \"' OR 1=1\" <o'hara@x.example>\r\n"
    b"Message-ID: <%s%(a)s:b?@x>\r\n\r\nhi",
    "long": b"Subject: " + "ж".encode() * 5000 + b"\r\nFrom: " + b"n" * 5000 + b" <" + b"l" * 5000 + b"@x.example>\r\n"
    b"Message-ID: <" + "ж".encode() * 499 + b">\r\nReferences: " + b"<r@x> " * 5000 + b"\r\n\r\nhi",
}  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_mail_is_a_row_like_any_other(store: Store, raw: bytes) -> None:
    """Neither its row nor its conversation fails the batch, and both come back as they went in."""
    message = parse(raw)
    row = message_row(a_fetched(1, raw=raw), message, MAILBOX, NOW, state="left")
    with store.begin() as tx:
        conversations = Conversations.load(tx, MAILBOX, [message])
        thread = conversations.open(message, customer_of(message))
        conversations.save(tx)
        messages.add(tx, [row])
        threads.remember_answer(tx, MAILBOX, [message.message_id], [thread.customer], NOW)
    with store.begin() as tx:
        assert messages.get(tx, row.id) == row
        assert threads.get(tx, thread.id) == thread
        found = Conversations.load(tx, MAILBOX, [message], NOW).find(message, thread.customer, NOW)
        assert found is None or found.thread == thread
