"""What agents' moves mean for conversations, and what they teach after ten quiet minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from router.act.desk import Desk
from router.classify.features import Features
from router.decide.rules import Category, Senders
from router.learn.gestures import BURST, interpret
from router.learn.moves import Look, Move, match
from router.learn.settle import MOST_PER_SENDER, settle
from router.store import intents, lessons, messages, threads
from router.store.database import Store
from router.store.ids import next_id
from router.store.records import DraftRecord, Intent, MessageRecord, ThreadRecord
from router.values import MessageRef
from tests.act.builders import NOW, WATCH, a_desk, a_fetched, a_mailbox, a_message, hours, minutes, the_rules

FILED = "Support/Refunds"
RULES = the_rules(
    categories=(Category(name="refund", folder=FILED), Category(name="faq", folder="Support/FAQ")),
    senders=(Senders(name="vip", patterns=("*@x.example",), folder="Support/VIP"),),
)


def desk_of(store: Store, **more: Any) -> Desk:
    return a_desk(store, **{"rules": RULES, **more})


def a_filed(desk: Desk, number: int = 1, **more: Any) -> MessageRecord:
    """A customer's mail that we have filed, with its running clock and its draft."""
    thread = ThreadRecord(
        id=next_id(), mailbox_id=desk.record.id, customer="jane@client.example", category="refund", waiting_since=NOW,
        target="reply_within", clock=1, next_due=NOW + hours(3), fired='{"50%": 1}',
    )  # fmt: skip
    row = MessageRecord(**{
        "id": next_id(), "mailbox_id": desk.record.id, "thread_id": thread.id, "folder": FILED, "uidvalidity": 1,
        "uid": number, "fingerprint": a_fetched(number).fingerprint, "size": 100, "internaldate": NOW, "seen_at": NOW,
        "category": "refund", "state": "filed", "sender": "jane@client.example", **more,
    })  # fmt: skip
    draft = DraftRecord(
        id=next_id(), mailbox_id=desk.record.id, thread_id=thread.id, message_row=row.id, reply_id="refund/first",
        folder="Drafts", uidvalidity=1, uid=number, state="waiting", placed_at=NOW,
    )  # fmt: skip
    with desk.store.begin() as tx:
        threads.add(tx, [thread])
        messages.add(tx, [row])
        intents.add_drafts(tx, [draft])
    return row


def moved(row: MessageRecord, folder: str | None, *, uid: int = 50) -> Move:
    ref = MessageRef(mailbox="support", folder=folder or "", uidvalidity=1, uid=uid)
    return Move(row=row, from_folder=row.folder, arrival=replace(a_fetched(uid), ref=ref) if folder else None)


def interpreted(desk: Desk, *moves: Move) -> list[Intent]:
    read = {m.row.id: a_message(m.row.uid or 1) for m in moves if m.arrival}
    with desk.store.begin() as tx:
        return interpret(tx, desk, moves, read)


def look_up(store: Store, row: MessageRecord) -> tuple[MessageRecord, ThreadRecord]:
    with store.begin() as tx:
        found, thread = messages.get(tx, row.id), threads.get(tx, row.thread_id or 0)
    assert found is not None
    assert thread is not None
    return found, thread


def pending(store: Store, desk: Desk) -> list[str | None]:
    with store.begin() as tx:
        return [g.category for g in lessons.pending(tx, desk.record.id)]


def test_a_correction_is_noted_and_the_clock_runs_on(store: Store) -> None:
    """Another category's folder: the mail and its conversation are about that; steps that fired stay fired."""
    desk = desk_of(store)
    row = a_filed(desk)
    assert interpreted(desk, moved(row, "Support/FAQ")) == []
    found, thread = look_up(store, row)
    assert (found.category, found.decided_by, found.hands_off) == ("faq", "agent", True)
    assert (thread.category, thread.waiting_since, thread.fired) == ("faq", NOW, '{"50%": 1}')
    assert pending(store, desk) == ["faq"]


def test_sent_back_to_the_inbox_means_do_not_file_this(store: Store) -> None:
    """A reject example, and it is never moved by us again."""
    desk = desk_of(store)
    row = a_filed(desk)
    interpreted(desk, moved(row, "INBOX"))
    found, thread = look_up(store, row)
    assert (found.category, found.hands_off, thread.waiting) == (None, True, True)
    assert pending(store, desk) == [None]


