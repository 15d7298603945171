"""The licence position of every pool on any day, past or to come, in a fixed number of queries.

What is usual is quick: a pool of one product that counts devices, whose entitlements are for every site and version,
needs what the installations of its product come to, and how many devices that are is kept by product and day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.licensing.allocation import Grant, Scope
from app.domain.licensing.consumption import term_grant, terms_of
from app.domain.licensing.entitlement import EntitlementFact, EntitlementKind
from app.domain.licensing.metric import Counting, Metric
from app.domain.licensing.position import Position, Price, plain, position_of
from app.models.licence import Entitlement, LicencePool, PoolProduct
from app.models.organisation import Site
from app.models.software import DeviceCount, Product, Publisher, Release
from app.queries.licence_demand import Asked, Holders, needs_of
from app.queries.licence_rows import DAY, POOLS, holders_on
from app.queries.seat_facts import rested_where, takers_of
from app.work import Work
from app.work.question import HOME, Question, at_home

TAKES = (EntitlementKind.UPGRADE, EntitlementKind.TRANSFER)
ONE: Any = bindparam("one", type_=Integer)
"""The id of the only pool that is asked for; 0 asks for all."""


class Line(NamedTuple):
    """A pool and how it stands."""

    pool_id: int
    reference: str
    name: str
    publisher_id: int
    publisher: str
    metric: Metric
    site: str | None
    currency: str
    position: Position


def is_active(entitlement: Any, day: Any = DAY, home: Any = HOME) -> Any:
    """Whether an entitlement counts on a day, as the database asks it: no longer than what it was taken from."""
    return and_(
        entitlement.starts_on <= day,
        or_(entitlement.ends_on.is_(None), entitlement.ends_on >= day),
        or_(entitlement.retired_on.is_(None), entitlement.retired_on > day),
        or_(entitlement.base_id.is_(None), entitlement.id.not_in(_rests_on_nothing(day, home))),
    )


def _rests_on_nothing(day: Any, home: Any) -> Any:
    """What was taken from what has ended or was given up, what was taken from that, and so on."""
    taker, base, further = aliased(Entitlement), aliased(Entitlement), aliased(Entitlement)
    first = (
        select(taker.id)
        .join(base, base.id == taker.base_id)
        .where(taker.organisation_id == home, base.organisation_id == home, taker.kind.in_(TAKES))
        .where(or_(base.ends_on < day, base.retired_on <= day))
        .cte("rests_on_nothing", recursive=True)
    )
    more = select(further.id).join(first, first.c.id == further.base_id)
    found = first.union(more.where(further.organisation_id == home, further.kind.in_(TAKES)))
    return select(found.c.id)


def takes_on(entitlement: Any, day: Any = DAY) -> Any:
    """Whether an upgrade or a transfer takes its units from its base on a day, as the database asks it."""
    runs = or_(entitlement.kind == EntitlementKind.TRANSFER, entitlement.ends_on.is_(None), entitlement.ends_on >= day)
    return and_(entitlement.base_id.is_not(None), entitlement.kind.in_(TAKES), entitlement.starts_on <= day, runs)


def _scope(entitlement: Any) -> tuple[Any, ...]:
    return (
        entitlement.pool_id,
        entitlement.site_id,
        entitlement.version_through_key,
        entitlement.may_downgrade,
        entitlement.maintained_until,
        entitlement.second_use,
    )


def _only(column: Any) -> Any:
    return or_(ONE == 0, column == ONE)


_contents = (
    select(
        PoolProduct.pool_id.label("pool_id"),
        func.count().label("count"),
        func.min(PoolProduct.product_id).label("product_id"),
    )
    .join(Product, Product.id == PoolProduct.product_id)
    .where(*at_home(PoolProduct, Product), Product.needs_licence)
    .group_by(PoolProduct.pool_id)
    .subquery("contents")
)
_POOLS = Question(
    select(
        LicencePool.id,
        LicencePool.reference,
        LicencePool.name,
        LicencePool.publisher_id,
        Publisher.name,
        LicencePool.metric,
        LicencePool.site_id,
        Site.name,
        LicencePool.minimum_per_socket,
        LicencePool.minimum_per_host,
        LicencePool.factor_thousandths,
        LicencePool.pack_size,
        LicencePool.unit_price_minor,
        LicencePool.currency,
        _contents.c.count,
        _contents.c.product_id,
    )
    .join(Publisher, Publisher.id == LicencePool.publisher_id)
    .outerjoin(Site, (Site.id == LicencePool.site_id) & at_home(Site)[0])
    .outerjoin(_contents, _contents.c.pool_id == LicencePool.id)
    .where(*at_home(LicencePool, Publisher), _only(LicencePool.id))
)
_installed = (
    select(DeviceCount.product_id, func.sum(DeviceCount.devices))
    .where(*at_home(DeviceCount), DeviceCount.day <= DAY)
    .group_by(DeviceCount.product_id)
)
_INSTALLED = Question(_installed)
_INSTALLED_OF_ONE = Question(_installed.where(DeviceCount.product_id == ONE))
_GRANTED = Question(
    select(*_scope(Entitlement), func.sum(Entitlement.quantity))
    .where(*at_home(Entitlement), is_active(Entitlement), _only(Entitlement.pool_id))
    .group_by(*_scope(Entitlement))
)
_taker = aliased(Entitlement, name="taker")
_TAKEN = Question(
    select(*_scope(Entitlement), func.sum(_taker.quantity))
    .join(_taker, _taker.base_id == Entitlement.id)
    .where(*at_home(Entitlement, _taker), is_active(Entitlement), takes_on(_taker), _only(Entitlement.pool_id))
    .group_by(*_scope(Entitlement))
)
_RELEASES = Question(
    select(PoolProduct.pool_id, Release.version_key, func.min(Release.released_on))
    .join(Release, Release.product_id == PoolProduct.product_id)
    .where(*at_home(PoolProduct, Release), PoolProduct.pool_id.in_(POOLS), Release.released_on.is_not(None))
    .group_by(PoolProduct.pool_id, Release.version_key)
)
_PLACES: Any = select(Entitlement.id, Entitlement.pool_id, Entitlement.site_id)
_ANY = Scope()


def positions_on(work: Work, day: date, pool_id: int = 0) -> list[Line]:
    """How every pool stands on a day, or one of them, in no order; the reasons are asked for line by line."""
    granted = _granted(work, day, pool_id)
    holders = holders_on(work, day)
    pools = _POOLS.ask(work, one=pool_id)
    if pool_id and len(pools) == 1:
        installed = dict(tuple(row) for row in _INSTALLED_OF_ONE.ask(work, day=day, one=pools[0][15] or 0))
    else:
        installed = dict(tuple(row) for row in _INSTALLED.ask(work, day=day))
    lines: list[Line] = []
    hard: list[tuple[Any, Asked]] = []
    nothing: dict[Scope, int] = {}
    for row in pools:
        scopes = granted.get(row[0], nothing)
        simple = row[5] is Metric.DEVICE and row[14] == 1 and row[6] is None and row[0] not in holders
        if simple and (not scopes or (len(scopes) == 1 and _ANY in scopes)):
            entitled, demand = scopes.get(_ANY, 0), installed.get(row[15], 0)
            # A price matters where something is missing alone, and most pools lack nothing.
            position = plain(row[11], entitled, demand, _price(row) if entitled < demand else None)
            lines.append(_line(row, position))
        else:
            hard.append((row, _asked(row, scopes, holders)))
    if hard:
        lines += _worked_out(work, hard, day, granted, holders)
    return lines


def _worked_out(
    work: Work,
    hard: list[tuple[Any, Asked]],
    day: date,
    granted: dict[int, dict[Scope, int]],
    holders: Holders,
) -> list[Line]:
    consumed = {row[0]: asked.site_id for row, asked in hard if row[5] is Metric.CONSUMPTION}
    termed = termed_grants(work, consumed, day) if consumed else {}
    needs = needs_of(work, [each._replace(terms=terms_of(termed.get(each.id, ()))) for _, each in hard], day, holders)
    released = releases_of(
        work, [row[0] for row, _ in hard if any(each.maintained_until for each in granted.get(row[0], ()))]
    )
    lines = []
    for row, asked in hard:
        if row[5] is Metric.CONSUMPTION:
            grants = termed.get(row[0], [])
        else:
            grants = [Grant(scope, units, scope) for scope, units in granted.get(row[0], {}).items()]
        grants = [each for each in grants if _is_of_pool(each.scope, asked.site_id)]
        position, _ = position_of(asked.counting, grants, needs.get(row[0], ()), released.get(row[0]), _price(row))
        lines.append(_line(row, position))
    return lines


def _asked(row: Any, scopes: Iterable[Scope], holders: Holders) -> Asked:
    return Asked(
        row[0],
        _counting(row),
        row[6],
        has_sites=any(scope.site_id is not None for scope in scopes),
        has_versions=any(scope.through for scope in scopes),
        has_second_use=any(scope.second_use for scope in scopes),
        has_device_seats=row[5] is Metric.DEVICE and any(each[2] for each in holders.get(row[0], ())),
    )


def _is_of_pool(scope: Scope, site_id: int | None) -> bool:
    return site_id is None or scope.site_id in (None, site_id)


def _granted(work: Work, day: date, pool_id: int) -> dict[int, dict[Scope, int]]:
    """By pool and scope: how many units count, less what was taken from them."""
    granted: dict[int, dict[Scope, int]] = defaultdict(dict)
    for pool, site, through, may_downgrade, maintained, second, units in _GRANTED.ask(work, day=day, one=pool_id):
        plain_ = site is None and not through and not second
        scope = _ANY if plain_ else Scope(site, through, may_downgrade, maintained, second)
        granted[pool][scope] = granted[pool].get(scope, 0) + units
    for pool, site, through, may_downgrade, maintained, second, units in _TAKEN.ask(work, day=day, one=pool_id):
        plain_ = site is None and not through and not second
        scope = _ANY if plain_ else Scope(site, through, may_downgrade, maintained, second)
        granted[pool][scope] = granted[pool].get(scope, 0) - units
    return granted


def termed_grants(work: Work, sites: Mapping[int, int | None], day: date) -> dict[int, list[Grant]]:
    """Of pools that count measured use, each with its only site: each entitlement with its term, ended ones too."""
    found: dict[int, list[Grant]] = defaultdict(list)
    takers: dict[int, list[EntitlementFact]] = defaultdict(list)
    for each in takers_of(work, sites):
        takers[each.base_id or 0].append(each)
    begun = (Entitlement.pool_id.in_(sites), Entitlement.starts_on <= day)
    places = {id_: rest for id_, *rest in work.execute(_PLACES.where(*begun))}
    for fact in rested_where(work, *begun):
        pool, site = places[fact.id]
        if sites[pool] is None or site in (None, sites[pool]):
            found[pool].append(term_grant(fact, site, takers[fact.id], day))
    return found


def releases_of(work: Work, pool_ids: list[int]) -> dict[int, dict[str, date]]:
    """By pool: when each version of its products came out, by key."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    if pool_ids:
        for pool, key, released_on in _RELEASES.ask(work, pools=pool_ids):
            found[pool][key] = released_on
    return found


