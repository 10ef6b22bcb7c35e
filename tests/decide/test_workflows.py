"""What a mail gets: which rule wins, what never happens, and what the trace says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.conditions import Facts
from router.decide.rules import (
    Action,
    AddTag,
    AllOf,
    Condition,
    FileInto,
    IsTrue,
    Leave,
    OneOf,
    PlaceDraft,
    Remind,
    RemoveTag,
    Rules,
    Senders,
    SetFlag,
    TextHas,
    Workflow,
)
from router.decide.workflows import Decision, decide
from router.errors import ConditionError
from router.values import Address, Attachment, Authentication, Classification, Message, Mode

from .builders import ALWAYS, NOON, REFUND, VIP, a_message, a_target, a_thread, the_facts, the_rules

ALL = AllOf(parts=())
NEVER = OneOf(key="mailbox", values=("nowhere",))
CEO = a_message(sender="ceo@big.example")


def a_workflow(*actions: Action, when: Condition = ALL, name: str = "w", **more: Any) -> Workflow:
    return Workflow(name=name, when=when, actions=actions, **more)


def decided(facts: Facts, *workflows: Workflow, mode: Mode = Mode.FILE, **blocks: Any) -> Decision:
    return decide(facts, the_rules(workflows=workflows, **blocks), now=NOON, mode=mode)


def lines(decision: Decision) -> list[str]:
    return [f"{line.where} {line.outcome} because {line.because}" for line in decision.trace]


# ------------------------------------------------------------------ where it goes


@pytest.mark.parametrize(
    ("facts", "workflows", "folder"),
    [
        (the_facts(category="refund"), (), "Support/Refunds"),
        (the_facts(category="billing"), (), None),  # a category without a folder classifies in place
        (the_facts(), (), None),  # unsure mail stays
        (the_facts(category="gone"), (), None),  # a category that was renamed in workflows.yaml
        (the_facts(category="refund", message=CEO), (), "Support/VIP"),
        (the_facts(message=CEO), (), "Support/VIP"),  # a sender's folder also holds for unsure mail
        (the_facts(category="refund", message=CEO), (a_workflow(FileInto(folder="Boss")),), "Boss"),
        (the_facts(category="refund"), (a_workflow(FileInto(folder="Boss"), when=NEVER),), "Support/Refunds"),
        (the_facts(), (a_workflow(FileInto(folder="A")), a_workflow(FileInto(folder="B"))), "B"),  # the last wins
        (the_facts(), (a_workflow(FileInto(folder="A"), stop=True), a_workflow(FileInto(folder="B"))), "A"),
        (the_facts(category="refund"), (a_workflow(Leave()),), None),
        (the_facts(message=CEO), (a_workflow(Leave()),), None),
        (the_facts(category="refund"), (a_workflow(Leave()), a_workflow(FileInto(folder="B"))), "B"),
        (the_facts(category="refund"), (a_workflow(FileInto(folder="B")), a_workflow(Leave())), None),
        (the_facts(category="refund", may_move=False), (), None),  # a first guess moves nothing
        (the_facts(message=CEO, category="refund", may_move=False), (), "Support/VIP"),
        (the_facts(category="refund", flags=("\\Seen", "\\FLAGGED")), (), None),  # hands off
        (the_facts(message=CEO, flags=("\\Flagged",)), (a_workflow(FileInto(folder="B")),), None),
        (the_facts(), (a_workflow(FileInto(folder="Inbox")),), None),  # it lies there already
        (the_facts(category="refund", folder="Support/Refunds"), (), None),
    ],
)
def test_where_a_mail_goes(facts: Facts, workflows: tuple[Workflow, ...], folder: str | None) -> None:
    """A workflow's folder, else the first sender list's, else the category's; a person's flag keeps all of them off."""
    decision = decided(facts, *workflows)
    assert decision.folder == folder
    filed = [action for action in decision.actions if isinstance(action, FileInto)]
    assert filed == ([FileInto(folder=folder)] if folder else [])


def test_the_first_list_with_a_folder_wins() -> None:
    """A list without a folder only marks."""
    marks = Senders(name="old", patterns=("*@big.example",), tag="old-customer")
    decision = decided(the_facts(category="refund", message=CEO), senders=(marks, VIP))
    assert (decision.folder, decision.tags, decision.flag) == ("Support/VIP", ("old-customer",), True)


# ------------------------------------------------------------------ tags, drafts, reminders


@pytest.mark.parametrize(
    ("facts", "workflows", "tags"),
    [
        (the_facts(), (), ("router-unsure",)),
        (the_facts(category="refund"), (), ()),
        (the_facts(category="refund", may_move=False), (), ("router-unsure",)),
        (the_facts(category="refund"), (a_workflow(AddTag(tag="a"), AddTag(tag="b"), AddTag(tag="A")),), ("A", "b")),
        (the_facts(category="refund"), (a_workflow(AddTag(tag="a"), RemoveTag(tag="A")),), ()),
        (the_facts(category="refund"), (a_workflow(RemoveTag(tag="a"), AddTag(tag="a")),), ("a",)),
        (the_facts(), (a_workflow(RemoveTag(tag="router-unsure")),), ()),
        (
            the_facts(category="refund", message=CEO, authentication=Authentication.NONE),
            (),
            ("unverified-sender",),
        ),
        (
            the_facts(category="refund", message=CEO, authentication=Authentication.FAILED),
            (),
            ("forged-sender",),
        ),
    ],
)
def test_which_tags_a_mail_gets(facts: Facts, workflows: tuple[Workflow, ...], tags: tuple[str, ...]) -> None:
    """Each tag once, the last word on it holds, and the unsure, forged and unverified tags come by themselves."""
    assert decided(facts, *workflows).tags == tags


def test_the_last_draft_wins() -> None:
    """One draft per mail: the one that the lowest matching workflow names."""
    best, named = a_workflow(PlaceDraft(reply="best")), a_workflow(PlaceDraft(reply="cancel/save-offer"))
    decision = decided(the_facts(category="refund"), best, named)
    assert decision.draft == "cancel/save-offer"
    assert sum(isinstance(action, PlaceDraft) for action in decision.actions) == 1


def test_a_reminder_goes_once_to_each_person() -> None:
    """Two workflows that remind the same person remind once; an escalation is another thing."""
    remind, escalate = Remind(person="lead"), Remind(person="lead", kind="escalate")
    decision = decided(the_facts(category="refund"), a_workflow(remind), a_workflow(remind, escalate))
    assert [a for a in decision.actions if isinstance(a, Remind)] == [remind, escalate]


def test_a_claimed_thread_reminds_its_claimer() -> None:
    """Escalations still go where they were meant to go."""
    actions = (Remind(person="team"), Remind(person="lead", kind="escalate"))
    decision = decided(the_facts(category="refund", thread=a_thread(claimed_by="olha")), a_workflow(*actions))
    assert [a.person for a in decision.actions if isinstance(a, Remind)] == ["olha", "lead"]


# ------------------------------------------------------------------ forged and unverified


def test_a_forged_boss_gets_no_treatment() -> None:
    """The category's folder, no flag, no tighter clock, a tag, and the reason in the trace."""
    vip = replace(VIP, reply_within=a_target(1, calendar=ALWAYS, name="senders.vip"))
    facts = the_facts(category="refund", message=CEO, authentication=Authentication.FAILED)
    save = a_workflow(PlaceDraft(reply="x"), when=OneOf(key="sender", values=("vip",)))
    decision = decided(facts, save, senders=(vip,), reply_within=a_target(6))
    assert (decision.folder, decision.tags, decision.flag) == ("Support/Refunds", ("forged-sender",), False)
    assert decision.draft is None
    assert decision.target == a_target(6)
    assert "senders.vip missed because authentication failed" in lines(decision)


