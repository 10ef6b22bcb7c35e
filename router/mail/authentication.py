"""Whether the From domain is proven: what the receiving server wrote into Authentication-Results (RFC 8601).

Only headers of a configured authserv-id count, and of those only the topmost: our server puts its own on top, and
whatever a sender forged lies below. Proven means DMARC passed for the domain that From shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from router.values import Authentication, Message

from .addresses import ascii_form

PRESETS = {
    "google": ("mx.google.com",),
    "microsoft": ("*.protection.outlook.com", "mx.microsoft.com", ""),  # '': Microsoft 365 writes no authserv-id
}
_TOKEN = re.compile(r'\s+|"((?:[^"\\]|\\.)*)"|([^\s;="()]+)|([;=])', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One method's verdict and the properties it is about: `dmarc`, `pass`, {"header.from": "example.com"}."""

    method: str
    verdict: str
    properties: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        return next((value for key, value in self.properties if key == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One Authentication-Results header."""

    authserv_id: str
    results: tuple[Result, ...] = ()


def judge(message: Message, authserv_ids: Sequence[str]) -> tuple[Authentication, str]:
    """(what is proven about the sender, why).

    More than one sender has failed whatever the results say: readers disagree about who wrote it.
    """
    if message.sender_count > 1:
        return Authentication.FAILED, f"From names {message.sender_count} senders"
    if not message.sender.address:
        return Authentication.NONE, "From has no readable address"
    if not authserv_ids:
        return Authentication.NONE, "no authserv_id is configured"
    trusted = _trusted_ids(authserv_ids)
    for value in message.authentication_results:
        header = parse(value)
        if header is not None and _is_trusted(header.authserv_id, trusted):
            return _verdict(header, message.sender.domain)
    return Authentication.NONE, f"no Authentication-Results of {', '.join(authserv_ids)}"


def parse(value: str) -> Results | None:
    """One header value; None when it has no authserv-id and no result. Comments never count (RFC 8601 section 2.2)."""
    statements = [tokens for tokens in _statements(value) if tokens]
    if not statements:
        return None
    first = statements[0]
    if "=" in first:  # no authserv-id: Microsoft 365 starts with a result
        found = [result for tokens in statements if (result := _result(tokens)) is not None]
        return Results(authserv_id="", results=tuple(found)) if found else None
    found = [result for tokens in statements[1:] if (result := _result(tokens)) is not None]
    return Results(authserv_id=first[0].lower().rstrip("."), results=tuple(found))


def _verdict(header: Results, domain: str) -> tuple[Authentication, str]:
    dmarc = [result for result in header.results if result.method == "dmarc"]
    who = header.authserv_id or "the receiving server"
    if any(result.verdict == "fail" for result in dmarc):
        return Authentication.FAILED, f"{who}: dmarc=fail"
    passed = [result for result in dmarc if result.verdict == "pass"]
    if not passed:
        return Authentication.NONE, f"{who}: no DMARC result" if not dmarc else f"{who}: dmarc={dmarc[0].verdict}"
    proven = ascii_form(passed[0].get("header.from").rpartition("@")[2])
    if not proven:
        return Authentication.NONE, f"{who}: dmarc=pass does not say for whom"
    if proven == domain:
        return Authentication.PASSED, f"{who}: dmarc=pass for {domain}"
    return Authentication.FAILED, f"{who}: dmarc=pass for {proven}, but From shows {domain}"


def _trusted_ids(authserv_ids: Sequence[str]) -> tuple[str, ...]:
    """The configured ids in lower case, presets written out."""
    return tuple(found for one in authserv_ids for found in PRESETS.get(one.lower(), (one.lower().rstrip("."),)))


def _is_trusted(authserv_id: str, trusted: tuple[str, ...]) -> bool:
    return any(authserv_id == one or (one.startswith("*.") and authserv_id.endswith(one[1:])) for one in trusted)


# ------------------------------------------------------------------ reading


def _statements(value: str) -> Iterator[list[str]]:
    """Tokens between semicolons. A quoted string is one token and can hold anything, so `=` inside is no `=`."""
    tokens: list[str] = []
    for piece in _outside_comments(value):
        for found in _TOKEN.finditer(piece):
            if found[3] == ";":
                yield tokens
                tokens = []
            elif found[3] or found[2]:
                tokens.append(found[3] or found[2])
            elif found[1] is not None:
                tokens.append("\x00" + found[1])  # marked, so that no quoted `=` or `;` is taken for the sign
    yield tokens


def _outside_comments(value: str) -> Iterator[str]:
    """The stretches of `value` outside comments; an unclosed comment swallows the rest."""
    depth = start = at = 0
    quoted = False
    while at < len(value):
        character = value[at]
        if character == "\\":
            at += 1
        elif character == '"' and depth == 0:
            quoted = not quoted
        elif character == "(" and not quoted:
            if depth == 0:
                yield value[start:at]
            depth += 1
        elif character == ")" and depth:
            depth -= 1
            start = at + 1
        at += 1
    if depth == 0:
        yield value[start:]


def _result(tokens: list[str]) -> Result | None:
    """`method[/version]=verdict [reason=…] [type.property=value]…`; None for `none` and for what is no result."""
    pairs = _pairs(tokens)
    if not pairs:
        return None
    (method, verdict), *rest = pairs
    return Result(method=method.partition("/")[0].strip(), verdict=verdict.lower(), properties=tuple(rest))


def _pairs(tokens: list[str]) -> list[tuple[str, str]]:
    """(name in lower case, value) of each `name = value`."""
    return [
        (tokens[at - 1].lower(), tokens[at + 1].lstrip("\x00"))
        for at in range(1, len(tokens) - 1)
        if tokens[at] == "=" and not tokens[at - 1].startswith("\x00")
    ]
