"""How mail changes a thread's reply clock. Pure: a thread goes in, a thread comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from router.decide import targets
from router.decide.rules import Rules, Target
from router.store.records import ThreadRecord


def after_customer_mail(
    thread: ThreadRecord, received: datetime, target: Target | None, holding: Target | None
) -> ThreadRecord:
    """A person wrote. The clock starts with the first mail that nobody has answered; later ones do not move it.

    A mail ends a closing, and a new clock has all steps fresh. A running clock only changes when this mail brings a
    tighter promise than the one that is `holding`, or the first one.
    """
    thread = replace(thread, messages=thread.messages + 1)
    if thread.waiting and thread.waiting_since is not None:
        return _tightened(thread, target, holding)
    started = replace(
        thread,
        waiting_since=received,
        answered_at=thread.answered_at,
        closed_at=None,
        closed_because="",
        fired="{}",
        clock=thread.clock + 1,
    )
    return with_target(started, target)


def with_target(thread: ThreadRecord, target: Target | None) -> ThreadRecord:
    """The thread under another promise (None: no reminders), with the time of its next step."""
    if target is None or thread.waiting_since is None:
        return replace(thread, target="", next_due=None)
    next_due = targets.next_due(target, thread.waiting_since, fired_of(thread))
    return replace(thread, target=target.name, next_due=next_due)


def _tightened(thread: ThreadRecord, offered: Target | None, holding: Target | None) -> ThreadRecord:
    """The thread under the promise whose 100 % comes first."""
    if offered is None or thread.waiting_since is None or (holding and offered.name == holding.name):
        return thread
    if holding is None:
        return with_target(thread, offered)
    tightest = targets.tightest((holding, offered), thread.waiting_since)
    return thread if tightest is holding else with_target(thread, offered)


def fired_of(thread: ThreadRecord) -> dict[str, int]:
    """How often each step has fired in this clock."""
    return {str(k): int(v) for k, v in json.loads(thread.fired).items()}


def fire(thread: ThreadRecord, keys: list[str], target: Target) -> ThreadRecord:
    """The thread after these steps have fired once more."""
    fired = fired_of(thread)
    for key in keys:
        fired[key] = fired.get(key, 0) + 1
    return with_target(replace(thread, fired=json.dumps(fired, sort_keys=True)), target)


def targets_by_name(rules: Rules) -> Mapping[str, Target]:
    """Every promise the rules hold, by the name that a thread remembers."""
    found = [rules.reply_within]
    found += [c.reply_within for c in rules.categories]
    found += [s.reply_within for s in rules.senders]
    found += [w.reply_within for w in rules.workflows]
    return {t.name: t for t in found if t is not None}


def target_of(thread: ThreadRecord, named: Mapping[str, Target], rules: Rules) -> Target | None:
    """The promise that holds for a thread; one whose name the admin has removed falls back to the general one."""
    if not thread.target:
        return None
    return named.get(thread.target) or rules.reply_within
