"""The rows behind the licence position of one pool on a day: what is entitled, what needs it, and what covers what.

The numbers are those of `positions_on`; here they are worked out row by row, so that each can be opened and adds up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.dates import say
from app.domain.explained import Explained, Reason
from app.domain.licensing.allocation import Allocation, Grant, Need, Released, Scope, Share, matched
from app.domain.licensing.consumption import term_grant, terms_of
from app.domain.licensing.entitlement import EntitlementFact, units_on
from app.domain.licensing.metric import LICENSING, PARTS, Counting, Metric, whole_units
from app.domain.licensing.position import (
    Position,
    Price,
    allocated_explained,
    cost_explained,
    demand_explained,
    entitled_explained,
    plain,
    shortfall_explained,
    surplus_explained,
)
from app.models.licence import Entitlement, LicencePool, PoolProduct
from app.models.organisation import Site
from app.models.software import Product
from app.queries.licence_demand import Asked
from app.queries.needed_rows import Needed, Sources, needed_of, sources_of
from app.queries.positions import releases_of
from app.queries.seat_facts import fact_of, rested_facts, takers_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class Entitled:
    """An entitlement of the pool, what counts of it on the day and why, and how much of it covers something."""

    row: Entitlement
    counts: Explained[int]
    covers: int
    """In parts of a unit."""
    covered_then: int = 0
    """Parts that it covered in its own term, which has ended: they need no unit any more."""

    @property
    def spare(self) -> int:
        """Parts of what counts that cover nothing."""
        return self.counts.value * PARTS - self.covers


@dataclass(frozen=True, slots=True)
class Behind:
    """One line of the position with all that is behind it."""

    pool: LicencePool
    day: date
    counting: Counting
    price: Price | None
    position: Position
    entitlements: tuple[Entitled, ...]
    rows: tuple[Needed, ...]
    """What needs it; the bare ones first."""
    found: Allocation
    sources: Sources
    asked: Asked
    grants: tuple[Grant, ...]
    released: Released
    site_names: dict[int, str]

    @property
    def entitled(self) -> Explained[int]:
        """What is entitled, by entitlement."""
        return entitled_explained({each.row.reference: each.counts for each in self.entitlements})

    @property
    def demand(self) -> Explained[int]:
        """What is needed."""
        return demand_explained(self.counting, [each.need for each in self.rows], self.found)

    @property
    def allocated(self) -> Explained[int]:
        """What is covered, by entitlement."""
        ended = {each.key for each in self.grants if each.has_ended}
        return allocated_explained(self.position, self.found, self.references, ended)

    @property
    def shortfall(self) -> Explained[int]:
        """What is missing, by version and site."""
        return shortfall_explained(self.position, self.found, self.site_names)

    @property
    def surplus(self) -> Explained[int]:
        """What covers nothing."""
        return surplus_explained(self.position)

    @property
    def cost(self) -> Explained[int | None]:
        """What it would cost to buy what is missing."""
        return cost_explained(self.position, self.counting.pack_size, self.price)

    @property
    def references(self) -> dict[object, str]:
        """The entitlements by id."""
        return {each.row.id: each.row.reference for each in self.entitlements}

    @property
    def rounded(self) -> int:
        """Parts that belong to no row: what rounding up to whole units, or packs, adds."""
        return self.position.demand * PARTS - sum(each.units for each in self.rows)

    @property
    def rounded_covered(self) -> int:
        """How much of what is covered belongs to no row: less than nothing where part of a unit is left out."""
        return self.position.allocated * PARTS - sum(each.covered for each in self.rows)

    @property
    def rounded_bare(self) -> int:
        """How much of the shortfall belongs to no row."""
        return self.rounded - self.rounded_covered

    @property
    def part_of_unit(self) -> int:
        """What the entitlements cover of a unit that is not covered whole: it counts as missing."""
        return sum(each.covers for each in self.entitlements) - self.position.allocated * PARTS


def products_of(work: Work, pool_id: int) -> list[Product]:
    """What the pool covers, by name."""
    statement = (
        select(Product)
        .join(PoolProduct, PoolProduct.product_id == Product.id)
        .where(PoolProduct.pool_id == pool_id)
        .order_by(Product.name, Product.edition, Product.id)
    )
    return work.all(statement)


def behind(work: Work, pool: LicencePool, day: date) -> Behind:
    """Everything behind one line; a fixed number of queries, however many rows there are."""
    counting = Counting(
        pool.metric, pool.minimum_per_socket, pool.minimum_per_host, pool.factor_thousandths, pool.pack_size
    )
    price = Price(pool.unit_price_minor, pool.currency) if pool.unit_price_minor is not None else None
    kept, facts, takers = _entitlements(work, pool.id)
    counted = {row.id: _counts(pool, row, facts[row.id], takers, day) for row in kept}
    grants = tuple(_grants(pool, kept, facts, takers, counted, day))
    ended = {each.key for each in grants if each.has_ended}
    asked = Asked(
        pool.id,
        counting,
        pool.site_id,
        has_sites=any(each.scope.site_id is not None for each in grants),
        has_versions=any(each.scope.through for each in grants),
        has_second_use=any(each.scope.second_use for each in grants),
        terms=terms_of(grants) if pool.metric is Metric.CONSUMPTION else (),
    )
    maintained = any(each.scope.maintained_until for each in grants)
    released = releases_of(work, [pool.id]).get(pool.id, {}) if maintained else {}
    sources = sources_of(work, asked, day)
    rows = needed_of(work, asked, sources, day)
    position, found, shares = _position(counting, price, grants, [each.need for each in rows], released)
    covered = [replace(row, shares=tuple(some)) for row, some in zip(rows, shares, strict=True)]
    return Behind(
        pool,
        day,
        counting,
        price,
        position,
        tuple(
            Entitled(row, counted[row.id], 0 if row.id in ended else parts, parts if row.id in ended else 0)
            for row in kept
            for parts in [found.by_grant.get(row.id, 0)]
        ),
        tuple(sorted(covered, key=lambda each: (not each.bare, not each.need.parts))),
        found,
        sources,
        asked,
        grants,
        released,
        {row.id: row.name for row in work.execute(select(Site.id, Site.name))},
    )


def position_without(work: Work, line: Behind, asset_ids: Iterable[int]) -> Position:
    """How the pool would stand without what is installed on these devices: worked out anew, nothing is guessed."""
    gone = frozenset(asset_ids)
    rows = needed_of(work, line.asked, line.sources.without(gone), line.day)
    position, _, _ = _position(line.counting, line.price, line.grants, [each.need for each in rows], line.released)
    return position


def _position(
    counting: Counting, price: Price | None, grants: Sequence[Grant], needs: Sequence[Need], released: Released
) -> tuple[Position, Allocation, list[list[Share]]]:
    found, shares = matched(grants, needs, released, lambda parts: whole_units(counting, parts))
    entitled = sum(each.units for each in grants if not each.has_ended)
    return plain(counting.pack_size, entitled, found.demand, price, found.covered // PARTS), found, shares


def _entitlements(
    work: Work, pool_id: int
) -> tuple[list[Entitlement], dict[int, EntitlementFact], list[EntitlementFact]]:
    statement = select(Entitlement).where(Entitlement.pool_id == pool_id).options(joinedload(Entitlement.site))
    kept = work.all(statement.order_by(Entitlement.starts_on, Entitlement.id))
    facts = rested_facts(work, [fact_of(row) for row in kept])
    return kept, {fact.id: fact for fact in facts}, takers_of(work, [pool_id])


def _counts(
    pool: LicencePool, row: Entitlement, fact: EntitlementFact, takers: Sequence[EntitlementFact], day: date
) -> Explained[int]:
    counted = units_on(fact, takers, day)
    if counted.value and row.site is not None and pool.site_id not in (None, row.site_id):
        says = f"It is for {row.site.name} alone, and this pool counts another site."
        return Explained(0, (Reason(says, LICENSING),))
    return counted


def _grants(
    pool: LicencePool,
    kept: Iterable[Entitlement],
    facts: dict[int, EntitlementFact],
    takers: Sequence[EntitlementFact],
    counted: dict[int, Explained[int]],
    day: date,
) -> Iterable[Grant]:
    """Of measured use, ended entitlements too: what was used in their time stays covered by them."""
    for row in kept:
        if pool.site_id is not None and row.site_id not in (None, pool.site_id):
            continue
        if pool.metric is not Metric.CONSUMPTION:
            if counted[row.id].value:
                yield Grant(row.id, counted[row.id].value, _scope(row))
        elif row.starts_on <= day:
            yield term_grant(facts[row.id], row.site_id, takers, day)


def _scope(row: Entitlement) -> Scope:
    if row.site_id is None and not row.version_through_key and not row.second_use:
        return Scope()
    return Scope(row.site_id, row.version_through_key, row.may_downgrade, row.maintained_until, row.second_use)


def say_terms(row: Entitlement) -> str:
    """From when to when an entitlement runs, in words."""
    through = f"through {say(row.ends_on)}" if row.ends_on else "for good"
    gone = f"; given up on {say(row.retired_on)}" if row.retired_on else ""
    return f"From {say(row.starts_on)} {through}{gone}"
