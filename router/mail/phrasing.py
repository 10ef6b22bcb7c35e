"""What a subject and a text sound like: bounce, auto-reply, acknowledgement, receipt, challenge, or a person.

Words prove nothing by standing in a mail: people write about bounces, vacations and no-reply addresses. So a wording
counts only where a sentence begins, and only while no person spoke before it; the doubtful ones only beside a second
sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property

from . import wording, wording_people, wording_replies
from .wording import Row

_OPENING, _CLOSING = 600, 300  # characters: where a mail system says what it is
_READ = 1500  # characters in which a person is looked for
_LATEST_NOTE = 450  # characters: an absence note does not come after a letter

# What people put before a subject: they answer or forward.
_ANSWERED = re.compile(
    r"\s*(?:(?:re|aw|sv|vs|antw|fwd?|wg|tr|rif|rv|odp|pd|doorst|odg|отв|відп|пересл|хариу|回复|转发|ynt)\s*(?:\[\d+\])?\s*[:：]\s*)+"
)
_TAIL = re.compile(
    r"[:(]\s*(auto(?:matic)?[- ]?reply|automatic response|автоответ|undeliverable|non remis|delivery failed)\)?\s*$"
)
# Behind a certain wording a subject ends, or goes on with the subject that it answers.
_END = r"\s*(?:$|[:：(\[<,\-–—])"
_JUNK = " \t*#=|_-[(!.<>"
_STARTS = re.compile(r"(?:\A|\n|[.!?。！？*#=|])[\s*#=|_\-–—\[(!.>]{0,40}")
_GREETED = re.compile(
    r"\A(?:[^\n.!?:\"'«»“„]{0,60}[,،、!]|(?:hola|estimad|buen[oa]s|sehr geehrte)[^\n.,!?:]{0,40}:)\s*"
)
_SMTP_ANSWER = re.compile(
    r"(?:^|[\s:(<>])[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b|\bsmtp error code [45]\d\d|\brcpt to:\s*<|"
    r"(?:^|[\s:(<>])5[05]\d[ -](?:<\S+>[ :.]*)?[^\n]{0,60}(?:user|mailbox|recipient|address|relay|denied|spam|reject)",
    re.IGNORECASE,
)
_PERSON = re.compile(wording_people.PERSON)
_MATTERS = re.compile(wording_people.MATTERS)
_MEANWHILE = re.compile(wording_people.MEANWHILE)
_PROMISES = re.compile(wording_replies.PROMISES)
_LINK = re.compile(r"https?://|click|reply to this|visit ")


@cache
def _compiled(pattern: str, ending: str = "") -> re.Pattern[str]:
    """Patterns are compiled when their stem is first met: most never are."""
    return re.compile(f"(?:{pattern}){ending}", re.DOTALL)


class _Table:
    """Rows by script: a text of plain ASCII is not searched for the stems of other scripts."""

    __slots__ = ("ascii", "every")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.every = tuple(rows)
        self.ascii = tuple(row for row in rows if row[0].isascii())

    def possible(self, text: str) -> Iterator[str]:
        """The patterns whose stem stands in the text."""
        for stem, pattern in self.ascii if text.isascii() else self.every:
            if stem in text:
                yield pattern


_CERTAIN_SUBJECTS = {
    "a bounce": _Table(wording.CERTAIN_BOUNCE_SUBJECTS),
    "an auto-reply": _Table(wording_replies.CERTAIN_REPLY_SUBJECTS),
}
_SUBJECTS = {
    "a bounce": _Table(wording.BOUNCE_SUBJECTS),
    "an auto-reply": _Table(wording_replies.REPLY_SUBJECTS),
    "an acknowledgement": _Table(wording_replies.ACKNOWLEDGED_SUBJECTS),
    "a receipt": _Table(wording.RECEIPT_SUBJECTS),
    "a challenge": _Table(wording.CHALLENGE_SUBJECTS),
}
_CERTAIN_BOUNCES, _BOUNCES = _Table(wording.CERTAIN_BOUNCE_TEXTS), _Table(wording.BOUNCE_TEXTS)
_MACHINES, _IMPERSONAL = _Table(wording_replies.MACHINE_TEXTS), _Table(wording_replies.IMPERSONAL_TEXTS)
_CHALLENGES, _ABSENCES = _Table(wording.CHALLENGE_TEXTS), _Table(wording_people.ABSENCE_TEXTS)
_ACKNOWLEDGED, _RECEIPTS = _Table(wording_replies.ACKNOWLEDGED_TEXTS), _Table(wording.RECEIPT_TEXTS)


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
        found = [one.end() for one in _STARTS.finditer(self._window)]
        greeted = _GREETED.match(self._window)
        return tuple(dict.fromkeys([*found, *([greeted.end()] if greeted else [])]))

    def _first(self, table: _Table, limit: int = _OPENING) -> int:
        """Where a wording of the table first opens a sentence, -1 when none does."""
        line = self._line
        places = [
            place
            for pattern in table.possible(line)
            for place in self._starts
            if place <= limit and _compiled(pattern).match(line, place)
        ]
        return min(places, default=-1)

    def _unspoken(self, table: _Table, limit: int = _OPENING) -> bool:
        """Whether such a wording opens a sentence, and no person spoke before it."""
        place = self._first(table, limit)
        return place >= 0 and not _PERSON.search(self._line, 0, place)

    # -------------------------------------------------------------- people

    @cached_property
    def _read(self) -> str:
        return self._text[:_READ].lower()

    @cached_property
    def _person(self) -> bool:
        return bool(_PERSON.search(self._read))

    @cached_property
    def _asks(self) -> bool:
        """Whether somebody asks or speaks of an order: robots that answer mail do not."""
        return "?" in self._read or "？" in self._read or bool(_MATTERS.search(self._read))

    # -------------------------------------------------------------- kinds of text

    @cached_property
    def _smtp_answer(self) -> bool:
        return bool(_SMTP_ANSWER.search(self._text, 0, 4000))

    def _is_bounce(self) -> bool:
        return self._unspoken(_CERTAIN_BOUNCES) or (
            (self._returned or self._smtp_answer) and self._unspoken(_BOUNCES, _LATEST_NOTE)
        )

    def _is_machine(self) -> bool:
        everywhere = _OPENING + _CLOSING
        return self._unspoken(_MACHINES) or (
            not self._person and (self._first(_MACHINES, everywhere) >= 0 or self._first(_IMPERSONAL, everywhere) >= 0)
        )

    def _is_absence(self) -> bool:
        place = self._first(_ABSENCES, _LATEST_NOTE)
        return place >= 0 and not self._asks and bool(_MEANWHILE.search(self._read, 0))

    def _is_acknowledgement(self) -> bool:
        return (
            not self._person
            and "?" not in self._read
            and self._first(_ACKNOWLEDGED, _LATEST_NOTE) >= 0
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
        if self._unspoken(_CHALLENGES, _LATEST_NOTE) and _LINK.search(self._read) and not _MATTERS.search(self._read):
            return "a challenge"
        return "an acknowledgement" if self._is_acknowledgement() else ""

    # -------------------------------------------------------------- subjects

    def subject_kind(self) -> str:
        """What the subject says the mail is, where the text does not contradict; '' for a person's."""
        if not self._subject:
            return ""
        answered = _ANSWERED.match(self._subject)
        subject = self._subject[answered.end() if answered else 0 :].lstrip(_JUNK)
        certain, whole = _kind(_CERTAIN_SUBJECTS, subject, _END)
        tail = "" if certain else _tail(subject)
        if certain or tail:
            # Behind `Re:` and `Fwd:` it is the subject of the mail that somebody answers or asks about.
            doubted = bool(answered) or tail == "a bounce" or (whole and self._asks and self._person)
            return certain or tail if not doubted or self.text_kind() or self._sounds(certain or tail) else ""
        kind, _ = _kind(_SUBJECTS, subject, "")
        return kind if kind and self._sounds(kind) and not (answered and self._person and not self.text_kind()) else ""

    def _sounds(self, kind: str) -> bool:
        """Whether the text agrees with a subject that a person could write too."""
        match kind:
            case "a bounce":
                worded = self._unspoken(_BOUNCES) and (self._returned or not (self._person or "?" in self._read))
                return worded or self._is_bounce() or (self._smtp_answer and not self._person)
            case "a receipt":
                return len(self._text) < 4 or self._unspoken(_RECEIPTS)
            case "a challenge":
                return self._unspoken(_CHALLENGES) or bool(_LINK.search(self._read) and not self._person)
            case "an acknowledgement":
                return self._first(_ACKNOWLEDGED) >= 0 and not self._person and "?" not in self._read
        return not self._asks and (not self._person or bool(_MEANWHILE.search(self._read)))

    def hinted(self) -> str:
        """What subject or text sound like when some header already hints at a robot."""
        subject, _ = _kind(_SUBJECTS, self._subject, "")
        if subject and not self._asks:
            return subject
        return "automatic mail" if not self._asks and self._first(_ABSENCES) >= 0 else ""


def _kind(tables: dict[str, _Table], subject: str, ending: str) -> tuple[str, bool]:
    """(the kind that the subject starts like, whether it says nothing else)."""
    for kind, table in tables.items():
        for pattern in table.possible(subject):
            found = _compiled(pattern, ending).match(subject)
            if found:
                return kind, found.end() == len(subject)
    return "", False


def _tail(subject: str) -> str:
    found = _TAIL.search(subject)
    if not found:
        return ""
    return "a bounce" if found[1] in ("undeliverable", "non remis", "delivery failed") else "an auto-reply"
