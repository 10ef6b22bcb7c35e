"""Who is proven to have written: only our own server's word counts."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from router.mail import received
from router.mail.authentication import judge, parse
from router.mail.parse import parse as parse_mail
from router.values import Address, Authentication, Message
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


# ------------------------------------------------------------------ where the header lies

OUTSIDE = "Received: from mail.customer.example (mail.customer.example [203.0.113.7]) by {} with ESMTPS id 1; today"
LMTP = "Received: from mx.shop.example by mail.shop.example with LMTP id 2; today"
RELAYED = "Received: from [192.168.0.9] by smtp.relay.example with ESMTPA id 3; today"


def at_place(*lines: str, ids: tuple[str, ...] = (OURS,)) -> Authentication:
    """The judgement on a message with exactly these lines above its From."""
    return judge(parse_mail("\n".join([*lines, f"From: {DEFAULTS['From']}", "", "hi"]).encode()), ids)[0]


@pytest.mark.parametrize(
    "lines",
    [
        (f"Authentication-Results: {PASS}", OUTSIDE.format(OURS)),
        (OUTSIDE.format(OURS), f"Authentication-Results: {PASS}"),
        (LMTP, OUTSIDE.format(OURS), f"Authentication-Results: {PASS}", RELAYED),
        (LMTP, f"Authentication-Results: {PASS}", OUTSIDE.format(OURS), RELAYED),
        ("Received: by 10.2.3.4 with SMTP id 5; today", OUTSIDE.format(OURS), f"Authentication-Results: {PASS}"),
        ("Received: from mx by 3e8f1c with LMTP id 5", OUTSIDE.format("3e8f1c"), f"Authentication-Results: {PASS}"),
        (
            "Received: from mx6 ([10.202.2.205]) by store.internal (LMTPProxy); today",
            "Received: from mx.shop.example (localhost [127.0.0.1]) by mailmx.internal (Postfix) with ESMTP; today",
            "Received: from mx.shop.example (localhost [127.0.0.1]) by mx.shop.example (Milter) with ESMTP; today",
            f"Authentication-Results: {PASS}",
            OUTSIDE.format("mx.shop.example"),
        ),
        (
            "Received: from 10.253.37.2 by mta1.shop.example with HTTPS; today",
            f"Authentication-Results: {PASS}",
            "Received: from 203.0.113.7 (EHLO mail.customer.example) by 10.253.62.3 with SMTPs; today",
        ),
        (
            "Received: (qmail 123 invoked by uid 89); today",
            "Received: from unknown (HELO mail.customer.example) (203.0.113.7) by mx.shop.example with SMTP; today",
            f"Authentication-Results: {PASS}",
        ),
        (
            "Received: from filter.shop.example (10.0.0.2) by store.hoster.example with ESMTP id 6; today",
            OUTSIDE.format("filter.shop.example"),
            f"Authentication-Results: {PASS}",
        ),
    ],
)
def test_servers_put_their_header_above_or_below_their_own_received(lines: tuple[str, ...]) -> None:
    """Milters insert it below the Received of the server they serve, others above; inner servers add theirs on top."""
    assert at_place(*lines) is Authentication.PASSED


@pytest.mark.parametrize(
    "lines",
    [
        (OUTSIDE.format(OURS), RELAYED, f"Authentication-Results: {PASS}"),
        (LMTP, OUTSIDE.format(OURS), RELAYED, f"Authentication-Results: {PASS}"),
        (OUTSIDE.format("3e8f1c"), RELAYED, f"Authentication-Results: {PASS}"),
        (OUTSIDE.format(OURS), "Received: by 10.2.3.4 with SMTP id 5; today", f"Authentication-Results: {PASS}"),
        (OUTSIDE.format(OURS), RELAYED, "Received: by mx.shop.example; today", f"Authentication-Results: {PASS}"),
        (*(f"X-Filler-{n}: x" for n in range(70)), f"Authentication-Results: {PASS}"),
    ],
)
def test_below_somebody_elses_received_nothing_is_ours(lines: tuple[str, ...]) -> None:
    """Our server writes on top; what lies below a foreign hop was in the mail already, whatever name it bears."""
    assert at_place(*lines) is Authentication.NONE


def test_a_preset_is_for_mail_that_the_provider_delivers() -> None:
    """A forged header of theirs in a mailbox elsewhere lies below a Received of another host."""
    pass_for = "dmarc=pass action=none header.from=customer.example"
    google = ("Received: by 2002:a05:1::1 with SMTP id 1; today", OUTSIDE.format("mx.google.com"), "Received-SPF: pass")
    assert (
        at_place(*google, f"Authentication-Results: mx.google.com; {pass_for}", ids=("google",))
        is Authentication.PASSED
    )
    inner = "Received: from A1.prod.outlook.com (::1) by B2.prod.outlook.com with HTTPS; today"
    edge = OUTSIDE.format("C3.mail.protection.outlook.com")
    for theirs in (
        f"Authentication-Results: spf=pass; {pass_for}",
        f"Authentication-Results: mx.microsoft.com 1; {pass_for}",
    ):
        assert at_place(inner, edge, theirs, ids=("microsoft",)) is Authentication.PASSED
        assert at_place(OUTSIDE.format(OURS), theirs, ids=("microsoft",)) is Authentication.NONE
    forged = f"Authentication-Results: mx.google.com; {pass_for}"
    assert at_place(OUTSIDE.format(OURS), forged, ids=("google",)) is Authentication.NONE
    assert (
        at_place(OUTSIDE.format(OURS), OUTSIDE.format("mx.google.com"), forged, ids=("google",)) is Authentication.NONE
    )


def test_several_headers_of_our_server_are_one_word_where_nobody_else_can_write() -> None:
    """One program checks DKIM, another DMARC: above the Received of our server both count, below it only the first."""
    spf, dmarc = f"Authentication-Results: {OURS}; spf=pass", f"Authentication-Results: {PASS}"
    fail = f"Authentication-Results: {OURS}; dmarc=fail header.from=customer.example"
    assert at_place(spf, dmarc, OUTSIDE.format(OURS)) is Authentication.PASSED
    assert at_place(LMTP, spf, dmarc, OUTSIDE.format(OURS)) is Authentication.PASSED
    assert at_place(dmarc, fail, OUTSIDE.format(OURS)) is Authentication.FAILED
    assert at_place(spf, OUTSIDE.format(OURS), dmarc) is Authentication.NONE
    assert at_place(OUTSIDE.format(OURS), spf, dmarc) is Authentication.NONE
    assert at_place(spf, dmarc) is Authentication.NONE


@pytest.mark.parametrize(
    "name", ["ARC-Authentication-Results", "Authentication-Results-Original", "X-Authentication-Results"]
)
def test_other_headers_with_like_names_do_not_count(name: str) -> None:
    """What other servers said on the way is kept under such names."""
    assert at_place(f"{name}: {PASS}", OUTSIDE.format(OURS)) is Authentication.NONE
    assert at_place(f"Authentication-Results: i=1; {PASS}", OUTSIDE.format(OURS)) is Authentication.NONE
    assert at_place(f"Authentication-Results: i=1; {PASS}", ids=("microsoft", OURS)) is Authentication.NONE


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("<anna@Customer.example>", Authentication.PASSED),
        ("@customer.example", Authentication.PASSED),
        ("customer.example.", Authentication.PASSED),
        ("example", Authentication.FAILED),  # nobody's domain
        ("customer.example header.from=evil.example", Authentication.NONE),
        ("sub.customer.example", Authentication.FAILED),
        ("ustomer.example", Authentication.FAILED),
    ],
)
def test_whom_the_pass_is_for(named: str, expected: Authentication) -> None:
    """The domain that From shows; two answers are none."""
    assert verdict(f"{OURS}; dmarc=pass header.from={named}") is expected


@pytest.mark.parametrize(
    ("sender", "named", "expected"),
    [
        ("a@news.customer.example", "customer.example", Authentication.PASSED),
        ("a@eu.news.customer.example", "news.customer.example", Authentication.PASSED),
        ("a@shop.co.uk", "co.uk", Authentication.FAILED),
        ("a@news.shop.co.uk", "shop.co.uk", Authentication.PASSED),
        ("a@customer.example", "news.customer.example", Authentication.FAILED),
        ("a@notcustomer.example", "customer.example", Authentication.FAILED),
    ],
)
def test_a_server_may_name_the_domain_whose_policy_held(sender: str, named: str, expected: Authentication) -> None:
    """Rspamd writes the organisation's domain for a sender below it; one below proves nothing for the one above."""
    assert verdict(f"{OURS}; dmarc=pass (policy=reject) header.from={named}", sender=sender) is expected


