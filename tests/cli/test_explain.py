"""`explain` and `inspect`: every stage of a mail, without a server."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from router.cli.explain import worded
from router.values import Entity, Message
from tests.acceptance.stage import mail
from tests.cli.builders import REPLY, RULES, Shop, call, write

NOWHERE = """version: 1
mailboxes:
  support:
    address: support@acme.example
    imap: {host: 127.0.0.1, port: 1, tls: none}
    login: {password: {env: NOT_SET}}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A configuration whose server does not exist."""
    write(tmp_path / "replies" / "money" / "first.md", REPLY)
    write(tmp_path / "workflows.yaml", NOWHERE + RULES)
    return tmp_path


def explained(office: Path, raw: bytes, *words: str) -> object:
    (office / "mail.eml").write_bytes(raw)
    config = ["--config", str(office / "workflows.yaml")]
    return call("explain", str(office / "mail.eml"), *config, *words, INBOX_ROUTER_STATE=str(office / "state"))


def test_a_file_is_explained_from_bytes_to_draft(office: Path) -> None:
    """Parsed facts, evidence, every workflow, the folder and the draft, without asking a server."""
    said = explained(office, mail(), "--json")
    assert said.code == 0, said.err
    data = said.data
    assert data["mail"]["from"] == "Jane Miller <jane@client.example>"
    assert data["classification"]["category"] == "money"
    assert (data["decision"]["folder"], data["decision"]["draft"]) == ("Support/Money", "money/first")
    assert {"authentication", "folder", "draft"} <= {line["where"] for line in data["trace"]}
    assert "We are checking this" in data["draft"]["text"]


def test_a_mail_without_draft_says_why(office: Path) -> None:
    """Automatic mail gets no draft, and the reason is printed."""
    said = explained(office, mail(headers={"Auto-Submitted": "auto-replied"}))
    assert "auto-replied" in said.out
    assert "none: " in said.out


def test_hostile_text_is_printed_harmlessly(office: Path) -> None:
    """Escape sequences do not reach the terminal, markup is text, JSON stays JSON."""
    raw = mail("Refund [bold]x[/bold]", "A refund \x1b[31m please \x9b2J \u202e now. [red]y[/red]")
    said = explained(office, raw.replace(b"Jane Miller", b"J \x1b]0;owned\x07 [link=http://x]M[/link]"))
    assert "[bold]x[/bold]" in said.out
    for character in "\x1b\x07\x9b\u202e":
        assert character not in said.out + said.err
    again = explained(office, raw, "--json")
    assert json.loads(again.out)
    assert "\x1b" not in again.out


def test_what_is_neither_file_nor_message_id_is_a_usage_error(office: Path) -> None:
    """Exit code 2."""
    assert call("explain", "nothing.eml", "--config", str(office / "workflows.yaml")).code == 2


@pytest.mark.dovecot
def test_a_message_id_shows_what_was_recorded(shop: Shop) -> None:
    """The trace in the store is shown, with where the mail lies now, also while a daemon runs."""
    shop.append("INBOX", [mail(message_id="<r1@client.example>")])
    shop.once()
    (found,) = shop.with_config("explain", "r1@client.example", "--json").data["messages"]
    assert (found["folder"], found["state"], found["category"]) == ("Support/Money", "filed", "money")
    assert any(line["where"] == "draft" for line in found["trace"])
    assert shop.with_config("explain", "<other@client.example>").code == 1


def test_inspect_answers_line_by_line(tmp_path: Path) -> None:
    """One JSON line per line, in order, whatever the line holds."""
    (tmp_path / "m.eml").write_bytes(mail())
    lines = [{"id": 7, "path": str(tmp_path / "m.eml")}, {"id": "x", "path": str(tmp_path / "none.eml")}]
    text = "".join(json.dumps(line) + "\n" for line in lines) + "no json\n"
    command = [sys.executable, "-m", "router", "inspect", "--jsonl"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [a["id"] for a in answers] == [7, "x", None]
    assert answers[0]["error"] is None
    assert answers[0]["subject"] == "Refund please"
    assert all(a["error"] for a in answers[1:])


@pytest.mark.parametrize(
    ("text", "kind", "value", "shown"),
    [
        ("order 4711", "order", "4711", "4711"),
        ("by Friday", "promise", "by:friday", "by Friday: 2026-11-20"),
        ("avant vendredi", "promise", "before:friday", "avant vendredi: before 2026-11-20"),
        ("2026-11-21", "date", "2026-11-21", "2026-11-21"),
        ("21 листопада", "date", "--11-21", "21 листопада: 2026-11-21"),
        ("11/12/2026", "date", "11/12/2026", "11/12/2026"),
    ],
)
def test_what_was_found_is_shown_in_words(text: str, kind: str, value: str, shown: str) -> None:
    """A date as it was written and as the day it means; one that nobody can read as it was written."""
    message = Message(text=text, date=datetime(2026, 11, 18, 9, tzinfo=UTC))
    assert worded(Entity(kind=kind, value=value, start=0, end=len(text)), message) == shown


def test_without_the_day_of_the_mail_the_value_is_shown() -> None:
    """A relative date means no day in a mail without a Date header."""
    entity = Entity(kind="date", value="tomorrow", start=0, end=6)
    assert worded(entity, Message(text="завтра")) == "завтра: tomorrow"
