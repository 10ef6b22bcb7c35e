"""`doctor` on the way to a server: its name, its port, its certificate and what it says when it refuses."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from router import probe
from router.cli.doctor import servers
from router.cli.doctor.findings import Finding
from router.probe import Protocol
from router.values import Server, Tls
from tests.cli.authority import Authority
from tests.cli.builders import RULES, Said, Shop, call
from tests.cli.doorman import Doorman, imap, smtp
from tests.imap.scripted import Peer
from tests.servers.dovecot import Dovecot
from tests.smtp.test_smtp import running


def looked(server: Server, protocol: Protocol = Protocol.IMAP) -> list[Finding]:
    """What is said of the way to one server."""
    return list(servers.way_to("support", server, protocol, datetime.now(UTC)))


# ------------------------------------------------------------------ certificates


@pytest.fixture(scope="module")
def private() -> Iterator[Dovecot]:
    """A Dovecot whose certificate these tests exchange."""
    with Dovecot() as server:
        yield server


@contextmanager
def certified(server: Dovecot, authority: Authority, **span: Any) -> Iterator[datetime]:
    """The server with a certificate of that span; gives its end."""
    until = authority.certify(server.root, **span)
    server.stop()
    server.start()
    yield until


def endpoint(server: Dovecot, kind: Tls, ca_file: Path | None) -> Server:
    return replace(server.server(kind), ca_file=ca_file)


@pytest.mark.dovecot
@pytest.mark.parametrize("kind", [Tls.IMPLICIT, Tls.STARTTLS])
@pytest.mark.parametrize(("until", "left"), [(20.5, "20 days left"), (5.5, "5 days left"), (1.5, "1 day left")])
def test_a_certificate_that_ends_soon_is_told(
    private: Dovecot, tmp_path: Path, kind: Tls, until: float, left: str
) -> None:
    """Under three weeks is worth knowing: what renews itself has more."""
    authority = Authority(tmp_path)
    with certified(private, authority, until=until) as end:
        found = looked(endpoint(private, kind, authority.ca_file))[-1]
    assert found.level == "warn"
    assert f"certificate of Acme Root (Acme Ltd), until {end:%Y-%m-%d} ({left})" in found.text
    assert "certbot renew" in found.fix


@pytest.mark.dovecot
@pytest.mark.parametrize("kind", [Tls.IMPLICIT, Tls.STARTTLS])
def test_a_certificate_that_lasts_is_fine(private: Dovecot, tmp_path: Path, kind: Tls) -> None:
    """The version of TLS, the issuer and the last day are said."""
    authority = Authority(tmp_path)
    with certified(private, authority, until=22.5):
        found = looked(endpoint(private, kind, authority.ca_file))
    assert [f.level for f in found] == ["ok", "ok"]
    assert found[1].text.startswith("TLSv1.3 at 127.0.0.1:")
    assert "22 days left" in found[1].text


@pytest.mark.dovecot
@pytest.mark.parametrize("kind", [Tls.IMPLICIT, Tls.STARTTLS])
def test_an_expired_certificate_is_named_with_its_date(private: Dovecot, tmp_path: Path, kind: Tls) -> None:
    """The day is said, and what to do."""
    authority = Authority(tmp_path)
    with certified(private, authority, until=-2) as end:
        found = looked(endpoint(private, kind, authority.ca_file))[-1]
    assert found.level == "fail"
    assert f"expired on {end:%Y-%m-%d} (issuer: Acme Root (Acme Ltd))" in found.text
    assert "Renew it" in found.fix


@pytest.mark.dovecot
def test_a_certificate_of_tomorrow_means_a_clock_of_yesterday(private: Dovecot, tmp_path: Path) -> None:
    """The machine's clock is at fault more often than the server."""
    authority = Authority(tmp_path)
    with certified(private, authority, since=1):
        found = looked(endpoint(private, Tls.IMPLICIT, authority.ca_file))[-1]
    assert ("valid only from" in found.text, "clock" in found.fix) == (True, True)


