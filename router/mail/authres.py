"""The grammar of Authentication-Results (RFC 8601 section 2.2): tolerant of what servers write, strict in what counts.

Comments never count, and nothing inside a quoted string is a sign. What is written for a version that we do not know
is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .domains import ascii_form

_LONGEST = 8000  # characters of one header
_TOKEN = re.compile(r'\s+|("(?:[^"\\]|\\.)*+")|([^\s;="()]+)|([;=])', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BLANKS_IN_NAME = re.compile(r"([A-Za-z0-9_-])[ \t]*+([./])[ \t]*+([A-Za-z0-9_-]++[ \t]*+=)")  # `header . from =`
_VERSION = "1"


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
    """One Authentication-Results header. The id is in lower case; '' when the header begins with a result."""

    authserv_id: str
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    """A run of characters between blanks and signs; a quoted string is part of one and never a sign."""

    text: str
    sign: bool = False
    quoted: bool = False


def parse(value: str) -> Results | None:
    """One header value; None when it has neither an authserv-id nor a result."""
    first, *others = _statements(value[:_LONGEST])
    if not first and not any(others):
        return None
    if len(first) > 1 and first[1].sign:  # no authserv-id: Microsoft 365 starts with a result
        found = _results((first, *others))
        if not found:
            return None
        # `i=1; …` is what an ARC-Authentication-Results says: nobody's own word, so its id is one that no server has.
        instance = found[0].method == "i"
        return Results(authserv_id=f"i={found[0].verdict}" if instance else "", results=found)
    written = first[0].text.lower().rstrip(".") if first else ""
    authserv_id = written if written.isascii() else ascii_form(written)
    version = first[1].text if len(first) > 1 else _VERSION
    if not authserv_id or (version.isdecimal() and version != _VERSION):
        return Results(authserv_id=authserv_id)
    return Results(authserv_id=authserv_id, results=_results(others))


def outside_comments(value: str) -> Iterator[str]:
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


def _statements(value: str) -> Iterator[list[_Token]]:
    """Tokens between semicolons; words without a blank between them are one (`"john doe"@example.com`)."""
    tokens: list[_Token] = []
    joined = False
    for found in _TOKEN.finditer(_BLANKS_IN_NAME.sub(r"\1\2\3", " ".join(outside_comments(value)))):
        quoted, word, sign = found.groups()
        if sign == ";":
            yield tokens
            tokens = []
        elif sign:
            tokens.append(_Token(sign, sign=True))
        elif quoted or word:
            token = _Token(_ESCAPED.sub(r"\1", quoted[1:-1]), quoted=True) if quoted else _Token(word)
            if joined:
                token = _Token(tokens.pop().text + token.text, quoted=True)
            tokens.append(token)
        joined = bool(quoted or word)
    yield tokens


def _results(statements: Iterable[Sequence[_Token]]) -> tuple[Result, ...]:
    return tuple(result for tokens in statements if (result := _result(tokens)) is not None)


def _result(tokens: Sequence[_Token]) -> Result | None:
    """`method[/version]=verdict [reason=…] [ptype.property=value]…`; None for `none` and for what is no result."""
    pairs = list(_pairs(tokens))
    if not pairs or not tokens[1].sign:
        return None
    (name, verdict), *properties = pairs
    method, _, version = name.partition("/")
    if version not in ("", _VERSION):
        return None
    return Result(method=method, verdict=verdict.lower(), properties=tuple(properties))


def _pairs(tokens: Sequence[_Token]) -> Iterator[tuple[str, str]]:
    """(name in lower case, value) of each `name=value`; of `a=b=c` only the first two are a pair."""
    at = 0
    while at + 2 < len(tokens):
        name, sign, value = tokens[at : at + 3]
        if not sign.sign or name.sign:
            at += 1
            continue
        if not name.quoted and not value.sign:
            yield name.text.lower(), value.text
        at += 3
        while at < len(tokens) and tokens[at].sign:
            at += 2
