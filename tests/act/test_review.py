"""What goes wrong between two looks, after a crash, or on an odd server must not lose a mail, a clock or a draft."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from router.act import executor, outcomes
from router.act.desk import PassReport
from router.act.held import plan_held
from router.act.sweep import sweep
from router.errors import CommandRefused
from router.imap.folders import FolderStatus
from router.imap.move import Moved
from router.learn import answered, moves, sent
from router.pipeline import handle
from router.store import intents, mailboxes, messages, outbox, threads
from router.store.database import Store
from router.store.records import DraftRecord, FolderRecord, MessageRecord, ThreadRecord, intent_on
from tests.act.builders import NOW, REFUND, Oracle, a_desk, a_fetched, a_message, hours, minutes, the_rules
from tests.act.test_held import a_row
from tests.act.test_inbox import decided

SUPPORT = "support@acme.example"


def an_answer(*parents: str, number: int = 1) -> Any:
    from router.values import Address

    return a_message(
        message_id=f"<a{number}@acme.example>",
        sender=Address(address=SUPPORT),
        to=(Address(address="jane@client.example"),),
        in_reply_to=parents,
        references=parents,
        text="We have sent it.",
    )


def only_thread(store: Store, mailbox_id: int) -> ThreadRecord:
    with store.begin() as tx:
        (row,) = {r.thread_id for r in messages.in_state(tx, mailbox_id, "left", "planned", "filed") if r.thread_id}
        found = threads.get(tx, row)
    assert found is not None
    return found


def test_a_batch_that_was_gone_before_it_was_fetched_is_nothing(store: Store) -> None:
    """Somebody moves the only new mail between the search and the fetch."""
    report = PassReport()
    handle(a_desk(store), [], [], report)
    assert report.seen == 0


def test_a_mail_that_came_after_the_answer_still_waits(store: Store) -> None:
    """A quick pass reads INBOX only: an answer of ten minutes ago is found after the customer's reply to it."""
    desk = a_desk(store, now=NOW)
    decided(desk, (a_fetched(1, at=NOW - hours(2)), a_message(1)))
    later = a_message(2, in_reply_to=("<a1@acme.example>",), references=("<q1@client.example>", "<a1@acme.example>"))
    decided(desk, (a_fetched(2, at=NOW - minutes(5)), later))
    with store.begin() as tx:
        sent.read_sent(
            tx, desk, [(replace_folder(a_fetched(9, at=NOW - minutes(10))), an_answer("<q1@client.example>"))]
        )
    thread = only_thread(store, desk.record.id)
    assert thread.waiting_since == NOW - minutes(5)
    assert thread.next_due is not None


def test_an_answer_to_both_mails_that_came_before_it_stops_the_clock(store: Store) -> None:
    """Two mails came and one answer to the first went out while we were down: nobody waits."""
    desk = a_desk(store, now=NOW)
    with store.begin() as tx:
        sent.read_sent(
            tx, desk, [(replace_folder(a_fetched(9, at=NOW - minutes(10))), an_answer("<q1@client.example>"))]
        )
    second = a_message(2, in_reply_to=("<q1@client.example>",), references=("<q1@client.example>",))
    decided(desk, (a_fetched(1, at=NOW - hours(2)), a_message(1)), (a_fetched(2, at=NOW - hours(1)), second))
    assert only_thread(store, desk.record.id).waiting_since is None


def replace_folder(fetched: Any) -> Any:
    return replace(fetched, ref=replace(fetched.ref, folder="Sent"))


def test_a_robot_in_the_thread_does_not_hide_the_answered_flag() -> None:
    """The newest mail of a person counts, not the out-of-office that came after it."""

    def row(number: int, **more: object) -> MessageRecord:
        return MessageRecord(**{  # type: ignore[arg-type]
            "id": number, "mailbox_id": 1, "folder": "INBOX", "uidvalidity": 1, "uid": number, "fingerprint": "",
            "size": 1, "internaldate": NOW, "seen_at": NOW, "state": "left", **more,
        })  # fmt: skip

    newest = answered._newest([row(1), row(2, automatic=True)])
    assert newest is not None
    assert newest.id == 1


def test_a_claimer_nobody_knows_does_not_silence_the_clock(store: Store) -> None:
    """Moved to a claim folder whose name is no person: whoever the promise names is told after all."""
    desk = a_desk(store, now=NOW, oracle=Oracle({"Refund please": REFUND}))
    decided(desk, (a_fetched(1, at=NOW - hours(5)), a_message(1)))
    thread = only_thread(store, desk.record.id)
    with store.begin() as tx:
        threads.save(tx, [replace(thread, claimed_by="nobody we know")])
        sweep(tx, desk)
        assert [m.person for m in outbox.ready(tx, NOW)] == ["team"]


