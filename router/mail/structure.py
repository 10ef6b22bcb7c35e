"""Octets to a tree of parts: an orderly message by searching it, any other by the standard library's parser.

What breaks the header block of a whole message is mended first (blank lines, envelope lines, lines that lost their
indent), because the parser takes the rest of such a header for the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.message import Message as MimeMessage
from email.parser import BytesFeedParser, BytesParser, Parser

from . import limits, orderly

_FED = 256 * 1024  # octets that the parser gets at a time
# The lines of a base64 body, behind the headers that announce it.
_BASE64 = re.compile(
    rb"(?i:\ncontent-transfer-encoding:[ \t]*base64)[^\n]*\n(?:[^\r\n][^\n]*\n){0,50}+\r?\n"
    rb"((?:[A-Za-z0-9+/]{4,}+={0,2}\r?\n){20,}+)"
)

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:")
# Names that a line in the middle of a header block must have to prove that the block goes on.
_KNOWN = re.compile(
    rb"(?i)(?:from|to|cc|bcc|subject|date|message-id|mime-version|content-[a-z-]{2,40}|received|return-path|reply-to|"
    rb"references|in-reply-to|sender|delivered-to|user-agent|dkim-signature|authentication-results|list-[a-z-]{2,40}|"
    rb"arc-[a-z-]{2,40}|x-[a-z0-9-]{1,60}|importance|priority|precedence|auto-submitted)[ \t]*:"
)
_LOST_PARAMETER = re.compile(rb"""(?i)(?:boundary|charset|name|filename|format|type|report-type|micalg|protocol)\*?=""")
# What must be known to read the body at all.
_ENCODED = re.compile(
    rb"(?im)^content-(?:type[ \t]*:[ \t]*multipart/|transfer-encoding[ \t]*:[ \t]*(?:base64|quoted-printable))"
)
_NO_FIELD = "header: a line without a colon"
_ENVELOPE = re.compile(rb">?From [^\r\n]{0,500}(?:\r\n|\r|\n)")
_BOM = b"\xef\xbb\xbf"


def tree_of(raw: bytes) -> tuple[MimeMessage, list[str], str]:
    """(the tree, defects, why the message is over a limit or ''). Never raises; the headers must be within limits."""
    orderly_tree = orderly.tree_of(raw)
    if orderly_tree is not None:
        return orderly_tree, [], ""
    raw, defects = mended(raw)
    orderly_tree = orderly.tree_of(raw) if defects else None
    if orderly_tree is not None:
        return orderly_tree, defects, ""
    raw, unreadable = limits.parsable(raw)
    raw = _joined(raw)
    try:
        return _parsed(raw), defects, unreadable
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError) as error:
        # The parser trips over the parts' headers; the message's own can still be read.
        defects.append(f"structure: the parts cannot be read ({type(error).__name__})")
        head = raw[: limits.end_of_headers(raw)]
        return BytesParser().parsebytes(head, headersonly=True), defects, unreadable


def _parsed(raw: bytes) -> MimeMessage:
    """What `BytesParser` makes of it, which would hold a large message in four octets a character."""
    parser: BytesFeedParser[MimeMessage] = BytesFeedParser()
    for at in range(0, len(raw), _FED):
        parser.feed(raw[at : at + _FED])
    return parser.close()


def reparsed(payload: str, boundary: str) -> list[MimeMessage]:
    """The parts of a multipart payload under another boundary; empty when there are none."""
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n'
    try:
        found: object = Parser().parsestr(head + payload).get_payload()
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError):
        return []
    return found if isinstance(found, list) else []


def _joined(raw: bytes) -> bytes:
    """The same message with long base64 bodies on one line: the parser looks at every line of an attachment."""
    pieces: list[bytes] = []
    end = 0
    for found in _BASE64.finditer(raw):
        start, stop = found.span(1)
        stop = raw.rfind(b"\n", start, stop) + 1  # Python before 3.11.5 keeps a part of the line behind
        pieces += (raw[end:start], raw[start:stop].replace(b"\r", b"").replace(b"\n", b""), b"\r\n")
        end = stop
    return b"".join((*pieces, raw[end:])) if pieces else raw


# ------------------------------------------------------------------ headers that broke on their way


def mended(raw: bytes) -> tuple[bytes, list[str]]:
    """(the message with a header block that the parser understands, defects)."""
    defects: list[str] = []
    if raw.startswith(_BOM):
        raw = raw[len(_BOM) :]
        defects.append("header: byte order mark before it")
    if b"\r\r\n" in raw[:1000] and raw.count(b"\r\r\n") == raw.count(b"\n"):
        raw = raw.replace(b"\r\r\n", b"\n")  # a file that was made a text file twice
        defects.append("header: doubled line ends")
    start = 0
    while (line := _LINE.match(raw, start)) and line.end() > start and not line[0].strip():
        start = line.end()
    if start and _begins_header(raw, start):
        raw = raw[start:]
        defects.append("header: blank lines before it")
    envelope = _ENVELOPE.match(raw)
    if envelope and _begins_header(raw, envelope.end()):
        raw = raw[envelope.end() :]  # a mailbox file's line, or one that was quoted
    lines, body, wrong, doubtful = _lines_of_header(raw)
    if wrong:
        defects.append(wrong)
        head = b"".join(lines)
        if doubtful >= 0 and not _ENCODED.search(head):
            # Fields or text? Both: what stands below a line that is no field is shown as well.
            head, body = head + b"\n", doubtful
        raw = head + raw[body:]
    return raw, defects


def _begins_header(raw: bytes, at: int) -> bool:
    return bool(_HEADER_LINE.match(raw, at) or raw.startswith((b"From ", b">From "), at))


def _lines_of_header(raw: bytes) -> tuple[list[bytes], int, str, int]:
    """(lines of the header block as the parser wants them, where the rest begins, what was wrong or '', where the
    first odd line begins when one of them is no field at all, else -1)."""
    lines: list[bytes] = []
    wrong = ""
    first_odd, doubtful = -1, False
    end = limits.end_of_headers(raw) + 1
    at = 0
    last_known = max((found.start() for found in _known_lines(raw, end)), default=-1)
    while at < end and (line := _LINE.match(raw, at)) and line[0].strip(b"\r\n"):
        text = line[0]
        odd, text = _as_field(text, lines)
        if odd == _NO_FIELD:
            if at > last_known:
                break  # the body, without a blank line before it
            doubtful = doubtful or bool(lines)
        if odd:
            wrong = wrong or odd
            first_odd = at if first_odd < 0 else first_odd
        lines.append(text)
        at = line.end()
    return lines, at, wrong, first_odd if doubtful else -1


def _as_field(text: bytes, lines: Sequence[bytes]) -> tuple[str, bytes]:
    """(what is wrong with a line or '', the line as the parser wants it), below these lines."""
    named = _HEADER_LINE.match(text)
    if named:
        name = named[0][:-1]
        bare = name.rstrip(b" \t")
        if name == bare:
            return "", text
        return "header: space before a colon", bare + text[len(name) :]  # RFC 5322 section 4.5 allows it
    if text[:1] in b" \t":
        return ("", text) if lines else ("header: begins with a continuation", b"")
    if lines and lines[-1].rstrip().endswith(b";") and _LOST_PARAMETER.match(text):
        return "header: a parameter that lost its indent", b" " + text
    return _NO_FIELD, b" " + text if lines else b""


def _known_lines(raw: bytes, end: int) -> Iterator[re.Match[bytes]]:
    """Where header lines begin whose names everybody knows."""
    at = 0
    while at < end:
        found = _KNOWN.match(raw, at)
        if found:
            yield found
        newline = _LINE.match(raw, at)
        at = newline.end() if newline and newline.end() > at else end
