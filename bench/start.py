"""How long a start takes: `--version`, an empty `once`, and `run` until it asks the server for the first mail.

`run` is timed from the start of its process until the server gets the first FETCH, once with what an earlier run has
learned (model, word forms, database) and once with an empty state directory, where learning goes on beside the work.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.latency import Relay
from bench.machine import report, wait_for
from tests.acceptance.stage import RULES, Stage, mail
from tests.servers.dovecot import Dovecot

VERSION_S, FETCH_S = 0.3, 1.5


def timed(command: list[str], env: dict[str, str]) -> dict[str, float]:
    """Wall and processor seconds of a command that must succeed."""
    before, began = os.times(), time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - began, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall_s": round(wall, 3), "cpu_s": round(cpu, 3)}


def best(rounds: int, work: Callable[[], dict[str, float]]) -> dict[str, float]:
    """The quickest of several runs: what the machine can do when it is left alone."""
    return min((work() for _ in range(rounds)), key=lambda found: found["wall_s"])


def until_fetch(stage: Stage) -> dict[str, float]:
    """From the start of `run` until the server gets a FETCH."""
    stage.server.deliver(stage.user, mail(text=f"I want my money back.\n\n{time.time()}"))
    relay = Relay(stage.server.imap_port)
    text = stage.config.read_text("utf-8").replace(f"port: {stage.server.imap_port}", f"port: {relay.start()}")
    stage.config.write_text(text, encoding="utf-8")
    began = time.perf_counter()
    daemon = subprocess.Popen(
        stage.command("run", "--config", str(stage.config)), env=stage.env(), stderr=subprocess.DEVNULL
    )
    try:
        moment = wait_for(lambda: next((t for t, _, line in list(relay.lines) if b" UID FETCH " in line), None))
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(20)
        stage.write(stage.rules)
    return {"wall_s": round(moment - began, 3)}


def main() -> int:
    """Run and print one JSON line; 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with Dovecot() as server, tempfile.TemporaryDirectory() as root:
        stage = Stage(server=server, user="start", root=Path(root) / "learned", rules=RULES)
        found: dict[str, Any] = {"version": best(rounds, lambda: timed(stage.command("--version"), stage.env()))}
        once = stage.command("once", "--config", str(stage.config), "--json")
        found["once_fresh"] = timed(once, stage.env())
        found["once_empty"] = best(rounds, lambda: timed(once, stage.env()))
        found["run_to_fetch"] = best(rounds, lambda: until_fetch(stage))
        fresh = (Stage(server=server, user=f"f{n}", root=Path(root) / f"f{n}", rules=RULES) for n in range(rounds))
        found["run_to_fetch_fresh"] = best(rounds, lambda: until_fetch(next(fresh)))
    report("start", **found)
    slow = found["version"]["wall_s"] > VERSION_S or found["run_to_fetch"]["wall_s"] > FETCH_S
    return int(slow or found["run_to_fetch_fresh"]["wall_s"] > FETCH_S)


if __name__ == "__main__":
    sys.exit(main())
