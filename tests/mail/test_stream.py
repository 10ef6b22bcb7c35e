"""`inspect --jsonl` as a process: order, children that are killed, memory, and pipes that close."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.mail.builders import raw_mail

HONEST = [sys.executable, "-m", "router", "inspect", "--jsonl"]
# Crashes, hangs, burns time or eats memory on mails that ask for it; "once" only the first time, "head" with any body.
SABOTAGE = """
import os, sys, time
from router.mail import inspect, stream
honest = inspect.parse
def parse(raw, *, size=None, details=True):
    whole = b"\\nbody" in raw
    if whole and b"Subject: crash" in raw: os._exit(9)
    if whole and b"Subject: hang" in raw: time.sleep(60)
    if whole and b"Subject: eat" in raw: bytearray(4 << 30)
    if whole and b"Subject: burn" in raw:
        while True: pass
    if whole and b"Subject: once" in raw and not os.path.exists(sys.argv[1]):
        open(sys.argv[1], "w").close()
        os._exit(9)
    if b"Subject: always" in raw: os._exit(9)
    return honest(raw, size=size)
inspect.parse = parse
sys.exit(stream.inspect(seconds=2.0))
"""


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ask(process: subprocess.Popen[bytes], number: int, path: Path) -> dict[str, Any]:
    """One line in, one answer out, with standard input left open."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(request(number, path))
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def request(number: int, path: Path) -> bytes:
    return json.dumps({"id": number, "path": str(path)}).encode() + b"\n"


def run(lines: bytes, *command: str) -> list[dict[str, Any]]:
    done = subprocess.run(command or HONEST, input=lines, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "a.eml"
    path.write_bytes(raw_mail("Where is it?"))
    return path


def test_many_lines_are_answered_in_order(tmp_path: Path, mail: Path) -> None:
    """More than are taken at once, small and large ones mixed, a broken one and one without an end among them."""
    large = tmp_path / "large.eml"
    large.write_bytes(raw_mail("word " * 50_000))
    lines = [request(n, large if n % 100 == 7 else mail) for n in range(3000)]
    lines[5] = b"{\n"
    lines[6] = b"\n"
    lines[8] = b"x" * 3_000_000 + b"\n"
    found = run(b"".join(lines).rstrip(b"\n"))
    assert [one["id"] for one in found] == [None if n in (5, 6, 8) else n for n in range(3000)]
    assert sum(one["error"] is None for one in found) == 2997
    assert run(b"") == []


def test_a_line_is_answered_at_once(mail: Path) -> None:
    """Somebody who waits for the answer before writing the next line gets it."""
    with running(HONEST) as process:
        assert [ask(process, n, mail)["id"] for n in range(3)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("subject", "defect"),
    [
        ("crash", "headers"),
        ("hang", "headers"),
        ("eat", "headers"),
        ("burn", "headers"),
        ("once", ""),
        ("always", None),
    ],
)
def test_a_mail_that_kills_its_reader_is_answered_and_its_neighbours_too(
    tmp_path: Path, mail: Path, subject: str, defect: str | None
) -> None:
    """From its headers, when they can be read; whole, when it was not to blame."""
    bad = tmp_path / "bad.eml"
    bad.write_bytes(raw_mail("\nbody", Subject=subject))
    lines = b"".join(request(n, bad if n == 20 else mail) for n in range(60))
    found = run(lines, sys.executable, "-c", SABOTAGE, str(tmp_path / "was here"))
    assert [one["id"] for one in found] == list(range(60))
    assert {one["text"] for one in found if one["id"] != 20} == {"Where is it?"}
    answer = found[20]
    assert answer["error"] is None if defect is not None else "too much" in answer["error"]
    assert answer["subject"] == (subject if defect is not None else "")
    assert answer["text"] == ("body" if subject == "once" else "")
    assert (defect or "") in " ".join(answer["defects"])


def test_a_child_that_somebody_kills_is_replaced(mail: Path) -> None:
    with running(HONEST) as process:
        ask(process, 1, mail)
        for child in psutil.Process(process.pid).children():
            child.kill()
        assert ask(process, 2, mail)["text"] == "Where is it?"


@pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_no_child_outlives_its_parent(mail: Path, end: signal.Signals, code: int) -> None:
    with running(HONEST) as process:
        ask(process, 1, mail)
        children = psutil.Process(process.pid).children()
        assert children
        process.send_signal(end)
        assert process.wait(20) == code
        gone, alive = psutil.wait_procs(children, timeout=20)
        assert len(gone) == len(children), alive
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_reader_that_goes_away_ends_it_quietly(mail: Path) -> None:
    """As `head` does."""
    with running(HONEST) as process:
        ask(process, 1, mail)
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(request(2, mail))
        process.stdin.flush()
        assert process.wait(20) == 1
        assert process.stderr.read() == b""


def test_memory_stays_bounded_while_one_line_holds_up_the_others(tmp_path: Path) -> None:
    """What comes after a slow line is read ahead only so far, although standard input has no end."""
    slow, large = tmp_path / "slow.eml", tmp_path / "large.eml"
    slow.write_bytes(raw_mail("\nbody", Subject="hang"))
    large.write_bytes(raw_mail("word " * 13_000))
    with running([sys.executable, "-c", SABOTAGE.replace("seconds=2.0", "seconds=60.0"), "none"]) as process:
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        block = request(0, slow) + request(1, large) * 500
        until, written = time.monotonic() + 2, 0
        while time.monotonic() < until:
            try:
                written += os.write(process.stdin.fileno(), block[written:])
                block = request(1, large) * 500 if written >= len(block) else block
                written %= len(block)
            except BlockingIOError:
                time.sleep(0.02)
        assert psutil.Process(process.pid).memory_info().rss < 120 * 2**20
