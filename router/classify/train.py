"""Fits a model from examples, in a process of its own that exits: scikit-learn is imported there and nowhere else.

TF-IDF over hashed features into one linear support vector machine per label. Probabilities come from a temperature
found on out-of-fold scores, as does the threshold below which the model is unsure. Equal examples give equal bytes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final, cast

import msgspec
import numpy as np
import numpy.typing as npt

from router.classify import measures, model, standby
from router.classify.features import BUCKETS, HALF, WORD_SHARE, features, word_bucket
from router.classify.normalise import tokens
from router.classify.starter import digest
from router.errors import RouterError
from router.values import Example

NONE: Final = "none"  # the label of texts that belong to no category: "leave it where it is"
COST: Final = 1.0  # of the support vector machine; 0.5 to 2 differ by less than a point on the starter examples
FOLDS: Final = 5
SEED: Final = 20_261_121
WORTH_TWO_PROCESSES: Final = 3_000  # examples; below, starting them takes longer than fitting
WORDS_PER_LABEL: Final = 20
WORD_IN_EXAMPLES: Final = 3  # a word shown to people was in so many

Matrix = Any  # scipy.sparse.csr_matrix: scipy is not imported here
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class FitFailed(RouterError):
    """A model could not be fitted from these examples."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linear:
    """One fitted machine: an inverse document frequency per bucket (0: never seen), weights and bias per label."""

    idf: Floats
    weights: Floats  # buckets × labels
    bias: Floats


# ------------------------------------------------------------------ called by the daemon


def fit(examples: Sequence[Example], out: Path, *, timeout: float = 600) -> model.Manifest:
    """Fits a model into the directory `out` by a subprocess and gives its manifest.

    Raises `FitFailed` when there are fewer than two labels, when it takes longer than `timeout` seconds, or when the
    process fails; the old model stays then.
    """
    with fitting(examples, out) as finish:
        return finish(timeout)


@contextmanager
def fitting(examples: Sequence[Example], out: Path) -> Iterator[Callable[[float], model.Manifest]]:
    """Fits a model beside what the block does, by a subprocess that does not outlive the block.

    Gives a function that waits, at most so many seconds, for what `fit` gives. Both raise `FitFailed`, as `fit` does.
    """
    if len({example.category for example in examples}) < 2:
        raise FitFailed("there must be examples of two categories or more")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".examples-", dir=out.parent) as directory:
        path = Path(directory) / "examples.jsonl"
        path.write_bytes(b"\n".join(msgspec.json.encode(_encodable(example)) for example in examples))
        process = _begun(path, out)

        def finish(timeout: float) -> model.Manifest:
            _wait(process, timeout)
            return model.load(out).manifest

        with process:
            try:
                yield finish
            finally:
                process.kill()  # nothing happens when it has ended


def _encodable(example: Example) -> Example:
    """Without lone surrogates, which a broken mail can leave in a text and JSON cannot hold."""
    return replace(example, text=example.text.encode(errors="replace").decode())


def _begun(examples: Path, out: Path) -> subprocess.Popen[bytes]:
    try:
        process = standby.take()
        with cast("IO[bytes]", process.stdin) as told:
            told.write(msgspec.json.encode([str(examples), str(out)]))
    except OSError as error:
        raise FitFailed(str(error)) from error
    process.stdin = None  # closed: `communicate` shall not flush it
    return process


def _wait(process: subprocess.Popen[bytes], timeout: float) -> None:
    try:
        _, said = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise FitFailed(str(error)) from error
    if process.returncode:
        raise FitFailed(said.decode(errors="replace").strip()[-500:] or f"it ended with {process.returncode}")


# ------------------------------------------------------------------ in the subprocess


def train(examples: Sequence[Example], out: Path) -> model.Manifest:
    """Fits a model here and now and writes it into `out`; see `fit` for how the daemon calls it."""
    labels = tuple(sorted({example.category for example in examples}))
    truth = np.array([labels.index(example.category) for example in examples])
    counts = _matrix(examples)
    scores = _out_of_fold(counts, truth, len(labels))
    temperature = measures.best_temperature(scores, truth)
    probabilities = measures.softmax(scores / temperature)
    rejects = labels.index(NONE) if NONE in labels else None
    unsure_below = measures.threshold(probabilities, truth, rejects)
    looser = measures.threshold(probabilities, truth, rejects, wrong_at_most=measures.WRONG_SUGGESTIONS)
    languages = [example.language for example in examples]
    manifest = model.Manifest(
        labels=labels,
        examples=len(examples),
        data_digest=digest(examples),
        temperature=temperature,
        unsure_below=unsure_below,
        suggest_from=min(unsure_below, looser),
        metrics=measures.summary(probabilities, truth, labels, languages, unsure_below, rejects),
        libraries={name: version(name) for name in ("scikit-learn", "scipy", "numpy")},
    )
    fitted = _fit(counts, truth, len(labels))
    vocabulary = _vocabulary(examples, fitted, labels)
    return model.write(out, manifest, _arrays(fitted), vocabulary, measures.card(manifest, vocabulary))


