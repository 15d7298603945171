"""The rows that a work wrote, and how long the database alone takes to write the same ones."""

import time
from collections.abc import Sequence
from typing import Any

from flask import Flask

from app.extensions import db

Rows = dict[str, tuple[list[str], list[Any]]]
"""By table: the names of the columns, and the rows as the database gives them."""


def last_entry() -> int:
    """The number of the journal's last entry, so that those that come after it can be told."""
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("SELECT max(id) FROM journal_entry")
    last: int = cursor.fetchone()[0]
    connection.close()
    return last


def rows_of(tables: Sequence[str], before: int) -> Rows:
    """All rows of some tables; of the journal those after an entry."""
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    found: Rows = {}
    for name in tables:
        after = before if name == "journal_entry" else 0
        cursor.execute(f"SELECT * FROM {name} WHERE id > {after} ORDER BY id")  # noqa: S608 - its own tables
        found[name] = ([column[0] for column in cursor.description], cursor.fetchall())
    connection.close()
    return found


def bare_seconds(app: Flask, kind: str, rows: Rows) -> float:
    """How long a bare executemany of the rows takes, in one transaction."""
    mark = "?" if kind == "sqlite" else "%s"
    with app.app_context():
        connection = db.engine.raw_connection()
        cursor = connection.cursor()
        began = time.perf_counter()
        # Left to itself, SQLite would force every row to the disk.
        cursor.execute("BEGIN")
        for name, (names, values) in rows.items():
            quoted = ", ".join(f'"{each}"' for each in names)
            cursor.executemany(f"INSERT INTO {name} ({quoted}) VALUES ({', '.join([mark] * len(names))})", values)  # noqa: S608 - its own tables
        connection.commit()
        taken = time.perf_counter() - began
        connection.close()
        db.engine.dispose()
    return taken
