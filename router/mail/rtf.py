"""Rich text to text: decompression (MS-OXRTFCP), HTML that was wrapped in RTF (MS-OXRTFEX), and plain RTF.

One walk over tokens; groups are counted on a list, never by recursion. Whatever the octets are, some text comes out.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from . import charsets

_COMPRESSED, _UNCOMPRESSED = b"LZFu", b"MELA"
_HEADER = struct.Struct("<II4sI")
_LONGEST = 1_000_000  # octets of RTF
_MOST_GROUPS = 2000  # open at a time
_MOST_TOKENS = 400_000
_WINDOW = 4096
# What the dictionary holds before the first octet (MS-OXRTFCP section 2.1.3.1.1).
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    rb"SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)

_TOKEN = re.compile(
    r"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\(\r?\n|[^A-Za-z'])|([{}])|([^\\{}\r\n]+)", re.DOTALL
)
# Groups that hold no text of the document; so does every unknown one that begins with `\*`.
_SILENT = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "objdata", "header", "headerl", "headerr",
    "headerf", "footer", "footerl", "footerr", "footerf", "footnote", "annotation", "filetbl", "listtable",
    "listoverridetable", "revtbl", "rsidtbl", "generator", "themedata", "colorschememapping", "latentstyles",
    "datastore", "xmlnstbl", "fldinst", "bkmkstart", "bkmkend", "pntext", "pnseclvl", "operator", "author",
    "title", "nonshppict",
})  # fmt: skip
_CHARACTERS = {
    "par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "tab": "\t", "cell": "\t", "emdash": "—",
    "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ",
    "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SYMBOLS = {"~": "\xa0", "_": "-", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r\n": "\n"}
# Character sets of fonts to Windows code pages; 0 and 1 mean that of the document.
_PAGE_OF_FONT = {
    77: 10000, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256,
    186: 1257, 204: 1251, 222: 874, 238: 1250,
}  # fmt: skip


def decompressed(octets: bytes, at_most: int = _LONGEST) -> bytes:
    """The RTF in a PR_RTF_COMPRESSED value; as much of it as is there, at most so many octets."""
    if len(octets) < _HEADER.size:
        return b""
    size, raw_size, kind, _checksum = _HEADER.unpack_from(octets)
    body = octets[_HEADER.size : size + 4]
    longest = min(raw_size, at_most)
    if kind == _UNCOMPRESSED:
        return body[:longest]
    return _inflated(body, longest) if kind == _COMPRESSED else b""


def _inflated(body: bytes, longest: int) -> bytes:
    """Section 2.2: eight tokens to a control octet, each one octet or a reference into the last 4096 of them."""
    out = bytearray(_BEGINNING)
    start = len(out)
    at, end = 0, len(body)
    while at < end and len(out) - start < longest:
        control = body[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += body[at : at + 1]
                at += 1
                continue
            if at + 2 > end:
                return bytes(out[start:])
            reference = body[at] << 8 | body[at + 1]
            at += 2
            # Positions in the dictionary count from its start, and it wraps: the distance back is what matters.
            back = (len(out) - (reference >> 4)) % _WINDOW
            if not back:
                return bytes(out[start : start + longest])  # the end, by definition
            length = (reference & 15) + 2
            piece = bytes(out[max(0, len(out) - back) :][:length])
            out += (piece * (length // max(1, len(piece)) + 1))[:length]
    return bytes(out[start : start + longest])


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What a group inherits from the one around it."""

    silent: bool = False
    fonts: bool = False  # inside the font table
    hidden: bool = False  # between \\htmlrtf and \\htmlrtf0: for readers that know no HTML
    skip: int = 1  # characters that follow a \\u for readers that know no Unicode
    codec: str = ""


@dataclass(slots=True, kw_only=True)
class _Walk:
    """The text so far."""

    state: _State = _State()
    open: list[_State] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    octets: bytearray = field(default_factory=bytearray)  # in the state's codec, not yet text
    codec: str = "cp1252"  # of the document
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    skip: int = 0
    html: bool = False
    starred: bool = False

    def flush(self) -> None:
        """Turn octets into text; they come in runs, because a character may be several."""
        if self.octets:
            codec = self.state.codec or self.codec
            self.out.append(bytes(self.octets).decode(codec, "replace"))
            self.octets.clear()

    def say(self, text: str) -> None:
        """Append text where text is shown."""
        self.flush()
        if not (self.state.silent or self.state.hidden):
            self.out.append(text)

    def change(self, state: _State) -> None:
        self.flush()
        self.state = state


