"""Recognises a message that its server wrote anew when it was moved, so that its bytes are not what they were.

Exchange keeps mail as properties and makes the message from them when it is asked. A moved message may come out with
other bytes; its Message-ID, its sender and the second in which it arrived stay. That is weaker than being alike to the
byte: it is asked only for what is alike to nothing, and only of rows whose message is missing.
"""

from __future__ import annotations

from collections.abc import Iterable

from router.act.desk import Desk
from router.learn.moves import Look
from router.store import messages
from router.store.records import MessageRecord
from router.values import FetchedMessage, Message, MessageRef


def recognise(desk: Desk, look: Look) -> dict[MessageRef, int]:
    """Arrival → the missing row that it is, for arrivals that are alike to the byte with no row."""
    with desk.store.begin() as tx:
        lost = [*messages.in_state(tx, desk.record.id, "missing"), *look.missing]
        known = messages.by_fingerprint(tx, desk.record.id, [a.fingerprint for a in look.arrivals]) if lost else {}
    arrived = {a.fingerprint for a in look.arrivals}
    lost = [r for r in lost if r.fingerprint not in arrived]
    dates = {r.internaldate for r in lost if r.message_id}
    strangers = [a for a in look.arrivals if a.internaldate in dates and a.fingerprint not in known]
    if not strangers:
        return {}
    parsed = desk.bench.parser.submit([(a.raw, a.size) for a in strangers]).result()
    found: dict[MessageRef, int] = {}
    for arrival, message in zip(strangers, parsed, strict=True):
        row = the_same(arrival, message, lost)
        if row is not None:
            lost.remove(row)
            found[arrival.ref] = row.id
    return found


def the_same(fetched: FetchedMessage, message: Message, rows: Iterable[MessageRecord]) -> MessageRecord | None:
    """The one row with this mail's Message-ID, sender and moment of arrival; None when there is none, or several."""
    if not message.message_id:
        return None
    wanted = (message.message_id[:998], message.sender.address[:320], fetched.internaldate)
    alike = [row for row in rows if (row.message_id, row.sender, row.internaldate) == wanted]
    return alike[0] if len(alike) == 1 else None
