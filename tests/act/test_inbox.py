"""A batch of new mail: one plan a message, whatever is in it, and the conversations as they are afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from router.act.desk import Desk
from router.act.inbox import Batch, Pair
from router.act.planning import Plan
from router.decide.rules import AddTag, PlaceDraft, Remind, RemoveTag, Senders, TextHas, Workflow
from router.errors import ConditionError
from router.replies.library import Library, load_library
from router.store import intents, messages, threads
from router.store.conversations import Conversations
from router.store.database import Store
from router.store.records import ThreadRecord
from router.values import Address, Backfill, Classification, Mode
from tests.act.builders import (
    NOW,
    REFUND,
    SUGGEST,
    WATCH,
    Oracle,
    a_desk,
    a_fetched,
    a_mailbox,
    a_message,
    a_target,
    all_mail,
    hours,
    minutes,
    the_rules,
)

ABOUT = Oracle({"Refund please": REFUND})


@cache
def shipped() -> Library:
    return load_library(Path(__file__).parents[2] / "replies")


def desk_of(store: Store, **more: Any) -> Desk:
    return a_desk(store, **{"library": shipped(), "oracle": ABOUT, **more})


def decided(desk: Desk, *pairs: Pair, notices: frozenset[str] = frozenset()) -> Batch:
    """One batch as a pass decides it, with everything it writes."""
    with desk.store.begin() as tx:
        open_drafts = intents.open_drafts(tx, desk.record.id)
        batch = Batch(
            desk=desk,
            conversations=Conversations.load(tx, desk.record.id, [m for _, m in pairs]),
            with_draft={d.thread_id for d in open_drafts},
            notices=notices,
            drafts_left=desk.rules.drafts_at_most_open - len(open_drafts),
        )
    batch.decide_all(pairs)
    with desk.store.begin() as tx:
        batch.conversations.save(tx)
        messages.add(tx, [p.row for p in batch.plans])
        intents.add_drafts(tx, [p.draft for p in batch.plans if p.draft])
        intents.plan(tx, [i for p in batch.plans for i in p.intents])
    return batch


def one(desk: Desk, **more: Any) -> Plan:
    (plan,) = decided(desk, (a_fetched(1), a_message(**more))).plans
    return plan


def kinds(plan: Plan) -> list[str]:
    return [intent.kind for intent in plan.intents]


def the_threads(store: Store, desk: Desk) -> list[ThreadRecord]:
    with store.begin() as tx:
        return threads.waiting(tx, desk.record.id)


def test_a_mail_is_promised_its_draft_its_mark_and_its_move(store: Store) -> None:
    """In one plan, with everything that recovery needs to know."""
    desk = desk_of(store)
    plan = one(desk)
    assert kinds(plan) == ["draft", "flags", "move"]
    draft, mark, move = plan.intents
    assert (move.folder, move.uid, move.destination, move.destination_uidnext) == ("INBOX", 1, "Support/Refunds", 100)
    assert (mark.add_flags, mark.draft_row) == ("$label1", plan.draft.id if plan.draft else None)
    assert draft.destination == "Drafts"
    assert draft.payload
    assert {i.fence for i in plan.intents} == {desk.fence}
    assert (plan.row.state, plan.row.category, plan.row.decided_by) == ("planned", "refund", "phrase")
    (thread,) = the_threads(store, desk)
    assert (thread.customer, thread.waiting_since, thread.target) == ("jane@client.example", NOW, "reply_within")


def test_unsure_mail_stays_and_has_a_clock(store: Store) -> None:
    """Nobody knows what it is about, and still somebody waits."""
    desk = desk_of(store)
    plan = one(desk, subject="Hello")
    assert (plan.row.state, plan.row.category) == ("left", None)
    assert "move" not in kinds(plan)
    assert len(the_threads(store, desk)) == 1


@pytest.mark.parametrize(("mode", "expected"), [(WATCH, []), (SUGGEST, ["draft", "flags"])])
def test_the_mode_limits_what_is_promised(store: Store, mode: Mode, expected: list[str]) -> None:
    """watch: nothing. suggest: all but moving. The row remembers where the mail would have gone."""
    plan = one(desk_of(store, mailbox=a_mailbox(mode=mode)))
    assert kinds(plan) == expected
    assert (plan.row.state, plan.row.decided_folder) == ("watched", "Support/Refunds")


def test_two_questions_of_one_customer_in_one_batch_get_one_draft(store: Store) -> None:
    """The second one answers the first one's conversation, though neither was there before the batch."""
    desk = desk_of(store)
    first, second = a_message(1), a_message(2, references=("<q1@client.example>",), subject="Refund please")
    batch = decided(desk, (a_fetched(1), first), (a_fetched(2, at=NOW + minutes(5)), second))
    assert [bool(p.draft) for p in batch.plans] == [True, False]
    assert "a draft waits in this conversation already" in batch.plans[1].row.trace
    (thread,) = the_threads(store, desk)
    assert (thread.messages, thread.waiting_since) == (2, NOW)


