"""What a subject and a text sound like: bounce, auto-reply, acknowledgement, receipt, challenge, or a person.

Words prove nothing by standing in a mail: people write about bounces, vacations and no-reply addresses. So a wording
counts only where a sentence begins, and only while no person spoke before it; the doubtful ones only beside a second
sign.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from itertools import islice
from typing import Any

from . import wording, wording_people, wording_replies
from .wording import Row

_OPENING, _CLOSING = 600, 300  # characters: where a mail system says what it is
_READ = 1500  # characters in which a person is looked for
_FIRST_LINES = 300  # characters, in which a person would speak before any returned mail
_MOST_STARTS = 60
_LATEST_NOTE = 450  # characters: an absence note does not come after a letter

# What people put before a subject: they answer or forward.
_ANSWERED = re.compile(
    r"\s*(?:(?:re|aw|sv|vs|antw|fwd?|wg|tr|rif|rv|odp|pd|doorst|odg|отв|відп|пересл|хариу|回复|转发|ynt)\s*(?:\[\d+\])?\s*[:：]\s*)+"
)
_TAIL = re.compile(
    r"[:(]\s*(auto(?:matic)?[- ]?reply|automatic response|автоответ|undeliverable|non remis|delivery failed)\)?\s*$"
)
_TAILS = (")", "reply", "response", "автоответ", "undeliverable", "remis", "failed")
# Behind a certain wording a subject ends, or goes on with the subject that it answers.
_END = r"\s*(?:$|[:：(\[<,\-–—])"
_JUNK = " \t\n\r*#=|_-[(!.<>"
_STARTS = re.compile(r"[\n.!?。！？*#=|]+[\s*#=|_\-–—\[(!.>]{0,60}")
_GREETED = re.compile(
    r"\A(?:[^\n.!?:\"'«»“„]{0,60}[,،、!]|(?:hola|estimad|buen[oa]s|sehr geehrte)[^\n.,!?:]{0,40}:)\s*"
)
_SMTP_ANSWER = re.compile(
    r"(?:^|[\s:(<>])[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b|\bsmtp error code [45]\d\d|\brcpt to:\s*<|"
    r"(?:^|[\s:(<>])5[05]\d[ -](?:<\S{1,100}>[ :.]*)?[^\n]{0,60}"
    r"(?:unknown|user not|no such|mailbox|recipient|address|relay|denied|spam|reject)",
    re.IGNORECASE,
)
_PERSON = re.compile(wording_people.PERSON)
_PERSON_WORDS = frozenset(
    ("i", "i'm", "i've", "my", "me", "я", "мне", "мені", "меня", "мене", "ich", "mir", "je", "mi", "yo")
)
# Without one of these no text holds a server's answer: looking for them first is twenty times as fast.
_CODES = ("550", "551", "552", "553", "554", "501", "503", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.0", "4.",
          "code 4", "code 5", "rcpt to", "RCPT T", "RCPT t", "Rcpt ")  # fmt: skip
_MATTERS = re.compile(wording_people.MATTERS)
_THINGS = re.compile(wording_people.THINGS)
_MEANWHILE = re.compile(wording_people.MEANWHILE)
_PROMISES = re.compile(wording_replies.PROMISES)
_LINK = re.compile(r"https?://|click|reply to this|visit ")


@cache
def _compiled(pattern: str, ending: str = "") -> re.Pattern[str]:
    """Patterns are compiled when their stem is first met: most never are."""
    return re.compile(f"(?:{pattern}){ending}", re.DOTALL)


class _Tables:
    """Tables of rows, of which one pass over a text finds those whose stem stands in it."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self._rows: dict[str, list[tuple[str, str]]] = {}
        for kind, rows in tables.items():
            for stems, pattern in rows:
                for stem in stems.split("|"):
                    self._rows.setdefault(stem, []).append((kind, pattern))
        self._order = {kind: at for at, kind in enumerate(tables)}

    @cached_property
    def _stems(self) -> tuple[Any, Sequence[Sequence[tuple[str, str]]]]:
        """(the stems as one automaton, the rows of each)."""
        import re2  # 3 MB and 7 ms, which mail that its headers give away does not need

        automaton = re2.Set.SearchSet()
        for stem in self._rows:
            automaton.Add(re2.escape(stem))
        automaton.Compile()
        return automaton, tuple(self._rows.values())

    def possible(self, text: str) -> Mapping[str, Sequence[str]]:
        """Kind → the patterns that may match, in the order of the tables."""
        automaton, rows = self._stems
        found: dict[str, list[str]] = {}
        for at in automaton.Match(text.encode("utf-8", "replace")) or ():
            for kind, pattern in rows[at]:
                found.setdefault(kind, []).append(pattern)
        return {kind: found[kind] for kind in sorted(found, key=self._order.__getitem__)} if len(found) > 1 else found


