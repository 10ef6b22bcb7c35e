"""Real mail of public projects: needs the corpora in INBOX_ROUTER_CORPORA (a folder with manifest.jsonl)."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from router.mail.parse import parse
from router.values import Message, from_json, to_json
from tests import conftest

pytestmark = pytest.mark.corpora

Case = tuple[dict[str, Any], bytes, Message]


@pytest.fixture(scope="module")
def corpora() -> Path:
    folder = os.environ.get("INBOX_ROUTER_CORPORA", "")
    if not folder:
        message = "CORPUS TESTS DID NOT RUN: set INBOX_ROUTER_CORPORA to the folder with manifest.jsonl"
        conftest._did_not_run.add(message)  # said at the end; the corpora are no part of the repository, so no failure
        pytest.skip(message)
    return Path(folder)


@pytest.fixture(scope="module")
def cases(corpora: Path) -> list[Case]:
    """Every message of the corpora with what is known about it, and what we read."""
    return list(_read(corpora))


def _read(corpora: Path) -> Iterator[Case]:
    for line in (corpora / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        raw = (corpora / case["path"]).read_bytes()
        yield case, raw, parse(raw)


def _of(cases: list[Case], task: str) -> list[Case]:
    found = [one for one in cases if one[0]["task"] == task]
    assert len(found) > 50
    return found


def _has_own_text(raw: bytes) -> bool:
    """Whether the standard library finds a body with three words that are not quoted."""
    try:
        body = email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain", "html"))
        text = "" if body is None else str(body.get_content())
    except (LookupError, ValueError, AttributeError, TypeError, KeyError):
        return False
    if "\ufffd" in text[:200]:
        return False
    if body is not None and body.get_content_type() == "text/html":
        text = re.sub(r"(?is)<(script|style|title).*?</\1>|<[^>]*>|&\w+;", " ", text)
    own = [line for line in text.splitlines() if not line.lstrip().startswith(">")]
    return len(re.findall(r"\w{2,}", " ".join(own))) >= 3


def test_every_message_is_read(cases: list[Case]) -> None:
    """None raises, none is refused, and each can be carried between processes."""
    assert [case["id"] for case, _, message in cases if message.unreadable] == []
    assert [case["id"] for case, _, message in cases if from_json(to_json(message), Message) != message] == []


def test_no_text_is_lost(cases: list[Case]) -> None:
    """Where the standard library finds a person's text, so do we."""
    assert [case["id"] for case, raw, message in _of(cases, "mime") if not message.text and _has_own_text(raw)] == []


def test_subjects_and_texts_are_as_their_projects_expect(cases: list[Case]) -> None:
    """At least 98 % of the expectations about subject and text hold."""
    held = []
    for case, _, message in _of(cases, "mime"):
        expected = case.get("expect") or {}
        flat = " ".join(message.text.split())
        if "subject" in expected:
            held.append(" ".join(message.subject.split()) == " ".join(expected["subject"].split()))
        held += [" ".join(snippet.split()) in flat for snippet in expected.get("text_contains", ())]
    assert sum(held) / len(held) >= 0.98


def test_robots_are_recognised(cases: list[Case]) -> None:
    """A robot that gets a draft is a failure: at least 99 % are seen as what they are."""
    robots = [message for case, _, message in _of(cases, "auto") if case["label"] == "auto"]
    assert sum(message.automatic for message in robots) >= 0.99 * len(robots)


def test_people_are_not_taken_for_robots(cases: list[Case]) -> None:
    """At most two mails labelled `human` are called automatic; by their words both are out-of-office notes."""
    wrong = [message for case, _, message in _of(cases, "auto") if case["label"] == "human" and message.automatic]
    assert [one.subject for one in wrong if "out of the office" not in one.text] == []
    assert len(wrong) <= 2


def test_list_mail_is_marked_and_not_automatic(cases: list[Case]) -> None:
    of_lists = [message for case, _, message in _of(cases, "auto") if case["label"] == "list"]
    assert sum(message.automatic for message in of_lists) == 0
    assert sum(message.is_list for message in of_lists) >= 0.99 * len(of_lists)


def test_quotes_are_removed(cases: list[Case]) -> None:
    """At least 86 % of the new texts are exactly as expected, although the sources' policies differ."""
    exact = []
    for case, _, message in _of(cases, "quote"):
        expected = case["expect"]
        accepted = [""] if expected.get("text_empty") else [expected.get("text"), *expected.get("alt", ())]
        accepted = [" ".join(one.split()) for one in accepted if one is not None]
        if accepted:
            exact.append(" ".join(message.text.split()) in accepted)
    assert sum(exact) / len(exact) >= 0.86
