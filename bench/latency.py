"""How long an idle daemon takes from the server's word that a mail is there until it is filed and its draft waits.

The daemon talks to a private Dovecot through a relay in this process, which notes when each line passes. A mail is
delivered into the Maildir after a short random pause. The clock starts when the server's EXISTS passes the relay on
its way to the daemon (Dovecot itself takes up to half a second to notice a delivery; that is not counted), and ends
when the server's OK to the later of the APPEND of the draft and the MOVE of the mail has passed. Afterwards every mail
must lie in its folder and have one draft.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.machine import quantile, report, wait_for
from tests.acceptance.stage import RULES, Stage, mail
from tests.servers.dovecot import Dovecot

_COMMAND = re.compile(rb"^([A-Z0-9]+) (?:UID )?([A-Z]+)")
_FOLDER = "Support/Refunds"
_RULES = f"{RULES}drafts: {{at_most_open: 10000}}\n"


@dataclass(slots=True)
class Relay:
    """Passes bytes between the daemon and the server, and notes lines: (seconds, from the server?, beginning)."""

    port: int
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    lines: list[tuple[float, bool, bytes]] = field(default_factory=list)

    def start(self) -> int:
        """The port to connect to."""
        threading.Thread(target=self._accept, daemon=True).start()
        found: int = self.listener.getsockname()[1]
        return found

    def _accept(self) -> None:
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(("127.0.0.1", self.port))
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, served: bool) -> None:
        with suppress(OSError):  # either side may go first
            while chunk := source.recv(1 << 16):
                moment = time.perf_counter()
                target.sendall(chunk)
                self.lines += [(moment, served, line[:80]) for line in chunk.split(b"\r\n") if line]
            target.shutdown(socket.SHUT_WR)


@dataclass(slots=True)
class Passage:
    """One mail's way: seconds since the server announced it."""

    total: float = 0.0
    spans: dict[str, float] = field(default_factory=dict)  # how long each command took; what is left is ours


def passages(lines: list[tuple[float, bool, bytes]]) -> list[Passage]:
    """One for each EXISTS that came while the daemon was idle."""
    found: list[Passage] = []
    idle, begun = False, 0.0
    open_commands: dict[bytes, tuple[str, float]] = {}
    done: set[str] = set()
    for moment, served, line in lines:
        if not served and (command := _COMMAND.match(line)):
            open_commands[command[1]] = (command[2].decode(), moment)
        elif served and line.startswith(b"+ idling"):
            idle = True
        elif served and idle and line.endswith(b"EXISTS"):
            idle, begun, done = False, moment, set()
            found.append(Passage())
        elif served and found and (answer := open_commands.pop(line.partition(b" ")[0], None)):
            name, sent = answer
            if len(done) < 2:
                found[-1].spans[name] = found[-1].spans.get(name, 0.0) + moment - max(sent, begun)
            if name in ("APPEND", "MOVE"):
                done.add(name)
                found[-1].total = moment - begun
    return [one for one in found if one.total]


def measure(server: Dovecot, root: Path, count: int) -> list[Passage]:
    """Deliver one mail after the other to an idle daemon."""
    relay = Relay(server.imap_port)
    learned = Stage(server=server, user="latency0", root=root / "learned", rules=RULES)
    learned.once()
    stage = Stage(server=server, user="latency", root=root / "run", rules=_RULES, learned=learned.state)
    text = stage.config.read_text("utf-8").replace(f"port: {server.imap_port}", f"port: {relay.start()}")
    stage.config.write_text(text, encoding="utf-8")
    chance = random.Random(7)  # the pauses of every run are the same
    with (root / "daemon.log").open("wb") as log:
        daemon = subprocess.Popen(stage.command("run", "--config", str(stage.config)), env=stage.env(), stderr=log)
        try:
            wait_for(lambda: any(line.startswith(b"+ idling") for _, _, line in list(relay.lines)))
            time.sleep(1.0)
            for number in range(count):
                before = len(relay.lines)
                server.deliver(stage.user, mail(text=f"I want my money back for order {4000 + number}.\n\nJane",
                                                sender=f"Jane Miller <jane{number}@client.example>"))  # fmt: skip
                wait_for(lambda start=before: _idle_again(relay.lines[start:]))
                time.sleep(0.02 + 0.2 * chance.random())
        except TimeoutError as error:
            raise SystemExit(f"{error}\n{(root / 'daemon.log').read_text()[-2000:]}") from error
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(20)
    filed, drafted = len(stage.messages(_FOLDER)), len(stage.messages("Drafts"))
    if (filed, drafted) != (count, count):
        raise SystemExit(f"{filed} filed and {drafted} drafts of {count}\n{(root / 'daemon.log').read_text()[-2000:]}")
    return passages(relay.lines)


def _idle_again(lines: list[tuple[float, bool, bytes]]) -> bool:
    news = [n for n, (_, served, line) in enumerate(lines) if served and line.endswith(b"EXISTS")]
    return bool(news) and any(line.startswith(b"+ idling") for _, _, line in lines[news[0] :])


def main() -> int:
    """Run and print one JSON line; 1 when p50 > 60 ms or p99 > 200 ms."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--count", type=int, default=200)
    args = parser.parse_args()
    with Dovecot() as server, tempfile.TemporaryDirectory() as root:
        found = measure(server, Path(root), args.count)
    totals = [1000 * one.total for one in found]
    spans: dict[str, list[float]] = defaultdict(list)
    for one in found:
        for name, seconds in one.spans.items():
            spans[name].append(1000 * seconds)
        spans["ours"].append(1000 * (one.total - sum(one.spans.values())))
    p50, p99 = quantile(totals, 0.5), quantile(totals, 0.99)
    report(
        "latency",
        mails=len(found),
        p50_ms=round(p50, 1), p90_ms=round(quantile(totals, 0.9), 1), p99_ms=round(p99, 1),
        least_ms=round(min(totals), 1), most_ms=round(max(totals), 1),
        median_of_parts_ms={name: round(statistics.median(values), 1) for name, values in spans.items()},
    )  # fmt: skip
    return int(p50 > 60 or p99 > 200)


if __name__ == "__main__":
    sys.exit(main())
