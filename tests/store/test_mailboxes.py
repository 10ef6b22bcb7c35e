"""Mailboxes, folder cursors and alerts."""

from __future__ import annotations

from router.store import mailboxes
from router.store.database import Store
from router.store.records import FolderRecord, MailboxRecord
from tests.store.builders import MAILBOX, NOW, minutes


def test_first_run_is_remembered(store: Store) -> None:
    """Entering again changes neither the id nor the time of the first run: old mail stays old."""
    with store.begin() as tx:
        first = mailboxes.enter(tx, "support", "watch", NOW)
        assert first == MailboxRecord(id=first.id, name="support", mode="watch", first_run_at=NOW)
        again = mailboxes.enter(tx, "support", "file", NOW + minutes(5))
        assert again == first
        mailboxes.enter(tx, "billing", "file", NOW)
        assert [m.name for m in mailboxes.all_mailboxes(tx)] == ["billing", "support"]


def test_the_mode_is_that_of_the_last_pass(store: Store) -> None:
    """So that a change from watch to file is noticed by the pass that follows it."""
    with store.begin() as tx:
        first = mailboxes.enter(tx, "support", "watch", NOW)
        mailboxes.passed(tx, first.id, "file", NOW + minutes(1))
        again = mailboxes.enter(tx, "support", "file", NOW + minutes(2))
    assert (again.mode, again.last_pass_at) == ("file", NOW + minutes(1))


def test_every_process_takes_a_larger_fence(store: Store) -> None:
    """Per mailbox, and kept in the mailbox's row."""
    with store.begin() as tx:
        one, other = (mailboxes.enter(tx, name, "file", NOW).id for name in ("support", "billing"))
        assert [mailboxes.take_fence(tx, one) for _ in range(3)] == [1, 2, 3]
        assert mailboxes.take_fence(tx, other) == 1
        assert mailboxes.enter(tx, "support", "file", NOW).fence == 3


def test_found_servers_are_kept(store: Store) -> None:
    """Discovery runs once; '' says that it never ran."""
    with store.begin() as tx:
        record = mailboxes.enter(tx, "support", "file", NOW)
        assert mailboxes.servers_found(tx, record.id) == ""
        mailboxes.remember_servers(tx, record.id, '{"imap": 1}')
        assert mailboxes.servers_found(tx, record.id) == '{"imap": 1}'


def test_a_folder_has_one_cursor(store: Store) -> None:
    """Advancing overwrites; dropping forgets; another mailbox's folder of that name is another folder."""
    first = FolderRecord(mailbox_id=MAILBOX, name="INBOX", uidvalidity=1, next_uid=5, messages=4)
    later = FolderRecord(mailbox_id=MAILBOX, name="INBOX", uidvalidity=2, next_uid=9, messages=1)
    other = FolderRecord(mailbox_id=MAILBOX + 1, name="INBOX", uidvalidity=3, next_uid=1)
    with store.begin() as tx:
        for folder in (first, other, later):
            mailboxes.advance(tx, folder)
        assert mailboxes.folders(tx, MAILBOX) == {"INBOX": later}
        mailboxes.drop_folder(tx, MAILBOX, "INBOX")
        assert mailboxes.folders(tx, MAILBOX) == {}
        assert mailboxes.folders(tx, MAILBOX + 1) == {"INBOX": other}


def test_an_alert_is_open_once(store: Store) -> None:
    """Raised again it keeps its time and takes the new text; cleared, it may be raised anew."""
    with store.begin() as tx:
        assert mailboxes.raise_alert(tx, "support", "smtp", "first", NOW)
        assert not mailboxes.raise_alert(tx, "support", "smtp", "second", NOW + minutes(1))
        assert mailboxes.raise_alert(tx, "billing", "smtp", "another mailbox's", NOW + minutes(2))
        assert [(a.text, a.raised_at) for a in mailboxes.open_alerts(tx)] == [
            ("second", NOW),
            ("another mailbox's", NOW + minutes(2)),
        ]
        mailboxes.clear_alert(tx, "support", "smtp", NOW + minutes(3))
        mailboxes.clear_alert(tx, "support", "never raised", NOW)
        assert [a.mailbox for a in mailboxes.open_alerts(tx)] == ["billing"]
        assert mailboxes.raise_alert(tx, "support", "smtp", "again", NOW + minutes(4))
