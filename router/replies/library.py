"""The saved replies of a folder: `replies/<category>/<name>[.<language>].md`, and the facts they may state.

Everything that is wrong is found here, before any reply is used; a broken file is left out and reported, the
others work.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from router.config.problems import Problem, did_you_mean, in_order, quote
from router.replies.facts import FACTS_FILE, Fact, read_facts
from router.replies.reply_file import DEFAULT_LANGUAGE, FILE_NAME, KEYS, Places, Reply, read_reply
from router.replies.templates import named

PLACEHOLDERS = frozenset(
    {"greeting", "subject", "customer.name", "customer.first_name", "order.number", "invoice.number", "ticket.number"}
)
MOST_FILES = 10_000

_CATEGORY = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Library:
    """All replies of a folder. Two libraries are the same only if they are one object: what is derived is cached."""

    replies: Mapping[str, Mapping[str, Reply]] = field(default_factory=dict)  # by id, then by language
    facts: Mapping[str, Fact] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def reply_ids(self) -> tuple[str, ...]:
        """Every id, sorted."""
        return tuple(sorted(self.replies))

    def variants(self, reply_id: str) -> Mapping[str, Reply]:
        """The reply by language; empty when there is none of that id."""
        return self.replies.get(reply_id, MappingProxyType({}))

    def placeholders(self) -> frozenset[str]:
        """Every placeholder that a reply of this library may name."""
        return PLACEHOLDERS | {f"company.{name}" for name in self.facts}

    def warm_up(self) -> None:
        """Parse every template now, beside other work, so that the first draft does not wait for it."""
        for variants in self.replies.values():
            for reply in variants.values():
                named(reply.template)

    def names(self) -> frozenset[str]:
        """Everything that a reply of a library laid over this one may name: placeholders and replies."""
        return self.placeholders() | set(self.replies)


def load_library(
    root: Path, *, known: Collection[str] = (), categories: Collection[str] | None = None, tested: bool = False
) -> Library:
    """Everything under `root`, or only the replies of some categories; what cannot be used is in `problems`.

    `known` are further placeholders and reply ids that exist: `names()` of a library that will be laid under this one.
    A folder that does not exist is an empty library. `tested` replies, those that we ship, need no look into their
    templates: Liquid takes a quarter of a second to import, and a start can do without it.
    """
    facts, problems = read_facts(root / FACTS_FILE, file=_shown(root, root / FACTS_FILE))
    allowed = PLACEHOLDERS | {f"company.{name}" for name in facts} | set(known)
    found = [
        reply
        for path in _files(root, problems, categories)
        if (reply := read_reply(path, file=_shown(root, path), allowed=allowed, problems=problems, tested=tested))
    ]
    replies = _grouped(found, problems)
    problems.extend(_wrong_links(found, replies, known))
    return Library(replies=replies, facts=facts, problems=in_order(problems))


def laid_over(own: Library, shipped: Library, categories: Collection[str]) -> Library:
    """`own`, and of `shipped` the replies of these categories that `own` does not have; own facts win."""
    added = {
        reply_id: variants
        for reply_id, variants in shipped.replies.items()
        if reply_id not in own.replies and reply_id.partition("/")[0] in categories
    }
    return replace(own, replies={**added, **own.replies}, facts={**shipped.facts, **own.facts})


# ------------------------------------------------------------------ which files


def _shown(root: Path, path: Path) -> str:
    return f"{root.name}/{path.relative_to(root).as_posix()}"


def _about(root: Path, path: Path, message: str) -> Problem:
    """A problem with a whole file or folder."""
    return Problem(file=_shown(root, path), line=1, column=1, message=message)


def _files(root: Path, problems: list[Problem], categories: Collection[str] | None) -> Iterator[Path]:
    """Reply files, sorted. A link is refused: replies/ is the only place that text for customers comes from."""
    if not root.is_dir():
        return
    count = 0
    for folder in sorted(root.iterdir()):
        if folder.name.startswith(".") or (categories is not None and folder.name not in categories):
            continue
        if folder.is_symlink():
            problems.append(_about(root, folder, "links are not followed"))
        elif folder.is_dir():
            for path in sorted(folder.iterdir()):
                if not _is_reply(root, path, problems):
                    continue
                count += 1
                if count > MOST_FILES:
                    problems.append(_about(root, folder, f"more than {MOST_FILES} replies"))
                    return
                yield path


def _is_reply(root: Path, path: Path, problems: list[Problem]) -> bool:
    if path.name.startswith(".") or path.suffix != ".md":
        return False
    wrong = ""
    if path.is_symlink():
        wrong = "links are not followed"
    elif not path.is_file():
        wrong = "a reply is a file: <category>/<name>.md"
    elif not FILE_NAME.fullmatch(path.name) or not _CATEGORY.fullmatch(path.parent.name):
        wrong = "a reply is called <name>.md or <name>.<language>.md: small letters, digits and -"
    if wrong:
        problems.append(_about(root, path, wrong))
    return not wrong


# ------------------------------------------------------------------ how replies belong together


def _grouped(found: Iterable[tuple[Reply, Places]], problems: list[Problem]) -> dict[str, dict[str, Reply]]:
    """By id and language; a variant inherits from the default language what its own front matter leaves out."""
    raw: dict[str, dict[str, tuple[Reply, Places]]] = {}
    for reply, written in found:
        variants = raw.setdefault(reply.id, {})
        if reply.language in variants:
            other = variants[reply.language][0].path
            problems.append(
                Problem(file=reply.path, line=1, column=1, message=f"the same reply and language as {other}")
            )
        else:
            variants[reply.language] = (reply, written)
    return {
        reply_id: {
            language: _inheriting(reply, written, variants.get(DEFAULT_LANGUAGE))
            for language, (reply, written) in variants.items()
        }
        for reply_id, variants in raw.items()
    }


def _inheriting(reply: Reply, written: Places, base: tuple[Reply, Places] | None) -> Reply:
    if base is None:
        return reply
    return replace(reply, **{key: getattr(base[0], key) for key in KEYS - written.keys()})


def _wrong_links(
    found: Iterable[tuple[Reply, Places]], replies: Mapping[str, Mapping[str, Reply]], known: Collection[str]
) -> Iterator[Problem]:
    """`otherwise:` that names nothing, or leads back to where it started."""
    for reply, written in found:
        if "otherwise" not in written or not reply.otherwise:
            continue
        place = written["otherwise"]
        message = suggestion = ""
        if reply.otherwise not in replies and reply.otherwise not in known:
            message = f"unknown reply {quote(reply.otherwise)}"
            suggestion = did_you_mean(reply.otherwise, replies.keys())
        elif reply.id in _reached(reply.otherwise, replies):
            message = f"'{reply.otherwise}' leads back to '{reply.id}'"
        if message:
            yield Problem(file=reply.path, line=place.line, column=place.column, message=message, suggestion=suggestion)


def _reached(start: str, replies: Mapping[str, Mapping[str, Reply]]) -> set[str]:
    """Every reply that `otherwise:` can lead to from `start`, itself included."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        reply_id = waiting.pop()
        if reply_id not in reached:
            reached.add(reply_id)
            waiting.extend(variant.otherwise for variant in replies.get(reply_id, {}).values() if variant.otherwise)
    return reached
