"""Which authserv-id to believe, learnt from the headers of recent mails."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from router.mail.authserv import Fields, bearing, survey

HERE = ("received", "from out.client.example (out.client.example [203.0.113.7]) by mx.shop.example with ESMTPS; today")


def mail(*ids: str, received: tuple[str, str] = HERE, says: str = "dmarc=pass header.from=client.example") -> Fields:
    """The headers of one mail: these servers' results above the Received by which it came in."""
    return (*(("authentication-results", f"{one}; {says}" if one else says) for one in ids), received)


def best(mails: Sequence[Fields]) -> tuple[str, ...]:
    found = survey(mails).best
    return found.ids if found else ()


def test_the_server_that_checks_most_mails_is_proposed() -> None:
    """A stranger's header on some mails does not matter, nor a forged one below ours."""
    mails = [mail("mx.shop.example", "forged.example")] * 30 + [mail("forged.example")] * 3 + [mail()]
    found = survey(mails)
    assert best(mails) == ("mx.shop.example",)
    assert (found.mails, found.seen[0].mails, found.seen[0].dmarc, found.seen[0].confirmed) == (34, 30, 30, 30)
    assert found.rivals == ()


@pytest.mark.parametrize(
    ("authserv_id", "host", "preset"),
    [
        ("mx.google.com", "mx.google.com", "google"),
        ("", "AM0.mail.protection.outlook.com", "microsoft"),
        ("mx.microsoft.com", "AM0.mail.protection.outlook.com", "microsoft"),
    ],
)
def test_big_providers_are_known_by_name(authserv_id: str, host: str, preset: str) -> None:
    """Their headers count only in mail that they deliver; below another host's Received a stranger wrote them."""
    theirs = ("received", f"from out.client.example (out.client.example [203.0.113.7]) by {host} with ESMTPS; today")
    assert best([mail(authserv_id, received=theirs)] * 3) == (preset,)
    assert survey([tuple(reversed(mail(authserv_id)))] * 3).seen == ()


def test_several_hosts_of_one_provider_are_one_pattern() -> None:
    """Three are listed; more are written as what they have in common."""
    assert set(best([mail(f"mx{n}.shop.example") for n in range(3)])) == {f"mx{n}.shop.example" for n in range(3)}
    assert best([mail(f"mx{n}.in.shop.example") for n in range(9)]) == ("*.in.shop.example",)


def test_who_wrote_a_received_too_is_likelier() -> None:
    """An id that no Received knows may be the sender's; with two of them nobody is sure."""
    mails = [mail("forged.example")] * 5 + [mail("mx.shop.example")] * 4 + [mail("other.example")] * 3
    found = survey(mails)
    assert [one.ids for one in found.seen] == [("mx.shop.example",), ("forged.example",), ("other.example",)]
    assert found.best is None
    assert [one.ids for one in found.rivals] == [("forged.example",), ("other.example",)]


def test_a_header_with_dmarc_is_preferred() -> None:
    """Some providers write one header for each check, under names of their own."""
    bimi = ("authentication-results", "bimi.shop.example; bimi=skipped")
    mails = [(bimi, *mail("dmarc.shop.example"))] * 4
    assert best(mails) == ("dmarc.shop.example",)


def test_ids_that_are_no_names_are_never_proposed() -> None:
    """What a stranger writes does not end up in the configuration."""
    odd = ['"x}, mode: file"', "i=1", "a/b", "#", "-", "*.example", "x" * 300, '"a\nb"']
    assert survey([mail(one) for one in odd]).seen == ()


def test_mail_that_never_left_the_house_does_not_count() -> None:
    """Our own notices and what colleagues put into the folder bear no results and need none."""
    found = survey([(), (("received", "by mx.shop.example with LMTP id 1; today"),), mail("mx.shop.example")])
    assert (found.mails, found.seen[0].mails) == (1, 1)
    assert survey([]).best is None


def test_a_configured_id_is_found_where_it_counts() -> None:
    """Not below the Received of another host."""
    foreign = ("received", "from a.example (a.example [203.0.113.9]) by relay.example with ESMTP; today")
    mails = [mail("mx.shop.example")] * 3 + [(HERE, foreign, *mail("mx.shop.example")[:1])]
    found = bearing(mails, ("mx.shop.example",))
    assert (found.mails, found.dmarc) == (3, 3)
    assert bearing(mails, ("other.example",)).mails == 0
