"""What stands below a mail's text and was not written for it: signatures, "Sent from my phone", list footers."""

from __future__ import annotations

import re

_DASHES = re.compile(r"^(?:--|—|– –|__)[ \t]?$")
_LIST_RULE = re.compile(r"^(?:_{20,}|-{30,}|={30,})\s*$")
_LIST_WORDS = re.compile(
    r"mailing list|mailman|unsubscribe|listinfo|google groups|yahoo! groups|отписаться|рассылк|відписатися|"
    r"lista de correo|mailingliste",
    re.IGNORECASE,
)
# "Sent from my iPhone", by language.
_SENT = (
    r"sent (?:from|via|by|using|with)|get outlook for|envoyé (?:de|depuis|à partir)",
    r"gesendet (?:von|mit|aus)|von meinem .{1,30} gesendet|diese nachricht wurde von mein",
    r"enviado (?:desde|do|de|via)|inviato (?:da|dal)|verzonden (?:vanaf|met|via)|verstuurd vanaf",
    r"wysłane? (?:z|za pomocą)|odesláno z|sendt fra|skickat från|lähetetty|iphone.umdan gönderildi",
    r"отправлено (?:с|из)|послано (?:с|из)|відправлено з|надіслано з",
    r"послато (?:са|преко)|poslato (?:sa|preko)",
    r"миний .{1,30} илгээв|миний .{1,30} илгээсэн|iphone-оос илгээв|утаснаас илгээсэн",
    r"发自我的|從我的 .{1,20} 傳送|iphoneから送信|나의 iphone에서 보냄",
)
_SENT_FROM = re.compile(rf"^[\s*_]*(?:{'|'.join(_SENT)})", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_LONGEST_SIGNATURE = 15  # lines below `-- `; more than that is text that happens to hold dashes
_MOST_WORDS = 10


def split(text: str) -> tuple[str, str]:
    """(what was written, the signature below it); the first is never empty when `text` is not."""
    lines = text.rstrip().split("\n")
    cut = _list_footer(lines, len(lines))
    cut = _signature(lines, cut)
    cut = _sent_from(lines, cut)
    written = "\n".join(lines[:cut]).strip()
    return (written, "\n".join(lines[cut:]).strip()) if written else (text.strip(), "")


def _list_footer(lines: list[str], end: int) -> int:
    """Where the footer of a mailing list starts: a long rule, then at most eight lines about the list."""
    for at in range(max(0, end - 9), end):
        if _LIST_RULE.match(lines[at]) and _LIST_WORDS.search("\n".join(lines[at + 1 : end])):
            return at
    return end


def _signature(lines: list[str], end: int) -> int:
    """Where the signature starts: the first line of only `-- ` (RFC 3676 section 4.3) near enough to the end."""
    for at in range(max(1, end - _LONGEST_SIGNATURE - 1), end):
        if _DASHES.match(lines[at]):
            return at
    return end


def _sent_from(lines: list[str], end: int) -> int:
    """Where a trailing "Sent from my phone" starts."""
    while end > 1:
        line = lines[end - 1].strip()
        if not line or is_sent_from(line):
            end -= 1
        else:
            break
    return end


def is_sent_from(line: str) -> bool:
    """Whether the line is a phone's or program's own, not a sentence about one."""
    if len(line) > 120 or not _SENT_FROM.match(line):
        return False
    return "," not in line.rstrip(".") and len(_WORD.findall(line)) <= _MOST_WORDS
