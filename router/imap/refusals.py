"""From what a server or socket said to the error that the rest of the program understands."""

from __future__ import annotations

import imaplib
import re
import ssl

from router import tls
from router.errors import (
    CommandRefused,
    FolderMissing,
    InsecureConnection,
    LoginRefused,
    MailboxError,
    OverQuota,
    RouterError,
    Throttled,
    Unreachable,
    UnsafeArgument,
)
from router.imap import responses

# RFC 5530 and what providers say beside it.
_BY_CODE: dict[str, type[MailboxError]] = {
    "TRYCREATE": FolderMissing,
    "NONEXISTENT": FolderMissing,
    "OVERQUOTA": OverQuota,
    "AUTHENTICATIONFAILED": LoginRefused,
    "AUTHORIZATIONFAILED": LoginRefused,
    "EXPIRED": LoginRefused,
    "WEBALERT": LoginRefused,
    "PRIVACYREQUIRED": InsecureConnection,
    "UNAVAILABLE": Throttled,
    "LIMIT": Throttled,
    "INUSE": Throttled,
    "THROTTLED": Throttled,
}
# Providers that throttle without a code: Gmail, Microsoft 365 (a missing permission answers with the same words).
_THROTTLES = re.compile(
    r"too many (?:simultaneous )?connections|try again later|not connected|backoff|rate limit|throttl", re.IGNORECASE
)
_BACKOFF_MS = re.compile(r"backoff time[: ]+(\d+)", re.IGNORECASE)  # Microsoft 365: "Suggested Backoff Time: 299923"


def from_text(text: str, otherwise: type[MailboxError]) -> MailboxError:
    """The error for a NO, BAD or BYE with this text; `otherwise` when its code says nothing."""
    kind = _BY_CODE.get(responses.code(text))
    if kind is None and _THROTTLES.search(text):
        kind = Throttled
    if kind is Throttled:
        wait = _BACKOFF_MS.search(text)
        return Throttled(text, retry_after=int(wait[1]) / 1000 if wait else None)
    return (kind or otherwise)(text)


def translate(error: Exception, *, refused: type[MailboxError]) -> RouterError:
    """The program's error for one raised by imapclient, imaplib, ssl or a socket.

    `refused` is what a plain NO or BAD means for this command.
    """
    match error:
        case RouterError():
            return error
        case ssl.SSLError() if why := tls.distrust(error):
            return InsecureConnection(why)
        case imaplib.IMAP4.readonly():
            return CommandRefused("the folder is read-only")
        case imaplib.IMAP4.abort():
            return from_text(str(error), Unreachable)
        case imaplib.IMAP4.error():
            return from_text(_text(error), refused)
        case UnicodeError():
            return UnsafeArgument("an argument cannot be written in a command")
        case TimeoutError():
            return Unreachable("the server did not answer in time")
        case OSError():
            return Unreachable(str(error) or type(error).__name__)
        case _:
            return refused(f"the server's answer cannot be read: {error}")


def _text(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