def test_whoever_fills_in_the_senders_the_proof_decides() -> None:
    """A list named in the facts does not make a forged sender a believed one."""
    facts = the_facts(message=CEO, authentication=Authentication.FAILED, senders=("vip",))
    assert decided(facts, a_workflow(AddTag(tag="t"), when=OneOf(key="sender", values=("vip",)))).tags == (
        "forged-sender",
        "router-unsure",
    )


# ------------------------------------------------------------------ robots, lists, thanks


@pytest.mark.parametrize("robot", [a_message(automatic=True), a_message(is_list=True)])
def test_a_robot_never_gets_a_clock_a_draft_or_a_reminder(robot: Message) -> None:
    """Whatever workflows say; tags and folders it may get."""
    everything = (PlaceDraft(reply="best"), Remind(person="team"), AddTag(tag="robot"), FileInto(folder="Robots"))
    wished = a_workflow(*everything, reply_within=a_target(1))
    decision = decided(the_facts(category="refund", message=robot), wished, reply_within=a_target(6))
    assert (decision.draft, decision.target, decision.started) == (None, None, None)
    assert decision.actions == (FileInto(folder="Robots"), AddTag(tag="robot"))


def test_robots_stay_when_a_workflow_leaves_them() -> None:
    """Leave and stop: the category's folder and later workflows have no say."""
    leave = a_workflow(Leave(), when=IsTrue(key="automatic", value=True), stop=True)
    draft = a_workflow(PlaceDraft(reply="best"))
    decision = decided(the_facts(category="refund", message=a_message(automatic=True)), leave, draft)
    assert decision.actions == (Leave(),)
    assert "workflows skipped because workflows[0] w stopped the list; 1 not tried" in lines(decision)


