"""Parsing in a process of its own, which can be killed: with limits on memory, processor time and wall clock.

`python -m router.mail.worker` reads frames from stdin, writes frames to stdout and exits when stdin closes. It imports
only `router.mail`, so that it stays small. A request is an eight-octet size and the message's octets, an answer is a
Message as JSON; `child.py` says what a frame is.

`ParseWorker` is the other end. A thread of its own feeds and drains the pipes, so that a caller can do other work while
a batch is parsed and neither side waits for the other's full pipe.
"""

from __future__ import annotations

import os
import struct
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

from router.values import Message, from_json, to_json

from .child import MEMORY, Child, head_of, limit_memory, serve, spawned

_SIZE = struct.Struct("!q")
SECONDS = 10.0  # wall clock per message
TRIES = 3  # per message, in all
CROWD = 200  # messages in a batch that two processes share
LINGER = 5.0  # seconds

Request = tuple[bytes, int]  # (raw octets, the message's size on the server)


# ------------------------------------------------------------------ the parent


class _Batch:
    """Messages that were submitted together, and their answers as they come."""

    def __init__(self, size: int) -> None:
        self.answers: list[Message | None] = [None] * size
        self.done = threading.Event()
        self.abandoned = False
        self._missing = size
        if not size:
            self.done.set()

    def answer(self, place: int, message: Message) -> None:
        """Called by the one thread of the worker."""
        self.answers[place] = message
        self._missing -= 1
        if not self._missing:
            self.done.set()

    def abandon(self) -> None:
        """No more answers will come."""
        self.abandoned = True
        self.done.set()


@dataclass(slots=True, kw_only=True)
class _Job:
    """One message under way: how often it was tried, and where its answer goes."""

    request: Request
    batch: _Batch
    place: int
    tries: int = 0
    gave_up: str = ""  # why only its headers are read

    def frame(self) -> bytes:
        raw, size = self.request
        return _SIZE.pack(size) + (head_of(raw) if self.gave_up else raw)

    def answer(self, message: Message) -> None:
        because = self.gave_up
        if because:
            message = replace(message, unreadable=because, defects=(because, *message.defects))
        self.batch.answer(self.place, message)

    def fail(self, because: str, *, for_good: bool) -> bool:
        """Note that it ended its process; False when it has its answer now and is not to be tried again."""
        if self.gave_up:
            self.answer(Message())
            return False
        if for_good or self.tries >= TRIES:
            self.gave_up = because
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A batch in flight, in one piece or two."""

    pieces: tuple[_Batch, ...]

    def result(self, timeout: float | None = None) -> list[Message]:
        """The messages in the order of the batch; waits for them.

        Raises TimeoutError after `timeout` seconds, RuntimeError when the worker was closed before they were parsed.
        """
        until = None if timeout is None else monotonic() + timeout
        for piece in self.pieces:
            if not piece.done.wait(None if until is None else max(0.0, until - monotonic())):
                raise TimeoutError("the batch is not parsed yet")
            if piece.abandoned:
                raise RuntimeError("the parse worker is closed")
        return [message for piece in self.pieces for message in piece.answers if message is not None]


class ParseWorker:
    """One parse process, started with the first batch and again whenever it died or was killed.

    A message that stalls or kills it is tried three times in all, alone after the first time; one that took too much
    processor time is not. Then only its headers are read and it is answered as unreadable. The other messages of its
    batch are parsed as if nothing had happened. Usable from several threads.

    Half of a large batch goes to a helper: a worker of its own, whose process ends when it had nothing to do for
    `linger` seconds.
    """

    def __init__(self, *, memory: int = MEMORY, seconds: float = SECONDS, linger: float | None = None) -> None:
        self._memory = memory
        self._seconds = seconds
        self._linger = linger
        self._helper: ParseWorker | None = None
        self._changed = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._suspects: deque[_Job] = deque()
        self._closed = False
        self._child: Child | None = None
        self._thread: threading.Thread | None = None

    def submit(self, batch: Sequence[Request]) -> Ticket:
        """Take a batch and return at once. Raises RuntimeError after `close`."""
        if len(batch) < CROWD or self._linger is not None:
            return Ticket(pieces=(self._take(batch),))
        with self._changed:
            if self._helper is None and not self._closed:
                self._helper = ParseWorker(memory=self._memory, seconds=self._seconds, linger=LINGER)
        middle = len(batch) // 2
        mine = self._take(batch[:middle])
        return Ticket(pieces=(mine, (self._helper or self)._take(batch[middle:])))

    def _take(self, batch: Sequence[Request]) -> _Batch:
        answers = _Batch(len(batch))
        with self._changed:
            if self._closed:
                raise RuntimeError("the parse worker is closed")
            self._waiting.extend(_Job(request=one, batch=answers, place=place) for place, one in enumerate(batch))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="parse-worker", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return answers

    def warm_up(self) -> None:
        """Start the process now, beside what the caller does next, so that the first mail does not wait for it."""
        self.submit([(b"\r\n", 2)])

    def close(self) -> None:
        """End the process. Who waits for what is in flight gets a RuntimeError: nothing is known of those mails."""
        with self._changed:
            self._closed = True
            child, thread, helper = self._child, self._thread, self._helper
            self._changed.notify_all()
        if helper is not None:
            helper.close()
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
            job.batch.abandon()
        self._stop()

    def _next(self) -> list[_Job] | None:
        """The jobs to send together: one suspect alone, else all that wait; None when closed."""
        with self._changed:
            while not (self._closed or self._suspects or self._waiting):
                if not self._changed.wait(self._linger if self._child else None):
                    self._forget_child()
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
        child.send(job.frame() for job in jobs)
        for place, job in enumerate(jobs):
            job.tries += 1
            answer = child.receive(self._seconds)
            if answer is None:
                because, for_good = child.why(), child.overspent()
                self._stop()
                if self._closed or job.fail(because, for_good=for_good):
                    self._suspects.append(job)
                self._suspects.extend(jobs[place + 1 :])
                return
            job.answer(from_json(answer, Message))

    def _started(self) -> Child:
        with self._changed:
            if self._child is None or not self._child.is_alive():
                self._forget_child()
                self._child = spawned("router.mail.worker", memory=self._memory)
            return self._child

    def _stop(self) -> None:
        with self._changed:
            self._forget_child()

    def _forget_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.close()


def main() -> None:
    """The child's life."""
    from .parse import parse

    def handle(frame: bytes) -> bytes:
        (size,) = _SIZE.unpack_from(frame)
        return to_json(parse(frame[_SIZE.size :], size=size))

    os.nice(5)  # the process that decides goes first: reading mail early gains nothing
    limit_memory(int(sys.argv[1]) if len(sys.argv) > 1 else MEMORY)
    serve(sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb"), handle)


if __name__ == "__main__":
    main()
