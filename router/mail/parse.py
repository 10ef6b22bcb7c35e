"""One message's octets to a Message. Never raises: oddities become defects, too much of something a reason.

The standard library's parser splits the octets into parts, under compat32; every value is decoded by our own code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import Message as MimeMessage
from email.utils import parsedate_to_datetime
from typing import Any

from router.values import Address, Message

from . import addresses, automatic, body, courtesy, defects, entities, headers, language, limits, lookalikes, structure
from .ids import message_ids

LARGEST = limits.LARGEST
_KEPT_HEADERS, _LONGEST_VALUE = 60, 500
_LONGEST_SUBJECT = 998
_MOST_RESULTS, _MOST_DEFECTS = 20, 20


def parse(raw: bytes, *, size: int | None = None, details: bool = True) -> Message:
    """What these octets say: usually the first 64 KB of a message whose whole size is `size` octets.

    Over-limit mail gets `unreadable` and still the subject, the sender and what else can be answered in bounded time.
    Without `details`, half the time: what only decisions and replies look at (courtesy, entities, headers) stays empty.
    """
    octets, too_much = limits.bounded(raw, len(raw) if size is None else size)
    tree, odd, too_many = structure.tree_of(octets)
    parts = body.collect(tree)
    return _message(tree, parts, too_much or too_many or parts.unreadable, odd, details=details)


def _message(tree: MimeMessage, parts: body.Parts, unreadable: str, odd: Sequence[str], *, details: bool) -> Message:
    fields = [(str(name), str(value)) for name, value in tree.raw_items()]
    every: dict[str, list[str]] = {}
    for name, value in fields:
        every.setdefault(name.lower(), []).append(value)
    first = {name: values[0] for name, values in every.items()}
    hint = parts.charset
    written = body.read(parts)
    subject = headers.decode(first.get("subject", "")[: 4 * _LONGEST_SUBJECT], hint)[:_LONGEST_SUBJECT]
    people = {name: addresses.parse_all(every.get(name, ())[:5], hint) for name in ("from", "reply-to", "to", "cc")}
    sender = next((one for one in people["from"] if one.address), (*people["from"], Address())[0])
    signs = automatic.Signs(
        headers={name: headers.plain(first[name][:2000]) for name in automatic.HEADERS & first.keys()},
        types=parts.types,
        sender=sender,
        reply_to=people["reply-to"],
        subject=subject,
        text=written.new or written.full[:2000],
    )
    robot, because = automatic.judge(signs)
    date, date_defects = _date(first.get("date", ""))
    spoken, script = language.detect(written.new or subject)
    results = every.get("authentication-results", ())[:_MOST_RESULTS]
    found = (*lookalikes.flags(sender, subject), *odd, *date_defects, *_defects(tree, first), *parts.defects)
    return Message(
        message_id=(*message_ids(first.get("message-id", "")), "")[0],
        in_reply_to=message_ids(first.get("in-reply-to", "")),
        references=message_ids(first.get("references", "")),
        subject=subject,
        sender=sender,
        sender_count=sum(addresses.claims(value) for value in every.get("from", ())[:5]),
        reply_to=people["reply-to"],
        to=people["to"],
        cc=people["cc"],
        date=date,
        text=written.new,
        full_text=written.full,
        language=spoken,
        script=script,
        automatic=robot,
        automatic_because=because,
        is_list=automatic.is_list(first),
        authentication_results=tuple(headers.plain(one[:4000]) for one in results),
        attachments=tuple(parts.attachments),
        defects=tuple(dict.fromkeys(headers.plain(one) for one in found))[:_MOST_DEFECTS],
        unreadable=unreadable,
        **(_details(written, sender, subject, fields, hint) if details else {}),
    )


def _details(
    written: body.Written, sender: Address, subject: str, fields: Sequence[tuple[str, str]], hint: str
) -> dict[str, Any]:
    """What decisions and replies look at beside who wrote what."""
    return {
        "signed_as": courtesy.signed_as(written.new, written.signature),
        "greeting": courtesy.greeting_of(written.new),
        "thanks_only": courtesy.thanks_only(written.new, sender.name),
        "headers": _kept(fields, hint),
        "entities": entities.find(written.new, subject),
    }


def _kept(fields: Sequence[tuple[str, str]], hint: str) -> tuple[tuple[str, str], ...]:
    """The first headers, decoded and cut."""
    return tuple(
        (headers.plain(name)[:100], headers.decode(value[: 4 * _LONGEST_VALUE], hint)[:_LONGEST_VALUE])
        for name, value in fields[:_KEPT_HEADERS]
    )


# ------------------------------------------------------------------ single fields


def _date(raw: str) -> tuple[datetime | None, tuple[str, ...]]:
    """(the date in UTC, a defect when there is one that nobody can read)."""
    if not raw.strip():
        return None, ()
    try:
        found = parsedate_to_datetime(headers.plain(raw[:200]))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC), ()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, ("date: unreadable",)


def _defects(tree: MimeMessage, first: Mapping[str, str]) -> list[str]:
    """What the parser noticed, and what every mail should have."""
    names = (type(defect).__name__ for defect in tree.defects)
    found = [defects.OF_THE_PARSER.get(name, f"structure: {name}") for name in names]
    if "from" not in first:
        found.append("header: no From")
    return found
