"""Mail that could not be moved yet, and reminders for a mailbox that cannot send."""

from __future__ import annotations

from dataclasses import replace

import pytest

from router.act import held, outcomes
from router.act.held import plan_held
from router.act.notices import plan_notices
from router.store import intents, mailboxes, messages, outbox
from router.store.database import Store
from router.store.ids import next_id
from router.store.records import Intent, MessageRecord
from router.values import Mode
from tests.act.builders import FILE, FOLDERS, NOW, SUGGEST, WATCH, a_desk, a_mailbox, minutes
from tests.store.builders import a_mail, an_intent

QUARANTINE = "Support/Could not read"
WITHOUT = tuple(name for name in FOLDERS if name != "Support/Refunds")


def a_row(store: Store, desk, **more: object) -> MessageRecord:  # type: ignore[no-untyped-def]
    row_id = next_id()
    row = MessageRecord(**{  # type: ignore[arg-type]
        "id": row_id, "mailbox_id": desk.record.id, "folder": "INBOX", "uidvalidity": 1, "uid": row_id % 2**32,
        "fingerprint": str(row_id), "size": 1, "internaldate": NOW, "seen_at": NOW, "state": "held",
        "decided_folder": "Support/Refunds", **more,
    })  # fmt: skip
    with store.begin() as tx:
        messages.add(tx, [row])
    return row


def planned(store: Store, desk) -> list[Intent]:  # type: ignore[no-untyped-def]
    with store.begin() as tx:
        return plan_held(tx, desk)


def test_held_mail_moves_when_its_folder_is_back(store: Store) -> None:
    """Not before; the alert about the folder closes, and it moves once."""
    away = a_desk(store, folders=WITHOUT)
    row = a_row(store, away)
    with store.begin() as tx:
        mailboxes.raise_alert(tx, "support", outcomes.FOLDER_ALERT + "Support/Refunds", "it is gone", NOW)
    assert planned(store, away) == []
    back = a_desk(store)
    (move,) = planned(store, back)
    assert (move.kind, move.message_row, move.uid, move.destination) == ("move", row.id, row.uid, "Support/Refunds")
    assert move.destination_uidnext == 100
    assert planned(store, back) == []
    with store.begin() as tx:
        assert mailboxes.open_alerts(tx) == []


@pytest.mark.parametrize(
    "change", [{"hands_off": True}, {"folder": "Support/FAQ"}, {"uid": None}, {"state": "left"}, {"state": "gone"}]
)
def test_what_a_person_has_touched_is_not_moved_later(store: Store, change: dict[str, object]) -> None:
    """A mail that is no longer in INBOX, or that a person put there, is hers."""
    desk = a_desk(store)
    a_row(store, desk, **change)
    assert planned(store, desk) == []


@pytest.mark.parametrize("mode", [WATCH, SUGGEST])
def test_nothing_moves_in_a_mode_that_forbids_it(store: Store, mode: Mode) -> None:
    """Not even mail whose folder has come back."""
    desk = a_desk(store, mailbox=a_mailbox(mode=mode))
    a_row(store, desk)
    assert planned(store, desk) == []


