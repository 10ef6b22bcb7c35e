"""One reader of addresses, and who a From really names."""

from __future__ import annotations

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
    ],
)
def test_a_sender_that_can_be_read_in_two_ways_counts_twice(raw: str, count: int) -> None:
    assert claims(raw) == count


def test_huge_lists_end() -> None:
    """A list of any length is read in bounded time, up to a thousand addresses."""
    assert len(parse_list("a@b.c," * 60_000)) == 1000
    assert parse_list("x:" * 60_000) == ()


def test_names_hold_no_control_characters() -> None:
    """A raw ESC or BEL in a quoted display name would steer the terminal of whoever prints it."""
    for raw in ('"a\x07b" <c@d.example>', "Jane \x1b[31mMiller <c@d.example>", '"a\x1b]0;x\x07" <c@d.example>'):
        (found,) = parse_list(raw)
        assert found.name.isprintable()
        assert found.address == "c@d.example"