def to_text(octets: bytes) -> tuple[str, bool]:
    """(text, whether it is HTML source) of an RTF document; ('', False) when it is none."""
    source = octets[:_LONGEST].decode("latin-1").lstrip("\0\ufeff \r\n\t")
    if not source.startswith("{\\rtf"):
        return "", False
    walk = _Walk()
    for count, found in enumerate(_TOKEN.finditer(source)):
        if count > _MOST_TOKENS or len(walk.open) > _MOST_GROUPS:
            break
        word, number, octet, symbol, brace, text = found.groups()
        if brace:
            _group(walk, opens=brace == "{")
        elif word:
            _word(walk, word.lower(), int(number) if number else None)
        elif symbol == "*":
            walk.starred = True
        elif walk.skip:
            _skipped(walk, text or "")
        elif octet:
            if not (walk.state.silent or walk.state.hidden):
                walk.octets.append(int(octet, 16))
        elif symbol:
            walk.say(_SYMBOLS.get(symbol, ""))
        else:
            _plain(walk, text)
    walk.flush()
    return charsets.clean("".join(walk.out)), walk.html


def _plain(walk: _Walk, text: str) -> None:
    if walk.state.silent or walk.state.hidden:
        return
    if text.isascii():
        walk.say(text)
    else:
        walk.octets += text.encode("latin-1")


def _skipped(walk: _Walk, text: str) -> None:
    """Leave out what stands for a Unicode character in old readers."""
    left = text[walk.skip :]
    walk.skip = max(0, walk.skip - max(1, len(text)))
    if left:
        _plain(walk, left)


def _group(walk: _Walk, *, opens: bool) -> None:
    walk.flush()
    walk.skip = 0
    walk.starred = False
    if opens:
        walk.open.append(walk.state)
    elif walk.open:
        walk.state = walk.open.pop()


def _word(walk: _Walk, word: str, number: int | None) -> None:
    """One control word."""
    starred, walk.starred = walk.starred, False
    if word in _CHARACTERS:
        walk.say(_CHARACTERS[word])
    elif word in _WORDS:
        _WORDS[word](walk, number)
    elif starred or word in _SILENT:
        walk.change(replace(walk.state, silent=True, fonts=word == "fonttbl" or walk.state.fonts))


def _unicode(walk: _Walk, number: int | None) -> None:
    code = (number or 0) % 0x10000
    last = walk.out[-1][-1:] if walk.out else ""
    if 0xDC00 <= code <= 0xDFFF and "\ud800" <= last <= "\udbff":  # the other half of a character
        walk.out[-1] = walk.out[-1][:-1]
        code += 0x10000 + ((ord(last) - 0xD800) << 10) - 0xDC00
    walk.say(chr(code))
    walk.skip = walk.state.skip


def _html(walk: _Walk, _number: int | None) -> None:
    walk.html = True


def _tag(walk: _Walk, _number: int | None) -> None:
    walk.change(replace(walk.state, silent=False, hidden=False))


def _hidden(walk: _Walk, number: int | None) -> None:
    walk.change(replace(walk.state, hidden=number != 0))


def _stand_in(walk: _Walk, number: int | None) -> None:
    walk.state = replace(walk.state, skip=min(max(number or 0, 0), 10))


def _page(walk: _Walk, number: int | None) -> None:
    walk.codec = charsets.codec_of_page(number or 0) or walk.codec


def _font(walk: _Walk, number: int | None) -> None:
    walk.font = number or 0
    if not walk.state.fonts:
        walk.change(replace(walk.state, codec=walk.fonts.get(walk.font, "")))


def _charset_of_font(walk: _Walk, number: int | None) -> None:
    codec = charsets.codec_of_page(_PAGE_OF_FONT.get(number or 0, 0))
    if codec and walk.state.fonts and len(walk.fonts) < _MOST_GROUPS:
        walk.fonts[walk.font] = codec


_WORDS: Mapping[str, Callable[[_Walk, int | None], None]] = {
    "u": _unicode,
    "fromhtml": _html,
    "htmltag": _tag,
    "htmlrtf": _hidden,
    "uc": _stand_in,
    "ansicpg": _page,
    "f": _font,
    "fcharset": _charset_of_font,
}
