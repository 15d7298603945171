"""Entitlements: the list, one of them with its terms, and what rests on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.dates import add_days
from app.domain.licensing.entitlement import EntitlementKind
from app.models.attachment import Attachment
from app.models.import_batch import ImportBatch
from app.models.licence import Entitlement, LicencePool
from app.models.organisation import Site
from app.models.software import Publisher
from app.work import Work

PAGE = 50
AT_ONCE = 1000
NOTICE_DAYS = 90
ORDERS: dict[str, tuple[Any, ...]] = {
    "reference": (Entitlement.id,),
    "pool": (func.lower(LicencePool.name), Entitlement.id),
    "quantity": (Entitlement.quantity, Entitlement.id),
    "starts": (Entitlement.starts_on, Entitlement.id),
    "ends": (func.coalesce(Entitlement.ends_on, date(9999, 12, 31)), Entitlement.id),
    "supplier": (func.lower(Entitlement.supplier), Entitlement.id),
}
STANDINGS = (
    ("active", "Counts today"),
    ("coming", "Begins later"),
    ("ended", "Ended or given up"),
    ("renewal", "To be renewed in 90 days"),
    ("unproven", "Counts today, without proof"),
)


@dataclass(frozen=True, slots=True)
class EntitlementFilters:
    """Which entitlements a list shows; None is everything."""

    text: str | None = None
    pool: str | None = None
    publisher_id: int | None = None
    kind: EntitlementKind | None = None
    standing: str | None = None
    order: str = "reference"
    descending: bool = True

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        asked = (self.text, self.pool, self.publisher_id, self.kind, self.standing)
        return any(each is not None for each in asked)


class EntitlementRow(NamedTuple):
    """An entitlement in a list."""

    id: int
    reference: str
    pool_reference: str
    pool: str
    publisher: str
    kind: EntitlementKind
    quantity: int
    starts_on: date
    ends_on: date | None
    retired_on: date | None
    site: str | None
    supplier: str
    purchase_order: str
    invoice: str
    proof: str
    cost_minor: int | None
    currency: str

    def standing(self, today: date) -> str:
        """Whether it counts on a day, in a word."""
        if self.retired_on is not None and self.retired_on <= today:
            return "Given up"
        if self.starts_on > today:
            return "Begins later"
        return "Ended" if self.ends_on is not None and self.ends_on < today else "Counts"


def entitlement_list(work: Work, wanted: EntitlementFilters, page: int = 1) -> tuple[list[EntitlementRow], int]:
    """A page of entitlements, and how many there are; two queries however many."""
    total = work.session.scalar(_joined(select(func.count(Entitlement.id)), wanted, work.today)) or 0
    found = work.execute(_rows(wanted, work.today).offset((page - 1) * PAGE).limit(PAGE))
    return [EntitlementRow(*row) for row in found], total


def all_entitlements(work: Work, wanted: EntitlementFilters) -> Iterator[EntitlementRow]:
    """Every entitlement that is asked for, some at a time."""
    skip = 0
    while True:
        found = [EntitlementRow(*row) for row in work.execute(_rows(wanted, work.today).offset(skip).limit(AT_ONCE))]
        yield from found
        if len(found) < AT_ONCE:
            return
        skip += AT_ONCE


def _joined(statement: Any, wanted: EntitlementFilters, today: date) -> Any:
    return (
        statement.join(LicencePool, LicencePool.id == Entitlement.pool_id)
        .join(Publisher, Publisher.id == LicencePool.publisher_id)
        .outerjoin(Site, Site.id == Entitlement.site_id)
        .where(*_asked(wanted, today))
    )


def _rows(wanted: EntitlementFilters, today: date) -> Any:
    order = ORDERS[wanted.order]
    columns = select(
        Entitlement.id,
        Entitlement.reference,
        LicencePool.reference,
        LicencePool.name,
        Publisher.name,
        Entitlement.kind,
        Entitlement.quantity,
        Entitlement.starts_on,
        Entitlement.ends_on,
        Entitlement.retired_on,
        Site.name,
        Entitlement.supplier,
        Entitlement.purchase_order,
        Entitlement.invoice,
        Entitlement.proof,
        Entitlement.cost_minor,
        Entitlement.currency,
    )
    statement = _joined(columns, wanted, today)
    return statement.order_by(*(each.desc() if wanted.descending else each for each in order))


def is_in_force(today: date) -> Any:
    """The condition on what counts on a day."""
    return and_(Entitlement.starts_on <= today, _is_kept(today))


def is_proven() -> Any:
    """The condition on what has the number of its proof, or a file attached. [ISO/IEC 19770-1:2017, 8.4]

    A contract or an invoice alone names what was bought; it proves nothing that could be shown.
    """
    files = select(Attachment.entitlement_id).where(Attachment.entitlement_id.is_not(None))
    return or_(Entitlement.proof != "", Entitlement.id.in_(files))


def _is_kept(today: date) -> Any:
    return and_(
        or_(Entitlement.ends_on.is_(None), Entitlement.ends_on >= today),
        or_(Entitlement.retired_on.is_(None), Entitlement.retired_on > today),
    )


def is_due(today: date) -> Any:
    """The condition on what has to be renewed, or told not to be, within 90 days."""
    last = add_days(today, NOTICE_DAYS)
    return and_(
        Entitlement.retired_on.is_(None),
        or_(
            Entitlement.ends_on.between(today, last),
            and_(Entitlement.ends_on >= today, Entitlement.renewal_notice_by.between(today, last)),
            Entitlement.maintained_until.between(today, last),
        ),
    )


def _asked(wanted: EntitlementFilters, today: date) -> list[Any]:
    asked: list[Any] = []
    told = (Entitlement.reference, LicencePool.reference, LicencePool.name, Entitlement.supplier,
            Entitlement.purchase_order, Entitlement.invoice, Entitlement.contract, Entitlement.proof)  # fmt: skip
    for word in (wanted.text or "").split()[:6]:
        like = f"%{word.replace('%', '').replace('_', '').casefold()}%"
        asked.append(or_(*(func.lower(each).like(like) for each in told)))
    if wanted.pool is not None:
        asked.append(LicencePool.reference == wanted.pool)
    if wanted.publisher_id is not None:
        asked.append(LicencePool.publisher_id == wanted.publisher_id)
    if wanted.kind is not None:
        asked.append(Entitlement.kind == wanted.kind)
    if wanted.standing == "active":
        asked.append(is_in_force(today))
    elif wanted.standing == "coming":
        asked += [Entitlement.starts_on > today, _is_kept(today)]
    elif wanted.standing == "ended":
        asked.append(or_(Entitlement.ends_on < today, Entitlement.retired_on <= today))
    elif wanted.standing == "renewal":
        asked.append(is_due(today))
    elif wanted.standing == "unproven":
        asked += [is_in_force(today), not_(is_proven())]
    return asked


def entitlement_by(work: Work, reference: str, *, for_update: bool = False) -> Entitlement | None:
    """One entitlement with its pool, site, base and terms."""
    statement = (
        select(Entitlement)
        .where(Entitlement.reference == reference)
        .options(
            joinedload(Entitlement.pool).joinedload(LicencePool.publisher),
            joinedload(Entitlement.site),
            joinedload(Entitlement.base),
            selectinload(Entitlement.terms),
        )
    )
    if for_update:
        statement = statement.with_for_update(of=Entitlement).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def takers_of(work: Work, entitlement_id: int) -> list[Entitlement]:
    """The upgrades and transfers that take units from an entitlement, with their pools."""
    statement = select(Entitlement).where(Entitlement.base_id == entitlement_id).options(joinedload(Entitlement.pool))
    return work.all(statement.order_by(Entitlement.starts_on, Entitlement.id))


def batch_of(work: Work, row: Entitlement) -> ImportBatch | None:
    """The file that it came with."""
    if row.batch_id is None:
        return None
    return work.one_or_none(select(ImportBatch).where(ImportBatch.id == row.batch_id))


def references_known(work: Work, pool_id: int) -> list[tuple[str, str]]:
    """References of what an upgrade or a transfer into a pool may rest on: of its publisher, the pool's own first."""
    publisher = select(LicencePool.publisher_id).where(
        LicencePool.id == pool_id, LicencePool.organisation_id == work.home
    )
    rows = (
        select(Entitlement.reference, LicencePool.name)
        .join(LicencePool, LicencePool.id == Entitlement.pool_id)
        .where(LicencePool.publisher_id == publisher.scalar_subquery())
        .order_by(LicencePool.id != pool_id, Entitlement.id.desc())
        .limit(500)
    )
    return [(reference, name) for reference, name in work.execute(rows)]
