"""A trained model on disk and in memory: numbers and words, never code.

A model is a directory: `weights.npz` (read with `allow_pickle=False`), `vocabulary.json`, `manifest.json` with the
sha256 of both and of itself, and `card.md` for people. Anything that is not exactly that raises `ModelUnusable`: the
examples are the truth, and a model is made anew from them.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from router.classify.features import BUCKETS, Features, Floats, buckets_of_word, normalised, word_bucket
from router.classify.features import VERSION as FEATURES_VERSION
from router.errors import ModelUnusable

T = TypeVar("T")

FORMAT: Final = 2  # 2: `suggest_from`
WEIGHTS, VOCABULARY, MANIFEST, CARD = "weights.npz", "vocabulary.json", "manifest.json", "card.md"
_MOST_BYTES: Final = 256 * 2**20  # of one file, unpacked

_ARRAYS: Final[Mapping[str, tuple[str, int]]] = {  # name → dtype, dimensions
    "buckets": ("uint32", 1),
    "idf": ("float16", 1),
    "weights": ("float16", 2),
    "bias": ("float32", 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a model is, from what it was made, and how good it was on texts it had not seen (`metrics`)."""

    format: int = FORMAT
    features: int = FEATURES_VERSION
    labels: tuple[str, ...]
    examples: int
    data_digest: str
    temperature: float
    unsure_below: float
    suggest_from: float = 1.0  # at most `unsure_below`: between the two an answer suggests and moves nothing
    metrics: dict[str, Any] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)
    weights_sha256: str = ""
    vocabulary_sha256: str = ""
    manifest_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrays:
    """The numbers: for each bucket in use (ascending) its inverse document frequency and one weight per label."""

    buckets: npt.NDArray[np.uint32]
    idf: npt.NDArray[np.float16]
    weights: npt.NDArray[np.float16]
    bias: Floats


class Model:
    """A model ready to answer."""

    def __init__(self, manifest: Manifest, arrays: Arrays, vocabulary: Mapping[str, list[str]]) -> None:
        self.manifest = manifest
        self.vocabulary = vocabulary  # label → the words that speak most for it
        self._arrays = arrays
        self._row = np.full(BUCKETS, -1, dtype=np.int32)
        self._row[arrays.buckets] = np.arange(arrays.buckets.size, dtype=np.int32)

    @property
    def labels(self) -> tuple[str, ...]:
        return self.manifest.labels

    def probabilities(self, found: Features) -> dict[str, float]:
        """The calibrated probability of each label; they add up to one."""
        scaled = self._scores(found) / self.manifest.temperature
        powers = np.exp(scaled - scaled.max())
        return dict(zip(self.labels, (powers / powers.sum()).tolist(), strict=True))

    def _scores(self, found: Features) -> npt.NDArray[np.float64]:
        rows = self._row[found.buckets]
        used = rows >= 0
        kept = Features(buckets=found.buckets[used], counts=found.counts[used])
        values = normalised(kept, self._arrays.idf[rows[used]].astype(np.float32))
        # A sum and not `@`: matrix products would start a pool of BLAS threads, with memory for each.
        total = (values[:, None] * self._arrays.weights[rows[used]].astype(np.float32)).sum(axis=0, dtype=np.float64)
        return np.asarray(total + self._arrays.bias, dtype=np.float64)

    def speaking_words(self, words: Iterable[str], label: str, most: int = 3) -> list[tuple[str, float]]:
        """The words of a mail (as `normalise.tokens` gives them) that speak most for a label, with their weights.

        A weight says how much more a word, its characters included, speaks for the label than for others on average.
        """
        known = sorted(word for word in set(words) if int(self._row[word_bucket(word)]) >= 0)
        if not known:
            return []
        parts = [buckets_of_word(word) for word in known]
        rows = self._row[np.concatenate(parts)]
        shares = self._arrays.weights[rows].astype(np.float32) * self._arrays.idf[rows].astype(np.float32)[:, None]
        shares[rows < 0] = 0.0
        starts = np.cumsum([0, *(part.size for part in parts[:-1])])
        sizes = np.array([part.size for part in parts], dtype=np.float32)
        totals = np.add.reduceat(shares, starts) / np.sqrt(sizes)[:, None]
        gains = (totals[:, self.labels.index(label)] - totals.mean(axis=1)).tolist()
        ranked = sorted(zip(known, gains, strict=True), key=lambda pair: (-pair[1], pair[0]))
        return [(word, gain) for word, gain in ranked[:most] if gain > 0]


# ------------------------------------------------------------------ reading


