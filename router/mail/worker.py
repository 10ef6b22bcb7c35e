"""Parsing in a process of its own, which can be killed: with a memory limit and a wall-clock limit per message.

`python -m router.mail.worker` reads frames from stdin, writes frames to stdout and exits when stdin closes. It imports
only `router.mail`, so that it stays small. A frame is a four-octet length and that many octets; a request is an
eight-octet size and the message's octets, an answer is a Message as JSON.

`ParseWorker` is the other end. Two threads feed and drain the pipes, so that a caller can do other work while a batch
is parsed and neither side waits for the other's full pipe.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import IO, BinaryIO

from router.values import Message, from_json, to_json

_LENGTH = struct.Struct("!I")
_SIZE = struct.Struct("!q")
MEMORY = 512 * 1024 * 1024  # octets above what the worker has when idle
SECONDS = 10.0  # wall clock per message
TRIES = 3  # per message, in all

Request = tuple[bytes, int]  # (raw octets, the message's size on the server)


# ------------------------------------------------------------------ the child


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer one frame after the other until `requests` ends."""
    from .parse import parse

    while (frame := _read_frame(requests)) is not None:
        (size,) = _SIZE.unpack_from(frame)
        answer = to_json(parse(frame[_SIZE.size :], size=size))
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def limit_memory(above: int) -> None:
    """Let this process take at most `above` octets of address space more than it has now."""
    import resource

    now = int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + above, now + above))


def _read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame, None at the end of the stream or when it ends inside a frame."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


# ------------------------------------------------------------------ the parent


