"""Sends what is in the outbox. A row says `sending` before SMTP is contacted, so that nothing is ever sent twice.

SMTP cannot be exactly once: when a process dies, or the connection breaks, after the server may have taken a mail,
the row becomes `unknown`. It is reported, mentioned in the next mail to that person, and never sent again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from router import smtp
from router.act import fault
from router.connect import credential, distrust
from router.errors import MailboxError, UnsafeArgument
from router.store import mailboxes, outbox
from router.store.database import Store
from router.store.records import OutboxMail
from router.values import Mailbox

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
ALERT = "smtp"
FLOOD = "flood"
HOUR = timedelta(hours=1)
# A team that is told more than that has stopped reading: something runs away, a loop of ours or a storm of customers.
MOST_TO_A_PERSON = 20  # mails within an hour
MOST_FROM_A_MAILBOX = 60


def find_interrupted(store: Store, now: datetime) -> None:
    """At the start: mails that were leaving when the last process died may or may not have arrived."""
    with store.begin() as tx:
        for mail in outbox.interrupted(tx, now):
            text = f"a reminder to {mail.person} may or may not have been sent: {mail.subject}"
            mailboxes.raise_alert(tx, "", f"unknown:{mail.id}", text, now)


async def deliver(store: Store, boxes: Mapping[int, Mailbox], now: datetime) -> int:
    """Send every mail whose time has come; `boxes` are located mailboxes by id. Returns how many left."""
    with store.begin() as tx:
        ready = [m for m in outbox.ready(tx, now) if m.mailbox_id in boxes and boxes[m.mailbox_id].smtp]
    sent = 0
    for mailbox_id in dict.fromkeys(m.mailbox_id for m in ready):
        mine = [m for m in ready if m.mailbox_id == mailbox_id]
        allowed = await asyncio.to_thread(_within_reason, store, boxes[mailbox_id], mailbox_id, mine, now)
        sent += await _deliver_from(store, boxes[mailbox_id], allowed, now) if allowed else 0
    return sent


def _within_reason(
    store: Store, mailbox: Mailbox, mailbox_id: int, mails: list[OutboxMail], now: datetime
) -> list[OutboxMail]:
    """The mails that may leave now; the others stay queued, and an alert says so until none has to wait."""
    with store.begin() as tx:
        lately = outbox.sent_since(tx, mailbox_id, now - HOUR)
        told = Counter(mail.person for mail in lately)
        allowed: list[OutboxMail] = []
        for mail in mails:
            if told[mail.person] < MOST_TO_A_PERSON and len(lately) + len(allowed) < MOST_FROM_A_MAILBOX:
                told[mail.person] += 1
                allowed.append(mail)
        if waiting := len(mails) - len(allowed):
            most = f"{MOST_TO_A_PERSON} to one person, {MOST_FROM_A_MAILBOX} in all"
            text = f"{waiting} mails to the team wait: no more than {most} leave within an hour"
            mailboxes.raise_alert(tx, mailbox.name, FLOOD, text, now)
        else:
            mailboxes.clear_alert(tx, mailbox.name, FLOOD, now)
    return allowed


async def _deliver_from(store: Store, mailbox: Mailbox, mails: list[OutboxMail], now: datetime) -> int:
    try:
        proof = await asyncio.to_thread(credential, mailbox.login)
    except MailboxError as error:
        await asyncio.to_thread(_alert, store, mailbox, f"reminders wait: {error}", now)
        return 0
    if mailbox.smtp is None:
        return 0
    sent = 0
    async with smtp.Courier(mailbox.smtp, mailbox.login.sender, proof) as courier:
        for mail in mails:
            result = await _send(store, mailbox, courier, mail, now)
            sent += isinstance(result, smtp.Accepted)
            if isinstance(result, smtp.RefusedNow) and result.cause == "login":
                await asyncio.to_thread(distrust, mailbox.login, proof)
                break  # the other mails would be refused the same: each try counts towards a locked account
    return sent


async def _send(
    store: Store, mailbox: Mailbox, courier: smtp.Courier, mail: OutboxMail, now: datetime
) -> smtp.SendResult:
    with store.begin() as tx:
        outbox.set_mail(tx, mail.id, state="sending", attempts=mail.attempts + 1)
    fault.point("sending")
    result: smtp.SendResult
    try:
        result = await courier.send(envelope_from=mailbox.address, recipients=mail.recipients.split(","), raw=mail.raw)
    except UnsafeArgument as error:
        result = smtp.RefusedForGood(because=str(error))
    fault.point("sent")
    with store.begin() as tx:
        match result:
            case smtp.Accepted():
                outbox.set_mail(tx, mail.id, state="sent", finished_at=now, last_error="")
                mailboxes.clear_alert(tx, mailbox.name, ALERT, now)
            case smtp.RefusedNow(because=because):
                wait = min(FIRST_RETRY * 2**mail.attempts, LONGEST_RETRY)
                outbox.set_mail(tx, mail.id, state="queued", not_before=now + wait, last_error=because)
                mailboxes.raise_alert(tx, mailbox.name, ALERT, f"reminders wait: {because}", now)
            case smtp.RefusedForGood(because=because):
                outbox.set_mail(tx, mail.id, state="failed", finished_at=now, last_error=because)
                text = f"a reminder to {mail.person} was refused: {because}"
                mailboxes.raise_alert(tx, mailbox.name, f"refused:{mail.id}", text, now)
            case smtp.Unknown(because=because):
                outbox.set_mail(tx, mail.id, state="unknown", finished_at=now, last_error=because)
                text = f"a reminder to {mail.person} may or may not have been sent: {because}"
                mailboxes.raise_alert(tx, mailbox.name, f"unknown:{mail.id}", text, now)
    return result


def _alert(store: Store, mailbox: Mailbox, text: str, now: datetime) -> None:
    with store.begin() as tx:
        mailboxes.raise_alert(tx, mailbox.name, ALERT, text, now)