@pytest.mark.dovecot
def test_a_certificate_for_others_names_them(private: Dovecot, tmp_path: Path) -> None:
    """Often the host was written by its other name."""
    authority = Authority(tmp_path)
    with certified(private, authority, name="mail.acme.example"):
        found = looked(endpoint(private, Tls.IMPLICIT, authority.ca_file))[-1]
    assert found.level == "fail"
    assert "It speaks for mail.acme.example." in found.text
    assert "host" in found.fix


@pytest.mark.dovecot
def test_an_authority_of_ones_own_must_be_named(private: Dovecot, tmp_path: Path) -> None:
    """Without ca_file, with another one, with a file that holds none."""
    authority, other = Authority(tmp_path), Authority(tmp_path / "other")
    with certified(private, authority):
        unnamed = looked(endpoint(private, Tls.IMPLICIT, None))[-1]
        wrong = looked(endpoint(private, Tls.IMPLICIT, other.ca_file))[-1]
    assert ("Its issuer is Acme Root" in unnamed.text, "ca_file:" in unnamed.fix) == (True, True)
    assert str(other.ca_file) in wrong.fix
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    (found,) = servers.authorities("support", (Server(host="h", port=1, ca_file=empty),), datetime.now(UTC))
    assert (found.level, str(empty) in found.text) == ("fail", True)


def test_an_authority_that_ends_is_told_before(tmp_path: Path) -> None:
    """All servers that it signed for are lost at once; one that lasts is not worth a line, nor the same file twice."""
    place = [Authority(tmp_path / str(days), days=days) for days in (100, 5, -1)]
    everywhere = tuple(Server(host="h", port=p, ca_file=a.ca_file) for p in (993, 465) for a in place)
    found = list(servers.authorities("support", (*everywhere, None), datetime.now(UTC)))
    assert [f.level for f in found] == ["warn", "fail"]
    assert ["expires on" in found[0].text, "expired on" in found[1].text] == [True, True]


@pytest.mark.parametrize("kind", [Tls.IMPLICIT, Tls.STARTTLS])
def test_smtp_is_looked_at_the_same_way(kind: Tls, tmp_path: Path) -> None:
    """Its own handshake, and which mechanisms it offers inside TLS."""
    with running(kind, tmp_path) as (server, _):
        shown = probe.look(server, Protocol.SMTP)
        found = looked(server, Protocol.SMTP)
    assert shown.version.startswith("TLSv1.")
    assert shown.offers
    assert {f.level for f in found} == {"ok"}
    assert "29 days left" in found[1].text


def test_the_wrong_kind_of_tls_is_recognised(tmp_path: Path) -> None:
    """TLS to a port that speaks plain text, and STARTTLS where it is not granted."""
    with Doorman(imap({"STARTTLS": "BAD unknown"})) as door:
        first, second = looked(door.server(Tls.IMPLICIT))[-1], looked(door.server(Tls.STARTTLS))[-1]
    assert (first.level, "tls: starttls" in first.fix) == ("fail", True)
    assert (second.level, "does not grant STARTTLS" in second.text, "tls: implicit" in second.fix) == (
        "fail", True, True,
    )  # fmt: skip
    with Doorman(smtp({"STARTTLS": "454 not now"})) as door:
        third = looked(door.server(Tls.STARTTLS), Protocol.SMTP)[-1]
    assert "does not grant STARTTLS" in third.text


@pytest.mark.parametrize("pause", [0.0, 0.05], ids=["a line without end", "an octet now and then"])
def test_a_server_that_drips_is_not_waited_for(pause: float) -> None:
    """Everything is over within the seconds that one look has, however the octets come."""

    def drip(peer: Peer) -> None:
        while True:
            peer.send(b".")
            time.sleep(pause)

    with Doorman(drip) as door, pytest.raises(probe.Unreachable):
        probe.look(door.server(), Protocol.SMTP, seconds=1)


# ------------------------------------------------------------------ DNS, ports, the clock