def load(directory: Path) -> Model:
    """The model in a directory; raises `ModelUnusable` with the reason when it cannot be trusted or read."""
    manifest = _read_manifest(directory / MANIFEST)
    weights = _read(directory / WEIGHTS, manifest.weights_sha256)
    vocabulary = _decoded(_read(directory / VOCABULARY, manifest.vocabulary_sha256), dict[str, list[str]], VOCABULARY)
    return Model(manifest, _arrays_from(weights, len(manifest.labels)), vocabulary)


def _read_manifest(path: Path) -> Manifest:
    manifest = _decoded(_read(path, ""), Manifest, MANIFEST)
    if manifest.format != FORMAT or manifest.features != FEATURES_VERSION:
        raise ModelUnusable(f"{MANIFEST}: format {manifest.format}.{manifest.features} is not ours")
    if manifest.manifest_sha256 != _digest_of(manifest):
        raise ModelUnusable(f"{MANIFEST}: its sha256 does not fit")
    if not (manifest.temperature > 0 and len(set(manifest.labels)) == len(manifest.labels) > 1):
        raise ModelUnusable(f"{MANIFEST}: temperature or labels make no sense")
    return manifest


def _read(path: Path, digest: str) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ModelUnusable(f"{path.name}: too large")
        content = path.read_bytes()
    except OSError as error:
        raise ModelUnusable(f"{path.name}: {error.strerror}") from error
    if digest and hashlib.sha256(content).hexdigest() != digest:
        raise ModelUnusable(f"{path.name}: its sha256 is not the one in {MANIFEST}")
    return content


def _decoded(content: bytes, kind: type[T], name: str) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ModelUnusable(f"{name}: {error}") from error


def _arrays_from(content: bytes, labels: int) -> Arrays:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > _MOST_BYTES:
                raise ModelUnusable(f"{WEIGHTS}: too large")
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in _ARRAYS}
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile, NotImplementedError) as error:
        raise ModelUnusable(f"{WEIGHTS}: {error}") from error
    _check(arrays, labels)
    return Arrays(**arrays)


def _check(arrays: Mapping[str, npt.NDArray[Any]], labels: int) -> None:
    for name, (kind, dimensions) in _ARRAYS.items():
        array = arrays[name]
        if array.dtype != np.dtype(kind) or array.ndim != dimensions or not bool(np.isfinite(array).all()):
            raise ModelUnusable(f"{WEIGHTS}: {name} is not what it should be")
    buckets = arrays["buckets"]
    size = buckets.size
    ordered = size > 0 and int(buckets[-1]) < BUCKETS and bool((buckets[1:] > buckets[:-1]).all())
    shapes = (arrays["idf"].shape, arrays["weights"].shape, arrays["bias"].shape)
    if not ordered or shapes != ((size,), (size, labels), (labels,)):
        raise ModelUnusable(f"{WEIGHTS}: its arrays do not fit together")


# ------------------------------------------------------------------ writing


def write(
    directory: Path, manifest: Manifest, arrays: Arrays, vocabulary: Mapping[str, list[str]], card: str
) -> Manifest:
    """Puts a model where the old one was, in one step; gives its manifest with all digests."""
    packed = io.BytesIO()
    np.savez_compressed(packed, **{name: getattr(arrays, name) for name in _ARRAYS})
    words = msgspec.json.encode(vocabulary, order="sorted")
    manifest = replace(
        manifest,
        weights_sha256=hashlib.sha256(packed.getvalue()).hexdigest(),
        vocabulary_sha256=hashlib.sha256(words).hexdigest(),
    )
    manifest = replace(manifest, manifest_sha256=_digest_of(manifest))
    content = {
        WEIGHTS: packed.getvalue(),
        VOCABULARY: words,
        MANIFEST: msgspec.json.format(msgspec.json.encode(manifest), indent=1),
        CARD: card.encode(),
    }
    _swap_in(directory, content)
    return manifest


def _digest_of(manifest: Manifest) -> str:
    return hashlib.sha256(msgspec.json.encode(replace(manifest, manifest_sha256=""), order="sorted")).hexdigest()


def _swap_in(directory: Path, content: Mapping[str, bytes]) -> None:
    """Writes the files beside `directory`, then renames: a crash leaves the old model, the new one, or none."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{directory.name}-new-", dir=directory.parent))
    old = Path(tempfile.mkdtemp(prefix=f".{directory.name}-old-", dir=directory.parent))
    try:
        for name, data in content.items():
            with (draft / name).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        if directory.exists():
            directory.replace(old)
        draft.replace(directory)
        _sync(directory.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