def test_watched_mail_moves_when_the_admin_lets_us_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it, however much has gathered: what does not fit into one pass moves in the next ones."""
    monkeypatch.setattr(held, "AT_ONCE", 2)
    watching = a_desk(store, mailbox=a_mailbox(mode=WATCH))
    rows = [a_row(store, watching, state=state) for state in ("watched", "quarantined", "watched", "watched", "held")]
    assert planned(store, watching) == []
    moved = []
    for _ in range(4):
        desk = a_desk(store)
        moved += [i.message_row for i in planned(store, desk)]
        with store.begin() as tx:
            mailboxes.passed(tx, desk.record.id, FILE, NOW)
    assert moved == [row.id for row in rows]


def test_mail_that_was_watched_waits_for_a_missing_folder_too(store: Store) -> None:
    """The folder may come back long after the change of mode."""
    away = a_desk(store, mailbox=a_mailbox(mode=WATCH), folders=WITHOUT)
    row = a_row(store, away, state="watched")
    filing = a_desk(store, folders=WITHOUT)
    assert planned(store, filing) == []
    with store.begin() as tx:
        mailboxes.passed(tx, filing.record.id, FILE, NOW)
    assert [i.message_row for i in planned(store, a_desk(store))] == [row.id]


# ------------------------------------------------------------------ notices


def test_without_smtp_a_reminder_is_appended_to_the_inbox(store: Store) -> None:
    """As an intent, once; when its time has come, and only those of this mailbox."""
    desk = a_desk(store, mailbox=a_mailbox(smtp=None))
    ready = a_mail(mailbox_id=desk.record.id, not_before=NOW, created_at=NOW)
    later = a_mail(mailbox_id=desk.record.id, not_before=NOW + minutes(1))
    with store.begin() as tx:
        for mail in (ready, later, a_mail(mailbox_id=desk.record.id + 1, not_before=NOW)):
            outbox.queue(tx, mail, [])
        (notice,) = plan_notices(tx, desk)
        assert plan_notices(tx, desk) == []
        assert intents.unfinished(tx, desk.record.id) == [notice]
    assert (notice.kind, notice.destination, notice.payload, notice.key) == ("notice", "INBOX", ready.raw, ready.key)


def test_with_smtp_nothing_is_appended(store: Store) -> None:
    """The outbox sends it."""
    desk = a_desk(store)
    with store.begin() as tx:
        outbox.queue(tx, a_mail(mailbox_id=desk.record.id, not_before=NOW), [])
        assert plan_notices(tx, desk) == []


# ------------------------------------------------------------------ outcomes


def record(store: Store, *done: Intent) -> None:
    with store.begin() as tx:
        outcomes.record(tx, "support", done, QUARANTINE)


def finished(intent: Intent, state: str, because: str = "", **more: object) -> Intent:
    return replace(intent, state=state, because=because, finished_at=NOW, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("destination", "uid", "expected"),
    [
        ("Support/Refunds", 9, ("filed", 9)),
        (QUARANTINE, 9, ("quarantined", 9)),
        ("Support/Refunds", 0, ("filed", None)),
    ],
)
def test_a_finished_move_is_where_the_row_says(
    store: Store, destination: str, uid: int, expected: tuple[str, int | None]
) -> None:
    """UID 0 means that the server did not name one: then nobody knows it."""
    desk = a_desk(store)
    row = a_row(store, desk, state="planned")
    move = an_intent(mailbox_id=desk.record.id, message_row=row.id, destination=destination)
    with store.begin() as tx:
        intents.plan(tx, [move])
    record(store, finished(move, "done", result_uid=uid, result_uidvalidity=5))
    with store.begin() as tx:
        found = messages.get(tx, row.id)
        assert intents.unfinished(tx, desk.record.id) == []
    assert found is not None
    assert (found.folder, found.state, found.uid, found.uidvalidity) == (destination, *expected, 5)


def test_a_refused_move_holds_the_mail_and_says_so(store: Store) -> None:
    """The mail stays where it is, and a person is told which folder is missing."""
    desk = a_desk(store)
    row = a_row(store, desk, state="planned")
    move = an_intent(mailbox_id=desk.record.id, message_row=row.id, destination="Support/Refunds")
    record(store, finished(move, "cancelled", "not moved to Support/Refunds: no such folder"))
    with store.begin() as tx:
        found = messages.get(tx, row.id)
        (alert,) = mailboxes.open_alerts(tx)
    assert found is not None
    assert (found.state, found.folder, found.uid) == ("held", "INBOX", row.uid)
    assert "Support/Refunds" in alert.text


def test_a_move_that_an_agent_won_is_left_to_her(store: Store) -> None:
    """No alert: agents win every race."""
    desk = a_desk(store)
    row = a_row(store, desk, state="planned")
    move = an_intent(mailbox_id=desk.record.id, message_row=row.id, destination="Support/Refunds")
    record(store, finished(move, "cancelled", "it was gone before we moved it"))
    with store.begin() as tx:
        found = messages.get(tx, row.id)
        assert mailboxes.open_alerts(tx) == []
    assert found is not None
    assert found.state == "left"


@pytest.mark.parametrize(
    ("kind", "state", "became", "body_kept"),
    [
        ("draft", "done", "waiting", True),
        ("draft", "cancelled", "refused", False),
        ("draft", "unknown", "unknown", True),
        ("withdraw", "done", "withdrawn", False),
        ("withdraw", "cancelled", "taken", False),
    ],
)
def test_what_became_of_a_draft(store: Store, kind: str, state: str, became: str, body_kept: bool) -> None:
    """Its text is kept only as long as it may be found again."""
    from tests.store.builders import a_draft

    desk = a_desk(store)
    draft = a_draft(mailbox_id=desk.record.id, body="Dear Jane", state="planned" if kind == "draft" else "waiting")
    intent = an_intent(mailbox_id=desk.record.id, kind=kind, draft_row=draft.id, destination="Drafts")
    with store.begin() as tx:
        intents.add_drafts(tx, [draft])
    record(store, finished(intent, state, result_uid=7, result_uidvalidity=2))
    with store.begin() as tx:
        found = intents.get_draft(tx, draft.id)
    assert found is not None
    assert (found.state, bool(found.body)) == (became, body_kept)
    assert (found.uid == 7) == (became == "waiting")


@pytest.mark.parametrize(("state", "became"), [("done", "sent"), ("unknown", "unknown"), ("cancelled", "failed")])
def test_what_became_of_a_notice(store: Store, state: str, became: str) -> None:
    """Its mail in the outbox knows."""
    desk = a_desk(store)
    mail = a_mail(mailbox_id=desk.record.id, state="appending")
    with store.begin() as tx:
        outbox.queue(tx, mail, [])
    record(store, finished(an_intent(mailbox_id=desk.record.id, kind="notice", key=mail.key), state))
    with store.begin() as tx:
        assert [m.id for m in outbox.in_state(tx, became)] == [mail.id]
