"""From a message to a draft: suggest, render, compose. The one entry the pipeline uses."""

from __future__ import annotations

from datetime import datetime

from router.mail.compose import compose_draft, message_id_for, one_line, reply_recipient
from router.replies.facts import wording
from router.replies.library import Library
from router.replies.render import Rendered, render_or_otherwise
from router.replies.suggest import suggest
from router.values import Address, Classification, Draft, Mailbox, Message, MessageRef, NoDraft, ThreadState


def write_draft(
    *,
    library: Library,
    message: Message,
    raw_ref: MessageRef | None,
    thread: ThreadState | None,
    classification: Classification,
    wanted: str,
    mailbox: Mailbox,
    now: datetime,
    key: str,
) -> Draft | NoDraft:
    """The draft that answers `message`, or why there is none; `wanted` is "best" or a reply's id.

    `raw_ref` says where the message lies when the draft is placed (after a move, its new place), None when nobody
    knows. The same `key` gives the same Message-ID.
    """
    if refusal := _no_person(message):
        return NoDraft(because=refusal)
    recipient = reply_recipient(message, (mailbox.address, mailbox.login.user))
    if isinstance(recipient, NoDraft):
        return recipient
    suggestion = suggest(library, message, classification, wanted=wanted, languages=mailbox.languages)
    if isinstance(suggestion, NoDraft):
        return suggestion
    rendered = render_or_otherwise(library, suggestion.reply, message, thread=thread)
    if isinstance(rendered, NoDraft):
        return rendered
    return _composed(rendered, library, message, recipient, raw_ref, mailbox, now, key)


def _no_person(message: Message) -> str:
    """Why nobody waits for an answer to this mail, '' when somebody does."""
    if message.automatic:
        return f"automatic mail gets no draft: {message.automatic_because or 'a robot wrote it'}"
    return "list mail gets no draft" if message.is_list else ""


def _composed(
    rendered: Rendered,
    library: Library,
    message: Message,
    recipient: Address,
    ref: MessageRef | None,
    mailbox: Mailbox,
    now: datetime,
    key: str,
) -> Draft | NoDraft:
    name = one_line(wording(library.facts.get("name", {}), rendered.language), 80)
    message_id = message_id_for(key, mailbox.address)
    try:
        attachments = [(path.name, path.read_bytes()) for path in rendered.attach]
    except OSError as error:
        return NoDraft(because=f"{rendered.reply_id}: an attachment cannot be read: {error.strerror}")
    raw = compose_draft(
        body=rendered.body,
        message=message,
        sender=Address(name=name, address=mailbox.address),
        recipient=recipient,
        message_id=message_id,
        key=key,
        date=now,
        ref=ref,
        language=rendered.language,
        attachments=attachments,
    )
    if isinstance(raw, NoDraft):
        return raw
    return Draft(
        reply_id=rendered.reply_id,
        language=rendered.language,
        body=rendered.body,
        raw=raw,
        message_id=message_id,
        key=key,
    )
