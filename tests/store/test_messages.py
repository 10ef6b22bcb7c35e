"""Message rows: found by place, by what they are, by sender and conversation."""

from __future__ import annotations

from dataclasses import replace

from router.store import messages
from router.store.database import Store
from router.values import MessageRef
from tests.store.builders import MAILBOX, NOW, a_message, minutes


def test_rows_are_found_by_place(store: Store) -> None:
    """UIDs belong to one folder under one UIDVALIDITY."""
    here, rebuilt = a_message(uid=1), a_message(uid=1, uidvalidity=2)
    elsewhere, nowhere = a_message(uid=1, folder="Support/FAQ"), a_message(uid=None)
    with store.begin() as tx:
        messages.add(tx, [here, rebuilt, elsewhere, nowhere])
        assert messages.known_uids(tx, MAILBOX, "INBOX", 1) == {1: here.id}
        assert messages.in_folder(tx, MAILBOX, "INBOX") == [here, rebuilt]
        assert messages.known_uids(tx, MAILBOX + 1, "INBOX", 1) == {}
        assert messages.get(tx, 12345) is None
    assert here.ref("support") == MessageRef(mailbox="support", folder="INBOX", uidvalidity=1, uid=1)
    assert nowhere.ref("support") is None


def test_identical_mails_are_two_rows(store: Store) -> None:
    """A fingerprint leads to all of them, oldest first, and never to another mailbox's."""
    one, other = a_message(fingerprint="same"), a_message(fingerprint="same")
    with store.begin() as tx:
        messages.add(tx, [other, one, a_message(fingerprint="same", mailbox_id=MAILBOX + 1)])
        found = messages.by_fingerprint(tx, MAILBOX, ["same", "same", "absent"])
    assert found == {"same": [one, other]}


def test_many_rows_are_read_in_pieces(store: Store) -> None:
    """More values than one statement may carry."""
    rows = [a_message(uid=n, fingerprint=str(n)) for n in range(1, 1002)]
    with store.begin() as tx:
        messages.add(tx, rows)
        messages.add(tx, [])
        assert len(messages.get_many(tx, [r.id for r in rows])) == len(rows)
        assert len(messages.by_fingerprint(tx, MAILBOX, (r.fingerprint for r in rows))) == len(rows)
        assert messages.get_many(tx, []) == {}


def test_rows_are_found_by_what_a_person_asks(store: Store) -> None:
    """By Message-ID, by sender, and by conversation in the order of arrival."""
    late = a_message(thread_id=3, message_id="<a@x>", sender="jane@client.example", internaldate=NOW + minutes(5))
    early = a_message(thread_id=3, internaldate=NOW)
    with store.begin() as tx:
        messages.add(tx, [late, early, a_message()])
        assert messages.by_message_id(tx, "<a@x>") == [late]
        assert messages.of_sender(tx, "jane@client.example") == [late]
        assert messages.of_thread(tx, 3) == [early, late]


def test_states_are_counted(store: Store) -> None:
    """Since a moment, or at all."""
    rows = [a_message(state="filed"), a_message(state="filed", seen_at=NOW - minutes(60)), a_message(state="left")]
    with store.begin() as tx:
        messages.add(tx, [*rows, a_message(state="filed", mailbox_id=MAILBOX + 1)])
        assert messages.in_state(tx, MAILBOX, "filed", "held") == rows[:2]
        assert messages.count_by_state(tx, MAILBOX) == {"filed": 2, "left": 1}
        assert messages.count_by_state(tx, MAILBOX, since=NOW) == {"filed": 1, "left": 1}


def test_places_change_together(store: Store) -> None:
    """A batch of moves is one statement; only the place and the state change."""
    moved, lost, stays = a_message(subject="kept"), a_message(), a_message()
    with store.begin() as tx:
        messages.add(tx, [moved, lost, stays])
        messages.place(tx, [(moved.id, "Support/FAQ", 9, 77, "filed"), (lost.id, "Support/FAQ", 9, None, "filed")])
        messages.place(tx, [])
        messages.set_values(tx, stays.id, hands_off=True)
        found = messages.get_many(tx, [moved.id, lost.id, stays.id])
    assert found[moved.id] == replace(moved, folder="Support/FAQ", uidvalidity=9, uid=77, state="filed")
    assert found[lost.id].uid is None
    assert found[stays.id] == replace(stays, hands_off=True)
