"""`try` and `init` from nothing but an address: the server is found through DNS and the web, the login is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.cli import reach
from router.errors import LoginRefused
from router.values import Login, Mailbox, Secret
from tests.acceptance.stage import mail
from tests.cli.builders import Shop
from tests.cli.town import IMAP, Town
from tests.discovery.stubs import SERVFAIL

pytestmark = pytest.mark.dovecot


# ------------------------------------------------------------------ finding


def test_a_server_is_found_by_srv_records_and_each_step_is_said(town: Town) -> None:
    """The whole command, over verified TLS; standard output holds the result alone."""
    town.server.deliver(town.address, mail())
    town.knows(town.srv())
    said = town.run(*town.trying("--json"), INBOX_ROUTER_PASSWORD=town.server.password)
    assert said.code == 0, said.err
    assert said.data["mails"] == 1
    assert said.data["server"] == f"{IMAP}:{town.server.imaps_port}"
    steps = [line for line in said.err.splitlines() if line.startswith(("·", "✓"))]
    assert steps == [
        "· acme.example is not in the list of known providers",
        "· acme.example publishes no settings file",
        "✓ acme.example names its server in SRV records",
    ]


def test_the_login_name_of_the_settings_file_is_used(town: Town) -> None:
    """`try` logs in with it, unless --user says otherwise."""
    town.server.deliver(town.shop.user, mail())
    town.publishes("%EMAILLOCALPART%")
    found = town.run(*town.trying("--json"), INBOX_ROUTER_PASSWORD=town.server.password)
    assert found.data["mails"] == 1, found.err
    assert f"Logged in as {town.shop.user}." in found.err
    told = town.run(*town.trying("--json", "--user", "other"), INBOX_ROUTER_PASSWORD=town.server.password)
    assert "Logged in as other." in told.err


def test_a_server_in_another_domain_is_refused_where_nobody_can_vouch_for_it(town: Town) -> None:
    """The password does not go where only DNS points; the line to write says where that is."""
    town.knows(town.srv("mail.elsewhere.example"))
    said = town.run(*town.trying(), INBOX_ROUTER_PASSWORD=town.server.password)
    assert (said.code, said.out) == (75, "")
    assert "nobody vouches for it" in said.err
    assert "imap: {host: mail.elsewhere.example" in said.err


def test_a_person_vouches_for_a_server_in_another_domain(town: Town) -> None:
    """And is told why that matters."""
    town.knows(town.srv("mail.elsewhere.example"))
    with town.person(*town.trying(), INBOX_ROUTER_PASSWORD=town.server.password) as terminal:
        terminal.expect("DNS can be forged")
        terminal.expect("Is mail.elsewhere.example the right server?")
        terminal.type("y")
        terminal.expect("Logged in as")
        assert terminal.end() == 0


def test_a_person_is_asked_for_a_server_that_is_not_found(town: Town) -> None:
    """With the usual name as the proposal when it answered, and what else is typed taken."""
    with town.person(*town.trying(), INBOX_ROUTER_PASSWORD=town.server.password) as terminal:
        terminal.expect("The server of acme.example could not be found.")
        terminal.expect(f"IMAP server [{IMAP}]:")
        terminal.type(f"{IMAP}:{town.server.imaps_port}")
        terminal.expect("Logged in as")
        assert terminal.end() == 0


def test_without_a_terminal_the_lines_to_write_are_said(town: Town) -> None:
    """And nobody is asked anything."""
    said = town.run(*town.trying(), INBOX_ROUTER_PASSWORD=town.server.password)
    assert (said.code, said.out) == (75, "")
    assert f"imap: {{host: {IMAP}, port: 993}}" in said.err


def test_a_provider_that_takes_no_passwords_is_known_before_one_is_typed(town: Town) -> None:
    """Microsoft 365 behind a company's own domain: exit 1 at once, with the way that works."""
    town.knows({("acme.example", "MX"): ["0 acme-example.mail.protection.outlook.com."]})
    with town.person(*town.trying()) as terminal:
        assert terminal.end() == 1
    assert "Microsoft 365 takes no passwords over IMAP" in terminal.text
    assert "inbox-router init" in terminal.text
    assert "password of" not in terminal.text


# ------------------------------------------------------------------ logging in


def test_a_wrong_password_may_be_typed_again(town: Town) -> None:
    """What is typed is never shown."""
    town.knows(town.srv())
    with town.person(*town.trying()) as terminal:
        for attempt in ("first-attempt", "second-attempt", town.server.password):
            terminal.expect(f"App password of {town.address}")
            terminal.type(attempt)
        terminal.expect("Logged in as")
        assert terminal.end() == 0
    assert terminal.text.count("✗") == 2
    assert "attempt" not in terminal.text


