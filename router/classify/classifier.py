"""What a mail is about: one category or unsure, with the evidence.

One precedence, for every mail:

1. An agent has taught nearly the same mail: its category, or "leave it" (unsure). A phrase that is not in the taught
   mail still stands above it: two messages from one web form may differ in nothing but "refund".
2. Phrases. When phrases of two categories weigh the same, the model decides between these two.
3. A reply inherits its conversation's category: no phrase in its new text said otherwise.
4. A mail that holds nothing but thanks is `thanks`.
5. An agent has taught a mail of that kind.
6. The model, above its threshold. Below it, and above a looser one, it only suggests: a draft may wait for an agent,
   the mail stays where it is and is tagged as unsure.
7. Unsure, with the best guesses.

Phrases stand above the model because an admin wrote them down and can read why they hit; a model that disagrees
strongly lowers the confidence of a phrase found in the body alone, and says so, but never flips it: a rule
that works on some days only cannot be trusted. A phrase in the subject does not consult the model at all.

Only configured categories are answered. The model's other labels keep their share of the probability: a mail that looks
like a category which this team has no folder for is not pressed into one that it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from router.classify.features import Features, features, text_of
from router.classify.forms import NO_FORMS, Forms
from router.classify.model import Model
from router.classify.nearest import ALIKE, SAME, Nearest, Neighbour, Taught
from router.classify.normalise import tokens
from router.classify.phrases import SUBJECT, Findings, PhraseHit, PhraseMatcher
from router.decide.rules import Category
from router.values import Classification, Evidence, Message, ThreadState

SUBJECT_CONFIDENCE: Final = 0.95  # of a phrase in the subject
BODY_CONFIDENCE: Final = 0.85  # of a phrase in the new text
CONTRADICTED_CONFIDENCE: Final = 0.70  # … when the model is certain of something else
THREAD_CONFIDENCE: Final = 0.90
CERTAIN: Final = 0.90  # a model's probability that counts as strong
TIE_BROKEN: Final = 0.60  # share of the probability of tied categories that the better one must have
GUESSES: Final = 3  # in `top`
EVIDENCE_PHRASES: Final = 5

# Courtesy is part of most mails: words of these categories count in the body only when there is nothing else in it.
THANKS: Final = "thanks"
COURTESY: Final = frozenset({THANKS})


@dataclass(frozen=True, kw_only=True)
class _View:
    """One mail as the steps see it; the model's part of it is worked out when it is first asked for."""

    message: Message
    thread: ThreadState | None
    findings: Findings
    nearest: Nearest
    model: Model | None

    @cached_property
    def text(self) -> str:
        return text_of(self.message.subject, self.message.text)

    @cached_property
    def features(self) -> Features:
        return features(self.text)

    @cached_property
    def neighbour(self) -> Neighbour | None:
        return self.nearest.nearest(self.features) if self.nearest else None

    @cached_property
    def probabilities(self) -> dict[str, float]:
        """By label, highest first; empty without a model."""
        found = self.model.probabilities(self.features) if self.model else {}
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


