"""A mailbox with 100 fresh mails of all kinds, passes over it that may be killed, and what must be true afterwards."""

from __future__ import annotations

import email
import hashlib
import random
import re
import signal
import sqlite3
from collections import Counter
from dataclasses import dataclass
from functools import cache

from tests.acceptance.forked import Forks
from tests.acceptance.stage import Stage, mail


@cache
def fresh_mails() -> tuple[bytes, ...]:
    """100 mails of all kinds: several per conversation, identical ones, automatic ones, a VIP's, unsure ones."""
    refund, cancel = "I want my money back for order {}.\n\nThanks", "Please cancel my subscription {}.\n\nRegards"
    faq = "How do I change my delivery address? Order {}.\n\nThanks"
    unsure = "The moon was bright over harbour {} and we sang until morning."
    made: list[bytes] = []
    for count, subject, text in ((25, "Refund please", refund), (15, "Cancel my plan", cancel), (15, "About it", faq)):
        made += [mail(subject, text.format(n), sender=f"C <{subject[0].lower()}{n}@c.example>") for n in range(count)]
    made += [mail("Moonlight", unsure.format(n), sender=f"M <m{n}@m.example>") for n in range(10)]
    for n in range(5):
        sender, first = f"T <t{n}@t.example>", f"<thread{n}@t.example>"
        made.append(mail("Refund please", refund.format(n), sender=sender, message_id=first))
        for more in ("Any news about my refund?", "I still want my money back."):
            made.append(mail("Re: Refund please", more, sender=sender, answers=first))
    robot = {"Auto-Submitted": "auto-replied"}
    made += [mail("Out of office", f"I am away, {n}.", sender=f"a{n}@a.example", headers=robot) for n in range(10)]
    made += [mail("Refund please", refund.format(n), sender=f"v{n}@partner.example") for n in range(5)]
    twins = [mail("Refund please", refund.format("twin"), sender="w@w.example")]
    twins += [mail("Moonlight", unsure.format("twin"), sender="w@w.example")]
    made += [raw for raw in twins for _ in range(2)]
    made.append(mail("Refund please", "", sender="empty@c.example"))
    assert len(made) == 100
    random.Random(1).shuffle(made)
    return tuple(made)


@dataclass(frozen=True)
class Outcome:
    """A mailbox as a second client sees it."""

    folders: dict[str, Counter[str]]  # sha256 of every message, without Drafts
    drafts: Counter[str]  # by recipient

    @property
    def everything(self) -> Counter[str]:
        return sum(self.folders.values(), Counter())


@dataclass
class Trial:
    """One mailbox with 100 fresh mails and the passes over it."""

    stage: Stage
    forks: Forks

    def deliver(self) -> None:
        self.stage.server.deliver(self.stage.user, *fresh_mails())

    def once(self, **env: str) -> tuple[int, str, str]:
        return self.forks.start(self.words, self.stage.env(**env)).wait()

    def clean(self) -> str:
        """A pass that must succeed; what it printed."""
        code, out, err = self.once()
        assert code == 0, err[-3000:]
        return out

    def killed_at(self, point: str) -> None:
        """A pass that must die at a point."""
        code, _, err = self.once(INBOX_ROUTER_FAULT_POINT=point)
        assert code == -signal.SIGKILL, f"{point} was not reached: {err[-2000:]}"

    @property
    def words(self) -> list[str]:
        return ["once", "--config", str(self.stage.config), "--json"]

    def look(self) -> Outcome:
        folders: dict[str, Counter[str]] = {}
        drafts: Counter[str] = Counter()
        with self.stage.client() as client:
            for line in client.list()[1]:
                assert isinstance(line, bytes)
                folder = re.sub(rb'^.*"/" ', b"", line).decode().strip('"')
                if client.select(f'"{folder}"', readonly=True)[0] != "OK":
                    continue  # a parent that holds no mail
                raws = [p[1] for p in client.uid("FETCH", "1:*", "(BODY.PEEK[])")[1] if isinstance(p, tuple)]
                if folder == "Drafts":
                    drafts.update(str(email.message_from_bytes(raw)["To"]) for raw in raws)
                elif raws:
                    folders[folder] = Counter(hashlib.sha256(raw).hexdigest() for raw in raws)
        return Outcome(folders, drafts)

    def settle(self) -> Outcome:
        """Two clean passes: the first repairs, the second must find nothing to do."""
        self.clean()
        before = self.look()
        second = self.clean()
        assert '"seen": 0' in second
        assert '"moved": {}' in second
        assert '"drafts": 0' in second
        assert self.look() == before
        with sqlite3.connect(self.stage.state / "router.db") as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("SELECT kind, key FROM intent WHERE state = 'planned'").fetchall() == []
            assert database.execute("SELECT count(*) FROM draft WHERE state = 'planned'").fetchone() == (0,)
        return before
