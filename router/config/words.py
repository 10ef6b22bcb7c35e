"""The small languages inside workflows.yaml values: durations, shares, clock spans, days, folder and tag names.

Each `parse_…` returns a typed value or raises `ValueError` with a sentence for the admin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo, available_timezones

from router.config.problems import did_you_mean, quote
from router.decide.rules import MINUTES_PER_DAY

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "24/7"
KNOWN_LANGUAGES = ("en", "uk", "ru", "sr", "mn")
KNOWN_CATEGORIES = ("refund", "cancel", "faq", "billing", "upgrade", "sales", "technical", "complaint", "thanks")

_DURATION = re.compile(r"(?:(\d{1,4})d|(?:(\d{1,5})h)?(?:(\d{1,6})m)?)")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s?%")
_SPAN = re.compile(r"(\d{1,2}):(\d\d)\s?[-–]\s?(\d{1,2}):(\d\d)")
_TAG = re.compile(r"[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]{1,64}")
_ADDRESS = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+")
_NAME = re.compile(r"\w[\w.-]{0,63}")
_SECONDS = re.compile(r"\d+s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Hours and minutes (`within`) or whole days (`days`); one of them is zero."""

    within: timedelta = timedelta(0)
    days: int = 0


def parse_duration(text: str) -> Duration:
    """`6h`, `90m`, `1h30m` or `2d`."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or not text.strip():
        hint = "; minutes are the smallest unit" if _SECONDS.fullmatch(text.strip()) else ""
        raise ValueError(f"{quote(text)} is no duration; write it like 6h, 90m, 1h30m or 2d{hint}")
    days, hours, minutes = (int(group or 0) for group in found.groups())
    duration = Duration(within=timedelta(hours=hours, minutes=minutes), days=days)
    if duration == Duration():
        raise ValueError("a duration must be longer than zero")
    if duration.within + timedelta(days=days) > timedelta(days=366):
        raise ValueError(f"{quote(text)} is longer than a year")
    return duration


def parse_open_time(text: str) -> timedelta:
    """A duration in hours and minutes."""
    duration = parse_duration(text)
    if duration.days:
        raise ValueError(f"{quote(text)} counts days; write hours or minutes here, like 2h")
    return duration.within


def parse_share(text: str) -> float:
    """`75%` is 0.75."""
    found = _SHARE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{quote(text)} is no share of the target; write it like 75%")
    return float(found[1]) / 100


def parse_span(text: str) -> tuple[int, int]:
    """`09:00-18:00` as minutes of the day; the end may be 24:00."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{quote(text)} is no span of time; write it like 09:00-18:00")
    h1, m1, h2, m2 = map(int, found.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or start >= MINUTES_PER_DAY or end > MINUTES_PER_DAY:
        raise ValueError(f"{quote(text)} holds a time that no clock shows")
    if end <= start:
        raise ValueError(f"{quote(text)} ends before it begins; write the hours after midnight under the next day")
    return start, end


def parse_days(text: str) -> tuple[int, ...]:
    """`mon` or `mon-fri` as weekdays (Monday is 0); `sat-mon` goes over the week's end."""
    first, _, last = text.strip().lower().partition("-")
    for day in filter(None, (first, last or first)):
        if day not in DAYS:
            hint = did_you_mean(day[:3], DAYS) if day[:3] in DAYS else f"known: {', '.join(DAYS)}"
            raise ValueError(f"{quote(day)} is no day; {hint}")
    if not first or text.strip().endswith("-"):
        raise ValueError(f"{quote(text)} is no day; write it like mon or mon-fri")
    start, end = DAYS.index(first), DAYS.index(last or first)
    return tuple((start + n) % 7 for n in range((end - start) % 7 + 1))


def parse_date(text: str) -> date:
    """`2026-12-31`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{quote(text)} is no date; write it like 2026-12-31") from None


def parse_time_zone(text: str) -> str:
    """A name of the IANA time zone database, `Europe/Kyiv`."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # absent, absolute or `..`, a directory
        hint = did_you_mean(text, available_timezones())
        message = f"unknown time zone {quote(text)}"
        raise ValueError(f"{message}; {hint}" if hint else message) from None
    return text


def parse_folder(text: str) -> str:
    """A folder path with `/` between its parts."""
    if text != text.strip() or not text:
        raise ValueError("a folder name must not be empty or begin or end with a blank")
    if any(c in text for c in '*%\\"') or not text.isprintable():
        raise ValueError(f"{quote(text)} holds a character that mail servers do not allow in folder names")
    parts = text.split("/")
    if any(not part.strip() or part in {".", ".."} for part in parts):
        raise ValueError(f"{quote(text)} has an empty part; write it like Support/Refunds")
    if any(len(part.encode()) > 200 for part in parts):
        raise ValueError(f"{quote(text)} is too long for a folder name")
    return text


def parse_claims(text: str) -> str:
    """A folder pattern whose last part ends in the one `*`: `Support/@*`."""
    if text.count("*") != 1 or not text.endswith("*") or text.endswith("/*") or text == "*":
        raise ValueError(f"{quote(text)} must end in one *, after something that other folders lack, like Support/@*")
    parse_folder(text[:-1])
    return text


def parse_tag(text: str) -> str:
    """An IMAP keyword (RFC 9051 atom): ASCII, no blank and none of `( ) { % * " \\ ]`."""
    if text.startswith("\\"):
        raise ValueError(f"{quote(text)} is a system flag; a tag has no backslash (use flag: true for \\Flagged)")
    if not _TAG.fullmatch(text):
        raise ValueError(f"{quote(text)} is no tag: write ASCII letters, digits and - _ . $ without blanks, up to 64")
    return text


def parse_address(text: str) -> str:
    """One mail address without display name."""
    if not _ADDRESS.fullmatch(text) or not text.isprintable():
        raise ValueError(f"{quote(text)} is no mail address")
    return text


def parse_glob(text: str) -> str:
    """An address pattern over the whole address, in lower case: `*@partner.example`."""
    glob = text.strip().lower()
    if not glob or any(c.isspace() for c in glob) or not glob.isprintable():
        raise ValueError(f"{quote(text)} is no address pattern")
    if "@" not in glob and not set("*?") & set(glob):
        hint = f"; did you mean '*@{glob}'?" if "." in glob else ""
        raise ValueError(f"{quote(text)} is no address and matches none{hint}")
    return glob


def parse_name(text: str) -> str:
    """A name that the admin chose: letters, digits, `_`, `-` and `.`."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"{quote(text)} is no name: write letters, digits, - and _ without blanks, up to 64")
    return text


def parse_reply(text: str) -> str:
    """`best`, or a reply's id: `refund/first`."""
    category, _, name = text.partition("/")
    if text != "best" and not (_NAME.fullmatch(category) and _NAME.fullmatch(name)):
        raise ValueError(f"{quote(text)} is no reply; write best, or an id like refund/first")
    return text


def parse_regex(text: str) -> str:
    """An RE2 expression: no look-around, no back-references, linear time."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(text, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        detail = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise ValueError(f"{quote(text)} is no RE2 expression: {detail}") from None
    return text
