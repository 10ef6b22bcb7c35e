"""What really lies in the demo's mailbox, read back over IMAP, beside what the store recorded about it."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from hashlib import sha256

from router.connect import open_session
from router.imap import fetch, folders
from router.store import mailboxes, messages
from router.store.database import Store
from router.store.records import MessageRecord
from router.values import Mailbox, TraceLine, from_json

DRAFTS = "Drafts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One message on the server; `row` is what the store recorded about it, None for drafts."""

    folder: str
    uid: int
    raw: bytes
    flags: tuple[str, ...]
    row: MessageRecord | None = None

    @property
    def digest(self) -> str:
        return sha256(self.raw).hexdigest()

    @property
    def trace(self) -> list[TraceLine]:
        """The steps that led here, as recorded."""
        return from_json(self.row.trace.encode(), list[TraceLine]) if self.row and self.row.trace else []

    @property
    def shown(self) -> EmailMessage:
        """The message as a mail client reads it."""
        return parsed(self.raw)

    def because(self, where: str, outcome: str = "") -> list[str]:
        """Reasons that the trace gives for the steps whose place begins like this."""
        lines = (line for line in self.trace if line.where.startswith(where))
        return [line.because for line in lines if not outcome or line.outcome == outcome]


def parsed(raw: bytes) -> EmailMessage:
    """A message as a mail client reads it."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def read_back(mailbox: Mailbox, store: Store) -> list[Found]:
    """Every message in every folder, by a connection of its own."""
    found: list[Found] = []
    with open_session(mailbox, read_only=True) as session:
        for name in folders.listing(session):
            status = folders.survey(session, [name])[name]
            if not status.selectable:
                continue
            rows = _rows(store, name)
            for message in fetch.new_messages(session, mailbox.name, name, fetch.uids(session, name)):
                uid = message.ref.uid
                one = Found(folder=name, uid=uid, raw=message.raw, flags=message.flags, row=rows.get(uid))
                found.append(one)
    return found


def _rows(store: Store, folder: str) -> dict[int, MessageRecord]:
    with store.begin() as tx:
        records = [r for m in mailboxes.all_mailboxes(tx) for r in messages.in_folder(tx, m.id, folder)]
    return {r.uid: r for r in records if r.uid}


def counts(found: Iterable[Found]) -> dict[str, int]:
    """How many customers' mails lie in each folder, in the server's order of folders."""
    return dict(Counter(one.folder for one in found if one.folder != DRAFTS))


def reason(one: Found) -> str:
    """Why a mail lies where it lies, in one line out of its trace."""
    if one.row and one.row.decided_by == "agent":
        return "a person moved it here"
    parts = [*one.because("quarantine"), *one.because("classify.phrase")[:1]]
    if not parts:
        words = ", ".join(one.because("classify.words")) if one.row and one.row.decided_by == "model" else ""
        parts += [*one.because("classify.example")[:1], *filter(None, [words]), *one.because("classify")[:1]]
    if "forged" in " ".join(one.flags):
        parts += one.because("authentication")
    parts += [*one.because("senders.", "hit"), *one.because("folder")]
    return "; ".join(dict.fromkeys(parts))


def objections(found: Sequence[Found], delivered: Sequence[bytes], drafts_of: Mapping[str, int]) -> list[str]:
    """What is wrong: a mail that is lost, doubled or changed; a second draft that answers the same mail."""
    there = Counter(one.digest for one in found if one.folder != DRAFTS)
    wanted = Counter(sha256(raw).hexdigest() for raw in delivered)
    wrong = [f"{n} of mail {digest[:12]} are missing" for digest, n in (wanted - there).items()]
    wrong += [f"{n} of mail {digest[:12]} are too many" for digest, n in (there - wanted).items()]
    return wrong + [f"{n} drafts answer {parent}" for parent, n in drafts_of.items() if n > 1]


def answered_by_drafts(found: Iterable[Found]) -> Counter[str]:
    """How many drafts answer each mail: by its Message-ID, of those without one by customer and subject."""
    drafts = [one.shown for one in found if one.folder == DRAFTS]
    return Counter(str(d["In-Reply-To"] or f"{d['To']}: {d['Subject']}").strip() for d in drafts)
