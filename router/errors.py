"""Errors by blast radius: what stops the process, one mailbox, or one message.

An exception's docstring is its default message, so that `raise LoginRefused` already says something.
"""

from __future__ import annotations


class RouterError(Exception):
    """Something went wrong."""

    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or "").strip()


class ProcessError(RouterError):
    """The whole program cannot go on."""


class ConfigError(ProcessError):
    """The configuration cannot be used."""


class StateError(ProcessError):
    """The state directory or database cannot be used."""


class AlreadyRunning(StateError):
    """Another daemon uses this state directory."""


class MailboxError(RouterError):
    """One mailbox cannot be served now; the others go on."""


class Unreachable(MailboxError, ConnectionError):
    """The server cannot be reached, went away, or fell silent. Retried with back-off."""


class Throttled(Unreachable):
    """The server asked us to come back later. Retried after `retry_after` seconds when it said how many."""

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class LoginRefused(MailboxError):
    """The server refused the login. Not retried quickly: that locks accounts."""


class InsecureConnection(MailboxError):
    """The connection cannot be trusted: bad certificate, missing TLS, or data injected before it."""


class FolderMissing(MailboxError):
    """A folder that must exist does not (renamed or deleted by somebody)."""


class FolderChanged(MailboxError):
    """A folder's UIDVALIDITY is not the one that was expected."""


class CommandRefused(MailboxError):
    """The server refused one command (NO or BAD); the connection is still usable."""


class OverQuota(CommandRefused):
    """The mailbox is full."""


class UnsafeArgument(RouterError, ValueError):
    """An argument of an IMAP or SMTP command holds control characters. Nothing was sent."""


class MessageError(RouterError):
    """One message cannot be handled; it is quarantined and the next one goes on."""


class Unreadable(MessageError):
    """A message is over a limit or killed its parser."""


class ConditionError(MessageError):
    """A condition of a workflow could not be evaluated. Its text starts with the condition's path."""


class ModelUnusable(RouterError):
    """The trained model is missing, damaged, foreign or too old. Phrases decide alone until it is fitted anew."""
