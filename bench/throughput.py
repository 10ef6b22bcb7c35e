"""How many messages a second `inbox-router once` reads, sorts and moves on a private Dovecot with Maildir.

The corpora (10,000 messages of about 2 KB, and a mix with attachments) and the raw baseline are programs that do not
belong to the project: `corpus.py` and `raw_limit.py` in the folder that `--reference` or INBOX_ROUTER_BENCH_REFERENCE
names. The baseline is a pipelined socket client that reads the answer from a header and neither decodes nor decides:
what nobody can beat with this server. Both run one after the other, `--rounds` times, on fresh copies of one corpus.

A message counts as right when it lies in the folder that its keyword names. A rate is messages divided by the wall
clock of the whole process, start and end included; `pass_s` is what the command says of the pass alone.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.machine import Watch, mib, report
from tests.acceptance.stage import Stage
from tests.servers.dovecot import Dovecot

# Names that no starter model knows: phrases decide, as for an admin's own categories.
CATEGORIES = {"Billing": "invoices", "Technical": "faults", "Sales": "quotes", "Complaints": "returns"}
LANGUAGES = ("en", "ru", "uk", "sr", "mn")


def rules(keywords: dict[str, tuple[str, ...]]) -> str:
    """The corpus's keywords as phrases of four categories."""
    lines = ["    backfill: all", "hours: {always: 24/7}", "categories:"]
    for folder, words in keywords.items():
        phrases = ", ".join(f"{language}: [{word}]" for language, word in zip(LANGUAGES, words, strict=True))
        lines.append(f"  {CATEGORIES[folder]}: {{folder: {folder}, phrases: {{{phrases}}}}}")
    return "\n".join(lines) + "\n"


class Course:
    """One corpus on one server: every run gets a user with the same mail."""

    def __init__(self, server: Dovecot, root: Path, reference: Path, profile: str, count: int) -> None:
        sys.path.insert(0, str(reference))
        self.corpus: Any = importlib.import_module("corpus")
        self.server, self.root, self.reference = server, root, reference
        self.profile, self.count = profile, count
        self.source = root / f"corpus-{profile}"
        self.corpus.deliver(self.source, self.corpus.generate(count, 1, profile))
        self.runs = 0

    def user(self) -> str:
        """A user whose INBOX holds the corpus."""
        self.runs += 1
        name = f"{self.profile}{self.runs}"
        self.corpus.clone(self.source, self.server.maildir(name))
        self.server._own(self.server.root / "mail" / name)
        return name

    def misplaced(self, name: str) -> tuple[int, int]:
        """(right, wrong) messages."""
        folders = ("INBOX", *self.corpus.FOLDERS)
        found: tuple[int, int] = self.corpus.misplaced({f: self.server.maildir(name, f) for f in folders})
        return found

    def raw(self) -> dict[str, Any]:
        """The baseline on this server."""
        name = self.user()
        command = [sys.executable, str(self.reference / "raw_limit.py"), "--port", str(self.server.imap_port)]
        done = subprocess.run([*command, "--user", name], capture_output=True, text=True, check=True)
        result: dict[str, Any] = json.loads(done.stdout)
        return {"seconds": result["seconds"], "per_s": result["per_s"]}

    def ours(self, learned: Path | None) -> dict[str, Any]:
        """Our command on this server; `learned` is a state directory whose word forms are ready."""
        stage = Stage(
            server=self.server,
            user=self.user(),
            root=self.root / f"run-{self.profile}-{self.runs}",
            rules=rules(self.corpus.KEYWORDS),
            learned=learned,
        )
        before = os.times()
        began = time.perf_counter()
        with subprocess.Popen(
            stage.command("once", "--config", str(stage.config), "--json"),
            env=stage.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process, Watch(process.pid) as watch:  # fmt: skip
            out, err = process.communicate()
        wall = time.perf_counter() - began
        after = os.times()
        if process.returncode:
            raise SystemExit(err)
        passed = json.loads(out)["mailboxes"]["support"]
        right, wrong = self.misplaced(stage.user)
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return {
            "seconds": round(wall, 2), "per_s": round(self.count / wall, 1),
            "pass_s": passed["seconds"], "pass_per_s": round(self.count / passed["seconds"], 1),
            "cpu_s": round(cpu, 2), "main_cpu_s": round(watch.cpu.get(process.pid, 0), 2),
            "peak_rss_mib": mib(watch.peak_rss),
            "right": right, "wrong": wrong, "lost": self.count - right - wrong,
            "state": str(stage.state),
        }  # fmt: skip


def main() -> int:
    """Run both, print one JSON line a run; 1 when a message is not where it belongs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--reference", type=Path, default=os.environ.get("INBOX_ROUTER_BENCH_REFERENCE"))
    parser.add_argument("--profile", nargs="+", choices=("small", "mix"), default=["small", "mix"])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=2, help="the first also learns the word forms")
    args = parser.parse_args()
    if args.reference is None:
        parser.error("--reference, or INBOX_ROUTER_BENCH_REFERENCE, must name the folder of corpus.py and raw_limit.py")
    faults = 0
    with Dovecot() as server:
        for profile in args.profile:
            course = Course(server, server.root, args.reference, profile, args.count)
            learned = None
            for number in range(1, args.rounds + 1):
                raw = course.raw()
                ours = course.ours(learned)
                learned = learned or Path(ours["state"])
                faults += ours["wrong"] + ours["lost"]
                (learned / "models").mkdir(exist_ok=True)  # no category of the starter model is used: there is none
                del ours["state"]
                share = round(ours["per_s"] / raw["per_s"], 3)
                report("throughput", profile=profile, round=number, ours=ours, raw=raw, share_of_raw=share)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
