"""One reader of address lists (RFC 5322 section 3.4), for every header and every purpose.

Tolerant of what mailers write, strict about who is meant: an address is what stands in angle brackets, else the
whole item; text beside the brackets is a name and never an address. What cannot be read has the address ''.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from router.values import Address

from . import headers

_AT_MOST = 1000  # addresses of one header
_LONGEST_VALUE = 100_000
_LONGEST = 320  # octets: 64 of a local part, @, 255 of a domain (RFC 5321 section 4.5.3.1)
_SIMPLE = re.compile(
    r"""\s*(?:"([^"\\<>@,;:()=]*)"|([^"\\<>@,;:()=\[\]]*))\s*<([A-Za-z0-9._+=-]+@[A-Za-z0-9.-]+)>\s*$""", re.ASCII
)
_ENCODED = re.compile(
    r"\s*((?:=\?[\w.*-]+\?[bBqQ]\?[^?\s<>@,;:\"()]*\?=\s*)+)<([A-Za-z0-9._+=-]+@[A-Za-z0-9.-]+)>\s*$", re.ASCII
)
_BARE = re.compile(r"\s*([A-Za-z0-9._+=-]+@[A-Za-z0-9.-]+)\s*$", re.ASCII)
_LOCAL = re.compile(r'(?:[^\s<>()\[\],;:@"\\]+|"[^"\r\n]*")$')
_DOMAIN = re.compile(r"(?:[^\s<>()\[\],;:@\"\\/]+|\[[0-9A-Fa-f:.IPv]+\])$")
_COMMENT = re.compile(r"\([^()]*\)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LOOKS_LIKE_ONE = re.compile(r"[^\s<>\"(),;:]@[^\s<>\"(),;:]")
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
    """The address in lower case with its domain in ASCII (IDNA), '' when it is no address."""
    local, at, domain = address.strip().rpartition("@")
    if not at or len(address) > _LONGEST or not _LOCAL.match(local) or not _DOMAIN.match(domain):
        return ""
    ascii_domain = ascii_form(domain)
    return f"{local.lower()}@{ascii_domain}" if ascii_domain else ""


def ascii_form(domain: str) -> str:
    """A domain in lower-case A-labels without the final dot, '' when it has none."""
    domain = domain.rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _one_simple(raw: str) -> Address | None:
    """The common forms, without the state machine: `a@b`, `<a@b>`, `Name <a@b>`, `"Name" <a@b>`, `=?…?= <a@b>`."""
    if not (raw.isascii() and raw.isprintable()):
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


# ------------------------------------------------------------------ items: (text, in brackets, comments)

_Item = tuple[str, str | None, str]


def _items(text: str) -> Iterator[_Item]:
    """The list's items, split at commas and semicolons outside quotes, comments and brackets; group names dropped."""
    reader = _Reader(text)
    for _ in range(_AT_MOST):
        if reader.at >= len(text):
            return
        item = reader.item()
        if item[0].strip() or item[1] is not None or item[2]:
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
        bracket: str | None = None
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
                bracket = self._bracket()
            elif character == ":" and bracket is None and not seen_at:
                self.at += 1
                outside, comments = [], []
            elif character == "=" and (word := headers.WORD.match(self.text, self.at)):
                outside.append(word[0])  # whole: commas and colons inside are not the list's
                self.at = word.end()
            else:
                outside.append(character)
                seen_at = seen_at or character == "@"
                self.at += 1
        return "".join(outside), bracket, " ".join(comments)

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
        end = self.text.find(">", self.at)
        end = len(self.text) if end < 0 else end
        start, self.at = self.at + 1, end + 1
        return self.text[start:end]


def _mailbox(item: _Item, hint: str) -> Address | None:
    outside, bracket, comment = item
    if bracket is not None:
        address = normal(_without_route(bracket))
        return Address(name=_name(outside or comment, hint), address=address)
    address = normal(outside)
    if address:
        return Address(name=_name(comment, hint), address=address)
    name = _name(outside, hint)
    return Address(name=name) if name else None


def _without_route(bracket: str) -> str:
    """What stands in the brackets without an obsolete route (`@relay:`), comments and spaces."""
    if bracket.startswith("@"):
        bracket = bracket.rpartition(":")[2]
    return bracket if '"' in bracket else _SPACES.sub("", _COMMENT.sub("", bracket))


def _claims_of(item: _Item) -> int:
    outside, bracket, _ = item
    if bracket is None:
        return 1 if outside.strip() else 0
    unquoted = re.sub(r'"[^"]*"', "", outside)
    other = _LOOKS_LIKE_ONE.search(unquoted) and normal(unquoted) != normal(bracket)
    return 2 if other else 1


def _name(text: str, hint: str) -> str:
    """A display name as people read it: quotes and escapes removed, encoded words decoded, on one line."""
    if '"' in text:
        text = _ESCAPED.sub(r"\1", text.replace('\\"', "\x00").replace('"', "").replace("\x00", '"'))
    return _SPACES.sub(" ", headers.decode(text, hint)).strip(" '")
