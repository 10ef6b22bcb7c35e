"""The practice mails of `doctor --clients`: how they are made, recognised, and what one that was sent tells. Pure.

The question comes from the mailbox itself and is answered to it, so nothing leaves the team; a pass of the daemon takes
mail from the mailbox's own address for its own and leaves it alone.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from router.cli.doctor.findings import Finding, fail, ok, warn
from router.errors import MessageError
from router.mail.compose import KEY_HEADER, compose_draft, compose_notice, message_id_for
from router.mail.ids import message_ids
from router.mail.parse import parse
from router.mail.threads import references_of
from router.replies.similarity import AS_IS, EDITED, similarity
from router.values import Address, MessageRef, NoDraft

SUBJECT = "Inbox Router practice"
HEADERS = ("Message-ID", "In-Reply-To", "References", "Subject")
WORD = "BLUE"  # what the person replaces by something else; the question does not hold it
_QUESTION = """This is a practice mail of `inbox-router doctor --clients`.

It stands for a customer's question. The answer to it waits in Drafts.
Nothing has to be done here, and all practice mails are moved to Trash at
the end.
"""
_ANSWER = f"""Hello,

this draft stands for a saved reply. My favourite colour is {WORD}:
please put another colour in its place, and press Send.

It goes to this very mailbox and to nobody else.

Kind regards,
Inbox Router
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One question and the answer to it. `code` is in both subjects, so that people find them."""

    code: str
    address: str
    question: bytes
    question_id: str
    draft_id: str
    key: str
    now: datetime

    @property
    def subject(self) -> str:
        return f"{SUBJECT} {self.code}"

    def draft(self, ref: MessageRef) -> bytes:
        """The answer as a saved reply would lie in Drafts; `ref` says where the question lies."""
        own = Address(address=self.address)
        raw = compose_draft(
            body=_ANSWER,
            message=parse(self.question),
            sender=own,
            recipient=own,
            message_id=self.draft_id,
            key=self.key,
            date=self.now,
            ref=ref,
            language="en",
        )
        if isinstance(raw, NoDraft):
            raise MessageError(raw.because)
        return raw

    def owns(self, headers: Mapping[str, str]) -> bool:
        """Whether a mail with these headers (`HEADERS`, by name in lower case) is one of ours or answers one."""
        named = " ".join(headers.get(name.lower(), "") for name in HEADERS[:3])
        ours = {self.question_id, self.draft_id}
        return not ours.isdisjoint(message_ids(named)) or self.subject in headers.get("subject", "")


def make(address: str, code: str, now: datetime) -> Practice:
    """A question from a mailbox to itself. `code` must be new and nobody's guess. Raises UnsafeArgument."""
    own, key = Address(name="Practice customer", address=address), f"practice-{code}"
    question_id = message_id_for(f"{key}-question", address)
    question = compose_notice(
        body=_QUESTION,
        subject=f"{SUBJECT} {code}",
        sender=own,
        recipients=[Address(address=address)],
        message_id=question_id,
        key=key,
        date=now,
    )
    return Practice(
        code=code,
        address=address,
        question=question,
        question_id=question_id,
        draft_id=message_id_for(f"{key}-draft", address),
        key=f"{key}-draft",
        now=now,
    )


# ------------------------------------------------------------------ what was sent


def judge(where: str, practice: Practice, sent: bytes) -> Iterator[Finding]:
    """What the copy in Sent tells of the client that sent it."""
    yield _threading(where, practice, sent)
    yield _identity(where, practice, sent)
    yield from _text(where, sent)
    yield _learned(where, sent)


def _threading(where: str, practice: Practice, sent: bytes) -> Finding:
    message = parse(sent)
    parent, ancestors = practice.question_id in message.in_reply_to, practice.question_id in message.references
    if parent and ancestors:
        return ok(where, "threading survived: In-Reply-To and References name the customer's mail")
    if practice.question_id in references_of(message):
        lost = "References" if parent else "In-Reply-To"
        text = f"threading survived in half: {lost} was dropped by this client"
        return warn(where, text, "Answers are found all the same; some customers' clients show them apart.")
    return fail(
        where,
        "threading was lost: neither In-Reply-To nor References names the customer's mail",
        "Open the draft itself and send it; “edit as new”, a copy or a forward begins a new conversation. If this "
        "client can do no other, its answers are recognised only by the customer's address and the subject.",
    )


def _identity(where: str, practice: Practice, sent: bytes) -> Finding:
    message = parse(sent)
    kept = [
        "the Message-ID is ours" if message.message_id == practice.draft_id else "the Message-ID is the client's own",
        f"{KEY_HEADER} was {'kept' if message.header(KEY_HEADER) == practice.key else 'dropped'}",
    ]
    return ok(where, f"{' and '.join(kept)}: either is fine, answers are known by thread and text")


def _learned(where: str, sent: bytes) -> Finding:
    alike = similarity(_ANSWER, parse(sent).text)
    if alike >= EDITED:
        became = "sent as it was" if alike >= AS_IS else "sent after an edit"
        return ok(where, f"the answer would be recognised as our draft, {became}")
    text = "the answer has little in common with the draft: it would count as written by hand"
    return warn(where, text, "Right if you rewrote it. Else the client has changed the text: compare the copy in Sent.")


def _text(where: str, sent: bytes) -> Iterator[Finding]:
    """Whether the customer reads the edited text in every part that a client may show."""
    texts = _texts(sent)
    old = [kind for kind, text in texts if WORD in text]
    new = [kind for kind, text in texts if WORD not in text]
    if not new:
        yield warn(
            where,
            f"the draft was sent without the edit ({WORD} is still in it)",
            "Whether an edited draft keeps one text only could not be seen: try once more and change the word.",
        )
    elif old:
        yield fail(
            where,
            f"the customer may read the old text: {' and '.join(new)} holds the edit, {' and '.join(old)} does not",
            "This client edits one part of a mail and sends the other unchanged. Keep drafts plain text, as the router "
            "writes them, and switch off what adds a second part.",
        )
    else:
        yield ok(where, f"your edit was sent, and there is no other text beside it ({', '.join(new)})")


def _texts(sent: bytes) -> list[tuple[str, str]]:
    """(what it is, text) of every part that holds text, attached pages included."""
    parsed = email.message_from_bytes(sent, _class=EmailMessage, policy=email.policy.default)
    found: list[tuple[str, str]] = []
    for part in parsed.walk():
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html"):
            name = f"an attached {kind}" if part.get_content_disposition() == "attachment" else kind
            content = part.get_payload(decode=True)
            found.append((name, content.decode("utf-8", "replace") if isinstance(content, bytes) else ""))
    return found


def answered(where: str, flags: Collection[str]) -> Finding:
    """Whether the client marked the question."""
    if "\\Answered" in flags:
        return ok(where, "the question was marked as answered (\\Answered)")
    return ok(where, "the question was not marked as answered; few clients do it for a draft, and Sent is what counts")
