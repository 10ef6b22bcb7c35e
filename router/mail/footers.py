"""What stands below a mail's text and was not written for it: signatures, phones' lines, notices, list footers.

A sign-off with a name (`Best regards, Jane`) is the person's own and stays; what a program or a company adds goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .notices import is_notice
from .phones import is_excuse, is_sent_from

_DASHES = re.compile(r"^(?:--|—|– –|__)[ \t]?$")
_LIST_RULE = re.compile(r"^(?:_{20,}|-{30,}|={30,})\s*$")
_LIST_WORDS = re.compile(
    r"mailing list|mailman|unsubscribe|listinfo|google groups|yahoo! groups|отписаться|рассылк|відписатися|"
    r"lista de correo|mailingliste",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 40  # lines of one paragraph
_SIGNATURE_SIGNS = ("-", "—", "–", "_")
_LONGEST_SIGNATURE = 15  # lines below `--`; more than that is text that happens to hold dashes
_LONGEST_MARKED = 40  # below `-- ` with its space, which no person types

_PHONE = re.compile(
    r"^[^\d\n]{0,16}\+?\(?\d[\d\s().\-/–]{6,22}\d(?:\s?(?:x|ext|доб|внутр)\.?\s?\d{1,6})?[^\d\n]{0,14}$"
)
_MAIL_OR_WEB = re.compile(r"^\S{0,12}:?\s?(?:<?[\w.+-]+@[\w.-]+>?|<?(?:https?://|www\.)\S+>?)(?:\s?<[^<>\s]+>)?$")
_LABELLED = re.compile(
    r"^(?:t|m|f|w|e|p|tel|tél|telefon|telefono|phone|mobile|mob|cell|fax|skype|web|website|office|direct|e-?mail|"
    r"handy|mobil|тел|телефон|моб|факс|сайт|утас|whatsapp|viber|telegram)\.?\s?[:.+\d]",
    re.IGNORECASE,
)
_CONTACT_SIGN = re.compile("[@./:0-9]")
_NAME_LINE = re.compile(r"^[*_\s]*+[^\W\d_][\w.'’-]*+(?: [^\W\d_][\w.'’-]*+){0,3}[*_\s,]*+$")
_FIRST_NAME = re.compile(r"^[^\W\d_]{2,20}[,.!]?$")
_SHORT = 80
_LONGEST_GREETING = 40
_SPOKEN = re.compile(r"^(?:p\.?\s?s\b|п\.?\s?с\b|з\.?\s?і\b|n\.?\s?b\b|ps\b)|[?？]$", re.IGNORECASE)
_FIGURES = re.compile(r"^[1-9]\d+$")  # an order, not a phone: those begin with + or 0, or are written in groups
_MOST = 2000  # characters of a list's footer that are looked at
_RULE_SIGNS = "-_=*—"


def split(text: str) -> tuple[str, str]:
    """(what was written, the signature below it); the first is never empty when `text` is not."""
    text = text.strip()
    if "\n" not in text:
        return text, ""
    lines = text.split("\n")
    end = len(lines)
    rules = _RULES if _may_be_marked(text) else _PLAIN_RULES
    again = True
    while again:
        again = False
        for rule in rules:
            cut = rule(lines, end)
            if cut != end:
                end, again = _without_blanks(lines, cut), True
    return (text, "") if end == len(lines) else ("\n".join(lines[:end]).strip(), "\n".join(lines[end:]).strip())


def _may_be_marked(text: str) -> bool:
    """Whether one of the signs is there that start a marked signature."""
    if "--" in text or "__" in text or "==" in text or "**" in text:
        return True
    return not text.isascii() and ("—" in text or "–" in text)


def _without_blanks(lines: list[str], end: int) -> int:
    while end > 1 and not lines[end - 1].strip():
        end -= 1
    return end


def _list_footer(lines: list[str], end: int) -> int:
    """Where the footer of a mailing list starts: a long rule, then at most eight lines about the list."""
    for at in range(max(1, end - 9), end):
        if (
            lines[at][:1] in "_-="
            and _LIST_RULE.match(lines[at])
            and _LIST_WORDS.search("\n".join(lines[at + 1 : end])[:_MOST])
        ):
            return at
    return end


def _signature(lines: list[str], end: int) -> int:
    """Where the signature starts: the first line of only `-- ` (RFC 3676 section 4.3) near enough to the end."""
    cut, below = end, 0
    for at in range(end - 1, max(0, end - _LONGEST_MARKED - 2), -1):
        line = lines[at]
        if line[:1] in _SIGNATURE_SIGNS and _DASHES.match(line) and (line == "-- " or below <= _LONGEST_SIGNATURE):
            cut = at
        below += bool(line.strip())
        if _SPOKEN.search(line.strip()):
            return end  # a postscript or a question below dashes was written for this mail
    return cut


def _sent_from(lines: list[str], end: int) -> int:
    """Where a trailing "Sent from my phone" starts, with an excuse for what phones write below it."""
    at = cut = end
    while at > 1:
        line = lines[at - 1].strip()
        if line and is_sent_from(line):
            cut = at - 1
        elif line and not is_excuse(line):
            break
        at -= 1
    return cut


def _notices(lines: list[str], end: int) -> int:
    """Where trailing notices start: confidentiality, viruses, printing, unsubscribing; whole paragraphs or lines."""
    while end > 1:
        start = end
        while start > 0 and end - start <= _LONGEST_NOTICE and lines[start - 1].strip():
            start -= 1
        whole = start > 0 and end - start <= _LONGEST_NOTICE
        if whole and is_notice(" ".join(lines[start:end])):
            end = _without_blanks(lines, start)
        elif not (whole and end - start == 1) and is_notice(lines[end - 1]):
            end = _without_blanks(lines, end - 1)
        else:
            break
    return end


def _contact_block(lines: list[str], end: int) -> int:
    """Where a last paragraph of contact lines starts: two or more of phone, mail, web, and a name above or in it.

    Behind a line that ends with a colon it is an answer (`My details are:`), and stays.
    """
    start = end
    contacts = others = 0
    while start > 0 and end - start < _LONGEST_SIGNATURE:
        line = lines[start - 1].strip()
        if not line:
            if contacts < 2 or others or start < 2 or not _is_rule_or_name(lines[start - 2].strip()):
                break
        elif len(line) > _SHORT or (line[-1] in ".?!:,;" and not _is_contact(line)):
            break
        elif _is_contact(line):
            contacts += 1
        else:
            others += 1
        start -= 1
    return end if contacts < 2 else _checked_block(lines, start, end, contacts)


def _ruled_block(lines: list[str], end: int) -> int:
    """Where a rule of dashes stands above nothing but short lines, two of them a phone, mail or web address."""
    for at in range(max(1, end - 2 * _LONGEST_SIGNATURE), end - 2):
        if lines[at][:1] in _RULE_SIGNS and not lines[at].strip(_RULE_SIGNS + " ") and len(lines[at]) >= 4:
            block = [line.strip() for line in lines[at + 1 : end] if line.strip()]
            short = all(len(line) <= _SHORT and line[-1] not in "?!;:" for line in block)
            if short and sum(map(_is_contact, block)) >= 2:
                return at
    return end


def _is_rule_or_name(line: str) -> bool:
    return (bool(line) and not line.strip("-_=*—")) or (len(line) <= _SHORT and bool(_NAME_LINE.match(line)))


def _is_contact(line: str) -> bool:
    if not _CONTACT_SIGN.search(line):
        return False
    if ("@" in line or "//" in line or "www." in line) and _MAIL_OR_WEB.match(line):
        return True
    return bool(_PHONE.match(line) or _LABELLED.match(line))


def _checked_block(lines: list[str], start: int, end: int, contacts: int) -> int:
    block = [line.strip() for line in lines[start:end] if line.strip()]
    above = next((line.strip() for line in reversed(lines[:start]) if line.strip()), "")
    named = any(_NAME_LINE.match(line) or not line.strip("-_=*—") for line in block[:3])
    if not above or above.endswith((":", "：")) or not named or contacts * 3 < len(block):
        return end
    signed = _FIRST_NAME.match(lines[start])  # `Ann` above her number is her sign-off
    return start + 1 if signed else start


def is_only_footer(lines: list[str]) -> bool:
    """Whether the lines hold nothing but "Sent from my phone" and a signature below `-- `."""
    for line in lines:
        if _DASHES.match(line):
            return True
        if line.strip() and not is_sent_from(line.strip()):
            return False
    return True


_PLAIN_RULES: tuple[Callable[[list[str], int], int], ...] = (_sent_from, _notices, _contact_block)
_RULES = (_list_footer, _signature, *_PLAIN_RULES, _ruled_block)
