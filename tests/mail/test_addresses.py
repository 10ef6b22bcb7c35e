"""One reader of addresses, and who a From really names."""

from __future__ import annotations

import time

import pytest

from router.mail.addresses import claims, parse_list


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a@B.com", [("", "a@b.com")]),
        ("Name <A@b.com>", [("Name", "a@b.com")]),
        ('"Doe, John" <j@x.org>, b@c.d', [("Doe, John", "j@x.org"), ("", "b@c.d")]),
        ('"Joe \\"Q\\" Public" <j@x.org>', [('Joe "Q" Public', "j@x.org")]),
        ("(c):", []),
        ("undisclosed-recipients:;", []),
        ("Team: a@b.c, d@e.f;, x@y.z", [("", "a@b.c"), ("", "d@e.f"), ("", "x@y.z")]),
        ("a@b.com (John Doe)", [("John Doe", "a@b.com")]),
        ("<@relay.example,@two.example:a@b.com>", [("", "a@b.com")]),
        ("=?utf-8?q?Smith=2C_J?= <a@b.com>", [("Smith, J", "a@b.com")]),
        ("=?utf-8?q?x=0D=0ABcc:_y?= <a@b.com>", [("x Bcc: y", "a@b.com")]),
        ("Іван <іван@приклад.укр>", [("Іван", "іван@xn--80aikifvh.xn--j1amh")]),
        ("alice@corp.com]<vip@corp.com>", [("alice@corp.com]", "vip@corp.com")]),
        ('"vip@corp.com" <a@b.com>', [("vip@corp.com", "a@b.com")]),
        ("a@b@c", [("a@b@c", "")]),
        ("a b@c.d", [("a b@c.d", "")]),
        ('<"system administrator"@x.com>', [("", '"system administrator"@x.com')]),
        ('"unclosed <a@b.c', [("unclosed <a@b.c", "")]),
        ("", []),
        ("Jane <a@b.com> <c@d.com>", [("Jane", "c@d.com")]),
        ("Jane <<a@b.com>>", [("Jane", "a@b.com")]),
        ("Jane <a@b.com", [("Jane", "a@b.com")]),
        ("Jane a@b.com>", [("Jane", "a@b.com")]),
        ("<mailto:a@b.com>", [("", "a@b.com")]),
        ("Jane < a @ b.com (home) >", [("Jane", "a@b.com")]),
        ("a @ b.com", [("", "a@b.com")]),
        ("a(of sales)@b.com(head office)", [("of sales head office", "a@b.com")]),
        ("a@b.com (nested (twice) over)", [("nested (twice) over", "a@b.com")]),
        ('"a"@b.com', [("", "a@b.com")]),
        ('"a..b"@b.com', [("", '"a..b"@b.com')]),
        ('"a\\"b"@c.com', [("", '"a\\"b"@c.com')]),
        ('Jane <"x>y"@b.com>', [("Jane", '"x>y"@b.com')]),
        ("a@[192.0.2.1], b@[IPv6:2001:db8::1]", [("", "a@[192.0.2.1]"), ("", "b@[ipv6:2001:db8::1]")]),
        ("user%vip.com@relay.com", [("", "user%vip.com@relay.com")]),
        ("A <a@b.com>; B <c@d.com>;", [("A", "a@b.com"), ("B", "c@d.com")]),
        ("Nobody:;", []),
        ("A Group:Jane <a@b.com>,c@d.com;", [("Jane", "a@b.com"), ("", "c@d.com")]),
        ("=?utf-8?q?vip=40corp.com?= <a@b.com>", [("vip@corp.com", "a@b.com")]),
        ("=?utf-8?q?vip=40corp.com?=", [("vip@corp.com", "")]),
        ("=?utf-8?q?a=40b.com=3E=2C?= <c@d.com>", [("a@b.com>,", "c@d.com")]),
        ("a@b.com.", [("", "a@b.com")]),
        ("a@.", [("a@.", "")]),
        ("<a@.>", [("", "")]),
        ("e\u0301ric@b.com", [("", "éric@b.com")]),
        ("Jane <a@Straße.example>", [("Jane", "a@xn--strae-oqa.example")]),
        ("a@vip\uff20corp.com", [("a@vip\uff20corp.com", "")]),
        ("<a@vip\uff20corp.com>", [("", "")]),
        ("<a@pay\u202epal.com>", [("", "")]),
    ],
)
def test_lists_are_read(raw: str, expected: list[tuple[str, str]]) -> None:
    """Names stay names and addresses addresses, whatever stands in them."""
    assert [(one.name, one.address) for one in parse_list(raw)] == expected


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        ("Jane <jane@x.example>", 1),
        ('"jane@x.example" <jane@x.example>', 1),
        ("jane@x.example <jane@x.example>", 1),
        ("jane@x.example, vip@corp.example", 2),
        ("alice@corp.com]<vip@corp.com>", 2),
        ("vip@corp.com <mallory@evil.example>", 2),
        ("(c):", 0),
        ("Jane <jane@x.example> <vip@corp.example>", 2),
        ("Jane <jane@x.example> <JANE@x.example.>", 1),
        ("jane@x.example <jane@x.example> <vip@corp.example>", 2),
        ("Team: jane@x.example, vip@corp.example;", 2),
        ("=?utf-8?q?vip=40corp.example?= <jane@x.example>", 1),
        ("<>", 1),
    ],
)
def test_a_sender_that_can_be_read_in_two_ways_counts_twice(raw: str, count: int) -> None:
    assert claims(raw) == count


def test_huge_lists_end() -> None:
    """A list of any length is read in bounded time, up to a thousand addresses."""
    assert len(parse_list("a@b.c," * 60_000)) == 1000
    assert parse_list("x:" * 60_000) == ()


def test_an_address_longer_than_any_is_none() -> None:
    """However simply it is written (RFC 5321 section 4.5.3.1)."""
    for raw in ("{}@b.example", "<{}@b.example>", "Jane <{}@b.example>"):
        assert [one.address for one in parse_list(raw.format("a" * 2000))] == [""]


def test_names_hold_no_control_characters() -> None:
    """A raw ESC or BEL in a quoted display name would steer the terminal of whoever prints it."""
    for raw in ('"a\x07b" <c@d.example>', "Jane \x1b[31mMiller <c@d.example>", '"a\x1b]0;x\x07" <c@d.example>'):
        (found,) = parse_list(raw)
        assert found.name.isprintable()
        assert found.address == "c@d.example"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "bait",
    ["<", '<"', '<"<>"x', "( ", " ", " @", '"\\', "=?a?q?", "<a@b>", ">", "@,", '<"\\">', '<"x', "=?x?b?A?B"],
)
def test_baits_are_read_in_linear_time(bait: str) -> None:
    """No repetition of syntax makes the reader look back again and again."""
    started = time.process_time()
    raw = (bait * 100_000)[:100_000]
    parse_list(raw)
    claims(raw)
    assert time.process_time() - started < 2
