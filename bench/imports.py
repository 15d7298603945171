"""The import of 100,000 installations, from the file to the commit, against a bare executemany of the same rows."""

import io
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask

import config
from app import create_app
from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.batch import BatchKind
from app.domain.itam.import_fields import FIELDS
from app.domain.itam.mapping import guess
from app.domain.itam.rows import Conventions
from app.extensions import db
from app.inputs.lines import lines_of
from app.inputs.table import read_table
from app.models.asset import Asset
from app.models.software import Product, Publisher
from app.operations import organisations
from app.operations.imports import Sent, carry_out
from app.work import work
from bench.target import Target
from tests.databases import Database, open_database

LINES = 100_000
ASSETS = 2_000
PRODUCTS = LINES // ASSETS
ROUNDS = 3
TABLES = ("import_batch", "installation", "journal_entry")


def measure() -> list[Target]:
    """On each database, how many times as long as the bare rows the import takes."""
    targets = []
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, open_database(kind, Path(folder)) as database:
            settings = replace(
                config.from_environment(), secret_key="k" * 40, database_url=database.url, instance=Path(folder)
            )
            app = create_app(settings)
            ours, bare = [], []
            for _round in range(ROUNDS):
                taken, rows = _import(app, database)
                ours.append(taken)
                bare.append(_bare(app, database, kind, rows))
        says = f"The import of {LINES:,} installations on {kind}, as a multiple of a bare executemany of their rows"
        targets.append(Target(says, statistics.median(ours) / statistics.median(bare), 3))
    return targets


def _fill(app: Flask, database: Database) -> int:
    """An organisation with its assets and products, always the same."""
    database.reset()
    with app.app_context():
        with work(None) as opened:
            home = organisations.found(opened, name="Bench", country="DE", time_zone="Europe/Berlin", slug="bench").id
        with work(home) as opened:
            asset = {"name": "Machine", "kind": AssetKind.HARDWARE, "status": AssetStatus.DEPLOYED, "version": 1}
            tags = [{**asset, "tag": f"A-{n:05d}", "created_at": opened.now} for n in range(ASSETS)]
            opened.insert_many(Asset, tags)
            publisher = opened.add(Publisher(name="Acme"))
            product = {"publisher_id": publisher.id, "version": 1, "created_at": opened.now}
            opened.insert_many(Product, [{**product, "name": f"Product {n}"} for n in range(PRODUCTS)])
    return home


def _file(app: Flask, home: int) -> bytes:
    with app.app_context(), work(home, writes=False) as opened:
        day = opened.today
    lines = ["Asset tag,Publisher,Product,Version,Found on,Last seen"]
    for number in range(LINES):
        found = (day - timedelta(days=number % 700)).isoformat()
        product = number // ASSETS
        lines.append(
            f"A-{number % ASSETS:05d},Acme,Product {product},{number % 7}.{number % 13},{found},{day.isoformat()}"
        )
    return "\n".join(lines).encode()


def _import(app: Flask, database: Database) -> tuple[float, dict[str, Any]]:
    home = _fill(app, database)
    data = _file(app, home)
    with app.app_context():
        before = _last_entry()
        began = time.perf_counter()
        table = read_table(io.BytesIO(data), "found.csv")
        columns = guess(FIELDS[BatchKind.INSTALLATIONS], table.head)
        lines = lines_of(table, BatchKind.INSTALLATIONS, columns, Conventions())
        with work(home) as opened:
            batch = carry_out(opened, lines, Sent("found.csv", sha256(data).hexdigest(), "Bench"))
            if batch.added != LINES:
                raise RuntimeError(f"only {batch.added} of {LINES} lines came in")
        taken = time.perf_counter() - began
        rows = {name: _raw(name, before if name == "journal_entry" else 0) for name in TABLES}
        db.engine.dispose()
    return taken, rows


def _bare(app: Flask, database: Database, kind: str, rows: dict[str, Any]) -> float:
    _fill(app, database)
    mark = "?" if kind == "sqlite" else "%s"
    with app.app_context():
        connection = db.engine.raw_connection()
        cursor = connection.cursor()
        began = time.perf_counter()
        # Left to itself, SQLite would force every row to the disk.
        cursor.execute("BEGIN")
        for name in TABLES:
            names, values = rows[name]
            quoted = ", ".join(f'"{each}"' for each in names)
            cursor.executemany(f"INSERT INTO {name} ({quoted}) VALUES ({', '.join([mark] * len(names))})", values)  # noqa: S608 - its own tables
        connection.commit()
        taken = time.perf_counter() - began
        connection.close()
        db.engine.dispose()
    return taken


def _raw(name: str, after: int) -> tuple[list[str], list[Any]]:
    """The rows of a table as the database gives them."""
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute(f"SELECT * FROM {name} WHERE id > {after} ORDER BY id")  # noqa: S608 - its own tables
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    connection.close()
    return names, rows


def _last_entry() -> int:
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("SELECT max(id) FROM journal_entry")
    last: int = cursor.fetchone()[0]
    connection.close()
    return last
