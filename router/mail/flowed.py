"""format=flowed: soft line breaks joined (RFC 3676)."""

from __future__ import annotations

_SIGNATURE = "-- "


def joined(text: str, *, delete_space: bool) -> str:
    """One line per paragraph; only lines of one quote depth are joined, and a signature mark never is (section 4)."""
    out: list[str] = []
    open_depth = -1  # of the paragraph that goes on, -1 when none does
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        mark = line[:depth]
        if content.startswith(" "):
            mark += " " if depth else ""
            content = content[1:]
        if content == _SIGNATURE:
            out.append(mark + content)
            open_depth = -1
            continue
        if depth == open_depth:
            out[-1] += content
        else:
            # A line of their own that begins with `>` was stuffed to say that it is no quote.
            out.append(mark + (" " if not depth and content.startswith(">") else "") + content)
        flows = content.endswith(" ")
        if flows and delete_space:
            out[-1] = out[-1][:-1]
        open_depth = depth if flows else -1
    return "\n".join(out)