def test_a_third_question_later_gets_no_draft_either(store: Store) -> None:
    """The draft of an earlier pass still waits."""
    desk = desk_of(store)
    one(desk)
    (plan,) = decided(desk, (a_fetched(2), a_message(2, references=("<q1@client.example>",)))).plans
    assert plan.draft is None


def test_two_identical_mails_are_two_rows(store: Store) -> None:
    """Both are filed; they are one conversation with one draft."""
    desk = desk_of(store)
    batch = decided(desk, (a_fetched(1, raw=b"same"), a_message()), (a_fetched(2, raw=b"same"), a_message()))
    assert [p.row.fingerprint for p in batch.plans] == [batch.plans[0].row.fingerprint] * 2
    assert [("move" in kinds(p), bool(p.draft)) for p in batch.plans] == [(True, True), (True, False)]


@pytest.mark.parametrize("kind", [{"automatic": True, "automatic_because": "auto-submitted"}, {"is_list": True}])
def test_a_robot_starts_no_conversation(store: Store, kind: dict[str, Any]) -> None:
    """No clock, no draft; it may be filed."""
    desk = desk_of(store)
    plan = one(desk, **kind)
    assert plan.draft is None
    assert the_threads(store, desk) == []


def test_pure_thanks_starts_no_clock(store: Store) -> None:
    """And nobody is reminded to answer it."""
    desk = desk_of(store)
    plan = one(desk, subject="Thanks", text="Thank you!", thanks_only=True)
    assert plan.draft is None
    assert the_threads(store, desk) == []


def test_our_own_mail_is_no_customer(store: Store) -> None:
    """Mail from our address and our own notices are noted and left; a stranger's key is not ours."""
    desk = desk_of(store)
    ours = a_message(1, sender=Address(address="support@acme.example"))
    notice = a_message(2, headers=(("X-Inbox-Router-Key", "reminder-5"),))
    forged = a_message(3, headers=(("X-Inbox-Router-Key", "reminder-6"),))
    pairs = [(a_fetched(n), m) for n, m in enumerate((ours, notice, forged), start=1)]
    batch = decided(desk, *pairs, notices=frozenset({"reminder-5"}))
    assert [p.row.state for p in batch.plans] == ["notice", "notice", "planned"]
    assert len(the_threads(store, desk)) == 1


def test_an_answer_that_was_seen_first_stops_the_clock_before_it_starts(store: Store) -> None:
    """While we were down, question and answer came: nobody waits, and there is no draft."""
    desk = desk_of(store)
    with store.begin() as tx:
        threads.remember_answer(tx, desk.record.id, ["<q1@client.example>"], ["jane@client.example"], NOW)
    plan = one(desk)
    assert plan.draft is None
    assert "nobody waits for an answer" in plan.row.trace
    assert the_threads(store, desk) == []


