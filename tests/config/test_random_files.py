"""Whatever a file holds, the answer is a configuration or located problems, never a crash."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from router.config.loading import Loaded, load
from router.config.nodes import plain
from router.config.problems import render_all
from router.config.reader import read
from router.config.starter import expand
from tests.config.test_meaning import LONG, TWELVE_LINES

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

WORDS = sorted({word.strip("{}[],:\"'") for word in (LONG + TWELVE_LINES).split()})
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**9),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(WORDS),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), inner, max_size=4),
    ),
    max_leaves=12,
)


def result_of(content: bytes) -> Loaded:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "workflows.yaml"
        path.write_bytes(content)
        return load(path, reply_ids=("refund/first",))


def is_an_answer(result: Loaded) -> bool:
    render_all(result.problems)
    located = all(p.line >= 1 and p.column >= 1 and p.message for p in result.problems)
    return located and (result.configuration is None) == bool(result.errors)


@QUICK
@given(st.binary(max_size=200))
def test_random_bytes(content: bytes) -> None:
    """Bytes of no format."""
    assert is_an_answer(result_of(content))


@QUICK
@given(st.text(alphabet=" \n\t-:?#&*!|>'\"%@`,[]{}<abé\\0.~=\x85\u2028", max_size=60))
def test_random_punctuation(text: str) -> None:
    """Text made of what means something in YAML."""
    assert is_an_answer(result_of(text.encode()))


def paths_in(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(found for key, value in items for found in paths_in(value, (*path, key)))]


def replaced(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    if isinstance(tree, dict):
        return {k: replaced(v, path[1:], value) if k == path[0] else v for k, v in tree.items()}
    return [replaced(v, path[1:], value) if i == path[0] else v for i, v in enumerate(tree)]


def tree_of(text: str) -> Any:
    document = read(text.encode(), "w.yaml")
    assert document.root is not None
    return plain(document.root)


GOOD_TREES = (tree_of(TWELVE_LINES), tree_of(LONG), tree_of(expand(LONG)))


@settings(QUICK, max_examples=120)
@given(st.data())
def test_good_files_with_one_piece_replaced(data: st.DataObject) -> None:
    """Any value in any place of a good file."""
    tree = data.draw(st.sampled_from(GOOD_TREES))
    path = data.draw(st.sampled_from(paths_in(tree)))
    changed = replaced(tree, path, data.draw(TREES))
    assert is_an_answer(result_of(json.dumps(changed, ensure_ascii=True).encode()))


@QUICK
@given(st.sampled_from([TWELVE_LINES, LONG]), st.integers(0, 3_000), st.integers(0, 30))
def test_good_files_with_a_piece_cut_out(text: str, start: int, length: int) -> None:
    """Half-written and half-deleted files."""
    assert is_an_answer(result_of((text[:start] + text[start + length :]).encode()))


@QUICK
@given(TREES)
def test_what_is_expanded_is_yaml_again(tree: Any) -> None:
    """Expansion of anything readable gives text that reads."""
    text = json.dumps(tree)
    if read(text.encode(), "w.yaml").root is None:
        return
    assert isinstance(io.StringIO(expand(text)).read(), str)
