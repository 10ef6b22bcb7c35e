"""A process that reads mail: how it is started, limited, fed and ended, for the daemon and for `inspect` alike.

A frame is a four-octet length and that many octets. The parent sends frames, the child answers each with one frame, in
order and at once: the first request without an answer is the one that a dead child had in hand.
"""

from __future__ import annotations

import fcntl
import gc
import os
import select
import signal
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import BinaryIO, NoReturn, Protocol

from . import limits

LENGTH = struct.Struct("!I")
MEMORY = 256 * 1024 * 1024  # octets above what a child has when idle
CPU_SECONDS = 1.5  # of one processor, per message: what a loaded machine does not lengthen
_PIPE = 1024 * 1024  # octets in a pipe: what the kernel lets anybody ask for
_PIECES = 256  # frames in one write; the kernel takes 1024
_BLOCK = 64 * 1024  # octets in one read: the buffer for a larger one would be new memory each time
_ROUND = 500  # frames between two collections
_HEADERS = 16 * 1024  # octets

Handle = Callable[[bytes], bytes]

# ------------------------------------------------------------------ inside the process


def serve(requests: BinaryIO, answers: BinaryIO, handle: Handle) -> None:
    """Answer one frame after the other until `requests` ends; a frame that costs too much processor time ends us.

    What is alive at the start is never looked at again by the collector, and a parsed mail leaves no cycles, so the
    collector runs rarely.
    """
    for number in (signal.SIGPROF, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    gc.freeze()
    gc.disable()
    served = 0
    while (frame := _read_frame(requests)) is not None:
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        answer = handle(frame)
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()
        served += 1
        if not served % _ROUND:
            gc.collect()


def limit_memory(above: int) -> None:
    """Let this process take at most `above` octets of address space more than it has now, and leave no core file.

    Only where there is a /proc.
    """
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        now = int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + above, now + above))


def head_of(raw: bytes) -> bytes:
    """The message's own headers, as far as they are in the first 16 KB: what is read of mail that killed a child."""
    raw = raw[:_HEADERS]
    return raw[: limits.end_of_headers(raw) + 1]


def _read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame, None at the end of the stream or when it ends inside a frame."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


# ------------------------------------------------------------------ two ways to start one


class Process(Protocol):
    """What a child is to its parent; `subprocess.Popen` is one."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self) -> int: ...

    def kill(self) -> None: ...


class Fork:
    """A copy of this process that runs `life` and ends. For parents with one thread."""

    def __init__(self, life: Callable[[], None]) -> None:
        self.pid = os.fork()
        self._code: int | None = None
        if not self.pid:
            _live(life)

    def poll(self) -> int | None:
        return self._look(os.WNOHANG)

    def wait(self) -> int:
        return self._look(0) or 0

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _look(self, options: int) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code


def _live(life: Callable[[], None]) -> NoReturn:
    """Never return into the parent's code, and say nothing."""
    code = 1
    try:
        life()
        code = 0
    finally:
        os._exit(code)


def spawned(module: str, *, memory: int) -> Child:
    """A fresh interpreter that runs our own `module`, which gets `memory` as its argument."""
    process = subprocess.Popen(  # noqa: S603  our own module under our own interpreter
        [sys.executable, "-P", "-m", module, str(memory)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True, bufsize=0,
        env=_environment(),
    )  # fmt: skip
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the parse worker has no pipes")  # Popen was told to make them
    requests, answers = os.dup(process.stdin.fileno()), os.dup(process.stdout.fileno())
    process.stdin.close()
    process.stdout.close()
    return Child(process, requests, answers)


def forked(handle: Handle, *, memory: int) -> Child:
    """A copy of this process, which must have one thread only: started in two milliseconds, everything imported."""
    theirs_in, requests = os.pipe()
    answers, theirs_out = os.pipe()

    def life() -> None:
        nothing = os.open(os.devnull, os.O_RDWR)
        for ours, number in ((theirs_in, 0), (theirs_out, 1), (nothing, 2)):
            os.dup2(ours, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # a sibling's pipe that we held would never end
        limit_memory(memory)
        serve(os.fdopen(0, "rb", _BLOCK, closefd=False), os.fdopen(1, "wb", _BLOCK, closefd=False), handle)

    process = Fork(life)
    os.close(theirs_in)
    os.close(theirs_out)
    return Child(process, requests, answers)


def _environment() -> dict[str, str]:
    """Ours, with the folder this package was found in: `-P` keeps the current one, where anything may lie, out."""
    here = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), here)))}


