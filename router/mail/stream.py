"""`inspect --jsonl`: lines in, answers out, in order, at once, whatever happens; the reading is done by children.

The children open, parse and answer; this side deals lines to them, watches the clock and puts the answers in order.
It reads no stranger's mail, so that each new child is a clean copy of it. Memory is bounded however many lines come.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, sleep

from .child import MEMORY, Child, forked
from .inspect import LONGEST_LINE, NOTHING, answer_line
from .parse import parse

SECONDS = 10.0  # wall clock per line
_DEEPEST = 64  # lines that a child has before it, when it answers them quickly
_SHARE = 4  # lines a child has before another one is started for what comes
_MOST_LINES = 2048  # taken and not yet answered
_MOST_OCTETS = 16 * 1024 * 1024  # of lines and of answers that wait for an earlier one
_BLOCK = 64 * 1024  # octets in one read
_PAUSE = 0.005  # seconds in which answers gather while there is more to do
_LOOK = 0.25  # seconds: a longer turn means that we were stopped, and so were the children
_FIRST = b"Subject: Hello\nContent-Type: text/html\n\n<p>Hello, where is my order?</p><p>Thank you</p>"
_LOST = (
    b'{"id":null,"text":"","subject":"","from":"","auto_submitted":false,"list":false,"language":"",'
    b'"defects":[],"error":"the line ends every process that reads it"}\n'
)
# How often the line in hand is tried again as before, by the exit code: a child that was too slow has none, one that
# was killed was mostly killed by others, any other may have kept too much of earlier mails.
_EXCUSED = {None: 0, -signal.SIGPROF: 0, -signal.SIGKILL: 3}
_BROKEN = 1  # exit code when standard output is gone, as click has it
_INTERRUPTED = 130


@dataclass(slots=True, eq=False)
class _Line:
    """One line between its reading and its answer's writing."""

    octets: bytes
    step: int = 0
    excuses: int = 0  # how often it had a process that ended, perhaps by chance
    answer: bytes | None = None

    def fail(self, excused: int) -> bool:
        """Note that it ended a process, which is excused so many times; False when nothing is left to try."""
        if self.excuses < excused:
            self.excuses += 1
            return True
        self.step += 1
        return self.step <= NOTHING


