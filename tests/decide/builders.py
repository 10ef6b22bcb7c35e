"""Values for the tests of decisions, with only what a test is about written out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from router.decide.conditions import Facts
from router.decide.rules import Category, Hours, Person, Rules, Senders, Step, Target
from router.values import Address, Attachment, Authentication, Classification, Message, ThreadState

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday
CLOSED: tuple[tuple[int, int], ...] = ()
NINE_TO_SIX = ((9 * 60, 18 * 60),)
SPLIT = ((9 * 60, 13 * 60), (14 * 60, 18 * 60))


def a_message(
    *, sender: str = "oksana@client.example", to: str = "support@acme.example", cc: str = "", **more: Any
) -> Message:
    return Message(
        sender=Address(address=sender),
        to=tuple(Address(address=a) for a in to.split()),
        cc=tuple(Address(address=a) for a in cc.split()),
        **more,
    )


def the_facts(
    *,
    message: Message | None = None,
    category: str | None = None,
    confidence: float = 1.0,
    may_move: bool = True,
    authentication: Authentication = Authentication.PASSED,
    **more: Any,
) -> Facts:
    return Facts(
        message=message or a_message(),
        mailbox=more.pop("mailbox", "support"),
        classification=Classification(category=category, confidence=confidence, may_move=may_move),
        authentication=authentication,
        **more,
    )


def a_thread(**more: Any) -> ThreadState:
    return ThreadState(id=1, mailbox="support", customer="oksana@client.example", **more)


def an_attachment(name: str, content_type: str) -> Attachment:
    return Attachment(name=name, content_type=content_type, size=1)


def office(*, zone: str = "Europe/Kyiv", holidays: tuple[date, ...] = (), name: str = "office") -> Hours:
    """Split shifts on weekdays, 10:00-14:00 on Saturdays."""
    spans = (SPLIT,) * 5 + (((10 * 60, 14 * 60),), CLOSED)
    return Hours(name=name, time_zone=zone, spans=spans, holidays=frozenset(holidays))


def weekdays(*, zone: str = "Europe/Kyiv", holidays: tuple[date, ...] = ()) -> Hours:
    """09:00-18:00 on weekdays."""
    return Hours(
        name="weekdays", time_zone=zone, spans=(NINE_TO_SIX,) * 5 + (CLOSED, CLOSED), holidays=frozenset(holidays)
    )


ALWAYS = Hours(name="always", always=True)
STEPS = (
    Step(at=0.5, tag="due-soon"),
    Step(at=0.75, remind="team"),
    Step(at=1.0, tag="overdue", flag=True, escalate="lead", repeat=timedelta(hours=2), at_most=3),
)


def a_target(
    hours: float = 6, *, calendar: Hours | None = None, name: str = "reply_within", steps: tuple[Step, ...] = STEPS
) -> Target:
    return Target(name=name, within=timedelta(hours=hours), hours=calendar or office(), steps=steps)


REFUND = Category(name="refund", folder="Support/Refunds")
FAQ = Category(name="faq", folder="Support/FAQ")
IN_PLACE = Category(name="billing")
VIP = Senders(name="vip", patterns=("ceo@big.example", "*@partner.example"), folder="Support/VIP", flag=True)
PEOPLE = (
    Person(name="team", emails=("olha@acme.example", "bat@acme.mn")),
    Person(name="lead", emails=("lead@acme.example",)),
)


def the_rules(**more: Any) -> Rules:
    blocks: dict[str, Any] = {"categories": (REFUND, FAQ, IN_PLACE), "senders": (VIP,), "people": PEOPLE}
    return Rules(**{**blocks, **more})
