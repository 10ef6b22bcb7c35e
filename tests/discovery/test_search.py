"""The search, with the network as a table: which step answers, what is believed, what is said."""

from __future__ import annotations

import pytest

from router.discovery import Discovery, NoImap, NotDiscovered, Outcome, Step, discover
from router.errors import UnsafeArgument
from router.values import Server, Tls
from tests.discovery.builders import SMTP, Table, endpoint, file_of

AUTOCONFIG = "https://autoconfig.shop.example/mail/config-v1.1.xml"
WELL_KNOWN = "https://shop.example/.well-known/autoconfig/mail/config-v1.1.xml"
FILE = file_of(endpoint("imap.shop.example"), SMTP)


def find(address: str = "ann@shop.example", network: Table | None = None, *, agreed: bool | None = None) -> Discovery:
    """What is found; a person who agrees, or not, or None for nobody."""
    answer = None if agreed is None else (lambda _text, _server: agreed)
    return discover(address, network=network or Table(), agreed=answer)


# ------------------------------------------------------------------ the steps


def test_known_providers_need_no_network() -> None:
    """The table answers first, whatever the case of the domain, and with how one logs in."""
    network = Table()
    found = find("Someone@GMail.com.", network)
    assert (found.imap, found.user) == (Server(host="imap.gmail.com", port=993), "Someone@GMail.com.")
    assert found.provider is not None
    assert "app password" in found.hint
    assert network.asked == []


@pytest.mark.parametrize("url", [AUTOCONFIG, WELL_KNOWN])
def test_autoconfig_comes_second(url: str) -> None:
    """Under either of its two addresses."""
    found = find(network=Table(pages={url: FILE}))
    assert (found.imap.host, found.smtp and found.smtp.host) == ("imap.shop.example", "smtp.shop.example")
    assert url in found.how
    assert len(found.steps) == 2


def test_the_address_is_sent_only_to_its_own_domain_and_only_when_asked_for() -> None:
    """A server that answers 400 without it is asked again with it."""
    quiet = Table(pages={AUTOCONFIG: 404})
    with pytest.raises(NotDiscovered):
        find(network=quiet)
    assert "ann@" not in " ".join(quiet.asked)
    curious = Table(pages={AUTOCONFIG: 400, f"{AUTOCONFIG}?emailaddress=ann%2Bx@shop.example": FILE})
    assert find("ann+x@shop.example", curious).imap.host == "imap.shop.example"
    hoster = "https://autoconfig.hoster.example/mail/config-v1.1.xml"
    foreign = Table({("shop.example", "MX"): ["10 mx.hoster.example."]}, {hoster: 400})
    with pytest.raises(NotDiscovered):
        find(network=foreign)
    assert hoster in foreign.asked
    assert "ann@" not in " ".join(foreign.asked)


def test_the_login_name_of_the_file_is_carried_along() -> None:
    """And OAuth 2 as the only way in."""
    name = find(network=Table(pages={AUTOCONFIG: file_of(endpoint("imap.shop.example", user="%EMAILLOCALPART%"))}))
    assert (name.user, name.takes_passwords) == ("ann", True)
    only = find(network=Table(pages={AUTOCONFIG: file_of(endpoint("imap.shop.example", logins=["OAuth2"]))}))
    assert (only.user, only.takes_passwords) == ("ann@shop.example", False)
    assert "OAuth 2" in only.hint


def test_srv_records_come_third_by_priority_and_weight() -> None:
    """The lowest priority wins, then the greatest weight; a dot says that the service is not offered."""
    records = {
        ("_imaps._tcp.shop.example", "SRV"): [
            "10 5 993 second.shop.example.", "5 1 993 light.shop.example.", "5 9 1993 Heavy.shop.example.",
        ],
        ("_submissions._tcp.shop.example", "SRV"): ["0 0 0 ."],
        ("_submission._tcp.shop.example", "SRV"): ["0 1 587 smtp.shop.example."],
    }  # fmt: skip
    found = find(network=Table(records))
    assert found.imap == Server(host="heavy.shop.example", port=1993)
    assert found.smtp == Server(host="smtp.shop.example", port=587, tls=Tls.STARTTLS)
    assert len(found.steps) == 3


