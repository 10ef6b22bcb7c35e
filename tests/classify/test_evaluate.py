"""The figures that `inbox-router evaluate` prints."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from router.classify.evaluate import auroc, evaluate
from router.errors import ConfigError
from tests.classify.builders import some_examples


def a_csv(path: Path, rows: Iterable[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *rows])
    return path


def test_the_figures_and_the_predictions(tmp_path: Path) -> None:
    """Every documented key is there; known kinds of texts are right, and strange ones are less sure."""
    train = a_csv(tmp_path / "train.csv", [(each.text, each.category) for each in some_examples()])
    asked = [("the scanner crashes when I log in", "technical"), ("send an offer for the desk, please", "sales")]
    strange = a_csv(tmp_path / "oos.csv", [("Who painted this?", ""), ("zzz", "")])
    out = tmp_path / "predictions.jsonl"
    found = evaluate(train, a_csv(tmp_path / "test.csv", asked), strange, predictions=out)
    assert set(found) == {
        *("accuracy", "macro_f1", "ece", "auroc_correct", "coverage_at_95", "oos_auroc", "per_class"),
        *("train_s", "messages_per_s", "model_bytes"),
    }
    assert (found["accuracy"], found["coverage_at_95"], found["oos_auroc"]) == (1.0, 1.0, 1.0)
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line["label"] for line in lines] == ["technical", "sales"]
    assert all(len(line["top"]) == 3 and line["top"][0][1] == line["confidence"] for line in lines)


def test_texts_without_labels_are_only_predicted(tmp_path: Path) -> None:
    train = a_csv(tmp_path / "train.csv", [("money back", "refund"), ("broken screen", "technical")] * 3)
    out = tmp_path / "predictions.jsonl"
    assert evaluate(train, a_csv(tmp_path / "test.csv", [("zzz", "")]), predictions=out) == {}
    assert len(out.read_text("utf-8").splitlines()) == 1


def test_a_file_without_the_columns_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "train.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(ConfigError, match=r"train\.csv"):
        evaluate(path, path)


def test_the_area_counts_ties_half() -> None:
    assert auroc(np.array([1.0, 0.5]), np.array([0.5, 0.0])) == pytest.approx(0.875)
    assert auroc(np.empty(0), np.array([1.0])) is None
