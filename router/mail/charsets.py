"""Octets to text: the declared charset when it fits, else the likeliest one. Nothing here raises for any octets."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

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
_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_AMID_LATIN = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]+|[\x80-\xff]+(?=[A-Za-z])")  # accents; Cyrillic words are all high
_HIGH = re.compile(rb"[\x80-\xff]")
_SAMPLE = 8192  # octets that a guess looks at


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
    if octets.isascii() and not _is_stateful(declared):
        return octets.decode("ascii"), ""
    codec = codec_of(declared)
    if codec and codec != "ascii":
        text = _strictly(octets, codec)
        if text is not None and not _is_really_utf8(octets, codec):
            return text, ""
    defect = f"charset: {'undeclared' if not declared else 'not ' + declared[:40]}"
    utf8 = _strictly(octets, "utf-8")
    if utf8 is not None and not utf8.isascii():  # ASCII: the only high octets are a cut end, which proves nothing
        return utf8, defect
    hinted = codec_of(hint) if hint and hint != declared else ""
    if hinted not in ("", "ascii"):
        text = _strictly(octets, hinted)
        if text is not None:
            return text, defect
    guessed = _mostly(octets, codec) or guess(octets[:_SAMPLE]) or codec or "cp1252"
    return _SURROGATE.sub("\ufffd", octets.decode(guessed, "replace")), defect


def guess(octets: bytes) -> str:
    """The likeliest codec of non-UTF-8 octets: Western amid Latin letters, Cyrillic by frequent letters."""
    high = len(_HIGH.findall(octets))
    if len(_AMID_LATIN.findall(octets)) >= len(_HIGH_RUNS.findall(octets)) * 0.5:
        return "cp1252"
    best = max(_CYRILLIC, key=lambda codec: _cyrillic_score(octets, codec))
    if _cyrillic_score(octets, best) >= 0.55 * high:
        return best
    return _by_library(octets)


def _is_stateful(declared: str) -> bool:
    """ISO-2022-*, HZ and UTF-7 write everything with ASCII octets; UTF-16 may too."""
    return declared.lower().startswith(_STATEFUL)


def _strictly(octets: bytes, codec: str) -> str | None:
    """Text when every octet fits; a character cut off at the end (only 64 KB are fetched) is dropped."""
    try:
        text = codecs.getincrementaldecoder(codec)("strict").decode(octets, False)
    except (UnicodeError, ValueError, LookupError):
        return None
    # UTF-7 can write half a surrogate pair, which no other codec would take back.
    return _SURROGATE.sub("\ufffd", text) if codec.startswith(("utf-7", "utf-16", "utf-32")) else text


def _is_really_utf8(octets: bytes, codec: str) -> bool:
    """A single-byte declaration over valid multi-byte UTF-8 is a lie told by many mailers."""
    if not codec.startswith(("cp125", "iso8859", "koi8", "mac")):
        return False
    text = _strictly(octets, "utf-8")
    return text is not None and not text.isascii()


def _mostly(octets: bytes, codec: str) -> str:
    """The declared codec when at most one octet in fifty does not fit it."""
    if codec in ("", "ascii"):
        return ""
    sample = octets[:_SAMPLE]
    wrong = sample.decode(codec, "replace").count("\ufffd")
    return codec if wrong <= 1 + len(_HIGH.findall(sample)) // 50 else ""


_STATEFUL = ("iso-2022", "csiso2022", "hz", "utf-7", "unicode-1-1-utf-7", "utf-16", "utf-32")
_CYRILLIC = ("cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic")
# In running Cyrillic text about seven letters of ten are these; a wrong codec makes them capitals or signs.
_FREQUENT = frozenset("оеаинтсрвлкмдпуяыьгзбчйхіөүј")


def _cyrillic_score(octets: bytes, codec: str) -> float:
    text = octets.decode(codec, "replace")
    score = 0.0
    for character in text:
        if character in _FREQUENT:
            score += 1.0
        elif "\u0430" <= character <= "\u045f":
            score += 0.5
        elif character >= "\x80" and not "\u0400" <= character <= "\u042f":
            score -= 0.5
    return score


def _by_library(octets: bytes) -> str:
    """charset-normalizer's answer; imported here because it costs 15 MB that most mail never needs."""
    from charset_normalizer import from_bytes

    best = from_bytes(octets, steps=3, chunk_size=512).best()
    return codec_of(best.encoding) if best else ""
