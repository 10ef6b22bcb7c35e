"""What we write we can read: a draft and a notice come back from the parser as they were meant."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from router.mail.compose import LONGEST_SUBJECT, compose_draft, compose_notice, one_line, reply_subject
from router.mail.parse import parse
from router.values import Address, Message, NoDraft

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OURS = Address(name="Acme Support", address="support@acme.example")
CUSTOMER = Address(name="Ольга", address="olha@customer.example")
WORDS = "order refund вашe замовлення № 5 повернемо кошти захиалга поруџбина ćao 😀 — «так» a@b.c = =? ?= \t ."

# Sentences as people write them in an answer: no line that itself is a quote, a signature or an attribution.
sentences = st.lists(st.sampled_from(WORDS.split(" ")), min_size=1, max_size=12).map(
    lambda words: "Ok " + " ".join(words)
)
bodies = st.lists(sentences, min_size=1, max_size=6).map("\n\n".join)
subjects = st.text(
    alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "So"), exclude_characters="\u2028\u2029"),
    max_size=120,
)
ids = st.from_regex(r"<[a-z0-9.]{1,30}@[a-z0-9]{1,10}\.example>", fullmatch=True)


def flat(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=200, deadline=None)
@given(body=bodies, subject=subjects, parent=ids, before=st.lists(ids, max_size=5), quoted=bodies)
def test_a_draft_keeps_text_subject_and_threading(
    body: str, subject: str, parent: str, before: list[str], quoted: str
) -> None:
    """The new text of a draft is its reply, without the quoted mail; subject and References are what was composed."""
    assume(parent not in before)
    asked = Message(
        message_id=parent, references=tuple(before), subject=subject, sender=CUSTOMER, date=NOW, full_text=quoted
    )
    raw = compose_draft(
        body=body, message=asked, sender=OURS, recipient=CUSTOMER, message_id="<1@acme.example>", key="k", date=NOW
    )
    assert not isinstance(raw, NoDraft)
    draft = parse(raw)
    assert flat(draft.text) == flat(body)
    assert draft.subject == flat(reply_subject(subject))
    assert (draft.sender, draft.to, draft.date) == (OURS, (CUSTOMER,), NOW)
    assert draft.in_reply_to == (parent,)
    assert draft.references == tuple(dict.fromkeys((*before, parent)))
    assert (draft.defects, draft.automatic) == ((), False)


@settings(max_examples=100, deadline=None)
@given(body=bodies, subject=subjects)
def test_a_notice_comes_back_as_a_robots_mail(body: str, subject: str) -> None:
    """Our own mail to the team is recognised as automatic, so that no two of us answer each other."""
    notice = parse(
        compose_notice(
            body=body,
            subject=subject,
            sender=OURS,
            recipients=[CUSTOMER],
            message_id="<2@acme.example>",
            key="k",
            date=NOW,
        )
    )
    assert flat(notice.text) == flat(body)
    assert notice.subject == flat(one_line(subject, LONGEST_SUBJECT))
    assert notice.automatic
    assert notice.defects == ()
