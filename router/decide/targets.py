"""When the steps of a target are due, which of them are due now, and whom they reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice, takewhile

from router.decide.business_time import calendar
from router.decide.rules import Person, Rules, Step, Target
from router.errors import ConfigError

_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStep:
    """One sending of one step: `key` names the step within its target, `repeat_index` counts sendings from 0."""

    key: str
    step: Step
    at: datetime  # UTC, a full minute
    repeat_index: int = 0


def due_at(target: Target, started: datetime) -> datetime:
    """When 100 % of a target has passed, to the full minute."""
    return _minute(_moment_of(target, started, 1.0))


def tightest(targets: Iterable[Target], started: datetime) -> Target | None:
    """The target whose 100 % comes first; of equals, the first one named."""
    choice = tuple(targets)
    if len(choice) < 2:
        return choice[0] if choice else None
    return min(choice, key=lambda target: _moment_of(target, started, 1.0))


def due_times(target: Target, started: datetime, until: datetime | None = None) -> tuple[DueStep, ...]:
    """Every sending up to `until` in order of time; without it, a step that repeats without `at_most` shows once."""
    if until is None:
        sendings = (s for key, step in _keyed(target) for s in _known_beforehand(target, key, step, started))
    else:
        sendings = (s for key, step in _keyed(target) for s in _until(target, key, step, started, until, 0))
    return _in_order(sendings)


def due_steps(target: Target, started: datetime, now: datetime, fired: Mapping[str, int]) -> tuple[DueStep, ...]:
    """What is due by now and has not been sent; `fired` says how often each step's key was."""
    return _in_order(
        sending
        for key, step in _keyed(target)
        for sending in _until(target, key, step, started, now, fired.get(key, 0))
    )


def next_due(target: Target, started: datetime, fired: Mapping[str, int]) -> datetime | None:
    """When the next sending that has not happened is due, be it past or to come; None when all have happened."""
    waiting = (next(_sendings(target, key, step, started, fired.get(key, 0)), None) for key, step in _keyed(target))
    return min((sending.at for sending in waiting if sending), default=None)


def deliver_at(person: Person | None, at: datetime) -> datetime:
    """When a reminder due at `at` reaches a person: at once, or at the next opening of hours of her own."""
    return at if person is None or person.hours is None else _minute(calendar(person.hours).next_opening(at))


def recipient(person: str, kind: str, claimed_by: str | None) -> str:
    """Who is told: the claimer in place of whoever a reminder names; an escalation is never redirected."""
    return claimed_by if claimed_by and kind != "escalate" else person


def addresses_of(recipient: str, rules: Rules) -> tuple[str, ...]:
    """Where a recipient's mail goes: a person's addresses, or the team's one whose local part is the claimer's name."""
    person = rules.person(recipient)
    if person:
        return person.emails
    everybody = (email for one in rules.people for email in one.emails)
    return tuple(dict.fromkeys(e for e in everybody if e.rpartition("@")[0].lower() == recipient.lower()))


# ------------------------------------------------------------------ from a share to a moment


def _keyed(target: Target) -> Iterator[tuple[str, Step]]:
    """Each step with its name; the second step at the same share is `75%#2`."""
    seen: dict[str, int] = {}
    for step in target.steps:
        nth = seen[step.key] = seen.get(step.key, 0) + 1
        yield (step.key if nth == 1 else f"{step.key}#{nth}"), step


def _moment_of(target: Target, started: datetime, share: float) -> datetime:
    """When a share of the target's open time has passed."""
    hours = calendar(target.hours)
    if not target.days:
        return hours.add(started, target.within * share)
    deadline = hours.add_open_days(started, target.days)
    if share == 1.0:  # the deadline is a moment of its own: it may be an opening
        return deadline
    return hours.add(started, hours.open_between(started, deadline) * share)


def _sendings(target: Target, key: str, step: Step, started: datetime, first: int) -> Iterator[DueStep]:
    """The sendings of a step from the `first`th on; endless when it repeats without `at_most`."""
    moment = _moment_of(target, started, step.at)
    for index in _indices(target, step, first):
        at = moment if not index or step.repeat is None else calendar(target.hours).add(moment, step.repeat * index)
        yield DueStep(key=key, step=step, at=_minute(at), repeat_index=index)


def _indices(target: Target, step: Step, first: int) -> Iterable[int]:
    if step.repeat is None or not (step.remind or step.escalate):  # tags and flags do not repeat
        return range(first, 1)
    if step.repeat <= timedelta(0):
        raise ConfigError(f"{target.name}: step {step.key} must repeat after some time")
    return count(first) if step.at_most is None else range(first, step.at_most)


def _known_beforehand(target: Target, key: str, step: Step, started: datetime) -> Iterator[DueStep]:
    return islice(_sendings(target, key, step, started, 0), step.at_most or 1)


def _until(target: Target, key: str, step: Step, started: datetime, until: datetime, first: int) -> Iterator[DueStep]:
    return takewhile(lambda sending: sending.at <= until, _sendings(target, key, step, started, first))


def _in_order(sendings: Iterable[DueStep]) -> tuple[DueStep, ...]:
    return tuple(sorted(sendings, key=lambda sending: (sending.at, sending.step.at)))


def _minute(moment: datetime) -> datetime:
    """The full minute at or after a moment, in UTC."""
    return _EPOCH - (_EPOCH - moment) // _MINUTE * _MINUTE
