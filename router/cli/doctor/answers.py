"""`doctor` on answers: whether what the team sends to customers can be found in this mailbox's Sent.

Sent is where answers stop clocks. Which mail answers which is decided here as in a pass: by ids, by the subject where
ids are missing, and only for the customer's own address. Headers are read and compared on this side; nothing that a
mail says becomes a search.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from router.cli.advice import is_exchange, provider_of
from router.cli.doctor.findings import Finding, fail, ok, warn
from router.decide.answers import is_answer
from router.errors import FolderMissing
from router.mail import threads
from router.mail.threads import Candidate, customer_of, references_of

if TYPE_CHECKING:
    from router.imap.session import Session
    from router.mail.worker import ParseWorker
    from router.values import Mailbox, Message

CONVERSATIONS = 30
MOST_MAILS = 300  # the newest of all folders, among which the conversations are looked for
MOST_SENT = 500
SEVERAL = 3  # so many without a trace in Sent are no accident
FEW = 5  # conversations: of so few, perhaps none was answered yet
ENOUGH = 0.7
_NAMES = (
    "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "Precedence", "List-Id", "List-Unsubscribe", "Return-Path", "Content-Type", "X-Auto-Response-Suppress",
    "X-Inbox-Router-Key",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The header of one mail, when it arrived, and whether a client has marked it as answered."""

    message: Message
    at: datetime
    answered: bool = False


@dataclass(slots=True)
class Talk:
    """One conversation with a customer."""

    customer: str
    mails: list[Mail] = field(default_factory=list)  # the customer's, oldest first
    ids: set[str] = field(default_factory=set)  # of the customer's mails and of all that they answer
    in_sent: bool = False

    @property
    def newest(self) -> datetime:
        return self.mails[-1].at

    def candidate(self, number: int) -> Candidate:
        subject = self.mails[-1].message.subject
        return Candidate(
            id=number, customer=self.customer, subject=subject, tags=(), active_at=self.newest, waiting=True
        )


# ------------------------------------------------------------------ what is known of each conversation


def talks_of(mails: Sequence[Mail], own: Collection[str]) -> list[Talk]:
    """The conversations that customers' mails make, the newest first."""
    talks: list[Talk] = []
    for mail in sorted(mails, key=lambda mail: mail.at):
        message = mail.message
        customer = customer_of(message, own).address
        if not customer or customer in own or message.automatic or message.is_list:
            continue
        talk = _continued(talks, mail, customer)
        if talk is None:
            talk = Talk(customer)
            talks.append(talk)
        talk.mails.append(mail)
        talk.ids.update(filter(None, (message.message_id, *references_of(message))))
    return sorted(talks, key=lambda talk: talk.newest, reverse=True)


def _continued(talks: Sequence[Talk], mail: Mail, customer: str) -> Talk | None:
    ids = {mail.message.message_id, *references_of(mail.message)}
    known = next((t for t in reversed(talks) if t.customer == customer and t.ids & ids), None)
    if known is not None:
        return known
    found = threads.continued(mail.message, mail.at, [t.candidate(n) for n, t in enumerate(talks)])
    return talks[found[0].id] if found else None


def find_answers(talks: Sequence[Talk], sent: Sequence[Mail], own: Collection[str]) -> None:
    """Mark the conversations that one of these sent mails answers."""
    for mail in sent:
        ids = set(references_of(mail.message))
        answered = [t for t in talks if t.ids & ids and is_answer(mail.message, t.customer, own)]
        if not answered:
            open_ones = [t.candidate(n) for n, t in enumerate(talks) if t.mails[0].at <= mail.at]
            found = threads.answered(mail.message, mail.at, open_ones)
            answered = [talks[found.id]] if found else []
        for talk in answered:
            talk.in_sent = True


def looks_answered(talk: Talk, sent_ids: Collection[str]) -> bool:
    """Whether somebody has answered: found in Sent, marked by a client, or the customer answers what is not here."""
    own_ids = {mail.message.message_id for mail in talk.mails if mail.message.message_id}
    return talk.in_sent or any(m.answered or _answers_unseen(m.message, own_ids, sent_ids) for m in talk.mails)


def _answers_unseen(message: Message, own_ids: Collection[str], sent_ids: Collection[str]) -> bool:
    """A customer's mail whose parent is no mail that we have, and that goes back to one of the customer's own."""
    ids = references_of(message)
    if not ids or ids[-1] in own_ids or ids[-1] in sent_ids:
        return False
    return any(earlier in own_ids for earlier in ids[:-1])


# ------------------------------------------------------------------ reading


