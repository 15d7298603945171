"""How connections behave: foreign keys, write-ahead log and honest transactions on SQLite."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session


def _prepare(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver would begin transactions late and commit some by itself; `_begin` does it openly instead.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


def listen() -> None:
    """Stand behind every engine; once is enough however often it is called."""
    if event.contains(Engine, "connect", _prepare):
        return
    event.listen(Engine, "connect", _prepare)
    event.listen(Engine, "begin", _begin)


def gather_statistics(session: Session) -> None:
    """Let the planner know how many rows stand behind each index.

    Without it a planner chooses badly once there are many; PostgreSQL looks by itself, SQLite only when told.
    """
    session.connection().exec_driver_sql("ANALYZE")
