"""What a person may misread in a sender: letters of several scripts, look-alikes, direction marks, unseen characters.

In the spirit of Unicode's UTS 39, with a small table of our own: what each flag says is shown to people and decides
nothing, for a domain is compared in its ASCII form and a display name never.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from router.values import Address

from .addresses import normal
from .domains import PREFIX, unicode_form, unicode_label

SENDER, SUBJECT = "sender: ", "subject: "
_SHOWN = 60  # characters of what a flag quotes

# Letters that look like Latin ones in the usual typefaces, by what they look like.
_LOOKS_LIKE = {
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "һ": "h",
    "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": "l", "ү": "y", "ѵ": "v", "ԍ": "g", "к": "k", "в": "b", "н": "h", "м": "m",
    "т": "t", "ѡ": "w", "ё": "e", "ї": "i", "α": "a", "ο": "o", "ν": "v", "ρ": "p", "ι": "i", "κ": "k", "υ": "u",
    "χ": "x", "γ": "y", "ω": "w", "η": "n", "τ": "t", "ϲ": "c", "ϳ": "j", "ε": "e", "β": "b", "μ": "u", "ά": "a",
    "ό": "o", "ί": "i", "έ": "e", "ύ": "u", "օ": "o", "ո": "n", "ս": "u", "հ": "h", "ց": "g", "զ": "q", "յ": "j",
    "ɑ": "a", "ɡ": "g", "ɩ": "i", "ʟ": "l", "ꜱ": "s", "ᴄ": "c", "ᴏ": "o", "ᴠ": "v", "ᴡ": "w", "ᴢ": "z", "ʋ": "v",
}  # fmt: skip
# Only in capitals are these the same; in small letters a reader sees the difference.
_ONLY_CAPITALS = frozenset("квнмтκητβμυ")
# Scripts that are written together (UTS 39 section 5.2, highly restrictive).
_TOGETHER = (
    frozenset(("LATIN", "HAN", "HIRAGANA", "KATAKANA")),
    frozenset(("LATIN", "HAN", "BOPOMOFO")),
    frozenset(("LATIN", "HAN", "HANGUL")),
)
_MISTAKEN = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN"))
_SCRIPT_OF_NAME = {"CJK": "HAN", "IDEOGRAPHIC": "HAN", "MICRO": "GREEK", "KELVIN": "LATIN", "ANGSTROM": "LATIN"}

_LATIN, _GREEK, _CYRILLIC = "A-Za-z\u00c0-\u02af", "\u0370-\u03ff", "\u0400-\u058f"  # and Armenian
_SEAM = re.compile(
    f"[{_LATIN}][{_GREEK}{_CYRILLIC}]|[{_GREEK}{_CYRILLIC}][{_LATIN}]|[{_GREEK}][{_CYRILLIC}]|[{_CYRILLIC}][{_GREEK}]"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@\uff20\ufe6b]{1,64}[@\uff20\ufe6b][^\s<>()\[\],;:\"'@\uff20\ufe6b]{1,255}")
_ANY_AT = re.compile("[\uff20\ufe6b]")
_OVERRIDES = re.compile("[\u202d\u202e]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Nothing to see, between two letters of a script that knows no joiners.
_ALPHABETIC = "A-Za-z\u00c0-\u058f\u1e00-\u1fff"
_UNSEEN = re.compile(
    f"(?<=[{_ALPHABETIC}])[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u3164\ufeff\uffa0"
    f"\U000e0000-\U000e007f]++(?=[{_ALPHABETIC}])"
)


def flags(sender: Address, subject: str = "") -> tuple[str, ...]:
    """Everything that a reader may be misled by in who wrote and in the subject; () for nearly all mail."""
    name, address = sender.name, sender.address
    harmless = name.isascii() and address.isascii() and "@" not in name and PREFIX not in address
    found = () if harmless else (*_name(name, address), *_address(address))
    return (
        *(SENDER + one for one in found),
        *(SUBJECT + one for one in (() if subject.isascii() else _marks(subject, "the text"))),
    )


def _name(name: str, address: str) -> tuple[str, ...]:
    found = [*_marks(name, "the name")]
    for shown in _ADDRESS.findall(name[:1000]):
        plain = normal(_ANY_AT.sub("@", shown).strip("."))
        domain = plain.rpartition("@")[2]
        if address and "." in domain and domain != address.rpartition("@")[2]:
            found.append(f"the name shows another address, {shown[:_SHOWN]}")
            break
    found += [
        f"the name has a word of {_listed(scripts)} letters, {word[:_SHOWN]}" for word, scripts in _disguised(name)
    ]
    return tuple(found)


def _address(address: str) -> tuple[str, ...]:
    local, _, domain = address.rpartition("@")
    found = [] if local.isascii() else [*_marks(local, "the address")]
    found += [f"the address has a word of {_listed(scripts)} letters, {word}" for word, scripts in _disguised(local)]
    if PREFIX not in domain:
        return tuple(found)
    return (*found, *_domain(domain))


@lru_cache(maxsize=1024)
def _domain(domain: str) -> tuple[str, ...]:
    """What is odd about a domain with A-labels."""
    labels = domain.split(".")
    broken = [label for label in labels if label.startswith(PREFIX) and not unicode_label(label)]
    found = [f"the domain has a label that is no international name, {label[:_SHOWN]}" for label in broken]
    read = unicode_form(domain)
    for label in read.split("."):
        scripts = _scripts(label)
        if len(scripts) > 1 and not any(scripts <= allowed for allowed in _TOGETHER):
            found.append(f"the domain mixes {_listed(scripts)} letters, {read[:_SHOWN]}")
        elif not label.isascii() and (latin := _as_latin(label)) and labels[-1].isalpha() and PREFIX not in labels[-1]:
            # Under a top-level domain of its own script a word is just a word: хора.рф misleads nobody.
            found.append(f"the domain looks like {read.replace(label, latin)[:_SHOWN]}, but is {read[:_SHOWN]}")
    return tuple(found)


def _marks(text: str, where: str) -> tuple[str, ...]:
    """Direction marks that no right-to-left text explains, and characters that nobody sees inside words."""
    found = []
    if not text.isascii():
        if _OVERRIDES.search(text):
            found.append(f"{where} turns the direction of writing")
        elif _DIRECTION.search(text.strip("\u200e\u200f")) and not _RIGHT_TO_LEFT.search(text):
            found.append(f"{where} has direction marks without right-to-left letters")
        if _UNSEEN.search(text):
            found.append(f"{where} has invisible characters inside a word")
    return tuple(found)


def _disguised(text: str) -> list[tuple[str, frozenset[str]]]:
    """The words that mix look-alike scripts and read as plain Latin ones; a Latin i in a Ukrainian word does not."""
    if not _SEAM.search(text):
        return []
    words = ((word, _scripts(word) & _MISTAKEN) for word in _WORD.findall(text[:1000]) if not word.isascii())
    return [(word, scripts) for word, scripts in words if len(scripts) > 1 and _as_latin(word)][:1]


def _as_latin(word: str) -> str:
    """The Latin word that a reader takes it for, in lower case, '' when he takes it for none."""
    read = []
    for character in word:
        small = character.lower()
        if small in _ONLY_CAPITALS and small == character:
            return ""
        latin = small if small.isascii() else _LOOKS_LIKE.get(small, "")
        if not latin:
            return ""
        read.append(latin)
    return "".join(read)


def _scripts(text: str) -> frozenset[str]:
    return frozenset(script for character in text if (script := _script(character)))


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    """The script of a letter by the first word of its Unicode name; '' for all else. Phonetic signs count as Latin."""
    if not character.isalpha():
        return ""
    first = unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
    return _SCRIPT_OF_NAME.get(first, first)


def _listed(scripts: frozenset[str]) -> str:
    return " and ".join(sorted(one.capitalize() for one in scripts))