def test_srv_over_tls_goes_before_starttls() -> None:
    """_imap counts when _imaps is said not to be offered."""
    upgraded = {("_imap._tcp.shop.example", "SRV"): ["0 1 143 imap.shop.example."]}
    assert find(network=Table(upgraded)).imap == Server(host="imap.shop.example", port=143, tls=Tls.STARTTLS)
    refused = {**upgraded, ("_imaps._tcp.shop.example", "SRV"): ["0 0 0 ."]}
    assert find(network=Table(refused)).imap.tls is Tls.STARTTLS
    both = {**upgraded, ("_imaps._tcp.shop.example", "SRV"): ["99 1 993 imap.shop.example."]}
    assert find(network=Table(both)).imap.tls is Tls.IMPLICIT


def test_the_provider_behind_an_own_domain_is_recognised() -> None:
    """By its mail exchangers, the preferred first; how one logs in there comes along."""
    found = find(network=Table({("shop.example", "MX"): ["20 mx.other.example.", "10 aspmx.l.google.com."]}))
    assert found.imap.host == "imap.gmail.com"
    assert found.provider is not None
    assert found.provider.oauth == "google"
    microsoft = find(network=Table({("shop.example", "MX"): ["0 shop-example.mail.protection.outlook.com."]}))
    assert not microsoft.takes_passwords
    assert "no passwords" in microsoft.hint


def test_the_domain_of_the_mail_exchanger_is_asked_last() -> None:
    """Its name without its first label, and again, as Thunderbird does: autoconfig, then SRV."""
    mx = {("shop.example", "MX"): ["10 mx1.mail.hoster.example."]}
    file = file_of(endpoint("imap.hoster.example", user="%EMAILADDRESS%"))
    for parent in ("mail.hoster.example", "hoster.example"):
        found = find(network=Table(mx, {f"https://autoconfig.{parent}/mail/config-v1.1.xml": file}), agreed=True)
        assert (found.imap.host, found.agreed) == ("imap.hoster.example", True)
        assert parent in found.how
    records = {**mx, ("_imaps._tcp.hoster.example", "SRV"): ["0 1 993 imap.hoster.example."]}
    assert find(network=Table(records), agreed=True).imap.host == "imap.hoster.example"


def test_a_null_mx_and_none_at_all_end_the_search() -> None:
    """A dot says that the domain takes no mail (RFC 7505)."""
    for records in ({}, {("shop.example", "MX"): ["0 ."]}):
        with pytest.raises(NotDiscovered, match="no mail exchangers"):
            find(network=Table(records))


# ------------------------------------------------------------------ what is believed


ELSEWHERE = Table({("_imaps._tcp.shop.example", "SRV"): ["0 1 993 imap.elsewhere.example."]})


def test_a_server_elsewhere_needs_a_person_who_vouches_for_it() -> None:
    """DNS can be forged, and the password would go there (RFC 6186 §6)."""
    found = find(network=ELSEWHERE, agreed=True)
    assert (found.imap.host, found.agreed) == ("imap.elsewhere.example", True)
    with pytest.raises(NotDiscovered) as refused:
        find(network=ELSEWHERE, agreed=False)
    assert refused.value.likely is None
    with pytest.raises(NotDiscovered, match=r"imap: \{host: imap\.elsewhere\.example, port: 993\}") as unasked:
        find(network=ELSEWHERE)
    assert unasked.value.likely == Server(host="imap.elsewhere.example", port=993)


def test_a_known_provider_s_server_needs_nobody() -> None:
    """A company's records may name Fastmail's: no stranger gets the password there."""
    found = find(network=Table({("_imaps._tcp.shop.example", "SRV"): ["0 1 993 imap.fastmail.com."]}))
    assert found.provider is not None
    assert (found.provider.name, found.agreed) == ("Fastmail", False)


