"""Greeting, sign-off and pure thanks: the words around what a mail is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .beginnings import ByLetter, any_of
from .courtesy_words import (
    FILLERS,
    FIRM,
    FORMAL_CJK,
    FORMAL_GREETINGS,
    INFORMAL_CJK,
    INFORMAL_GREETINGS,
    NO_NAME,
    SIGN_OFFS,
    SIGN_OFFS_CJK,
    SIGNED_CJK,
    THANKS,
    WAITING,
)

FORMAL, INFORMAL, NONE = "formal", "informal", ""


# The large patterns are compiled when a mail first needs them: most never do, and a process starts sooner.
_FORMAL = ByLetter((FORMAL_GREETINGS, r"\b"))
_INFORMAL = ByLetter((INFORMAL_GREETINGS, r"\b"))
_ANY_GREETING = (*FORMAL_GREETINGS, *INFORMAL_GREETINGS)
_GREETING_LINE = ByLetter((_ANY_GREETING, r"\b(?:[ ,]+[^\W\d_][\w'’.-]*){0,3}\s*[,!.:;)\-–—]*\s*$"))
_GREETING_HEAD = ByLetter((_ANY_GREETING, r"\b(?:[ ]+[^\W\d_][\w'’-]*){0,2}\s*[,!.;–—-]\s*"))
_BEFORE_GREETING = re.compile(r"\W*")
# A name may follow a sign-off on its line; behind thanks only after a comma, else `Thanks! Where is it` were signed.
_SIGN_OFF = ByLetter(
    (SIGN_OFFS, r"(?!\w)\s*[,،!.:–—-]*"),
    (THANKS, r"\b\s*(?:,|[^\w?]*$)"),
    (WAITING, r"[,!.–—-]*\s*$"),
    ((SIGN_OFFS_CJK,), r"[\s,!.。，！]*"),
    behind=r"\s*(.*)$",
)
_BEFORE_SIGN_OFF = re.compile(r"[\s*_>]*")


@cache
def _has_thanks() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of([THANKS])})\b", re.IGNORECASE)


@cache
def _says_nothing() -> re.Pattern[str]:
    words = any_of([FILLERS, THANKS, SIGN_OFFS, FORMAL_GREETINGS, INFORMAL_GREETINGS])
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


@cache
def _is_no_name() -> re.Pattern[str]:
    return re.compile(rf"(?:{NO_NAME})", re.IGNORECASE)


@cache
def _is_firm() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s,.\"“«])(?:{FIRM})(?:$|[\s,.\"”»])", re.IGNORECASE)


_NAME_WORD = r"(?:(?:[^\W\d_]\.){1,4}(?:-?[^\W\d_]\.)*|[^\W\d_][\w'’ʼ-]*\.?)"
_NAME = re.compile(rf"({_NAME_WORD}(?: +{_NAME_WORD}){{0,3}})$")
_NAME_ENDS = re.compile(r"\s*(?:[,|(<\[/•·]|[–—-]\s|\s[–—-]|\t| {3,}).*$")  # a title, a firm, an address behind a name
_DASHED_NAME = re.compile(r"^\s*[-–—~]{1,2}\s?([^\W\d_][\w'’-]*(?:[ ]+[^\W\d_][\w'’.-]*){0,2})\s*$")
_SIGNED_CJK = re.compile(rf"\s*(?:{SIGNED_CJK})$")
_IS_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_LONGEST_CJK_NAME = 8
_LONGEST_SIGN_OFF, _LINES_BELOW = 90, 9
_PARTICLES = frozenset({"de", "la", "van", "von", "der", "den", "da", "di", "du", "al", "el", "bin", "y", "e"})
# Every way of thanking above holds one of these; looking for them first costs a hundredth of the pattern.
_THANKS_STEMS_TEXT = (
    "thank thx tnx ty cheers appreciat perfect great awesome excellent wonderful got received good noted super "
    "cool work help solved you rock дяку спасиб подяк вдячн чудов супер отрим благодар признател отлич замеч "
    "получ хорош понятн ок хвала захва одлич прими реду hvala zahval odli primi redu баярлал таларх гялай "
    "ойлгол авлаа гоё bayarlal bayrlal dank merci gracias grazie dzi obrigad bedankt tack tak kiitos děkuji "
    "teşekkür працює вийшло гаразд добре работает "
)
_THANKS_STEMS = tuple(_THANKS_STEMS_TEXT.split())
_FURTHER = re.compile(r"[?？\d]")
_EMOJI_FACES = re.compile(r"[:;]-?[)D]+")
_LONGEST_THANKS = 300


def greeting_of(text: str) -> str:
    """How the mail begins: formal, informal or '' when it greets nobody."""
    start = text[:80]
    at = _first_word(_BEFORE_GREETING, start)
    formal, informal = _FORMAL.match(start, at), _INFORMAL.match(start, at)
    if formal and informal:
        return FORMAL if formal.end() >= informal.end() else INFORMAL
    if formal or informal:
        return FORMAL if formal else INFORMAL
    if not start.isascii():
        begins = start.lstrip()
        return FORMAL if begins.startswith(FORMAL_CJK) else INFORMAL if begins.startswith(INFORMAL_CJK) else NONE
    return NONE


def _first_word(lead: re.Pattern[str], line: str) -> int:
    """Where the first word begins, behind blanks and signs."""
    if line[:1].isalpha():
        return 0
    found = lead.match(line)
    return found.end() if found else 0


def signed_as(text: str, signature: str = "") -> str:
    """The name under the text: behind a sign-off, after a dash on the last line, or on top of the signature block."""
    lines = [line for line in text[-1000:].split("\n") if line and not line.isspace()][-_LINES_BELOW:]
    found = _behind_sign_off(lines)
    if found:
        return found
    dashed = _DASHED_NAME.match(lines[-1]) if lines else None
    if dashed and (found := _name(dashed[1])):
        return found
    if lines and len(lines[-1]) < _LONGEST_CJK_NAME * 2 and _SIGNED_CJK.search(lines[-1].rstrip()):
        return _name(lines[-1])
    below = [line for line in signature[:1000].split("\n") if line.strip(" -_")][:_LINES_BELOW]
    return _behind_sign_off(below) or next(filter(None, map(_name, _until_figures(below[:3]))), "")


def _behind_sign_off(lines: list[str]) -> str:
    """The name on the line of the last sign-off, or on the line below it."""
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if len(line) > _LONGEST_SIGN_OFF:
            continue
        signed = _SIGN_OFF.match(line, _first_word(_BEFORE_SIGN_OFF, line))
        if not signed:
            continue
        here = signed[1].strip()
        found = _name(here) if here else _name(lines[place + 1]) if place + 1 < len(lines) else ""
        if found:
            return found
    return ""


def _until_figures(lines: list[str]) -> Iterator[str]:
    """The first lines of a signature block, as far as they may hold a name."""
    for line in lines:
        if any(map(str.isdigit, line)) or "@" in line or "://" in line:
            return
        yield line


def _name(line: str) -> str:
    """The line when it can be a person's name: one to four capitalised words, no digits; what stands behind is cut."""
    if len(line) > 80:
        return ""
    line = line.strip(_AROUND_NAME)
    if line and not line[-1].isalnum():
        line = _TRAILING.sub("", line)
    if line and not line[0].isalnum():
        line = _LEADING.sub("", line)
    line = _NAME_ENDS.sub("", line)
    if _IS_CJK.search(line):
        return _asian_name(line)
    found = _NAME.match(line)
    if not found or _is_no_name().match(line) or _is_firm().search(line):
        return ""
    words = [word for word in found[1].split() if word not in _PARTICLES]
    return found[1].rstrip(" ") if words and not any(word[0].islower() for word in words) else ""


