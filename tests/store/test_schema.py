"""The tables: made by migrations, alike on both databases, and stricter than the code above them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel

import router.store.tables
from router.errors import StateError
from router.store import intents, lessons, mailboxes, messages, outbox, threads
from router.store.database import SCHEMA, Store, Transaction
from tests.servers.postgres import Postgres
from tests.store.builders import (
    LARGEST,
    MAILBOX,
    NOW,
    a_draft,
    a_gesture,
    a_line,
    a_mail,
    a_message,
    a_thread,
    an_example,
    an_intent,
)

MIGRATIONS = Path(router.store.tables.__file__).parent / "migrations"


def alembic(tx: Transaction) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = tx
    return config


def differences(tx: Transaction) -> list[object]:
    """What `alembic check` would complain about."""
    options = {"compare_type": True, "compare_server_default": True}
    return compare_metadata(MigrationContext.configure(tx, opts=options), SQLModel.metadata)


def test_migrations_make_the_tables_that_the_code_describes(empty_url: str) -> None:
    """From nothing to the newest migration, the database is what `tables.py` says."""
    store = Store.open(empty_url)
    with store.begin() as tx:
        assert differences(tx) == []
        assert {"mailbox", "message", "thread", "intent", "draft"} < set(inspect(tx).get_table_names())
    store.close()


def made(store: Store) -> set[str]:
    """Every column, index and constraint in words, and the migration that the database says it is at."""
    with store.begin() as tx:
        inside = inspect(tx)
        found = {str(row) for row in tx.execute(text("SELECT * FROM alembic_version"))}
        for table in inside.get_table_names():
            for each in (*inside.get_columns(table), *inside.get_unique_constraints(table)):
                found.add(f"{table} {sorted((k, str(v)) for k, v in each.items())}")
            for index in inside.get_indexes(table):
                where = str(index.get("dialect_options", {}).get("sqlite_where"))
                found.add(f"{table} {index['name']} {index['column_names']} {index['unique']} {where}")
    return found


def test_an_empty_sqlite_database_gets_what_the_migrations_make(tmp_path: Path) -> None:
    """The short way that spares importing Alembic ends in the same tables, columns and indexes as the long one."""

    short = Store.open(f"sqlite:///{tmp_path / 'short.db'}")
    long = Store(f"sqlite:///{tmp_path / 'long.db'}")
    with long.begin() as tx:
        command.upgrade(alembic(tx), "head")
    assert made(short) == made(long)
    for store in (short, long):
        store.close()


def test_schema_names_the_newest_migration() -> None:
    """The short cut that spares importing Alembic must know the newest migration."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA]


def test_migrations_can_be_taken_back(empty_url: str) -> None:
    """Down to nothing leaves no table of ours, and up again makes them all."""
    store = Store.open(empty_url)
    with store.begin() as tx:
        command.downgrade(alembic(tx), "base")
    with store.begin() as tx:
        assert inspect(tx).get_table_names() == ["alembic_version"]
    store.close()
    again = Store.open(empty_url)
    with again.begin() as tx:
        assert differences(tx) == []
    again.close()


def test_opening_again_keeps_the_rows(empty_url: str) -> None:
    """A restart finds what was there."""
    store = Store.open(empty_url)
    with store.begin() as tx:
        mailboxes.enter(tx, "support", "file", NOW)
    store.close()
    again = Store.open(empty_url)
    with again.begin() as tx:
        assert [m.name for m in mailboxes.all_mailboxes(tx)] == ["support"]
    assert again.check() == "ok"
    again.close()


def test_processes_that_open_an_empty_database_at_once_all_succeed(empty_url: str) -> None:
    """One of them migrates, the others wait for it."""
    code = f"from router.store.database import Store; Store.open({empty_url!r}).close()"
    started = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
    said = [process.communicate(timeout=60)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said


@pytest.mark.postgres
@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_postgresql_urls_may_be_written_in_any_way(postgres: Postgres, scheme: str) -> None:
    """Hosting platforms write postgres://, SQLAlchemy's own manual names other drivers: all mean psycopg 3."""
    name = postgres.new_database().rpartition("/")[2]
    store = Store.open(postgres.url(name, scheme=scheme))
    assert store.url.startswith("postgresql+psycopg://")
    store.close()
    over_socket = Store.open(postgres.socket_url(name))
    assert over_socket.check() == "ok"
    over_socket.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("router.db", "unreadable database URL"),
        ("mysql://root@localhost/router", "no such database"),
        ("sqlite:////nowhere/at/all/router.db", "unable to open database file"),
        ("postgresql://router:s3cret@127.0.0.1:1/router", "database"),
    ],
)
def test_an_unusable_url_is_one_clear_error_without_the_password(url: str, said: str) -> None:
    """The admin reads one line; the password in the URL is not part of it."""
    with pytest.raises(StateError, match=said) as raised:
        Store.open(url)
    assert "s3cret" not in str(raised.value)


