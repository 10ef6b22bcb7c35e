"""What one line is answered. The stream of them is in test_stream.py."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from router.mail.inspect import HEADERS, LONGEST_LINE, NOTHING, START, answer, answer_line
from router.mail.parse import LARGEST, parse
from tests.mail.builders import raw_mail

KEYS = ["id", "text", "subject", "from", "auto_submitted", "list", "language", "defects", "error"]


def answers(*requests: object) -> list[dict[str, Any]]:
    lines = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in requests]
    return [json.loads(answer_line(line)) for line in lines]


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


@pytest.mark.parametrize(
    "asked",
    ["1.0", "123456789012345678901234567890", '{"a" : [1e3, null]}', '"\\ud800"', '"п"', "true"],
)
def test_the_id_comes_back_as_it_was_written(asked: str) -> None:
    """Also a number that no float holds, and a string that is no Unicode text."""
    line = answer_line(f'{{"id": {asked}, "path": "/nowhere"}}'.encode())
    assert json.loads(line)["id"] == json.loads(asked)
    assert line.startswith(f'{{"id":{asked},'.encode())


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"   \r",
        b'{"id": NaN, "path": "/nowhere"}',
        b'{"id": "\xff", "path": "/nowhere"}',
        b'{"id": ' + b"[" * 50_000 + b"]" * 50_000 + b', "path": "/nowhere"}',
        b'{"id": 1, "path": "' + b"a" * LONGEST_LINE + b'"}',
    ],
    ids=["empty", "blank", "NaN", "not UTF-8", "deep", "long"],
)
def test_what_is_no_request_is_answered_with_the_reason(line: bytes) -> None:
    answer = json.loads(answer_line(line))
    assert list(answer) == KEYS
    assert answer["id"] is None
    assert answer["error"].startswith("not a request: ")


def test_a_byte_order_mark_and_a_carriage_return_do_no_harm(tmp_path: Path) -> None:
    """As Windows writes the first line of a file."""
    (tmp_path / "a.eml").write_bytes(raw_mail("Where is it?"))
    line = b"\xef\xbb\xbf" + json.dumps({"id": 1, "path": str(tmp_path / "a.eml")}).encode() + b"\r"
    assert answers(line)[0]["text"] == "Where is it?"


def test_a_file_name_that_is_not_text_is_found(tmp_path: Path) -> None:
    """Python, and others, write the octets of such a name as lone surrogates."""
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xe9.eml")
    Path(path).write_bytes(raw_mail("Where is it?"))
    assert answers({"id": 1, "path": path})[0]["text"] == "Where is it?"


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    """A FIFO that nobody writes to, a folder and an endless device do not hold us."""
    os.mkfifo(tmp_path / "fifo")
    found = answers(*({"id": 1, "path": path} for path in (str(tmp_path / "fifo"), str(tmp_path), "/dev/zero")))
    assert [one["error"] for one in found] == ["cannot be read: not a regular file"] * 3


def test_a_file_that_does_not_know_its_size_is_read() -> None:
    """As those below /proc."""
    assert answers({"id": 1, "path": "/proc/self/status"})[0]["error"] is None


def test_later_tries_read_less_and_say_so(tmp_path: Path) -> None:
    """The first 64 KB, then the headers, then only that it could not be read."""
    path = tmp_path / "a.eml"
    path.write_bytes(raw_mail("Where is it?\n" + "\n" * 70_000 + "At the end"))
    line = json.dumps({"id": 1, "path": str(path)}).encode()
    start, headers, nothing = (json.loads(answer_line(line, step)) for step in (START, HEADERS, NOTHING))
    assert start["text"] == "Where is it?"
    assert headers["text"] == ""
    assert [one["subject"] for one in (start, headers, nothing)] == ["A question", "A question", ""]
    assert headers["from"] == "Jane Miller <jane@customer.example>"
    assert "64 KB" in start["defects"][-1]
    assert "headers" in headers["defects"][-1]
    assert [one["error"] is None for one in (start, headers, nothing)] == [True, True, False]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("jöhn@mächine.example", "jöhn@mächine.example"),
        ("a@xn--mchine-bua.example", "a@mächine.example"),
        ("іван@пошта.укр", "іван@пошта.укр"),
        ("service@pаypal.example", "service@xn--pypal-4ve.example"),  # a Cyrillic а
    ],
)
def test_an_international_domain_is_shown_in_its_letters_unless_it_is_a_disguise(
    tmp_path: Path, written: str, shown: str
) -> None:
    """As browsers do: people read mächine, and see at once what only looks like a firm they know."""
    path = tmp_path / "a.eml"
    path.write_bytes(f"From: {written}\nSubject: a\n\nb\n".encode())
    assert answers({"id": 1, "path": str(path)})[0]["from"] == shown


def test_an_answer_needs_no_details() -> None:
    """What is left out of the reading for `inspect` is in none of its answers."""
    raw = raw_mail("Hello,\n\nwhere is order 1234? By Friday please.\n\nBest,\nJane")
    assert answer(parse(raw, details=False)) == answer(parse(raw))
    assert parse(raw).entities
    assert not parse(raw, details=False).entities
