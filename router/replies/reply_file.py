"""One reply file: front matter, a Liquid body, and what is wrong with either."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from router.config.problems import Problem, did_you_mean, quote
from router.replies.facts import read_text, with_source
from router.replies.templates import FILTERS, Mistake, Uses, analysed, named
from router.replies.yaml_nodes import Node, duplicates, read_yaml

DEFAULT_LANGUAGE = "en"  # the language of `first.md`
TONES = ("neutral", "formal", "informal", "calm")
TEXT_KEYS = frozenset({"title", "use_when", "tone", "otherwise", "review_by", "prevention"})
LIST_KEYS = frozenset({"needs", "unless", "attach", "alternatives"})
KEYS = TEXT_KEYS | LIST_KEYS
LARGEST_ATTACHMENT = 5 * 1024 * 1024  # bytes
FILE_NAME = re.compile(r"([a-z0-9][a-z0-9-]*)(?:\.([a-z]{2,3}))?\.md")

Places = Mapping[str, Node]  # what the front matter says, by key


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A saved answer in one language."""

    id: str  # "refund/first"
    category: str
    name: str
    language: str
    title: str = ""
    use_when: str = ""
    tone: str = "neutral"
    needs: tuple[str, ...] = ()  # placeholders without which it makes no sense
    unless: tuple[str, ...] = ()  # placeholders that make it pointless: it asks for them
    otherwise: str = ""  # the reply to use when something is missing
    attach: tuple[Path, ...] = ()  # files inside the folder of the replies
    review_by: date | None = None
    alternatives: tuple[str, ...] = ()
    prevention: str = ""
    template: str  # Liquid, from the file and nowhere else
    path: str  # "replies/refund/first.uk.md"

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Every one the template names."""
        return named(self.template)


def read_reply(
    path: Path, *, file: str, allowed: Collection[str], problems: list[Problem], tested: bool = False
) -> tuple[Reply, Places] | None:
    """The reply and what its front matter says; None, and more `problems`, when the file cannot be used.

    `file` is the name to show; `allowed` are the placeholders that exist. The template of a `tested` reply is not
    looked at before it is used.
    """
    text = read_text(path, file=file)
    if isinstance(text, Problem):
        problems.append(text)
        return None
    matter, body, first_line = _split(text)
    found = _front_matter(matter, file, allowed) if matter is not None else ({}, [])
    uses = Uses(placeholders=(), filters=()) if tested else analysed(body)
    wrong = _unclosed(text, matter, file) + found[1] + _body_problems(body, uses, first_line, file, allowed)
    wrong += _attachment_problems(found[0].get("attach"), path, file)
    if wrong or isinstance(uses, Mistake):
        problems.extend(with_source(wrong, text))
        return None
    return _built(path, file, body, found[0]), found[0]


def _attachment_problems(value: Node | None, path: Path, file: str) -> list[Problem]:
    """Attachments lie under the folder of the replies, as files of their own."""
    return [
        _at(file, value, f"{quote(name)} is no file in the folder of the replies, or larger than 5 MB")
        for name in (value.texts() or () if value else ())
        if value and not _is_attachment(path.parent.parent, name)
    ]


def _is_attachment(root: Path, name: str) -> bool:
    if name.startswith(("/", "~")) or ".." in Path(name).parts or "\\" in name:
        return False
    whole = root / name
    inside = whole.resolve() == root.resolve() / name  # no link on the way
    return inside and whole.is_file() and whole.stat().st_size <= LARGEST_ATTACHMENT


def _split(text: str) -> tuple[str | None, str, int]:
    """Front matter (None without), body, and the line where the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 1
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        return None, text, 1
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def _unclosed(text: str, matter: str | None, file: str) -> list[Problem]:
    if matter is None and text.startswith("---"):
        return [Problem(file=file, line=1, column=1, message="the front matter has no closing `---`")]
    return []


