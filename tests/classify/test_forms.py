"""Word forms from the dictionaries, and the memory of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.classify.forms import FormsUnavailable, ensure, load


def test_forms_are_found_once_and_kept(tmp_path: Path) -> None:
    """A subprocess looks up what the cache lacks; the next call needs none."""
    cache = tmp_path / "forms.json"
    found = ensure({"en": ["pay"], "mn": ["мөнгө"]}, cache)
    assert "paid" in found["en"]["pay"]
    assert found["mn"]["мөнгө"] == ()
    assert ensure({"en": ["pay"]}, cache, timeout=0.001) == load(cache)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 99, "forms": {}}', '{"format": 1, "forms": 3}'])
def test_a_damaged_cache_holds_nothing(tmp_path: Path, content: str) -> None:
    cache = tmp_path / "forms.json"
    cache.write_text(content, "utf-8")
    assert load(cache) == {}


def test_a_subprocess_that_takes_too_long_is_an_answer(tmp_path: Path) -> None:
    with pytest.raises(FormsUnavailable):
        ensure({"en": ["pay"]}, tmp_path / "forms.json", timeout=0.01)
