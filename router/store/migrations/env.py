"""Alembic's entry: runs migrations on the connection that `Store` opened."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import router.store.tables  # noqa: F401  fills SQLModel.metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite cannot ALTER most things
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
