"""How long `inbox-router try` takes on an account with 1,000 mails, and that it leaves no trace there.

A private Dovecot keeps the account as a Maildir. The whole command runs with `--json`, starter rules and an empty state
directory, so that the model has still to be fitted, and again with what it has learned. Before and after, the account's
files are compared: folders, names (which hold the flags), contents, subscriptions, UIDs, keywords. What the server
writes for itself whenever anybody opens a folder (its index and cache files) is left out.

The mails are the demo's, numbered, the HTML letters of `bench/letters.py`, and some of both with attachments, arrived
within the last week; `--reference` takes those of `corpus.py` in that folder instead.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.letters import letters
from bench.machine import report
from router.demo.mails import demo_mails
from tests.acceptance.stage import Stage
from tests.cli.builders import on_disk
from tests.servers.dovecot import Dovecot

LIMIT_S = 10.0
WEEK_S = 6 * 86400  # of the seven days that `try` looks back
ADDRESS = "support@acme.example"
_ATTACHMENT = b'Content-Type: application/pdf; name="scan.pdf"\nContent-Transfer-Encoding: base64\n\n'


def mails(count: int) -> Iterator[bytes]:
    """What a support inbox gets: letters in five languages, robots, HTML, attachments; decided by their numbers."""
    plain = [mail.raw.replace(b"\r\n", b"\n") for mail in demo_mails(datetime(2026, 11, 2, 12, tzinfo=UTC))]
    rich = letters(count)
    for number in range(count):
        raw = next(rich) if number % 5 == 4 else _numbered(plain[number % len(plain)], number)
        yield _with_attachment(raw, random.Random(number)) if number % 10 == 9 else raw


def _numbered(raw: bytes, number: int) -> bytes:
    """A mail of its own: another Message-ID, subject and sender."""
    head, _, body = raw.partition(b"\n\n")
    head = re.sub(rb"(?im)^(message-id:\s*<)", rb"\g<1>n%d." % number, head, count=1)
    head = re.sub(rb"(?im)^(subject:.*(?:\n[ \t].*)*)", rb"\1 (%d)" % number, head, count=1)
    return re.sub(rb"(?im)^(from:.*<)", rb"\g<1>n%d." % (number % 700), head, count=1) + b"\n\n" + body


def _with_attachment(raw: bytes, chance: random.Random) -> bytes:
    """The mail as the first part of another, before 10 KB to 1 MB that nobody will fetch whole."""
    head, _, body = raw.partition(b"\n\n")
    fields = re.split(rb"\n(?![ \t])", head)
    about_body = [field for field in fields if field.lower().startswith(b"content-")]
    rest = [field for field in fields if field not in about_body]
    lines = b"\n".join([b"QUJD" * 18] * int(130 * 100 ** chance.random()))
    first, second = b"\n".join([*about_body, b"", body]), _ATTACHMENT + lines
    parts = b"--m\n" + first + b"\n--m\n" + second + b"\n--m--\n"
    return b"\n".join(rest) + b'\nContent-Type: multipart/mixed; boundary="m"\n\n' + parts


def of_reference(reference: Path, count: int) -> Iterator[bytes]:
    """The mails of `corpus.py`."""
    sys.path.insert(0, str(reference))
    corpus: Any = importlib.import_module("corpus")
    return (raw for _, raw in corpus.generate(count, 1, "mix"))


def deliver(server: Dovecot, user: str, raws: Iterator[bytes], count: int) -> None:
    """The mails as unread and partly read ones of the last week: the time of a Maildir's file is when it arrived."""
    inbox = server.maildir(user)
    for directory in ("cur", "new", "tmp"):
        (inbox / directory).mkdir(parents=True)
    now = time.time()
    for number, raw in enumerate(raws):
        arrived = now - WEEK_S * (count - number) / count
        name = f"{int(arrived)}.M{number:06d}P1.bench"
        path = inbox / "cur" / f"{name}:2,{('', 'S', 'RS', 'FS')[number % 4]}" if number % 3 else inbox / "new" / name
        path.write_bytes(raw)
        os.utime(path, (arrived, arrived))
    server._own(server.root / "mail" / user)


def settled(stage: Stage) -> dict[str, str]:
    """The account after another client has opened everything: the server has made its folders and numbered the mail."""
    for folder in stage.folders():
        with stage.client() as client:
            client.select(f'"{folder}"')
    return on_disk(stage.server, stage.user)


def look(stage: Stage, password: Path) -> tuple[dict[str, float], dict[str, Any]]:
    """Wall and processor seconds of the whole command, and what it said."""
    words = ["try", ADDRESS, "--imap", f"127.0.0.1:{stage.server.imap_port}", "--user", stage.user]
    command = stage.command(*words, "--password-file", str(password), "--json")
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(command, env=stage.env(), cwd=stage.root, capture_output=True, check=False)
    wall, after = time.perf_counter() - began, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    if done.returncode:
        sys.exit(f"try ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return {"wall_s": round(wall, 2), "cpu_s": round(cpu, 2)}, json.loads(done.stdout)


def measured(server: Dovecot, root: Path, args: argparse.Namespace) -> dict[str, Any]:
    """Fresh looks, each at a fresh account, and as many with what the last of them has learned."""
    password = root / "password"
    password.write_text(server.password)
    password.chmod(0o600)
    found: dict[str, Any] = {"fresh": [], "learned": [], "unchanged": True}
    for number, kind in itertools.product(range(args.rounds), ("fresh", "learned")):
        raws = of_reference(args.reference, args.count) if args.reference else mails(args.count)
        stage = Stage(server=server, user=f"{kind}{number}", root=root / f"{kind}{number}")
        stage.config.unlink()  # starter rules, as for somebody who has written none
        if kind == "learned":
            (root / f"fresh{number}" / "state").rename(stage.state)
        deliver(server, stage.user, raws, args.count)
        before = settled(stage)
        times, said = look(stage, password)
        found[kind].append(times)
        found |= {"mails": said["mails"], "unchanged": found["unchanged"] and before == on_disk(server, stage.user)}
        found["groups"] = {name: group["count"] for name, group in said["folders"].items()}
    return found


def main() -> int:
    """Run and print one JSON line; 1 when a look takes too long, misses mail, or changes anything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reference", type=Path, help="the folder of corpus.py")
    args = parser.parse_args()
    with Dovecot() as server, tempfile.TemporaryDirectory() as root:
        found = measured(server, Path(root), args)
    report("first_look", **found)
    slowest = max(times["wall_s"] for times in found["fresh"])
    return int(not found["unchanged"] or found["mails"] != args.count or slowest > LIMIT_S)


if __name__ == "__main__":
    sys.exit(main())
