"""The reminder mail: one per person and sweep, whatever the number of customers who wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from router.mail.compose import compose_notice
from router.values import Address, Mailbox

HEADLINES = {
    "remind": "Please answer soon",
    "escalate": "Overdue: nobody has answered yet",
    "due": "A rule asks you to look",
}
SUBJECTS = {"remind": "waiting for an answer", "escalate": "overdue", "due": "to look at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One line of a reminder."""

    kind: str  # remind · escalate
    customer: str
    subject: str
    folder: str
    waiting_since: datetime
    message_id: str
    step: str
    draft: bool = False


def compose(
    *,
    mailbox: Mailbox,
    recipients: Sequence[str],
    lines: Sequence[Waiting],
    maybe_told: Sequence[str],
    key: str,
    message_id: str,
    now: datetime,
) -> tuple[str, bytes]:
    """Subject and bytes of one reminder mail. `maybe_told` are subjects of earlier mails that may have been lost."""
    subject = _subject(mailbox, lines)
    body = "\n".join(_body(mailbox, lines, maybe_told, now))
    raw = compose_notice(
        body=body,
        subject=subject,
        sender=Address(name="Inbox Router", address=mailbox.address),
        recipients=[Address(address=r) for r in recipients],
        message_id=message_id,
        key=key,
        date=now,
    )
    return subject, raw


def _subject(mailbox: Mailbox, lines: Sequence[Waiting]) -> str:
    worst = "escalate" if any(line.kind == "escalate" for line in lines) else "remind"
    count = len(lines)
    who = "1 customer" if count == 1 else f"{count} customers"
    return f"[{mailbox.name}] {who} {SUBJECTS[worst]}"


def _body(mailbox: Mailbox, lines: Sequence[Waiting], maybe_told: Sequence[str], now: datetime) -> list[str]:
    text: list[str] = []
    for kind in ("escalate", "remind"):
        group = sorted((w for w in lines if w.kind == kind), key=lambda w: w.waiting_since)
        if group:
            text += [HEADLINES[kind] + ":", ""]
            for waiting in group:
                text += _line(waiting, now)
    if maybe_told:
        text += ["We may have told you already (the connection broke while these mails were leaving):", ""]
        text += [f"  - {subject}" for subject in maybe_told] + [""]
    text += [f"Answer from your own mail client: the clock of {mailbox.address} stops by itself.", ""]
    return text


def _line(waiting: Waiting, now: datetime) -> list[str]:
    lines = [
        f"  {waiting.customer} has waited {duration(now - waiting.waiting_since)}",
        f"    Subject: {waiting.subject or '(no subject)'}",
        f"    Folder:  {waiting.folder}{'  (a draft is ready in Drafts)' if waiting.draft else ''}",
    ]
    if waiting.message_id:
        lines.append(f"    Link:    mid:{quote(waiting.message_id.strip('<>'), safe='@.')}")
    return [*lines, ""]


def duration(span: timedelta) -> str:
    """A span as people say it: "4 h 20 min"."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
