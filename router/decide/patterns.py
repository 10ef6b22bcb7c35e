"""Whole-string globs and case-blind texts: how what an admin wrote is compared with what a stranger wrote.

Nothing a stranger wrote becomes a pattern, and nothing an admin wrote becomes a regular expression unless the admin
said `regex:`; those run on RE2, whose time is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from router.mail.domains import ascii_label

SCANNED = 64 * 1024  # characters of a text that a condition looks at
REGEX_MEMORY = 8 << 20  # octets that one compiled RE2 may use


def composed(text: str) -> str:
    """The same text in NFC, without lone surrogates: й is one character however it was typed."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))


def folded(text: str) -> str:
    """A text for comparing: NFC, case folded, every run of white space one space (a line break splits no phrase)."""
    blind = composed(text).casefold()
    words = " ".join(blind.split())
    return f"{' ' * blind[:1].isspace()}{words}{' ' * (bool(words) and blind[-1:].isspace())}"


def plain_address(address: str) -> str:
    """An address or address glob for comparing: lower case, each label of its domain as ASCII (RFC 5890 A-label)."""
    lowered = composed(address.strip()).lower()
    if lowered.isascii():
        return lowered
    local, at, domain = lowered.rpartition("@")
    # A label with a wildcard in it, or none that DNS could hold, can only match itself.
    return local + at + ".".join(ascii_label(label) or label for label in domain.split("."))


def glob(pattern: str) -> re.Pattern[str]:
    """`*` is any run of characters, `?` is one, everything else is itself; one group for each `*`. Use `fullmatch`."""
    return _glob(pattern)


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> re.Pattern[str]:
    # The shortest run up to the next fixed piece, never reconsidered (atomic), is enough for a glob: linear time.
    first, *rest = ("".join("." if c == "?" else re.escape(c) for c in piece) for piece in pattern.split("*"))
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>(.*?){piece})" for piece in rest[:-1])
    return re.compile(f"{first}{middle}(.*){rest[-1]}", re.DOTALL)


@lru_cache(maxsize=4096)
def glob_matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a whole string matches a glob, case ignored."""
    if set(pattern) == {"*"}:
        return lambda _: True
    compiled = _glob(folded(pattern))
    return lambda text: compiled.fullmatch(folded(text)) is not None


@lru_cache(maxsize=4096)
def word(value: str) -> re.Pattern[str]:
    """A word in a `folded` text: no letter, digit or underscore of any script touches it (RE2 knows ASCII only)."""
    return re.compile(rf"(?<!\w){re.escape(folded(value))}(?!\w)")


@lru_cache(maxsize=1024)
def regex(value: str) -> Any:
    """A compiled RE2 pattern; raises ValueError saying what is wrong with it."""
    import re2  # loaded only where a rule needs it

    options = re2.Options()
    options.max_mem = REGEX_MEMORY
    options.log_errors = False
    try:
        return re2.compile(value, options)
    except re2.error as wrong:
        reason = wrong.args[0] if wrong.args else "not an RE2 pattern"
        raise ValueError(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)) from wrong
