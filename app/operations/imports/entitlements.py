"""Entitlements from a file: what was bought, into the pools that there are.

An upgrade and a transfer take their units from another entitlement, and are recorded on their own page.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.itam.rows import Lines, Reading
from app.domain.itam.version import normal_version, version_key
from app.domain.licensing.entitlement import (
    EntitlementFact,
    EntitlementKind,
    folded_proof,
    refuse_impossible,
    refuse_same_proof,
)
from app.domain.licensing.metric import Metric
from app.domain.money import say_money
from app.models.licence import Entitlement, LicencePool, PoolProduct
from app.operations.imports.lookup import Products, Sites
from app.operations.imports.plan import Addition, Alteration, Plan, Reader
from app.queries.seat_facts import facts_where
from app.work import Work

_TEXTS = {"supplier": 200, "purchase_order": 80, "invoice": 80, "contract": 120, "proof": 120}
_DAYS = ("starts_on", "ends_on", "maintained_until")
_PROOF = ("proof", "purchase_order", "invoice", "contract")
_COLUMNS = (
    *("pool_id", "kind", "quantity", "starts_on", "ends_on", "site_id", "version_through", "version_through_key"),
    *("maintained_until", "cost_minor", "currency", *_TEXTS),
)
_KINDS = (("perpetual", EntitlementKind.PURCHASE), ("rental", EntitlementKind.SUBSCRIPTION))
_METRICS = (
    ("user", Metric.NAMED_USER),
    ("per-user", Metric.NAMED_USER),
    ("concurrent", Metric.CONCURRENT_USER),
    ("floating", Metric.CONCURRENT_USER),
    ("install", Metric.DEVICE),
    ("per-device", Metric.DEVICE),
    ("cpu", Metric.PROCESSOR),
    ("enterprise", Metric.SITE),
)


class _Pools:
    """Every pool by its reference and its name, and by what it covers and counts."""

    def __init__(self, work: Work) -> None:
        self._named: dict[str, list[int]] = defaultdict(list)
        self._of_product: dict[int, list[int]] = defaultdict(list)
        self.names: dict[int, str] = {}
        self._metrics: dict[int, Metric] = {}
        self.sites: dict[int, int | None] = {}
        """The only site of each; None: every site."""
        for row_id, reference, name, metric, site_id in work.execute(
            select(LicencePool.id, LicencePool.reference, LicencePool.name, LicencePool.metric, LicencePool.site_id)
        ):
            self.sites[row_id] = site_id
            self._named[reference.casefold()].append(row_id)
            self._named[name.casefold()].append(row_id)
            self.names[row_id], self._metrics[row_id] = f"{reference} {name}", metric
        for pool_id, product_id in work.execute(select(PoolProduct.pool_id, PoolProduct.product_id)):
            self._of_product[product_id].append(pool_id)

    def named(self, name: str) -> int:
        """The pool that is meant; raises `RefusedError` for none and for several."""
        found = sorted(set(self._named.get(" ".join(name.casefold().split()), [])))
        if len(found) != 1:
            says = f"Several pools are called “{name}”. Give the reference." if found else f"There is no pool “{name}”."
            raise RefusedError(says if found else f"{says} Make it first.")
        return found[0]

    def of(self, product_id: int, metric: Metric | None) -> list[int]:
        """The pools that cover a product, by that metric where one is said."""
        pools = self._of_product.get(product_id, [])
        return [each for each in pools if metric is None or self._metrics[each] is metric]


def plan(work: Work, lines: Lines) -> Plan:
    """What the lines add, change and leave; the same purchase is known by its pool, proof, kind and first day."""
    made = Plan(lines.kind)
    reader, sites, pools, products = Reader(lines, made), Sites(work), _Pools(work), Products(work, made)
    known: dict[tuple[Any, ...], tuple[int, str, dict[str, Any]]] = {}
    proven: dict[tuple[int, str], list[EntitlementFact]] = defaultdict(list)
    rows = select(Entitlement.id, Entitlement.reference, *(getattr(Entitlement, name) for name in _COLUMNS)).where(
        Entitlement.retired_on.is_(None)
    )
    for row_id, reference, *rest in work.execute(rows.order_by(Entitlement.id.desc())):
        held = dict(zip(_COLUMNS, rest, strict=True))
        known[_identity(held)] = row_id, reference, held
        fact = EntitlementFact(
            row_id, reference, *(held[name] for name in ("kind", "quantity", "starts_on", "ends_on"))
        )
        proven[held["pool_id"], folded_proof(held["proof"])].append(fact)
    takers = _takers(work)
    seen: dict[tuple[Any, ...], int] = {}
    for said in lines.said:
        line = said[0]
        reading = reader.read(said)
        values = _values(reading, sites, pools, products)
        if values is None or reading.is_faulty:
            continue
        identity = _identity(values)
        if identity in seen:
            says = f"Line {seen[identity]} has the same pool, proof and first day: one proof counts once."
            reading.fault("purchase_order", says)
            continue
        seen[identity] = line
        row_id, reference, old = known.get(identity, (0, "", {}))
        whole = {**old, **values}
        # A new one is told from the others by its line.
        fact = EntitlementFact(
            row_id or -line,
            reference or f"line {line}",
            whole["kind"],
            whole["quantity"],
            whole["starts_on"],
            whole.get("ends_on"),
        )
        proof = whole.get("proof", "")
        try:
            refuse_impossible(fact, {}, (), takers[row_id])
            if proof:
                refuse_same_proof(fact, proof, proven[whole["pool_id"], folded_proof(proof)], {})
        except RefusedError as refusal:
            reading.refused(refusal)
            continue
        proven[whole["pool_id"], folded_proof(proof)].append(fact)
        pool = pools.names[values["pool_id"]]
        if not row_id:
            made.additions.append(Addition(line, f"{values['quantity']} in {pool}", values))
            continue
        new = {name: value for name, value in values.items() if value != old[name]}
        if not new:
            made.left += 1
            continue
        # An amount is said with its currency.
        plain = {name: value for name, value in new.items() if name != "currency" or "cost_minor" not in new}
        shown = [_shown(old, sites, ""), _shown(plain, sites, new.get("currency", old["currency"]))]
        differences = tuple(reader.differences(shown[0], shown[1], {"site_id": "Site", "cost_minor": "Cost"}))
        made.alterations.append(Alteration(line, f"{reference} in {pool}", row_id, {}, new, differences))
    return made


def _takers(work: Work) -> dict[int, list[EntitlementFact]]:
    """The upgrades and transfers, by what they took their units from."""
    found: dict[int, list[EntitlementFact]] = defaultdict(list)
    for each in facts_where(work, Entitlement.base_id.is_not(None)):
        found[each.base_id or 0].append(each)
    return found


def _identity(values: dict[str, Any]) -> tuple[Any, ...]:
    proof = tuple(values.get(name) or "" for name in _PROOF)
    # Without a proof, two purchases of one day are told apart by how many and how much.
    besides = () if any(proof) else (values["quantity"], values.get("cost_minor"))
    return (values["pool_id"], values["kind"], values["starts_on"], *proof, *besides)


def _values(reading: Reading, sites: Sites, pools: _Pools, products: Products) -> dict[str, Any] | None:
    if not reading.required("quantity", "starts_on"):
        return None
    for name, most in _TEXTS.items():
        reading.text(name, most)
    days: list[date | None] = [reading.day(name) for name in _DAYS]
    quantity = reading.whole("quantity", 1)
    kind = reading.word("kind", EntitlementKind, _KINDS)
    metric = reading.word("metric", Metric, _METRICS)
    reading.money()
    site_id = reading.read("site", sites.named)
    version = reading.text("version_through", 80)
    pool_id = _pool(reading, pools, products, metric)
    if kind is not None and kind.takes:
        reading.fault(
            "kind", f"It takes its units from another entitlement: record the {kind.label.lower()} on its page."
        )
    if pool_id is None or quantity is None or days[0] is None:
        return None
    if site_id is not None and pools.sites[pool_id] not in (None, site_id):
        reading.fault("site", f"{pools.names[pool_id]} counts another site alone: it would cover nothing.")
        return None
    values = {name: value for name, value in reading.values.items() if name in _COLUMNS}
    values["pool_id"] = pool_id
    values.setdefault("kind", EntitlementKind.PURCHASE if days[1] is None else EntitlementKind.SUBSCRIPTION)
    if site_id is not None:
        values["site_id"] = site_id
    if version is not None:
        values["version_through"] = normal_version(version)
        values["version_through_key"] = version_key(version)
    return values


def _pool(reading: Reading, pools: _Pools, products: Products, metric: Metric | None) -> int | None:
    if reading.said("pool"):
        return reading.read("pool", pools.named)
    if not reading.said("product"):
        reading.fault("pool", "Name the pool, or the product and the metric.")
        return None
    product_id = products.of(reading, adds=False)
    if product_id is None:
        return None
    found = pools.of(product_id, metric)
    if len(found) != 1:
        what = products.label(product_id) + (f" by {metric.label.lower()}" if metric else "")
        says = f"Several pools cover {what}. Name the pool." if found else f"No pool covers {what}. Make it first."
        reading.fault("pool", says)
        return None
    return found[0]


def _shown(values: dict[str, Any], sites: Sites, currency: str) -> dict[str, Any]:
    shown = {name: value for name, value in values.items() if name != "version_through_key"}
    if shown.get("site_id") is not None:
        shown["site_id"] = sites.names[shown["site_id"]]
    code = shown.get("currency") or currency
    if shown.get("cost_minor") is not None and code:
        shown["cost_minor"] = say_money(shown["cost_minor"], code)
    return shown
