"""Sorts every mail of the public corpora in one `once`; looks for anything lost, doubled, changed, answered wrongly.

The corpora are not part of the project: `--corpora` or INBOX_ROUTER_CORPORA names the folder that holds
`manifest.jsonl`. Every `.eml` below it, byte for byte (LF, CRLF, NUL and all), is put into the Maildir of a private
Dovecot's inbox, and the command runs once with the rules of the starter file and a workflow that wants a draft for
every mail. Afterwards

- each mail must lie in exactly one folder, with the bytes it had;
- no mail that the manifest calls automatic may have a draft;
- at least 30 people must have one.

What we decided about each mail is read from our own database.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.machine import report
from tests.acceptance.stage import RULES, Stage
from tests.servers.dovecot import Dovecot

DATABASE = "router.db"
FEWEST_DRAFTS = 30
# These are posts to mailing lists and fixtures of mail libraries; hardly one asks for a refund. So that something is at
# stake for every mail, one workflow wants a draft for each of them, robots included.
EVERYBODY = f"""{RULES}drafts: {{at_most_open: 5000}}
workflows:
  - {{name: answer-everybody, when: {{}}, do: {{draft: faq/first}}}}
"""
_DECIDED = """
    select m.folder, m.uid, m.category, m.confidence, m.decided_by, m.state, d.reply_id, m.trace
    from message m left join draft d on d.message_row = m.id and d.state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One mail of the corpora."""

    number: int
    path: str
    raw: bytes
    label: str = ""  # auto, human, list; '' where the manifest does not say

    @property
    def name(self) -> str:
        """Its name in the Maildir it is delivered to; a server may give it another one."""
        return f"{1_700_000_000 + self.number}.M{self.number:06d}.corpora"

    @property
    def digest(self) -> str:
        """What it is, wherever it lies."""
        return _digest(self.raw)


@dataclass(frozen=True, slots=True)
class Decided:
    """What we did with it."""

    folder: str
    category: str
    confidence: float
    decided_by: str
    state: str
    reply: str  # of the draft that waits, '' for none
    trace: str


@dataclass(slots=True)
class Findings:
    """What became of them all."""

    cases: list[Case]
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    strangers: int = 0  # messages outside Drafts that are none of the corpora: changed mail would be one
    folders: Counter[str] = field(default_factory=Counter)
    decided: dict[str, Decided] = field(default_factory=dict)  # by path of the case
    drafts: int = 0  # in the folder Drafts

    def drafted(self, label: str) -> list[str]:
        """Paths of the cases with this label that have a draft."""
        return [
            c.path for c in self.cases if c.label == label and c.path in self.decided and self.decided[c.path].reply
        ]

    def violations(self) -> list[str]:
        """Every broken promise, in words."""
        found = [f"lost: {path}" for path in self.lost]
        found += [f"in more than one folder: {path}" for path in self.doubled]
        found += [f"{self.strangers} messages have bytes that no mail of the corpora has"] if self.strangers else []
        found += [f"a robot got a draft: {path}" for path in self.drafted("auto")]
        people = self.drafts - sum(len(self.drafted(label)) for label in ("auto", "list"))
        if people < FEWEST_DRAFTS:
            found.append(f"{people} drafts for people, {FEWEST_DRAFTS} are the least")
        return found


def cases(corpora: Path) -> list[Case]:
    """Every .eml below the folder, with the manifest's label."""
    labels: dict[str, str] = {}
    for line in (corpora / "manifest.jsonl").read_text("utf-8").splitlines():
        entry: dict[str, Any] = json.loads(line)
        labels[entry["path"]] = entry.get("label", "")
    paths = sorted(corpora.rglob("*.eml"))
    named = [(path, path.relative_to(corpora).as_posix()) for path in paths]
    return [Case(n, name, path.read_bytes(), labels.get(name, "")) for n, (path, name) in enumerate(named)]


def sort_once(
    server: Dovecot, root: Path, found: list[Case], *, rules: str = EVERYBODY, learned: Path | None = None
) -> Findings:
    """Deliver them, run `once`, and look."""
    stage = Stage(
        server=server, user=f"corpora{root.name}"[:40], root=root, rules=rules, mailbox="    backfill: all\n",
        learned=learned,
    )  # fmt: skip
    _deliver(server, stage.user, found)
    began = time.perf_counter()
    stage.once()
    findings = Findings(cases=found, seconds=time.perf_counter() - began)
    _look(server, stage, findings)
    return findings