def test_a_folder_that_cannot_be_opened_is_not_there(store: Store) -> None:
    """A deleted parent is listed and takes no mail: no move is tried, and its alert stays open once."""
    desk = a_desk(store)
    desk.statuses["Support/Refunds"] = FolderStatus(name="Support/Refunds", selectable=False)  # type: ignore[index]
    a_row(store, desk)
    with store.begin() as tx:
        mailboxes.raise_alert(tx, "support", outcomes.FOLDER_ALERT + "Support/Refunds", "it is gone", NOW)
        assert plan_held(tx, desk) == []
        assert len(mailboxes.open_alerts(tx)) == 1


def test_held_mail_follows_its_category_to_another_folder(store: Store) -> None:
    """Agents renamed the folder and the admin follows in the file: mail that waited goes to the new one."""
    from router.decide.rules import Category

    rules = the_rules(categories=(Category(name="refund", folder="Support/Money back"),))
    desk = a_desk(store, rules=rules, folders=("INBOX", "Drafts", "Trash", "Support/Money back"))
    a_row(store, desk, category="refund")
    with store.begin() as tx:
        mailboxes.raise_alert(tx, "support", outcomes.FOLDER_ALERT + "Support/Refunds", "it is gone", NOW)
        assert [i.destination for i in plan_held(tx, desk)] == ["Support/Money back"]
        assert mailboxes.open_alerts(tx) == []


def test_database_errors_name_no_values(store: Store) -> None:
    """What a customer wrote is a parameter of a statement, and a traceback would print it."""
    desk = a_desk(store)
    row = a_row(store, desk, subject="my secret disease")
    with pytest.raises(Exception, match="UNIQUE") as caught, store.begin() as tx:
        messages.add(tx, [row])
    assert "disease" not in str(caught.value)


class Shelves:
    """Folders as a server holds them, and an agent who moves the mail the moment INBOX has been listed."""

    def __init__(self) -> None:
        self.mails: dict[str, dict[int, bytes]] = {"INBOX": {1: b"one"}, "X": {}}
        self.uidnext = {"INBOX": 2, "X": 1}

    def uids(self, _session: object, folder: str, since_uid: int = 1) -> list[int]:
        found = sorted(u for u in self.mails[folder] if u >= since_uid)
        if folder == "INBOX" and self.mails["INBOX"]:
            self.mails["X"][self.uidnext["X"]] = self.mails["INBOX"].pop(1)
            self.uidnext["X"] += 1
        return found

    def new_messages(self, _session: object, _mailbox: str, folder: str, uids: list[int]) -> list[Any]:
        found = [a_fetched(uid, raw=self.mails[folder][uid]) for uid in uids]
        return [replace(f, ref=replace(f.ref, folder=folder)) for f in found]

    def statuses(self) -> list[FolderStatus]:
        return [
            FolderStatus(name=n, uidvalidity=1, uidnext=self.uidnext[n], messages=len(m)) for n, m in self.mails.items()
        ]


def test_a_mail_that_is_moved_while_we_look_is_not_believed_to_be_deleted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """INBOX was listed with it, the other folder was listed with it, too: the next look sees one move."""
    shelves = Shelves()
    monkeypatch.setattr(moves.fetch, "select", lambda *_a, **_k: None)
    monkeypatch.setattr(moves.fetch, "uids", shelves.uids)
    monkeypatch.setattr(moves.fetch, "new_messages", shelves.new_messages)
    desk = a_desk(store)
    row = a_row(store, desk, uid=1, state="left", fingerprint=a_fetched(1, raw=b"one").fingerprint)
    with store.begin() as tx:
        for name in shelves.mails:
            mailboxes.advance(
                tx, FolderRecord(mailbox_id=desk.record.id, name=name, uidvalidity=1, next_uid=1, messages=9)
            )
    found = []
    for _ in range(3):
        with store.begin() as tx:
            known = mailboxes.folders(tx, desk.record.id)
        look = moves.look_at(desk.session, store, "support", desk.record.id, known, shelves.statuses(), inbox="INBOX")
        with store.begin() as tx:
            found += moves.match(tx, desk.record.id, look)
    assert [(m.row.id, m.from_folder, m.arrival and m.arrival.ref.folder) for m in found] == [(row.id, "INBOX", "X")]


