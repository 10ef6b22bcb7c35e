"""Transactions: all or nothing, one writer at a time, and ids that two processes never share."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from router.errors import StateError
from router.store import database, intents, messages, threads
from router.store.database import Store
from router.store.ids import _Ids
from tests.conftest import without_server
from tests.servers import postgres as postgres_server
from tests.servers.postgres import Postgres
from tests.store.builders import MAILBOX, a_draft, a_message, a_thread, an_intent

LOCKER = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
database.execute("COMMIT")
"""


def lock(path: Path, seconds: float) -> subprocess.Popen[str]:
    """Another process that holds the write lock, as a backup or a person with sqlite3 would."""
    locker = subprocess.Popen([sys.executable, "-c", LOCKER, path, str(seconds)], stdout=subprocess.PIPE, text=True)
    assert locker.stdout is not None
    assert locker.stdout.readline() == "locked\n"
    return locker


def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    """Half a batch is worse than none: rows of every table go back together."""
    thread, row = a_thread(), a_message()
    with pytest.raises(RuntimeError), store.begin() as tx:  # noqa: PT012 the block is what is tested
        threads.add(tx, [thread])
        messages.add(tx, [row])
        intents.plan(tx, [an_intent(message_row=row.id)])
        raise RuntimeError
    with store.begin() as tx:
        assert threads.get(tx, thread.id) is None
        assert messages.get(tx, row.id) is None
        assert intents.unfinished(tx, MAILBOX) == []


def test_a_refused_row_takes_its_whole_batch_back(store: Store) -> None:
    """The draft that a thread may not have leaves no intent behind that would append it."""
    waiting = a_draft(state="waiting")
    with store.begin() as tx:
        intents.add_drafts(tx, [waiting])
    with pytest.raises(IntegrityError), store.begin() as tx:  # noqa: PT012 the block is what is tested
        intents.plan(tx, [an_intent(kind="draft")])
        intents.add_drafts(tx, [a_draft(), a_draft(thread_id=waiting.thread_id)])
    with store.begin() as tx:
        assert intents.unfinished(tx, MAILBOX) == []
        assert intents.open_drafts(tx, MAILBOX) == [waiting]


def test_the_store_works_on_after_a_failure(store: Store) -> None:
    """A failed transaction holds neither the lock nor a broken connection."""
    for _ in range(20):
        with pytest.raises(RuntimeError), store.begin():
            raise RuntimeError
    with store.begin() as tx:
        messages.add(tx, [a_message()])


def test_what_one_transaction_wrote_the_next_one_sees_and_no_other_before(store: Store) -> None:
    """A second process reads only what was committed."""
    other = Store.open(store.url)
    thread = a_thread()
    with store.begin() as tx:
        threads.add(tx, [thread])
        if store.url.startswith("postgresql"):  # SQLite's other writer would wait for us here
            with other.begin() as elsewhere:
                assert threads.get(elsewhere, thread.id) is None
    with other.begin() as elsewhere:
        assert threads.get(elsewhere, thread.id) == thread
    other.close()


