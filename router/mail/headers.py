"""Header values: unfolding, RFC 2047 encoded words, RFC 2231 parameters. Own decoding, because what a stranger encodes
can decode to CR, LF and NUL: every value that leaves here is one line without control characters.

Raw values are `str` with undecodable octets as surrogates, as the standard library's parser keeps them.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from operator import itemgetter
from urllib.parse import unquote_to_bytes

from . import charsets

_FOLD = re.compile(r"[\r\n]+[ \t]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# RFC 2047 section 2, tolerant: spaces inside B and Q text happen, and a RFC 2231 language may follow the charset.
# Question marks inside are forbidden, but written; counted, or `=?x?b?A` again and again takes minutes.
WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*+(?:\?(?!=)[^?]*+){0,60})\?=")
_UNCLOSED = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?\s]{1,2000})\??$")
_GAP = re.compile(r"(\?=)[ \t\r\n]+(?==\?)")
_PARAMETER = re.compile(
    r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|(=\?[^?;]*\?[bBqQ]\?[^?]*\?=[^;]*|[^;]*))', re.DOTALL
)
_SECTION = re.compile(r"^(.+?)\*(\d{1,3})?(\*)?$")
_ESCAPED = re.compile(r"\\([\"\\])")  # not the backslashes of a Windows path
_COMMENT_END = re.compile(r"\([^()]*\)\s*$")


def octets_of(raw: str) -> bytes:
    """The octets that a raw value stands for."""
    return raw.encode("utf-8", "surrogateescape")


def unfold(raw: str) -> str:
    """The value on one line (RFC 5322 section 2.2.3)."""
    return _FOLD.sub(" ", raw).strip() if "\n" in raw or "\r" in raw else raw.strip()


def plain(raw: str, hint: str = "") -> str:
    """The value with its octets as text and without control characters; encoded words stay as they are."""
    text = unfold(raw)
    if text.isascii():
        if text.isprintable():  # nearly every header: nothing to remove
            return text
    else:
        text = charsets.decode(octets_of(text), "", hint=hint)[0]
    return _CONTROL.sub(_control, text).strip()


def decode(raw: str, hint: str = "") -> str:
    """The value as a person reads it: unfolded, encoded words decoded, no control characters."""
    if raw.isascii() and raw.isprintable() and "=?" not in raw:
        return raw.strip()
    text = plain(raw, hint)
    if "=?" not in text:
        return text
    text = decode_words(text)
    return _CONTROL.sub(_control, text).strip()


def _control(found: re.Match[str]) -> str:
    return " " if any(c in "\t\r\n" for c in found[0]) else ""


@lru_cache(maxsize=64)  # a subject or name is asked for up to three times
def decode_words(text: str) -> str:
    """`text` with its encoded words decoded; neighbours of one charset are joined before decoding.

    Senders split a multi-byte character between two words, which RFC 2047 forbids and readers must forgive.
    """
    source = _closed(_GAP.sub(r"\1", text))
    pieces: list[str] = []
    pending: list[bytes] = []
    charset = ""
    at = 0
    for found in WORD.finditer(source):
        between = source[at : found.start()]
        if pending and (between or found[1].lower() != charset):
            pieces.append(charsets.decode(b"".join(pending), charset)[0])
            pending = []
        pieces.append(between)
        charset = found[1].lower()
        pending.append(_word_octets(found[2], found[3]))
        at = found.end()
    if pending:
        pieces.append(charsets.decode(b"".join(pending), charset)[0])
    pieces.append(source[at:])
    return "".join(pieces)


def _closed(text: str) -> str:
    """The text with an end for a last word that somebody cut off."""
    start = text.rfind("=?")
    return text.rstrip("?") + "?=" if start >= 0 and _UNCLOSED.match(text, start) else text


def _word_octets(encoding: str, text: str) -> bytes:
    octets = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(octets, header=True)
    return decode_base64(octets.translate(_FROM_URL))[0]


_FROM_URL = bytes.maketrans(b"-_", b"+/")  # some programs write the alphabet of URLs
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


_PADDED = re.compile(rb"=+")


def decode_base64(octets: bytes) -> tuple[bytes, str]:
    """(octets, defect): base64 with bad characters skipped, missing padding added and a cut tail dropped."""
    if b"=" in octets[:-4] and len(pieces := [one for one in _PADDED.split(octets) if one.strip()]) > 1:
        return b"".join(_decoded_base64(one)[0] for one in pieces), "encoding: base64 in several pieces"
    return _decoded_base64(octets)


def _decoded_base64(octets: bytes) -> tuple[bytes, str]:
    try:
        return binascii.a2b_base64(octets), ""
    except binascii.Error:
        body = _NOT_BASE64.sub(b"", octets)
        body = body[: len(body) - (len(body) % 4 == 1)]
        return binascii.a2b_base64(body + b"=" * (-len(body) % 4)), "encoding: base64 that is cut or malformed"


# ------------------------------------------------------------------ parameters (RFC 2045, RFC 2231)


@lru_cache(maxsize=256)
def parameters(raw: str, hint: str = "") -> tuple[str, Mapping[str, str]]:
    """(value in lower case, parameters) of Content-Type or Content-Disposition; names are in lower case.

    Continuations and percent-encoding of RFC 2231 are joined and decoded, encoded words (which it forbids) too.
    """
    text = unfold(raw)
    head, _, rest = text.partition(";")
    if "(" in head:
        head = _COMMENT_END.sub("", head)
    value = _CONTROL.sub("", head).strip().strip('"').lower()
    if not rest:
        return value, {}
    simple: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, quoted, bare in _PARAMETER.findall(f";{rest[:20_000]}"):
        content = _ESCAPED.sub(r"\1", quoted) if quoted else bare.strip()
        section = _SECTION.match(name)
        if section:
            number, encoded = int(section[2] or 0), bool(section[3]) or section[2] is None
            sections.setdefault(section[1].lower(), []).append((number, encoded, content))
        else:
            simple.setdefault(name.lower(), content if quoted else _bare(content))
    found = {name: decode(content, hint) for name, content in simple.items()}
    found.update({name: _joined(pieces, hint) for name, pieces in sections.items()})
    return value, found


_UNMARKED = re.compile(r"[A-Za-z0-9-]{3,20}'[A-Za-z-]{0,10}'[^%]*%[0-9A-Fa-f]{2}")  # encoded, and not said so


def _bare(content: str) -> str:
    """A value without quotes, or in the wrong ones; percent-encoded UTF-8 as web programs write it."""
    if content[:1] == content[-1:] == "'" and len(content) > 1:
        content = content[1:-1]
    if "%" in content and content.isascii():
        with suppress(UnicodeError):
            text = unquote_to_bytes(content).decode("utf-8")
            return content if text.isascii() else text
    return content


def _joined(pieces: list[tuple[int, bool, str]], hint: str) -> str:
    """One parameter out of its RFC 2231 sections: charset'language'percent-encoded text."""
    charset, octets, unmarked = "", b"", False
    for place, (_number, encoded, content) in enumerate(sorted(pieces, key=itemgetter(0))):
        if place == 0 and (encoded or _UNMARKED.match(content)) and content.count("'") >= 2:
            charset, _language, content = content.split("'", 2)
            unmarked = not encoded
        encoded = encoded or unmarked
        raw = octets_of(content)
        octets += unquote_to_bytes(raw) if encoded else raw
    text = charsets.decode(octets, charset, hint=hint)[0]
    return decode(text)
