"""The machine interface: one answer per line, in order, whatever happens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from router.mail.inspect import inspect_lines
from router.mail.parse import LARGEST
from tests.mail.builders import raw_mail

KEYS = ["id", "text", "subject", "from", "auto_submitted", "list", "language", "defects", "error"]


def answers(*requests: object) -> list[dict[str, Any]]:
    lines = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in requests]
    return [json.loads(line) for line in inspect_lines(lines)]


def test_a_message_is_answered_with_every_key(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(raw_mail("Where is it?\n\n> quoted"))
    (answer,) = answers({"id": 7, "path": str(path)})
    assert list(answer) == KEYS
    assert answer == {
        "id": 7,
        "text": "Where is it?",
        "subject": "A question",
        "from": "Jane Miller <jane@customer.example>",
        "auto_submitted": False,
        "list": False,
        "language": "en",
        "defects": [],
        "error": None,
    }


def test_bad_lines_are_answered_in_their_place(tmp_path: Path) -> None:
    """A line that is no request, or names no readable file, gets an error; its neighbours get answers."""
    path = tmp_path / "a.eml"
    path.write_bytes(raw_mail())
    good = {"id": {"any": ["thing"]}, "path": str(path)}
    found = answers(
        b"{broken",
        good,
        {"id": "x", "path": str(tmp_path / "missing")},
        [1],
        {"id": 2},
        {"id": 3, "path": "a\0b"},
        b"\xff",
        good,
    )
    assert [list(one) for one in found] == [KEYS] * 8
    assert [one["error"] is None for one in found] == [False, True, False, False, False, False, False, True]
    assert [one["id"] for one in found] == [None, {"any": ["thing"]}, "x", None, 2, 3, None, {"any": ["thing"]}]
    assert found[0]["text"] == found[0]["from"] == ""
    assert found[0]["auto_submitted"] is False


def test_over_limit_mail_is_answered_without_an_error(tmp_path: Path) -> None:
    """What can be said about a too large file is said; the limit is a defect."""
    path = tmp_path / "a.eml"
    with path.open("wb") as file:
        file.write(raw_mail("Where is it?\n"))
        file.truncate(LARGEST + 10)
    (answer,) = answers({"id": 1, "path": str(path)})
    assert answer["error"] is None
    assert answer["subject"] == "A question"
    assert answer["text"] == "Where is it?"
    assert any("larger" in defect for defect in answer["defects"])


def test_from_is_always_a_string(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(raw_mail(From=None))
    assert answers({"id": 1, "path": str(path)})[0]["from"] == ""