def _deliver(server: Dovecot, user: str, found: list[Case]) -> None:
    inbox = server.maildir(user)
    for directory in ("cur", "new", "tmp"):
        (inbox / directory).mkdir(parents=True)
    for case in found:
        (inbox / "new" / case.name).write_bytes(case.raw)
    server._own(server.root / "mail" / user)


def _look(server: Dovecot, stage: Stage, findings: Findings) -> None:
    by_digest = {case.digest: case for case in findings.cases}
    where = {folder: _digests(server.maildir(stage.user, folder)) for folder in stage.folders()}
    seen: Counter[str] = Counter()
    for folder, digests in where.items():
        ours = [by_digest[digest].path for digest in digests.values() if digest in by_digest]
        seen.update(ours)
        findings.folders[folder] = len(ours)
        if folder == "Drafts":
            findings.drafts = len(digests) - len(ours)
        else:
            findings.strangers += len(digests) - len(ours)
    wanted = Counter(by_digest[case.digest].path for case in findings.cases)
    findings.lost = [*(wanted - seen).elements()]
    findings.doubled = [*(seen - wanted).elements()]
    findings.decided = _decisions(stage, where, by_digest)


def _decisions(stage: Stage, where: dict[str, dict[int, str]], by_digest: dict[str, Case]) -> dict[str, Decided]:
    found: dict[str, Decided] = {}
    with sqlite3.connect(f"file:{stage.state / DATABASE}?mode=ro", uri=True) as connection:
        for folder, uid, category, confidence, by, state, reply, trace in connection.execute(_DECIDED):
            case = by_digest.get(where.get(folder, {}).get(uid, ""))
            if case:
                found[case.path] = Decided(folder, category or "", confidence, by, state, reply or "", trace)
    return found


def _digests(maildir: Path) -> dict[int, str]:
    """UID → sha256 of what lies in a Maildir folder, by the list that Dovecot keeps beside it."""
    files = {_base(p.name): p for d in ("cur", "new") if (maildir / d).is_dir() for p in (maildir / d).iterdir()}
    listed = (maildir / "dovecot-uidlist").read_text("latin-1").splitlines()[1:] if files else []
    names = {int(line.partition(" ")[0]): _base(line.partition(" :")[2]) for line in listed}
    return {uid: _digest(files.pop(name).read_bytes()) for uid, name in names.items() if name in files}


def _base(name: str) -> str:
    return name.partition(":")[0].partition(",")[0]


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def main() -> int:
    """Run, print counts and every violation; 1 when there is one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--corpora", type=Path, default=os.environ.get("INBOX_ROUTER_CORPORA"))
    parser.add_argument("--list", action="store_true", help="print every case with its label, decision and draft")
    parser.add_argument("--rules", type=Path, help="a workflows.yaml without `version` and `mailboxes`")
    args = parser.parse_args()
    if args.corpora is None:
        parser.error("--corpora, or INBOX_ROUTER_CORPORA, must name the folder of the corpora")
    rules = args.rules.read_text("utf-8") if args.rules else EVERYBODY
    with Dovecot() as server, tempfile.TemporaryDirectory(dir=server.root) as root:
        findings = sort_once(server, Path(root), cases(args.corpora), rules=rules)
    if args.list:
        for case in findings.cases:
            d = findings.decided.get(case.path)
            what = (d.category, d.confidence, d.decided_by, d.folder, d.reply) if d else ()
            print(case.label or "-", case.path, *what, sep="\t")
    violations = findings.violations()
    labels = ("human", "list", "auto", "")
    report(
        "corpora",
        mails=len(findings.cases),
        seconds=round(findings.seconds, 2),
        folders=dict(findings.folders),
        drafts=findings.drafts,
        drafts_by_label={label or "not labelled": len(findings.drafted(label)) for label in labels},
        violations=violations,
    )
    return int(bool(violations))


if __name__ == "__main__":
    sys.exit(main())
