"""Questions and changes that more than one part of the store asks for, over any of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Table, insert, select, update

from router.store.database import Transaction
from router.store.records import columns, record

T = TypeVar("T")
IN_CHUNK = 400  # values per IN (...): SQLite allows 999 parameters in old builds


def table_of(row_class: Any) -> Table:
    """The Core table behind a SQLModel class: bulk statements need no objects."""
    table: Table = row_class.__table__
    return table


def insert_all(tx: Transaction, row_class: Any, records: Sequence[object]) -> None:
    """Insert records in one statement."""
    if records:
        tx.execute(insert(table_of(row_class)), [columns(r) for r in records])


def change(tx: Transaction, row_class: Any, row_id: int, **values: Any) -> None:
    """Set columns of one row."""
    table = table_of(row_class)
    tx.execute(update(table).where(table.c.id == row_id).values(**values))


def find(tx: Transaction, row_class: Any, kind: type[T], *where: ColumnElement[bool], order: Any = None) -> list[T]:
    """All rows that satisfy every condition, as values of `kind`."""
    statement = select(table_of(row_class)).where(*where)
    if order is not None:
        statement = statement.order_by(order)
    return [record(kind, dict(row)) for row in tx.execute(statement).mappings()]


def find_one(tx: Transaction, row_class: Any, kind: type[T], *where: ColumnElement[bool]) -> T | None:
    """The first such row, or None."""
    found = tx.execute(select(table_of(row_class)).where(*where).limit(1)).mappings().first()
    return None if found is None else record(kind, dict(found))


def chunks(values: Iterable[T], size: int = IN_CHUNK) -> Iterator[list[T]]:
    """Lists of at most `size` values."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk
