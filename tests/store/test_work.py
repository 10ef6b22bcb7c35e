"""Intents, drafts, the outbox and what moves taught."""

from __future__ import annotations

from dataclasses import replace

from router.store import intents, lessons, outbox
from router.store.database import Store
from tests.store.builders import (
    MAILBOX,
    NOW,
    a_draft,
    a_gesture,
    a_line,
    a_mail,
    an_example,
    an_intent,
    minutes,
)


def done(intent, at=NOW, **more):  # type: ignore[no-untyped-def]
    return replace(intent, state="done", finished_at=at, payload=None, **more)


def test_unfinished_intents_come_in_the_order_of_their_promise(store: Store) -> None:
    """Finishing records the outcome and drops the payload."""
    first, second = an_intent(payload=b"mail"), an_intent()
    with store.begin() as tx:
        intents.plan(tx, [second, first, an_intent(mailbox_id=MAILBOX + 1)])
        assert intents.unfinished(tx, MAILBOX) == [first, second]
        intents.finish(tx, [done(first, result_uid=7, result_uidvalidity=8), replace(second, state="cancelled")])
        intents.finish(tx, [])
        assert intents.unfinished(tx, MAILBOX) == []
        assert intents.done_since(tx, MAILBOX, NOW) == [done(first, result_uid=7, result_uidvalidity=8)]


def test_what_was_done_can_be_found_for_undoing(store: Store) -> None:
    """Newest first, since a moment, and only once."""
    early, late, other = an_intent(), an_intent(message_row=5), an_intent(kind="draft", message_row=6)
    with store.begin() as tx:
        intents.plan(tx, [early, late, other])
        intents.finish(tx, [done(early, NOW - minutes(60)), done(late), done(other)])
        assert [i.id for i in intents.done_since(tx, MAILBOX, NOW)] == [other.id, late.id]
        intents.mark_undone(tx, [late.id], NOW)
        assert [i.id for i in intents.done_since(tx, MAILBOX, NOW)] == [other.id]
        assert intents.moved_by_us(tx, MAILBOX, 5)
        assert not intents.moved_by_us(tx, MAILBOX, 6)


def test_keys_tell_what_was_ever_planned(store: Store) -> None:
    """Notices by kind: their keys tell our own mail from a stranger's."""
    with store.begin() as tx:
        intents.plan(tx, [an_intent(kind="notice", key="reminder-1"), an_intent(key="move:1")])
        assert intents.has_key(tx, MAILBOX, "move:1")
        assert not intents.has_key(tx, MAILBOX + 1, "move:1")
        assert intents.notice_keys(tx, MAILBOX) == {"reminder-1"}


def test_open_drafts_are_those_that_may_lie_in_drafts(store: Store) -> None:
    """Planned, waiting, edited and unknown ones."""
    states = ("planned", "waiting", "edited", "unknown", "sent", "sent-edited", "withdrawn", "taken", "refused")
    drafts = [a_draft(state=state) for state in states]
    with store.begin() as tx:
        intents.add_drafts(tx, [*drafts, a_draft(mailbox_id=MAILBOX + 1)])
        assert {d.state for d in intents.open_drafts(tx, MAILBOX)} == set(intents.OPEN_DRAFT)
        assert intents.drafts_of(tx, drafts[4].thread_id) == [drafts[4]]
        assert intents.get_draft(tx, 1) is None


# ------------------------------------------------------------------ the outbox


def test_a_mail_is_ready_when_its_time_has_come(store: Store) -> None:
    """Queued ones only, in the order they were written."""
    now, later, sent = a_mail(), a_mail(not_before=NOW + minutes(1)), a_mail(state="sent")
    line = a_line(now, "k1")
    with store.begin() as tx:
        outbox.queue(tx, now, [line])
        outbox.queue(tx, later, [])
        outbox.queue(tx, sent, [])
        assert outbox.ready(tx, NOW) == [now]
        assert outbox.ready(tx, NOW + minutes(1)) == [now, later]
        assert outbox.unsent(tx) == 2
        assert outbox.in_state(tx, "sent") == [sent]
        assert outbox.known_lines(tx, ["k1", "k2"]) == {"k1"}
        assert outbox.lines_of(tx, now.id) == [line]


