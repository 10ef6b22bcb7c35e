"""Parsing in a process of its own, which can be killed: with a memory limit and a wall-clock limit per message.

`python -m router.mail.worker` reads frames from stdin, writes frames to stdout and exits when stdin closes. It imports
only `router.mail`, so that it stays small. A frame is a four-octet length and that many octets; a request is an
eight-octet size and the message's octets, an answer is a Message as JSON.

`ParseWorker` is the other end. A thread of its own feeds and drains the pipes, so that a caller can do other work while
a batch is parsed and neither side waits for the other's full pipe.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import IO, BinaryIO

from router.values import Message, from_json, to_json

_LENGTH = struct.Struct("!I")
_SIZE = struct.Struct("!q")
MEMORY = 512 * 1024 * 1024  # octets above what the worker has when idle
SECONDS = 10.0  # wall clock per message
TRIES = 3  # per message, in all
CROWD = 200  # messages in a batch that two processes share
LINGER = 5.0  # seconds
_PIPE = 1024 * 1024  # octets in a pipe: what the kernel lets anybody ask for
_PIECES = 256  # messages in one write; the kernel takes 1024

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

    def answer(self, message: Message) -> None:
        self.batch.answer(self.place, message)

    def give_up(self, because: str) -> None:
        self.answer(Message(unreadable=because, defects=(because,)))


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

    A message that stalls or kills it is tried three times in all, alone after the first time, and then answered as
    unreadable; the other messages of its batch are parsed as if nothing had happened. Usable from several threads.

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
        self._child: _Child | None = None
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
        child.send([job.request for job in jobs])
        for place, job in enumerate(jobs):
            job.tries += 1
            message = child.receive(self._seconds)
            if message is None:
                because = child.why()
                self._stop()
                if job.tries >= TRIES and not self._closed:
                    job.give_up(because)
                else:
                    self._suspects.append(job)
                self._suspects.extend(jobs[place + 1 :])
                return
            job.answer(message)

    def _started(self) -> _Child:
        with self._changed:
            if self._child is None or not self._child.is_alive():
                self._forget_child()
                self._child = _Child(memory=self._memory)
            return self._child

    def _stop(self) -> None:
        with self._changed:
            self._forget_child()

    def _forget_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.close()


class _Child:
    """One running process. Its pipes are fed and drained by whoever waits for an answer: one thread, no hand-over.

    With a thread for each pipe, every message would wait several times until the thread that decides about mail gives
    up the interpreter, which takes 5 ms each time.
    """

    def __init__(self, *, memory: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603  our own module under our own interpreter
            [sys.executable, "-P", "-m", "router.mail.worker", str(memory)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True, bufsize=0,
            env=_environment(),
        )  # fmt: skip
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the parse worker has no pipes")  # Popen was told to make them
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._unsent: deque[memoryview] = deque()
        self._received = bytearray()
        self._messages: deque[Message] = deque()
        self._late = self._ended = False
        for pipe in (self._requests, self._answers):
            os.set_blocking(pipe.fileno(), False)
            with suppress(AttributeError, OSError):  # Linux; more in a pipe means fewer turns
                fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return not self._ended and self._process.poll() is None

    def kill(self) -> None:
        """End the process; whoever waits for an answer sees the end of its pipe."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self._requests.close()
        self._answers.close()

    def send(self, requests: list[Request]) -> None:
        """Take requests; they leave while `receive` waits."""
        for raw, size in requests:
            self._unsent.append(memoryview(_LENGTH.pack(_SIZE.size + len(raw)) + _SIZE.pack(size) + raw))

    def receive(self, seconds: float) -> Message | None:
        """The next answer, None when the child died or took longer than `seconds`."""
        until = monotonic() + seconds
        while not self._messages:
            left = until - monotonic()
            if self._ended or left <= 0:
                self._late = left <= 0
                return None
            self._exchange(left)
        return self._messages.popleft()

    def why(self) -> str:
        """What went wrong when `receive` returned None."""
        return "parsing took too long" if self._late else "parsing ended the parse worker (too much memory, or a crash)"

    def _exchange(self, seconds: float) -> None:
        """Send and take what can be sent and taken, after at most so many seconds."""
        poll = select.poll()
        poll.register(self._answers.fileno(), select.POLLIN)
        if self._unsent:
            poll.register(self._requests.fileno(), select.POLLOUT)
        ready = dict(poll.poll(seconds * 1000))
        if self._requests.fileno() in ready:
            self._write()
        if self._answers.fileno() in ready:
            self._read()

    def _write(self) -> None:
        try:
            while self._unsent:
                sent = os.writev(self._requests.fileno(), list(islice(self._unsent, _PIECES)))
                while self._unsent and sent >= len(self._unsent[0]):
                    sent -= len(self._unsent.popleft())
                if sent:
                    self._unsent[0] = self._unsent[0][sent:]
        except BlockingIOError:
            return  # the pipe is full
        except OSError:
            self._unsent.clear()  # the child is gone: the end of its answers tells

    def _read(self) -> None:
        try:
            chunk = os.read(self._answers.fileno(), _PIPE)
        except BlockingIOError:
            return
        self._ended = not chunk
        self._received += chunk
        at, end = 0, len(self._received)
        with memoryview(self._received) as received:
            while end - at >= _LENGTH.size:
                (length,) = _LENGTH.unpack_from(received, at)
                if end - at - _LENGTH.size < length:
                    break
                at += _LENGTH.size + length
                self._messages.append(from_json(bytes(received[at - length : at]), Message))
        del self._received[:at]


def _environment() -> dict[str, str]:
    """Ours, with the folder this package was found in: `-P` keeps the current one, where anything may lie, out."""
    here = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), here)))}


def main() -> None:
    """The child's life."""
    os.nice(5)  # the process that decides goes first: reading mail early gains nothing
    limit_memory(int(sys.argv[1]) if len(sys.argv) > 1 else MEMORY)
    serve(sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb"))


if __name__ == "__main__":
    main()
