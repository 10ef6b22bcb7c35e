"""The demo is told once, by the real daemon on the embedded server; what it says and writes must be true."""

import json
from collections import Counter
from dataclasses import dataclass
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from router.config.loading import load
from router.config.starter import starter_root
from router.demo import office, story
from router.demo.found import Found, objections
from router.demo.letters import SUPPORT
from router.demo.mails import LETTERS, demo_mails
from router.demo.server import DemoServer

MOST_LINES = 40


@dataclass(frozen=True)
class Told:
    code: int
    lines: list[str]
    left_behind: list[Path]
    written: dict[str, Any]

    def of(self, subject: str) -> dict[str, str]:
        found: list[dict[str, str]] = [mail for mail in self.written["mails"] if mail["subject"] == subject]
        assert len(found) == 1
        return found[0]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The demo takes seconds, so it is told once for all tests."""
    lines: list[str] = []
    out, spare = tmp_path_factory.mktemp("out"), tmp_path_factory.mktemp("spare")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "_say", lines.append)
        patch.setattr("tempfile.tempdir", str(spare))
        code = story.tell(out, keep=False)
    written = json.loads((out / "demo.json").read_text(encoding="utf-8"))
    return Told(code=code, lines=lines, left_behind=list(spare.iterdir()), written=written)


def mail_of(source: str) -> EmailMessage:
    return message_from_string(source, policy=policy.default)


def folder_of(category: str) -> str:
    """Where the shipped rules put a category; the demo must follow them, not know them."""
    loaded = load(starter_root() / "workflows.yaml").configuration
    assert loaded is not None
    found = loaded.rules.category(category)
    assert found is not None
    assert found.folder
    return found.folder


def test_it_ends_well_and_briefly(told: Told) -> None:
    """Exit code 0, at most forty lines, six beats in order, and what to do next."""
    assert told.code == 0, told.lines
    assert len(told.lines) <= MOST_LINES
    assert [line[0] for line in told.lines if line[0].isdigit()] == list("123456")
    assert told.lines[-1] == "Now yours: inbox-router try you@your-company.example"


def test_nothing_is_left_on_this_machine(told: Told) -> None:
    """The temporary directory is gone."""
    assert told.left_behind == []


def test_every_mail_is_told_with_folder_and_reason(told: Told) -> None:
    """demo.json lists each delivered mail once; nothing was lost, and nothing lies anywhere without a reason."""
    mails = told.written["mails"]
    assert len(mails) == len(demo_mails(story.A_MONDAY))
    assert all(set(mail) == {"subject", "folder", "reason"} for mail in mails)
    assert all(mail["folder"] and mail["reason"] for mail in mails)
    assert {letter.subject for letter in LETTERS} <= {mail["subject"] for mail in mails}


@pytest.mark.parametrize("language", ["en", "uk", "ru", "sr", "mn"])
@pytest.mark.parametrize("topic", ["refund", "cancel", "faq", "billing", "technical", "complaint"])
def test_mail_lies_where_its_topic_belongs(told: Told, language: str, topic: str) -> None:
    """In each of five languages, each usual topic is found in the folder that the shipped rules give it."""
    subject = next(letter.subject for letter in LETTERS if letter.key == f"{language}-{topic}")
    assert told.of(subject)["folder"] == folder_of(topic)


def test_the_ukrainian_refund_has_a_ukrainian_draft_that_threads(told: Told) -> None:
    """The draft answers her mail by its Message-ID, in her language, to her alone, with her order in it."""
    letter = next(letter for letter in LETTERS if letter.key == "uk-refund")
    draft = mail_of(told.written["draft"])
    parent = "<uk-refund@poshta.example>"
    assert draft["In-Reply-To"] == parent
    assert parent in draft["References"]
    assert letter.address in draft["To"]
    body = draft.get_content()
    assert "повернути кошти за замовлення № 48213" in body
    assert "> З повагою," in body


def test_a_liar_gets_no_folder_of_honour(told: Told) -> None:
    """The forged VIP lies apart from the real one, and its reason says that the check failed."""
    forged, real = told.of("Urgent: change our bank details today"), told.of("Delivery for the board meeting")
    assert real["folder"] == "Support/VIP"
    assert forged["folder"] != real["folder"]
    assert "dmarc=fail" in forged["reason"]


def test_poison_is_put_aside_with_its_reason(told: Told) -> None:
    """What cannot be read lies in the folder for that, where agents see it."""
    poison = told.of("Please read")
    assert poison["folder"] == "Support/Could not read"
    assert "nested" in poison["reason"]


def test_the_next_mail_goes_where_the_agent_put_its_like(told: Told) -> None:
    """One move teaches: the first gift card lies where a person put it, the second went there by itself."""
    assert told.of("Gift card for my sister") == {
        "subject": "Gift card for my sister",
        "folder": folder_of("faq"),
        "reason": "a person moved it here",
    }
    assert told.of("My gift card")["folder"] == folder_of("faq")
    assert "an agent moved to faq" in told.of("My gift card")["reason"]


def test_the_team_is_reminded_and_nobody_else(told: Told) -> None:
    """The reminder goes from the mailbox to the team and names the customer who waits."""
    reminder = mail_of(told.written["reminder"])
    assert [a.addr_spec for a in reminder["To"].addresses] == ["olha@acme.example", "bat@acme.example"]
    assert reminder["From"].addresses[0].addr_spec == SUPPORT
    assert "Оксана Шевчук" in reminder.get_content()


def test_a_lost_doubled_or_changed_mail_is_an_objection() -> None:
    """The last check of the demo can fail: it counts every mail and every draft."""
    here = [Found(folder="INBOX", uid=n, raw=raw, flags=()) for n, raw in enumerate([b"a", b"b"], 1)]
    assert objections(here, [b"a", b"b"], Counter()) == []
    assert len(objections(here, [b"a"], Counter())) == 1
    assert len(objections(here, [b"a", b"b", b"b"], Counter())) == 1
    assert len(objections(here, [b"a", b"c"], Counter())) == 2
    assert objections(here, [b"a", b"b"], Counter({"<x@y>": 2})) == ["2 drafts answer <x@y>"]


def test_only_the_mailbox_of_the_rules_is_replaced(tmp_path: Path) -> None:
    """The demo runs on the shipped rules, whatever mailboxes block they have, and all of them."""
    rules = "people: {lead: l@x.example}\ncategories:\n  refund: Money\n"
    own = "version: 1\n# mine\n\nmailboxes:\n  a:\n    address: a@x.example\n# note\n  b: {address: b@x.example}\n\n"
    server = DemoServer({})
    for text in (own + rules, rules + own):
        config = tmp_path / "workflows.yaml"
        config.write_text(office.overlaid(text, server, tmp_path / "password").replace("port: 0", "port: 1"))
        loaded = load(config)
        assert loaded.configuration is not None, loaded.problems
        assert [m.address for m in loaded.configuration.mailboxes] == [SUPPORT]
        assert [c.folder for c in loaded.configuration.rules.categories] == ["Money"]
        assert [p.name for p in loaded.configuration.rules.people] == ["lead"]
