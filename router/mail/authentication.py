"""Whether the From domain is proven: what the receiving server wrote into Authentication-Results (RFC 8601).

Only headers of a configured authserv-id count, of those only the topmost, and only where our side can have written it:
not below a Received header of somebody else. Proven means DMARC passed for the domain that From shows; SPF or DKIM
alone prove nothing about From. In doubt there is no result.

What no reader can see from one mail: a server that sometimes writes no header of its own, and does not remove forged
ones as RFC 8601 section 5 demands. `doctor` warns when mails come without the header.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from router.values import Authentication, Message

from . import lookalikes
from .authres import Result, Results, parse
from .domains import ascii_form
from .received import Standing, organisation, standings, topmost_host

__all__ = ["PRESETS", "Trust", "judge", "matches", "parse", "preset_of"]

HEADER = "authentication-results"
_ASIDE = frozenset(("arc", "bimi"))
PRESETS = {
    "google": ("mx.google.com",),
    "microsoft": ("*.protection.outlook.com", "mx.microsoft.com", ""),  # '': Microsoft 365 writes no authserv-id
}
# Whose Received headers lie above theirs. Every other server is known by its own name and by who delivers our mail.
_ORGANISATIONS = {
    "google": frozenset(("google.com", "googlemail.com", "gmail.com", "1e100.net")),
    "microsoft": frozenset(
        ("outlook.com", "office365.com", "microsoft.com", "hotmail.com", "office365.us", "outlook.cn", "outlook.de")
    ),
}


def judge(message: Message, authserv_ids: Sequence[str]) -> tuple[Authentication, str]:
    """(what is proven about the sender, why).

    More than one sender has failed whatever the results say: readers disagree about who wrote it.
    """
    verdict, because = _judged(message, authserv_ids)
    beware = next((one for one in message.defects if one.startswith(lookalikes.SENDER)), "")
    return verdict, f"{because}; {beware}" if beware else because


class Trust:
    """The configured ids, and for each header of theirs whose Received headers may lie above it."""

    def __init__(self, authserv_ids: Iterable[str]) -> None:
        written = [one.lower() if one.isascii() else ascii_form(one) for one in authserv_ids]
        self.names = ", ".join(one.rstrip(".") for one in written)
        self._patterns = [pattern for one in written for pattern in PRESETS.get(one, (one.rstrip("."),))]
        self._own = frozenset(organisation(one.removeprefix("*.")) for one in self._patterns if "." in one)

    def covers(self, authserv_id: str) -> bool:
        return matches(authserv_id, self._patterns)

    def ours(self, authserv_id: str, fields: Iterable[tuple[str, str]]) -> frozenset[str]:
        """The organisations that may have written a Received above a header of this id in a mail with these fields."""
        preset = preset_of(authserv_id)
        if preset:
            return _ORGANISATIONS[preset]
        host = topmost_host(fields, self._own)
        return self._own | {organisation(host)} if host else self._own


def matches(authserv_id: str, patterns: Iterable[str]) -> bool:
    """Whether an id is one of the patterns; `*.` stands for any host below."""
    return any(authserv_id == one or (one.startswith("*.") and authserv_id.endswith(one[1:])) for one in patterns)


def preset_of(authserv_id: str) -> str:
    """The big provider that writes this id, '' when it is none's."""
    return next((name for name, patterns in PRESETS.items() if matches(authserv_id, patterns)), "")


# ------------------------------------------------------------------ which headers count


def _judged(message: Message, authserv_ids: Sequence[str]) -> tuple[Authentication, str]:
    if message.sender_count > 1:
        return Authentication.FAILED, f"From names {message.sender_count} senders"
    if not message.sender.address:
        return Authentication.NONE, "From has no readable address"
    if not authserv_ids:
        return Authentication.NONE, "no authserv_id is configured"
    trust = Trust(authserv_ids)
    found = list(_trusted(message, trust))
    if not found:
        return Authentication.NONE, f"no Authentication-Results of {trust.names}"
    topmost, standing = next((one for one in found if not _is_aside(one[0])), found[0])
    who = topmost.authserv_id or "the receiving server"
    if standing.below:
        return Authentication.NONE, f"{who}: its header lies below a Received of {standing.below}, so anybody wrote it"
    if not standing.certain:
        return _verdict(who, topmost.results, message.sender.domain)
    # One server may write a header for each check; all that no stranger can have written are one word.
    results = tuple(result for header, where in found if where.certain for result in header.results)
    return _verdict(who, results, message.sender.domain)


def _trusted(message: Message, trust: Trust) -> Iterable[tuple[Results, Standing]]:
    """Headers of configured ids with where they lie, top to bottom."""
    for at, value in enumerate(message.authentication_results):
        header = parse(value)
        if header is not None and trust.covers(header.authserv_id):
            lying = standings(message.headers, HEADER, trust.ours(header.authserv_id, message.headers))
            yield header, lying[at] if at < len(lying) else Standing(below="more headers than a server writes")


def _is_aside(header: Results) -> bool:
    """Whether it speaks of the chain or the logo only: programs of their own write these, on top of who checks From."""
    return bool(header.results) and all(result.method in _ASIDE for result in header.results)


# ------------------------------------------------------------------ what they say


def _verdict(who: str, results: Iterable[Result], domain: str) -> tuple[Authentication, str]:
    dmarc = [result for result in results if result.method == "dmarc"]
    if any(result.verdict == "fail" for result in dmarc):
        return Authentication.FAILED, f"{who}: dmarc=fail"
    passed = [result for result in dmarc if result.verdict == "pass"]
    if not passed:
        return Authentication.NONE, f"{who}: no DMARC result" if not dmarc else f"{who}: dmarc={dmarc[0].verdict}"
    proven = {_domain(value) for result in passed for name, value in result.properties if name == "header.from"}
    proven.discard("")
    if not proven:
        return Authentication.NONE, f"{who}: dmarc=pass does not say for whom"
    named = " and ".join(sorted(proven))
    aligned = [_is_aligned(domain, one) for one in proven]
    if all(aligned):
        return Authentication.PASSED, f"{who}: dmarc=pass for {named}"
    if any(aligned):
        return Authentication.NONE, f"{who}: dmarc=pass for {named}, while From shows {domain}"
    return Authentication.FAILED, f"{who}: dmarc=pass for {named}, but From shows {domain}"


def _is_aligned(domain: str, proven: str) -> bool:
    """Whether a pass for `proven` is one for `domain`: it is the same, or the organisation's domain above it.

    Rspamd names the domain whose policy it found (RFC 7489 section 6.6.3), others the one in From; no server passes a
    public suffix.
    """
    return domain == proven or (domain.endswith("." + proven) and len(proven) >= len(organisation(domain)))


def _domain(value: str) -> str:
    """The domain of a `header.from`, which some servers write as a whole address."""
    return ascii_form(value.strip("<>").rpartition("@")[2])