_unpooled = (
    select(Product.id, Publisher.name, Product.name, Product.edition, func.sum(DeviceCount.devices))
    .join(Publisher, Publisher.id == Product.publisher_id)
    .join(DeviceCount, (DeviceCount.product_id == Product.id) & at_home(DeviceCount)[0])
    .outerjoin(PoolProduct, (PoolProduct.product_id == Product.id) & at_home(PoolProduct)[0])
    .where(*at_home(Product, Publisher), DeviceCount.day <= DAY, Product.needs_licence, PoolProduct.id.is_(None))
    .group_by(Product.id, Publisher.name, Product.name, Product.edition)
    .having(func.sum(DeviceCount.devices) > 0)
    .order_by(func.sum(DeviceCount.devices).desc(), Product.id)
)
_UNPOOLED = Question(_unpooled)


class Unpooled(NamedTuple):
    """A product that needs a licence and is installed, and that no pool covers."""

    product_id: int
    publisher: str
    name: str
    edition: str
    devices: int


def unpooled_on(work: Work, day: date) -> list[Unpooled]:
    """Products without a pool that are installed on a day, the most spread first: no position tells of them."""
    return [Unpooled(*row) for row in _UNPOOLED.ask(work, day=day)]


def _counting(row: Any) -> Counting:
    return Counting(row[5], row[8], row[9], row[10], row[11])


def _price(row: Any) -> Price | None:
    return Price(row[12], row[13]) if row[12] is not None else None


def _line(row: Any, position: Position) -> Line:
    return Line(row[0], row[1], row[2], row[3], row[4], row[5], row[7], row[13], position)
