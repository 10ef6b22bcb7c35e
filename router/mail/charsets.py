"""Octets to text: the declared charset when it fits, else the likeliest one. Nothing here raises for any octets."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from . import likeliest

# What senders write → what they mean. Web browsers read the Latin-1 family as its Windows superset; so do we.
_MEANT = {
    "": "",
    "8bit": "",
    "binary": "",
    "default": "",
    "unknown": "",
    "unknown-8bit": "",
    "x-unknown": "",
    "x-user-defined": "",
    "ascii": "ascii",
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "utf8mb4": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "x-windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc-jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-cyrillic": "mac-cyrillic",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "koi8u": "koi8-u",
    "koi8": "koi8-r",
    "x-koi8-r": "koi8-r",
}
# Codecs of Python that are no character sets of mail, or that read nothing as something.
_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_GARBAGE = re.compile(r"[^a-z0-9_.:()+-].*", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NEWLINE = re.compile("\r\n?|[\x85\u2028\u2029]")
_HIGH = re.compile(rb"[\x80-\xff]")
_ASCII = re.compile("[\x00-\x7f]+")
# No Latin alphabet writes four letters in a row that ASCII lacks; in Shift_JIS every second octet of kana may be ASCII.
_FOUR_HIGH = re.compile(rb"[\x80-\xff]{4}")
_KANA = re.compile(rb"[\x82\x83][^\r\n][\x82\x83]")
_ALL_HIGH = bytes(range(0x80, 0x100))
_SAMPLE = 8192  # octets in which we count what does not fit


@lru_cache(maxsize=256)
def codec_of(declared: str) -> str:
    """The Python codec for a declared charset name, '' when it names none."""
    name = _GARBAGE.sub("", declared.strip().strip("\"'").lower())
    name = _MEANT.get(name, name)
    if not name:
        return ""
    try:
        info = codecs.lookup(name)
        # Octet-to-octet codecs (zip, base64) refuse here with LookupError; they would not refuse b"".
        b"\0\0\0\0".decode(info.name)
    except UnicodeError:
        pass  # a character set, only not for these octets
    except (LookupError, ValueError):
        return ""
    return "" if info.name.replace("-", "_") in _REFUSED else info.name


# Windows code pages whose codec is not `cp` and the number.
_PAGES = {
    1200: "utf-16-le", 1201: "utf-16-be", 10000: "mac-roman", 10007: "mac-cyrillic", 20127: "ascii", 20866: "koi8-r",
    21866: "koi8-u", 28591: "cp1252", 28592: "iso8859-2", 28595: "iso8859-5", 28597: "iso8859-7", 28599: "cp1254",
    28605: "iso8859-15", 50220: "iso2022_jp_ext", 50221: "iso2022_jp_ext", 51932: "euc-jp", 51949: "cp949",
    52936: "hz", 54936: "gb18030", 65000: "utf-7", 65001: "utf-8",
}  # fmt: skip


@lru_cache(maxsize=64)
def codec_of_page(page: int) -> str:
    """The Python codec of a Windows code page, '' when it has none."""
    return codec_of(_PAGES.get(page) or f"cp{page}") if 0 < page < 100_000 else ""


def clean(text: str) -> str:
    """Text without control characters but newline and tab, and with `\\n` as the only line end."""
    if text.replace("\n", "").isprintable():  # nearly every text: nothing to remove
        return text
    if "\r" in text or not text.isascii():
        text = _NEWLINE.sub("\n", text)
    return _CONTROL.sub("", text)


def decode(octets: bytes, declared: str, *, hint: str = "") -> tuple[str, str]:
    """(text, defect) for octets whose charset was declared as `declared` ('' when it was not).

    `hint` is another part's charset, tried before guessing. The defect is '' when the declaration was true.
    """
    if octets.isascii() and not _is_stateful(declared) and b"\x1b$" not in octets and b"\0" not in octets:
        return octets.decode("ascii"), ""
    codec = codec_of(declared)
    marked = _by_its_own_signs(octets, codec)
    if marked is not None:
        return marked
    defect = f"charset: not {declared[:40]}, as declared" if declared else "charset: undeclared"
    if codec and codec != "ascii":
        text = _strictly(octets, codec)
        if text is not None and not _is_really_utf8(octets, codec):
            better = _contradicted(octets, codec)
            return (_decoded(octets, better), defect) if better else _undoubled(text)
    utf8 = _strictly(octets, "utf-8")
    if utf8 is not None and not utf8.isascii():
        return _undoubled(utf8)[0], defect
    hinted = codec_of(hint) if hint and hint != declared else ""
    if hinted not in ("", "ascii"):
        text = _strictly(octets, hinted)
        if text is not None:
            return _decoded(octets, _contradicted(octets, hinted) or hinted), defect
    if octets.isascii():
        return (_decoded(octets, codec), defect) if codec.startswith("iso2022") else (octets.decode("ascii"), "")
    nearly = _mostly(octets, codec)
    return _decoded(octets, (nearly and _contradicted(octets, nearly)) or nearly or guess(octets)), defect


def guess(octets: bytes) -> str:
    """The likeliest codec of octets that are neither ASCII nor UTF-8."""
    return likeliest.guess(_sample(octets))[0]


def _sample(octets: bytes) -> bytes:
    """A piece that has high octets in it: markup and headers are often all ASCII at first."""
    first = _HIGH.search(octets)
    start = max(0, first.start() - likeliest.SAMPLE // 8) if first else 0
    return octets[start : start + likeliest.SAMPLE]


def _decoded(octets: bytes, codec: str) -> str:
    return _SURROGATE.sub("\ufffd", octets.decode(codec, "replace"))


def _by_its_own_signs(octets: bytes, codec: str) -> tuple[str, str] | None:
    """(text, defect) by a byte order mark, an escape sequence, or the zeros of UTF-16; None when there is none."""
    for mark, marked in _MARKS:
        if octets.startswith(mark):
            text = _strictly(octets[len(mark) :], marked)
            if text is not None:
                return text, "" if codec.startswith(marked[:5]) or not codec else f"charset: is {marked}"
    if b"\x1b$" in octets and not codec.startswith(("iso2022", "utf-1", "utf-3", "utf-7")):
        for escape, escaped in _ESCAPES:
            text = _strictly(octets, escaped) if escape in octets else None
            if text is not None:
                return text, f"charset: is {escaped}"
    if b"\0" in octets and not codec.startswith(("utf-16", "utf-32")):
        for place, wide in enumerate(("utf-16-be", "utf-16-le")):
            if _is_wide(octets[: likeliest.SAMPLE], place):
                text = _strictly(octets, wide)
                return None if text is None else (text, f"charset: is {wide}")
    return None


def _is_wide(sample: bytes, place: int) -> bool:
    """Whether every second octet, from `place` on, is the high half of a UTF-16 character."""
    upper, lower = sample[place::2], sample[1 - place :: 2]
    if len(sample) < _SHORTEST_WIDE or upper.count(0) * 20 < len(upper) or lower.count(0) * 50 > len(lower):
        return False
    text = sample[: len(sample) & ~1].decode("utf-16-le" if place else "utf-16-be", "replace")
    strange = sum((not one.isprintable() and one not in "\r\n\t") or one == "\ufffd" for one in text)
    return strange * 50 <= len(text)


def _contradicted(octets: bytes, codec: str) -> str:
    """A codec that explains octets far better than the declared one of single octets, '' when none does."""
    if not codec.startswith(_SINGLE):
        return ""
    sample = _sample(octets)
    high = len(sample) - len(sample.translate(None, _ALL_HIGH))
    if codec in _CYRILLIC:
        text = sample.decode(codec, "replace")
        if sum(map(text.count, "оеаинт")) * 4 >= high:
            return ""
    elif codec in _NOT_LATIN:
        return ""
    elif not (_FOUR_HIGH.search(sample) or (b"\x82" in sample and _KANA.search(sample))):
        text = sample.decode(codec, "replace")
        if sum(map(text.count, _RARE_IN_THE_WEST)) * 4 < high or high < _ENOUGH:
            return ""
    declared = likeliest.cost_as(sample, codec)
    best, cost = likeliest.guess(sample)
    return best if declared - cost > max(_SURELY, high * 1.0) else ""


def _undoubled(text: str) -> tuple[str, str]:
    """(text, defect): UTF-8 that was taken for windows-1252 and encoded again, when all of the text shows that."""
    if not any(mark in text for mark in _DOUBLED):
        return text, ""
    try:
        return text.translate(_TO_C1).encode("latin-1").decode("utf-8"), "charset: encoded twice"
    except UnicodeError:
        return text, ""


def _is_stateful(declared: str) -> bool:
    """ISO-2022-*, HZ and UTF-7 write everything with ASCII octets; UTF-16 may too."""
    return declared.lower().startswith(_STATEFUL)


def _strictly(octets: bytes, codec: str) -> str | None:
    """Text when every octet fits; a character cut off at the end (only 64 KB are fetched) is dropped."""
    try:
        text = codecs.getincrementaldecoder(codec)("strict").decode(octets, False)
    except (UnicodeError, ValueError, LookupError):
        return None
    if codec == "utf-8" and text.isascii() and not octets.isascii():
        return None  # the only high octets are a cut end, which proves nothing
    # UTF-7 can write half a surrogate pair, which no other codec would take back.
    return _SURROGATE.sub("\ufffd", text) if codec.startswith(("utf-7", "utf-16", "utf-32")) else text


def _is_really_utf8(octets: bytes, codec: str) -> bool:
    """A single-byte declaration over valid multi-byte UTF-8 is a lie told by many mailers."""
    if not codec.startswith(("cp125", "iso8859", "koi8", "mac")):
        return False
    text = _strictly(octets, "utf-8")
    return text is not None and not text.isascii()


def _mostly(octets: bytes, codec: str) -> str:
    """The declared codec when nearly all octets fit it: sequences of UTF-8 prove more than single octets."""
    if codec in ("", "ascii"):
        return ""
    text = octets[:_SAMPLE].decode(codec, "replace")
    wrong = text.count("\ufffd")
    right = len(_ASCII.sub("", text)) - wrong
    return codec if wrong * (1 if codec == "utf-8" else 10) <= right else ""


_STATEFUL = ("iso-2022", "csiso2022", "hz", "utf-7", "unicode-1-1-utf-7", "utf-16", "utf-32")
_CYRILLIC = frozenset({"cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic"})
_NOT_LATIN = frozenset({"cp1253", "iso8859-7", "cp1255", "iso8859-8", "cp1256", "iso8859-6"})
_SINGLE = ("cp125", "iso8859", "koi8", "mac", "cp866", "cp437", "cp850")
_SHORTEST_WIDE = 8  # octets
_SURELY = 12.0
# Half of what Polish, Czech, Romanian and Turkish look like in windows-1252.
_RARE_IN_THE_WEST = "³¹¿¾ýþðìº"
_ENOUGH = 6  # octets
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_ESCAPES = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_ext"))
_DOUBLED = ("Ã", "Â", "Ð", "Ä", "Å", "â€")
# What windows-1252 shows for the octets 80 to 9F, back to those octets.
_TO_C1 = {
    ord(bytes([octet]).decode("cp1252")): octet
    for octet in range(0x80, 0xA0)
    if octet not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