def _matrix(examples: Sequence[Example]) -> Matrix:
    """One row of 1 + ln(count) per example, one column per bucket."""
    from scipy.sparse import csr_matrix

    rows = [features(example.text) for example in examples]
    ends = np.cumsum([0, *(row.buckets.size for row in rows)])
    columns = np.concatenate([row.buckets for row in rows]).astype(np.int32)
    values = np.concatenate([row.counts for row in rows]).astype(np.float64)
    return csr_matrix((values, columns, ends), shape=(len(rows), BUCKETS))


def _weighted(counts: Matrix, idf: Floats) -> Matrix:
    """The rows after weighting, as `features.normalised` does it for one text."""
    from scipy.sparse import csr_matrix

    values = counts.data * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    blocks = 2 * rows + (counts.indices >= HALF)
    squares = np.bincount(blocks, weights=values**2, minlength=2 * counts.shape[0])
    shares = np.where(blocks % 2 == 0, WORD_SHARE, 1 - WORD_SHARE)
    values = values * np.sqrt(shares / np.maximum(squares[blocks], 1e-12))
    return csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)


def _fit(counts: Matrix, truth: Ints, labels: int) -> Linear:
    from sklearn.svm import LinearSVC

    seen = np.bincount(counts.indices, minlength=BUCKETS)
    idf = np.where(seen > 0, np.log((1 + counts.shape[0]) / (1 + seen)) + 1, 0.0)
    used = np.flatnonzero(seen)
    machine = LinearSVC(C=COST, random_state=SEED).fit(_weighted(counts, idf)[:, used], truth)
    weights = np.zeros((BUCKETS, labels))
    bias = np.full(labels, -10.0)  # a label without examples in this fold is never answered
    if len(machine.classes_) == 2:
        machine.coef_, machine.intercept_ = (np.concatenate([-x, x]) for x in (machine.coef_, machine.intercept_))
    weights[np.ix_(used, machine.classes_)] = machine.coef_.T
    bias[machine.classes_] = machine.intercept_
    return Linear(idf=idf, weights=weights, bias=bias)


def _out_of_fold(counts: Matrix, truth: Ints, labels: int) -> Floats:
    """Each example's scores from a machine that has not seen it."""
    from joblib import Parallel, delayed

    fold = _folds(truth)
    jobs = 2 if truth.size >= WORTH_TWO_PROCESSES else 1
    parts = Parallel(n_jobs=jobs)(
        delayed(_scores_of_fold)(counts, truth, labels, fold == number) for number in range(FOLDS)
    )
    scores = np.zeros((truth.size, labels))
    for number, part in enumerate(parts):
        scores[fold == number] = part
    return scores


def _scores_of_fold(counts: Matrix, truth: Ints, labels: int, held_out: npt.NDArray[np.bool_]) -> Floats:
    if not held_out.any() or len(set(truth[~held_out].tolist())) < 2:
        return np.zeros((int(held_out.sum()), labels))
    fitted = _fit(counts[~held_out], truth[~held_out], labels)
    return np.asarray(_weighted(counts[held_out], fitted.idf) @ fitted.weights + fitted.bias)


def _folds(truth: Ints) -> Ints:
    """A fold number per example, every label spread evenly, always the same."""
    order = np.random.default_rng(SEED).permutation(truth.size)
    fold, given = np.zeros(truth.size, dtype=np.int64), Counter[int]()
    for index in order.tolist():
        label = int(truth[index])
        fold[index] = (given[label] + label) % FOLDS
        given[label] += 1
    return fold


def _arrays(fitted: Linear) -> model.Arrays:
    used = np.flatnonzero(fitted.idf).astype(np.uint32)
    return model.Arrays(
        buckets=used,
        idf=fitted.idf[used].astype(np.float16),
        weights=fitted.weights[used].astype(np.float16),
        bias=fitted.bias.astype(np.float32),
    )


def _vocabulary(examples: Sequence[Example], fitted: Linear, labels: Sequence[str]) -> dict[str, list[str]]:
    """The words that speak most for each label, of those that several examples have."""
    seen = Counter(word for example in examples for word in set(tokens(example.text)))
    common = sorted(word for word, times in seen.items() if times >= WORD_IN_EXAMPLES)
    buckets = np.array([word_bucket(word) for word in common], dtype=np.int64)
    weights = fitted.weights[buckets]
    best = np.argsort(-weights, axis=0, kind="stable")[:WORDS_PER_LABEL]
    return {label: [common[row] for row in best[:, column]] for column, label in enumerate(labels)}


def main() -> None:
    """`python -m router.classify.train`: loads, reads `[examples.jsonl, directory]` as JSON, fits; nothing, no fit."""
    import scipy.sparse  # noqa: F401 - loaded before there is something to do
    import sklearn.svm  # noqa: F401

    told = sys.stdin.buffer.read()
    if told:
        examples, out = map(Path, msgspec.json.decode(told, type=tuple[str, str]))
        lines = examples.read_bytes().splitlines()
        train([msgspec.json.decode(line, type=Example) for line in lines if line], out)


if __name__ == "__main__":
    main()
