"""Domain names of any script and their one form for comparing: lower-case A-labels (RFC 5890).

Own mapping, because the standard library's `idna` codec is that of 2003: it turns ß into ss and drops joiners, so that
two domains of two owners become one, and it lets a fullwidth @ through as a real one. As browsers do since (UTS 46,
non-transitional), ß, ς and joiners stay letters of their own, and what no registry can sell is no domain.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

PREFIX = "xn--"
_LONGEST_LABEL, _LONGEST = 63, 255  # octets (RFC 1035 section 2.3.4)
_DOTS = re.compile("[\u3002\uff0e\uff61]")  # ideographic and fullwidth full stops separate labels (UTS 46 section 4)
_HOST_LABEL = re.compile(r"[a-z0-9_-]+")
_IGNORED = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF, 0x34F, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)))
_NON_JOINER, _JOINER = "\u200c", "\u200d"
_VIRAMA = 9  # the combining class after which a joiner means something (RFC 5892 appendix A)
_MARKS_BETWEEN = "-·\u0375\u05f3\u05f4\u30fb"  # allowed between letters (RFC 5892 section 2.6)
_LETTERS = frozenset(("Ll", "Lo", "Lm", "Mn", "Mc", "Nd", "So"))  # So: emoji are sold, though IDNA 2008 forbids them


def ascii_form(domain: str) -> str:
    """A domain in lower-case A-labels without the final dot, '' when it has none."""
    if domain.isascii():
        return domain.rstrip(".").lower()
    labels = [ascii_label(label) for label in _DOTS.sub(".", domain).rstrip(".").split(".")]
    joined = ".".join(labels)
    return joined if all(labels) and len(joined) <= _LONGEST else ""


def unicode_form(domain: str) -> str:
    """A domain as people read it; labels that decode to nothing valid stay as they are."""
    if PREFIX not in domain:
        return domain
    return ".".join(unicode_label(label) or label for label in domain.split("."))


@lru_cache(maxsize=1024)
def ascii_label(label: str) -> str:
    """One label as ASCII, '' when no host can have it."""
    mapped = label.lower() if label.isascii() else _mapped(label)
    if not mapped.isascii():
        mapped = PREFIX + mapped.encode("punycode").decode("ascii") if _is_valid(mapped) else ""
    return mapped if _HOST_LABEL.fullmatch(mapped) and len(mapped) <= _LONGEST_LABEL else ""


@lru_cache(maxsize=1024)
def unicode_label(label: str) -> str:
    """The text of an A-label; '' when it is none: it does not decode, or another label is the right one for its text.

    `xn--shop-` decodes to plain `shop`: no program makes such labels, only people who want to be misread.
    """
    if not label.startswith(PREFIX) or len(label) > _LONGEST_LABEL or not label.isascii():
        return ""
    try:
        text = label[len(PREFIX) :].encode("ascii").decode("punycode")
        return text if ascii_label(text) == label else ""
    except (ValueError, OverflowError):
        return ""


def _mapped(label: str) -> str:
    """Lower case and compatibility forms folded, character by character: a final Σ is σ here, as in UTS 46."""
    lower = "".join(character.lower() for character in label.translate(_IGNORED)[:_LONGEST])
    return "".join(character.lower() for character in unicodedata.normalize("NFKC", lower))


def _is_valid(text: str) -> bool:
    if unicodedata.category(text[0])[0] == "M":
        return False
    return all(
        character in _MARKS_BETWEEN
        or unicodedata.category(character) in _LETTERS
        or (character in (_NON_JOINER, _JOINER) and _joins(text, at))
        for at, character in enumerate(text)
    )


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands where it changes letters: after a virama, or inside an Arabic word."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not before:
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return True
    arabic = bool(after) and all(unicodedata.bidirectional(one) == "AL" for one in (before, after))
    return text[at] == _NON_JOINER and arabic
