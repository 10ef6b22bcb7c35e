"""How good a model is on texts it has not seen: calibration, the threshold for "unsure", and its card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from router.classify.model import Manifest

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WRONG_AT_MOST: Final = 0.05  # of the answers that move mail
WRONG_SUGGESTIONS: Final = 0.10  # of the answers that only suggest: a draft that nobody sends by itself
RISK: Final = 0.05  # of that bound being broken by chance
SAFE_DEFAULT: Final = 0.8  # when no threshold can be shown to keep the bound
LOWEST: Final = 0.5  # real mail differs from the examples: below an even chance nothing is answered
_TEMPERATURES: Final = np.geomspace(0.02, 5.0, 111)
_BINS: Final = 15


def softmax(scores: Floats) -> Floats:
    """Rows that add up to one."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def best_temperature(scores: Floats, truth: Ints) -> float:
    """The divisor of the scores that gives the truth the highest likelihood (Guo et al., 2017).

    One further mistake is imagined, so that a few examples without any mistake do not make the model certain.
    """
    imagined = 1 / (truth.size + 1)
    wanted = np.full(scores.shape, imagined / (scores.shape[1] - 1))
    wanted[np.arange(truth.size), truth] = 1 - imagined
    losses = [-(wanted * np.log(softmax(scores / t) + 1e-12)).sum() for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def threshold(
    probabilities: Floats, truth: Ints, rejects: int | None = None, *, wrong_at_most: float = WRONG_AT_MOST
) -> float:
    """The lowest confidence from which on at most `wrong_at_most` of the answers are wrong.

    Tested from the strictest threshold downwards until one fails (fixed-sequence testing), each with the
    Clopper–Pearson upper bound at `RISK`. Texts answered with the label `rejects` count as not answered.
    """
    confidence, answer = probabilities.max(axis=1), probabilities.argmax(axis=1)
    answered = answer != (-1 if rejects is None else rejects)
    passed = SAFE_DEFAULT
    for candidate in np.arange(0.98, LOWEST - 0.001, -0.02):
        chosen = answered & (confidence >= candidate)
        total, wrong = int(chosen.sum()), int((answer != truth)[chosen].sum())
        if upper_bound(0, total) > wrong_at_most:
            continue  # too few to show anything, even without one mistake
        if upper_bound(wrong, total) > wrong_at_most:
            break
        passed = float(candidate)
    return round(passed, 2)


def upper_bound(wrong: int, total: int) -> float:
    """The share of mistakes that is exceeded with probability `RISK` at most (Clopper and Pearson, 1934)."""
    from scipy.stats import beta

    return 1.0 if wrong >= total else float(beta.ppf(1 - RISK, wrong + 1, total - wrong))


def summary(
    probabilities: Floats,
    truth: Ints,
    labels: Sequence[str],
    languages: Sequence[str],
    unsure_below: float,
    rejects: int | None,
) -> dict[str, Any]:
    """The figures of a manifest, all of them on texts the model had not seen."""
    confidence, answer = probabilities.max(axis=1), probabilities.argmax(axis=1)
    right = answer == truth
    given = (confidence >= unsure_below) & (answer != (-1 if rejects is None else rejects))
    by_language = {name: np.array([each == name for each in languages]) for name in sorted(set(languages))}
    per_category = {label: of_label(answer, truth, column) for column, label in enumerate(labels)}
    return {
        "accuracy": round(float(right.mean()), 4),
        "macro_f1": round(float(np.mean([each["f1"] for each in per_category.values()])), 4),
        "ece": round(calibration_error(confidence, right), 4),
        "answered": round(float(given.mean()), 4),
        "right_when_answered": round(float(right[given].mean()), 4) if given.any() else None,
        "per_category": per_category,
        "per_language": {
            name: {"accuracy": round(float(right[rows].mean()), 4), "examples": int(rows.sum())}
            for name, rows in by_language.items()
        },
    }


def of_label(answer: Ints, truth: Ints, column: int) -> dict[str, float]:
    """Precision, recall and F1 of one label."""
    hits = int(((answer == column) & (truth == column)).sum())
    precision = hits / max(1, int((answer == column).sum()))
    recall = hits / max(1, int((truth == column).sum()))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    figures = {"precision": precision, "recall": recall, "f1": f1}
    return {name: round(value, 4) for name, value in figures.items()} | {"examples": int((truth == column).sum())}


def calibration_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over equally wide bins."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [abs(confidence[bins == b].sum() - right[bins == b].sum()) for b in range(_BINS)]
    return float(sum(gaps) / max(1, confidence.size))


def card(manifest: Manifest, vocabulary: Mapping[str, Sequence[str]]) -> str:
    """The model's card: what it is, how good it was, and the words that speak for each label."""
    figures = manifest.metrics
    lines = [
        "# Model card",
        "",
        f"Fitted from {manifest.examples} examples of {len(manifest.labels)} labels ({manifest.data_digest[:16]}…).",
        f"On examples it had not seen: accuracy {figures['accuracy']:.3f}, calibration error {figures['ece']:.3f}. It",
        f"answers from a confidence of {manifest.unsure_below:.2f} on: {figures['answered']:.0%} of the examples.",
        "",
        "| Label | Examples | Precision | Recall | Words |",
        "|---|---|---|---|---|",
    ]
    for label, each in figures["per_category"].items():
        words = ", ".join(vocabulary.get(label, ())[:8])
        lines.append(f"| {label} | {each['examples']} | {each['precision']:.2f} | {each['recall']:.2f} | {words} |")
    lines += ["", "| Language | Examples | Accuracy |", "|---|---|---|"]
    for language, each in figures["per_language"].items():
        lines.append(f"| {language or 'unknown'} | {each['examples']} | {each['accuracy']:.2f} |")
    lines += ["", *(f"{name} {release}" for name, release in manifest.libraries.items()), ""]
    return "\n".join(lines)
