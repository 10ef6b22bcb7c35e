"""Reads, checks and builds one workflows.yaml: everything from bytes to frozen values, with all problems at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from router.config import build, schema
from router.config.advice import advise
from router.config.checks import Subject, check
from router.config.lists import SenderList, read_list
from router.config.longform import long_form
from router.config.nodes import ANY, Place, Table, as_text, every, plain
from router.config.problems import Level, Problem, in_order
from router.config.reader import Document, read_file
from router.config.sentences import problems_of
from router.config.starter import shipped_phrases
from router.config.words import KNOWN_CATEGORIES
from router.decide.rules import Hours, Rules
from router.values import Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One workflows.yaml without errors. `digest` is the sha256 of all files that it was read from."""

    path: Path
    mailboxes: tuple[Mailbox, ...]
    rules: Rules
    hours: Mapping[str, Hours]
    digest: str
    replies_root: Path  # the admin's own replies, beside workflows.yaml; need not exist
    known_categories: tuple[str, ...] = ()  # those for which we ship phrases, examples and replies

    def mailbox(self, name: str) -> Mailbox | None:
        return next((m for m in self.mailboxes if m.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of one file: no configuration when there is an error among the problems.

    `contents` holds the bytes that were read, by name relative to the directory of workflows.yaml.
    """

    configuration: Configuration | None
    problems: tuple[Problem, ...] = ()
    digest: str = ""
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.level is Level.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.level is Level.WARNING)


def load(path: Path, *, reply_ids: Collection[str] | None = None) -> Loaded:
    """The configuration that a file means, or every reason why it means none. Never raises for what files hold.

    With `reply_ids`, replies that workflows name are checked against them.
    """
    document, content = read_file(path)
    contents = {path.name: content}
    if document.root is None:
        return Loaded(configuration=None, problems=document.problems, digest=_digest(contents), contents=contents)
    root = long_form(document.root)
    if not isinstance(root, Table):
        problem = document.problem(Place(1, 1), "expected keys like version: and mailboxes:", "see the starter file")
        return Loaded(configuration=None, problems=(problem,), digest=_digest(contents), contents=contents)
    lists, problems = _lists(document, root, path.parent)
    contents |= {name: one.content for name, one in lists.items()}
    subject = Subject(document=document, root=root, reply_ids=reply_ids)
    file, invalid = _validated(document, root)
    problems = [*document.problems, *problems, *invalid, *check(subject)]
    digest = _digest(contents)
    configuration = None
    if file is not None and not any(p.level is Level.ERROR for p in problems):
        configuration = _configuration(path, file, lists, digest)
        problems += advise(subject, configuration.rules)
    return Loaded(configuration=configuration, problems=in_order(problems), digest=digest, contents=contents)


def _digest(contents: Mapping[str, bytes]) -> str:
    """One sha256 over names, lengths and contents, so that no two sets of files share it."""
    total = hashlib.sha256()
    for name in sorted(contents):
        total.update(f"{name}\0{len(contents[name])}\0".encode())
        total.update(contents[name])
    return total.hexdigest()


def _validated(document: Document, root: Table) -> tuple[schema.WorkflowsFile | None, list[Problem]]:
    try:
        return schema.WorkflowsFile.model_validate(plain(root)), []
    except ValidationError as error:
        return None, problems_of(document, root, error.errors(include_url=False, include_input=False))


def _lists(document: Document, root: Table, beside: Path) -> tuple[dict[str, SenderList], list[Problem]]:
    """The sender lists that the file names, by name, and what is wrong with them."""
    lists: dict[str, SenderList] = {}
    problems: list[Problem] = []
    for found in every(root, "senders", ANY, "from", "file"):
        name = as_text(found.node)
        if not name or name in lists:
            continue
        try:
            lists[name] = read_list(beside, name)
        except ValueError as error:
            problems.append(document.problem(found.place, str(error)))
        else:
            problems += lists[name].problems
    return lists, problems


def _configuration(
    path: Path, file: schema.WorkflowsFile, lists: Mapping[str, SenderList], digest: str
) -> Configuration:
    patterns = {name: one.patterns for name, one in lists.items()}
    return Configuration(
        path=path,
        mailboxes=build.mailboxes(file, path.parent),
        rules=build.RulesBuilder(file, patterns, shipped_phrases()).built(),
        hours=MappingProxyType(build.hours(file)),
        digest=digest,
        replies_root=path.parent / "replies",
        known_categories=tuple(name for name in file.categories if name in KNOWN_CATEGORIES),
    )
