"""One comparable form of text: case, invisible characters, diacritics and scripts folded; numbers and addresses masked.

Serbian and Mongolian are written in Cyrillic and in Latin letters. Cyrillic goes to Latin here, because the way back is
ambiguous (Latin text may be English). Two strengths: `fold` keeps the letters č ć š ž đ apart, so that Ukrainian
"кошти" (money) is not Russian "кости" (bones); `bald` drops them too, as people without a Serbian keyboard do.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TEXT_LIMIT: Final = 64_000  # characters looked at, before and after NFKC, which can lengthen a text eighteen-fold
NUMBER, URL, MAIL = "0", "urlx", "mailx"  # what masked things become

_SOFT = "ʹ"  # ь, kept by `fold` because it tells Russian -ить from -ит
_CYRILLIC: Final = {
    **dict(zip("абвгґдезийіклмнопрстуфхцы", "abvggdezijiklmnoprstufhcy", strict=True)),
    **dict(zip("ёэөүўѓќѕђјжчшћ", "eeouugkzđjžčšć", strict=True)),
    "є": "je",
    "ї": "ji",
    "ю": "ju",
    "я": "ja",
    "щ": "šč",
    "љ": "lj",
    "њ": "nj",
    "џ": "dž",
    "ь": _SOFT,
    "ъ": "",
}
_SERBIAN_LATIN: Final = "čćšžđ"
_BALD: Final = {"č": "c", "ć": "c", "š": "s", "ž": "z", "đ": "dj", _SOFT: ""}
_INVISIBLE: Final = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_ANY_INVISIBLE: Final = re.compile(f"[{''.join(map(chr, _INVISIBLE))}]")


def _without_marks(letter: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c)) or letter


_LATIN: Final = {
    chr(code): _without_marks(chr(code)) for code in range(0xC0, 0x250) if chr(code) not in _SERBIAN_LATIN
} | {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ı": "i"}
_FOLD: Final = str.maketrans(_LATIN | _CYRILLIC)
_FOLD_BALD: Final = str.maketrans(
    {k: "".join(_BALD.get(c, c) for c in v) for k, v in (_LATIN | _CYRILLIC).items()} | _BALD
)

_APOSTROPHE = "['’ʼ`]"
_WORD: Final = re.compile(rf"[^\W_]+(?:{_APOSTROPHE}[^\W_]+)*")
WORD_OR_BREAK: Final = re.compile(rf"[^\W_]+(?:{_APOSTROPHE}[^\W_]+)*|[.!?;:…](?=\s|$)|\n[ \t]*\n")
_URL: Final = re.compile(r"(?:https?://|www\.)\S+")
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_APOSTROPHES: Final = re.compile(_APOSTROPHE)
_DIGIT: Final = re.compile(r"\d")


def plain(text: str) -> str:
    """The text in NFKC and lower case, without invisible characters, at most `TEXT_LIMIT` characters."""
    text = text[:TEXT_LIMIT]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:TEXT_LIMIT]
        if _ANY_INVISIBLE.search(text):  # seven times quicker than translating, and rarely true
            text = text.translate(_INVISIBLE)
    return text.lower()


def fold(text: str) -> str:
    """`plain` text in Latin letters, without diacritics other than those of č ć š ž đ, and without apostrophes."""
    return _APOSTROPHES.sub("", text) if text.isascii() else _APOSTROPHES.sub("", text).translate(_FOLD)


def bald(text: str) -> str:
    """Like `fold`, in bare Latin letters: "povraćaj", "повраћај" and "povracaj" are one."""
    return _APOSTROPHES.sub("", text) if text.isascii() else _APOSTROPHES.sub("", text).translate(_FOLD_BALD)


def both_folds(listed: str) -> frozenset[str]:
    """A list of words, separated by spaces, in `fold` and in `bald` form."""
    return frozenset(form for word in listed.split() for form in (fold(word), bald(word)))


def tokens(text: str) -> list[str]:
    """The words of a text in `bald` form, with numbers, URLs and addresses masked: what the model reads."""
    text = plain(text)
    if "@" in text:
        text = _MAIL.sub(f" {MAIL} ", text)
    if "://" in text or "www." in text:
        text = _URL.sub(f" {URL} ", text)
    return [NUMBER if _DIGIT.search(word) else word for word in _WORD.findall(bald(text))]