def _front_matter(matter: str, file: str, allowed: Collection[str]) -> tuple[dict[str, Node], list[Problem]]:
    root = read_yaml(matter, file=file, first_line=2)
    if isinstance(root, Problem):
        return {}, [root]
    if root is None:
        return {}, []
    if root.entries is None:
        return {}, [_at(file, root, "front matter is a mapping: `title: Refund, first answer`")]
    wrong = [_at(file, place, f"{quote(key)} is written twice") for key, place in duplicates(root)]
    for key, place, value in root.entries:
        if key not in KEYS:
            wrong.append(_at(file, place, f"unknown key {quote(key)}", did_you_mean(key, KEYS)))
        else:
            wrong.extend(_at(file, value, *found) for found in _value_problems(key, value, allowed))
    return {key: value for key, _, value in root.entries}, wrong


def _value_problems(key: str, value: Node, allowed: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the value of a known key: a message and a suggestion."""
    texts = value.texts()
    if key in TEXT_KEYS and value.text is None:
        yield f"'{key}' is a text", ""
    elif texts is None:
        yield f"'{key}' is a list of texts", ""
    elif check := _CHECKS.get(key):
        yield from (found for text in texts if (found := check(text, allowed)))


def _tone(text: str, _: Collection[str]) -> tuple[str, str] | None:
    return None if text in TONES else (f"unknown tone {quote(text)}", did_you_mean(text, TONES))


def _day(text: str, _: Collection[str]) -> tuple[str, str] | None:
    return (f"{quote(text)} is no date", "write 2027-01-31") if _date(text) is None else None


def _placeholder(text: str, allowed: Collection[str]) -> tuple[str, str] | None:
    return None if text in allowed else (f"unknown placeholder {quote(text)}", did_you_mean(text, allowed))


_CHECKS: Mapping[str, Callable[[str, Collection[str]], tuple[str, str] | None]] = {
    "tone": _tone,
    "review_by": _day,
    "needs": _placeholder,
    "unless": _placeholder,
}


def _body_problems(
    body: str, uses: Uses | Mistake, first_line: int, file: str, allowed: Collection[str]
) -> list[Problem]:
    if not body.strip():
        return [Problem(file=file, line=first_line, column=1, message="the reply has no text")]
    if isinstance(uses, Mistake):
        return [Problem(file=file, line=uses.line + first_line - 1, column=uses.column, message=uses.message)]
    return [
        Problem(
            file=file,
            line=use.line + first_line - 1,
            column=use.column,
            message=f"unknown {what} {quote(use.name)}",
            suggestion=did_you_mean(use.name, known),
        )
        for what, used, known in (("placeholder", uses.placeholders, allowed), ("filter", uses.filters, FILTERS))
        for use in used
        if use.name not in known
    ]


def _built(path: Path, file: str, body: str, keys: Mapping[str, Node]) -> Reply:
    name, language = _parts(path.name)
    texts = {key: keys[key].text or "" for key in TEXT_KEYS & keys.keys()}
    lists = {key: keys[key].texts() or () for key in LIST_KEYS & keys.keys()}
    return Reply(
        id=f"{path.parent.name}/{name}",
        category=path.parent.name,
        name=name,
        language=language,
        title=texts.get("title", ""),
        use_when=texts.get("use_when", ""),
        tone=texts.get("tone", "neutral"),
        otherwise=texts.get("otherwise", ""),
        prevention=texts.get("prevention", ""),
        review_by=_date(texts.get("review_by", "")),
        needs=lists.get("needs", ()),
        unless=lists.get("unless", ()),
        attach=tuple(path.parent.parent / name for name in lists.get("attach", ())),
        alternatives=lists.get("alternatives", ()),
        template=body.strip("\n") + "\n",
        path=file,
    )


def _parts(file_name: str) -> tuple[str, str]:
    found = FILE_NAME.fullmatch(file_name)
    if found is None:
        raise AssertionError(f"{file_name} was checked before")
    return found.group(1), found.group(2) or DEFAULT_LANGUAGE


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _at(file: str, node: Node, message: str, suggestion: str = "") -> Problem:
    return Problem(file=file, line=node.line, column=node.column, message=message, suggestion=suggestion)
