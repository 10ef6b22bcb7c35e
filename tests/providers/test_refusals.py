"""Providers that refuse, throttle and hang up: the right wait, no hammering of the login, and words that help."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

import pytest

from router.errors import LoginRefused, Throttled
from router.imap.session import Session
from tests.acceptance.stage import mail
from tests.providers.office import MakeOffice
from tests.providers.shift import serve
from tests.servers.shapes import gmail as google
from tests.servers.shapes import microsoft
from tests.servers.shapes.dialect import Dialect, Refused
from tests.servers.shapes.gmail import Gmail
from tests.servers.shapes.imapd import Imapd
from tests.servers.shapes.microsoft import Microsoft


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFICE_PASSWORD", "secret")


def log_in(imapd: Imapd, password: str = "secret") -> Session:
    return Session.open(imapd.server(), "support@acme.example", password, timeout=10)


# ------------------------------------------------------------------ logins


@pytest.mark.parametrize(
    ("dialect", "refusal", "hint"),
    [
        (Gmail, Refused(google.WRONG_PASSWORD), "Invalid credentials"),
        (Gmail, Refused(google.WEB_LOGIN, untagged=google.WEB_LOGIN_BEFORE), "in a browser once"),
        (Gmail, Refused(google.APP_PASSWORD), "make an app password"),
        (Gmail, Refused(google.IMAP_OFF), "Forwarding and POP/IMAP"),
        (Gmail, Refused(google.DOMAIN_OFF), "Workspace administrator"),
        (Microsoft, Refused(microsoft.LOGIN_FAILED), "takes OAuth2, no password"),
    ],
)
def test_a_refused_login_says_what_to_do(dialect: type[Dialect], refusal: Refused, hint: str) -> None:
    """What the provider says, and what to do about it where it does not."""
    provider = dialect()  # type: ignore[call-arg]
    provider.check = lambda *_: refusal  # type: ignore[method-assign]
    with Imapd(provider) as imapd, pytest.raises(LoginRefused) as refused:
        log_in(imapd)
    assert refusal.text in str(refused.value)
    assert hint in str(refused.value)


def test_a_refused_login_is_not_repeated_quickly(office: MakeOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five minutes between two tries, an alert at the first one; the right password ends it."""
    gmail = Gmail()
    at = office(gmail)
    answers = [Refused(google.APP_PASSWORD)] * 2
    gmail.check = lambda *_: answers.pop() if answers else None  # type: ignore[method-assign]
    told: list[list[str]] = []
    watch = serve(at, monkeypatch, until_passes=1, on_wait=lambda _: told.append(at.alerts()))
    assert watch.waits == [300, 300]
    assert "make an app password" in told[0][0]
    assert len(at.imapd.said("LOGIN")) == 3
    assert at.alerts() == []


# ------------------------------------------------------------------ connections and throttling


