"""How the rows of each kind are written: new products first, installations with the days on which they count."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.itam.product import UNKNOWN_PUBLISHER, folded_publisher
from app.domain.itam.usage import UsageMetric
from app.models.licence import Entitlement
from app.models.organisation import Organisation
from app.models.software import Installation, Product, Publisher
from app.operations import device_counts
from app.operations.imports.plan import Plan
from app.operations.installations import recount, uncount
from app.operations.references import next_references
from app.work import Work

_SOME = 1_000


def add_products(work: Work, plan: Plan) -> dict[int, int]:
    """Add the products that nobody has named before; gives their ids by their places in the plan."""
    if not plan.products:
        return {}
    # One at a time: two imports that bring the same new product must not both add it.
    work.session.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))
    known = {
        folded_publisher(name): row_id
        for row_id, name in work.execute(select(Publisher.id, Publisher.name).order_by(Publisher.id.desc()))
    }
    names: dict[str, str] = {}
    for new in plan.products:
        name = new.publisher or UNKNOWN_PUBLISHER
        names.setdefault(folded_publisher(name), name)
    missing = [folded for folded in names if folded not in known]
    ids = work.insert_many(Publisher, [{"name": names[folded]} for folded in missing])
    known.update(zip(missing, ids, strict=True))
    rows = [
        {
            "publisher_id": known[folded_publisher(new.publisher or UNKNOWN_PUBLISHER)],
            "name": new.name,
            "edition": new.edition,
            "needs_licence": new.needs_licence,
            "created_at": work.now,
            "version": 1,
        }
        for new in plan.products
    ]
    return {-place: row_id for place, row_id in enumerate(work.insert_many(Product, rows), start=1)}


def write_installations(work: Work, plan: Plan, products: dict[int, int], batch_id: int) -> None:
    """Add and change installations, and keep right on which days each counts."""
    pairs: set[tuple[int, int]] = set()
    for _line, _label, row in plan.additions:
        row["batch_id"] = batch_id
        if row["product_id"] < 0:
            row["product_id"] = products[row["product_id"]]
        if "counted_from" not in row:
            pairs.add((row["asset_id"], row["product_id"]))
    work.insert_many(Installation, [added.values for added in plan.additions])
    device_counts.keep(
        work,
        (
            (row["product_id"], device_counts.NEVER, (row["counted_from"], row["counted_until"]))
            for _line, _label, row in plan.additions
            if "counted_from" in row
        ),
    )
    updates = []
    for altered in plan.alterations:
        new = altered.new
        if new.get("product_id", 0) < 0:
            new["product_id"] = products[new["product_id"]]
        updates.append((altered.row_id, altered.old, new))
    before = _pairs_of(work, [row_id for row_id, _old, new in updates if _MATTERS & new.keys()])
    uncount(work, [row_id for row_id, _old, new in updates if "product_id" in new])
    work.update_many(Installation, updates)
    after = _pairs_of(work, [row_id for row_id, _old, new in updates if _MATTERS & new.keys()])
    pairs |= before | after
    if pairs:
        recount(work, pairs)


_MATTERS = {"product_id", "found_on", "removed_on"}


def _pairs_of(work: Work, ids: Sequence[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for start in range(0, len(ids), _SOME):
        some = ids[start : start + _SOME]
        columns = select(Installation.asset_id, Installation.product_id).where(Installation.id.in_(some))
        found.update((asset_id, product_id) for asset_id, product_id in work.execute(columns))
    return found


def use_installations(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Say of what is installed on which day it was last used, where a record of use says a later one."""
    used: dict[tuple[int, int], date] = {}
    for row in rows:
        if row["asset_id"] is not None and (row["metric"] is UsageMetric.LAST_USED or row["value"] > 0):
            pair = row["asset_id"], row["product_id"]
            used[pair] = max(used.get(pair, date.min), min(row["ends_on"], work.today))
    assets = sorted({asset_id for asset_id, _ in used})
    updates = []
    for start in range(0, len(assets), _SOME):
        columns = (
            select(
                Installation.id,
                Installation.asset_id,
                Installation.product_id,
                Installation.found_on,
                Installation.removed_on,
                Installation.last_used_on,
            )
            .where(Installation.asset_id.in_(assets[start : start + _SOME]))
            .with_for_update()
        )
        for row_id, asset_id, product_id, found_on, removed_on, last_used_on in work.execute(columns):
            day = used.get((asset_id, product_id))
            is_there = day is not None and found_on <= day and (removed_on is None or day < removed_on)
            if is_there and (last_used_on is None or (day is not None and day > last_used_on)):
                updates.append((row_id, {"last_used_on": last_used_on}, {"last_used_on": day}))
    work.update_many(Installation, updates)


def number_entitlements(work: Work, rows: Sequence[dict[str, Any]], batch_id: int) -> list[dict[str, Any]]:
    """Give each new entitlement the next free reference."""
    return [
        {**row, "reference": reference, "batch_id": batch_id, "created_at": work.now, "version": 1}
        for reference, row in zip(next_references(work, Entitlement, "E-", len(rows)), rows, strict=True)
    ]