def test_a_file_that_is_no_database_is_a_clear_error(tmp_path: Path) -> None:
    """Somebody's text file is neither opened nor changed."""
    path = tmp_path / "router.db"
    path.write_text("this is no database, and is long enough to be looked at" * 20)
    with pytest.raises(StateError, match="not a database"):
        Store.open(f"sqlite:///{path}")
    assert path.read_text().startswith("this is no database")


# ------------------------------------------------------------------ values


def test_the_largest_uids_fit(store: Store) -> None:
    """UIDs and UIDVALIDITYs reach 2**32-1, more than a 32-bit column holds."""
    row = a_message(uid=LARGEST, uidvalidity=LARGEST, size=LARGEST)
    intent = an_intent(
        uid=LARGEST, uidvalidity=LARGEST, destination_uidnext=LARGEST, destination_uidvalidity=LARGEST,
        result_uid=LARGEST, result_uidvalidity=LARGEST,
    )  # fmt: skip
    draft = a_draft(uid=LARGEST, uidvalidity=LARGEST)
    with store.begin() as tx:
        record = mailboxes.enter(tx, "support", "file", NOW)
        mailboxes.advance(tx, mailbox_folder(record.id))
        messages.add(tx, [row])
        intents.plan(tx, [intent])
        intents.add_drafts(tx, [draft])
    with store.begin() as tx:
        assert messages.get(tx, row.id) == row
        assert intents.unfinished(tx, MAILBOX) == [intent]
        assert intents.get_draft(tx, draft.id) == draft
        assert mailboxes.folders(tx, record.id)["INBOX"] == mailbox_folder(record.id)


def mailbox_folder(mailbox_id: int):  # type: ignore[no-untyped-def]
    from router.store.records import FolderRecord

    return FolderRecord(mailbox_id=mailbox_id, name="INBOX", uidvalidity=LARGEST, next_uid=LARGEST + 1, messages=3)


def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    """A moment is the same moment afterwards, to the microsecond, whatever zone it was written in."""
    kyiv = datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    row = a_message(internaldate=kyiv)
    with store.begin() as tx:
        messages.add(tx, [row])
        found = messages.get(tx, row.id)
    assert found is not None
    assert found.internaldate == kyiv
    assert found.internaldate.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    """Nobody can tell which moment it means."""
    with pytest.raises(StatementError, match="needs a zone"), store.begin() as tx:
        messages.add(tx, [a_message(seen_at=datetime(2026, 11, 23, 12, 0))])  # noqa: DTZ001 the very thing


def test_text_of_any_script_comes_back_as_it_was(store: Store) -> None:
    """Mongolian, emoji, right-to-left marks and combining characters."""
    row = a_message(subject="Мөнгөө буцааж авах 🙏 \u200fשלום e\u0301", sender="öлга@приклад.example")
    with store.begin() as tx:
        messages.add(tx, [row])
        assert messages.get(tx, row.id) == row


# ------------------------------------------------------------------ what no code can break


@pytest.mark.parametrize("state", ["planned", "waiting", "edited", "unknown"])
def test_a_thread_has_at_most_one_open_draft(store: Store, state: str) -> None:
    """The database itself refuses a second draft while one may lie in Drafts."""
    first = a_draft(state=state)
    with store.begin() as tx:
        intents.add_drafts(tx, [first])
    with pytest.raises(IntegrityError), store.begin() as tx:
        intents.add_drafts(tx, [a_draft(thread_id=first.thread_id)])


