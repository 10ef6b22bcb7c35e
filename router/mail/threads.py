"""Which conversation a message says it belongs to, and whom an answer goes to. Pure; the store does the matching.

A thread is one customer's. Ids decide; where they are missing or lead nowhere, a ticket tag or the subject may, within
the threads of the very address that wrote.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from router.mail import subjects
from router.mail.attributions import is_attribution
from router.mail.subjects import Subject
from router.values import Address, Message

TAGGED = timedelta(days=90)  # a ticket tag leads to a thread that was active so long ago
WAITING = timedelta(days=30)  # a reply's subject leads to a thread in which somebody still waits
ANSWERED = timedelta(days=14)  # … and to one in which nobody waits
REPEATED = timedelta(hours=48)  # the same telling subject without a reply prefix
_INDEX_OCTETS = 22  # of Thread-Index: what all mails of a conversation share [MS-OXOMSG] section 2.2.1.3
_QUOTED = re.compile(r"(?:^|\n)>")
_LONGEST_LINE = 300  # characters


# ------------------------------------------------------------------ by ids


def references_of(message: Message) -> tuple[str, ...]:
    """The ids this message answers, oldest first and the direct parent last, each once.

    Old clients name the author beside the id ("Message from Jane <jane@x.example> of Tuesday"): that is no id.
    """
    if not message.references and not message.in_reply_to:
        return ()
    parents = [one for one in message.in_reply_to if one not in message.references]
    ids = tuple(dict.fromkeys((*message.references, *parents)))
    if not message.in_reply_to:
        return ids
    people = {a.address for a in (message.sender, *message.reply_to, *message.to, *message.cc) if a.address}
    return tuple(one for one in ids if one[1:-1].lower() not in people) or ids


def conversation_index(message: Message) -> str:
    """What Outlook's Thread-Index and the subject say of the conversation, '' when there is no such header.

    It is no Message-ID (it has no angle brackets), so the two never meet. A template keeps its index, and people begin
    a new matter by answering an old mail: only with an equal subject is it the same conversation.
    """
    value = next((v for name, v in message.headers if len(name) == 12 and name.lower() == "thread-index"), "")
    if not value:
        return ""
    try:
        octets = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    key = subjects.read(message.subject).key
    if len(octets) < _INDEX_OCTETS or not key:
        return ""
    said = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8)  # it is kept, and a subject is the customer's
    return f"thread-index:{octets[:_INDEX_OCTETS].hex()}:{said.hexdigest()}"


# ------------------------------------------------------------------ by what the subject says


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A thread that a message without helpful ids may continue."""

    id: int
    customer: str  # address
    subject: str
    tags: Collection[str]  # ticket numbers that mails of the thread, ours or the customer's, carry in their subjects
    loose: Collection[str] = ()  # … and numbers that may be something else (`Subject.loose`)
    active_at: datetime  # when something was last asked, answered or closed in it
    waiting: bool = False
    closed: bool = False


def may_continue(message: Message) -> tuple[str, Subject] | None:
    """Whose thread this message may find by its subject: its author's; None when it must not find one.

    Robots and lists repeat subjects without being a conversation; more than one author, or an answer that goes to
    another address than the author's, is not surely the customer.
    """
    author = message.sender.address
    if not author or message.sender_count != 1 or message.automatic or message.is_list or message.unreadable:
        return None
    if any(other.address != author for other in message.reply_to):
        return None
    subject = subjects.read(message.subject)
    telling = subjects.says_something if _is_reply(message, subject) else subjects.says_exactly
    return (author, subject) if subject.tags or telling(subject.key) else None


def may_answer(message: Message) -> tuple[str, Subject] | None:
    """Whose thread a mail of ours may answer by its subject: its only recipient's; None when it must not find one.

    It stops a clock, so it must show that it is an answer, and name no other mail.
    """
    people = {a.address for a in (*message.to, *message.cc)}
    if len(people) != 1 or message.automatic or references_of(message):
        return None
    subject = subjects.read(message.subject)
    if not _is_reply(message, subject) or not (subject.tags or subjects.says_something(subject.key)):
        return None
    return people.pop(), subject


