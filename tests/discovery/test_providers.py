"""The table of providers."""

from __future__ import annotations

import pytest

from router.providers import PROVIDERS, Passwords, by_domain, by_exchanger, by_server
from router.values import Tls


def test_the_table_is_sound() -> None:
    """No domain twice, TLS everywhere, names in lower case, everybody can be found by something."""
    domains = [domain for provider in PROVIDERS for domain in provider.domains]
    families = [family for provider in PROVIDERS for family in provider.families]
    exchangers = [end for provider in PROVIDERS for end in provider.exchangers]
    for names in (domains, families, exchangers):
        assert len(names) == len(set(names))
        assert all(name == name.lower() for name in names)
    for provider in PROVIDERS:
        assert provider.domains or provider.exchangers
        for server in filter(None, (provider.imap, provider.smtp)):
            assert server.tls is not Tls.NONE


def test_every_provider_says_how_one_logs_in() -> None:
    """An app password has a page or menu, a provider without passwords another way, one without IMAP advice."""
    for provider in PROVIDERS:
        if provider.passwords is Passwords.APP:
            assert provider.app_password_page, provider.name
        if provider.passwords is Passwords.NONE:
            assert provider.oauth, provider.name
        if provider.imap is None:
            assert provider.note, provider.name
        assert provider.oauth in ("", "google", "microsoft")


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("gmail.com", "Gmail"),
        ("outlook.de", "Outlook.com"),
        ("hotmail.co.uk", "Outlook.com"),
        ("live.com.mx", "Outlook.com"),
        ("yahoo.fr", "Yahoo"),
        ("yahoo.com.br", "Yahoo"),
        ("gmx.de", "GMX"),
        ("gmx.fr", "GMX International"),
        ("posteo.ua", "Posteo"),
        ("ukr.net", "ukr.net"),
        ("vk.com", "Mail.ru"),
        ("yandex.kz", "Yandex"),
    ],
)
def test_regional_domains_belong_to_their_family(domain: str, name: str) -> None:
    """Without a list of all of them."""
    provider = by_domain(domain)
    assert provider is not None
    assert provider.name == name


@pytest.mark.parametrize(
    "domain", ["yahoo.co.jp", "notyahoo.com", "yahoo.acme.example", "live", "outlook.com.evil.example"]
)
def test_what_only_looks_like_a_family_is_none(domain: str) -> None:
    """Yahoo Japan is another company, and only whole names count."""
    assert by_domain(domain) is None


@pytest.mark.parametrize(
    ("exchanger", "name"),
    [
        ("aspmx.l.google.com", "Google Workspace"),
        ("shop-example.mail.protection.outlook.com", "Microsoft 365"),
        ("outlook-com.olc.protection.outlook.com", "Outlook.com"),
        ("in1-smtp.messagingengine.com", "Fastmail"),
        ("mx.zoho.eu", "Zoho Mail for organisations, Europe"),
        ("mx.yandex.net", "Yandex"),
        ("emx.mail.ru", "Mail.ru"),
        ("mx1.hostinger.com", "Hostinger"),
        ("smtpin.rzone.de", "Strato"),
        ("mx1.emailsrvr.com", "Rackspace Email"),
        ("mx-aol.mail.gm0.yahoodns.net", "AOL"),
        ("mail.protonmail.ch", "Proton Mail"),
    ],
)
def test_mail_exchangers_tell_the_provider(exchanger: str, name: str) -> None:
    """By the longest end of their names."""
    provider = by_exchanger(exchanger)
    assert provider is not None
    assert provider.name == name


def test_a_similar_exchanger_is_not_the_provider() -> None:
    """Only whole labels count."""
    assert by_exchanger("notgoogle.com") is None


def test_a_server_tells_its_provider() -> None:
    """Where one host serves several entries, the one for companies' domains."""
    assert by_server("imap.shop.example") is None
    found = by_server("imap.gmail.com")
    assert found is not None
    assert found.name == "Google Workspace"


def test_hints_are_facts_in_sentences() -> None:
    """Which password, where it is made, where IMAP is switched on; nothing where nothing is special."""
    hints = {provider.name: provider.hint for provider in PROVIDERS}
    assert "myaccount.google.com/apppasswords" in hints["Gmail"]
    assert "no passwords" in hints["Microsoft 365"]
    assert hints["ukr.net"].startswith("Switch IMAP on first")
    assert hints["Gandi"] == ""


def test_the_login_name_is_the_address_or_its_first_part() -> None:
    """WEB.DE refuses the whole address."""
    assert [p.user_for("ann@web.de") for p in PROVIDERS if p.name == "WEB.DE"] == ["ann"]
    assert [p.user_for("ann@gmx.de") for p in PROVIDERS if p.name == "GMX"] == ["ann@gmx.de"]