def test_pure_thanks_starts_no_clock() -> None:
    """It may be filed, and nobody waits for an answer."""
    decision = decided(the_facts(category="refund", message=a_message(thanks_only=True)), reply_within=a_target(6))
    assert (decision.target, decision.folder) == (None, "Support/Refunds")


# ------------------------------------------------------------------ the clock


def test_the_tightest_target_holds() -> None:
    """Of everybody's, the category's, the sender's and a workflow's, the one due first; a looser one has no effect."""
    general, refund = a_target(6), replace(REFUND, reply_within=a_target(4, name="categories.refund"))
    vip = replace(VIP, reply_within=a_target(1, calendar=ALWAYS, name="senders.vip"))
    hurry = a_workflow(reply_within=a_target(0.5, name="workflows[0]"))
    loose = a_workflow(reply_within=a_target(60, name="workflows[0]"))
    blocks: dict[str, Any] = {"reply_within": general, "categories": (refund,), "senders": (vip,)}

    def held(facts: Facts, *workflows: Workflow) -> str:
        target = decided(facts, *workflows, **blocks).target
        assert target is not None
        return target.name

    assert held(the_facts()) == "reply_within"
    assert held(the_facts(category="refund")) == "categories.refund"
    assert held(the_facts(category="refund"), loose) == "categories.refund"
    assert held(the_facts(category="refund", message=CEO)) == "senders.vip"
    assert held(the_facts(category="refund", message=CEO), hurry) == "workflows[0]"


def test_of_equal_targets_the_more_particular_one_holds() -> None:
    """Who writes six hours into a category means its steps."""
    refund = replace(REFUND, reply_within=a_target(6, name="categories.refund"))
    decision = decided(the_facts(category="refund"), categories=(refund,), reply_within=a_target(6))
    assert decision.target == refund.reply_within


def test_the_clock_runs_from_the_first_unanswered_mail() -> None:
    """Else from when this one was received, else from now."""
    waiting, received = NOON - timedelta(days=1), NOON - timedelta(hours=1)
    thread = a_thread(waiting_since=waiting)
    first = decided(the_facts(thread=thread, received=received), reply_within=a_target(6))
    second = decided(the_facts(thread=a_thread(), received=received), reply_within=a_target(6))
    third = decided(the_facts(), reply_within=a_target(6))
    assert (first.started, second.started, third.started) == (waiting, received, NOON)


# ------------------------------------------------------------------ modes


def test_watching_does_nothing_and_says_what_it_would_do() -> None:
    """No action of any kind, and the trace tells."""
    everything = a_workflow(PlaceDraft(reply="best"), SetFlag(), AddTag(tag="t"), Remind(person="team"))
    decision = decided(the_facts(category="refund"), everything, mode=Mode.WATCH)
    assert decision.actions == ()
    assert (decision.folder, decision.draft, decision.tags, decision.flag) == (None, None, (), False)
    would = "watch: would file into Support/Refunds, draft best, tag t, flag, remind team"
    assert f"mode skipped because {would}" in lines(decision)


def test_suggesting_moves_nothing() -> None:
    """Drafts, tags and reminders, and the mail stays."""
    wished = a_workflow(PlaceDraft(reply="best"), AddTag(tag="t"), Remind(person="team"))
    decision = decided(the_facts(category="refund"), wished, mode=Mode.SUGGEST)
    assert decision.actions == (PlaceDraft(reply="best"), AddTag(tag="t"), Remind(person="team"))
    assert "mode skipped because suggest: would file into Support/Refunds" in lines(decision)


# ------------------------------------------------------------------ the trace


def test_every_rule_tried_has_a_line() -> None:
    """A rule that silently did nothing is a rule that nobody can mend."""
    asked = a_workflow(when=OneOf(key="category", values=("faq",)), name="questions", path="workflows[0]")
    taken = a_workflow(AddTag(tag="t"), name="all", path="workflows[1]")
    said = lines(decided(the_facts(category="refund"), asked, taken, reply_within=a_target(6)))
    assert said == [
        "senders.vip missed because oksana@client.example is not in the list",
        "workflows[0] questions missed because category is refund, not faq",
        "workflows[1] all hit because it asks nothing",
        "reply_within done because reply_within is the tightest that applies",
        "folder done because Support/Refunds, as categories.refund says",
    ]


