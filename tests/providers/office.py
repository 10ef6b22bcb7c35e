"""A support mailbox at a provider, and our passes over it: one connection each, the clock in the test's hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from router.act.desk import PassReport, Workbench
from router.assembly import Assembly
from router.config.loading import load
from router.imap.session import Session
from router.mail.worker import ParseWorker
from router.pipeline import run_pass
from router.store import intents, lessons, mailboxes, messages, threads
from router.store.database import Store
from router.store.records import DraftRecord, MessageRecord, ThreadRecord
from router.values import Mailbox
from tests.servers.shapes.imapd import Imapd

USER = "support@acme.example"
RULES = """
people: {team: [olha@acme.example], lead: lead@acme.example}
hours: {always-open: 24/7}
reply_within: 6h
categories:
  refund: Support/Refunds
  cancel: Support/Cancellations
"""


@dataclass
class Office:
    """What one installation knows about one mailbox."""

    imapd: Imapd
    store: Store
    parser: ParseWorker
    root: Path
    rules: str = RULES
    mailbox_keys: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    user: str = USER

    def __post_init__(self) -> None:
        self.root.mkdir(exist_ok=True, parents=True)
        path = self.root / "workflows.yaml"
        path.write_text(
            f"version: 1\nmailboxes:\n  support:\n    address: {USER}\n"
            f"    imap: {{host: 127.0.0.1, port: {self.imapd.port}, tls: none}}\n"
            f"    login: {{user: {self.user}, password: {{env: OFFICE_PASSWORD}}}}\n{self.mailbox_keys}{self.rules}",
            encoding="utf-8",
        )
        loaded = load(path)
        assert loaded.configuration, loaded.problems
        self.mailbox: Mailbox = loaded.configuration.mailboxes[0]
        assembly = Assembly(state=self.root, store=self.store, parser=self.parser)
        self.bench: Workbench = assembly.workbench(loaded.configuration, fit=False)

    def session(self) -> Session:
        return Session.open(self.imapd.server(), self.user, "secret", timeout=10)

    def run(self, *, minutes: float = 1) -> PassReport:
        """One full pass on a new connection, so many minutes after the last."""
        self.now += timedelta(minutes=minutes)
        with self.session() as session:
            return run_pass(session, self.mailbox, self.bench, self.now)

    # ------------------------------------------------------------------ what we remember

    def rows(self, *, folder: str = "") -> list[MessageRecord]:
        """Every message row, or those of one folder."""
        states = ("planned", "filed", "left", "watched", "held", "quarantined", "answer", "notice", "missing", "gone")
        mailbox_id = self._id()
        with self.store.begin() as tx:
            found = messages.in_state(tx, mailbox_id, *states)
        return [row for row in found if not folder or row.folder == folder]

    def row(self) -> MessageRecord:
        """The only row of a mail that somebody sent us."""
        (row,) = (r for r in self.rows() if r.state not in ("answer", "notice"))
        return row

    def thread(self) -> ThreadRecord:
        """The thread of the only mail."""
        thread_id = self.row().thread_id or 0
        with self.store.begin() as tx:
            found = threads.get(tx, thread_id)
        assert found is not None
        return found

    def drafts(self) -> list[DraftRecord]:
        thread_id = self.row().thread_id or 0
        with self.store.begin() as tx:
            return intents.drafts_of(tx, thread_id)

    def pending(self) -> list[str | None]:
        """What agents' moves are about to teach."""
        mailbox_id = self._id()
        with self.store.begin() as tx:
            return [g.category for g in lessons.pending(tx, mailbox_id)]

    def alerts(self) -> list[str]:
        with self.store.begin() as tx:
            return [a.text for a in mailboxes.open_alerts(tx)]

    def _id(self) -> int:
        with self.store.begin() as tx:
            return mailboxes.enter(tx, "support", self.mailbox.mode, self.now).id


MakeOffice = Callable[..., Office]
