"""How much of a draft is in the mail that was sent."""

from __future__ import annotations

import re
import unicodedata

AS_IS = 0.98  # at least this similar: sent as it was
EDITED = 0.7  # at least this similar: our draft, edited; below: an answer of their own
MOST_WORDS = 3000
LONGEST = 64 * 1024  # characters

_WORD = re.compile(r"\w+")


def similarity(a: str, b: str) -> float:
    """Shared words in their order, 2·|LCS| / (|a| + |b|), in [0, 1]; quotes, signatures, case and layout do not count.

    The longest common subsequence is found with bit operations (Hyyrö 2004): at most `MOST_WORDS` steps on
    integers of as many bits, whatever the texts are.
    """
    left, right = _words(a), _words(b)
    if not left or not right:
        return 1.0 if left == right else 0.0
    return 2 * _common(left, right) / (len(left) + len(right))


def _common(left: list[str], right: list[str]) -> int:
    positions: dict[str, int] = {}
    for place, word in enumerate(left):
        positions[word] = positions.get(word, 0) | 1 << place
    everything = (1 << len(left)) - 1
    rows = everything
    for word in right:
        matched = rows & positions.get(word, 0)
        rows = ((rows + matched) | (rows - matched)) & everything
    return len(left) - rows.bit_count()


def _words(text: str) -> list[str]:
    written = "\n".join(_unquoted(text[:LONGEST].replace("\r\n", "\n").split("\n")))
    return _WORD.findall(unicodedata.normalize("NFKC", written).casefold())[:MOST_WORDS]


def _unquoted(lines: list[str]) -> list[str]:
    """Lines above the signature, without quoted ones and the line that says whom they quote."""
    kept: list[str] = []
    for line in lines:
        if line.rstrip() == "--":
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
            continue
        while kept and not kept[-1].strip():
            kept.pop()
        if kept and kept[-1].rstrip().endswith(":"):
            kept.pop()
    return kept