@dataclass(slots=True, kw_only=True)
class _Job:
    """One message under way: how often it was tried, and where its answer goes."""

    request: Request
    answer: Future[Message]
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A batch in flight."""

    answers: tuple[Future[Message], ...]

    def result(self, timeout: float | None = None) -> list[Message]:
        """The messages in the order of the batch; waits for them. Raises TimeoutError after `timeout` seconds."""
        until = None if timeout is None else monotonic() + timeout
        return [one.result(None if until is None else max(0.0, until - monotonic())) for one in self.answers]


class ParseWorker:
    """One parse process, started with the first batch and again whenever it died or was killed.

    A message that stalls or kills it is tried three times in all, alone after the first time, and then answered as
    unreadable; the other messages of its batch are parsed as if nothing had happened. Usable from several threads.
    """

    def __init__(self, *, memory: int = MEMORY, seconds: float = SECONDS) -> None:
        self._memory = memory
        self._seconds = seconds
        self._changed = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._suspects: deque[_Job] = deque()
        self._closed = False
        self._child: _Child | None = None
        self._thread: threading.Thread | None = None

    def submit(self, batch: Sequence[Request]) -> Ticket:
        """Take a batch and return at once. Raises RuntimeError after `close`."""
        jobs = [_Job(request=one, answer=Future()) for one in batch]
        with self._changed:
            if self._closed:
                raise RuntimeError("the parse worker is closed")
            self._waiting.extend(jobs)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="parse-worker", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return Ticket(answers=tuple(job.answer for job in jobs))

    def close(self) -> None:
        """End the process. What is still in flight is answered as unreadable."""
        with self._changed:
            self._closed = True
            child, thread = self._child, self._thread
            self._changed.notify_all()
        if child is not None:
            child.kill()
        if thread is not None:
            thread.join()

    @property
    def pid(self) -> int | None:
        """The process id of the running child, None when there is none."""
        child = self._child
        return child.pid if child is not None and child.is_alive() else None

    # Everything below runs in the one thread of this worker.

    def _run(self) -> None:
        while (jobs := self._next()) is not None:
            self._parse(jobs)
        for job in (*self._suspects, *self._waiting):
            _give_up(job, "the parse worker was closed")
        self._stop()

    def _next(self) -> list[_Job] | None:
        """The jobs to send together: one suspect alone, else all that wait; None when closed."""
        with self._changed:
            while not (self._closed or self._suspects or self._waiting):
                self._changed.wait()
            if self._closed:
                return None
            if self._suspects:
                return [self._suspects.popleft()]
            jobs = list(self._waiting)
            self._waiting.clear()
            return jobs

    def _parse(self, jobs: list[_Job]) -> None:
        """Send the jobs and take their answers in order; what is left when the child fails is tried again alone."""
        child = self._started()
        child.send([job.request for job in jobs])
        for place, job in enumerate(jobs):
            job.tries += 1
            message = child.receive(self._seconds)
            if message is None:
                because = child.why()
                self._stop()
                if job.tries >= TRIES:
                    _give_up(job, because)
                else:
                    self._suspects.append(job)
                self._suspects.extend(jobs[place + 1 :])
                return
            job.answer.set_result(message)

    def _started(self) -> _Child:
        with self._changed:
            if self._child is None or not self._child.is_alive():
                self._child = _Child(memory=self._memory)
            return self._child

    def _stop(self) -> None:
        with self._changed:
            child, self._child = self._child, None
        if child is not None:
            child.kill()


def _give_up(job: _Job, because: str) -> None:
    job.answer.set_result(Message(unreadable=because, defects=(because,)))


@dataclass(slots=True)
class _Inbox:
    """Answers that came and were not taken yet."""

    messages: deque[Message] = field(default_factory=deque)
    ended: bool = False


class _Child:
    """One running process with a writing and a reading thread."""

    def __init__(self, *, memory: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603  our own module under our own interpreter
            [sys.executable, "-m", "router.mail.worker", str(memory)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True,
        )  # fmt: skip
        self._came = threading.Condition()
        self._inbox = _Inbox()
        self._late = False
        self._outbox: deque[Request] = deque()
        for work in (self._write, self._read):
            threading.Thread(target=work, name=f"parse-worker-{work.__name__}", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def send(self, requests: list[Request]) -> None:
        with self._came:
            self._outbox.extend(requests)
            self._came.notify_all()

    def receive(self, seconds: float) -> Message | None:
        """The next answer, None when the child died or took longer than `seconds`."""
        until = monotonic() + seconds
        with self._came:
            while not self._inbox.messages:
                left = until - monotonic()
                if self._inbox.ended or left <= 0:
                    self._late = left <= 0
                    return None
                self._came.wait(left)
            return self._inbox.messages.popleft()

    def why(self) -> str:
        """What went wrong when `receive` returned None."""
        return "parsing took too long" if self._late else "parsing ended the parse worker (too much memory, or a crash)"

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        with self._came:
            self._inbox.ended = True
            self._came.notify_all()

    def _write(self) -> None:
        stream = self._process.stdin
        assert stream is not None  # noqa: S101  for the type checker: Popen was told to open it
        with stream:
            while (request := self._next_request()) is not None:
                raw, size = request
                try:
                    stream.write(_LENGTH.pack(_SIZE.size + len(raw)) + _SIZE.pack(size) + raw)
                    stream.flush()
                except (BrokenPipeError, ValueError):
                    return  # the child is gone; `receive` tells

    def _next_request(self) -> Request | None:
        with self._came:
            while not self._outbox and not self._inbox.ended:
                self._came.wait()
            return self._outbox.popleft() if self._outbox and not self._inbox.ended else None

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None  # noqa: S101  for the type checker: Popen was told to open it
        with stream:
            while (frame := _read_frame(stream)) is not None:
                message = from_json(frame, Message)
                with self._came:
                    self._inbox.messages.append(message)
                    self._came.notify_all()
        with self._came:
            self._inbox.ended = True
            self._came.notify_all()


def main() -> None:
    """The child's life."""
    limit_memory(int(sys.argv[1]) if len(sys.argv) > 1 else MEMORY)
    serve(sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb"))


if __name__ == "__main__":
    main()
