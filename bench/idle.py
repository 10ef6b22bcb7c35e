"""What an idle daemon costs: memory over all its processes, and processor time, with one mailbox and a model loaded.

Starts `run` with the rules of the starter file on a private Dovecot, lets it file one mail, waits until it sits in
IDLE and then looks: RSS counts a page once for each process that has it, PSS shares it out among them.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.machine import cpu_seconds, family, mib, pss, report, rss, wait_for
from tests.acceptance.stage import RULES, Stage, mail
from tests.servers.dovecot import Dovecot

MOST_MIB = 120
MOST_CPU = 0.5  # percent of one core


def main() -> int:
    """Run and print one JSON line; 1 when the daemon holds more than 120 MiB or does not rest."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=30, help="how long to look at the processor time")
    args = parser.parse_args()
    with Dovecot() as server, tempfile.TemporaryDirectory() as root:
        learned = Stage(server=server, user="idle0", root=Path(root) / "learned", rules=RULES)
        learned.once()
        stage = Stage(server=server, user="idle", root=Path(root) / "run", rules=RULES, learned=learned.state)
        with (Path(root) / "daemon.log").open("wb") as log:
            daemon = subprocess.Popen(stage.command("run", "--config", str(stage.config)), env=stage.env(), stderr=log)
        try:
            wait_for(lambda: "Support/Refunds" in stage.folders())
            server.deliver(stage.user, mail(text="I want my money back for order 4711.\n\nJane"))
            wait_for(lambda: stage.messages("Drafts"), every=0.2)
            time.sleep(5)  # the last commits, the watcher of files
            pids = family(daemon.pid)
            before = cpu_seconds(pids)
            time.sleep(args.seconds)
            used = cpu_seconds(pids) - before
            memory, shared = rss(pids), pss(pids)
            each = {Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")[:80]: mib(rss([pid])) for pid in pids}
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(20)
    percent = 100 * used / args.seconds
    report(
        "idle", processes=each, rss_mib=mib(memory), pss_mib=mib(shared),
        seconds=args.seconds, cpu_s=round(used, 3), cpu_percent=round(percent, 2),
    )  # fmt: skip
    return int(mib(memory) > MOST_MIB or percent > MOST_CPU)


if __name__ == "__main__":
    sys.exit(main())
