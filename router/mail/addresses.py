"""One reader of address lists (RFC 5322 section 3.4), for every header and every purpose.

Tolerant of what mailers write, strict about who is meant: an address is what stands in angle brackets, else the
whole item; text beside the brackets is a name and never an address. What cannot be read has the address ''.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from router.values import Address

from . import headers
from .domains import ascii_form

_AT_MOST = 1000  # addresses of one header
_LONGEST_VALUE = 100_000
_LONGEST_SIMPLE = 1000  # of a value that is read without looking at the length of its address
_LONGEST = 320  # octets: 64 of a local part, @, 255 of a domain (RFC 5321 section 4.5.3.1)
# Possessive throughout: a header of nothing but blanks must not be looked at again and again.
_PLAIN = r"([A-Za-z0-9._+=-]++@[A-Za-z0-9][A-Za-z0-9.-]*+)"
_SIMPLE = re.compile(rf"""\s*+(?:"([^"\\<>@,;:()=]*+)"\s*+|([^"\\<>@,;:()=\[\]]*+))<{_PLAIN}>\s*+$""", re.ASCII)
_ENCODED = re.compile(rf"""\s*+((?:=\?[\w.*-]++\?[bBqQ]\?[^?\s<>@,;:"()]*+\?=\s*+)++)<{_PLAIN}>\s*+$""", re.ASCII)
_BARE = re.compile(rf"\s*+{_PLAIN}\s*+$", re.ASCII)
_LOCAL = re.compile(r'(?:[^\s<>()\[\],;:@"\\]+|"(?:[^"\\\r\n]|\\.)*")$')
_NEEDLESSLY_QUOTED = re.compile(r'"([^\s<>()\[\],;:@"\\.]+(?:\.[^\s<>()\[\],;:@"\\.]+)*)"$')
_DOMAIN = re.compile(r"(?:[^\s<>()\[\],;:@\"\\/]+|\[[0-9A-Fa-f:.IPv]+\])$")
# Counted, because quotes may hold further brackets: `<"\">` again and again must not be read to the end each time.
_BRACKET = re.compile(r'<((?:[^<>"]{1,1000}+|"(?:[^"\\]|\\.){0,100}"){0,6})>', re.DOTALL)
_RUN = re.compile(r'[^,;("<:=]+')
_COMMENT = re.compile(r"\([^()]*\)")
_AROUND_AT = re.compile(r"\s*@\s*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LOOKS_LIKE_ONE = re.compile(r"[^\s<>\"(),;:]@[^\s<>\"(),;:]")
_QUOTED = re.compile(r'"[^"]*"')
_SPACES = re.compile(r"\s+")


def parse_list(raw: str, hint: str = "") -> tuple[Address, ...]:
    """Every mailbox of one raw header value, groups flattened, in order; () when there is none."""
    simple = _one_simple(raw)
    if simple is not None:
        return (simple,)
    text = headers.plain(raw[:_LONGEST_VALUE], hint)
    return tuple(address for item in _items(text) if (address := _mailbox(item, hint)) is not None)


def parse_all(values: Iterable[str], hint: str = "") -> tuple[Address, ...]:
    """Every mailbox of all headers of one name."""
    return tuple(address for raw in values for address in parse_list(raw, hint))


def claims(raw: str) -> int:
    """How many senders a From value can be read as: its mailboxes, and each address-like text beside angle brackets.

    `alice@corp.example]<vip@corp.example>` is one mailbox, yet readers disagree about whose: it counts as two.
    """
    if _one_simple(raw) is not None:
        return 1
    return sum(_claims_of(item) for item in _items(headers.plain(raw[:_LONGEST_VALUE])))


def normal(address: str) -> str:
    """The address in lower case with its domain in ASCII (IDNA), '' when it is no address.

    One spelling of each: local parts in NFC (RFC 6532 section 3.1), and without quotes that mean nothing.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or len(address) > _LONGEST or not _LOCAL.match(local) or not _DOMAIN.match(domain):
        return ""
    if local[0] == '"' and (needless := _NEEDLESSLY_QUOTED.match(local)):
        local = needless[1]
    local = local.lower() if local.isascii() else unicodedata.normalize("NFC", local).lower()
    ascii_domain = ascii_form(domain)
    return f"{local}@{ascii_domain}" if ascii_domain else ""


def _one_simple(raw: str) -> Address | None:
    """The common forms, without the state machine: `a@b`, `<a@b>`, `Name <a@b>`, `"Name" <a@b>`, `=?…?= <a@b>`."""
    if len(raw) > _LONGEST_SIMPLE or not (raw.isascii() and raw.isprintable()):
        return None
    if "=?" in raw:
        found = _ENCODED.match(raw)
        return Address(name=_name(found[1], ""), address=found[2].lower().rstrip(".")) if found else None
    found = _SIMPLE.match(raw)
    if found:
        name = _SPACES.sub(" ", found[1] if found[1] is not None else found[2]).strip()
        return Address(name=name, address=found[3].lower().rstrip("."))
    found = _BARE.match(raw)
    return Address(address=found[1].lower().rstrip(".")) if found else None


# ------------------------------------------------------------------ items: (text, in each pair of brackets, comments)

_Item = tuple[str, tuple[str, ...], str]


def _items(text: str) -> Iterator[_Item]:
    """The list's items, split at commas and semicolons outside quotes, comments and brackets; group names dropped."""
    reader = _Reader(text)
    for _ in range(_AT_MOST):
        if reader.at >= len(text):
            return
        item = reader.item()
        if item[0].strip() or item[1] or item[2]:
            yield item


class _Reader:
    """Walks once over a value; an unclosed quote or comment ends with the value."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def item(self) -> _Item:
        outside: list[str] = []
        comments: list[str] = []
        brackets: list[str] = []
        seen_at = False
        while self.at < len(self.text):
            character = self.text[self.at]
            if character in ",;":
                self.at += 1
                break
            if character == "(":
                comments.append(self._comment())
            elif character == '"':
                outside.append(self._quoted())
            elif character == "<":
                brackets.append(self._bracket())
            elif character == ":" and not brackets and not seen_at:
                self.at += 1
                outside, comments = [], []
            elif character == "=" and (word := headers.WORD.match(self.text, self.at)):
                outside.append(word[0])  # whole: commas and colons inside are not the list's
                self.at = word.end()
            else:
                run = _RUN.match(self.text, self.at)
                outside.append(run[0] if run else character)
                seen_at = seen_at or "@" in outside[-1]
                self.at += len(outside[-1])
        return "".join(outside), tuple(brackets), " ".join(comments)

    def _quoted(self) -> str:
        """A quoted string with its quotes, so that what is inside stays apart from what is not."""
        end = self.at + 1
        while end < len(self.text) and self.text[end] != '"':
            end += 2 if self.text[end] == "\\" else 1
        start, self.at = self.at, end + 1
        return f'"{self.text[start + 1 : end]}"'

    def _comment(self) -> str:
        depth, start = 0, self.at
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "\\":
                self.at += 1
            elif character == "(":
                depth += 1
            elif character == ")":
                depth -= 1
            self.at += 1
            if depth == 0:
                break
        return self.text[start + 1 : self.at - 1]

    def _bracket(self) -> str:
        found = _BRACKET.match(self.text, self.at)
        if found:
            self.at = found.end()
            return found[1]
        end = self.text.find(">", self.at)  # an unclosed quote, a second `<`, or no end at all
        end = len(self.text) if end < 0 else end
        start, self.at = self.at, end + 1
        inside = self.text[start:end].lstrip("<")
        while self.at < len(self.text) and self.text[self.at] == ">":  # `<<a@b>>`
            self.at += 1
        return inside


def _mailbox(item: _Item, hint: str) -> Address | None:
    outside, brackets, comment = item
    if brackets:
        address = next((found for one in reversed(brackets) if (found := normal(_without_route(one)))), "")
        return Address(name=_name(outside or comment, hint), address=address)
    address = normal(_AROUND_AT.sub("@", outside)) if len(outside) <= 2 * _LONGEST else ""
    if address:
        return Address(name=_name(comment, hint), address=address)
    name = _name(outside, hint)
    if outside.endswith(">"):  # `Name a@b>`: the first bracket got lost
        name, _, last = outside[:-1].rstrip().rpartition(" ")
        return Address(name=_name(name, hint), address=normal(last))
    return Address(name=name) if name else None


def _without_route(bracket: str) -> str:
    """What stands in the brackets without an obsolete route (`@relay:`), a URL's scheme, comments and spaces."""
    bracket = bracket.strip()
    if bracket.startswith("@"):
        bracket = bracket.rpartition(":")[2]
    elif bracket[:7].lower() == "mailto:":
        bracket = bracket[7:]
    return bracket if '"' in bracket else _SPACES.sub("", _COMMENT.sub("", bracket))


def _claims_of(item: _Item) -> int:
    outside, brackets, _ = item
    if not brackets:
        return 1 if outside.strip() else 0
    claimed = {normal(_without_route(one)) or one for one in brackets if one.strip()} or {""}
    unquoted = _QUOTED.sub("", outside)
    if _LOOKS_LIKE_ONE.search(unquoted):
        claimed.add(normal(unquoted) or unquoted)
    return len(claimed)


def _name(text: str, hint: str) -> str:
    """A display name as people read it: quotes and escapes removed, encoded words decoded, on one line."""
    if '"' in text:
        text = _ESCAPED.sub(r"\1", text.replace('\\"', "\x00").replace('"', "").replace("\x00", '"'))
    return _SPACES.sub(" ", headers.decode(text, hint)).strip(" '")