@pytest.mark.parametrize("kind", ["move", "withdraw"])
def test_a_copy_whose_original_cannot_be_expunged_is_a_move(
    store: Store, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Without UIDPLUS the original stays, marked as deleted, and the server does not say where the copy lies."""
    desk = a_desk(store)
    there = a_fetched(7, raw=b"one")
    row = a_row(store, desk, uid=1, state="planned", fingerprint=there.fingerprint)
    intent = intent_on(row, kind, "k", fence=1, now=NOW, destination="Support/Refunds", destination_uidnext=5)
    monkeypatch.setattr(executor.move, "move", lambda *_a, **_k: Moved(missing=(1,), marked=(1,)))
    monkeypatch.setattr(executor.fetch, "select", lambda *_a, **_k: SimpleNamespace(uidvalidity=1))
    monkeypatch.setattr(executor.fetch, "uids", lambda _s, folder, since_uid=1: [1] if folder == "INBOX" else [7])
    monkeypatch.setattr(executor.fetch, "new_messages", lambda *_a: [there])
    run = executor.Execution(desk.session, "support", {row.id: row}, NOW, chunk=50)
    run.run([intent])
    assert [(o.state, o.result_uid) for o in run.outcomes] == [("done", 7)]


def test_identical_mails_of_two_chunks_lie_in_two_places(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that names no new UIDs: what the first chunk has found is not found again by the second."""
    desk = a_desk(store)
    copies = [a_fetched(uid, raw=b"one") for uid in (7, 8)]
    rows = {r.id: r for r in (a_row(store, desk, uid=u, fingerprint=copies[0].fingerprint) for u in (1, 2))}
    planned = [
        intent_on(r, "move", f"k{r.uid}", fence=1, now=NOW, destination="Support/Refunds") for r in rows.values()
    ]
    done: list[int] = []

    def moved(_session: object, _folder: str, uids: list[int], *_a: object, **_k: object) -> Moved:
        done.extend(uids)
        return Moved(missing=tuple(uids))

    monkeypatch.setattr(executor.move, "move", moved)
    monkeypatch.setattr(executor.fetch, "select", lambda *_a, **_k: SimpleNamespace(uidvalidity=1))
    monkeypatch.setattr(
        executor.fetch, "uids", lambda _s, folder, since_uid=1: [] if folder == "INBOX" else [7, 8][: len(done)]
    )
    monkeypatch.setattr(
        executor.fetch, "new_messages", lambda _s, _m, _f, uids: [c for c in copies if c.ref.uid in uids]
    )
    run = executor.Execution(desk.session, "support", rows, NOW, chunk=1)
    run.run(planned)
    assert [o.result_uid for o in run.outcomes] == [7, 8]


@pytest.mark.parametrize(
    ("because", "state"),
    [
        ("not moved to Trash: the mailbox is full", "waiting"),
        ("Drafts was rebuilt by the server", "waiting"),
        ("it was gone before we moved it", "taken"),
        ("somebody else moved it first", "taken"),
    ],
)
def test_a_draft_that_could_not_be_withdrawn_still_waits(store: Store, because: str, state: str) -> None:
    """It lies where it lay, so no second one may come beside it; one that is gone is a person's."""
    desk = a_desk(store)
    draft = DraftRecord(
        id=1, mailbox_id=desk.record.id, thread_id=1, message_row=1, reply_id="r", state="waiting", placed_at=NOW, uid=3
    )
    row = a_row(store, desk)
    intent = replace(intent_on(row, "withdraw", "k", fence=1, now=NOW), draft_row=1, state="cancelled", because=because)
    with store.begin() as tx:
        intents.add_drafts(tx, [draft])
        outcomes.record(tx, "support", [replace(intent, finished_at=NOW)], "Q")
        kept = intents.get_draft(tx, 1)
    assert kept is not None
    assert kept.state == state


def test_a_refusal_after_the_copy_does_not_copy_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """COPY succeeded and marking the original was refused: the mail lies there, and is not held to be copied again."""
    desk = a_desk(store)
    there = a_fetched(7, raw=b"one")
    row = a_row(store, desk, uid=1, state="planned", fingerprint=there.fingerprint)
    intent = intent_on(row, "move", "k", fence=1, now=NOW, destination="Support/Refunds", destination_uidnext=5)

    def refuse(*_a: object, **_k: object) -> Moved:
        raise CommandRefused("no permission to mark messages as deleted")

    monkeypatch.setattr(executor.move, "move", refuse)
    monkeypatch.setattr(executor.fetch, "select", lambda *_a, **_k: SimpleNamespace(uidvalidity=1))
    monkeypatch.setattr(executor.fetch, "uids", lambda _s, folder, since_uid=1: [1] if folder == "INBOX" else [7])
    monkeypatch.setattr(executor.fetch, "new_messages", lambda *_a: [there])
    run = executor.Execution(desk.session, "support", {row.id: row}, NOW, chunk=50)
    run.run([intent])
    assert [(o.state, o.result_uid) for o in run.outcomes] == [("done", 7)]


def test_a_destination_that_was_made_anew_is_looked_through(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deleted and created again, its UIDs begin at 1: the UIDNEXT seen before the move says nothing any more."""
    desk = a_desk(store)
    there = a_fetched(3, raw=b"one")
    row = a_row(store, desk, fingerprint=there.fingerprint)
    more: Any = {"destination": "X", "destination_uidnext": 500, "destination_uidvalidity": 1}
    intent = intent_on(row, "move", "k", fence=1, now=NOW, **more)
    monkeypatch.setattr(executor.fetch, "select", lambda *_a, **_k: SimpleNamespace(uidvalidity=2))
    monkeypatch.setattr(executor.fetch, "uids", lambda _s, _f, since_uid=1: [u for u in [3] if u >= since_uid])
    monkeypatch.setattr(executor.fetch, "new_messages", lambda _s, _m, _f, uids: [there] if uids else [])
    fingerprints = {row.id: row.fingerprint}
    found, validity = executor.find_moved(desk.session, "support", "X", [intent], fingerprints, frozenset())
    assert (found, validity) == ({intent.id: 3}, 2)
