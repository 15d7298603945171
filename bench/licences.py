# ruff: noqa: E501 - statements read better unbroken
"""The licence position over a million installations against one bare statement that groups the same rows."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

import config
from app import create_app
from app.database import gather_statistics
from app.extensions import db
from app.operations import device_counts, organisations
from app.queries.positions import positions_on
from app.work import Work, work
from bench.target import Target
from tests.databases import open_database

INSTALLATIONS, PRODUCTS, ENTITLEMENTS, ASSETS = 1_000_000, 5_000, 20_000, 20_000
ROUNDS = 9
BARE = """
SELECT g.product_id, g.devices, e.units
FROM (
  SELECT i.product_id, count(*) AS devices
  FROM installation AS i
  WHERE i.organisation_id = :home AND i.counted_from <= :day AND (i.counted_until IS NULL OR i.counted_until > :day)
  GROUP BY i.product_id
) g
LEFT JOIN (
  SELECT pp.product_id, sum(x.quantity) AS units
  FROM entitlement AS x JOIN pool_product AS pp ON pp.pool_id = x.pool_id AND pp.organisation_id = :home
  WHERE x.organisation_id = :home AND x.starts_on <= :day AND (x.ends_on IS NULL OR x.ends_on >= :day)
  GROUP BY pp.product_id
) e ON e.product_id = g.product_id
"""
"""As bare as it can be said: no pools, no sites, no versions, no upgrades, no reasons."""
COUNT = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {most}) "
ROWS = (
    # Of each 1,000 pools one counts cores, one named users, one measured use, one subscriptions, one is a suite of two
    # products, and the entitlements of one are for some versions.
    ("publisher", 50, "id, name, organisation_id", "i + 1, 'Publisher ' || i, :home"),
    (
        "product",
        PRODUCTS,
        "id, publisher_id, name, edition, category, needs_licence, notes, created_at, version, organisation_id",
        "i + 1, i % 50 + 1, 'Product ' || i, '', '', true, '', :now, 1, :home",
    ),
    (
        "asset",
        ASSETS,
        "id, tag, name, kind, status, serial, maker, model, criticality, in_scope, scope_reason, currency, supplier, "
        "purchase_order, sockets, cores, keywords, notes, found_by, created_at, version, organisation_id",
        "i + 1, 'A-' || i, 'Asset ' || i, 'hardware', 'deployed', '', '', '', 'medium', true, '', '', '', '', 2, 16, '', "
        "'', '', :now, 1, :home",
    ),
    (
        "employee",
        2_000,
        "id, number, name, email, department, created_at, version, organisation_id",
        "i + 1, 'P-' || i, 'Person ' || i, '', '', :now, 1, :home",
    ),
    (
        "licence_pool",
        PRODUCTS,
        "id, reference, name, publisher_id, metric, minimum_per_socket, minimum_per_host, factor_thousandths, pack_size, "
        "unit_price_minor, currency, notes, created_at, version, organisation_id",
        "i + 1, 'LP-' || i, 'Pool ' || i, i % 50 + 1, CASE i % 1000 WHEN 0 THEN 'core' WHEN 1 THEN 'named-user' "
        "WHEN 2 THEN 'consumption' WHEN 3 THEN 'subscription' ELSE 'device' END, 8, 16, 500, 2, 10000, 'EUR', '', :now, "
        "1, :home",
    ),
    ("pool_product", PRODUCTS, "id, pool_id, product_id, organisation_id", "i + 1, i + 1, i + 1, :home"),
    (
        "pool_product",
        PRODUCTS // 1000,
        "id, pool_id, product_id, organisation_id",
        f"{PRODUCTS} + i + 1, i * 1000 + 5, i * 1000 + 6, :home",
    ),
    (
        "entitlement",
        ENTITLEMENTS,
        "id, reference, pool_id, kind, quantity, starts_on, ends_on, version_through, version_through_key, may_downgrade, "
        "second_use, retired_reason, currency, supplier, purchase_order, invoice, contract, proof, notes, created_at, "
        "version, organisation_id",
        f"i + 1, 'E-' || i, i % {PRODUCTS} + 1, 'purchase', 20 + i % 60, :began, CASE WHEN i % 5 = 0 THEN :ended END, "
        "CASE WHEN i % 1000 = 7 THEN '3' ELSE '' END, CASE WHEN i % 1000 = 7 THEN '50000000003.4' ELSE '' END, true, "
        "false, '', '', '', '', '', '', '', '', :now, 1, :home",
    ),
    (
        "licence_seat",
        2_000,
        "id, pool_id, employee_id, starts_on, note, organisation_id",
        "i + 1, (i % 5) * 1000 + 2, i + 1, :began, '', :home",
    ),
    (
        "usage_record",
        1_200,
        "id, product_id, metric, unit, value, starts_on, ends_on, source, organisation_id",
        "i + 1, (i % 5) * 1000 + 3, 'units-consumed', '', 10, :began, :ended, '', :home",
    ),
    (
        "installation",
        INSTALLATIONS,
        "id, asset_id, product_id, version, version_key, source, found_on, removed_on, counted_from, counted_until, "
        "authorisation, accepted_reason, swid_tag, sha256, organisation_id",
        f"i + 1, (i / {PRODUCTS} * 97 + i * 13) % {ASSETS} + 1, i % {PRODUCTS} + 1, '' || i % 5, "
        "'5000000000' || i % 5 || '.4', 'spreadsheet', :began, CASE WHEN i % 19 = 0 THEN :ended END, :began, "
        "CASE WHEN i % 19 = 0 THEN :ended END, 'authorised', '', '', '', :home",
    ),
)


def measure() -> list[Target]:
    """The position, in times of the bare statement, on each database."""
    targets = []
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, open_database(kind, Path(folder)) as database:
            database.reset()
            settings = replace(
                config.from_environment(), secret_key="k" * 40, database_url=database.url, instance=Path(folder)
            )
            app = create_app(settings)
            with app.app_context():
                targets.append(_measure(kind))
                db.engine.dispose()
    return targets


def _measure(kind: str) -> Target:
    with work(None) as opened:
        home = organisations.found(opened, name="Bench", country="DE", time_zone="Europe/Berlin").id
    with work(home) as opened:
        day = opened.today
        given = {"home": home, "now": opened.now.isoformat(sep=" ")[:19], "began": "2025-01-01", "ended": "2026-03-31"}
    _fill(kind, given)
    with work(home) as opened:
        # What the filling wrote past every operation; in a register it is kept with each installation.
        device_counts.correct(opened)
    with work(None) as opened:
        gather_statistics(opened.session)
    with work(home, writes=False, today=day) as opened:
        _warm(opened)
        ours: list[float] = []
        bare: list[float] = []
        # It names the organisation of each table, as the net that reads the SQL wants it.
        bare_statement = text(BARE)
        asked = {"home": home, "day": day if kind == "postgresql" else day.isoformat()}
        for _ in range(ROUNDS):
            bare.append(_seconds(lambda: list(opened.session.connection().execute(bare_statement, asked))))
            ours.append(_seconds(lambda: positions_on(opened, day)))
    says = f"The position of {PRODUCTS:,} pools over {INSTALLATIONS:,} installations on {kind}, in times of bare SQL"
    return Target(says, statistics.median(ours) / statistics.median(bare), 1.3)


def _warm(opened: Work) -> None:
    lines = positions_on(opened, opened.today)
    if len(lines) != PRODUCTS or not any(line.position.shortfall for line in lines):
        raise RuntimeError("the position is not the one that was to be measured")


def _fill(kind: str, given: dict[str, object]) -> None:
    casts = {"now": "timestamptz", "began": "date", "ended": "date"}
    with db.engine.begin() as connection:
        for table, count, columns, values in ROWS:
            said = values
            if kind == "postgresql":
                for name, type_ in casts.items():
                    said = said.replace(f":{name}", f"CAST(:{name} AS {type_})")
            statement = f"{COUNT.format(most=count - 1)} INSERT INTO {table} ({columns}) SELECT {said} FROM n"  # noqa: S608
            used = {name: value for name, value in given.items() if f":{name}" in values}
            connection.execute(text(statement), used)
    if kind == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # What the server does by itself within minutes.
            connection.execute(text("VACUUM ANALYZE installation"))


def _seconds(task: Callable[[], object]) -> float:
    began = time.perf_counter()
    task()
    return time.perf_counter() - began