@pytest.mark.parametrize("host", ["localhost.", "127.0.0.1.", "imap.", "10.0.0.1.", "evil\\032host.example."])
def test_records_that_point_nowhere_public_say_nothing(host: str) -> None:
    """A stranger's DNS shall not point us at this machine."""
    with pytest.raises(NotDiscovered, match="no SRV records"):
        find(network=Table({("_imaps._tcp.shop.example", "SRV"): [f"0 1 993 {host}"]}), agreed=True)


def test_a_provider_without_imap_says_what_to_do() -> None:
    """Also behind a domain of one's own."""
    with pytest.raises(NoImap, match="Bridge"):
        find("ann@proton.me")
    with pytest.raises(NoImap, match="Bridge"):
        find(network=Table({("shop.example", "MX"): ["10 mail.protonmail.ch."]}))


# ------------------------------------------------------------------ what is said


def test_each_step_is_said_before_and_after() -> None:
    """What is tried, then a sentence about it; the last one found something."""
    said: list[Step] = []
    discover("ann@shop.example", network=Table(pages={WELL_KNOWN: FILE}), said=said.append)
    assert [step.outcome for step in said] == [Outcome.TRYING, Outcome.NOTHING, Outcome.TRYING, Outcome.FOUND]
    assert said[-1].text.startswith("shop.example publishes its settings")


def test_nothing_found_says_what_to_write() -> None:
    """With everything that was tried, and the usual name."""
    with pytest.raises(NotDiscovered, match=r"imap: \{host: imap\.shop\.example, port: 993\}") as error:
        find()
    assert str(error.value).count(";") == 3
    assert error.value.likely is None


def test_a_server_that_answers_under_a_usual_name_is_proposed_not_taken() -> None:
    """Nobody says that the mailbox is there: a person has to."""
    with pytest.raises(NotDiscovered, match=r"host: mail\.shop\.example") as error:
        find(network=Table(greeting=["mail.shop.example"]))
    assert error.value.likely == Server(host="mail.shop.example", port=993)


def test_a_silent_dns_is_not_an_empty_one() -> None:
    """Nobody learns from a time-out that there are no records."""
    silent = Table({("_imaps._tcp.shop.example", "SRV"): None, ("shop.example", "MX"): None})
    with pytest.raises(NotDiscovered) as error:
        find(network=silent)
    assert str(error.value).count("DNS did not answer") == 2


def test_when_the_time_is_up_nobody_is_asked_any_more() -> None:
    """The search ends with what it knows."""
    network = Table(pages={AUTOCONFIG: FILE})
    with pytest.raises(NotDiscovered):
        discover("ann@shop.example", network=network, seconds=0)
    assert network.asked == []


def test_international_domains_are_looked_up_in_ascii() -> None:
    """The resolver and the web know only A-labels; ß is a letter of its own."""
    network = Table()
    with pytest.raises(NotDiscovered):
        find("ann@Пошта.укр", network)
    assert network.asked
    assert all(name.isascii() and "xn--" in name for name in network.asked)
    sharp = Table()
    with pytest.raises(NotDiscovered):
        find("ann@straße.example", sharp)
    assert "MX xn--strae-oqa.example" in sharp.asked


@pytest.mark.parametrize(
    "address", ['"a b"@shop.example', "o'neil+news@shop.example", "a@b@shop.example", "анна@shop.example"]
)
def test_odd_first_parts_are_the_server_s_affair(address: str) -> None:
    """Only the domain is looked for, and the address logs in as it is."""
    found = find(address, Table(pages={AUTOCONFIG: FILE}))
    assert found.user == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@b.example",
        "a@b",
        "a@b..c",
        "a@b.example/x",
        "a@b\r\n.example",
        "a\r\nb@b.example",
        "a@[127.0.0.1]",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    """Before anybody is asked."""
    network = Table()
    with pytest.raises(UnsafeArgument):
        find(address, network)
    assert network.asked == []
