"""Who is proven to have written: only our own server's word counts."""

from __future__ import annotations

import pytest

from router.mail.authentication import judge, parse
from router.mail.parse import parse as parse_mail
from router.values import Authentication
from tests.mail.builders import DEFAULTS

OURS = "mx.shop.example"
PASS = f"{OURS}; dmarc=pass (p=REJECT) header.from=customer.example"


def verdict(*results: str, sender: str = DEFAULTS["From"], ids: tuple[str, ...] = (OURS,)) -> Authentication:
    """The judgement on a message with these Authentication-Results, top to bottom."""
    lines = [f"Authentication-Results: {one}" for one in results]
    return judge(parse_mail("\n".join([*lines, f"From: {sender}", "", "hi"]).encode()), ids)[0]


def test_an_aligned_pass_of_our_server_is_proof() -> None:
    assert verdict(PASS) is Authentication.PASSED
    assert (
        verdict(f'{OURS} 1; spf=pass; dmarc/1=pass reason="all; good" header.from="Customer.EXAMPLE"')
        is Authentication.PASSED
    )


def test_a_fail_is_a_failure() -> None:
    assert verdict(f"{OURS}; dmarc=fail header.from=customer.example") is Authentication.FAILED


@pytest.mark.parametrize(
    "forged",
    [
        f"{OURS}; spf=pass (dmarc=pass header.from=customer.example)",
        f"{OURS} (dmarc=pass header.from=customer.example)",
        f'{OURS}; spf=pass reason="dmarc=pass header.from=customer.example"',
        f'{OURS}; spf=pass reason="; dmarc=pass header.from=customer.example"',
        f"{OURS}; x-dmarc=pass header.from=customer.example",
        f"{OURS}; spf=pass smtp.mailfrom=dmarc=pass",
        f"{OURS}; dmarc=pass",
        f"{OURS}; dmarc=none header.from=customer.example",
        f"{OURS}; dmarc=temperror header.from=customer.example",
        f"{OURS}; dmarc=bestguesspass header.from=customer.example",
        f"{OURS}; none",
        "evil.example; dmarc=pass header.from=customer.example",
        f"evil.{OURS}; dmarc=pass header.from=customer.example",
        f"({OURS}) evil.example; dmarc=pass header.from=customer.example",
        "dmarc=pass header.from=customer.example",
        "",
    ],
)
def test_what_proves_nothing_is_no_result(forged: str) -> None:
    """Comments, reasons, other servers and other methods are not our server's DMARC verdict."""
    assert verdict(forged) is Authentication.NONE


def test_only_the_topmost_header_of_our_server_counts() -> None:
    """A header that came with the mail lies below our server's; other servers' headers are ignored."""
    assert verdict(f"{OURS}; dmarc=fail header.from=customer.example", PASS) is Authentication.FAILED
    assert verdict(f"{OURS}; spf=pass", PASS) is Authentication.NONE
    assert verdict("other.example; dmarc=fail", PASS) is Authentication.PASSED


def test_a_pass_for_another_domain_is_a_failure() -> None:
    """DMARC that passed for somebody else shows that From is not who it says."""
    assert verdict(f"{OURS}; dmarc=pass header.from=evil.example") is Authentication.FAILED
    assert verdict(f"{OURS}; dmarc=pass header.from=customer.example.evil.example") is Authentication.FAILED


@pytest.mark.parametrize(
    "sender", ["a@customer.example, b@customer.example", "b@customer.example]<a@customer.example>"]
)
def test_an_ambiguous_sender_has_failed(sender: str) -> None:
    assert verdict(PASS, sender=sender) is Authentication.FAILED


def test_nothing_configured_is_no_result() -> None:
    assert verdict(PASS, ids=()) is Authentication.NONE


def test_presets_name_the_big_providers() -> None:
    """Google writes one id; Microsoft writes its protection domains, or none at all."""
    pass_for = "dmarc=pass action=none header.from=customer.example"
    assert verdict(f"mx.google.com; {pass_for}", ids=("google",)) is Authentication.PASSED
    assert (
        verdict(
            f"spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x; {pass_for};compauth=pass reason=100",
            ids=("microsoft",),
        )
        is Authentication.PASSED
    )
    assert verdict(f"a.b.prod.protection.outlook.com; {pass_for}", ids=("microsoft",)) is Authentication.PASSED
    assert verdict(f"evilprotection.outlook.com; {pass_for}", ids=("microsoft",)) is Authentication.NONE
    assert verdict(f"mx.google.com; {pass_for}", ids=("microsoft",)) is Authentication.NONE


def test_folded_values_and_international_domains_are_compared() -> None:
    folded = f"{OURS};\n\tspf=pass;\n\tdmarc=pass header.from=приклад.укр"
    assert verdict(folded, sender="a@xn--80aikifvh.xn--j1amh") is Authentication.PASSED


def test_results_are_read_with_their_properties() -> None:
    header = parse(
        "example.com; dkim=pass (good) header.d=a.example header.i=@a.example; spf=fail smtp.mailfrom=b.example"
    )
    assert header is not None
    assert [(one.method, one.verdict) for one in header.results] == [("dkim", "pass"), ("spf", "fail")]
    assert header.results[0].get("header.i") == "@a.example"