@pytest.mark.parametrize(("folder", "reason"), [("Support/Done", "done"), ("Trash", "trash"), (None, "deleted")])
def test_out_of_sight_ends_the_clock_and_takes_back_the_draft(store: Store, folder: str | None, reason: str) -> None:
    """And the tags and the mark of the clock; it teaches nothing, and what was about to be learned is dropped."""
    desk = desk_of(store)
    row = a_filed(desk)
    interpreted(desk, moved(row, "Support/FAQ"))
    planned = interpreted(desk, moved(replace(row, folder="Support/FAQ"), folder))
    _, thread = look_up(store, row)
    assert (thread.waiting, thread.closed_because, thread.next_due) == (False, reason, None)
    assert {i.kind for i in planned} >= {"withdraw"}
    assert [i.remove_flags for i in planned if i.kind == "flags"] == ["due-soon $label1"]
    assert pending(store, desk) == []


def test_only_the_newest_mail_of_a_conversation_closes_it(store: Store) -> None:
    """Tidying an older one away leaves the question open."""
    desk = desk_of(store)
    row = a_filed(desk)
    newer = replace(row, id=next_id(), uid=2, fingerprint="newer", internaldate=NOW + minutes(5))
    with store.begin() as tx:
        messages.add(tx, [newer])
    assert interpreted(desk, moved(row, "Trash")) == []
    assert look_up(store, row)[1].waiting
    interpreted(desk, moved(newer, "Trash"))
    assert not look_up(store, row)[1].waiting


def test_claiming_handing_over_and_letting_go(store: Store) -> None:
    """The claim folder names the claimer; leaving the claim folders unclaims; none of it teaches."""
    desk = desk_of(store)
    row = a_filed(desk)
    claimed = []
    for folder in ("Support/@Olha", "Support/@Bat", "INBOX"):
        interpreted(desk, moved(row, folder))
        claimed.append(look_up(store, row)[1].claimed_by)
        row = replace(row, folder=folder)
    assert claimed == ["olha", "bat", None]
    assert look_up(store, row)[1].waiting
    assert pending(store, desk) == []


@pytest.mark.parametrize("folder", ["Support/VIP", "Somewhere/Else"])
def test_folders_without_a_category_teach_nothing(store: Store, folder: str) -> None:
    """A sender list's folder says who wrote, never what the text is about."""
    desk = desk_of(store)
    row = a_filed(desk)
    interpreted(desk, moved(row, folder))
    found, thread = look_up(store, row)
    assert (found.category, thread.waiting) == ("refund", True)
    assert pending(store, desk) == []


def test_a_burst_of_moves_is_tidying_up(store: Store) -> None:
    """Each mail counts as corrected, none teaches."""
    desk = desk_of(store)
    rows = [a_filed(desk, number) for number in range(1, BURST + 1)]
    interpreted(desk, *(moved(row, "Support/FAQ", uid=50 + n) for n, row in enumerate(rows)))
    assert pending(store, desk) == []
    assert look_up(store, rows[0])[0].category == "faq"


def test_learning_can_be_switched_off(store: Store) -> None:
    """`classify: {learn_from: {moves: false}}`."""
    desk = desk_of(store, rules=replace(RULES, learn_from_moves=False))
    interpreted(desk, moved(a_filed(desk), "Support/FAQ"))
    assert pending(store, desk) == []


def test_while_watching_nothing_is_taken_back(store: Store) -> None:
    """The conversation is closed in our memory, and the mailbox is not touched."""
    desk = desk_of(store, mailbox=a_mailbox(mode=WATCH))
    row = a_filed(desk)
    assert interpreted(desk, moved(row, "Trash")) == []
    assert not look_up(store, row)[1].waiting


# ------------------------------------------------------------------ settling


def settled(desk: Desk, at: timedelta) -> int:
    with desk.store.begin() as tx:
        return settle(tx, desk.record.id, desk.now + at)


def learned(store: Store) -> list[str | None]:
    with store.begin() as tx:
        return [e.category for e in lessons.examples(tx)]


