"""Starter examples from a folder of text files."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.classify.starter import digest, starter_examples
from router.errors import ConfigError
from router.values import Example


def test_lines_become_examples(tmp_path: Path) -> None:
    """One a line; comments and empty lines are skipped, ⏎ is a line break."""
    (tmp_path / "refund.sr-Latn.txt").write_text("# comment\n\nZdravo ⏎ vratite novac\n", "utf-8")
    assert starter_examples(tmp_path) == [
        Example(text="Zdravo\nvratite novac", category="refund", language="sr-Latn", source="starter")
    ]


def test_only_wanted_categories_are_read(tmp_path: Path) -> None:
    for name in ("refund", "cancel"):
        (tmp_path / f"{name}.en.txt").write_text("text\n", "utf-8")
    assert {example.category for example in starter_examples(tmp_path, ["cancel", "unknown"])} == {"cancel"}


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "refund.en.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ConfigError, match=r"refund\.en\.txt"):
        starter_examples(tmp_path)


def test_the_digest_names_the_set() -> None:
    """Order does not matter, content does."""
    one, two = Example(text="a", category="x"), Example(text="b", category="x")
    assert digest([one, two]) == digest([two, one])
    assert digest([one]) != digest([one, two])
    assert digest([one]) != digest([Example(text="a", category="y")])
