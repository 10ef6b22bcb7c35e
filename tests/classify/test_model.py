"""Models on disk: what is written is read, and nothing else is."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from router.classify import model
from router.classify.features import BUCKETS, Features, features, normalised
from router.classify.train import FitFailed, fit, fitting, train
from router.errors import ModelUnusable
from router.values import Example
from tests.classify.builders import some_examples

FILES = (model.WEIGHTS, model.VOCABULARY, model.MANIFEST)


def a_copy(fitted: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(fitted, tmp_path / "copy"))


def signed_again(directory: Path, name: str) -> None:
    """Makes the digests fit, as somebody who may write the directory can."""
    manifest = msgspec.json.decode((directory / model.MANIFEST).read_bytes(), type=model.Manifest)
    key = {model.WEIGHTS: "weights_sha256", model.VOCABULARY: "vocabulary_sha256"}[name]
    digest = hashlib.sha256((directory / name).read_bytes()).hexdigest()
    manifest = replace(manifest, **{key: digest})
    manifest = replace(manifest, manifest_sha256=model._digest_of(manifest))
    (directory / model.MANIFEST).write_bytes(msgspec.json.encode(manifest))


def test_a_model_knows_what_it_was_fitted_on(small_model: model.Model) -> None:
    """It puts unseen texts of its categories right, and its probabilities add up to one."""
    for text, category in {
        "the scanner crashes when I log in": "technical",
        "please return my money for the desk": "refund",
        "how much does the desk cost for ten people": "sales",
    }.items():
        found = small_model.probabilities(features(text))
        assert max(found, key=lambda name: found[name]) == category
        assert sum(found.values()) == pytest.approx(1)


def test_a_text_without_known_words_has_an_answer(small_model: model.Model) -> None:
    """An empty text is no error, and no word of it speaks for anything."""
    assert sum(small_model.probabilities(features("")).values()) == pytest.approx(1)
    assert small_model.speaking_words([], "sales") == []


def test_the_manifest_says_what_the_model_is(small_model: model.Model) -> None:
    manifest = small_model.manifest
    assert manifest.labels == ("refund", "sales", "technical")
    assert manifest.examples == 90
    assert set(manifest.metrics["per_category"]) == set(manifest.labels)
    assert manifest.metrics["per_language"]["en"]["examples"] == 90
    assert 0 < manifest.unsure_below < 1


def test_equal_examples_give_equal_bytes(fitted: Path, tmp_path: Path) -> None:
    """Fitting twice writes the same files, in a process of its own or not."""
    train(some_examples(), tmp_path / "again")
    for name in (*FILES, model.CARD):
        assert (tmp_path / "again" / name).read_bytes() == (fitted / name).read_bytes()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("tenth", range(10))
def test_a_truncated_file_is_refused(fitted: Path, tmp_path: Path, name: str, tenth: int) -> None:
    directory = a_copy(fitted, tmp_path)
    content = (directory / name).read_bytes()
    (directory / name).write_bytes(content[: len(content) * tenth // 10])
    with pytest.raises(ModelUnusable):
        model.load(directory)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_bit_is_refused(fitted: Path, tmp_path: Path, name: str) -> None:
    """Anywhere in any file; the reason names the file."""
    directory = a_copy(fitted, tmp_path)
    content = (directory / name).read_bytes()
    for position in range(0, len(content), max(1, len(content) // 25)):
        if content[position : position + 1].isspace():
            continue  # white space of JSON means nothing
        damaged = bytearray(content)
        damaged[position] ^= 0x04
        (directory / name).write_bytes(bytes(damaged))
        with pytest.raises(ModelUnusable, match=name.replace(".", r"\.")):
            model.load(directory)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(fitted: Path, tmp_path: Path, name: str) -> None:
    directory = a_copy(fitted, tmp_path)
    (directory / name).unlink()
    with pytest.raises(ModelUnusable):
        model.load(directory)


class Payload:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.trace,))


def test_a_pickle_inside_the_weights_is_never_executed(fitted: Path, tmp_path: Path) -> None:
    """Even with digests that fit."""
    directory, trace = a_copy(fitted, tmp_path), tmp_path / "executed"
    packed = io.BytesIO()
    evil = np.array([Payload(trace)], dtype=object)
    np.savez(packed, buckets=evil, idf=evil, weights=evil, bias=evil)
    (directory / model.WEIGHTS).write_bytes(packed.getvalue())
    signed_again(directory, model.WEIGHTS)
    with pytest.raises(ModelUnusable):
        model.load(directory)
    assert not trace.exists()


def test_arrays_that_do_not_fit_together_are_refused(fitted: Path, tmp_path: Path) -> None:
    directory = a_copy(fitted, tmp_path)
    with np.load(directory / model.WEIGHTS, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    for change in (
        {"weights": arrays["weights"][:, :1]},
        {"buckets": arrays["buckets"] + np.uint32(BUCKETS)},
        {"idf": arrays["idf"] * np.float16("nan")},
        {"bias": arrays["bias"].astype(np.float64)},
    ):
        np.savez(directory / model.WEIGHTS, **{**arrays, **change})
        signed_again(directory, model.WEIGHTS)
        with pytest.raises(ModelUnusable):
            model.load(directory)


def test_weights_that_would_fill_the_memory_are_refused(
    fitted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file that unpacks into a large one is not unpacked."""
    monkeypatch.setattr(model, "_MOST_BYTES", 2**20)
    directory = a_copy(fitted, tmp_path)
    with zipfile.ZipFile(directory / model.WEIGHTS, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("weights.npy", bytes(2**21))
    signed_again(directory, model.WEIGHTS)
    with pytest.raises(ModelUnusable, match="too large"):
        model.load(directory)


def test_another_format_is_refused(fitted: Path, tmp_path: Path) -> None:
    directory = a_copy(fitted, tmp_path)
    manifest = json.loads((directory / model.MANIFEST).read_text("utf-8"))
    (directory / model.MANIFEST).write_text(json.dumps(manifest | {"format": 99}), "utf-8")
    with pytest.raises(ModelUnusable, match="format 99"):
        model.load(directory)


def test_one_category_is_too_few(tmp_path: Path) -> None:
    with pytest.raises(FitFailed):
        fit([Example(text="a", category="refund")] * 5, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_failed_fit_leaves_the_old_model(fitted: Path, tmp_path: Path) -> None:
    directory = a_copy(fitted, tmp_path)
    with pytest.raises(FitFailed):
        fit(some_examples(), directory, timeout=0.01)
    assert model.load(directory).manifest.examples == 90
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_two_categories_and_few_examples_are_enough(tmp_path: Path) -> None:
    """A category with a single example is learned too."""
    examples = [example for example in some_examples() if example.category != "sales"][:31]
    manifest = train(examples, tmp_path / "model")
    found = model.load(tmp_path / "model").probabilities(features("please return my money for the desk"))
    assert manifest.labels == ("refund", "technical")
    assert found["refund"] > found["technical"]


def test_features_survive_a_database() -> None:
    found = features("Please return my money")
    again = Features.from_bytes(found.to_bytes())
    assert np.array_equal(again.buckets, found.buckets)
    assert np.array_equal(again.counts, found.counts)
    assert float(np.square(normalised(again)).sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("stored", [b"\0" * 12, b"\xff" * 16, b"\1\0\0\0" * 4])
def test_damaged_features_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="stored features"):
        Features.from_bytes(stored)


def test_a_fit_that_nobody_waits_for_ends_with_its_block(tmp_path: Path) -> None:
    """No process goes on, and nothing is left behind."""
    directory = tmp_path / "models" / "one"
    with fitting(some_examples(), directory):
        assert [path.name[:9] for path in directory.parent.iterdir()] == [".examples"]
    assert list(directory.parent.iterdir()) == []


def test_a_fit_goes_on_beside_other_work(tmp_path: Path) -> None:
    """Whoever needs the model waits for it, and finds it."""
    directory = tmp_path / "models" / "one"
    with fitting(some_examples(), directory) as finish:
        manifest = finish(120)
    assert model.load(directory).manifest == manifest
