"""The small, strict part of Liquid that a reply may use.

A template's source comes from a file in replies/ and from nowhere else; what a customer wrote is only ever a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liquid import BoundTemplate, Environment
    from liquid.span import Span

# No loops, no includes, no assignment: a reply is text with blanks, and its cost is bounded by its length.
TAGS = frozenset({"if", "unless", "case", "comment", "#"})
FILTERS = frozenset({"default", "capitalize", "downcase", "upcase", "strip", "plus", "minus"})
_INTERNAL_TAGS = frozenset({"content", "output", "illegal"})  # Liquid's own names for text and `{{ … }}`
_UNDEFINED = re.compile(r"'?([\w.-]+)'? is undefined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong in a template; line and column count from 1 within the template."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A placeholder or a filter where the template names it."""

    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What a template names, without rendering it."""

    placeholders: tuple[Use, ...]
    filters: tuple[Use, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfilled:
    """The placeholder that has no value."""

    placeholder: str


def analysed(source: str) -> Uses | Mistake:
    """What the template names; a mistake when it is not a template."""
    from liquid.exceptions import LiquidError

    try:
        found = compiled(source).analyze(include_partials=False)
    except LiquidError as error:
        line, column = (error.context() or (1, 0))[:2]
        return Mistake(line=line, column=column + 1, message=f"{error.message}")
    return Uses(
        placeholders=_uses(source, ((str(one), one.span) for all_of in found.variables.values() for one in all_of)),
        filters=_uses(source, ((name, span) for name, spans in found.filters.items() for span in spans)),
    )


@lru_cache(maxsize=1024)
def named(source: str) -> tuple[str, ...]:
    """The placeholders of a template that is known to be right, each once; () when it is not right."""
    found = analysed(source)
    return () if isinstance(found, Mistake) else tuple(dict.fromkeys(use.name for use in found.placeholders))


def filled(source: str, values: Mapping[str, object]) -> str | Unfilled:
    """The template's text with every placeholder filled, or the first one that has no value."""
    from liquid.exceptions import UndefinedError

    try:
        return str(compiled(source).render(**values))
    except UndefinedError as error:
        found = _UNDEFINED.search(str(error.message))
        return Unfilled(placeholder=found.group(1) if found else str(error.message))


@lru_cache(maxsize=1024)
def compiled(source: str) -> BoundTemplate:
    """The template, parsed once; raises `liquid.exceptions.LiquidError`."""
    return _environment().from_string(source)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from liquid import Environment, FalsyStrictUndefined

    class Missing(FalsyStrictUndefined):
        """False in a condition, replaced by `default`, an error anywhere else."""

        __slots__ = ()
        force_liquid_default = True

    environment = Environment(undefined=Missing)
    for name in environment.tags.keys() - TAGS - _INTERNAL_TAGS:
        del environment.tags[name]
    for name in environment.filters.keys() - FILTERS:
        del environment.filters[name]
    return environment


def _uses(source: str, found: Iterable[tuple[str, Span]]) -> tuple[Use, ...]:
    places = [(name, *span.line_col(source)) for name, span in found]
    return tuple(Use(name=name, line=line, column=column + 1) for name, line, column in places)
