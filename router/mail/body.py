"""From a parsed MIME tree to text: which parts are the message's own, what they say, what is attached."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message as MimeMessage

from router.values import Attachment

from . import charsets, footers, headers, hypertext, quotes
from .limits import DEEPEST, MOST_PARTS

LONGEST_TEXT = 64 * 1024  # characters of text that we keep
_LONGEST_SOURCE = 400_000  # octets of one text part that we decode
_MOST_ATTACHMENTS = 200


@dataclass(slots=True, kw_only=True)
class Parts:
    """What a walk over the tree found; filled by `collect` and read once."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)  # text of types that few programs write: text/enriched and the like
    attachments: list[Attachment] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)  # of every part, in order
    charset: str = ""  # the first one declared
    count: int = 0
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
            kind = "message/rfc822" if inside == "multipart/digest" else "text/plain"
        parts.types.append(kind)
        parts.charset = parts.charset or known.get("charset", "")
        # `get_payload` would decode 8-bit text by the declared charset, with replacement characters.
        payload: object = part._payload  # type: ignore[attr-defined]
        if kind.startswith("multipart/") and isinstance(payload, list):
            todo.extend((child, depth + 1, kind) for child in reversed(payload))
        else:
            _sort(part, payload, kind, known, parts)
    return parts


def _sort(part: MimeMessage, payload: object, kind: str, known: Mapping[str, str], parts: Parts) -> None:
    """A leaf, a nested message or a multipart that has no parts: own text, or an attachment."""
    disposition, placed = headers.parameters(raw_header(part, "content-disposition"), parts.charset)
    name = placed.get("filename") or known.get("name") or ""
    if kind.startswith("multipart/"):
        parts.defects.append("multipart without parts")
        _read_text(part, payload, "text/plain", known, parts)
    elif isinstance(payload, str) and _is_own_text(parts, kind, disposition, name):
        _read_text(part, payload, kind, known, parts)
    elif len(parts.attachments) < _MOST_ATTACHMENTS:
        parts.attachments.append(Attachment(name=_file_name(name), content_type=kind[:100], size=_size(part, payload)))


def read(parts: Parts) -> Written:
    """The text of the plain parts, or of the HTML when the plain ones say nothing new."""
    full = charsets.clean("\n".join(parts.plain)).strip()
    new = quotes.remove_quotes(full[:LONGEST_TEXT])
    if not new and parts.html:
        marked = "\n".join(hypertext.to_text(source) for source in parts.html)[:LONGEST_TEXT]
        html_new = quotes.remove_quotes(marked)
        if html_new or not full:
            full, new = marked.replace(hypertext.QUOTE_MARK, "").strip(), html_new
    if not new and not full and parts.other:
        full = charsets.clean("\n".join(parts.other)).strip()
        new = quotes.remove_quotes(full[:LONGEST_TEXT])
    new, signature = footers.split(new)
    return Written(full=full[:LONGEST_TEXT], new=new[:LONGEST_TEXT], signature=signature)


def raw_header(part: MimeMessage, name: str) -> str:
    """A raw header value of a part; the standard library would wrap 8-bit values in another type."""
    for key, value in part.raw_items():
        if key.lower() == name:
            return str(value)
    return ""


def _is_own_text(parts: Parts, kind: str, disposition: str, name: str) -> bool:
    """Text that the mail itself shows: not attached, and no named file beside text that is there already."""
    if not kind.startswith("text/") or disposition == "attachment":
        return False
    if kind in ("text/plain", "text/html"):
        return not (name and (parts.plain or parts.html))
    return kind not in ("text/calendar", "text/x-vcard", "text/vcard", "text/csv", "text/rfc822-headers") and not name


def _read_text(part: MimeMessage, payload: object, kind: str, known: Mapping[str, str], parts: Parts) -> None:
    if not isinstance(payload, str):
        return
    octets, defect = _octets(payload[:_LONGEST_SOURCE], raw_header(part, "content-transfer-encoding"))
    if defect:
        parts.defects.append(defect)
    text, defect = charsets.decode(octets, known.get("charset", ""), hint=parts.charset)
    if defect:
        parts.defects.append(defect)
    if kind == "text/html":
        parts.html.append(text)
    elif kind == "text/plain":
        flowed = known.get("format", "").lower() == "flowed"
        parts.plain.append(_unflowed(text, known.get("delsp", "").lower() == "yes") if flowed else text)
    else:
        parts.other.append(text)


def _octets(payload: str, encoding: str) -> tuple[bytes, str]:
    """(decoded octets, defect) of a leaf; an unknown or untrue transfer encoding leaves the octets as they are."""
    raw = payload.encode("utf-8", "surrogateescape")
    encoding = encoding.partition(";")[0].strip().strip('"').lower()
    if encoding == "base64":
        if b" " in raw.strip()[:200]:
            return raw, "base64: declared but not used"
        return headers.decode_base64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw), ""
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return _uudecoded(raw), ""
    return raw, "" if encoding in ("", "7bit", "8bit", "binary") else f"unknown transfer encoding {encoding[:40]}"


def _uudecoded(raw: bytes) -> bytes:
    out = []
    for line in raw.split(b"\n"):
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            out.append(binascii.a2b_uu(line.rstrip(b"\r")))
        except binascii.Error:
            continue  # a damaged line; the rest is still worth reading
    return b"".join(out)


def _unflowed(text: str, delete_space: bool) -> str:
    """Soft line breaks of format=flowed joined (RFC 3676 section 4), quotes left as they are."""
    out: list[str] = []
    joining = False
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = line.startswith(">")
        if not quoted and line.startswith(" "):
            line = line[1:]  # space-stuffed
        soft = line.endswith(" ") and line != "-- " and not quoted
        if joining and not quoted:
            out[-1] += line
        else:
            out.append(line)
        if soft and delete_space:
            out[-1] = out[-1][:-1]
        joining = soft
    return "\n".join(out)


def _file_name(name: str) -> str:
    """A name without folders; only shown and matched, never opened."""
    return name.replace("\\", "/").rpartition("/")[2][:255]


def _size(part: MimeMessage, payload: object) -> int:
    """About how many octets the attachment has, without decoding it."""
    if not isinstance(payload, str):
        return 0
    if raw_header(part, "content-transfer-encoding").strip().lower() == "base64":
        return max(0, (len(payload) - payload.count("\n") - payload.count("\r")) * 3 // 4 - payload[-4:].count("="))
    return len(payload)