def test_a_name_without_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which family met what."""

    def nowhere(host: str, port: object, family: int, kind: int) -> list[object]:
        if family == socket.AF_INET:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    (found,) = looked(Server(host="imap.acme.exmaple", port=993))
    assert found.level == "fail"
    assert "IPv4: Name or service not known; IPv6: Temporary failure" in found.text
    assert "spelling of host under imap:" in found.fix


def test_a_closed_port_and_a_slow_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers anywhere: broken. One address of several does not: every login waits for it."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    found = looked(Server(host="127.0.0.1", port=port, tls=Tls.NONE))[-1]
    assert (found.level, "connection refused" in found.text) == ("fail", True)
    monkeypatch.setattr(probe, "addresses", lambda host: ("127.0.0.1", "2001:db8::7"))
    monkeypatch.setattr(probe, "answering", lambda *_: {"127.0.0.1": "", "2001:db8::7": probe.TIMED_OUT})
    with Doorman(imap({})) as door:
        answer, slow = looked(replace(door.server(), host="localhost"))
    assert (answer.level, slow.level) == ("ok", "warn")
    assert "2001:db8::7 of localhost does not answer" in slow.text


@pytest.mark.parametrize(
    ("behind", "level", "word"), [(2, "ok", "agrees"), (60, "warn", "behind"), (-60, "warn", "ahead")]
)
def test_a_greeting_that_names_the_hour_checks_the_clock(behind: int, level: str, word: str) -> None:
    """Exchange says when it greets: a clock that is ahead shows nowhere else."""
    moment = format_datetime(datetime.now(UTC) + timedelta(minutes=behind))
    greeting = f"FR2P281CA0148.outlook.office365.com Microsoft ESMTP MAIL Service ready at {moment} [08DE2F]"
    with Doorman(smtp({}, greeting)) as door:
        found = looked(door.server(), Protocol.SMTP)[-1]
    assert (found.level, word in found.text) == (level, True)


# ------------------------------------------------------------------ refusals, as providers word them


def doctor(tmp_path: Path, imap_port: int, smtp_port: int = 0, user: str = "anna") -> Said:
    """`doctor --json` on a mailbox at scripted servers."""
    sends = f"    smtp: {{host: 127.0.0.1, port: {smtp_port}, tls: none}}\n" if smtp_port else ""
    config = tmp_path / "workflows.yaml"
    config.write_text(
        "version: 1\nmailboxes:\n  support:\n    address: support@acme.example\n"
        f"    imap: {{host: 127.0.0.1, port: {imap_port}, tls: none}}\n{sends}"
        f"    login: {{user: {user}, password: {{env: STAGE_PASSWORD}}}}\n{RULES}"
    )
    return call(
        "doctor", "--json", "--config", str(config),
        INBOX_ROUTER_STATE=str(tmp_path / "state"), STAGE_PASSWORD="secret",
    )  # fmt: skip


IMAP_REFUSALS = {
    "Gmail, no app password": (
        {"LOGIN": "NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833"},
        "myaccount.google.com/apppasswords",
    ),
    "Gmail, stopped": (
        {
            "LOGIN": "* NO [WEBALERT https://accounts.google.com/signin/continue?sarp=1] Web login required.\r\n"
            "NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754"
        },
        "in a browser",
    ),
    "Gmail, IMAP off": (
        {"LOGIN": "NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page"},
        "Switch IMAP on",
    ),
    "Gmail, connections": ({"LOGIN": "NO [ALERT] Too many simultaneous connections. (Failure)"}, "Gmail: 15"),
    "Microsoft 365, throttled or not allowed": (
        {"LIST": "BAD User is authenticated but not connected."},
        "Add-MailboxPermission -Identity anna -User anna -AccessRights FullAccess",
    ),
    "anybody": ({"LOGIN": "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"}, "app password"),
}


@pytest.mark.parametrize("name", IMAP_REFUSALS)
def test_imap_refusals_are_explained(name: str, tmp_path: Path) -> None:
    """What is said at login or right after it, and what it means there."""
    answers, wanted = IMAP_REFUSALS[name]
    with Doorman(imap(answers)) as door:
        said = doctor(tmp_path, door.port)
    (broken,) = [f for f in said.data["findings"] if f["level"] == "fail"]
    assert said.code == 1
    assert wanted in broken["fix"], broken
    if "Microsoft" in name:
        assert "throttled" in broken["fix"]
        assert "since the beginning" in broken["fix"]


NOT_IN = "535 5.7.139 Authentication unsuccessful,"
SMTP_REFUSALS = {
    "tenant": (
        f"{NOT_IN} SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled",
        ("Set-CASMailbox anna -SmtpClientAuthenticationDisabled $false", "Set-TransportConfig"),
    ),
    "mailbox": (
        f"{NOT_IN} SmtpClientAuthentication is disabled for the Mailbox.",
        ("Set-CASMailbox anna -SmtpClientAuthenticationDisabled $false",),
    ),
    "defaults": (
        f"{NOT_IN} user is locked by your organization's security defaults policy.", ("Conditional Access",),
    ),
    "policy": (
        f"{NOT_IN} the request did not meet the criteria to be authenticated successfully.", ("sign-in log",),
    ),
    "basic": ("535 5.7.30 Basic authentication is not supported for Client Submission.", ("router login support",)),
    "Gmail": (
        "534 5.7.9 Application-specific password required, https://support.google.com/mail/?p=InvalidSecondFactor",
        ("apppasswords",),
    ),
    "anybody": ("535 5.7.8 Error: authentication failed", ("same app password as for IMAP",)),
}  # fmt: skip


@pytest.mark.parametrize("name", SMTP_REFUSALS)
def test_smtp_refusals_are_explained(name: str, tmp_path: Path) -> None:
    """The setting is named, for the user who logs in."""
    answer, wanted = SMTP_REFUSALS[name]
    with Doorman(imap({"LOGIN": "NO no"})) as door, Doorman(smtp({"AUTH": answer})) as sends:
        said = doctor(tmp_path, door.port, sends.port)
    (broken,) = [f for f in said.data["findings"] if f["level"] == "fail" and "with a password" in f["text"]]
    assert [word for word in wanted if word not in broken["fix"]] == []
    assert " as anna " in broken["text"]


def test_a_sender_that_the_login_may_not_use_is_told(tmp_path: Path) -> None:
    """The login is right, and the address is not its own: named with the right to give."""
    refused = "550 5.7.60 SMTP; Client does not have permissions to send as this sender (SendAsDenied)"
    with Doorman(imap({"LOGIN": "NO no"})) as door, Doorman(smtp({"AUTH": "235 ok", "MAIL": refused})) as sends:
        said = doctor(tmp_path, door.port, sends.port)
    (broken,) = [f for f in said.data["findings"] if "with a password" in f["text"]]
    assert "-AccessRights SendAs" in broken["fix"]


def test_reminders_that_would_leave_say_how(tmp_path: Path) -> None:
    """Which server, which user, which proof; nothing is sent."""
    heard: list[bytes] = []

    def listening(peer: Peer) -> None:
        heard_here = peer.received
        smtp({"AUTH": "235 ok"})(peer)
        heard.extend(heard_here)

    with Doorman(imap({"LOGIN": "NO no"})) as door, Doorman(listening) as sends:
        said = doctor(tmp_path, door.port, sends.port)
        port = sends.port
    text = f"reminders can be sent by 127.0.0.1:{port} as anna, with a password, in the open, on this machine only"
    fine = [f["text"] for f in said.data["findings"] if f["level"] == "ok"]
    assert text in fine
    assert "SMTP offers to log in by PLAIN, LOGIN" in fine
    assert not any(line.upper().startswith(b"DATA") for line in heard)


@pytest.mark.dovecot
def test_one_mailbox_can_be_looked_at_alone(shop: Shop) -> None:
    """Others are left out; a name that is none is a mistake of use."""
    shop.write(
        "  broken:\n    address: broken@acme.example\n    imap: {host: 127.0.0.1, port: 1, tls: none}\n"
        "    login: {password: {env: STAGE_PASSWORD}}\n" + shop.rules
    )
    said = shop.with_config("doctor", "--json", "--mailbox", "support")
    assert said.code == 0
    assert "broken" not in {f["where"] for f in said.data["findings"]}
    wrong = shop.with_config("doctor", "--mailbox", "suport")
    assert (wrong.code, "support, broken" in wrong.err) == (2, True)
