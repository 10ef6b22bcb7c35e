"""`doctor` proposes whose word about senders to believe, and checks the one that is believed."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from router.cli.trust import line
from tests.acceptance.stage import mail
from tests.cli.builders import Shop

pytestmark = pytest.mark.dovecot

OUTSIDE = "from out.client.example (out.client.example [203.0.113.7]) by mx.acme.example with ESMTPS id {}; today"


def came_in(number: int, results: str = "mx.acme.example; dmarc=pass header.from=client.example") -> bytes:
    """A mail from outside as the server stored it."""
    headers = {"Authentication-Results": results} if results else {}
    plain = mail(subject=f"Question {number}", sender=f"Jane <jane{number}@client.example>", headers=headers)
    return f"Received: {OUTSIDE.format(number)}\r\n".encode() + plain


def said(shop: Shop) -> dict[str, Any]:
    """The one finding about authentication."""
    findings = shop.with_config("doctor", "--json").data["findings"]
    (found,) = [f for f in findings if "authserv-id" in f["text"] or "Authentication-Results" in f["text"]]
    return dict(found)


def trusting(shop: Shop, ids: str) -> None:
    shop.config.write_text(
        shop.config.read_text().replace("    address:", f"    trust: {{authserv-id: {ids}}}\n    address:", 1)
    )


def test_the_line_to_write_is_proposed(shop: Shop) -> None:
    """With it written, the next look finds it right; nothing is marked as read by looking."""
    shop.append("INBOX", [came_in(n) for n in range(5)])
    found = said(shop)
    assert found["level"] == "warn"
    assert "5 of the last 5 mails from outside bear Authentication-Results of mx.acme.example" in found["text"]
    assert "trust: {authserv-id: mx.acme.example}" in found["fix"]
    assert "unverified" in found["fix"]
    assert not any("\\Seen" in flags for flags in shop.flags("INBOX").values())
    trusting(shop, "mx.acme.example")
    found = said(shop)
    assert (found["level"], found["fix"]) == ("ok", "")
    assert "on 5 of the last 5 mails from outside, 5 with a DMARC result" in found["text"]


def test_mail_that_was_filed_is_looked_at_too(shop: Shop) -> None:
    """In mode file the inbox is nearly empty."""
    shop.once()
    shop.append("Support/Money", [came_in(n) for n in range(3)])
    assert "trust: {authserv-id: mx.acme.example}" in said(shop)["fix"]


def test_a_mailbox_in_which_nobody_checks_is_told(shop: Shop) -> None:
    """Without the header there is nothing to propose; what that means is said."""
    shop.append("INBOX", [came_in(n, "") for n in range(3)])
    found = said(shop)
    assert found["level"] == "warn"
    assert "none of the last 3 mails" in found["text"]
    assert "DMARC" in found["fix"]


def test_servers_that_compete_are_named(shop: Shop) -> None:
    """The admin chooses; what strangers write is no proposal."""
    for n in range(6):
        shop.append(
            "INBOX", [came_in(n, f"{'one' if n % 2 else 'two'}.example; dmarc=pass header.from=client.example")]
        )
    found = said(shop)
    assert "one.example on 3" in found["text"]
    assert "two.example on 3" in found["text"]


def test_a_wrong_or_half_present_id_is_a_warning(shop: Shop) -> None:
    """An id that no mail bears verifies nobody; mails without it could bear a forged one."""
    shop.append("INBOX", [came_in(n, "" if n % 2 else "mx.acme.example; dmarc=none") for n in range(6)])
    trusting(shop, "mx.acme.exmaple")
    found = said(shop)
    assert found["level"] == "warn"
    assert "on none of the last 6" in found["text"]
    assert "trust: {authserv-id: mx.acme.example}" in found["fix"]
    shop.config.write_text(shop.config.read_text().replace("exmaple", "example"))
    found = said(shop)
    assert (found["level"], "forged" in found["fix"]) == ("warn", True)


def test_the_line_is_yaml() -> None:
    """A pattern begins with a star, which YAML would take for an alias."""
    for ids in (("google",), ("a.example", "b.example"), ("*.in.shop.example",)):
        read = YAML(typ="safe").load(line(ids))["trust"]["authserv-id"]
        assert (read if isinstance(read, list) else [read]) == list(ids)
