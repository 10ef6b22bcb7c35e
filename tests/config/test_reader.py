"""Reading YAML: exact values, exact places, and no file that harms."""

from __future__ import annotations

import pytest

from router.config.nodes import Scalar, Table, every, plain
from router.config.reader import LARGEST_FILE, read


def values_of(text: str) -> object:
    document = read(text.encode(), "w.yaml")
    assert document.problems == ()
    assert document.root is not None
    return plain(document.root)


def said(content: bytes) -> tuple[int, int, str]:
    document = read(content, "w.yaml")
    assert document.root is None
    (problem,) = document.problems
    return problem.line, problem.column, problem.message


def test_values_are_those_of_yaml_1_2() -> None:
    """Times, dates, percentages, yes and no stay text, even under a YAML 1.1 directive."""
    text = "a: 18:00\nb: no\nc: 24/7\nd: 50%\ne: 2026-12-31\nf: 7\ng: 0.5\nh: true\ni:\nj: '7'\nk: .nan\n"
    expected = {"a": "18:00", "b": "no", "c": "24/7", "d": "50%", "e": "2026-12-31"}
    expected_typed = {"f": 7, "g": 0.5, "h": True, "i": None, "j": "7", "k": ".nan"}
    assert values_of(text) == expected | expected_typed
    assert values_of(f"%YAML 1.1\n---\n{text}") == expected | expected_typed


def test_every_value_knows_its_place() -> None:
    """Lines and columns count from 1, in characters, also after Cyrillic and a byte order mark."""
    document = read("\ufeffключ: [один, два]\n".encode(), "w.yaml")
    assert document.root is not None
    places = [f.place for f in every(document.root, "ключ", "*")]
    assert places == [(1, 8), (1, 14)]


def test_aliases_are_followed() -> None:
    """An alias means what its anchor holds, at the anchor's place."""
    document = read(b"a: &x [1]\nb: *x\n", "w.yaml")
    assert isinstance(document.root, Table)
    assert document.root.get("a") == document.root.get("b")


BAD: list[tuple[str, bytes, tuple[int, int, str]]] = [
    ("empty", b"", (1, 1, "this file is empty")),
    ("only comments", b"# nothing\n", (1, 1, "this file is empty")),
    ("only blanks", b" \n\n", (1, 1, "this file is empty")),
    ("null", b"---\n~\n", (1, 1, "this file is empty")),
    ("not UTF-8", "a: б\nв: ".encode() + b"\xe9\n", (2, 4, "this is not UTF-8; save the file as UTF-8")),
    ("UTF-16", "a: b".encode("utf-16"), (1, 1, "this is not UTF-8; save the file as UTF-8")),
    ("too large", b"#" * (LARGEST_FILE + 1), (1, 1, "this file is larger than 1 MB")),
    ("a NUL", b"a: b\nc: \0\n", (2, 4, "the control character U+0000 cannot stand in YAML")),
    ("too deep", b"a: " + b"[" * 5_000, (1, 44, "this is nested deeper than 40 levels")),
    ("a key that is a list", b"? [a]\n: b\n", (1, 3, "a key must be plain text")),
    ("a cycle", b"a: &a\n  b: {c: *a}\n", (2, 10, "the alias '*a' contains itself")),
    ("a bad escape", b'a: "\\q"\n', (1, 6, "this backslash means nothing inside double quotes; use single quotes")),
    ("indentation", b"a:\n    b: 1\n  c: 2\n", (3, 3, "the indentation does not fit the lines above")),
    ("a sign", b"a: @b\n", (1, 4, "text cannot begin with '@'; write it in quotes")),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_what_cannot_be_read_is_located(content: bytes, expected: tuple[int, int, str]) -> None:
    """One sentence at the place where reading stopped."""
    assert said(content) == expected


def test_aliases_cannot_explode() -> None:
    """Nine lines that would mean a billion values are refused before they are followed."""
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    _, _, message = said("\n".join(bomb).encode())
    assert message == "this file holds more than 200000 values once its aliases are followed"


def test_aliases_cannot_nest_without_end() -> None:
    """A chain of aliases that each add a level meets the same limit as brackets do."""
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 100))
    _, _, message = said(chain.encode())
    assert message == "this is nested deeper than 40 levels"


def test_a_second_key_of_a_name_is_reported_and_the_first_one_counts() -> None:
    """The rest of the file can still be checked."""
    document = read(b"a: 1\na: 2\n", "w.yaml")
    assert plain(document.root) == {"a": 1} if document.root else False
    assert [p.line for p in document.problems] == [2]


def test_quoted_numbers_are_text() -> None:
    """Quotes keep a number from being one."""
    document = read(b"a: '007'\n", "w.yaml")
    assert isinstance(document.root, Table)
    scalar = document.root.get("a")
    assert isinstance(scalar, Scalar)
    assert scalar.value == "007"
