"""text/enriched as text (RFC 1896)."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r"<param>[^<]{0,1000}</param>", re.IGNORECASE)
_COMMAND = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]{0,60})>")
_BREAKS = re.compile(r"\n+")


def to_text(source: str) -> str:
    """The text without commands; a lone line break is a space, n of them are n - 1."""
    text = source.replace("\r\n", "\n").replace("<<", "\x00")
    text = _BREAKS.sub(lambda found: "\n" * (len(found[0]) - 1) or " ", _COMMAND.sub("", _PARAMETER.sub("", text)))
    return text.replace("\x00", "<")