class Classifier:
    """Classifies mail by phrases, taught examples, conversations and a model; immutable, make a new one on reload."""

    def __init__(
        self,
        categories: Sequence[Category],
        model: Model | None = None,
        taught: Sequence[Taught] = (),
        unsure_below: float | None = None,
        *,
        forms: Forms = NO_FORMS,
    ) -> None:
        """`unsure_below` replaces the model's own threshold; `forms` comes from `router.classify.forms.ensure`."""
        self._names = frozenset(category.name for category in categories)
        self._phrases = PhraseMatcher(categories, forms)
        self._nearest = Nearest([each for each in taught if each.category is None or each.category in self._names])
        self._model = model if model and self._names.intersection(model.labels) else None
        own = self._model.manifest.unsure_below if self._model else 1.0
        self._unsure_below = own if unsure_below is None else unsure_below
        looser = self._model.manifest.suggest_from if self._model else 1.0
        self._suggest_from = min(self._unsure_below, looser) if unsure_below is None else unsure_below
        self._steps: tuple[Callable[[_View], Classification | None], ...] = (
            self._by_same_example,
            self._by_phrase,
            self._by_thread,
            self._by_courtesy,
            self._by_alike_example,
            self._by_model,
        )

    def classify(self, messages: Sequence[Message], threads: Sequence[ThreadState | None]) -> list[Classification]:
        """One classification per message, in order; `threads` are what is known of their conversations."""
        return [self._one(message, thread) for message, thread in zip(messages, threads, strict=True)]

    def _one(self, message: Message, thread: ThreadState | None) -> Classification:
        # A reply repeats its conversation's subject: only what it newly says can speak against inheriting.
        subject = "" if thread and thread.category in self._names else message.subject
        view = _View(
            message=message,
            thread=thread,
            findings=self._counted(self._phrases.find(subject, message.text), message),
            nearest=self._nearest,
            model=self._model,
        )
        for step in self._steps:
            if (answer := step(view)) is not None:
                return answer
        return self._unsure(view)

    @staticmethod
    def _counted(findings: Findings, message: Message) -> Findings:
        """The findings without courtesy words in the body of a mail that says something else."""
        kept = tuple(
            hit for hit in findings.hits if hit.category not in COURTESY or hit.place == SUBJECT or message.thanks_only
        )
        if len({hit.category for hit in kept}) > 1:
            kept = tuple(hit for hit in kept if hit.category not in COURTESY)
        return replace(findings, hits=kept)

    # -------------------------------------------------------------- the steps

    def _by_same_example(self, view: _View) -> Classification | None:
        near = view.neighbour
        if near is None or not all(near.has(hit.found) for hit in view.findings.hits):
            return None
        return self._by_example(view, SAME, "nearly the same as")

    def _by_alike_example(self, view: _View) -> Classification | None:
        return self._by_example(view, ALIKE, "like")

    @staticmethod
    def _by_example(view: _View, at_least: float, likeness: str) -> Classification | None:
        near = view.neighbour
        if near is None or near.cosine < at_least or not near.is_clear:
            return None
        what = f"moved to {near.category}" if near.category else "moved back to the inbox"
        evidence = Evidence(
            kind="example",
            text=f"{likeness} mail {near.id}, which an agent {what}",
            category=near.category or "",
            weight=near.cosine,
        )
        return Classification(
            category=near.category,
            confidence=near.cosine,
            decided_by="example",
            top=((near.category, near.cosine),) if near.category else (),
            evidence=(evidence,),
        )

    def _by_phrase(self, view: _View) -> Classification | None:
        scores = view.findings.scores()
        if not scores:
            return None
        best = max(scores.values())
        tied = [category for category, score in scores.items() if score == best]
        if len(tied) > 1:
            return self._between(view, tied)
        hits = [hit for hit in view.findings.hits if hit.category == tied[0]]
        confidence, against = self._confidence(view, hits)
        return Classification(
            category=tied[0],
            confidence=confidence,
            decided_by="phrase",
            top=((tied[0], confidence),),
            evidence=(*_evidence(hits), *against),
        )

    @staticmethod
    def _confidence(view: _View, hits: Sequence[PhraseHit]) -> tuple[float, tuple[Evidence, ...]]:
        """How sure the phrases of one category make us, and what the model has to say against them."""
        if any(hit.place == SUBJECT for hit in hits):
            return SUBJECT_CONFIDENCE, ()
        label, probability = next(iter(view.probabilities.items()), ("", 0.0))
        if label == hits[0].category or probability < CERTAIN:
            return BODY_CONFIDENCE, ()
        doubt = Evidence(kind="words", text=f"the words look like {label}", category=label, weight=probability)
        return CONTRADICTED_CONFIDENCE, (doubt,)

    def _between(self, view: _View, tied: Sequence[str]) -> Classification:
        """Phrases of several categories weigh the same: the model decides between them, or it stays unsure."""
        shares = {category: view.probabilities.get(category, 0.0) for category in tied}
        total = sum(shares.values())
        evidence = _evidence([hit for hit in view.findings.hits if hit.category in tied])
        if total <= 0:
            top = tuple((category, 1 / len(tied)) for category in tied)
            return Classification(confidence=1 / len(tied), top=top[:GUESSES], evidence=evidence)
        ranked = sorted(((category, share / total) for category, share in shares.items()), key=lambda pair: -pair[1])
        category, share = ranked[0]
        sure = share >= TIE_BROKEN
        return Classification(
            category=category if sure else None,
            confidence=share * BODY_CONFIDENCE,
            decided_by="model" if sure else "nobody",
            top=tuple(ranked[:GUESSES]),
            evidence=(*evidence, *self._words(view, category)),
        )

    def _by_thread(self, view: _View) -> Classification | None:
        category = view.thread.category if view.thread else None
        if category is None or category not in self._names:
            return None
        evidence = Evidence(
            kind="thread",
            text=f"continues a conversation about {category}",
            category=category,
            weight=THREAD_CONFIDENCE,
        )
        return Classification(
            category=category,
            confidence=THREAD_CONFIDENCE,
            decided_by="thread",
            top=((category, THREAD_CONFIDENCE),),
            evidence=(evidence,),
        )

    def _by_courtesy(self, view: _View) -> Classification | None:
        if not view.message.thanks_only or THANKS not in self._names:
            return None
        evidence = Evidence(kind="phrase", text="holds only greeting, thanks and sign-off", category=THANKS)
        return Classification(
            category=THANKS,
            confidence=SUBJECT_CONFIDENCE,
            decided_by="phrase",
            top=((THANKS, SUBJECT_CONFIDENCE),),
            evidence=(evidence,),
        )

    def _by_model(self, view: _View) -> Classification | None:
        top = self._top(view)
        best = next(iter(view.probabilities), "")
        if not top or top[0][0] != best or top[0][1] < self._suggest_from:
            return None
        category, probability = top[0]
        return Classification(
            category=category,
            confidence=probability,
            decided_by="model",
            may_move=probability >= self._unsure_below,
            top=top,
            evidence=self._words(view, category),
        )

    def _unsure(self, view: _View) -> Classification:
        """Nobody knows: the best guesses, and what the mail looks like instead when that is no category here."""
        top = self._top(view)
        label = next(iter(view.probabilities), "")
        return Classification(
            confidence=top[0][1] if top else 0.0,
            top=top,
            evidence=(*_vetoes(view.findings), *(self._words(view, label) if label else ())),
        )

    # -------------------------------------------------------------- what they share

    def _top(self, view: _View) -> tuple[tuple[str, float], ...]:
        """The configured categories by probability. `not_phrases` silence phrases, not the model."""
        return tuple(pair for pair in view.probabilities.items() if pair[0] in self._names)[:GUESSES]

    def _words(self, view: _View, label: str) -> tuple[Evidence, ...]:
        if view.model is None:
            return ()
        found = view.model.speaking_words(tokens(view.text), label)
        return tuple(
            Evidence(kind="words", text=f"word '{word}'", category=label, weight=weight) for word, weight in found
        )


def _evidence(hits: Sequence[PhraseHit]) -> tuple[Evidence, ...]:
    where = {SUBJECT: "in the subject"}
    return tuple(
        Evidence(
            kind="phrase",
            text=f"phrase '{hit.phrase}' {where.get(hit.place, 'in the text')}"
            + ("" if hit.found == hit.phrase.lower() else f" as '{hit.found}'"),
            category=hit.category,
            weight=hit.weight,
        )
        for hit in sorted(hits, key=lambda hit: -hit.weight)[:EVIDENCE_PHRASES]
    )


def _vetoes(findings: Findings) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(kind="phrase", text=f"not {category} because of '{hit.phrase}'", category=category, weight=-hit.weight)
        for category, hit in findings.vetoes.items()
    )
