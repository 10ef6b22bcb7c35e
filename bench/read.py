"""How many messages a second of one core `inspect --jsonl` reads, beside the standard library and mail-parser.

The sets: small mails of about 2 KB and a mix with attachments, both from `corpus.py` in the folder that `--reference`
or INBOX_ROUTER_BENCH_REFERENCE names (it does not belong to the project); HTML mails of 20 to 60 KB, made by
`bench/letters.py`, because the mix has few; and, with `--corpora`, every `.eml` below a folder.

Each reader is a command of its own that gets the same lines on standard input and writes one answer each; all of them
run on one core, one after the other, `--rounds` times, and the quickest run counts. `per_s` is messages divided by the
processor time of all processes of the command, start and end included, `wall_per_s` by its wall clock, and
`all_cores_per_s` by its wall clock with every core. Ratios are of `per_s`. The others (`bench/peers.py`) read subject,
sender and body under `policy.default` and as mail-parser has them: HTML as the markup it is, and once more (`text`)
with the tags taken out by `html.parser`. Quotes and signatures stay. Messages that they raise on are counted.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.letters import letters
from bench.machine import report

ROOT = Path(__file__).resolve().parents[1]
OURS = "inspect"
COMMANDS = {
    OURS: [sys.executable, "-m", "router", "inspect", "--jsonl"],
    **{
        " ".join(words): [sys.executable, "-m", "bench.peers", *words]
        for words in (("stdlib",), ("stdlib", "text"), ("mail-parser",), ("mail-parser", "text"))
    },
}
LEAST = {"small": 2500, "html": 800}  # messages a second of one core


def mails(name: str, count: int, reference: Path) -> Iterator[bytes]:
    """The messages of a set."""
    if name == "html":
        return letters(count)
    sys.path.insert(0, str(reference))
    corpus: Any = importlib.import_module("corpus")
    return (raw for _, raw in corpus.generate(count, 1, name))


def written(raws: Iterable[bytes], place: Path) -> list[Path]:
    """Each message in a file."""
    place.mkdir()
    paths: list[Path] = []
    for number, raw in enumerate(raws):
        paths.append(place / f"{number}.eml")
        paths[-1].write_bytes(raw)
    return paths


@contextmanager
def one_core() -> Iterator[None]:
    """What is started inside gets one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def timed(reader: str, lines: Path, count: int) -> dict[str, Any]:
    """One run of a reader's command over the lines."""
    with lines.open("rb") as source, tempfile.TemporaryFile() as answers:
        before, began = os.times(), time.perf_counter()
        done = subprocess.run(COMMANDS[reader], cwd=ROOT, stdin=source, stdout=answers, stderr=subprocess.DEVNULL)
        wall, after = time.perf_counter() - began, os.times()
        answers.seek(0)
        fine = sum(json.loads(line)["error"] is None for line in answers)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {
        "per_s": round(count / cpu), "wall_per_s": round(count / wall), "cpu_s": round(cpu, 2),
        "wall_s": round(wall, 2), "unanswered": count - fine, "exit_code": done.returncode,
    }  # fmt: skip


def measured(readers: list[str], lines: Path, count: int, rounds: int) -> dict[str, dict[str, Any]]:
    """The quickest run of each reader, taken in turn, and ours once more with every core."""
    found: dict[str, dict[str, Any]] = {}
    with one_core():
        for _, reader in itertools.product(range(rounds), readers):
            run = timed(reader, lines, count)
            if reader not in found or run["per_s"] > found[reader]["per_s"]:
                found[reader] = run
    found[OURS]["all_cores_per_s"] = timed(OURS, lines, count)["wall_per_s"]
    return found


def main() -> int:
    """Run, print one JSON line for each set; 1 when we are slower than we promise or leave a mail unanswered."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--reference", type=Path, default=os.environ.get("INBOX_ROUTER_BENCH_REFERENCE"))
    parser.add_argument("--corpora", type=Path, default=os.environ.get("INBOX_ROUTER_CORPORA"))
    parser.add_argument("--sets", nargs="+", choices=("small", "mix", "html"), default=["small", "mix", "html"])
    parser.add_argument("--count", type=int, default=2000, help="messages of each set")
    parser.add_argument("--rounds", type=int, default=2)
    args = parser.parse_args()
    if args.reference is None:
        parser.error("--reference, or INBOX_ROUTER_BENCH_REFERENCE, must name the folder of corpus.py")
    readers = list(COMMANDS)
    if importlib.util.find_spec("mailparser") is None:
        readers = [reader for reader in readers if not reader.startswith("mail-parser")]
        print("mail-parser is not installed (pip install -e '.[bench]'): measured without it", file=sys.stderr)
    failed = 0
    with tempfile.TemporaryDirectory() as root:
        for name in (*args.sets, *(["corpora"] if args.corpora else [])):
            if name == "corpora":
                paths = sorted(args.corpora.resolve().rglob("*.eml"))
            else:
                paths = written(mails(name, args.count, args.reference), Path(root) / name)
            failed += not compared(name, paths, readers, args.rounds)
    return int(failed > 0)


def compared(name: str, paths: list[Path], readers: list[str], rounds: int) -> bool:
    """Measure one set and print it; whether we keep our promises."""
    with tempfile.TemporaryDirectory() as root:
        lines = Path(root) / "lines"
        lines.write_text("".join(json.dumps({"id": n, "path": str(path)}) + "\n" for n, path in enumerate(paths)))
        found = measured(readers, lines, len(paths), rounds)
    ours = found[OURS]
    ratios = {reader: round(ours["per_s"] / found[reader]["per_s"], 2) for reader in readers if reader != OURS}
    mean = round(sum(path.stat().st_size for path in paths) / len(paths) / 1024, 1)
    report("read", set=name, mails=len(paths), mean_kib=mean, **found, ratios=ratios)
    return ours["per_s"] >= LEAST.get(name, 0) and not ours["unanswered"]


if __name__ == "__main__":
    sys.exit(main())