@pytest.mark.parametrize(
    ("age", "flags", "draft", "clock"),
    [(hours(0), (), True, True), (hours(48), (), True, False), (hours(96), (), False, False),
     (hours(0), ("\\Answered",), False, True)],
)  # fmt: skip
def test_old_and_answered_mail_gets_less(
    store: Store, age: Any, flags: tuple[str, ...], draft: bool, clock: bool
) -> None:
    """From before the first run: no reminders, and drafts only if newer than three days and unanswered."""
    desk = desk_of(store, first_run=NOW)
    (plan,) = decided(desk, (a_fetched(1, at=NOW - age, flags=flags), a_message())).plans
    assert bool(plan.draft) is draft
    (thread,) = the_threads(store, desk)
    assert (thread.next_due is not None) is clock
    assert "move" in kinds(plan)


def test_backfill_leaves_what_the_admin_excludes(store: Store) -> None:
    """Mail from before us stays as it is, without a conversation."""
    desk = desk_of(store, mailbox=a_mailbox(backfill=Backfill.NONE), first_run=NOW)
    (plan,) = decided(desk, (a_fetched(1, at=NOW - hours(48)), a_message())).plans
    assert (plan.row.state, plan.intents) == ("left", ())
    assert "backfill" in plan.row.trace


def test_an_unreadable_mail_goes_where_agents_see_it(store: Store) -> None:
    """With the reason, no draft, and a clock, for a person may have written it."""
    desk = desk_of(store)
    plan = one(desk, unreadable="parser killed after 10 s")
    assert [i.destination for i in plan.intents] == ["Support/Could not read"]
    assert "parser killed" in plan.row.trace
    assert len(the_threads(store, desk)) == 1


class Poisoned(Oracle):
    """Fails for one subject, as a mail that nobody foresaw would."""

    def classify(self, messages: Sequence[Any], threads: Sequence[Any]) -> list[Classification]:
        if any(m.subject == "poison" for m in messages):
            raise ZeroDivisionError
        return Oracle.classify(ABOUT, messages, threads)


def test_one_bad_mail_does_not_touch_its_neighbours(store: Store) -> None:
    """It is quarantined with a reason that holds none of its text, and the others are handled."""
    desk = desk_of(store, oracle=Poisoned())
    pairs = [(a_fetched(n), a_message(n, subject=s)) for n, s in ((1, "Refund please"), (2, "poison"), (3, "Hello"))]
    batch = decided(desk, *pairs)
    assert [p.row.decided_folder for p in batch.plans] == ["Support/Refunds", "Support/Could not read", None]
    assert "ZeroDivisionError while deciding" in batch.plans[1].row.trace


