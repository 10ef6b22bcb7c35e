"""The parse process: in order, in the background, and still there after a mail killed it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from pathlib import Path

import psutil
import pytest

from router.mail.parse import parse
from router.mail.worker import CROWD, ParseWorker, Request
from tests.mail.builders import raw_mail


def mails(count: int, body: str = "Where is it?") -> list[Request]:
    return [(raw, len(raw)) for raw in (raw_mail(body, Subject=f"Mail {n}") for n in range(count))]


def test_a_batch_comes_back_in_order_and_the_same() -> None:
    """The worker says what `parse` says, in the order of the batch, with the size it was told."""
    batch = [*mails(30), (raw_mail(Subject="large"), 30_000_000)]
    with_worker = ParseWorker()
    try:
        assert with_worker.submit(batch).result(30) == [parse(raw, size=size) for raw, size in batch]
        assert with_worker.submit([]).result() == []
    finally:
        with_worker.close()


def test_large_batches_do_not_block_either_side() -> None:
    """Ten megabytes go in and come out while nobody reads: submit returns at once."""
    with_worker = ParseWorker()
    try:
        tickets = [with_worker.submit(mails(40, "word " * 12_000)) for _ in range(4)]
        assert [len(ticket.result(60)) for ticket in tickets] == [40] * 4
    finally:
        with_worker.close()


def parse_processes(besides: Collection[int] = ()) -> list[psutil.Process]:
    """Our children that parse, but for these; the servers of other tests, and parsers that they share, are others."""
    ours = [one for one in psutil.Process().children() if "router.mail.worker" in " ".join(one.cmdline())]
    return [one for one in ours if one.pid not in besides]


def test_a_backlog_is_shared_by_two_processes_and_the_second_one_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large batch comes back in order; afterwards one process is left."""
    monkeypatch.setattr("router.mail.worker.LINGER", 0.1)
    others = {one.pid for one in parse_processes()}
    with_worker = ParseWorker()
    try:
        found = with_worker.submit(mails(CROWD + 1)).result(60)
        assert [one.subject for one in found] == [f"Mail {n}" for n in range(CROWD + 1)]
        mine = with_worker.pid
        deadline = time.monotonic() + 20
        while (left := parse_processes(others)) and [one.pid for one in left] != [mine]:
            assert time.monotonic() < deadline, left
            time.sleep(0.02)
        assert [one.subject for one in with_worker.submit(mails(CROWD)).result(60)][-1] == f"Mail {CROWD - 1}"
    finally:
        with_worker.close()
    assert parse_processes(others) == []


def test_several_threads_share_a_worker() -> None:
    """Each caller gets its own messages."""
    with_worker = ParseWorker()
    found: dict[int, list[str]] = {}

    def call(number: int) -> None:
        raw = raw_mail(Subject=f"Caller {number}")
        found[number] = [one.subject for one in with_worker.submit([(raw, len(raw))] * 20).result(30)]

    threads = [threading.Thread(target=call, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with_worker.close()
    assert found == {number: [f"Caller {number}"] * 20 for number in range(4)}


SABOTAGE = """
import os, sys, time
from router.mail import worker
import importlib
module = importlib.import_module("router.mail.parse")
honest = module.parse
def parse(raw, *, size=None):
    if b"Subject: crash" in raw: os._exit(9)
    if b"Subject: hang" in raw: time.sleep(60)
    if b"Subject: eat" in raw: bytearray(4 << 30)
    while b"Subject: burn" in raw: pass
    if b"Subject: body" in raw and b"Where" in raw: os._exit(9)
    return honest(raw, size=size)
module.parse = parse
worker.main()
"""


@pytest.fixture
def sabotaged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers whose parser crashes, hangs or eats memory on mails that ask for it."""
    start = subprocess.Popen

    def popen(command: list[str], **options: object) -> object:
        return start([sys.executable, "-c", SABOTAGE, command[-1]], **options)  # type: ignore[call-overload]

    monkeypatch.setattr("router.mail.child.subprocess.Popen", popen)


@pytest.mark.usefixtures("sabotaged")
@pytest.mark.parametrize(
    ("subject", "reason"),
    [("crash", "ended"), ("hang", "too long"), ("eat", "ended"), ("burn", "too long"), ("body", "ended")],
)
def test_a_mail_that_kills_the_parser_is_unreadable_and_its_neighbours_are_fine(subject: str, reason: str) -> None:
    """The culprit is answered after a few tries, from its headers when they can be read; its neighbours are parsed."""
    raw = raw_mail(Subject=subject)
    batch = [*mails(3), (raw, len(raw)), *mails(3)]
    with_worker = ParseWorker(seconds=10.0 if subject == "burn" else 1.0)  # it is stopped by the processor's clock
    try:
        found = with_worker.submit(batch).result(20)
    finally:
        with_worker.close()
    assert reason in found[3].unreadable
    assert found[3].subject == (subject if subject == "body" else "")
    assert [one.subject for one in found if not one.unreadable] == ["Mail 0", "Mail 1", "Mail 2"] * 2


def test_a_killed_worker_is_replaced() -> None:
    """A worker that somebody kills between batches is started again."""
    with_worker = ParseWorker()
    try:
        with_worker.submit(mails(1)).result(30)
        first = with_worker.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert with_worker.submit(mails(2)).result(30)[1].subject == "Mail 1"
        assert with_worker.pid != first
    finally:
        with_worker.close()


def test_closing_ends_the_process_and_calls_nothing_unreadable() -> None:
    with_worker = ParseWorker()
    with_worker.submit(mails(1)).result(30)
    child = with_worker.pid
    assert child is not None
    ticket = with_worker.submit(mails(2000, "word " * 5000))
    with_worker.close()
    with pytest.raises(RuntimeError):
        ticket.result(5)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    with pytest.raises(RuntimeError):
        with_worker.submit(mails(1))


def test_the_process_ends_when_its_parent_is_gone() -> None:
    """A closed stdin is the end, so no worker outlives a killed daemon."""
    child = subprocess.Popen(
        [sys.executable, "-m", "router.mail.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.close()
    assert child.wait(20) == 0
    child.stdout.close()


def test_files_in_the_current_folder_are_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that happens to be called like a module of the standard library does not run in the worker."""
    (tmp_path / "html.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    with_worker = ParseWorker()
    try:
        assert with_worker.submit(mails(1)).result(30)[0].subject == "Mail 0"
    finally:
        with_worker.close()


def test_the_worker_imports_nothing_heavy() -> None:
    """An idle worker holds the parser and no more."""
    code = (
        "import sys, router.mail.worker, router.mail.parse; "
        "print([m for m in ('numpy', 'sklearn', 'pydantic', 'sqlmodel', 'imapclient', "
        "'asyncio') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
