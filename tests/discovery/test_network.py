"""The real resolver and the real downloader, against a DNS and a web server on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path
from typing import Self

import pytest

from router.discovery import NotDiscovered, discover, search
from router.discovery.network import LARGEST, Page, Silent
from router.values import Server, Tls
from tests.discovery.builders import SMTP, endpoint, file_of
from tests.discovery.stubs import (
    GARBAGE,
    HOST,
    SERVFAIL,
    SILENT,
    TRUNCATED,
    Answer,
    Authority,
    Dns,
    Web,
    World,
    drip,
    page,
)

AUTOCONFIG = "https://autoconfig.shop.example/mail/config-v1.1.xml"
FILE = file_of(endpoint("imap.shop.example", user="%EMAILLOCALPART%"), SMTP)
ADDRESSES = {
    ("autoconfig.shop.example", "A"): [HOST],
    ("shop.example", "A"): [HOST],
    ("other.example", "A"): [HOST],
    ("wrong.shop.example", "A"): [HOST],
}
HOSTS = ["autoconfig.shop.example", "shop.example", "other.example"]


def world(
    authority: Authority, zone: dict[tuple[str, str], list[str]] | None = None, pages: dict[str, Answer] | None = None
) -> World:
    """A world where shop.example has a web server, and these records and pages."""
    return World(Dns({**ADDRESSES, **(zone or {})}), Web(authority, HOSTS, pages or {}))


# ------------------------------------------------------------------ DNS


def test_records_come_as_the_server_has_them(trusted: Authority) -> None:
    """SRV and MX; a name that does not exist and a name without such records have none."""
    zone = {
        ("shop.example", "MX"): ["10 mx1.shop.example.", "5 mx2.shop.example."],
        ("_imaps._tcp.shop.example", "SRV"): ["0 1 993 imap.shop.example."],
    }
    with world(trusted, zone) as stubs:
        assert sorted(stubs.network.records("shop.example", "MX", 5)) == ["10 mx1.shop.example.", "5 mx2.shop.example."]
        assert stubs.network.records("_imaps._tcp.shop.example", "SRV", 5) == ["0 1 993 imap.shop.example."]
        assert stubs.network.records("shop.example", "SRV", 5) == []
        assert stubs.network.records("nowhere.example", "MX", 5) == []


def test_an_answer_that_is_too_long_for_udp_is_fetched_over_tcp(trusted: Authority) -> None:
    """The truncated one is not taken for the whole."""
    many = [f"{n} mx{n}.shop.example." for n in range(40)]
    with world(trusted, {("shop.example", "MX"): [TRUNCATED, *many]}) as stubs:
        assert len(stubs.network.records("shop.example", "MX", 5)) == 40


@pytest.mark.parametrize("how", [SERVFAIL, SILENT, GARBAGE])
def test_a_server_that_fails_is_not_one_without_records(trusted: Authority, how: str) -> None:
    """And the question ends, though the server never answers."""
    with world(trusted) as stubs:
        stubs.dns.misbehaves = how
        with pytest.raises(Silent):
            stubs.network.records("shop.example", "MX", 0.5)


# ------------------------------------------------------------------ https


def test_a_page_is_fetched_over_verified_tls(trusted: Authority) -> None:
    """With its status."""
    with world(trusted, pages={AUTOCONFIG: page(FILE)}) as stubs:
        assert stubs.network.page(AUTOCONFIG, 5) == Page(status=200, content=FILE.encode())
        missing = stubs.network.page("https://shop.example/x", 5)
        assert missing is not None
        assert missing.status == 404


def test_a_certificate_for_another_name_or_of_a_stranger_is_not_taken(trusted: Authority, tmp_path: Path) -> None:
    """Nothing is asked of such a server."""
    with world(trusted) as stubs:
        assert stubs.network.page("https://wrong.shop.example/", 5) is None
        assert stubs.web.asked == []
    with world(Authority.make(tmp_path), pages={AUTOCONFIG: page(FILE)}) as stubs:
        assert stubs.network.page(AUTOCONFIG, 5) is None
        assert stubs.web.asked == []


@pytest.mark.parametrize(
    ("target", "followed"),
    [
        ("https://other.example/settings.xml", True),
        ("/settings.xml", True),
        ("http://other.example/settings.xml", False),
        ("https://127.0.0.1/settings.xml", False),
        ("https://localhost/settings.xml", False),
        ("https://other.example:8443/settings.xml", False),
        ("file:///etc/hostname", False),
        ("https://[bad/", False),
        ("", False),
    ],
)
def test_redirections_lead_only_to_https_and_public_names(trusted: Authority, target: str, followed: bool) -> None:
    """A web server cannot send us to another protocol, another port, or this machine."""
    pages: dict[str, Answer] = {
        AUTOCONFIG: page("", "302 Found", Location=target),
        "https://other.example/settings.xml": page(FILE),
        "https://autoconfig.shop.example/settings.xml": page(FILE),
    }
    with world(trusted, pages=pages) as stubs:
        found = stubs.network.page(AUTOCONFIG, 5)
    assert (found is not None and found.content == FILE.encode()) is followed


def test_redirections_in_a_circle_end(trusted: Authority) -> None:
    """After three of them."""
    with world(trusted, pages={AUTOCONFIG: page("", "301 Moved", Location=AUTOCONFIG)}) as stubs:
        assert stubs.network.page(AUTOCONFIG, 5) is None
        assert len(stubs.web.asked) == 4


HEAD = b"HTTP/1.1 200 OK\r\n"


def _nothing(_connection: ssl.SSLSocket, over: threading.Event) -> None:
    over.wait()


@pytest.mark.parametrize("answer", [drip(b""), drip(HEAD), drip(HEAD + b"\r\n<"), _nothing])
def test_a_web_server_that_drips_or_is_silent_does_not_hold_us(trusted: Authority, answer: Answer) -> None:
    """Whether in the status line, in the headers, or in the page: each byte comes in time, but not all of them."""
    with world(trusted, pages={AUTOCONFIG: answer}) as stubs:
        assert stubs.network.page(AUTOCONFIG, 2) is None
        assert stubs.web.asked == [AUTOCONFIG]


@pytest.mark.parametrize(
    "answer",
    [
        page("x" * (LARGEST + 1)),
        b"not HTTP at all\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Content-Length: 5000\r\n\r\nshort",
        b"",
    ],
)
def test_pages_that_are_too_long_or_no_http_are_none(trusted: Authority, answer: bytes) -> None:
    """Whatever comes, nobody else has to handle it."""
    with world(trusted, pages={AUTOCONFIG: answer}) as stubs:
        assert stubs.network.page(AUTOCONFIG, 5) is None


def test_a_server_that_never_ends_its_handshake_does_not_hold_us(trusted: Authority) -> None:
    """It takes the connection and says nothing."""
    with world(trusted) as stubs, socket.create_server((HOST, 0)) as mute:
        port = mute.getsockname()[1]
        assert not stubs.network.greets("shop.example", port, 0.5)


def test_only_an_imap_greeting_over_verified_tls_counts(trusted: Authority) -> None:
    """What else answers is no IMAP server."""
    with world(trusted) as stubs, _Greeter(trusted, "shop.example", b"* OK ready\r\n") as imap:
        assert stubs.network.greets("shop.example", imap.port, 5)
        assert not stubs.network.greets("other.example", imap.port, 5)
        assert imap.received == [b""]
    with world(trusted) as stubs, _Greeter(trusted, "shop.example", b"220 smtp\r\n") as smtp:
        assert not stubs.network.greets("shop.example", smtp.port, 5)


class _Greeter:
    """Greets over TLS and notes what it is sent."""

    def __init__(self, authority: Authority, host: str, greeting: bytes) -> None:
        self.context, self.greeting = authority.context(host), greeting
        self.received: list[bytes] = []

    def __enter__(self) -> Self:
        self._server = socket.create_server((HOST, 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._server.accept()
            except OSError:
                return
            try:
                with self.context.wrap_socket(plain, server_side=True) as connection:
                    connection.sendall(self.greeting)
                    self.received.append(connection.recv(100))
            except OSError:
                continue


# ------------------------------------------------------------------ the whole search


def test_a_domain_is_found_by_its_settings_file(trusted: Authority) -> None:
    """Through DNS, TLS and HTTP, with the login name of the file."""
    with world(trusted, pages={AUTOCONFIG: page(FILE)}) as stubs:
        found = discover("ann@shop.example", network=stubs.network)
    assert found.imap == Server(host="imap.shop.example", port=993)
    assert found.smtp == Server(host="smtp.shop.example", port=587, tls=Tls.STARTTLS)
    assert found.user == "ann"


def test_a_domain_is_found_by_its_srv_records(trusted: Authority) -> None:
    """After both places of the file were asked."""
    zone = {
        ("_imaps._tcp.shop.example", "SRV"): ["0 0 0 ."],
        ("_imap._tcp.shop.example", "SRV"): ["10 1 143 b.shop.example.", "5 1 143 a.shop.example."],
    }
    with world(trusted, zone) as stubs:
        found = discover("ann@shop.example", network=stubs.network)
        assert len(stubs.web.asked) == 2
    assert found.imap == Server(host="a.shop.example", port=143, tls=Tls.STARTTLS)


def test_a_domain_is_found_by_whom_its_mail_goes_to(trusted: Authority) -> None:
    """A known provider, over one real question for MX records."""
    with world(trusted, {("shop.example", "MX"): ["0 shop-example.mail.protection.outlook.com."]}) as stubs:
        found = discover("ann@shop.example", network=stubs.network)
    assert found.imap.host == "outlook.office365.com"
    assert not found.takes_passwords


@pytest.mark.parametrize("how", [SERVFAIL, SILENT, GARBAGE])
def test_a_search_ends_in_time_whatever_dns_does(trusted: Authority, how: str) -> None:
    """And says that DNS did not answer, or that the time was over."""
    with world(trusted) as stubs:
        stubs.dns.misbehaves = how
        with pytest.raises(NotDiscovered, match="DNS did not answer"):
            discover("ann@shop.example", network=stubs.network, seconds=2)


def test_a_search_ends_in_time_whatever_the_web_does(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dripping server costs its share of the time, and the next step goes on."""
    monkeypatch.setattr(search, "_PAGE", 1.0)
    zone = {("shop.example", "MX"): ["10 aspmx.l.google.com."]}
    with world(trusted, zone, {AUTOCONFIG: drip(HEAD)}) as stubs:
        assert discover("ann@shop.example", network=stubs.network).imap.host == "imap.gmail.com"