# ------------------------------------------------------------------ the parent's end


class Child:
    """One running process. Its pipes are fed and drained by whoever waits for an answer: one thread, no hand-over.

    With a thread for each pipe, every message would wait several times until the thread that decides about mail gives
    up the interpreter, which takes 5 ms each time.
    """

    def __init__(self, process: Process, requests: int, answers: int) -> None:
        self._process = process
        self.requests, self.answers = requests, answers  # file descriptors
        self._unsent: deque[memoryview] = deque()
        self._received = bytearray()
        self._frames: deque[bytes] = deque()
        self.late = self.ended = False
        for pipe in (requests, answers):
            os.set_blocking(pipe, False)
            with suppress(AttributeError, OSError):  # Linux; more in a pipe means fewer turns
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def unsent(self) -> bool:
        """Whether there is something to write to `requests`."""
        return bool(self._unsent)

    def is_alive(self) -> bool:
        return not self.ended and self._process.poll() is None

    def kill(self) -> None:
        """End the process; whoever waits for an answer sees the end of its pipe."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Once, and after `kill`."""
        os.close(self.requests)
        os.close(self.answers)

    def code(self) -> int | None:
        """The exit code of a process that has ended, negative for a signal; None of one that has not."""
        if not self.ended:
            return None
        self._process.kill()  # it has closed its pipe: if it lives all the same, it is to end now
        return self._process.wait()

    def overspent(self) -> bool:
        """Whether the process ended because one message took too much processor time: it always will."""
        return self.code() == -signal.SIGPROF

    def why(self) -> str:
        """What went wrong when an answer did not come."""
        if self.late or self.overspent():
            return "parsing took too long"
        return "parsing ended the parse worker (too much memory, or a crash)"

    def send(self, frames: Iterable[bytes]) -> None:
        """Take requests; they leave while somebody waits for answers."""
        self._unsent.extend(memoryview(LENGTH.pack(len(frame)) + frame) for frame in frames)

    def receive(self, seconds: float) -> bytes | None:
        """The next answer, None when the child died or took longer than `seconds`."""
        until = monotonic() + seconds
        while not self._frames:
            left = until - monotonic()
            if self.ended or left <= 0:
                self.late = left <= 0
                return None
            self._exchange(left)
        return self._frames.popleft()

    def take(self) -> Sequence[bytes]:
        """All answers that are here, without waiting."""
        self._read()
        frames, self._frames = tuple(self._frames), deque()
        return frames

    def _exchange(self, seconds: float) -> None:
        """Send and take what can be sent and taken, after at most so many seconds."""
        poll = select.poll()
        poll.register(self.answers, select.POLLIN)
        if self._unsent:
            poll.register(self.requests, select.POLLOUT)
        ready = dict(poll.poll(seconds * 1000))
        if self.requests in ready:
            self.write()
        if self.answers in ready:
            self._read()

    def write(self) -> None:
        """Send what the pipe takes, without waiting."""
        try:
            while self._unsent:
                sent = os.writev(self.requests, list(islice(self._unsent, _PIECES)))
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
            chunk = os.read(self.answers, _BLOCK)
        except BlockingIOError:
            return
        self.ended = not chunk
        self._received += chunk
        at, end = 0, len(self._received)
        with memoryview(self._received) as received:
            while end - at >= LENGTH.size:
                (length,) = LENGTH.unpack_from(received, at)
                if end - at - LENGTH.size < length:
                    break
                at += LENGTH.size + length
                self._frames.append(bytes(received[at - length : at]))
        del self._received[:at]
