"""All forms of the phrases' words, found once in a lemmatiser's dictionaries by a process that then exits.

Serving with the dictionaries themselves would cost 43 MB for four languages in their smallest form and 300 MB in their
fastest. So a subprocess turns them around: lemma → forms, for the words that phrases use and no other. It takes about
4 s of processor time and at most 260 MB, once. `router.classify.endings` works without this; the dictionaries add
stems that no ending table can know.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from router.classify.normalise import fold
from router.errors import RouterError

Forms = Mapping[str, Mapping[str, tuple[str, ...]]]  # language → plain word → plain forms
NO_FORMS: Final[Forms] = {}

DICTIONARIES: Final = {"en": "en", "uk": "uk", "ru": "ru", "sr": "hbs"}
LARGEST: Final = "ru"
FORMAT: Final = 1
_SHARED_PREFIX: Final = 2  # letters that the forms of one word share; it keeps most of a dictionary untouched
_SHORTEST: Final = 3  # letters of a word worth looking up


class FormsUnavailable(RouterError):
    """The word forms could not be found; ending tables are used alone."""


def base(language: str) -> str:
    """`sr-Latn` is looked up as `sr`."""
    return language.partition("-")[0]


def expand(words: Mapping[str, Iterable[str]]) -> dict[str, dict[str, tuple[str, ...]]]:
    """The dictionary forms of each word by language. Takes seconds and tens of megabytes: see `ensure`."""
    return {language: _expand(language, sorted(set(wanted))) for language, wanted in words.items()}


def _expand(language: str, wanted: list[str]) -> dict[str, tuple[str, ...]]:
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory

    if language not in DICTIONARIES or not wanted:
        return dict.fromkeys(wanted, ())
    # A factory of our own, so that one language's dictionary is gone before the next one's comes.
    dictionary = DefaultDictionaryFactory().get_dictionary(DICTIONARIES[language])
    lemma = {word: dictionary.get(word) or word for word in wanted if len(word) >= _SHORTEST}
    forms: dict[str, set[str]] = {value: set() for value in lemma.values()}
    prefixes = frozenset(text[:_SHARED_PREFIX] for pair in lemma.items() for text in pair)
    for form in dictionary:
        if form[:_SHARED_PREFIX] in prefixes and (found := dictionary.get(form)) in forms:
            forms[str(found)].add(form)
    return {word: tuple(sorted(forms.get(lemma.get(word, ""), set()) - {word})) for word in wanted}


def ensure(words: Mapping[str, Iterable[str]], cache: Path, *, timeout: float = 120) -> Forms:
    """The forms of the words from the cache file; a subprocess finds those that are missing and adds them.

    A cache that cannot be read is made anew. Raises `FormsUnavailable` when the subprocess fails or takes longer
    than `timeout` seconds.
    """
    known = load(cache)
    missing = {
        language: sorted(lacking)
        for language, each in words.items()
        if (lacking := set(each) - set(known.get(language, {})))
    }
    if not missing:
        return known
    found = _in_subprocess(missing, timeout)
    merged = {lang: {**known.get(lang, {}), **found.get(lang, {})} for lang in {*known, *found}}
    _write(cache, merged)
    return merged


def load(cache: Path) -> Forms:
    """What the cache file holds; nothing when it is missing, damaged or of another format."""
    try:
        found = json.loads(cache.read_text("utf-8"))
        if found["format"] != FORMAT:
            return NO_FORMS
        return {lang: {word: tuple(forms) for word, forms in each.items()} for lang, each in found["forms"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return NO_FORMS


def _in_subprocess(missing: Mapping[str, list[str]], timeout: float) -> dict[str, dict[str, tuple[str, ...]]]:
    """Two processes at once: the Russian dictionary is as large as all the others together."""
    halves = ({k: v for k, v in missing.items() if (k == LARGEST) is alone} for alone in (True, False))
    with ThreadPoolExecutor(max_workers=2) as both:
        found = list(both.map(lambda half: _expanded(half, timeout), filter(None, halves)))
    return {lang: each for half in found for lang, each in half.items()}


def _expanded(missing: Mapping[str, list[str]], timeout: float) -> dict[str, dict[str, tuple[str, ...]]]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "router.classify.forms"],
            input=json.dumps(missing).encode(),
            capture_output=True,
            timeout=timeout,
            check=True,
        )
        found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise FormsUnavailable(f"word forms: {error}") from error
    return {lang: {word: tuple(forms) for word, forms in each.items()} for lang, each in found.items()}


def _write(cache: Path, forms: Forms) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    draft = cache.with_name(f".{cache.name}.{os.getpid()}")
    try:
        text = json.dumps({"format": FORMAT, "forms": forms}, ensure_ascii=False, sort_keys=True)
        draft.write_text(text, "utf-8")
        draft.replace(cache)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()


def folded(forms: Forms, language: str, word: str) -> frozenset[str]:
    """The forms of one `plain` word, folded."""
    return frozenset(map(fold, forms.get(base(language), {}).get(word, ())))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(expand(json.load(sys.stdin)), ensure_ascii=False))
