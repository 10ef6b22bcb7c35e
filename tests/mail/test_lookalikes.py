"""What a person may misread in a sender is said, and ordinary names of every script are left alone."""

from __future__ import annotations

import time

import pytest

from router.mail.addresses import parse_list
from router.mail.lookalikes import flags
from router.values import Address


def said(raw: str, subject: str = "") -> str:
    """Every flag of the first sender of a From value, on one line."""
    return "; ".join(flags(parse_list(raw)[0], subject))


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        ("a@pаypal.example", "sender: the domain mixes Cyrillic and Latin letters, pаypal.example"),
        ("a@gοοgle.example", "sender: the domain mixes Greek and Latin letters, gοοgle.example"),
        ("a@аррӏе.example", "sender: the domain looks like apple.example, but is аррӏе.example"),
        ("a@shop.ɡood.example", "sender: the domain looks like shop.good.example, but is shop.ɡood.example"),
        ("a@xn--shop-.example", "sender: the domain has a label that is no international name, xn--shop-"),
        ("Рaypal Support <a@b.example>", "sender: the name has a word of Cyrillic and Latin letters, Рaypal"),
        ('"vip@corp.example" <a@evil.example>', "sender: the name shows another address, vip@corp.example"),
        ("=?utf-8?q?vip=40corp.example?= <a@evil.example>", "sender: the name shows another address, vip@corp.example"),
        (
            "Boss vip\uff20corp.example <a@evil.example>",
            "sender: the name shows another address, vip\uff20corp.example",
        ),
        ("Bank \u202eknab <a@b.example>", "sender: the name turns the direction of writing"),
        ("Bank\u2066 <a@b.example>", "sender: the name has direction marks without right-to-left letters"),
        ("Pay\u200bPal <a@b.example>", "sender: the name has invisible characters inside a word"),
        ("bоss@corp.example", "sender: the address has a word of Cyrillic and Latin letters, bоss"),
    ],
)
def test_what_misleads_is_said(raw: str, flag: str) -> None:
    assert said(raw) == flag


@pytest.mark.parametrize(
    "raw",
    [
        "Jane Miller <jane@client.example>",
        "Іван Петренко <ivan@пошта.укр>",
        "Олексiй <o@client.example>",  # a Latin i: a slip of the keyboard, and nobody reads it as Latin
        "ТОВ SMSка <a@client.example>",
        "Ђорђе Ђоковић (IT сектор) <a@client.example>",
        "Žofie Müller <a@münchen.example>",
        "Γιώργος Παπάς <a@παράδειγμα.ελ>",
        "田中 <a@例えExample.jp>",
        "김철수 <a@client.example>",
        "\u200fمحمد <a@client.example>",
        "نامه\u200cای <a@نامه\u200cای.example>",
        "हिन्दी\u200dक <a@client.example>",
        "👩\u200d💻 Jane <a@client.example>",
        "info@client.example <noreply@client.example>",
        "Sales@Client <sales@client.example>",
        "a@хора.рф",
        "a@xn--80a1acn3a.xn--j1amh",
    ],
)
def test_ordinary_names_are_left_alone(raw: str) -> None:
    """Names and domains of one script, joiners where a script needs them, the own address as a name."""
    assert said(raw) == ""


def test_subjects_are_looked_at_too() -> None:
    assert said("a@b.example", "Invoice \u202efdp.exe") == "subject: the text turns the direction of writing"
    assert said("a@b.example", "Rech\u00adnung") == "subject: the text has invisible characters inside a word"
    assert said("a@b.example", "Повернення грошей 💸") == ""


@pytest.mark.timeout(20)
@pytest.mark.parametrize("bait", ["а", "аa", "@", "a@", "\u200b", "a\u200b", "\u202e", "＠a.", "xn--а"])
def test_baits_end_in_linear_time(bait: str) -> None:
    text = (bait * 50_000)[:50_000]
    started = time.process_time()
    flags(Address(name=text, address="a@xn--80a1acn3a.example"), text)
    flags(Address(name=text, address=f"{text}@b.example"), text)
    assert time.process_time() - started < 1
