"""Hashed sparse features of a mail: word 1–2-grams and character 2–5-grams within words, as bucket numbers.

The same function serves training and answering, with numpy only. Buckets below `HALF` are words, the others characters,
so that each block can be brought to one length: a long mail's many character grams do not drown its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from router.classify.normalise import tokens

VERSION: Final = 1  # raise it when the same text gives other features: models and taught examples are then made anew
BUCKETS: Final = 2**18
HALF: Final = BUCKETS // 2
BODY_LIMIT: Final = 2_000  # characters of new text: what comes later is rarely what the mail is about
SUBJECT_LIMIT: Final = 500
# Squared length of the word block; the rest is the characters'. Of .1 .2 .3 .5 .6 .75, .2 and .3 were best on the
# starter examples (.72 right against .70 at an even share), and no worse on ten examples per class of BANKING77 (.74).
WORD_SHARE: Final = 0.25
_LONGEST_WORD: Final = 30  # letters of a word that are looked at
_GRAMS: Final = range(2, 6)

Buckets = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """Bucket numbers, ascending and distinct, with 1 + ln(count) for each."""

    buckets: Buckets
    counts: Floats

    def to_bytes(self) -> bytes:
        """For a database: bucket numbers then values, little-endian."""
        return self.buckets.astype("<u4").tobytes() + self.counts.astype("<f4").tobytes()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Features:
        """What `to_bytes` wrote; raises `ValueError` when it is not that."""
        if len(stored) % 8:
            raise ValueError("stored features have a length that is no multiple of 8")
        middle = len(stored) // 2
        buckets = np.frombuffer(stored[:middle], dtype="<u4").astype(np.uint32)
        counts = np.frombuffer(stored[middle:], dtype="<f4").astype(np.float32)
        ordered = bool((buckets[1:] > buckets[:-1]).all()) and not (buckets.size and int(buckets[-1]) >= BUCKETS)
        if not ordered or not bool(np.isfinite(counts).all()):
            raise ValueError("stored features are damaged")
        return cls(buckets=buckets, counts=counts)


def text_of(subject: str, body: str) -> str:
    """What the model reads of a mail: its subject and the beginning of its new text."""
    return f"{subject[:SUBJECT_LIMIT]}\n{body[:BODY_LIMIT]}".strip()


def features(text: str) -> Features:
    """The features of a text, of which `SUBJECT_LIMIT + BODY_LIMIT` characters are read."""
    return features_of_words(tokens(text[: SUBJECT_LIMIT + BODY_LIMIT + 1]))


def features_of_words(found: Sequence[str]) -> Features:
    """The features of words in the form of `normalise.tokens`."""
    pairs = [word_bucket(f"{one} {two}") for one, two in pairwise(found)]
    parts = [np.array(pairs, dtype=np.uint32), *map(buckets_of_word, found)]
    buckets, counts = np.unique(np.concatenate(parts), return_counts=True)
    return Features(buckets=buckets, counts=(1.0 + np.log(counts)).astype(np.float32))


def word_bucket(gram: str) -> int:
    """The bucket of a word, or of two with a space between."""
    return crc32(gram.encode(errors="surrogatepass")) % HALF


@lru_cache(maxsize=8192)
def buckets_of_word(word: str) -> Buckets:
    """A word's own bucket and those of its character grams; most words of a mail were seen before."""
    padded = f" {word[:_LONGEST_WORD]} "
    grams = [
        HALF + crc32(padded[i : i + n].encode(errors="surrogatepass")) % HALF
        for n in _GRAMS
        for i in range(len(padded) - n + 1)
    ]
    return np.array([word_bucket(word), *grams], dtype=np.uint32)


def normalised(found: Features, weights: Floats | None = None) -> Floats:
    """The features' values after weighting; words and characters each have their fixed share of the length of one."""
    values = found.counts if weights is None else found.counts * weights
    border = int(np.searchsorted(found.buckets, HALF))
    blocks = ((values[:border], WORD_SHARE), (values[border:], 1 - WORD_SHARE))
    parts = [part * np.sqrt(share / max(float(np.square(part).sum()), 1e-12)) for part, share in blocks]
    return np.concatenate(parts).astype(np.float32)
