"""Row ids, made before the rows are written."""

from __future__ import annotations

import os
import random
import threading
import time

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01: 41 bits of milliseconds from here last until 2089


class _Ids:
    """Row ids made here, so that a batch of rows and the rows that point at them go out in one transaction.

    41 bits of milliseconds since 2020, 10 of process, 12 of sequence: rising within a process. A process draws its
    number at random; should two that run at once draw the same, the primary key refuses the second row of an id.
    """

    def __init__(self) -> None:
        self._last = 0
        self.draw()

    def draw(self) -> None:
        """A number for this process; a forked child must not go on with its parent's."""
        self._node = random.SystemRandom().getrandbits(10)
        self._lock = threading.Lock()

    def __call__(self) -> int:
        with self._lock:
            now = (int(time.time() * 1000) - _EPOCH_MS) << 12
            self._last = max(self._last + 1, now)
            millis, sequence = self._last >> 12, self._last & 0xFFF
            return (millis << 22) | (self._node << 12) | sequence


next_id = _Ids()
os.register_at_fork(after_in_child=next_id.draw)
