"""Autoconfig files: what is read of them, and what is not believed."""

from __future__ import annotations

import pytest

from router.discovery import autoconfig
from router.discovery.found import Found
from router.values import Server, Tls
from tests.discovery.builders import SMTP, endpoint, file_of


def read(text: str | bytes, address: str = "ann@shop.example") -> Found | None:
    """What the file of shop.example says."""
    content = text.encode() if isinstance(text, str) else text
    return autoconfig.read(content, address.rpartition("@")[2], address)


def test_imap_over_tls_is_taken_and_everything_else_passed_over() -> None:
    """POP and plain endpoints are not proposed; the words for the address are filled in."""
    found = read(
        file_of(
            endpoint("pop.shop.example", 995, kind="pop3"),
            endpoint("plain.shop.example", 143, "plain"),
            endpoint("imap.%EMAILDOMAIN%"),
            SMTP,
        )
    )
    assert found == Found(
        imap=Server(host="imap.shop.example", port=993),
        smtp=Server(host="smtp.shop.example", port=587, tls=Tls.STARTTLS),
    )


def test_of_several_endpoints_the_best_protected_is_taken() -> None:
    """TLS from the first byte before STARTTLS, whatever stands first; among equals the first."""
    upgraded, first, second = (
        endpoint("a.shop.example", 143, "STARTTLS"),
        endpoint("b.shop.example"),
        endpoint("c.shop.example"),
    )
    found = read(file_of(upgraded, first, second))
    assert found is not None
    assert found.imap == Server(host="b.shop.example", port=993)
    only = read(file_of(upgraded))
    assert only is not None
    assert only.imap.tls is Tls.STARTTLS


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("%EMAILADDRESS%", ""),
        ("", ""),
        ("%EMAILLOCALPART%", "ann"),
        ("%EMAILLOCALPART%.%EMAILDOMAIN%", "ann.shop.example"),
        ("shop-ann", "shop-ann"),
        ("ann\r\nA1 LOGOUT", ""),
        ("x" * 400, ""),
    ],
)
def test_the_login_name_is_what_the_file_says(written: str, user: str) -> None:
    """Empty stands for the address; a name that no command may hold is not taken."""
    found = read(file_of(endpoint("imap.shop.example", user=written)))
    assert found is not None
    assert found.user == user


@pytest.mark.parametrize(
    ("logins", "only"),
    [
        (["OAuth2"], True),
        (["OAuth2", "password-cleartext"], False),
        (["password-encrypted"], False),
        ([], False),
    ],
)
def test_a_server_that_takes_no_passwords_says_so(logins: list[str], only: bool) -> None:
    """OAuth 2 as the only way to log in is carried along."""
    found = read(file_of(endpoint("imap.shop.example", logins=logins)))
    assert found is not None
    assert found.oauth_only is only


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "imap.shop.example"><!ENTITY b "&a;&a;&a;">]>'
    '<c><incomingServer type="imap"><hostname>&a;</hostname><port>993</port><socketType>SSL</socketType>'
    "</incomingServer></c>"
)
OUTSIDE = BOMB.replace('"imap.shop.example"', 'SYSTEM "file:///etc/hostname"')


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        OUTSIDE,
        "<html><p>welcome<p></html>",
        "<html>welcome</html>",
        "not xml",
        "",
        file_of(endpoint("localhost")),
        file_of(endpoint("127.0.0.1")),
        file_of(endpoint("[::1]")),
        file_of(endpoint("10.0.0.1")),
        file_of(endpoint("imap")),
        file_of(endpoint("evil host")),
        file_of(endpoint("imap.shop.example", 99999)),
        file_of(endpoint("imap.shop.example", "x")),
        file_of(endpoint("imap.shop.example", "٩٩٣")),
        file_of(endpoint("imap.shop.example", 143, "plain")),
        file_of(SMTP),
    ],
)
def test_files_that_cannot_be_trusted_say_nothing(text: str) -> None:
    """Entities are not expanded, nothing points us at this machine, and nothing unencrypted is proposed."""
    assert read(text) is None


def test_any_encoding_that_xml_knows_is_read() -> None:
    """UTF-16 with its mark, as some Windows servers write."""
    text = file_of(endpoint("imap.shop.example")).replace('version="1.0"', 'version="1.0" encoding="utf-16"')
    assert read(text.encode("utf-16")) is not None
