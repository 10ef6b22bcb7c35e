"""Transfer encodings (RFC 2045 section 6): what was declared, and the octets behind it, declared truly or not."""

from __future__ import annotations

import binascii
import re

from . import headers

_ENOUGH_BASE64 = 40  # octets of a first line
# What programs write for the transfer encodings of RFC 2045, reduced to letters and digits.
_ENCODINGS = {
    "base64": "base64", "quotedprintable": "quoted-printable", "qp": "quoted-printable", "quoted": "quoted-printable",
    "7bit": "", "7bits": "", "8bit": "", "8bits": "", "binary": "", "none": "", "": "", "plain": "", "ascii": "",
    "utf8": "", "xuuencode": "x-uuencode", "uuencode": "x-uuencode", "uue": "x-uuencode", "xuue": "x-uuencode",
}  # fmt: skip
_NO_NAME = re.compile("[^a-z0-9]+")
_SPACED_BREAK = re.compile(rb"=[ \t]+\r?\n")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_BASE64_LINES = re.compile(
    rb"\s*+(?:(?:[A-Za-z0-9+/]{4})++(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?[ \t]*+(?:\r?\n|\Z))++"
    rb"(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
)


def named(raw: str) -> str:
    """The encoding that a header value names, '' when the octets are as they are; unknown names as they are."""
    if not raw:
        return ""
    name = _NO_NAME.sub("", raw.partition("(")[0].partition(";")[0].lower())
    return _ENCODINGS.get(name, name[:40])


def octets(payload: str, encoding: str) -> tuple[bytes, str]:
    """(decoded octets, defect) of a leaf; an unknown or untrue transfer encoding leaves the octets as they are."""
    raw = payload.encode("utf-8", "surrogateescape")
    if encoding == "base64":
        return _from_base64(raw)
    if encoding == "quoted-printable":
        if b"= " in raw or b"=\t" in raw:
            raw = _SPACED_BREAK.sub(b"=\n", raw)  # blanks that were added on the way
        return binascii.a2b_qp(raw.replace(b"==", b"=3D=") if b"==" in raw else raw), ""
    if encoding == "x-uuencode":
        return _uudecoded(raw), ""
    return raw, f"encoding: unknown ({encoding})" if encoding else ""


def _from_base64(raw: bytes) -> tuple[bytes, str]:
    """(octets, defect): what a mailing list appended to the encoded text is kept as it is."""
    if b" " not in raw and b"-" not in raw and b"." not in raw:
        return headers.decode_base64(raw)
    encoded = _encoded(raw)
    rest = raw[len(encoded) :]
    if not encoded and (b" " in raw.strip()[:200] or not raw.strip()):
        return raw, "encoding: base64 declared but not used"
    if encoded and _NOT_BASE64.search(rest):
        return headers.decode_base64(encoded)[0] + b"\n" + rest, "encoding: base64 with text behind it"
    return headers.decode_base64(raw)


def _encoded(raw: bytes) -> bytes:
    """The lines of base64 that it begins with."""
    found = _BASE64_LINES.match(raw)
    if not found:
        return b""
    end = found.end()
    # Python before 3.11.5 keeps what the last repetition matched before it failed: the first word of a footer.
    whole = end == len(raw) or raw[end - 1 : end] in (b"=", b"\n")
    return raw[:end] if whole else raw[: raw.rfind(b"\n", 0, end) + 1]


def undeclared_base64(raw: bytes) -> bytes | None:
    """The text behind base64 whose declaration was lost: whole lines of it and nothing else, saying something."""
    line = raw[:80].strip().partition(b"\n")[0].rstrip()
    if len(line) < _ENOUGH_BASE64 or b" " in line or not (encoded := _encoded(raw)) or raw[len(encoded) :].strip():
        return None
    decoded = headers.decode_base64(raw)[0]
    try:
        text = decoded.decode("utf-8")
    except UnicodeError:
        return None
    return decoded if " " in text and text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable() else None


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