def test_a_rule_that_cannot_be_evaluated_is_not_passed_over() -> None:
    """It might have been the one that says stop."""
    broken = a_workflow(when=TextHas(key="text", kind="regex", value="(", path="workflows[0].when.text"))
    with pytest.raises(ConditionError, match=r"^workflows\[0\].when.text: "):
        decided(the_facts(), broken)


# ------------------------------------------------------------------ for every mail there may be

texts = st.text(max_size=30)
addresses = st.builds(Address, name=texts, address=texts | st.sampled_from(["ceo@big.example", "a@partner.example"]))
several = st.lists(addresses, max_size=3).map(tuple)
messages = st.builds(
    Message,
    subject=texts,
    sender=addresses,
    sender_count=st.integers(0, 3),
    to=several,
    cc=several,
    text=texts,
    language=texts,
    automatic=st.booleans(),
    is_list=st.booleans(),
    thanks_only=st.booleans(),
    headers=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    attachments=st.lists(st.builds(Attachment, name=texts, content_type=texts, size=st.integers(0)), max_size=2).map(
        tuple
    ),
)
classifications = st.builds(
    Classification,
    category=st.none() | st.sampled_from(["refund", "faq", "billing", "gone", "unsure"]),
    confidence=st.floats(0, 1),
    may_move=st.booleans(),
)
facts_of_any_mail = st.builds(
    Facts,
    message=messages,
    mailbox=st.just("support"),
    classification=classifications,
    thread=st.none() | st.builds(a_thread, messages=st.integers(0, 9), claimed_by=st.none() | texts),
    authentication=st.sampled_from(Authentication),
    flags=st.lists(st.sampled_from(["\\Seen", "\\Flagged", "$label1"]), max_size=2).map(tuple),
    received=st.none() | st.just(NOON),
)
some_action = st.one_of(
    st.builds(FileInto, folder=st.sampled_from(["A", "B", "INBOX"])),
    st.just(Leave()),
    st.builds(PlaceDraft, reply=st.sampled_from(["best", "refund/first"])),
    st.builds(AddTag, tag=st.sampled_from(["a", "b", "A"])),
    st.builds(RemoveTag, tag=st.sampled_from(["a", "b"])),
    st.just(SetFlag()),
    st.builds(Remind, person=st.sampled_from(["team", "lead"]), kind=st.sampled_from(["remind", "escalate"])),
)
some_condition = st.sampled_from(
    [ALL, NEVER, OneOf(key="category", values=("refund", "unsure")), IsTrue(key="automatic", value=False)]
)
some_workflow = st.builds(
    Workflow,
    name=texts,
    when=some_condition,
    actions=st.lists(some_action, max_size=4).map(tuple),
    reply_within=st.none() | st.builds(a_target, st.sampled_from([1, 6, 60])),
    stop=st.booleans(),
)
some_rules = st.lists(some_workflow, max_size=4).map(
    lambda workflows: the_rules(workflows=tuple(workflows), reply_within=a_target(6))
)


@given(facts_of_any_mail, st.sampled_from(Mode))
def test_any_mail_can_be_decided(facts: Facts, mode: Mode) -> None:
    """Without conditions nothing can fail, whatever the mail says."""
    assert isinstance(decide(facts, the_rules(reply_within=a_target(6)), now=NOON, mode=mode), Decision)


@given(facts_of_any_mail, some_rules, st.sampled_from(Mode))
def test_what_holds_for_every_decision(facts: Facts, rules: Rules, mode: Mode) -> None:
    """One place, one draft, each tag once; nothing for robots; nothing at all while watching; flagged mail stays."""
    decision = decide(facts, rules, now=NOON, mode=mode)
    kinds = [type(action) for action in decision.actions]
    tags = [a.tag.lower() for a in decision.actions if isinstance(a, AddTag | RemoveTag)]
    assert kinds.count(FileInto) + kinds.count(Leave) <= 1
    assert kinds.count(PlaceDraft) <= 1
    assert len(tags) == len(set(tags))
    assert decision.trace
    if mode is Mode.WATCH:
        assert decision.actions == ()
    if mode is Mode.SUGGEST or "\\Flagged" in facts.flags:
        assert FileInto not in kinds
    if facts.message.automatic or facts.message.is_list:
        assert decision.target is None
        assert PlaceDraft not in kinds
        assert Remind not in kinds


@given(facts_of_any_mail, some_rules)
def test_a_decision_is_a_value(facts: Facts, rules: Rules) -> None:
    """The same mail under the same rules is decided the same way."""
    assert decide(facts, rules, now=NOON, mode=Mode.FILE) == decide(facts, rules, now=NOON, mode=Mode.FILE)