def test_a_header_about_the_chain_or_the_logo_does_not_hide_the_one_about_the_sender() -> None:
    """Programs of their own put them on top."""
    arc, bimi = f"{OURS}; arc=none smtp.client-ip=203.0.113.7", f"{OURS}; bimi=pass header.d=customer.example"
    assert verdict(arc, bimi, PASS) is Authentication.PASSED
    assert verdict(arc, f"{OURS}; dmarc=fail header.from=customer.example", PASS) is Authentication.FAILED
    assert verdict(arc, f"{OURS}; spf=pass", PASS) is Authentication.NONE
    assert verdict(f"{OURS}; none", PASS) is Authentication.NONE
    assert verdict(arc) is Authentication.NONE


@pytest.mark.parametrize(
    "value",
    [
        f"{OURS}; dmarc (the check) = (its result) pass (p=reject) header . from = customer.example",
        f"{OURS} 1 (version); dmarc / 1 = pass header.from (x) = (y) customer.example",
        f'"{OURS}" ; dmarc=pass reason="he said \\"; dmarc=fail\\"" header.from="customer.example"',
        f"(a (nested) comment) {OURS.upper()}. ; DMARC=Pass Header.From=customer.example;",
        f'{OURS}; spf=pass smtp.mailfrom="; dmarc=fail"@x.example; dmarc=pass header.from=customer.example',
    ],
)
def test_all_spellings_of_the_grammar_are_read(value: str) -> None:
    """Comments and blanks may stand between any two tokens, any value may be quoted (RFC 8601 section 2.2)."""
    assert verdict(value) is Authentication.PASSED