def continued(message: Message, at: datetime, candidates: Iterable[Candidate]) -> tuple[Candidate, str] | None:
    """The thread that a message received `at` continues by its ticket tag or its subject, and why; the newest of many.

    Threads of another address than the author's are never joined, whatever the subject says: its text is a stranger's.
    """
    sought = may_continue(message)
    if sought is None:
        return None
    author, subject = sought
    answers = _is_reply(message, subject)
    found = [
        (bool(because.startswith("ticket")), one.active_at, one.id, one, because)
        for one in candidates
        if one.customer == author and (because := _because(subject, one, at, answers=answers))
    ]
    return max(found, key=lambda f: f[:3])[3:] if found else None


def answered(message: Message, at: datetime, candidates: Iterable[Candidate]) -> Candidate | None:
    """The thread that a mail of ours, sent `at`, answers by its subject: the only one that waits for such an answer.

    Where two wait, nobody can tell which was meant, and both wait on.
    """
    sought = may_answer(message)
    if sought is None:
        return None
    customer, subject = sought
    found = [
        one
        for one in candidates
        if one.customer == customer and one.waiting and one.active_at <= at and _because(subject, one, at, answers=True)
    ]
    return found[0] if len(found) == 1 else None


def _because(subject: Subject, thread: Candidate, at: datetime, *, answers: bool) -> str:
    """Why a message belongs to this thread of its customer, '' when it does not."""
    apart = abs(at - thread.active_at)
    theirs = subjects.read(thread.subject)
    same = subject.key == theirs.key
    if shared := _shared_tags(subject, theirs, thread, answers=answers, same=same):
        return f"ticket {min(shared)} in the subject, the same customer" if apart <= TAGGED else ""
    known = theirs.tags.union(thread.tags, thread.loose)
    if not same or (subject.tags and known and not subject.tags & known):  # two numbers: two matters
        return ""
    if answers:
        if apart <= (WAITING if thread.waiting else ANSWERED) and subjects.says_something(subject.key):
            return f"an answer without helpful ids: the same subject and customer, {_span(apart)} apart"
        return ""
    if apart <= REPEATED and not thread.closed and subjects.says_exactly(subject.key):
        return f"the same telling subject and customer, {_span(apart)} apart"
    return ""


def _shared_tags(subject: Subject, theirs: Subject, thread: Candidate, *, answers: bool, same: bool) -> Collection[str]:
    """The ticket numbers that prove a message part of a thread.

    A marked one (`[#12345]`) does by itself; a loose one only in an answer, and when one side has it marked or both
    have the same subject: "(#12)" is a flat, in which keys get lost and water leaks.
    """
    marked = (theirs.tags - theirs.loose).union(thread.tags)
    loose = theirs.loose.union(thread.loose)
    certain = subject.tags - subject.loose
    if shared := certain & marked:
        return shared
    return (subject.tags & marked) | ((subject.tags if same else certain) & loose) if answers else ()


def _is_reply(message: Message, subject: Subject) -> bool:
    """Whether a client or the text shows an answer: a reply prefix, or quoted lines.

    One such line proves nothing unless it is said whose it is: people set off a price or a name with a sign, too.
    """
    if subject.is_reply:
        return True
    text = message.full_text
    if len(text) <= len(message.text) or not (quoted := _QUOTED.search(text)):
        return False
    if _QUOTED.search(text, quoted.end()):
        return True
    above = text[: quoted.start()].rstrip().rpartition("\n")[2].strip()
    return 0 < len(above) <= _LONGEST_LINE and is_attribution(above, quoted=True)


def _span(apart: timedelta) -> str:
    hours = apart // timedelta(hours=1)
    if hours < 2:
        return "less than two hours"
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours"


# ------------------------------------------------------------------ whose it is


def customer_of(message: Message, ours: Collection[str] = ()) -> Address:
    """Who wrote and gets the answer: Reply-To when it is exactly one readable address and not ours, else From.

    `ours` holds our own addresses in lower case.
    """
    if len(message.reply_to) == 1 and message.reply_to[0].address and message.reply_to[0].address not in ours:
        return message.reply_to[0]
    return message.sender