@dataclass(slots=True, eq=False)
class _Hand:
    """A child, the lines that it has, and how long the first of them has waited in seconds."""

    child: Child
    under_way: deque[_Line] = field(default_factory=deque)
    waited: float = 0.0
    deep: int = 2 * _SHARE  # lines it may have: work until we look again, but not all of what is slow

    def heard(self, answers: int, passed: float) -> None:
        """Note how many answers came in a turn that took so many seconds."""
        self.waited = 0.0 if answers else self.waited + passed
        if answers:
            self.deep = min(_DEEPEST, max(3 * answers, self.deep // 2, _SHARE))


def inspect(source: int = 0, target: int = 1, *, seconds: float = SECONDS, memory: int = MEMORY) -> int:
    """Answer every line of one file descriptor on another until it ends; returns the exit code."""
    try:
        os.fstat(source)
    except OSError:  # closed: there are no lines
        return 0
    parse(_FIRST)  # what is imported and compiled with the first mail, every child has from us
    gc.freeze()  # a collection in a child would copy every page that it looks at
    stream = _Stream(source, target, seconds=seconds, memory=memory)
    try:
        stream.run()
    except BrokenPipeError:
        return _BROKEN
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        sys.stderr.write(f"inbox-router: {error}\n")
        return _BROKEN
    finally:
        stream.close()
    return 0


class _Stream:
    def __init__(self, source: int, target: int, *, seconds: float, memory: int) -> None:
        self._target = target
        self._seconds = seconds
        self._start: Callable[[], Child] = lambda: forked(_handle, memory=memory)
        self._most = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._lines = _Lines(source)
        self._order: deque[_Line] = deque()  # all that have no written answer
        self._waiting: deque[_Line] = deque()  # those of them that no child has
        self._hands: list[_Hand] = []
        self._held = 0  # octets in _order

    def run(self) -> None:
        """Raises OSError when the lines cannot be read or the answers not be written."""
        before = monotonic()
        while not self._lines.ended or self._order:
            self._deal()
            ready = self._poll()
            now = monotonic()
            passed, before = min(now - before, 2 * _LOOK), now
            if self._lines.source in ready:
                self._take(self._lines.read())
            came = self._listen(ready, passed)
            self._write()
            if came and self._order:
                sleep(_PAUSE)

    def close(self) -> None:
        for hand in self._hands:
            _end(hand)

    # ---------------------------------------------------------------- lines in

    def _has_room(self) -> bool:
        return not self._lines.ended and len(self._order) < _MOST_LINES and self._held < _MOST_OCTETS

    def _take(self, found: list[bytes]) -> None:
        for octets in found:
            line = _Line(octets)
            self._order.append(line)
            self._waiting.append(line)
            self._held += len(octets)

    def _deal(self) -> None:
        """Give what waits to the children that have least to do, a few lines each time."""
        while self._waiting and (hand := self._freest()) is not None:
            count = min(hand.deep - len(hand.under_way), max(1, len(self._waiting) // self._most))
            dealt = [self._waiting.popleft() for _ in range(count)]
            hand.child.send(bytes((line.step,)) + line.octets for line in dealt)
            hand.under_way.extend(dealt)
        for hand in self._hands:
            if hand.child.unsent:
                hand.child.write()

    def _freest(self) -> _Hand | None:
        """The child to give lines to, a new one when all are busy; None when they have enough."""
        hand = min(self._hands, key=lambda one: len(one.under_way), default=None)
        if hand is None or (len(hand.under_way) >= _SHARE and len(self._hands) < self._most):
            hand = _Hand(self._start())
            self._hands.append(hand)
        return hand if len(hand.under_way) <= hand.deep // 2 else None

    # ---------------------------------------------------------------- children

    def _poll(self) -> dict[int, int]:
        """What can be read now; waits for it, a while when children are at work."""
        poll = select.poll()
        if self._has_room():
            poll.register(self._lines.source, select.POLLIN)
        busy = False
        for hand in self._hands:
            poll.register(hand.child.answers, select.POLLIN)
            busy = busy or bool(hand.under_way)
            if hand.child.unsent:
                poll.register(hand.child.requests, select.POLLOUT)
        return dict(poll.poll(_LOOK * 1000 if busy else None))

    def _listen(self, ready: dict[int, int], passed: float) -> bool:
        """Take answers, and end children that are late or gone; whether there was an answer."""
        came = False
        for hand in list(self._hands):
            frames = hand.child.take() if hand.child.answers in ready else ()
            hand.heard(len(frames), passed)
            came = came or bool(frames)
            for frame in frames:
                self._answer(hand.under_way.popleft(), frame)
            if hand.child.ended or (hand.under_way and hand.waited > self._seconds):
                self._lose(hand)
            elif not hand.under_way:
                hand.waited = 0.0
        return came

    def _lose(self, hand: _Hand) -> None:
        """The first line that it had is to blame; the others go to the next child before anything else."""
        self._hands.remove(hand)
        excused = _EXCUSED.get(hand.child.code(), 1)
        _end(hand)
        if hand.under_way and not hand.under_way[0].fail(excused):
            self._answer(hand.under_way.popleft(), _LOST)
        self._waiting.extendleft(reversed(hand.under_way))

    # ---------------------------------------------------------------- answers out

    def _answer(self, line: _Line, answer: bytes) -> None:
        line.answer = answer
        self._held += len(answer)

    def _write(self) -> None:
        """Write the answers whose turn it is."""
        done: list[bytes] = []
        while self._order and (answer := self._order[0].answer) is not None:
            self._held -= len(self._order.popleft().octets) + len(answer)
            done.append(answer)
        left = memoryview(b"".join(done))
        while left:
            try:
                left = left[os.write(self._target, left) :]
            except BlockingIOError:  # somebody made the terminal or the pipe so
                select.select([], [self._target], [])


class _Lines:
    """Lines of a file descriptor; of one that is too long only the beginning, which gets its answer too."""

    def __init__(self, source: int) -> None:
        self.source = source
        self.ended = False
        self._begun = bytearray()

    def read(self) -> list[bytes]:
        """The lines that are complete after one read; the last one also without a newline."""
        try:
            block = os.read(self.source, _BLOCK)
        except BlockingIOError:
            return []
        *whole, rest = block.split(b"\n")
        if not block:
            self.ended = True
            return [bytes(self._begun)] if self._begun else []
        for place, piece in enumerate(whole[:1]):
            self._keep(piece)
            whole[place] = bytes(self._begun)
            self._begun.clear()
        self._keep(rest)
        return whole

    def _keep(self, piece: bytes) -> None:
        """One octet more than is allowed tells that a line is too long."""
        self._begun += piece[: LONGEST_LINE + 1 - len(self._begun)]


def _end(hand: _Hand) -> None:
    with suppress(ProcessLookupError):
        hand.child.kill()
    hand.child.close()


def _handle(frame: bytes) -> bytes:
    return answer_line(frame[1:], frame[0])