def test_an_ended_draft_makes_room_for_the_next(store: Store) -> None:
    """Sent, withdrawn and taken drafts stay as rows and do not block; another thread never did."""
    first = a_draft()
    with store.begin() as tx:
        intents.add_drafts(tx, [first, a_draft()])
        for state in ("sent", "withdrawn", "taken", "refused"):
            intents.set_draft(tx, first.id, state=state)
            following = a_draft(thread_id=first.thread_id)
            intents.add_drafts(tx, [following])
            intents.set_draft(tx, following.id, state="sent")
        assert len(intents.drafts_of(tx, first.thread_id)) == 5


def test_a_place_holds_one_message(store: Store) -> None:
    """(mailbox, folder, UIDVALIDITY, UID) is unique: a mail cannot be taken in twice."""
    row = a_message(uid=5)
    with store.begin() as tx:
        messages.add(tx, [row, a_message(uid=5, uidvalidity=2), a_message(uid=5, folder="Sent")])
    with pytest.raises(IntegrityError), store.begin() as tx:
        messages.add(tx, [a_message(uid=5)])


def test_any_number_of_messages_may_lie_nowhere(store: Store) -> None:
    """A message whose place nobody knows has no UID, and does not stand in the way of another such one."""
    with store.begin() as tx:
        messages.add(tx, [a_message(uid=None), a_message(uid=None)])
        assert len(messages.in_state(tx, MAILBOX, "planned")) == 2
        assert messages.known_uids(tx, MAILBOX, "INBOX", 1) == {}


def test_a_reminder_is_written_once(store: Store) -> None:
    """The key of a reminder is unique over all mails."""
    first, second = a_mail(), a_mail()
    with store.begin() as tx:
        outbox.queue(tx, first, [a_line(first, "1:1:75%:0:remind:team")])
    with pytest.raises(IntegrityError), store.begin() as tx:
        outbox.queue(tx, second, [a_line(second, "1:1:75%:0:remind:team")])
    with store.begin() as tx:
        assert [m.id for m in outbox.ready(tx, NOW)] == [first.id]


def test_other_keys_are_unique_too(store: Store) -> None:
    """An intent's key per mailbox, a mail's key, one gesture and one example per message, a mailbox's name."""
    with store.begin() as tx:
        intents.plan(tx, [an_intent(key="k"), an_intent(key="k", mailbox_id=MAILBOX + 1)])
        outbox.queue(tx, a_mail(key="m"), [])
        lessons.learn(tx, [], [an_example(message_row=1), an_example(message_row=None), an_example(message_row=None)])
    for twice in (
        lambda tx: intents.plan(tx, [an_intent(key="k")]),
        lambda tx: outbox.queue(tx, a_mail(key="m"), []),
        lambda tx: lessons.learn(tx, [], [an_example(message_row=1)]),
    ):
        with pytest.raises(IntegrityError), store.begin() as tx:
            twice(tx)


def test_every_record_comes_back_as_it_went_in(store: Store) -> None:
    """Nothing is lost between a value and its row."""
    thread = a_thread(customer_name="Jane", waiting_since=NOW, fired='{"75%": 1}', clock=3, next_due=NOW, target="x")
    message = a_message(thread_id=thread.id, hands_off=True, automatic=True, confidence=0.5, trace="[]", category="faq")
    intent = an_intent(payload=b"\x00\xff", add_flags="\\Seen $label1", message_row=message.id, fence=9)
    mail, gesture, example = a_mail(raw=b"\x00\r\n\xff"), a_gesture(features=b"\x00"), an_example()
    line = a_line(mail, "k", thread_id=None)
    with store.begin() as tx:
        threads.add(tx, [thread])
        messages.add(tx, [message])
        intents.plan(tx, [intent])
        outbox.queue(tx, mail, [line])
        lessons.notice(tx, gesture)
        lessons.learn(tx, [], [example])
    with store.begin() as tx:
        assert threads.get(tx, thread.id) == thread
        assert messages.get(tx, message.id) == message
        assert intents.unfinished(tx, MAILBOX) == [replace(intent)]
        assert outbox.ready(tx, NOW) == [mail]
        assert outbox.lines_of(tx, mail.id) == [line]
        assert lessons.pending(tx, MAILBOX) == [gesture]
        assert lessons.examples(tx) == [example]