_SUBJECTS = _Tables(
    {
        "certain bounce": wording.CERTAIN_BOUNCE_SUBJECTS,
        "certain reply": wording_replies.CERTAIN_REPLY_SUBJECTS,
        "a bounce": wording.BOUNCE_SUBJECTS,
        "an auto-reply": wording_replies.REPLY_SUBJECTS,
        "an acknowledgement": wording_replies.ACKNOWLEDGED_SUBJECTS,
        "a receipt": wording.RECEIPT_SUBJECTS,
        "a challenge": wording.CHALLENGE_SUBJECTS,
    }
)
_CERTAIN = {"certain bounce": "a bounce", "certain reply": "an auto-reply"}
_TEXTS = _Tables(
    {
        "certain bounce": wording.CERTAIN_BOUNCE_TEXTS,
        "bounce": wording.BOUNCE_TEXTS,
        "machine": wording_replies.MACHINE_TEXTS,
        "impersonal": wording_replies.IMPERSONAL_TEXTS,
        "absence": wording_people.ABSENCE_TEXTS,
        "challenge": wording.CHALLENGE_TEXTS,
        "acknowledgement": wording_replies.ACKNOWLEDGED_TEXTS,
        "receipt": wording.RECEIPT_TEXTS,
    }
)


class Phrasing:
    """One mail's subject and text, asked lazily: most mail is decided by few of these questions."""

    def __init__(self, subject: str, text: str, *, returned: bool) -> None:
        """`returned`: the mail carries another message, as a bounce carries what it returns."""
        self._subject = subject[:200].lower().strip()
        self._text = text
        self._returned = returned

    # -------------------------------------------------------------- places

    @cached_property
    def _window(self) -> str:
        """The first characters, and the last ones of a longer text."""
        text = self._text
        return (text if len(text) <= _OPENING else f"{text[:_OPENING]}\n{text[_OPENING:][-_CLOSING:]}").lower()

    @cached_property
    def _line(self) -> str:
        """The window on one line: mail systems break lines where they like."""
        return self._window.replace("\n", " ")

    @cached_property
    def _starts(self) -> Sequence[int]:
        """Where sentences begin, also behind a greeting; a text in quotation marks begins none."""
        window = self._window
        lines = islice(_STARTS.finditer(window), _MOST_STARTS)
        found = [len(window) - len(window.lstrip(_JUNK)), *[one.end() for one in lines]]
        if greeted := _GREETED.match(window):
            found.append(greeted.end())
            found.sort()
        return found

    @cached_property
    def _possible(self) -> Mapping[str, Sequence[str]]:
        return _TEXTS.possible(self._line)

    def _first(self, kind: str, limit: int = _OPENING) -> int:
        """Where a wording of this kind first opens a sentence, -1 when none does."""
        patterns = self._possible.get(kind)
        if not patterns:
            return -1
        line, starts = self._line, self._starts
        first = limit + 1
        for pattern in patterns:
            matches = _compiled(pattern).match
            for place in starts:
                if place >= first:
                    break
                if matches(line, place):
                    first = place
        return first if first <= limit else -1

    def _unspoken(self, kind: str, limit: int = _OPENING) -> bool:
        """Whether such a wording opens a sentence, and no person spoke before it."""
        place = self._first(kind, limit)
        return place >= 0 and not _PERSON.search(self._line, 0, place)

    # -------------------------------------------------------------- people

    @cached_property
    def _read(self) -> str:
        return self._text[:_READ].lower()

    @cached_property
    def _person(self) -> bool:
        return not _PERSON_WORDS.isdisjoint(self._read.split()) or bool(_PERSON.search(self._read))

    @cached_property
    def _asks(self) -> bool:
        """Whether somebody asks or speaks of an order: robots that answer mail do not."""
        return "?" in self._read or "？" in self._read or bool(_MATTERS.search(self._read))

    # -------------------------------------------------------------- kinds of text

    @cached_property
    def _smtp_answer(self) -> bool:
        text = self._text[:4000]
        return any(code in text for code in _CODES) and bool(_SMTP_ANSWER.search(text))

    def _is_bounce(self) -> bool:
        return self._unspoken("certain bounce") or (
            self._unspoken("bounce", _LATEST_NOTE)
            and (self._returned or (self._smtp_answer and not self._person and "?" not in self._window))
        )

    def _is_machine(self) -> bool:
        everywhere = _OPENING + _CLOSING
        return self._unspoken("machine") or (
            (self._first("machine", everywhere) >= 0 or self._first("impersonal", everywhere) >= 0) and not self._person
        )

    def _is_absence(self) -> bool:
        place = self._first("absence", _LATEST_NOTE)
        return (
            place >= 0 and not self._asks and not _THINGS.search(self._read) and bool(_MEANWHILE.search(self._read, 0))
        )

    def _is_acknowledgement(self) -> bool:
        return (
            self._first("acknowledgement", _LATEST_NOTE) >= 0
            and "?" not in self._read
            and not self._person
            and bool(_PROMISES.search(self._read))
        )

    def text_kind(self) -> str:
        """What the text is by itself, '' for a person's."""
        if not self._text:
            return ""
        if self._is_bounce():
            return "a bounce"
        if self._is_machine():
            return "automatic mail"
        if self._is_absence():
            return "an out-of-office note"
        if self._unspoken("challenge", _LATEST_NOTE) and _LINK.search(self._read) and not _MATTERS.search(self._read):
            return "a challenge"
        return "an acknowledgement" if self._is_acknowledgement() else ""

    # -------------------------------------------------------------- subjects

    def subject_kind(self) -> str:
        """What the subject says the mail is, where the text does not contradict; '' for a person's."""
        if not self._subject:
            return ""
        answered = _ANSWERED.match(self._subject)
        subject = self._subject[answered.end() if answered else 0 :].lstrip(_JUNK)
        kind, whole = _kind(subject)
        certain = _CERTAIN.get(kind, "")
        tail = "" if certain else _tail(subject)
        if certain or tail:
            # Behind `Re:` and `Fwd:` it is the subject of the mail that somebody answers or asks about.
            # A few words that are the whole subject ("Failure notice") are a person's as easily.
            short = (whole and subject.count(" ") <= 3) or "?" in subject
            doubted = bool(answered) or tail == "a bounce" or short
            if doubted and certain == "a bounce" and not answered and not self._asks and not self._person:
                return certain
            return certain or tail if not doubted or self.text_kind() or self._sounds(certain or tail) else ""
        if answered and kind and (self._person or kind in ("a bounce", "a challenge")):
            return kind if self.text_kind() else ""
        return kind if kind and self._sounds(kind) else ""

    def _sounds(self, kind: str) -> bool:
        """Whether the text agrees with a subject that a person could write too."""
        match kind:
            case "a bounce":
                asked = "?" in self._line[:_FIRST_LINES] or bool(_PERSON.search(self._line, 0, _FIRST_LINES))
                return (self._unspoken("bounce") and (self._returned or not asked)) or self._is_bounce()
            case "a receipt":
                return len(self._text) < 4 or self._unspoken("receipt")
            case "a challenge":
                return self._unspoken("challenge") or bool(_LINK.search(self._read) and not self._person)
            case "an acknowledgement":
                return self._first("acknowledgement") >= 0 and not self._person and "?" not in self._read
        away = self._first("absence") >= 0 or bool(_MEANWHILE.search(self._read)) or len(self._text) < 4
        return away and not self._asks and not _THINGS.search(self._read)

    def hinted(self) -> str:
        """What subject or text sound like when some header already hints at a robot."""
        subject, _ = _kind(self._subject)
        if subject and not self._asks:
            return subject
        return "automatic mail" if not self._asks and self._first("absence") >= 0 else ""


def _kind(subject: str) -> tuple[str, bool]:
    """(the kind that the subject starts like, whether it says nothing else)."""
    for kind, patterns in _SUBJECTS.possible(subject).items():
        ending = _END if kind in _CERTAIN else ""
        for pattern in patterns:
            found = _compiled(pattern, ending).match(subject)
            if found:
                return kind, found.end() == len(subject)
    return "", False


def _tail(subject: str) -> str:
    found = _TAIL.search(subject) if subject.endswith(_TAILS) else None
    if not found:
        return ""
    return "a bounce" if found[1] in ("undeliverable", "non remis", "delivery failed") else "an auto-reply"