def findings(session: Session, mailbox: Mailbox, wanted: Sequence[str], sent: str) -> Iterator[Finding]:
    """In how many of the last conversations that look answered the answer lies in Sent."""
    from router.mail.worker import ParseWorker

    own = frozenset({mailbox.address.lower(), mailbox.login.user.lower()})
    parser = ParseWorker()
    try:
        talks = talks_of(_newest(session, mailbox, ("INBOX", *wanted), parser), own)[:CONVERSATIONS]
        oldest = min((t.mails[0].at for t in talks), default=None)
        copies = _mails(session, _since(session, mailbox, sent, oldest), parser) if oldest else []
    finally:
        parser.close()
    find_answers(talks, copies, own)
    sent_ids = {copy.message.message_id for copy in copies}
    answered = [talk for talk in talks if looks_answered(talk, sent_ids)]
    yield judged(mailbox, sent, len(talks), len(answered), sum(talk.in_sent for talk in answered))


Bare = tuple[str, int, datetime, bool]  # folder, UID, arrival, \Answered


def _newest(session: Session, mailbox: Mailbox, folders: Sequence[str], parser: ParseWorker) -> list[Mail]:
    bare: list[Bare] = []
    for folder in dict.fromkeys(folders):
        try:
            bare += _since(session, mailbox, folder, None)
        except FolderMissing:
            continue
    return _mails(session, sorted(bare, key=lambda one: one[2])[-MOST_MAILS:], parser)


def _since(session: Session, mailbox: Mailbox, folder: str, moment: datetime | None) -> list[Bare]:
    from router.imap import fetch

    uids = fetch.uids(session, folder, since=moment.date() if moment else None)[-MOST_SENT:]
    rows = fetch.new_messages(session, mailbox.name, folder, uids, bare=True)
    return [(folder, row.ref.uid, row.internaldate, "\\Answered" in row.flags) for row in rows]


def _mails(session: Session, bare: Sequence[Bare], parser: ParseWorker) -> list[Mail]:
    """The headers of these mails, parsed where a mail that is made to hurt can be ended."""
    from router.imap import fetch

    kept: list[tuple[Bare, bytes]] = []
    for folder in dict.fromkeys(one[0] for one in bare):
        fields = fetch.header_fields(session, folder, [one[1] for one in bare if one[0] == folder], _NAMES)
        kept += [(one, _block(fields[one[1]])) for one in bare if one[0] == folder and one[1] in fields]
    messages = parser.submit([(raw, len(raw)) for _, raw in kept]).result() if kept else []
    return [
        Mail(message=message, at=one[2], answered=one[3])
        for (one, _), message in zip(kept, messages, strict=True)
        if not message.unreadable
    ]


def _block(fields: Sequence[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode() + b"\r\n"


# ------------------------------------------------------------------ judging


def judged(mailbox: Mailbox, sent: str, talks: int, answered: int, kept: int) -> Finding:
    """What it means that of so many conversations so many look answered, and so many answers lie in Sent."""
    where = mailbox.name
    if not talks:
        return ok(where, "no conversation with a customer is here yet to look for answers to")
    last = f"the last {talks} conversations" if talks > 1 else "the last conversation"
    if not answered:
        text = f"none of {last} looks answered" if talks > 1 else f"{last} does not look answered"
        return ok(where, text) if talks < FEW else warn(where, text, f"If some were: {elsewhere(mailbox, sent)}")
    of = f"of {answered} answered among {last}" if talks > 1 else f"of {last}"
    if not kept:
        text = f"answers found in {sent} for none {of}"
        finding = fail if answered >= SEVERAL else warn
        return finding(where, text, f"{elsewhere(mailbox, sent)}\n{_WITHOUT}")
    text = f"answers found in {sent} for {kept} {of}"
    if answered - kept >= SEVERAL or kept < ENOUGH * answered:
        return warn(where, text, f"Some people's copies lie elsewhere. {elsewhere(mailbox, sent)}")
    return ok(where, text)


_WITHOUT = (
    "Without them a clock stops only where a client marks the mail as answered; else reminders nag about mail that was "
    "answered long ago, and what became of a draft is never learned."
)


def elsewhere(mailbox: Mailbox, sent: str) -> str:
    """How to have copies of what the team sends kept in this mailbox."""
    if is_exchange(mailbox.imap):
        return (
            "Microsoft 365 keeps what is sent “as” or “on behalf of” a mailbox in the agent's own Sent. An "
            "administrator has a copy kept here, too:\n"
            f"  Set-Mailbox {mailbox.login.user} -MessageCopyForSentAsEnabled $true "
            "-MessageCopyForSendOnBehalfEnabled $true"
        )
    provider = provider_of(mailbox.imap)
    if provider is not None and provider.name == "Gmail":
        return (
            "Gmail keeps what an agent sends “as” this address from an account of their own there: let the team send "
            "from this mailbox itself, or by its own SMTP server."
        )
    return (
        f"Set each agent's mail client to keep what it sends in {sent} of this mailbox (Thunderbird: Account Settings, "
        "Copies & Folders, “Place a copy in”)."
    )