def test_a_move_teaches_after_ten_quiet_minutes(store: Store) -> None:
    """Not before; then once, as hashed features without text."""
    desk = desk_of(store)
    interpreted(desk, moved(a_filed(desk), "Support/FAQ"))
    assert settled(desk, minutes(9)) == 0
    assert settled(desk, minutes(10)) == 1
    assert settled(desk, minutes(20)) == 0
    with store.begin() as tx:
        (example,) = lessons.examples(tx)
    assert (example.category, example.language, example.source) == ("faq", "en", "moved")
    assert b"money" not in example.features
    assert Features.from_bytes(example.features).to_bytes() == example.features


def test_a_move_that_was_taken_back_teaches_the_last_place(store: Store) -> None:
    """Also when it had been learned already."""
    desk = desk_of(store)
    row = a_filed(desk)
    interpreted(desk, moved(row, "Support/FAQ"))
    settled(desk, minutes(10))
    interpreted(replace(desk, now=NOW + minutes(30)), moved(replace(row, folder="Support/FAQ"), FILED))
    assert learned(store) == []
    settled(desk, minutes(45))
    assert learned(store) == ["refund"]


def test_one_sender_teaches_little_a_day(store: Store) -> None:
    """However the moves are spread over the day: one stranger's mail must not teach everybody's sorting."""
    desk = desk_of(store)
    for number in range(1, MOST_PER_SENDER + 3):
        interpreted(desk, moved(a_filed(desk, number), "Support/FAQ"))
        settled(desk, minutes(10 + number))
    assert len(learned(store)) == MOST_PER_SENDER
    tomorrow = replace(desk, now=NOW + hours(25))
    interpreted(tomorrow, moved(a_filed(desk, 99), "Support/FAQ"))
    settled(tomorrow, minutes(10))
    assert len(learned(store)) == MOST_PER_SENDER + 1


# ------------------------------------------------------------------ moves, copies and deletions


def matched(
    desk: Desk, arrivals: Sequence[tuple[str, int, bytes]] = (), missing: Sequence[MessageRecord] = ()
) -> list[Move]:
    look = Look(missing=list(missing))
    for folder, uid, raw in arrivals:
        ref = MessageRef(mailbox="support", folder=folder, uidvalidity=1, uid=uid)
        look.arrivals.append(replace(a_fetched(uid, raw=raw), ref=ref))
    with desk.store.begin() as tx:
        return match(tx, desk.record.id, look)


def test_missing_here_and_new_there_is_a_move(store: Store) -> None:
    """The row follows its message."""
    desk = desk_of(store)
    row = a_filed(desk)
    (move,) = matched(desk, [("Support/FAQ", 7, b"mail 1")], [row])
    assert (move.from_folder, move.arrival.ref.folder if move.arrival else "") == (FILED, "Support/FAQ")
    found, _ = look_up(store, row)
    assert (found.folder, found.uid, found.state) == ("Support/FAQ", 7, "filed")


def test_a_copy_is_no_move(store: Store) -> None:
    """The original still lies where it lay."""
    desk = desk_of(store)
    row = a_filed(desk)
    assert matched(desk, [("Support/FAQ", 7, b"mail 1")]) == []
    assert look_up(store, row)[0] == row


def test_a_mail_that_is_nowhere_twice_was_deleted(store: Store) -> None:
    """At one look it may be on its way; found again later, it was a move after all."""
    desk = desk_of(store)
    row = a_filed(desk)
    assert matched(desk, missing=[row]) == []
    (move,) = matched(desk)
    assert move.arrival is None
    other = a_filed(desk, 2)
    assert matched(desk, missing=[other]) == []
    (late,) = matched(desk, [("Archive", 9, b"mail 2")])
    assert late.row.id == other.id


def test_identical_mails_are_matched_one_to_one(store: Store) -> None:
    """Two were moved: both rows follow, none twice."""
    desk = desk_of(store)
    rows = [a_filed(desk, n, fingerprint=a_fetched(1, raw=b"same").fingerprint) for n in (1, 2)]
    found = matched(desk, [("Support/FAQ", 7, b"same"), ("Support/FAQ", 8, b"same")], rows)
    assert {m.row.id for m in found} == {r.id for r in rows}
    assert {look_up(store, r)[0].uid for r in rows} == {7, 8}
