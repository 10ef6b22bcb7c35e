"""Serbian in the script the customer writes: kept in Cyrillic, and Latin follows from it letter by letter."""

from __future__ import annotations

_PAIRS = zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)
_LOWER = {**dict(_PAIRS), "љ": "lj", "њ": "nj", "џ": "dž"}
_TABLE = str.maketrans({**_LOWER, **{cyrillic.upper(): latin.capitalize() for cyrillic, latin in _LOWER.items()}})


def serbian_latin(text: str) -> str:
    """The text in Gaj's alphabet; everything that is not Serbian Cyrillic stays as it is."""
    return text.translate(_TABLE)
