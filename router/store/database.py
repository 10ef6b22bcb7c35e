"""One database: SQLite beside the daemon, or PostgreSQL by URL. Opening it brings its schema up to date."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RootTransaction, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from router.errors import StateError

Transaction = Connection
SCHEMA = "0001"  # the newest migration in migrations/versions
LOCKED_FOR = 120.0  # seconds: how long a locked or absent database is waited for before it is an error
_BUSY_MS = 5000
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_MIGRATION_LOCK = 7_126_001  # any number that nobody else takes in this database


class Store:
    """The one way to the database. Writers take turns: SQLite has one writer anyway."""

    def __init__(self, url: str) -> None:
        self.url = _driver_url(url)
        sqlite = self.url.startswith("sqlite")
        try:
            self._engine = create_engine(
                self.url,
                pool_pre_ping=not sqlite,
                connect_args=_connect_args(sqlite=sqlite),
                hide_parameters=True,  # they hold what customers wrote, and an error's text goes to the log
            )
        except ModuleNotFoundError as error:
            raise StateError(f"PostgreSQL needs the package {error.name}: install inbox-router[postgres]") from None
        if sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_immediate)
        self._writer = threading.RLock()
        self._was_there = False

    @classmethod
    def open(cls, url: str) -> Store:
        """The database at `url`, its schema brought up to date; raises `StateError`."""
        store = cls(url)
        try:
            store._upgrade()
        except (DBAPIError, OSError) as error:
            raise StateError(f"cannot open the database: {_plain(error)}") from error
        store._was_there = True
        return store

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Raises `StateError` when the database goes away meanwhile: nobody can tell then whether it was committed.
        """
        with self._writer:
            connection, transaction = self._begin_patiently()
            try:
                with connection, transaction:
                    yield connection
            except OperationalError as error:
                raise StateError(f"the database is not usable: {_plain(error)}") from error

    def close(self) -> None:
        self._engine.dispose()

    def compact(self) -> None:
        """Rewrite SQLite's file, so that nothing of a deleted row is left in its free pages or its log."""
        if not self.url.startswith("sqlite"):
            return  # PostgreSQL: autovacuum does that in its own time
        with self._writer:
            pooled = self._engine.raw_connection()
            try:
                for command in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    pooled.cursor().execute(command).fetchall()
            finally:
                pooled.close()

    def check(self) -> str:
        """'ok', or what SQLite's integrity check found."""
        if not self.url.startswith("sqlite"):
            return "ok"
        with self.begin() as tx:
            return str(tx.execute(text("PRAGMA integrity_check")).scalar())

    def _begin_patiently(self) -> tuple[Connection, RootTransaction]:
        deadline = time.monotonic() + LOCKED_FOR
        while True:
            connection: Connection | None = None
            try:
                connection = self._engine.connect()
                return connection, connection.begin()  # takes SQLite's write lock, or finds that somebody has it
            except OperationalError as error:
                if connection is not None:
                    connection.close()
                # A server that was there will be there again; one that never was may be a wrong URL.
                patient = self._was_there or "locked" in str(error)
                if not patient or time.monotonic() > deadline:
                    raise StateError(f"the database is not usable: {_plain(error)}") from error
                time.sleep(0.2)

    def _upgrade(self) -> None:
        """All of it or nothing: both databases take changes of tables back with their transaction."""
        with self.begin() as connection:
            if _schema(connection) == SCHEMA:
                return
            if connection.dialect.name == "postgresql":  # two processes may find an empty database at once
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            if connection.dialect.name == "sqlite" and not inspect(connection).get_table_names():
                _create(connection)
                return
            # Alembic takes a tenth of a second and 10 MB to import; almost every start finds nothing to do.
            from alembic import command
            from alembic.config import Config

            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _create(connection: Connection) -> None:
    """The newest tables in an empty SQLite database, as if every migration had run. A test compares the two ways."""
    from router.store.tables import MailboxRow

    MailboxRow.metadata.create_all(connection)
    column = "version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY"
    connection.execute(text(f"CREATE TABLE alembic_version ({column})"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": SCHEMA})


def _schema(connection: Connection) -> str:
    """The migration that the database is at, '' when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def sqlite_url(state: Path) -> str:
    """The URL of the default database in a state directory."""
    return f"sqlite:///{state / 'inbox-router.sqlite3'}"


def _driver_url(url: str) -> str:
    """PostgreSQL is always spoken to by psycopg 3 and SQLite by Python's own module, however the URL is written."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StateError("unreadable database URL: write postgresql://user@host/name or sqlite:////path") from None
    driver = _DRIVERS.get(parsed.get_backend_name())
    if driver is None:
        raise StateError(f"no such database: {parsed.drivername}; use SQLite or PostgreSQL")
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def _connect_args(*, sqlite: bool) -> dict[str, Any]:
    return {"check_same_thread": False, "timeout": _BUSY_MS / 1000} if sqlite else {"connect_timeout": 10}


def _prepare_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_immediate`, not by the driver's guess
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MS}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # A read that becomes a write later could find the lock taken in the middle; take it at the beginning.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _plain(error: BaseException) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
