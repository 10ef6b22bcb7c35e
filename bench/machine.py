"""What a benchmark says about the machine it ran on, and about the processes it measured (Linux: reads /proc)."""

from __future__ import annotations

import json
import os
import platform
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def quantile(values: Sequence[float], share: float) -> float:
    """The nearest-rank quantile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def family(pid: int) -> list[int]:
    """A process and everything it has started, as far as it still runs."""
    found = [pid]
    for task in _listed(Path(f"/proc/{pid}/task")):
        for child in _text(task / "children").split():
            found += family(int(child))
    return found


def cpu_seconds(pids: Sequence[int], *, children: bool = True) -> float:
    """User and system time of these processes, with that of their children that have ended."""
    total = 0
    for pid in pids:
        fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
        total += sum(int(n) for n in fields[11 : 15 if children else 13])
    return total / TICK


def rss(pids: Sequence[int]) -> int:
    """Resident octets, pages that processes share counted once for each."""
    return sum(int((_text(Path(f"/proc/{pid}/statm")).split() or ["0", "0"])[1]) * PAGE for pid in pids)


def pss(pids: Sequence[int]) -> int:
    """Resident octets, shared pages divided among those who share them."""
    total = 0
    for pid in pids:
        for line in _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


@dataclass(slots=True)
class Watch:
    """Looks at a process and its children several times a second until the end of `with`; remembers the most."""

    pid: int
    every: float = 0.05
    peak_rss: int = 0
    cpu: dict[int, float] = field(default_factory=dict)  # pid → seconds, as last seen
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(self.every):
            pids = family(self.pid)
            self.peak_rss = max(self.peak_rss, rss(pids))
            self.cpu |= {pid: cpu_seconds([pid], children=False) for pid in pids}


def mib(octets: float) -> float:
    return round(octets / 2**20, 1)


def about() -> dict[str, Any]:
    """When and where: what a figure is worth nothing without."""
    memory = _text(Path("/proc/meminfo")).split()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory[1]) / 2**20) if len(memory) > 1 else None,
        "load": [round(n, 2) for n in os.getloadavg()],
        "python": platform.python_version(),
        "kernel": platform.release(),
    }


def report(name: str, **found: Any) -> None:
    """One JSON line on standard output."""
    print(json.dumps({"bench": name, **found, "machine": about()}, ensure_ascii=False), flush=True)


def wait_for(seen: Any, seconds: float = 30, every: float = 0.005) -> Any:
    """What `seen()` returns once it is true; TimeoutError after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := seen()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing within {seconds} s")
        time.sleep(every)
    return found


def _listed(directory: Path) -> list[Path]:
    try:
        return list(directory.iterdir())
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