def test_threads_of_one_process_take_turns(store: Store) -> None:
    """Mailboxes are served by threads: no update of theirs is lost, and none fails."""
    row = a_thread()
    with store.begin() as tx:
        threads.add(tx, [row])

    def count() -> None:
        for _ in range(20):
            with store.begin() as tx:
                found = threads.get(tx, row.id)
                assert found is not None
                threads.set_values(tx, row.id, messages=found.messages + 1)

    workers = [threading.Thread(target=count) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with store.begin() as tx:
        assert threads.get(tx, row.id).messages == 80  # type: ignore[union-attr]


def test_a_committed_transaction_survives_a_kill(empty_url: str) -> None:
    """What `begin` has returned from is there after SIGKILL."""
    code = (
        "import os, signal, sys\n"
        "from router.store.database import Store\n"
        "from router.store import messages\n"
        "from tests.store.builders import a_message\n"
        f"store = Store.open({empty_url!r})\n"
        "with store.begin() as tx: messages.add(tx, [a_message(fingerprint='kept')])\n"
        "transaction = store.begin()\n"
        "tx = transaction.__enter__()\n"
        "messages.add(tx, [a_message(fingerprint='lost')])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    assert killed.returncode == -9
    store = Store.open(empty_url)
    with store.begin() as tx:
        assert set(messages.by_fingerprint(tx, MAILBOX, ["kept", "lost"])) == {"kept"}
    assert store.check() == "ok"
    store.close()


# ------------------------------------------------------------------ SQLite's one writer


def test_a_locked_database_is_waited_for(tmp_path: Path) -> None:
    """A backup holds the lock for two seconds: we wait, and then write."""
    store = Store.open(f"sqlite:///{tmp_path / 'router.db'}")
    with lock(tmp_path / "router.db", 2):
        started = time.monotonic()
        with store.begin() as tx:
            messages.add(tx, [a_message()])
        assert time.monotonic() - started > 1
    store.close()


def test_a_lock_longer_than_sqlite_waits_is_waited_for_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's own patience is shorter than ours: we ask again, also when the database is being opened."""
    monkeypatch.setattr(database, "_BUSY_MS", 50)
    store = Store.open(f"sqlite:///{tmp_path / 'router.db'}")
    with lock(tmp_path / "router.db", 1), store.begin() as tx:
        messages.add(tx, [a_message()])
    with lock(tmp_path / "router.db", 1):
        Store.open(store.url).close()
    store.close()


def test_a_lock_that_stays_is_an_error_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """We do not wait for ever, and nothing is half written."""
    monkeypatch.setattr(database, "_BUSY_MS", 50)
    monkeypatch.setattr(database, "LOCKED_FOR", 0.1)
    store = Store.open(f"sqlite:///{tmp_path / 'router.db'}")
    with lock(tmp_path / "router.db", 2) as locker:
        with pytest.raises(StateError, match="locked"), store.begin():
            pytest.fail("the block must not run without the lock")
        locker.kill()
    with store.begin() as tx:
        messages.add(tx, [a_message()])
    store.close()


# ------------------------------------------------------------------ PostgreSQL goes away


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """One that these tests may stop."""
    if lacking := postgres_server.missing():
        without_server(f"not installed: {lacking}")
    with Postgres() as server:
        yield server


@pytest.mark.postgres
def test_a_database_server_that_restarts_is_waited_for(own_postgres: Postgres) -> None:
    """Between two transactions nobody notices; within one it is an error, and nothing of it is kept."""
    store = Store.open(own_postgres.new_database())
    with store.begin() as tx:
        messages.add(tx, [a_message(fingerprint="before")])
    own_postgres.stop()
    starter = threading.Timer(1, own_postgres.start)
    starter.start()
    with store.begin() as tx:
        assert set(messages.by_fingerprint(tx, MAILBOX, ["before"])) == {"before"}
    starter.join()
    with pytest.raises(StateError, match="not usable"), store.begin() as tx:  # noqa: PT012 it breaks in the middle
        messages.add(tx, [a_message(fingerprint="within")])
        own_postgres.stop()
        own_postgres.start()
        messages.add(tx, [a_message()])
    with store.begin() as tx:
        assert set(messages.by_fingerprint(tx, MAILBOX, ["before", "within"])) == {"before"}
    store.close()


@pytest.mark.postgres
def test_a_database_server_that_never_was_there_is_an_error_at_once(own_postgres: Postgres) -> None:
    """A wrong URL must not look like patience."""
    url = own_postgres.new_database()
    own_postgres.stop()
    started = time.monotonic()
    with pytest.raises(StateError, match="not usable"):
        Store.open(url)
    assert time.monotonic() - started < 60
    own_postgres.start()


# ------------------------------------------------------------------ ids

MANY = 5000
MAKER = f"from router.store.ids import next_id; print(*[next_id() for _ in range({MANY})])"


def test_ids_rise_and_fit_into_63_bits() -> None:
    """Rows are ordered by id; a fast loop and a clock that goes back change nothing about that."""
    made = _Ids()
    ids = [made() for _ in range(20_000)]
    assert ids == sorted(set(ids))
    assert 0 < ids[0] < ids[-1] < 2**63


def test_ids_of_two_processes_never_collide() -> None:
    """Two processes that make ids in the same milliseconds make different ones."""
    while True:
        makers = [subprocess.Popen([sys.executable, "-c", MAKER], stdout=subprocess.PIPE, text=True) for _ in range(2)]
        one, other = ([int(word) for word in maker.communicate(timeout=60)[0].split()] for maker in makers)
        if one[0] >> 12 & 0x3FF != other[0] >> 12 & 0x3FF:  # a thousand and twenty-four numbers for processes
            break
    assert len({*one, *other}) == 2 * MANY


def test_a_forked_process_makes_ids_of_its_own(tmp_path: Path) -> None:
    """A child inherits the memory of its parent, but not its number."""
    code = (
        "import os\n"
        "from router.store.ids import next_id\n"
        "next_id()\n"
        "child = os.fork()\n"
        f"ids = [next_id() for _ in range({MANY})]\n"
        f"open(r'{tmp_path}/' + ('parent' if child else 'child'), 'w').write(' '.join(map(str, ids)))\n"
        "child and os.waitpid(child, 0)\n"
    )
    while True:
        subprocess.run([sys.executable, "-c", code], check=True)
        parent, child = ([int(word) for word in (tmp_path / name).read_text().split()] for name in ("parent", "child"))
        if parent[0] >> 12 & 0x3FF != child[0] >> 12 & 0x3FF or set(parent) & set(child):
            break
    assert not set(parent) & set(child)
