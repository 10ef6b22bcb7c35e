"""Measures the model on labelled texts: what `inbox-router evaluate` prints."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from router.classify import measures, model
from router.classify.features import features
from router.classify.train import fit
from router.errors import ConfigError
from router.values import Example

GUESSES: Final = 3
WANTED_PRECISION: Final = 0.95

Floats = npt.NDArray[np.float64]


def evaluate(
    train: Path, test: Path, oos: Path | None = None, *, predictions: Path | None = None, timeout: float = 3600
) -> dict[str, Any]:
    """Fits on one CSV (`text,label`) and measures on another; keys as documented for `inbox-router evaluate`.

    Without labels in `test` only `predictions` are written, with the best guess even when the model is unsure. `oos`
    holds texts that belong to no label. Raises `ConfigError` for files that are no such CSV, `FitFailed` as `fit` does.
    """
    asked, outside = _rows(test), _rows(oos) if oos else []
    with tempfile.TemporaryDirectory() as directory:
        started = perf_counter()  # its own speed is among what it measures
        fit(_rows(train), Path(directory) / "model", timeout=timeout)
        train_s = perf_counter() - started
        fitted = model.load(Path(directory) / "model")
        model_bytes = sum(path.stat().st_size for path in (Path(directory) / "model").iterdir())
    started = perf_counter()
    answers = _answers(fitted, asked)
    seconds = perf_counter() - started
    if predictions:
        _write(predictions, fitted.labels, answers)
    if not all(row.category for row in asked):
        return {}
    found = _figures(answers, [row.category for row in asked], fitted.labels)
    strange = _answers(fitted, outside).max(axis=1) if outside else np.empty(0)
    return found | {
        "oos_auroc": auroc(answers.max(axis=1), strange) if outside else None,
        "train_s": train_s,
        "messages_per_s": len(asked) / max(seconds, 1e-9),
        "model_bytes": model_bytes,
    }


def _rows(path: Path) -> list[Example]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [Example(text=row["text"], category=row.get("label") or "") for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise ConfigError(f"{path.name} is no CSV with the columns text and label: {error}") from error


def _answers(fitted: model.Model, rows: Sequence[Example]) -> Floats:
    """A row of probabilities per text, a column per label."""
    found = [list(fitted.probabilities(features(row.text)).values()) for row in rows]
    return np.array(found).reshape(len(rows), len(fitted.labels))


def _write(path: Path, labels: Sequence[str], answers: Floats) -> None:
    best = np.argsort(-answers, axis=1, kind="stable")[:, :GUESSES]
    lines = []
    for row, columns in zip(answers.tolist(), best.tolist(), strict=True):
        top = [[labels[column], row[column]] for column in columns]
        lines.append(msgspec.json.encode({"label": top[0][0], "confidence": top[0][1], "top": top}))
    path.write_bytes(b"".join(line + b"\n" for line in lines))


def _figures(answers: Floats, wanted: Sequence[str], labels: Sequence[str]) -> dict[str, Any]:
    confidence, answer = answers.max(axis=1), answers.argmax(axis=1)
    place = {label: column for column, label in enumerate(labels)}
    truth = np.array([place.get(label, -1) for label in wanted])
    right = answer == truth
    per_class = {label: measures.of_label(answer, truth, column) for label, column in place.items()}
    return {
        "accuracy": float(right.mean()),
        "macro_f1": float(np.mean([each["f1"] for each in per_class.values()])),
        "ece": measures.calibration_error(confidence, right),
        "auroc_correct": auroc(confidence[right], confidence[~right]),
        "coverage_at_95": _coverage(confidence, right),
        "per_class": per_class,
    }


def _coverage(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """The largest share of texts, the surest first, of which `WANTED_PRECISION` are right."""
    order = np.argsort(-confidence, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, right.size + 1)
    good = np.flatnonzero(precision >= WANTED_PRECISION)
    return float((good[-1] + 1) / right.size) if good.size else 0.0


def auroc(higher: Floats, lower: Floats) -> float | None:
    """How often a value of the first kind is above one of the second, ties half; None when a kind is missing."""
    if not higher.size or not lower.size:
        return None
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, side="left") + np.searchsorted(ordered, higher, side="right")
    return float(below.mean() / (2 * lower.size))
