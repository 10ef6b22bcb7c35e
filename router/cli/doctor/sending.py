"""`doctor` on sending: whether reminders would reach the team, without sending one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from router.cli.advice import for_refusal, provider_of
from router.cli.doctor import servers
from router.cli.doctor.findings import Finding, fail, ok, warn
from router.errors import MailboxError
from router.probe import Protocol
from router.values import Bearer, Tls

if TYPE_CHECKING:
    from router.config.loading import Configuration
    from router.values import Mailbox

SECONDS = 15
_USUAL = {
    "login": "Check smtp: of the mailbox; many providers want the same app password as for IMAP.",
    "insecure": "Check host, port and tls under smtp:; for a certificate of your own name it there: ca_file.",
    "unreachable": "Check host and port under smtp:, and the firewall: many networks close port 25, some 465 and 587.",
}


def findings(mailbox: Mailbox, configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """The SMTP server up to the point where a mail would be handed over."""
    where = mailbox.name
    if not configuration.rules.people:
        yield warn(where, "nobody is reminded of waiting mail", "Name team and lead under people:.")
        return
    if mailbox.smtp is None:
        text = "no SMTP server: reminders are put into INBOX instead"
        yield warn(where, text, "Write smtp: {host: …} under the mailbox.")
        return
    domain = mailbox.address.rpartition("@")[2]
    name = domain if domain.isascii() else "localhost"
    if (yield from servers.way_to(where, mailbox.smtp, Protocol.SMTP, now, name=name)):
        yield _tried(mailbox)


def _tried(mailbox: Mailbox) -> Finding:
    from router import smtp
    from router.connect import credential

    assert mailbox.smtp is not None  # noqa: S101  # its way was looked at
    who, server = mailbox.login.sender, f"{mailbox.smtp.host}:{mailbox.smtp.port}"
    try:
        proof = credential(mailbox.login)
    except MailboxError as error:
        return fail(mailbox.name, f"{server}: {error}", "The same as for IMAP above.")
    courier = smtp.Courier(mailbox.smtp, who, proof, timeout=SECONDS)
    answer: Any = asyncio.run(courier.probe(envelope_from=mailbox.address))
    how = "an access token" if isinstance(proof, Bearer) else "a password"
    if answer is None:
        secured = "in the open, on this machine only" if mailbox.smtp.tls is Tls.NONE else "over verified TLS"
        return ok(mailbox.name, f"reminders can be sent by {server} as {who}, with {how}, {secured}")
    said = f"{server} as {who} with {how}: {answer.because}"
    return fail(mailbox.name, said, for_refusal(answer.because, mailbox) or _usual(mailbox, answer))


def _usual(mailbox: Mailbox, answer: Any) -> str:
    provider = provider_of(mailbox.smtp)
    cause = getattr(answer, "cause", "")
    fix = _USUAL.get(cause, f"The server takes no mail from {mailbox.address} by this login: check address and user.")
    return f"{fix}\n{provider.name}: {provider.hint}" if provider and provider.hint and cause == "login" else fix
