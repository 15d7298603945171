"""The import of 100,000 installations, from the file to the commit, against a bare executemany of the same rows."""

import io
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

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
from bench.written import Rows, bare_seconds, last_entry, rows_of
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
                _fill(app, database)
                bare.append(bare_seconds(app, kind, rows))
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


def _import(app: Flask, database: Database) -> tuple[float, Rows]:
    home = _fill(app, database)
    data = _file(app, home)
    with app.app_context():
        before = last_entry()
        began = time.perf_counter()
        table = read_table(io.BytesIO(data), "found.csv")
        columns = guess(FIELDS[BatchKind.INSTALLATIONS], table.head)
        lines = lines_of(table, BatchKind.INSTALLATIONS, columns, Conventions())
        with work(home) as opened:
            batch = carry_out(opened, lines, Sent("found.csv", sha256(data).hexdigest(), "Bench"))
            if batch.added != LINES:
                raise RuntimeError(f"only {batch.added} of {LINES} lines came in")
        taken = time.perf_counter() - began
        rows = rows_of(TABLES, before)
        db.engine.dispose()
    return taken, rows
