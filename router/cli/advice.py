"""What a refusal means and what to do about it: the words of servers and providers, as they say them.

Sources: https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission,
https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth,
https://support.google.com/mail/answer/7126229, https://support.google.com/accounts/answer/185833.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from router.errors import InsecureConnection, LoginRefused, MailboxError, RouterError, Throttled
from router.providers import PROVIDERS, Provider
from router.values import Issuer, Server

if TYPE_CHECKING:
    from router.values import Mailbox

EXCHANGE = frozenset({"outlook.office365.com", "smtp.office365.com", "smtp-mail.outlook.com"})

# The first pattern that a refusal matches. {user} is the mailbox, {account} who logs in, {name} its name in the file.
_SAID: Mapping[str, str] = {
    "authenticated but not connected": (
        "Microsoft 365 says this for two reasons. Does it come at every try, since the beginning? Then {account} (a "
        "program: its service principal) may not open the mailbox, or IMAP is off:\n"
        "  Add-MailboxPermission -Identity {user} -User {account} -AccessRights FullAccess\n"
        "  Set-CASMailbox {user} -ImapEnabled $true\n"
        "Did it work before? Then it is throttled: close other programs on this mailbox and look again in ten minutes."
    ),
    "SmtpClientAuthentication is disabled for the Tenant": (
        "SMTP AUTH is off in the whole organisation. An administrator allows it for this mailbox alone:\n"
        "  Set-CASMailbox {account} -SmtpClientAuthenticationDisabled $false\n"
        "or for all of them:\n"
        "  Set-TransportConfig -SmtpClientAuthenticationDisabled $false"
    ),
    "SmtpClientAuthentication is disabled": (
        "SMTP AUTH is off for this mailbox; an administrator allows it:\n"
        "  Set-CASMailbox {account} -SmtpClientAuthenticationDisabled $false"
    ),
    "security defaults": (
        "The organisation's security defaults block SMTP AUTH: an administrator replaces them by a Conditional Access "
        "policy that lets {account} through, or leave smtp: out: reminders then go to INBOX."
    ),
    "basic ?auth": (
        "Microsoft takes no passwords here any more: write login: {{oauth: …}} and run  inbox-router login {name}"
    ),
    r"5\.7\.139": (
        "A policy of the organisation refuses this login, or SMTP AUTH is off:\n"
        "  Set-CASMailbox {account} -SmtpClientAuthenticationDisabled $false\n"
        "The sign-in log in the Entra admin center names the policy."
    ),
    "SendAsDenied|not allowed to send as": (
        "{account} may not send as {user}:\n"
        "  Add-RecipientPermission {user} -Trustee {account} -AccessRights SendAs"
    ),
    "application-specific password|InvalidSecondFactor": (
        "Google wants an app password: make one at https://myaccount.google.com/apppasswords (two-step verification "
        "must be on), or write login: {{oauth: …}}."
    ),
    "app(?:lication)? password": "The provider wants an app password: one that is made for this program alone.",
    "web login required|log in (?:via|with) your web browser|WEBALERT|WebLoginRequired": (
        "Google stopped this login: sign in as {account} in a browser, confirm that it was you, and look again. If it "
        "comes back, use an app password or login: {{oauth: …}}."
    ),
    "not enabled for IMAP|IMAP (?:access )?is disabled|enable IMAP": (
        "Switch IMAP on: in the settings of the mailbox, and where there is an organisation, in its admin console."
    ),
    r"too many (?:simultaneous )?connections|connection limit|\[LIMIT\]": (
        "Other programs hold all connections that the provider allows (Gmail: 15): close some, or wait."
    ),
}
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), fix) for pattern, fix in _SAID.items())
_BY_KIND: tuple[tuple[type[RouterError], str], ...] = (
    (LoginRefused, "Check user and password; many providers want an app password."),
    (InsecureConnection, "Check host, port and tls; for a certificate of your own name it under imap: ca_file."),
    (Throttled, "The server asks us to wait: the daemon tries again by itself. Look again in ten minutes."),
    (MailboxError, "Check host and port under imap:, the firewall, and whether the server is up."),
)


def for_refusal(text: str, mailbox: Mailbox) -> str:
    """What to do about these words of a server or provider; '' when they are none that we know."""
    account = mailbox.login.sender
    for pattern, fix in _PATTERNS:
        if pattern.search(text):
            return fix.format(user=mailbox.login.user, account=account, name=mailbox.name)
    return ""


def for_error(error: MailboxError, mailbox: Mailbox) -> str:
    """What to do about an error of the IMAP server: by its words, by its kind, and by whose server it is."""
    if known := for_refusal(str(error), mailbox):
        return known
    if isinstance(error, LoginRefused) and mailbox.login.oauth:
        return _oauth_refused(mailbox)
    usual = next(fix for kind, fix in _BY_KIND if isinstance(error, kind))
    provider = provider_of(mailbox.imap)
    hint = provider.hint if provider and isinstance(error, LoginRefused) else ""
    return f"{usual}\n{provider.name}: {hint}" if provider and hint else usual


def _oauth_refused(mailbox: Mailbox) -> str:
    """A token was given, and the server will not have it."""
    oauth = mailbox.login.oauth
    if oauth is not None and oauth.issuer is Issuer.MICROSOFT:
        user, account = mailbox.login.user, oauth.account
        shared = f"\n  Add-MailboxPermission -Identity {user} -User {account} -AccessRights FullAccess"
        return (
            "Check that IMAP is on, and that the account may open the mailbox:\n"
            f"  Set-CASMailbox {user} -ImapEnabled $true{shared if account != user else ''}"
        )
    return "Check that IMAP is on in Gmail's settings and in the Workspace admin console, and that the user is right."


def provider_of(server: Server | None) -> Provider | None:
    """The provider whose server this is."""
    host = server.host.lower() if server else ""
    return next((p for p in PROVIDERS if host in {s.host for s in (p.imap, p.smtp) if s}), None)


def is_exchange(server: Server | None) -> bool:
    """Whether this is Microsoft's."""
    return server is not None and server.host.lower() in EXCHANGE
