"""Whether a phrase is said to be *not* meant: "this is not a refund", "не отменяйте подписку", "буцаалт биш".

Only a "not" that reaches the phrase counts. "I have not received my refund" and "вы не вернули деньги" are mails about
a refund, so the words between must be on a short list, and "not" before a verb in the past or present is a complaint.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from router.classify.normalise import both_folds, fold

REACH: Final = 4  # words between "not" and the phrase


_NOT: Final = both_folds("not don't doesn't isn't never не ні nije нисам нећу nisam neću ne без bez without")
# "could not cancel" and "why did you not refund" are about the thing: these before "not" lift the negation
_LIFTS: Final = both_folds(
    "did do does can could would have has had was were you they why still yet cannot вы ви vi ви они вони"
)
_STATEMENT_OF_WISH: Final = both_folds("do i we please")
_BETWEEN: Final = both_folds(
    "a an the my any our this that about for asking ask want wanting need needing requesting request looking"
    " seeking a to get do please"
    " про о об за для хочу хотим хотів прошу просим просимо нужен нужна нужно нужны надо потрібен потрібна потрібно"
    " треба хочемо це это моё мой мені мне ово о želim trebam tražim молим желим тражим треба требам treba to je"
)
_AFTER_NEED: Final = both_folds(
    "needed required necessary нужен нужна нужно надо требуется потрібен потрібна потрібне потрібно треба"
    " potreban potrebno потребан потребно treba"
)
_AFTER: Final = both_folds("биш хэрэггүй шаардлагагүй bish")
# Endings of verbs that tell what somebody did or does: "не вернули", "не повертають"
_FINITE: Final = tuple(map(fold, ("л", "ла", "ло", "ли", "ет", "ют", "ит", "ут", "ує", "ује", "уть", "ув", "ав", "ив")))


def is_negated(sentence: Sequence[str], start: int, end: int) -> bool:
    """Whether the phrase at [start, end) of the `plain` words is negated; "" is a sentence's end."""
    return _before(sentence, start) or _after(sentence, end)


def _before(sentence: Sequence[str], start: int) -> bool:
    for position in range(start - 1, max(start - 2 - REACH, -1), -1):
        word = fold(sentence[position])
        if word in _NOT:
            return not _lifted(sentence, position, start)
        if word not in _BETWEEN:
            return False
    return False


def _lifted(sentence: Sequence[str], position: int, start: int) -> bool:
    """Whether this "not" says that something did not happen, rather than that it is not wanted."""
    directly = position == start - 1
    first = sentence[start]
    if directly and not first.isascii() and fold(first).endswith(_FINITE):
        return True
    before = fold(sentence[position - 1]) if position else ""
    if fold(sentence[position]) != "not" or not directly:
        return False
    return before in _LIFTS and not _is_request(sentence, position)


def _is_request(sentence: Sequence[str], position: int) -> bool:
    """Whether it is "do not cancel": "do" opens the sentence or follows "please" or "I"."""
    if fold(sentence[position - 1]) != "do":
        return False
    return position < 2 or sentence[position - 2] in {"", *_STATEMENT_OF_WISH}


def _after(sentence: Sequence[str], end: int) -> bool:
    following = [fold(word) for word in sentence[end : end + 3]]
    if following[:1] and following[0] in _AFTER:
        return True
    skip = 1 if following[:1] and following[0] in {"is", "je"} else 0
    rest = following[skip:]
    return len(rest) > 1 and rest[0] in _NOT and rest[1] in _AFTER_NEED
