"""From what a server or socket said to the error that the rest of the program understands."""

from __future__ import annotations

import imaplib
import re
import ssl

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
from router.imap.hints import hint

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
_BANDWIDTH = re.compile(r"command or bandwidth limits", re.IGNORECASE)  # Gmail, under OVERQUOTA: no mailbox is full
# Words of providers that throttle without a telling code, and for how many seconds they want to be left alone where
# that is known.
_THROTTLES: tuple[tuple[re.Pattern[str], float | None], ...] = tuple(
    (re.compile(words, re.IGNORECASE), seconds)
    for words, seconds in (
        (_BANDWIDTH.pattern, 1800.0),  # Workspace suspends the account for up to a day
        (r"too many (?:simultaneous )?connections", 60.0),
        (r"not connected", 60.0),  # Microsoft 365; a missing permission answers with the same words
        (r"try again later|backoff|rate limit|throttl|server unavailable", None),
    )
)
# A SELECT refused with these words says nothing about the folder: it is there, the server is not well.
_PASSING = re.compile(r"system error|temporar", re.IGNORECASE)
_BACKOFF_MS = re.compile(r"backoff time[: ]+(\d+)", re.IGNORECASE)  # Microsoft 365: "Suggested Backoff Time: 299923"


def from_text(text: str, otherwise: type[MailboxError]) -> MailboxError:
    """The error for a NO, BAD or BYE with this text; `otherwise` when its code says nothing."""
    kind = _BY_CODE.get(responses.code(text))
    throttle = next((entry for entry in _THROTTLES if entry[0].search(text)), None)
    passing = otherwise is FolderMissing and _PASSING.search(text)
    if (kind is None and (throttle or passing)) or (kind is OverQuota and _BANDWIDTH.search(text)):
        kind = Throttled
    advice = hint(text)
    said = f"{text} ({advice})" if advice else text
    if kind is Throttled:
        wait = _BACKOFF_MS.search(text)
        usual = throttle[1] if throttle else None
        return Throttled(said, retry_after=int(wait[1]) / 1000 if wait else usual)
    return (kind or otherwise)(said)


def translate(error: Exception, *, refused: type[MailboxError]) -> RouterError:
    """The program's error for one raised by imapclient, imaplib, ssl or a socket.

    `refused` is what a plain NO or BAD means for this command.
    """
    match error:
        case RouterError():
            return error
        case ssl.SSLCertVerificationError():
            why = getattr(error, "verify_message", "") or str(error)
            return InsecureConnection(f"the server's certificate is not trusted: {why}")
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
    """What the server said. imapclient makes a refused login's text of the representation of bytes: ask its cause."""
    cause = error.__context__
    said = cause if isinstance(cause, imaplib.IMAP4.error) else error
    first = said.args[0] if said.args else ""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