@pytest.mark.parametrize(
    "value",
    [
        f"{OURS} 2; dmarc=pass header.from=customer.example",
        f"{OURS}; dmarc/2=pass header.from=customer.example",
        f"{OURS}; spf pass dmarc=pass header.from=customer.example",
        f"{OURS} dmarc=pass header.from=customer.example",
        f"{OURS}; =dmarc=pass header.from=customer.example",
        f'{OURS}; "dmarc"=pass header.from=customer.example',
        f"{OURS}; spf=pass smtp.mailfrom=x=dmarc=pass header.from=customer.example",
        f"{OURS}; dkim=pass header.d=customer.example; spf=pass smtp.mailfrom=customer.example",
    ],
)
def test_what_is_not_the_grammar_or_not_dmarc_proves_nothing(value: str) -> None:
    """Versions of tomorrow are not guessed at; DKIM and SPF say nothing about From."""
    assert verdict(value) is Authentication.NONE


def test_ids_may_be_international_and_may_stand_for_all_hosts_below() -> None:
    pass_for = "dmarc=pass header.from=customer.example"
    assert verdict(f"mx1.пошта.укр; {pass_for}", ids=("mx1.xn--80a1acn3a.xn--j1amh",)) is Authentication.PASSED
    assert verdict(f"iva5.yp.provider.example; {pass_for}", ids=("*.provider.example",)) is Authentication.PASSED
    assert verdict(f"evilprovider.example; {pass_for}", ids=("*.provider.example",)) is Authentication.NONE


def test_a_look_alike_is_said_beside_the_proof() -> None:
    """DMARC proves that the domain wrote; that the domain looks like another is for people to know."""
    flagged = replace(
        parse_mail(f"Authentication-Results: {PASS}\nFrom: {DEFAULTS['From']}\n\nhi".encode()),
        defects=("sender: the domain mixes scripts",),
    )
    found, because = judge(flagged, (OURS,))
    assert found is Authentication.PASSED
    assert because.endswith("; sender: the domain mixes scripts")
    assert judge(flagged, ())[1].endswith("; sender: the domain mixes scripts")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "bait", ["(", ")", '"', "\\", ";", "=", " ", "a.", " .", "a =", '"a"', "from ", "by a.b ", "1.1.", "a:", "."]
)
def test_baits_are_judged_in_linear_time(bait: str) -> None:
    raw = (bait * 50_000)[:50_000]
    started = time.process_time()
    message = Message(
        sender=Address(address="a@b.example"), authentication_results=(raw,) * 20, headers=(("Received", raw),) * 60
    )
    judge(message, (OURS,))
    received.read(raw)
    assert time.process_time() - started < 2
