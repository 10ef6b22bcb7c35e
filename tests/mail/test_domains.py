"""Domain names of any script, and the one form in which they are compared."""

from __future__ import annotations

import pytest

from router.mail.domains import ascii_form, unicode_form, unicode_label


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Example.COM.", "example.com"),
        ("приклад.укр", "xn--80aikifvh.xn--j1amh"),
        ("ПРИКЛАД.УКР", "xn--80aikifvh.xn--j1amh"),
        ("e\u0301cole.fr", "xn--cole-9oa.fr"),
        ("例え。jp", "xn--r8jz45g.jp"),
        ("ｓｈｏｐ．example", "shop.example"),
        ("shop\u200b.example", "shop.example"),
        ("", ""),
    ],
)
def test_one_domain_has_one_form(written: str, compared: str) -> None:
    """Case, composition, width and the final dot make no difference."""
    assert ascii_form(written) == compared


def test_different_domains_stay_different() -> None:
    """ß is no ss, a final sigma no sigma, a joiner in a Persian word not nothing: other people own those names."""
    assert ascii_form("straße.example") == "xn--strae-oqa.example" != ascii_form("strasse.example")
    assert ascii_form("βόλος.gr") != ascii_form("βόλοσ.gr")
    assert ascii_form("نامه\u200cای.com") != ascii_form("نامهای.com")


@pytest.mark.parametrize(
    "written",
    [
        "vip\uff20corp.example",
        "a\u2100.example",
        "pay\u202epal.example",
        "pay\u200cpal.example",
        "\u0301x.example",
        "ü..example",
        "ü" * 60 + ".example",
        "ü.\ud800",
        "a b\u00e9.example",
    ],
)
def test_what_no_registry_sells_is_no_domain(written: str) -> None:
    """Nothing that maps to @, / or a blank, no direction marks, no joiner that joins nothing."""
    assert ascii_form(written) == ""


def test_labels_are_shown_as_people_read_them() -> None:
    assert unicode_form("xn--80aikifvh.xn--j1amh") == "приклад.укр"
    assert unicode_form("mail.shop.example") == "mail.shop.example"


@pytest.mark.parametrize(
    "label", ["xn--shop-", "xn--", "xn--99999999999", "xn--\u0430", "xn--" + "a" * 80, "xn--maps-\x00"]
)
def test_an_a_label_that_is_none_is_known(label: str) -> None:
    """What does not decode, or decodes to the text of another label, stays unread."""
    assert unicode_label(label) == ""
    assert unicode_form(f"{label}.example") == f"{label}.example"
