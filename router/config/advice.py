"""Warnings about rules that are valid but cannot mean what they say: checks on what was built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from router.config.checks import Subject
from router.config.nodes import Array, Path, Table, nearest
from router.config.problems import Level, Problem, quote
from router.decide.rules import AllOf, AnyOf, Condition, Not, OneOf, Rules, Target

Conjuncts = tuple[Condition, ...]  # what must all hold, without paths


def advise(subject: Subject, rules: Rules) -> list[Problem]:
    """Every warning about these rules."""
    return [*_never_run(subject, rules), *_match_everything(subject, rules), *_looser(subject, rules)]


def _warning(subject: Subject, path: Path, message: str, suggestion: str = "") -> Problem:
    found, _ = nearest(subject.root, path)
    return subject.document.problem(found.place, message, suggestion, Level.WARNING)


# ------------------------------------------------------------------ workflows that never run


def _never_run(subject: Subject, rules: Rules) -> Iterator[Problem]:
    written = subject.document.root.get("workflows") if isinstance(subject.document.root, Table) else None
    count = len(written.items) if isinstance(written, Array) else 0  # what is on by default comes after these
    stopping: list[tuple[str, Conjuncts]] = []
    for index, workflow in enumerate(rules.workflows[:count]):
        parts = _conjuncts(workflow.when)
        above = next((name for name, wide in stopping if _implies(parts, wide)), None)
        if above is not None:
            message = f"this workflow never runs: {quote(above)} above it stops for the same mail"
            yield _warning(subject, ("workflows", index), message)
        if workflow.stop:
            stopping.append((workflow.name, parts))


def _implies(narrow: Conjuncts, wide: Conjuncts) -> bool:
    """Whether every mail that fits `narrow` surely fits `wide`. False when it cannot be told."""
    return all(any(_part_implies(n, w) for n in narrow) for w in wide)


def _part_implies(narrow: Condition, wide: Condition) -> bool:
    if isinstance(narrow, OneOf) and isinstance(wide, OneOf) and narrow.key == wide.key:
        return set(narrow.values) <= set(wide.values)
    if isinstance(wide, AnyOf):
        return narrow == wide or any(_implies((narrow,), _conjuncts(part)) for part in wide.parts)
    return narrow == wide


def _conjuncts(condition: Condition) -> Conjuncts:
    condition = without_path(condition)
    if isinstance(condition, AllOf):
        return tuple(part for nested in condition.parts for part in _conjuncts(nested))
    return (condition,)


def without_path(condition: Condition) -> Condition:
    """The same condition, equal to any other of the same meaning wherever it was written."""
    if isinstance(condition, AllOf | AnyOf):
        return replace(condition, path="", parts=tuple(without_path(p) for p in condition.parts))
    if isinstance(condition, Not):
        return replace(condition, path="", part=without_path(condition.part))
    return replace(condition, path="")


# ------------------------------------------------------------------ alternatives that leave nothing out


def _match_everything(subject: Subject, rules: Rules) -> Iterator[Problem]:
    for index, workflow in enumerate(rules.workflows):
        for condition in _nested(workflow.when):
            if isinstance(condition, AnyOf) and _leaves_nothing_out(condition):
                message = "a mail fits this as soon as one of the negations holds, so nearly every mail does"
                yield _warning(subject, _path_of(index, condition.path), message, "did you mean not: [first, second]?")


def _nested(condition: Condition) -> Iterator[Condition]:
    yield condition
    parts = (
        condition.parts
        if isinstance(condition, AllOf | AnyOf)
        else (condition.part,)
        if isinstance(condition, Not)
        else ()
    )
    for part in parts:
        yield from _nested(part)


def _leaves_nothing_out(condition: AnyOf) -> bool:
    parts = [_only(without_path(part)) for part in condition.parts]
    negated = [_only(part.part) for part in parts if isinstance(part, Not)]
    different = any(one != negated[0] for one in negated)
    return different or any(part in negated for part in parts)


def _only(condition: Condition) -> Condition:
    """The one part of an `all` or `any` of one."""
    if isinstance(condition, AllOf | AnyOf) and len(condition.parts) == 1:
        return _only(condition.parts[0])
    return condition


def _path_of(index: int, written: str) -> Path:
    """`workflows[2].when.any` as a path again."""
    _, _, rest = written.partition("].")
    parts: list[str | int] = []
    for name in filter(None, rest.split(".")):
        key, _, item = name.partition("[")
        parts += [key, int(item[:-1])] if item[:-1].isdigit() else [key]
    return ("workflows", index, *parts)


# ------------------------------------------------------------------ targets without effect


def _looser(subject: Subject, rules: Rules) -> Iterator[Problem]:
    if rules.reply_within is None:
        return
    for path, target in _targets(rules):
        if _is_looser(target, rules.reply_within):
            message = "this time is longer than the top level's reply_within, so it has no effect"
            yield _warning(subject, (*path, "reply_within"), message)


def _targets(rules: Rules) -> Iterator[tuple[Path, Target]]:
    named: tuple[tuple[Path, Target | None], ...] = (
        *((("categories", c.name), c.reply_within) for c in rules.categories),
        *((("senders", s.name), s.reply_within) for s in rules.senders),
        *((("workflows", i), w.reply_within) for i, w in enumerate(rules.workflows)),
    )
    yield from ((path, target) for path, target in named if target is not None)


def _is_looser(target: Target, top: Target) -> bool:
    """Only times of one calendar and one unit can be compared for every moment of arrival."""
    if target.hours != top.hours or bool(target.days) != bool(top.days):
        return False
    return (target.days, target.within) > (top.days, top.within)
