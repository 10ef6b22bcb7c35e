"""One message's octets to a Message. Never raises: oddities become defects, too much of something a reason.

The standard library's parser splits the octets into parts, under compat32; every value is decoded by our own code.
Limits are checked on the octets first, because the parser's time and recursion grow with what a stranger sends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import Message as MimeMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from router.values import Address, Message

from . import addresses, automatic, body, courtesy, entities, headers, language

LARGEST = 25 * 1024 * 1024  # octets
MOST_HEADERS = 2000
LONGEST_HEADERS = 256 * 1024  # octets
_READ_ANYWAY = 64 * 1024  # octets of an over-limit message that are parsed all the same
_MOST_COMPARISONS = 20_000_000  # the parser compares each line with every open boundary, about 4 million a second
_KEPT_HEADERS, _LONGEST_VALUE = 60, 500
_LONGEST_SUBJECT = 998
_MOST_RESULTS, _MOST_DEFECTS = 20, 20

_BLANK_START = re.compile(rb"(?:[ \t]*\r?\n)+(?=(?:From |>From )?[!-9;-~]+[ \t]*:)")
_FIELDS = re.compile(rb"(?m)^[^\s:]+[ \t]*:")
# What opens a level of nesting, and what closes one: used to bound depth and parts before the parser sees them.
_STRUCTURE = re.compile(
    rb"(?im)boundary[ \t]*=[ \t\r\n]*(?:\"([^\"\r\n]{1,200})\"|([^\s;]{1,200}))|^--([^\r\n]{1,202})|"
    rb"^content-type:[ \t]*(message/)"
)


# The lines of a base64 body, behind the headers that announce it.
_BASE64 = re.compile(
    rb"(?i:\ncontent-transfer-encoding:[ \t]*base64)[^\n]*\n(?:[^\r\n][^\n]*\n){0,50}+\r?\n"
    rb"((?:[A-Za-z0-9+/]{4,}+={0,2}\r?\n){20,}+)"
)


def parse(raw: bytes, *, size: int | None = None) -> Message:
    """What these octets say: usually the first 64 KB of a message whose whole size is `size` octets.

    Over-limit mail gets `unreadable` and still the subject, the sender and what else can be answered in bounded time.
    """
    defects: list[str] = []
    bounded, unreadable = _bounded(raw, len(raw) if size is None else size)
    try:
        tree = BytesParser().parsebytes(bounded)
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError) as error:
        # The parser trips over the parts' headers; the message's own can still be read.
        defects.append(f"mime: {type(error).__name__}")
        tree = BytesParser().parsebytes(_head_of(bounded), headersonly=True)
    parts = body.collect(tree)
    return _message(tree, parts, unreadable or parts.unreadable, defects)


def _message(tree: MimeMessage, parts: body.Parts, unreadable: str, defects: list[str]) -> Message:
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
    robot, because = automatic.judge(
        automatic.Signs(
            headers={name: headers.plain(first[name][:2000]) for name in automatic.HEADERS & first.keys()},
            types=parts.types,
            sender=sender,
            reply_to=people["reply-to"],
            subject=subject,
            text=written.new or written.full[:2000],
        )
    )
    date, date_defects = _date(first.get("date", ""))
    spoken, script = language.detect(written.new or subject)
    results = every.get("authentication-results", ())[:_MOST_RESULTS]
    found = (*defects, *date_defects, *_defects(tree, first), *parts.defects)
    return Message(
        message_id=(*headers.message_ids(first.get("message-id", "")), "")[0],
        in_reply_to=headers.message_ids(first.get("in-reply-to", "")),
        references=headers.message_ids(first.get("references", "")),
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
        signed_as=courtesy.signed_as(written.new, written.signature),
        greeting=courtesy.greeting_of(written.new),
        automatic=robot,
        automatic_because=because,
        is_list=automatic.is_list(first),
        thanks_only=courtesy.thanks_only(written.new, sender.name),
        authentication_results=tuple(headers.plain(one[:4000]) for one in results),
        headers=_kept(fields, hint),
        attachments=tuple(parts.attachments),
        entities=entities.find(written.new, subject),
        defects=tuple(dict.fromkeys(headers.plain(one) for one in found))[:_MOST_DEFECTS],
        unreadable=unreadable,
    )


def _kept(fields: Sequence[tuple[str, str]], hint: str) -> tuple[tuple[str, str], ...]:
    """The first headers, decoded and cut."""
    return tuple(
        (headers.plain(name)[:100], headers.decode(value[: 4 * _LONGEST_VALUE], hint)[:_LONGEST_VALUE])
        for name, value in fields[:_KEPT_HEADERS]
    )


# ------------------------------------------------------------------ limits


def _bounded(raw: bytes, size: int) -> tuple[bytes, str]:
    """(octets that are safe to parse, why the message is over a limit or '')."""
    raw = _joined(_without_blank_start(raw))
    if size > LARGEST:
        raw, unreadable = raw[:_READ_ANYWAY], f"larger than {LARGEST // 1024 // 1024} MB ({size} octets)"
    else:
        unreadable = ""
    cut, because = _headers(raw)
    if not because:
        cut, because = _structure(raw)
    return (raw[:cut] if because else raw), unreadable or because


def _headers(raw: bytes) -> tuple[int, str]:
    """(where to cut, why): too many or too long headers."""
    end = _end_of_headers(raw)
    if end > LONGEST_HEADERS:
        return raw.rfind(b"\n", 0, LONGEST_HEADERS) + 1, f"headers longer than {LONGEST_HEADERS // 1024} KB"
    if raw.count(b"\n", 0, end) > MOST_HEADERS:
        starts = [one.start() for one in _FIELDS.finditer(raw, 0, end)]
        if len(starts) > MOST_HEADERS:
            return starts[MOST_HEADERS], f"more than {MOST_HEADERS} headers"
    return 0, ""


def _without_blank_start(raw: bytes) -> bytes:
    """Blank lines before the first header would make the parser read all headers as text."""
    found = _BLANK_START.match(raw) if raw[:1] in (b"\r", b"\n", b" ", b"\t") else None
    return raw[found.end() :] if found else raw


def _joined(raw: bytes) -> bytes:
    """The same message with long base64 bodies on one line: the parser looks at every line of an attachment."""
    pieces: list[bytes] = []
    end = 0
    for found in _BASE64.finditer(raw):
        start, stop = found.span(1)
        pieces += (raw[end:start], raw[start:stop].replace(b"\r", b"").replace(b"\n", b""), b"\r\n")
        end = stop
    return b"".join((*pieces, raw[end:])) if pieces else raw


def _end_of_headers(raw: bytes) -> int:
    """Where the first blank line is, the length when there is none."""
    ends = [at for at in (raw.find(b"\n\n"), raw.find(b"\n\r\n"), raw.find(b"\r\r")) if at >= 0]
    return min(ends, default=len(raw))


def _head_of(raw: bytes) -> bytes:
    return raw[: _end_of_headers(raw)]


def _structure(raw: bytes) -> tuple[int, str]:
    """(where to cut, why): an upper bound of depth and parts, without building anything."""
    lower = raw.lower()
    boundaries = lower.count(b"boundary")
    if boundaries * raw.count(b"\n") > _MOST_COMPARISONS:
        return raw.rfind(b"\n", 0, _READ_ANYWAY) + 1, "too many lines in nested parts"
    if raw.count(b"\n--") <= body.MOST_PARTS and boundaries + lower.count(b"message/") <= body.DEEPEST:
        return 0, ""
    open_levels: list[bytes] = []
    parts = 0
    for found in _STRUCTURE.finditer(raw):
        declared = found[1] or found[2] or (found[4] and b"\n")  # a nested message has no boundary line: never matched
        if declared:
            open_levels.append(declared)
            if len(open_levels) > body.DEEPEST + 1:
                return found.start(), f"parts nested deeper than {body.DEEPEST}"
            continue
        line = found[3].rstrip()
        for name in (line, line[:-2]):
            if name in open_levels:
                del open_levels[open_levels.index(name) + (name == line) :]
                parts += 1
                break
        if parts > body.MOST_PARTS:
            return found.start(), f"more than {body.MOST_PARTS} parts"
    return 0, ""


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
    found = [type(defect).__name__ for defect in tree.defects]
    if "from" not in first:
        found.append("no From")
    return found
