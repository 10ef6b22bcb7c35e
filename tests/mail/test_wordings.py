"""Tables of wordings: no row can be dead, none is slow, and none is written in a form that never matches."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

import pytest

from router.mail import wording, wording_people, wording_replies
from router.mail.phrasing import Phrasing
from tests.mail.builders import a_message

TABLES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": rows
    for module in (wording, wording_replies, wording_people)
    for name, rows in vars(module).items()
    if name.endswith(("_SUBJECTS", "_TEXTS"))
}
ROWS = [(table, stem, pattern) for table, rows in TABLES.items() for stem, pattern in rows]

_CLASSES = {
    op.CATEGORY_WORD: "x",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_DIGIT: "7",
    op.CATEGORY_NOT_SPACE: "x",
    op.CATEGORY_NOT_WORD: ",",
}


def _one_of(items: list[Any], chance: random.Random) -> str:
    if items[0][0] is op.NEGATE:
        return "x"
    kind, value = chance.choice(items)
    if kind is op.CATEGORY:
        return _CLASSES[value]
    return chr(value if kind is op.LITERAL else value[0])


_CHARACTERS: dict[Any, Callable[[Any, random.Random], str]] = {
    op.LITERAL: lambda code, _: chr(code),
    op.NOT_LITERAL: lambda code, _: "x" if code != ord("x") else "y",
    op.ANY: lambda _, __: "x",
    op.AT: lambda _, __: "",
    op.ASSERT: lambda _, __: "",
    op.ASSERT_NOT: lambda _, __: "",
    op.IN: _one_of,
    op.BRANCH: lambda found, chance: _written(chance.choice(found[1]), chance),
    op.SUBPATTERN: lambda found, chance: _written(found[3], chance),
    op.MAX_REPEAT: lambda found, chance: _repeated(*found, chance),
    op.MIN_REPEAT: lambda found, chance: _repeated(*found, chance),
}


def _repeated(least: int, most: int, what: Any, chance: random.Random) -> str:
    return "".join(_written(what, chance) for _ in range(chance.choice((least, min(int(most), least + 1)))))


def _written(parsed: Iterable[Any], chance: random.Random) -> str:
    """Some text that the pattern matches, with its options taken or left by chance."""
    return "".join(_CHARACTERS[kind](value, chance) for kind, value in parsed)


@pytest.mark.parametrize(("table", "stem", "pattern"), ROWS)
def test_whatever_a_wording_matches_holds_its_stem(table: str, stem: str, pattern: str) -> None:
    """An alternative that holds none of the row's stems would be dead."""
    chance = random.Random(7)
    parsed = sre.parse(pattern)
    missing = {
        one
        for one in (_written(parsed, chance) for _ in range(300))
        if not any(part in one for part in stem.split("|"))
    }
    assert not missing, table


@pytest.mark.parametrize(("table", "stem", "pattern"), ROWS)
def test_wordings_are_written_in_lower_case(table: str, stem: str, pattern: str) -> None:
    """They are compared with text in lower case, so a capital letter would never match."""
    assert stem == stem.lower(), table
    plain = re.sub(r"\\.", "", pattern)
    assert plain == plain.lower(), table


@pytest.mark.parametrize(
    "bait",
    [
        "your message " * 60,
        "a\n" * 2000,
        "*" * 4000,
        "<550-" * 1000,
        "550 <" + "a" * 4000,
        "i am " * 400,
        "я сейчас временно " * 200,
        "\n".join(stem for _, stem, _ in ROWS) * 2,
        "delivery failed " * 300,
        " ".join("(((" for _ in range(1000)),
    ],
)
def test_no_text_makes_a_wording_slow(bait: str) -> None:
    """Bounded places and bounded patterns: whatever a stranger writes is judged within a fraction of a second."""
    started = time.process_time()
    for subject in ("Order", bait[:900]):
        Phrasing(subject, bait, returned=False).subject_kind()
        Phrasing(subject, bait, returned=False).text_kind()
        Phrasing(subject, bait, returned=True).hinted()
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "text", ["", "\x00", "\udce9 this is an automated message", "?", "\n\n\n", "\ufeff" * 9, "😀" * 999]
)
def test_odd_text_is_judged(text: str) -> None:
    for kind in (Phrasing(text, text, returned=True).subject_kind(), Phrasing("", text, returned=False).text_kind()):
        assert isinstance(kind, str)


def test_why_is_readable() -> None:
    """An administrator reads a kind of mail, not a pattern."""
    because = {
        a_message("This is an automated message.", Subject="Order").automatic_because,
        a_message("I am on vacation. For urgent matters please contact Bob.", Subject="Order").automatic_because,
        a_message("x", Subject="Undeliverable: Order").automatic_because,
    }
    assert because == {
        "the wording of automatic mail",
        "the wording of an out-of-office note",
        "the subject of a bounce",
    }
