"""Which saved reply suits a message: those of its category, in the customer's language, nearest in words first."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from router.config.problems import did_you_mean
from router.replies.library import Library
from router.replies.render import values_for
from router.replies.reply_file import DEFAULT_LANGUAGE, Reply
from router.values import Classification, Message, NoDraft

BEST = "best"
LONGEST_TEXT = 4000  # characters of the message that are compared
STEM = 5  # letters: enough to see through most endings in our languages
FIRST_BONUS = 0.1  # `first` is the general answer: another reply must be nearer by this much

_WORD = re.compile(r"[^\W\d_]{3,}")
_LATIN = frozenset({"en", "sr"})
_CYRILLIC = frozenset({"uk", "ru", "sr", "mn"})
# How much each part of a reply says about when to use it.
_WEIGHTS = {"title": 3.0, "use_when": 4.0, "template": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The reply to use, all that were compared (id, score in [0, 1.1], best first), and why."""

    reply: Reply
    ranked: tuple[tuple[str, float], ...]
    because: str


def suggest(
    library: Library,
    message: Message,
    classification: Classification,
    *,
    wanted: str = BEST,
    languages: Sequence[str] = (),
) -> Suggestion | NoDraft:
    """The best reply of the message's category, or the wanted one; `languages` are the mailbox's, preferred first."""
    if wanted != BEST:
        ranked: tuple[tuple[str, float], ...] = ((wanted, 1.0),)
        if not library.variants(wanted):
            return NoDraft(because=f"there is no reply '{wanted}' {did_you_mean(wanted, library.reply_ids())}".strip())
    elif classification.category is None:
        return NoDraft(because="unsure what the mail is about, so no reply is suggested")
    else:
        ranked = _ranked(library, message, classification.category, languages)
        if not ranked:
            return NoDraft(because=f"no saved reply in replies/{classification.category}/")
    variants = library.variants(ranked[0][0])
    language = _language(variants, message, languages)
    return Suggestion(reply=variants[language], ranked=ranked, because=_because(ranked, wanted, message, language))


# ------------------------------------------------------------------ language


def preferred_languages(message: Message, languages: Sequence[str]) -> tuple[str, ...]:
    """The customer's language; when it is not known, the mailbox's that are written in the mail's script; English."""
    if message.language not in {"", "und"}:
        return (message.language, DEFAULT_LANGUAGE)
    fitting = {"Latn": _LATIN, "Cyrl": _CYRILLIC}.get(message.script)
    return (*(language for language in languages if fitting is None or language in fitting), DEFAULT_LANGUAGE)


def _language(variants: Mapping[str, Reply], message: Message, languages: Sequence[str]) -> str:
    known = [language for language in preferred_languages(message, languages) if language in variants]
    return known[0] if known else min(variants)


def _because(ranked: Sequence[tuple[str, float]], wanted: str, message: Message, language: str) -> str:
    reply_id, score = ranked[0]
    why = f"{reply_id} is asked for" if wanted != BEST else f"{reply_id} is nearest ({score:.2f} of {len(ranked)})"
    if message.language not in {language, "", "und"}:
        return f"{why}; it has no variant in '{message.language}', so '{language}'"
    return f"{why}, in '{language}'"


# ------------------------------------------------------------------ ranking


def _ranked(
    library: Library, message: Message, category: str, languages: Sequence[str]
) -> tuple[tuple[str, float], ...]:
    if not any(reply_id.startswith(f"{category}/") for reply_id in library.replies):
        return ()  # before anything is counted: most mail of a team's own categories comes this way
    known = values_for(message, library.facts, language=message.language)
    candidates = {
        reply_id: _language(variants, message, languages)
        for reply_id, variants in library.replies.items()
        if reply_id.startswith(f"{category}/")
        and not any(known.get(name) for variant in variants.values() for name in variant.unless)
    }
    asked = _terms(f"{message.subject}\n{message.subject}\n{message.text[:LONGEST_TEXT]}")
    scores = [
        (reply_id, _cosine(asked, _index(library, category, language), reply_id) + _bonus(reply_id))
        for reply_id, language in candidates.items()
    ]
    return tuple(sorted(((i, round(score, 4)) for i, score in scores), key=lambda pair: (-pair[1], pair[0])))


def _bonus(reply_id: str) -> float:
    return FIRST_BONUS if reply_id.endswith("/first") else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """Term weights of a category's replies in one language, each of length 1, and how rare each term is."""

    weights: Mapping[str, Mapping[str, float]]
    rarity: Mapping[str, float]


@lru_cache(maxsize=64)
def _index(library: Library, category: str, language: str) -> _Index:
    counts = {
        reply_id: _reply_terms(variants[language])
        for reply_id, variants in library.replies.items()
        if language in variants and reply_id.startswith(f"{category}/")
    }
    holding = Counter(term for terms in counts.values() for term in terms)
    rarity = {term: 1 + math.log((1 + len(counts)) / (1 + n)) for term, n in holding.items()}
    return _Index(weights={reply_id: _unit(terms, rarity) for reply_id, terms in counts.items()}, rarity=rarity)


def _reply_terms(reply: Reply) -> Counter[str]:
    terms: Counter[str] = Counter()
    for part, weight in _WEIGHTS.items():
        for term, count in _terms(str(getattr(reply, part))).items():
            terms[term] += weight * min(count, 3)  # type: ignore[assignment]  # counts become weights
    return terms


def _terms(text: str) -> Counter[str]:
    return Counter(word[:STEM] for word in _WORD.findall(text.casefold()))


def _unit(terms: Mapping[str, float], rarity: Mapping[str, float]) -> dict[str, float]:
    weighted = {term: (1 + math.log(count)) * rarity.get(term, 0.0) for term, count in terms.items() if count > 0}
    length = math.sqrt(sum(weight * weight for weight in weighted.values()))
    return {term: weight / length for term, weight in weighted.items()} if length else {}


def _cosine(asked: Mapping[str, float], index: _Index, reply_id: str) -> float:
    theirs = index.weights.get(reply_id, {})
    ours = _unit(asked, index.rarity)
    return sum(weight * theirs.get(term, 0.0) for term, weight in ours.items())
