"""Finding servers without a network: the resolver and the downloads are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

import pytest

from router.discovery import Discovery, NotDiscovered, discover
from router.errors import UnsafeArgument
from router.providers import PROVIDERS
from router.values import Tls


def endpoint(tag: str, kind: str, host: str, port: object, socket_type: str) -> str:
    """One server of an autoconfig file."""
    return (
        f'<{tag} type="{kind}"><hostname>{host}</hostname><port>{port}</port>'
        f"<socketType>{socket_type}</socketType></{tag}>"
    )


def autoconfig(host: str = "imap.%EMAILDOMAIN%", port: object = 993) -> str:
    """An autoconfig file with POP and plain IMAP before the endpoint that matters."""
    return (
        '<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="shop.example">'
        + endpoint("incomingServer", "pop3", "pop.shop.example", 995, "SSL")
        + endpoint("incomingServer", "imap", "plain.shop.example", 143, "plain")
        + endpoint("incomingServer", "imap", host, port, "SSL")
        + endpoint("outgoingServer", "smtp", "smtp.shop.example", 587, "STARTTLS")
        + "</emailProvider></clientConfig>"
    )


def find(
    address: str, *, records: Mapping[tuple[str, str], list[str]] | None = None, pages: Mapping[str, str] | None = None
) -> Discovery:
    """Discovery in a world of these records and pages."""
    known = {url: text.encode() for url, text in (pages or {}).items()}
    return discover(address, resolve=lambda name, kind: (records or {}).get((name, kind), []), download=known.get)


def test_known_providers_need_no_network() -> None:
    """The table answers first, whatever the case of the domain."""
    found = discover("Someone@GMail.com", resolve=_never, download=_never)
    assert (found.imap.host, found.imap.port, found.imap.tls) == ("imap.gmail.com", 993, Tls.IMPLICIT)
    assert found.smtp is not None
    assert "app password" in found.hint
    assert "Gmail" in found.how


def _never(*_: str) -> NoReturn:
    raise AssertionError("the network was asked")


def test_autoconfig_is_read() -> None:
    """IMAP over TLS is taken; POP and plain endpoints are passed over."""
    found = find("a@shop.example", pages={"https://autoconfig.shop.example/mail/config-v1.1.xml": autoconfig()})
    assert (found.imap.host, found.imap.port, found.imap.tls) == ("imap.shop.example", 993, Tls.IMPLICIT)
    assert found.smtp is not None
    assert (found.smtp.host, found.smtp.port, found.smtp.tls) == ("smtp.shop.example", 587, Tls.STARTTLS)
    assert len(found.steps) == 2
    well_known = "https://shop.example/.well-known/autoconfig/mail/config-v1.1.xml"
    assert find("a@shop.example", pages={well_known: autoconfig()}).imap.host == "imap.shop.example"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "imap.shop.example"><!ENTITY b "&a;&a;&a;">]>'
    '<c><incomingServer type="imap"><hostname>&a;</hostname><port>993</port><socketType>SSL</socketType>'
    "</incomingServer></c>"
)
OUTSIDE = BOMB.replace('"imap.shop.example"', 'SYSTEM "file:///etc/hostname"')


@pytest.mark.parametrize(
    "page",
    [
        BOMB,
        OUTSIDE,
        "<html>welcome</html>",
        "not xml",
        "",
        autoconfig("localhost"),
        autoconfig("127.0.0.1"),
        autoconfig("evil host"),
        autoconfig(port=99999),
        autoconfig(port="x"),
    ],
)
def test_pages_that_cannot_be_trusted_say_nothing(page: str) -> None:
    """Entities are not expanded, and no page points us at this machine."""
    with pytest.raises(NotDiscovered):
        find("a@shop.example", pages={"https://autoconfig.shop.example/mail/config-v1.1.xml": page})


def test_srv_records_by_priority_and_weight() -> None:
    """The lowest priority wins, then the greatest weight; a dot says that the service is not offered."""
    records = {
        ("_imaps._tcp.shop.example", "SRV"): [
            "10 5 993 second.shop.example.", "5 1 993 light.shop.example.", "5 9 1993 Heavy.shop.example.",
        ],
        ("_submissions._tcp.shop.example", "SRV"): ["0 0 0 ."],
        ("_submission._tcp.shop.example", "SRV"): ["0 1 587 smtp.shop.example."],
    }  # fmt: skip
    found = find("a@shop.example", records=records)
    assert (found.imap.host, found.imap.port) == ("heavy.shop.example", 1993)
    assert found.smtp is not None
    assert (found.smtp.host, found.smtp.tls) == ("smtp.shop.example", Tls.STARTTLS)
    assert len(found.steps) == 3


@pytest.mark.parametrize(
    ("exchanger", "imap"),
    [
        ("aspmx.l.google.com.", "imap.gmail.com"),
        ("shop-example.mail.protection.outlook.com.", "outlook.office365.com"),
        ("in1-smtp.messagingengine.com.", "imap.fastmail.com"),
        ("mx.zoho.eu.", "imappro.zoho.eu"),
        ("mx.yandex.net.", "imap.yandex.com"),
    ],
)
def test_the_provider_behind_an_own_domain_is_recognised(exchanger: str, imap: str) -> None:
    """By the mail exchangers of the domain."""
    found = find("a@shop.example", records={("shop.example", "MX"): ["20 mx.other.example.", f"10 {exchanger}"]})
    assert found.imap.host == imap


def test_a_similar_name_is_not_the_provider() -> None:
    """Only whole labels count."""
    with pytest.raises(NotDiscovered):
        find("a@shop.example", records={("shop.example", "MX"): ["10 notgoogle.com."]})


def test_nothing_found_says_what_to_write() -> None:
    """With everything that was tried."""
    with pytest.raises(NotDiscovered, match=r"imap: \{host: imap\.shop\.example, port: 993\}") as error:
        find("a@shop.example")
    assert str(error.value).count(";") == 3


def test_international_domains_are_looked_up_in_ascii() -> None:
    """The resolver and the web know only A-labels."""
    asked: list[str] = []
    with pytest.raises(NotDiscovered):
        discover("a@пошта.укр", resolve=lambda name, kind: asked.append(name) or [], download=lambda url: None)
    assert asked
    assert all(name.isascii() and "xn--" in name for name in asked)


@pytest.mark.parametrize("address", ["", "a", "a@", "@b.example", "a@b", "a@b..c", "a@b.example/x", "a@b\r\n.example"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """Before anybody is asked."""
    with pytest.raises(UnsafeArgument):
        discover(address, resolve=_never, download=_never)  # type: ignore[arg-type]


def test_the_table_is_sound() -> None:
    """No domain twice, TLS everywhere, names in lower case."""
    domains = [domain for provider in PROVIDERS for domain in provider.domains]
    exchangers = [end for provider in PROVIDERS for end in provider.exchangers]
    assert len(domains) == len(set(domains))
    assert len(exchangers) == len(set(exchangers))
    assert all(name == name.lower() for name in domains + exchangers)
    for provider in PROVIDERS:
        assert provider.domains or provider.exchangers
        for server in filter(None, (provider.imap, provider.smtp)):
            assert server.tls is not Tls.NONE