def test_a_mail_that_was_leaving_is_unknown_after_a_crash(store: Store) -> None:
    """It is never ready again; its person is told about it, and nobody else."""
    leaving, queued = a_mail(state="sending"), a_mail()
    with store.begin() as tx:
        outbox.queue(tx, leaving, [])
        outbox.queue(tx, queued, [])
        assert [m.id for m in outbox.interrupted(tx, NOW)] == [leaving.id]
        assert outbox.interrupted(tx, NOW) == []
        assert outbox.ready(tx, NOW) == [queued]
        assert outbox.unknown_for(tx, "team") == [replace(leaving, state="unknown", finished_at=NOW)]
        assert outbox.unknown_for(tx, "lead") == []


def test_a_mail_is_settled_by_its_key(store: Store) -> None:
    """Notices come back from the mailbox by key, not by row."""
    mail, other = a_mail(), a_mail()
    with store.begin() as tx:
        outbox.queue(tx, mail, [])
        outbox.queue(tx, other, [])
        outbox.settle(tx, mail.key, "failed", NOW, "quota")
        outbox.set_mail(tx, other.id, attempts=3)
        assert outbox.in_state(tx, "failed") == [replace(mail, state="failed", finished_at=NOW, last_error="quota")]
        assert outbox.ready(tx, NOW) == [replace(other, attempts=3)]


# ------------------------------------------------------------------ lessons


def test_the_last_move_of_a_message_counts(store: Store) -> None:
    """A newer move replaces the older one and takes back what it taught."""
    first, second = a_gesture(message_row=5), a_gesture(message_row=5, category="faq")
    with store.begin() as tx:
        lessons.notice(tx, first)
        lessons.learn(tx, [first], [an_example(message_row=5)])
        lessons.notice(tx, second)
        assert lessons.pending(tx, MAILBOX) == [second]
        assert lessons.examples(tx) == []


def test_a_move_settles_after_quiet_time(store: Store) -> None:
    """Up to a moment, the moment included, this mailbox's only."""
    old, young = a_gesture(seen_at=NOW - minutes(10)), a_gesture()
    with store.begin() as tx:
        for gesture in (young, old, a_gesture(mailbox_id=MAILBOX + 1, seen_at=NOW - minutes(10))):
            lessons.notice(tx, gesture)
        assert lessons.settled(tx, MAILBOX, NOW - minutes(10)) == [old]
        assert lessons.pending(tx, MAILBOX) == [old, young]


def test_learning_turns_gestures_into_examples_and_dropping_takes_both(store: Store) -> None:
    """A lesson that was taken back is nowhere."""
    gesture, waiting = a_gesture(message_row=5), a_gesture(message_row=6)
    example = an_example(message_row=5)
    with store.begin() as tx:
        lessons.notice(tx, gesture)
        lessons.notice(tx, waiting)
        lessons.learn(tx, [gesture], [example])
        assert lessons.examples(tx) == [example]
        assert lessons.pending(tx, MAILBOX) == [waiting]
        lessons.drop(tx, [5, 6])
        assert lessons.examples(tx) == lessons.pending(tx, MAILBOX) == []


def test_senders_are_counted_since_a_moment(store: Store) -> None:
    """Per mailbox."""
    with store.begin() as tx:
        taught = [an_example(sender="a@x"), an_example(sender="a@x"), an_example(sender="b@x")]
        old, other = an_example(sender="a@x", taught_at=NOW - minutes(60)), an_example(mailbox_id=MAILBOX + 1)
        lessons.learn(tx, [], [*taught, old, other])
        assert lessons.taught_by_senders(tx, MAILBOX, NOW) == {"a@x": 2, "b@x": 1}
