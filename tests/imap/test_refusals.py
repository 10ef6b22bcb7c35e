"""What a refusal means."""

from __future__ import annotations

import imaplib
import itertools
import ssl

import pytest

from router import errors
from router.imap import backoff, refusals


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[TRYCREATE] Mailbox doesn't exist: Refunds", errors.FolderMissing),
        ("select failed: [NONEXISTENT] Unknown Mailbox", errors.FolderMissing),
        ("[OVERQUOTA] Quota exceeded", errors.OverQuota),
        ("[AUTHENTICATIONFAILED] Invalid credentials (Failure)", errors.LoginRefused),
        ("[UNAVAILABLE] Temporary authentication failure", errors.Throttled),
        ("[ALERT] Too many simultaneous connections. (Failure)", errors.Throttled),
        ("User is authenticated but not connected.", errors.Throttled),
        ("[CANNOT] Invalid mailbox name", errors.CommandRefused),
        ("no idea", errors.CommandRefused),
    ],
)
def test_codes_and_habits_of_servers(text: str, kind: type[Exception]) -> None:
    """RFC 5530 codes decide; without one, the words that throttling providers use."""
    assert type(refusals.translate(imaplib.IMAP4.error(text), refused=errors.CommandRefused)) is kind


def test_a_server_that_says_how_long_is_believed() -> None:
    """Microsoft 365 gives its waiting time in milliseconds."""
    error = refusals.translate(
        imaplib.IMAP4.error("Request is throttled. Suggested Backoff Time: 299923 milliseconds"),
        refused=errors.CommandRefused,
    )
    assert isinstance(error, errors.Throttled)
    assert error.retry_after == pytest.approx(299.923)


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (imaplib.IMAP4.abort("socket error: EOF"), errors.Unreachable),
        (imaplib.IMAP4.abort("[UNAVAILABLE] shutting down"), errors.Throttled),
        (imaplib.IMAP4.readonly("x is not writable"), errors.CommandRefused),
        (ssl.SSLCertVerificationError("self-signed"), errors.InsecureConnection),
        (ssl.SSLError("wrong version number"), errors.Unreachable),
        (TimeoutError(), errors.Unreachable),
        (ConnectionRefusedError("no"), errors.Unreachable),
        (UnicodeEncodeError("ascii", "é", 0, 1, "no"), errors.UnsafeArgument),
    ],
)
def test_every_error_from_below_has_one_of_ours(raised: Exception, kind: type[Exception]) -> None:
    """Nobody above has to know imaplib, ssl or sockets."""
    assert type(refusals.translate(raised, refused=errors.CommandRefused)) is kind


def test_delays_grow_to_five_minutes_and_are_spread() -> None:
    """Two mailboxes do not come back in step, and no try follows at once."""
    first = list(itertools.islice(backoff.delays("a"), 500))
    assert first != list(itertools.islice(backoff.delays("b"), 500))
    assert first == list(itertools.islice(backoff.delays("a"), 500))
    assert max(first[:1]) <= 1
    assert min(first) >= 0.1
    assert 250 < max(first) <= 300
