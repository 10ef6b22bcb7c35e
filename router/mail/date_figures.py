"""Dates in figures and with the names of months: `2026-11-21`, `21.11.2026`, `21 листопада`, `11月21日`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from .date_words import LANGUAGES, groups
from .reading import Reading

LOOKED_AT = 40  # places of one text


class Found(NamedTuple):
    """A date in the text with its value; `deadline` when the words around it say so already.

    A tuple, as dozens are made of one text and a frozen dataclass takes four times as long.
    """

    start: int
    end: int
    value: str
    languages: tuple[str, ...] = ()  # that its words belong to, none for figures
    weak: bool = False  # a date only behind a preposition: `21.11` may be a version
    deadline: bool = False


MONTHS: Mapping[str, int] = {word: place + 1 for words in LANGUAGES.values() for place, word in groups(words.months)}

_YEAR_FIRST = re.compile(r"((?:19|20)\d\d)([-./])(\d{1,2})\2(\d{1,2})(?![\w/-])")
_YEAR_LAST = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2((?:19|20)\d\d|\d\d(?=[^-\w]|$))(?![\w/-])")
_SHORT = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.|(?=[\s,;!?)]|$))(?!\d)")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|ª|°|\.|-?(?:го|е|те|і)\b)?[ \n\u00a0]{0,2}(?:of |de |di |del |d')?"
    r"([^\W\d_]{3,14})\.?(?:(?:,| de| del)?[ \n\u00a0]((?:19|20)\d\d)(?!\d))?"
)
_MONTH_BEFORE = re.compile(r"\b([a-z]{3,9})\.?[ \n]$")
_DAY_BEHIND = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?![\w:/])(?:,?[ \n]((?:19|20)\d\d)(?!\d))?")
_CJK = re.compile(r"(?:((?:19|20)\d\d) ?[年년] ?)?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]")
_MONGOLIAN = re.compile(
    r"(?:((?:19|20)\d\d) ?(?:оны|он) )?(\d{1,2})(?:[ -]?(?:р|дугаар|дүгээр))? ?сарын (\d{1,2})(?:-?(?:ны|ний|нд|ноос|"
    r"нээс|н))?\b"
)
_MODAL = re.compile(r" (?:be|not|have|also|or|need|take)\b")
_ENGLISH_MONTHS = {word: place + 1 for place, word in groups(LANGUAGES["en"].months)}
TOUCHING = ".,-/:+#№$€£¥₮_"


def in_figures(reading: Reading) -> Iterator[Found]:
    lower = reading.lower
    behind = -1
    for start, end in reading.digits[:LOOKED_AT]:
        length = end - start
        if start < behind or length == 3 or length > 4:
            continue
        if start and (
            lower[start - 1].isalnum() or (lower[start - 1] in TOUCHING and start > 1 and lower[start - 2].isdigit())
        ):
            continue
        found = _date_at(lower, start, end)
        if found:
            behind = found.end
            yield found


def _date_at(lower: str, start: int, end: int) -> Found | None:
    """The date whose first figures stand here."""
    next_sign = lower[end : end + 1]
    if next_sign in ("-", ".", "/") and lower[end + 1 : end + 2].isdigit():
        return _dotted(lower, start)
    if "сарын" in lower[end : end + 30] and (found := _MONGOLIAN.match(lower, start)):
        return _of(lower, found, found[1], found[2], found[3])
    if (
        next_sign
        and ("月" in lower[end : end + 9] or "월" in lower[end : end + 9])
        and (found := _CJK.match(lower, start))
    ):
        return _of(lower, found, found[1], found[2], found[3])
    return _with_month(lower, start) if end - start <= 2 else None


def _dotted(lower: str, start: int) -> Found | None:
    found = _YEAR_FIRST.match(lower, start)
    if found:
        return _of(lower, found, found[1], found[3], found[4])
    found = _YEAR_LAST.match(lower, start)
    if not found:
        found = _SHORT.match(lower, start)
        return _of(lower, found, None, found[2], found[1], weak=True) if found else None
    first, sign, second, year = int(found[1]), found[2], int(found[3]), found[4]
    if len(year) == 2:
        if sign == "-":
            return None
        year = f"20{year}"
    if sign == "." or first > 12 or first == second:
        return _of(lower, found, year, second, first)
    if second > 12:
        return _of(lower, found, year, first, second)
    return Found(found.start(), found.end(), found[0]) if first and second else None


def _with_month(lower: str, start: int) -> Found | None:
    """`21 November 2026` in any language, `November 21, 2026` in English."""
    found = _DAY_MONTH.match(lower, start)
    if found and (month := MONTHS.get(found[2])) and not (found[2] == "may" and _MODAL.match(lower, found.end())):
        if found[2] == "listopada" and lower[found.end(1)] == ".":  # November in Polish, October in Croatian
            return Found(start, found.end(), found[0])
        return _of(lower, found, found[3], month, found[1])
    if start < 4 or not (before := _MONTH_BEFORE.search(lower, max(0, start - 12), start)):
        return None
    named = _ENGLISH_MONTHS.get(before[1])
    found = _DAY_BEHIND.match(lower, start) if named else None
    if not named or not found:
        return None
    dated = _of(lower, found, found[2], named, found[1])
    return dated._replace(start=before.start()) if dated else None


def _of(
    lower: str, found: re.Match[str], year: str | None, month: str | int, day: str | int, *, weak: bool = False
) -> Found | None:
    """The date when there is such a day; a `weak` one counts only behind a preposition (`21.11` may be a version)."""
    try:
        known = date(int(year or 2000), int(month), int(day))
    except ValueError:
        return None
    end = (
        found.end() - 1
        if weak and found[0].endswith(".") and not lower[found.end() : found.end() + 1].strip()
        else found.end()
    )
    value = known.isoformat() if year else f"--{known.month:02}-{known.day:02}"
    return Found(found.start(), end, value, weak=weak)
