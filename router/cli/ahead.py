"""Reads a folder ahead of whoever decides: mail is fetched and parsed while a model is fitted or a batch decided."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from router.act.inbox import Pair
from router.imap import fetch
from router.imap.session import Session
from router.mail.worker import ParseWorker, Ticket
from router.values import FetchedMessage, Mailbox

BATCH = 100
MOST = 1000  # mails under way, each with up to 64 KB


@dataclass(slots=True, kw_only=True)
class Ahead:
    """Mails of one folder in the order of `uids`, each parsed. Nothing on the server is changed."""

    session: Session
    mailbox: Mailbox
    parser: ParseWorker
    folder: str
    uids: list[int]
    _asked: int = 0
    _under_way: deque[tuple[list[FetchedMessage], Ticket]] = field(default_factory=deque)

    def reach(self) -> None:
        """Fetch and hand over to the parser as much as may be under way."""
        while self._asked < len(self.uids) and (len(self._under_way) + 1) * BATCH <= MOST:
            wanted = self.uids[self._asked : self._asked + BATCH]
            fetched = fetch.new_messages(self.session, self.mailbox.name, self.folder, wanted)
            self._under_way.append((fetched, self.parser.submit([(m.raw, m.size) for m in fetched])))
            self._asked += len(wanted)

    def batches(self) -> Iterator[list[Pair]]:
        """All of them, a batch at a time; waits for the parser only when nothing is ready."""
        self.reach()
        while self._under_way:
            fetched, ticket = self._under_way.popleft()
            self.reach()
            yield list(zip(fetched, ticket.result(), strict=True))