def _asian_name(line: str) -> str:
    """A short line of one or two words, without `敬上` or `드림` behind the name."""
    line = _SIGNED_CJK.sub("", line.rstrip("。.,， "))
    fits = line and len(line) <= _LONGEST_CJK_NAME and all(one.isalpha() or one in " ·・" for one in line)
    return line if fits and not _is_firm().search(line) and not _SENTENCE_CJK.search(line) else ""


_AROUND_NAME = " \t*_~-–—,\u00a0"
_TRAILING = re.compile(r"[^\w.)>\]]+$|(?<=\w\w)\.$")
_LEADING = re.compile(r"^[^\w(<]+")
_SENTENCE_CJK = re.compile("[\u3041-\u309f]{3}|(?:요|다|까)$")


def thanks_only(text: str, name: str = "") -> bool:
    """Whether the text holds only greeting, thanks and sign-off: no question, no number, no further sentence.

    `name` is whose mail it is (display name or sign-off); those words may stand there too. In doubt the answer is no,
    because a clock that should run must not stop.
    """
    text = _EMOJI_FACES.sub("", text.strip())
    if not text or len(text) > _LONGEST_THANKS or _FURTHER.search(text):
        return False
    lower = text.lower()
    if not any(stem in lower for stem in _THANKS_STEMS):
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    at = _first_word(_BEFORE_GREETING, lines[0])
    if len(lines) > 1 and _GREETING_LINE.match(lines[0], at) and not _has_thanks().search(lines[0]):
        lines = lines[1:]
    elif greeted := _GREETING_HEAD.match(lines[0], at):
        lines[0] = lines[0][greeted.end() :]
    rest = "\n".join(lines)
    if not _has_thanks().search(rest):
        return False
    own = {word.lower() for word in re.findall(r"[^\W\d_]+", f"{name} {signed_as(text)}")}
    left = [word for word in re.findall(r"\w+", _says_nothing().sub(" ", rest)) if word.lower() not in own]
    return not left
