"""Files that old programs wrote into the text itself: uuencode and yEnc become attachments, not text."""

from __future__ import annotations

import re
from collections.abc import Callable

from router.values import Attachment

from . import charsets

_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n", re.MULTILINE)
_YENC = re.compile(rb"^=ybegin ([^\r\n]{1,300})\r?\n", re.MULTILINE)
_YENC_END = re.compile(rb"^=yend[^\r\n]*(?:\r?\n|\Z)", re.MULTILINE)
_YENC_SIZE = re.compile(rb"\bsize=(\d{1,12})")
_LINE = re.compile(rb"([^\r\n]*)(?:\r?\n|\Z)")
_MOST = 50  # files in one text

Reader = Callable[[bytes, re.Match[bytes]], tuple[int, bytes, int] | None]


def extract(octets: bytes, hint: str = "") -> tuple[bytes, list[Attachment]]:
    """(the text without the files in it, the files)."""
    found: list[Attachment] = []
    if b"begin " in octets:
        octets = _without(octets, _BEGIN, _uuencoded, found, hint)
        octets = _without(octets, _YENC, _yencoded, found, hint)
    return octets, found


def _without(octets: bytes, begin: re.Pattern[bytes], read: Reader, found: list[Attachment], hint: str) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while len(found) < _MOST and (start := begin.search(octets, at)):
        block = read(octets, start)
        if block is None:  # only words that look like it
            pieces.append(octets[at : start.end()])
            at = start.end()
            continue
        end, name, size = block
        shown = charsets.clean(charsets.decode(name, "", hint=hint)[0]).strip()
        shown = shown.replace("\\", "/").rpartition("/")[2].strip('"')[:255]
        found.append(Attachment(name=shown, content_type="application/octet-stream", size=size))
        pieces.append(octets[at : start.start()])
        at = end
    return b"".join((*pieces, octets[at:]))


def _uuencoded(octets: bytes, start: re.Match[bytes]) -> tuple[int, bytes, int] | None:
    """(end, name, size) when lines as long as their first character says follow."""
    at, size, lines = start.end(), 0, 0
    while line := _LINE.match(octets, at):
        text = line[1]
        at = line.end()
        if text in (b"`", b" ", b"") and lines:
            if at >= len(octets):
                break
            continue
        if text == b"end" and lines:
            return at, start[1], size
        length = (text[0] - 32) & 63 if text else 0
        # Some programs strip blanks at the end, some add a checksum.
        if not length or not -(-length * 4 // 3) - 3 <= len(text) - 1 <= -(-length // 3) * 4 + 1 or max(text) > 96:
            return (line.start(), start[1], size) if lines > 2 else None
        size += length
        lines += 1
        if at >= len(octets):
            break
    return (len(octets), start[1], size) if lines > 2 else None  # its end was not fetched


def _yencoded(octets: bytes, start: re.Match[bytes]) -> tuple[int, bytes, int] | None:
    """(end, name, size) of a yEnc block, whose octets are anything but line ends."""
    size = _YENC_SIZE.search(start[1])
    if size is None:
        return None
    end = _YENC_END.search(octets, start.end())
    name = start[1].partition(b" name=")[2].strip()
    return end.end() if end else len(octets), name, int(size[1])