def test_a_condition_that_fails_is_neither_true_nor_false(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail is quarantined with the condition's path."""

    def failing(*_: Any, **__: Any) -> None:
        raise ConditionError("workflows[2].when.text: cannot be evaluated")

    monkeypatch.setattr("router.act.inbox.decide", failing)
    plan = one(desk_of(store))
    assert plan.row.decided_folder == "Support/Could not read"
    assert "workflows[2].when.text" in plan.row.trace


def test_no_more_drafts_than_the_admin_allows(store: Store) -> None:
    """`drafts: {at_most_open: 1}` counts those of this batch too."""
    desk = desk_of(store, rules=the_rules(drafts_at_most_open=1))
    mails = [a_message(n, sender=Address(address=f"c{n}@client.example")) for n in (1, 2)]
    batch = decided(desk, *[(a_fetched(n), m) for n, m in enumerate(mails, start=1)])
    assert [bool(p.draft) for p in batch.plans] == [True, False]
    assert "drafts wait already" in batch.plans[1].row.trace


def test_rules_may_tag_flag_and_remind_at_once(store: Store) -> None:
    """Reminders of rules are handed to the outbox with the batch; not for mail from before the first run."""
    vip = Senders(name="vip", patterns=("*@client.example",), flag=True, tag="vip")
    rule = Workflow(name="tell", when=all_mail(), actions=(AddTag(tag="seen"), Remind(person="lead")))
    desk = desk_of(store, rules=the_rules(senders=(vip,), workflows=(rule,)), first_run=NOW)
    batch = decided(
        desk, (a_fetched(1), a_message(1)), (a_fetched(2, at=NOW - hours(48)), a_message(2, subject="Older"))
    )
    flags = next(i.add_flags for i in batch.plans[0].intents if i.kind == "flags")
    assert {"vip", "seen", "\\Flagged"} <= set(flags.split())
    assert [(row.uid, remind.person) for _, row, remind in batch.reminders] == [(1, "lead")]


def test_a_reply_that_is_not_there_is_no_draft_and_says_why(store: Store) -> None:
    """The mail is filed all the same."""
    rule = Workflow(name="draft", when=all_mail(), actions=(PlaceDraft(reply="refund/nowhere"),))
    plan = one(desk_of(store, rules=the_rules(workflows=(rule,))))
    assert kinds(plan) == ["move"]
    assert "skipped" in plan.row.trace


def test_nothing_of_the_text_is_kept_in_the_row(store: Store) -> None:
    """Rows and traces hold no body."""
    plan = one(desk_of(store), text="My card number is 4111111111111111.", full_text="My card number is 4111.")
    assert "4111" not in repr(plan.row)


def test_a_stranger_s_reference_opens_a_conversation_of_his_own(store: Store) -> None:
    """Quoting a Message-ID moves nobody's clock, and his mail gets its own draft."""
    desk = desk_of(store)
    one(desk)
    (before,) = the_threads(store, desk)
    eve = a_message(2, sender=Address(address="eve@stranger.example"), references=("<q1@client.example>",))
    (plan,) = decided(desk, (a_fetched(2), eve)).plans
    assert plan.draft is not None
    found = {t.customer: t for t in the_threads(store, desk)}
    assert set(found) == {"jane@client.example", "eve@stranger.example"}
    assert replace(found["jane@client.example"]) == before


def test_an_urgent_second_mail_gets_a_clock_where_the_first_had_none(store: Store) -> None:
    """A promise that only some mail has begins to hold with that mail; it counts from the first one."""
    urgent = Workflow(
        name="urgent", when=TextHas(key="subject", kind="contains", value="urgent"), reply_within=a_target(1)
    )
    desk = desk_of(store, rules=the_rules(reply_within=None, workflows=(urgent,)))
    one(desk)
    later = a_message(2, subject="urgent", references=("<q1@client.example>",))
    decided(desk, (a_fetched(2, at=NOW + minutes(10)), later))
    (thread,) = the_threads(store, desk)
    assert (thread.waiting_since, thread.next_due) == (NOW, NOW + minutes(30))


def test_a_conversation_that_waited_before_us_stays_silent(store: Store) -> None:
    """Its customer's next mail is filed, and the clock still counts from a time for which nobody was promised."""
    desk = desk_of(store, first_run=NOW)
    decided(desk, (a_fetched(1, at=NOW - hours(48)), a_message()))
    decided(desk, (a_fetched(2, at=NOW + minutes(10)), a_message(2, references=("<q1@client.example>",))))
    (thread,) = the_threads(store, desk)
    assert (thread.waiting_since, thread.next_due) == (NOW - hours(48), None)


@pytest.mark.parametrize(
    ("mark", "flags"), [("$label5", "$label5"), ("flagged", "\\Flagged"), ("keyword", "$RouterDraft"), ("none", "")]
)
def test_the_admin_chooses_how_a_waiting_draft_shows(store: Store, mark: str, flags: str) -> None:
    """Every mark that the file may name."""
    plan = one(desk_of(store, rules=the_rules(drafts_mark=mark)))
    assert [i.add_flags for i in plan.intents if i.kind == "flags"] == ([flags] if flags else [])


def test_a_rule_may_take_tags_away(store: Store) -> None:
    """One that the mail came with, and one that a sender list would have set."""
    vip = Senders(name="vip", patterns=("*@client.example",), tag="vip")
    rule = Workflow(name="w", when=all_mail(), actions=(RemoveTag(tag="vip"), RemoveTag(tag="old"), AddTag(tag="new")))
    plan = one(desk_of(store, rules=the_rules(senders=(vip,), workflows=(rule,))))
    (flags,) = (i for i in plan.intents if i.kind == "flags")
    assert "vip" not in flags.add_flags.split()
    assert "new" in flags.add_flags.split()
    assert set(flags.remove_flags.split()) == {"vip", "old"}
