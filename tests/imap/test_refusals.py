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
        ("[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", errors.Throttled),
        ("Server Unavailable. 15", errors.Throttled),
        ("[OVERQUOTA] The mailbox is full, try again later", errors.OverQuota),
        ("System Error (Failure)", errors.CommandRefused),
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
    ("text", "seconds"),
    [
        ("[ALERT] Too many simultaneous connections. (Failure)", 60),
        ("User is authenticated but not connected.", 60),
        ("[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", 1800),
        ("[UNAVAILABLE] later", None),
    ],
)
def test_providers_that_do_not_say_how_long_are_left_alone_for_a_while(text: str, seconds: float | None) -> None:
    """Without a number of theirs, ours; without one of ours, the usual growing delays."""
    error = refusals.from_text(text, errors.LoginRefused)
    assert isinstance(error, errors.Throttled)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[ALERT] Application-specific password required: https://x.example (Failure)", "app password"),
        ("[ALERT] Please log in via your web browser: https://x.example (Failure)", "in a browser once"),
        ("[ALERT] Your account is not enabled for IMAP use. Please visit (Failure)", "switch IMAP on"),
        ("[ALERT] IMAP access is disabled for your domain. Please contact (Failure)", "Workspace administrator"),
        ("LOGIN failed.", "takes OAuth2"),
        ("AUTHENTICATE failed.", "takes OAuth2"),
    ],
)
def test_a_refused_login_says_what_to_do(text: str, hint: str) -> None:
    """The server's words, and beside them ours where its own do not help."""
    error = refusals.from_text(text, errors.LoginRefused)
    assert type(error) is errors.LoginRefused
    assert str(error).startswith(text)
    assert hint in str(error)


def test_a_folder_that_cannot_be_opened_now_is_not_missing() -> None:
    """Gmail answers a SELECT with "System Error": nothing may be concluded about the folder."""
    assert type(refusals.from_text("System Error (Failure)", errors.FolderMissing)) is errors.Throttled
    assert type(refusals.from_text("Refunds doesn't exist.", errors.FolderMissing)) is errors.FolderMissing


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