def test_the_sixteenth_connection_waits_and_comes_back(office: MakeOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Agents' clients hold all fifteen: a minute between tries, and mail is filed as soon as one has gone."""
    gmail = Gmail()
    at = office(gmail)
    gmail.deliver(mail())
    with ExitStack() as clients:
        for _ in range(15):
            clients.enter_context(log_in(at.imapd))
        with pytest.raises(Throttled) as refused:
            log_in(at.imapd)
        assert "Too many simultaneous connections" in str(refused.value)
        before = at.imapd.refused_logins
        watch = serve(at, monkeypatch, until_passes=1, on_wait=lambda n: clients.close() if n == 3 else None)
    assert watch.waits == [60, 60, 60]
    assert at.imapd.refused_logins - before == 3
    assert len(gmail.account.held("Support/Refunds")) == 1


@pytest.mark.parametrize(
    ("dialect", "command", "text", "status", "wait"),
    [
        (Gmail, "UID FETCH", google.BANDWIDTH, "NO", 1800.0),
        (Gmail, "SELECT", google.SYSTEM_ERROR, "NO", None),
        (Microsoft, "NAMESPACE", microsoft.NOT_CONNECTED, "BAD", 60.0),
        (Microsoft, "SELECT", microsoft.NOT_CONNECTED, "BAD", 60.0),
        (Microsoft, "UID FETCH", microsoft.THROTTLED, "BAD", 299.923),
        (Microsoft, "SELECT", microsoft.UNAVAILABLE, "NO", None),
    ],
)
def test_throttled_in_the_middle(
    office: MakeOffice,
    monkeypatch: pytest.MonkeyPatch,
    dialect: type[Gmail | Microsoft],
    command: str,
    text: str,
    status: str,
    wait: float | None,
) -> None:
    """One refusal, one wait of the length that the provider wants, one more login; the mail is filed, not put aside."""
    provider = dialect()
    at = office(provider)
    provider.account.deliver(mail())
    at.imapd.fail(command, text, status=status)
    watch = serve(at, monkeypatch, until_passes=1)
    assert len(watch.waits) == 1
    assert watch.waits == [wait] if wait else watch.waits[0] <= 1
    assert len(at.imapd.said("LOGIN")) == 2
    assert len(provider.account.held("Support/Refunds")) == 1
    assert provider.account.held("Support/Could not read") == []
    assert at.alerts() == []


def test_a_bandwidth_limit_puts_no_mail_aside(office: MakeOffice) -> None:
    """Gmail refuses every FETCH for hours, under the code of a full mailbox: the mail stays new, untouched."""
    gmail = Gmail()
    at = office(gmail)
    gmail.deliver(*(mail(f"Refund {n}", "My money back", sender=f"c{n}@client.example") for n in range(4)))
    at.imapd.fail("UID FETCH", google.BANDWIDTH, times=1000)
    for _ in range(5):
        with pytest.raises(Throttled) as refused:
            at.run()
        assert refused.value.retry_after == 1800
    assert len(at.imapd.said("UID FETCH")) == 5  # one try a pass
    at.imapd.faults.clear()
    report = at.run()
    assert (report.moved, report.quarantined) == ({"Support/Refunds": 4}, 0)


def test_a_draft_that_is_throttled_is_placed_later_and_once(office: MakeOffice) -> None:
    """APPEND is refused for bandwidth after the mail was moved: the next pass places the draft."""
    gmail = Gmail()
    at = office(gmail)
    gmail.deliver(mail())
    at.imapd.fail("APPEND", google.BANDWIDTH)
    with pytest.raises(Throttled):
        at.run()
    at.run()
    at.run()
    assert len(gmail.account.held(gmail.place[google.DRAFTS])) == 1


@pytest.mark.parametrize(
    ("dialect", "goodbye"),
    [(Gmail, google.EXPIRED), (Gmail, "BYE System Error"), (Microsoft, microsoft.CLOSED)],
)
def test_a_goodbye_in_the_middle(
    office: MakeOffice, monkeypatch: pytest.MonkeyPatch, dialect: type[Gmail | Microsoft], goodbye: str
) -> None:
    """The server ends the session with a BYE: connect again, lose and double nothing."""
    provider = dialect()
    at = office(provider)
    provider.account.deliver(mail())
    at.imapd.fail("UID MOVE", "", status=f"* {goodbye}\r\nx", hang_up=True)
    watch = serve(at, monkeypatch, until_passes=2)
    assert len(watch.waits) == 1
    assert watch.waits[0] <= 1
    assert len(provider.account.held("Support/Refunds")) == 1
    assert provider.account.held("INBOX") == []


def test_throttled_on_every_command_is_never_a_busy_loop(office: MakeOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Microsoft 365 lets us in and refuses the rest for ten minutes: ten logins, not hundreds; a person is told."""
    provider = Microsoft()
    at = office(provider)
    at.imapd.fail("NAMESPACE", microsoft.NOT_CONNECTED, status="BAD", times=10)
    told: list[list[str]] = []

    def a_minute_later(_: int) -> None:
        at.now += timedelta(minutes=1)
        told.append(at.alerts())

    watch = serve(at, monkeypatch, until_passes=1, on_wait=a_minute_later)
    assert watch.waits == [60] * 10
    assert len(at.imapd.said("LOGIN")) == 11
    assert [bool(texts) for texts in told] == [False] * 4 + [True] * 6  # five minutes
    assert "may not open this mailbox" in told[-1][0]
    assert at.alerts() == []
