"""An invitation as text (RFC 5545): what it is about, when, where, and what the organiser wrote."""

from __future__ import annotations

import re

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(
    r"^(SUMMARY|DESCRIPTION|LOCATION|DTSTART|DTEND|DUE)((?:;[^:\r\n]{0,200})?):([^\r\n]*)", re.MULTILINE | re.IGNORECASE
)
_ZONE = re.compile(r";TZID=\"?([^;:\"]+)", re.IGNORECASE)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d*)?(Z?)")
_ESCAPED = re.compile(r"\\([nN,;:\\\"])")
_BEGIN = re.compile(r"^BEGIN:(?:VEVENT|VTODO|VJOURNAL)\b", re.MULTILINE | re.IGNORECASE)
_END = re.compile(r"^END:(?:VEVENT|VTODO|VJOURNAL)\b", re.MULTILINE | re.IGNORECASE)
_LONGEST = 200_000  # characters


def to_text(source: str) -> str:
    """Summary, time, place and description of the first event, '' when there is none."""
    source = _FOLD.sub("", source[:_LONGEST])
    begin = _BEGIN.search(source)
    if not begin:
        return ""
    end = _END.search(source, begin.end())
    found: dict[str, str] = {}
    for name, parameters, value in _LINE.findall(source[begin.end() : end.start() if end else len(source)]):
        shown = _moment(parameters, value) if name.upper() in ("DTSTART", "DTEND", "DUE") else _unescaped(value)
        found.setdefault(name.upper(), shown)
    until = found.get("DTEND") or found.get("DUE", "")
    when = " – ".join(filter(None, (found.get("DTSTART", ""), until)))
    head = "\n".join(filter(None, (found.get("SUMMARY"), when, found.get("LOCATION"))))
    return "\n\n".join(filter(None, (head, found.get("DESCRIPTION", ""))))


def _unescaped(value: str) -> str:
    """RFC 5545 section 3.3.11."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _moment(parameters: str, value: str) -> str:
    """A date, and the time with its zone when there is one."""
    found = _TIME.match(value)
    if not found:
        return ""
    year, month, day, hour, minute, utc = found.groups()
    zone = _ZONE.search(parameters)
    named = "UTC" if utc else zone[1].strip() if zone else ""
    time = f" {hour}:{minute}" if hour else ""
    return f"{year}-{month}-{day}{time}" + (f" ({named})" if named and time else "")
