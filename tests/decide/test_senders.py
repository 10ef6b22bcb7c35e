"""Sender lists hold for senders that can be believed."""

from __future__ import annotations

import pytest

from router.decide.rules import Senders
from router.decide.senders import match_senders
from router.values import Address, Authentication, Message

from .builders import VIP, a_message, the_rules

PASSED, FAILED, NONE = Authentication.PASSED, Authentication.FAILED, Authentication.NONE


@pytest.mark.parametrize(
    ("sender", "count", "authentication", "names", "tags"),
    [
        ("ceo@big.example", 1, PASSED, ("vip",), ()),
        ("ceo@big.example", 1, NONE, ("vip",), ("unverified-sender",)),
        ("ceo@big.example", 1, FAILED, (), ("forged-sender",)),
        ("ceo@big.example", 2, PASSED, (), ("forged-sender",)),
        ("ceo@big.example", 0, NONE, (), ("forged-sender",)),
        ("CEO@Big.Example", 1, PASSED, ("vip",), ()),
        ("anna@partner.example", 1, PASSED, ("vip",), ()),
        ("anna@sub.partner.example", 1, PASSED, (), ()),
        ("anna@notpartner.example", 1, PASSED, (), ()),
        ("anna@partner.example.evil.example", 1, PASSED, (), ()),
        ("xceo@big.example", 1, PASSED, (), ()),
        ("oksana@client.example", 1, FAILED, (), ()),  # other mail gets neither tag
        ("oksana@client.example", 1, NONE, (), ()),
        ("", 0, NONE, (), ()),
    ],
)
def test_who_is_matched_and_who_is_tagged(
    sender: str, count: int, authentication: Authentication, names: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    """Passed: matched. None: matched, tagged unverified. Failed, or several senders: not matched, tagged forged."""
    found = match_senders(the_rules(), a_message(sender=sender, sender_count=count), authentication)
    assert (found.names, found.tags) == (names, tags)
    assert len(found.trace) == 1


def test_the_trace_says_why_a_forged_sender_missed() -> None:
    """The line reads as the admin's rule test quotes it."""
    line = match_senders(the_rules(), a_message(sender="ceo@big.example"), FAILED).trace[0]
    assert f"{line.where} {line.outcome} because {line.because}" == "senders.vip missed because authentication failed"


def test_lists_match_in_file_order() -> None:
    """A sender may be in several lists."""
    old = Senders(name="old", patterns=("*",))
    found = match_senders(the_rules(senders=(old, VIP)), a_message(sender="ceo@big.example"), PASSED)
    assert found.names == ("old", "vip")


def test_nobody_is_in_no_list() -> None:
    """A mail without a readable sender matches not even `*`."""
    found = match_senders(the_rules(senders=(Senders(name="all", patterns=("*",)),)), Message(), PASSED)
    assert found.names == ()


def test_a_display_name_is_no_sender() -> None:
    """Only the address counts."""
    message = Message(sender=Address(name="ceo@big.example", address="phish@evil.example"))
    found = match_senders(the_rules(), message, NONE)
    assert (found.names, found.tags) == ((), ())


@pytest.mark.parametrize("pattern", ["*@пошта.укр", "*@ПОШТА.УКР", "*@xn--80a1acn3a.xn--j1amh", "o*@пошта.*"])
def test_an_international_domain_is_compared_as_ascii(pattern: str) -> None:
    """The admin may write it either way; a look-alike letter is another domain."""
    rules = the_rules(senders=(Senders(name="ua", patterns=(pattern,)),))
    assert match_senders(rules, a_message(sender="olha@xn--80a1acn3a.xn--j1amh"), PASSED).names == ("ua",)
    assert match_senders(rules, a_message(sender="olha@пoшта.укр"), PASSED).names == ()  # a Latin o


def test_a_domain_with_sharp_s_is_not_the_one_with_double_s() -> None:
    """They belong to two owners since 2010: the mail of one is never the other's."""
    rules = the_rules(senders=(Senders(name="vip", patterns=("*@Weiß.example",)),))
    assert match_senders(rules, a_message(sender="a@xn--wei-7ka.example"), PASSED).names == ("vip",)
    assert match_senders(rules, a_message(sender="a@weiss.example"), PASSED).names == ()


def test_ten_thousand_addresses_are_one_look_up() -> None:
    """Long lists of customers are found by address, not by trying each."""
    patterns = tuple(f"customer{n}@shop{n}.example" for n in range(10_000))
    rules = the_rules(senders=(Senders(name="loyal", patterns=patterns),))
    assert match_senders(rules, a_message(sender="customer9999@shop9999.example"), PASSED).names == ("loyal",)
    assert match_senders(rules, a_message(sender="customer9999@shop1.example"), PASSED).names == ()
