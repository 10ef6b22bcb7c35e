"""From a parsed MIME tree to text: which parts are the message's own, what they say, what is attached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message as MimeMessage

from router.values import Attachment

from . import (
    calendar,
    charsets,
    enriched,
    flowed,
    footers,
    headers,
    hypertext,
    inline,
    limits,
    opaque,
    quotes,
    rtf,
    structure,
    tnef,
    transfer,
)
from .limits import DEEPEST, MOST_PARTS

LONGEST_TEXT = 64 * 1024  # characters of text that we keep
_LONGEST_SOURCE = 400_000  # octets of one text part that we decode
_LONGEST_WRAPPED = 8_000_000  # octets of one TNEF or signed part that we open, as encoded
_LONGEST_RICH = 1_000_000  # octets of RTF that we read, of all parts and unpacked
_MOST_WRAPPED = 20  # TNEF parts that we open
_MOST_ATTACHMENTS = 200
_MOST_NESTED = 10  # messages in a message that are read when nothing else is there
_MOST_REPAIRS = 5  # boundaries that we guess
_MOST_GUESSES = 30  # parts under an untrue charset; a guess costs milliseconds
_NEAR_START = 4000  # octets

_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef", "application/x-ms-tnef"})
_TNEF_NAMES = frozenset({"winmail.dat", "win.dat"})
_SIGNED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_RICH = frozenset({"text/rtf", "text/richtext-format", "text/x-rtf"})
_ENRICHED = frozenset({"text/enriched", "text/richtext"})
_NO_MAIL = frozenset({"message/delivery-status", "message/disposition-notification", "message/external-body"})
_NO_OWN_TEXT = frozenset({"text/calendar", "text/x-vcard", "text/vcard", "text/csv", "text/rfc822-headers"})
# A message of no declared type, or of plain text, that has parts all the same.
_MAYBE_PARTS = frozenset({"text/plain"})
_BOUNDARY = re.compile(
    r"^--([^\s-][^\r\n\"]{0,120}?)[ \t]*\r?\n(?=Content-[A-Za-z-]{2,30}:)", re.MULTILINE | re.IGNORECASE
)
_META = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)[ \t]*=[ \t]*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)


@dataclass(slots=True, kw_only=True)
class Texts:
    """Decoded text parts, in order."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Parts:
    """What a walk over the tree found; filled by `collect` and read once."""

    own: Texts = field(default_factory=Texts)
    wrapped: Texts = field(default_factory=Texts)  # in forms that few programs write: TNEF, RTF, text/enriched
    invitations: Texts = field(default_factory=Texts)
    nested: list[MimeMessage] = field(default_factory=list)  # messages in this message
    attachments: list[Attachment] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)  # of every part, in order
    charset: str = ""  # the first one declared
    count: int = 0
    repairs: int = 0
    guesses: int = 0
    source: int = 0  # octets of text parts that were decoded
    rich: int = 0  # octets of RTF that were read
    opened: int = 0  # TNEF parts
    unreadable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The body as text: all of it, what is new in it, and the signature below that."""

    full: str
    new: str
    signature: str


def collect(root: MimeMessage) -> Parts:
    """Walk the tree without recursion and sort its leaves into own text and attachments. Never raises."""
    parts = Parts()
    todo: list[tuple[MimeMessage, int, str]] = [(root, 0, "")]
    while todo:
        part, depth, inside = todo.pop()
        parts.count += 1
        if depth > DEEPEST:
            parts.unreadable = f"parts nested deeper than {DEEPEST}"
            break
        if parts.count > MOST_PARTS:
            parts.unreadable = f"more than {MOST_PARTS} parts"
            break
        kind, known = headers.parameters(raw_header(part, "content-type"), parts.charset)
        if kind.count("/") != 1:
            if kind:
                parts.defects.append("structure: content type that is none")
            kind = "message/rfc822" if inside == "multipart/digest" else "text/plain"
        parts.types.append(kind)
        parts.charset = parts.charset or known.get("charset", "")
        # `get_payload` would decode 8-bit text by the declared charset, with replacement characters.
        payload: object = part._payload  # type: ignore[attr-defined]
        children = _children(payload, kind, parts)
        if children:
            todo.extend((child, depth + 1, kind) for child in reversed(children))
        elif (inner := _sort(part, payload, kind, known, parts)) is not None:
            todo.append((inner, depth + 1, kind))
    return parts


def _is_mail(kind: str, known: Mapping[str, str]) -> bool:
    """Whether a message is in it, from its start on: a later piece of message/partial holds none."""
    return kind.startswith("message/") and kind not in _NO_MAIL and known.get("number", "1") == "1"


def _opened(nested: MimeMessage, encoding: str) -> MimeMessage:
    """A message in a message; RFC 2046 section 5.2.1 forbids to encode it, and some programs do."""
    payload: object = nested._payload  # type: ignore[attr-defined]
    if encoding not in ("base64", "quoted-printable") or not isinstance(payload, str):
        return nested
    lines = "".join(f"{name}:{value}\n" for name, value in nested.raw_items()) if encoding != "base64" else ""
    inner = transfer.octets((lines + payload)[:_LONGEST_WRAPPED], encoding)[0]
    return structure.tree_of(limits.bounded(inner, len(inner))[0])[0]


def _children(payload: object, kind: str, parts: Parts) -> list[MimeMessage]:
    """The parts of a multipart, also of one whose declared boundary is missing or not the one that is used."""
    if kind.startswith("multipart/"):
        if isinstance(payload, list):
            return payload
    elif kind not in _MAYBE_PARTS or parts.count > 1:
        return []
    if not isinstance(payload, str) or "--" not in payload[:_NEAR_START] or parts.repairs >= _MOST_REPAIRS:
        return []
    found = _BOUNDARY.search(payload, 0, _NEAR_START)
    if not found or (kind in _MAYBE_PARTS and not _is_preamble(payload, found)):
        return []
    parts.repairs += 1
    children = structure.reparsed(payload, found[1])
    if children:
        parts.defects.append("structure: boundary guessed")
    return children


def _is_preamble(payload: str, boundary: re.Match[str]) -> bool:
    """Whether only what no reader shows stands before the first boundary: then this is no text that mentions one."""
    before = payload[: boundary.start()].strip()
    return f"--{boundary[1]}--" in payload and (not before or "MIME" in before[:200])


def _sort(part: MimeMessage, payload: object, kind: str, known: Mapping[str, str], parts: Parts) -> MimeMessage | None:
    """A leaf: own text or an attachment; or the tree that is inside of it, which is part of the mail itself."""
    disposition, placed = headers.parameters(raw_header(part, "content-disposition"), parts.charset)
    name = placed.get("filename") or known.get("name") or ""
    if kind.startswith("multipart/"):
        parts.defects.append("structure: multipart without parts")
        _read_text(part, payload, "text/plain", known, parts)
        return None
    if kind == "text/x-amp-html":
        return None  # a third form of the same text
    if isinstance(payload, str):
        if _is_own_text(parts, kind, disposition, name):
            _read_text(part, payload, kind, known, parts)
            return None
        if kind in _TNEF or name.lower() in _TNEF_NAMES:
            if _read_tnef(part, payload, parts):
                return None
        elif kind == "text/calendar":
            source = _decoded(part, payload, known, parts)
            parts.invitations.plain.append(calendar.to_text(source))
        elif kind in _SIGNED and parts.count <= 3:
            inner = opaque.signed_content(transfer.octets(payload[:_LONGEST_WRAPPED], _encoding(part))[0])
            if inner:
                return structure.tree_of(limits.bounded(inner, len(inner))[0])[0]
    elif isinstance(payload, list) and _is_mail(kind, known) and len(parts.nested) < _MOST_NESTED:
        parts.nested += [_opened(one, _encoding(part)) for one in payload[:1]]
    if len(parts.attachments) < _MOST_ATTACHMENTS:
        parts.attachments.append(Attachment(name=_file_name(name), content_type=kind[:100], size=_size(part, payload)))
    return None


def read(parts: Parts, depth: int = 0) -> Written:
    """The text of the plain parts, or of the HTML when the plain ones say nothing new.

    A mail that says nothing itself says what its invitation, or the message it passes on, says.
    """
    full = new = ""
    for texts in (parts.own, parts.wrapped, parts.invitations):
        if texts.plain or texts.html:
            full, new = _said(texts)
        if full:
            break
    if not full and depth < DEEPEST and "multipart/report" not in parts.types:
        inner = [read(collect(one), depth + 1) for one in parts.nested]
        full = "\n\n".join(filter(None, (one.full for one in inner)))
        new = "\n\n".join(filter(None, (one.new for one in inner)))
    new, signature = footers.split(new)
    return Written(full=full[:LONGEST_TEXT], new=new[:LONGEST_TEXT], signature=signature)


def _said(texts: Texts) -> tuple[str, str]:
    """(all, what is new)."""
    full = charsets.clean("\n".join(texts.plain)).strip()
    new = quotes.remove_quotes(full[:LONGEST_TEXT])
    if not new and texts.html:
        marked = "\n".join(hypertext.to_text(source) for source in texts.html)[:LONGEST_TEXT]
        html_new = quotes.remove_quotes(marked)
        if html_new or not full:
            full, new = marked.replace(hypertext.QUOTE_MARK, "").strip(), html_new
    return full, new


def raw_header(part: MimeMessage, name: str) -> str:
    """A raw header value of a part; the standard library would wrap 8-bit values in another type."""
    for key, value in part.raw_items():
        if key.lower() == name:
            return str(value)
    return ""


def _is_own_text(parts: Parts, kind: str, disposition: str, name: str) -> bool:
    """Text that the mail itself shows: not attached, and no named file beside text that is there already."""
    if not kind.startswith("text/"):
        return False
    if disposition == "attachment" and (name or parts.count > 1):
        return False  # a whole mail cannot be attached to itself
    if kind in ("text/plain", "text/html"):
        return not (name and (parts.own.plain or parts.own.html))
    return kind not in _NO_OWN_TEXT and not name


def _read_text(part: MimeMessage, payload: object, kind: str, known: Mapping[str, str], parts: Parts) -> None:
    if not isinstance(payload, str):
        return
    text = _decoded(part, payload, known, parts, html=kind == "text/html")
    if kind == "text/html":
        parts.own.html.append(text)
    elif kind in _RICH:
        text, html = _from_rich(text.encode("latin-1", "replace"), parts)
        (parts.wrapped.html if html else parts.wrapped.plain).append(text)
    elif kind == "text/plain":
        if known.get("format", "").lower() == "flowed":
            text = flowed.joined(text, delete_space=known.get("delsp", "").lower() == "yes")
        parts.own.plain.append(text)
    else:
        parts.wrapped.plain.append(enriched.to_text(text) if kind in _ENRICHED else text)


def _decoded(part: MimeMessage, payload: str, known: Mapping[str, str], parts: Parts, *, html: bool = False) -> str:
    """The text of a part; files inside of it become attachments."""
    octets, defect = transfer.octets(payload[: max(0, _LONGEST_SOURCE - parts.source)], _encoding(part))
    parts.source += len(octets)
    if defect:
        parts.defects.append(defect)
    elif (text_behind := transfer.undeclared_base64(octets)) is not None:
        octets = text_behind
        parts.defects.append("encoding: base64 used but not declared")
    declared, hint = known.get("charset", ""), parts.charset
    if html:
        hint = _declared_inside(octets) or hint
    else:
        octets, files = inline.extract(octets, hint)
        parts.attachments += files[: _MOST_ATTACHMENTS - len(parts.attachments)]
    if parts.guesses >= _MOST_GUESSES and not octets.isascii():
        return octets.decode("utf-8", "replace")
    text, defect = charsets.decode(octets, declared, hint=hint)
    if defect:
        parts.defects.append(defect)
        parts.guesses += 1
    return text


def _declared_inside(octets: bytes) -> str:
    """The charset that an HTML document names itself."""
    found = _META.search(octets[:_NEAR_START]) if b"charset" in octets[:_NEAR_START].lower() else None
    return found[1].decode("ascii", "replace") if found else ""


def _read_tnef(part: MimeMessage, payload: str, parts: Parts) -> bool:
    """Whether it could be opened: then its attachments are the mail's, and its text may be."""
    if parts.opened >= _MOST_WRAPPED:
        return False
    parts.opened += 1
    left = _MOST_ATTACHMENTS - len(parts.attachments)
    found = tnef.read(transfer.octets(payload[:_LONGEST_WRAPPED], _encoding(part))[0], at_most=left)
    if found is None:
        return False
    rich, rich_is_html = _from_rich(rtf.decompressed(found.rtf, _LONGEST_RICH - parts.rich), parts)
    html = found.html or (rich if rich_is_html else "")
    plain = found.plain if found.plain.strip() else "" if rich_is_html else rich
    if plain:
        parts.wrapped.plain.append(plain)
    if html:
        parts.wrapped.html.append(html)
    parts.attachments += found.attachments[:left]
    return bool(plain or html or found.attachments)


def _from_rich(octets: bytes, parts: Parts) -> tuple[str, bool]:
    """(text, whether it is HTML source) of as much RTF as a mail may still have; a little of it unpacks to a lot."""
    octets = octets[: _LONGEST_RICH - parts.rich]
    parts.rich += len(octets)
    return rtf.to_text(octets) if octets else ("", False)


def _encoding(part: MimeMessage) -> str:
    """The declared transfer encoding."""
    return transfer.named(raw_header(part, "content-transfer-encoding"))


def _file_name(name: str) -> str:
    """A name without folders; only shown and matched, never opened."""
    return name.replace("\\", "/").rpartition("/")[2][:255]


def _size(part: MimeMessage, payload: object) -> int:
    """About how many octets the attachment has, without decoding it."""
    if not isinstance(payload, str):
        return 0
    if _encoding(part) == "base64":
        signs = len(payload) - payload.count("\n") - payload.count("\r")
        return max(0, signs * 3 // 4 - payload[-20:].rstrip()[-2:].count("="))
    return len(payload)