def test_after_three_wrong_passwords_nobody_is_asked_any_more(town: Town) -> None:
    """More would lock the account."""
    town.knows(town.srv())
    with town.person(*town.trying()) as terminal:
        for _ in range(3):
            terminal.expect("App password of")
            terminal.type("wrong")
        assert terminal.end() == 75
    assert terminal.text.count("App password of") == 3


def test_a_refused_login_says_what_the_provider_wants(shop: Shop) -> None:
    """The server's words first, then what they mean and the provider's hint."""
    login = Login(user=shop.user, password=Secret(literal="wrong"))
    mailbox = Mailbox(name="support", address="ann@ukr.net", login=login, imap=shop.server.server())
    with pytest.raises(LoginRefused, match=r"(?s)Authentication failed.*\nUse an app password") as refused:
        reach.log_in(mailbox, "Use an app password.", ask=False)
    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize(
    ("refusal", "meaning"),
    [
        (
            "[ALERT] Application-specific password required: https://support.google.com/accounts (Failure)",
            "app password",
        ),
        ("Application password is REQUIRED", "app password"),
        ("[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page", "Switch IMAP on"),
        ("[AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled sc=x", "Switch IMAP on"),
        ("[ALERT] You are yet to enable IMAP for your account.", "Switch IMAP on"),
        ("LOGIN failed. BasicAuthBlocked", "oauth"),
    ],
)
def test_what_servers_write_when_they_refuse_is_understood(refusal: str, meaning: str) -> None:
    """As far as their words are known."""
    mailbox = Mailbox(name="support", address="support@acme.example", login=Login(user="support@acme.example"))
    assert [meaning in said for said in reach._advice(refusal, "", mailbox)] == [True]
    assert reach._advice("Authentication failed.", "", mailbox) == []


# ------------------------------------------------------------------ init


def initialised(town: Town, *words: str, **env: str) -> str:
    """The file that `init` writes without asking."""
    file = town.shop.root / "fresh.yaml"
    said = town.run("init", "--yes", "--address", town.address, "--config", str(file), *words, **env)
    assert said.code == 0, said.err
    assert town.run("check", str(file)).code == 0
    return file.read_text("utf-8")


def test_init_writes_the_login_name_it_has_found_and_leaves_the_server_to_be_found(town: Town) -> None:
    """A server that the domain itself names may move; the file does not pin it."""
    town.publishes("%EMAILLOCALPART%")
    text = initialised(town, "--time-zone", "Europe/Kyiv", SUPPORT_PASSWORD=town.server.password)
    assert f"user: {town.shop.user}" in text
    assert "imap:" not in text


def test_init_writes_the_server_that_a_person_names(town: Town) -> None:
    """As it was typed."""
    where = f"{IMAP}:{town.server.imaps_port}"
    text = initialised(town, "--imap", where, "--time-zone", "UTC", SUPPORT_PASSWORD=town.server.password)
    assert f"imap: {{host: {IMAP}, port: {town.server.imaps_port}, tls: implicit}}" in text
    assert "user:" not in text


def test_init_asks_again_when_the_login_fails_and_writes_what_a_person_vouched_for(town: Town) -> None:
    """From an address to a file, at a terminal."""
    smtp = {("_submissions._tcp.acme.example", "SRV"): ["0 1 465 mail.elsewhere.example."]}
    town.knows({**town.srv("mail.elsewhere.example"), **smtp})
    file = town.shop.root / "fresh.yaml"
    with town.person("init", "--config", str(file)) as terminal:
        terminal.expect("The support mailbox")
        terminal.type(town.address)
        terminal.expect("Is mail.elsewhere.example the right server?")
        terminal.type("y")
        terminal.expect("Environment variable")
        terminal.type("")
        terminal.expect("Who is reminded")
        terminal.type("olha@acme.example")
        terminal.expect("Who is told")
        terminal.type("")
        terminal.expect("Time zone")
        terminal.type("Europe/Kyiv")
        terminal.expect("App password of")
        terminal.type("wrong")
        terminal.expect("✗")
        terminal.expect("App password of")
        terminal.type(town.server.password)
        terminal.expect(f"logged in at mail.elsewhere.example:{town.server.imaps_port}")
        assert terminal.end() == 0
    text = file.read_text("utf-8")
    assert "imap: {host: mail.elsewhere.example" in text
    assert "smtp: {host: mail.elsewhere.example, port: 465" in text


def test_init_without_a_server_ends_without_a_file(town: Town) -> None:
    """Where nobody can decide to write it all the same."""
    town.world.dns.misbehaves = SERVFAIL
    file = Path(town.shop.root / "fresh.yaml")
    said = town.run("init", "--yes", "--address", town.address, "--config", str(file), "--time-zone", "UTC")
    assert said.code == 75
    assert "Nothing was written" in said.err
    assert not file.exists()
