"""What could have the same fault: the same product, site, publisher or clause. A fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.domain.itam.asset import AssetStatus
from app.models.asset import Asset
from app.models.certificate import BodyNonconformity
from app.models.corrective_action import CorrectiveAction
from app.models.finding import Finding, FindingLink
from app.models.licence import LicencePool
from app.models.software import Installation, Product
from app.work import Work

GONE = (AssetStatus.RETIRED, AssetStatus.DISPOSED, AssetStatus.LOST)
MOST = 20
"""So many of each kind are proposed; others can be named."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something to be looked at, and why."""

    noun: str
    name: str
    because: str
    says: str = ""
    key: int | str | None = None

    @property
    def mark(self) -> str:
        """By what a form names it."""
        return f"{self.noun}|{self.name}"


def proposals(work: Work, case: CorrectiveAction) -> list[Proposal]:
    """What to look at for a case that was loaded with its finding or its nonconformity, each once.

    Assets with the same product or at the same site, findings on the same clause, other pools of the publisher.
    """
    found: list[Proposal] = []
    links = _links(work, case)
    concerned = {row.asset_id for row in links if row.asset_id is not None}
    concerned |= {row.on_asset for row in links if row.on_asset is not None}
    products = {row.product_id for row in links if row.product_id is not None}
    sites = {each for row in links for each in (row.site_id, row.asset_site) if each is not None}
    publishers = {row.publisher_id for row in links if row.publisher_id is not None}
    pools = {row.pool_id for row in links if row.pool_id is not None}
    found += _same_product(work, products, concerned)
    found += _same_site(work, sites, concerned)
    found += _same_clause(work, case)
    found += _same_publisher(work, publishers, pools)
    first: dict[str, Proposal] = {}
    for each in found:
        first.setdefault(each.mark, each)
    return list(first.values())


def _links(work: Work, case: CorrectiveAction) -> list[Any]:
    if case.finding_id is None:
        return []
    statement: Any = (
        select(
            FindingLink.asset_id,
            FindingLink.pool_id,
            FindingLink.site_id,
            Installation.product_id,
            Installation.asset_id.label("on_asset"),
            Asset.site_id.label("asset_site"),
            LicencePool.publisher_id,
        )
        .outerjoin(Installation, FindingLink.installation_id == Installation.id)
        .outerjoin(Asset, or_(FindingLink.asset_id == Asset.id, Installation.asset_id == Asset.id))
        .outerjoin(LicencePool, FindingLink.pool_id == LicencePool.id)
        .where(FindingLink.finding_id == case.finding_id)
    )
    return list(work.execute(statement))


def _same_product(work: Work, products: set[int], concerned: set[int]) -> list[Proposal]:
    statement: Any = (
        select(Asset.id, Asset.tag, Asset.name, Product.name.label("product"))
        .join(Installation, Installation.asset_id == Asset.id)
        .join(Product, Installation.product_id == Product.id)
        .where(Installation.product_id.in_(products), Installation.removed_on.is_(None), Asset.id.not_in(concerned))
        .order_by(Asset.tag)
        .limit(MOST)
    )
    return [
        Proposal("asset", row.tag, f"The same product: {row.product}", row.name, row.id)
        for row in work.execute(statement)
    ]


def _same_site(work: Work, sites: set[int], concerned: set[int]) -> list[Proposal]:
    statement: Any = (
        select(Asset.id, Asset.tag, Asset.name)
        .where(Asset.site_id.in_(sites), Asset.id.not_in(concerned), Asset.status.not_in(GONE))
        .order_by(Asset.tag)
        .limit(MOST)
    )
    return [Proposal("asset", row.tag, "The same site", row.name, row.id) for row in work.execute(statement)]


def _same_clause(work: Work, case: CorrectiveAction) -> list[Proposal]:
    if case.finding is not None:
        standard, clause = case.finding.standard, case.finding.clause
    elif case.nonconformity is not None:
        standard, clause = case.nonconformity.certificate.full_standard, case.nonconformity.clause
    else:
        return []
    because = f"The same clause: {clause}"
    ours: Any = (
        select(Finding.reference, Finding.title)
        .where(Finding.standard == standard, Finding.clause == clause, Finding.clause != "")
        .where(Finding.reference != case.reference)
        .order_by(Finding.raised_on.desc(), Finding.id.desc())
        .limit(MOST)
    )
    theirs: Any = (
        select(BodyNonconformity.reference, BodyNonconformity.statement)
        .where(BodyNonconformity.clause == clause, BodyNonconformity.clause != "")
        .where(BodyNonconformity.reference != case.reference)
        .order_by(BodyNonconformity.raised_on.desc(), BodyNonconformity.id.desc())
        .limit(MOST)
    )
    return [
        Proposal(noun, row[0], because, row[1], row[0])
        for noun, statement in (("finding", ours), ("nonconformity", theirs))
        for row in work.execute(statement)
    ]


def _same_publisher(work: Work, publishers: set[int], pools: set[int]) -> list[Proposal]:
    statement: Any = (
        select(LicencePool.reference, LicencePool.name)
        .where(LicencePool.publisher_id.in_(publishers), LicencePool.id.not_in(pools))
        .order_by(LicencePool.reference)
        .limit(MOST)
    )
    return [
        Proposal("licence_pool", row.reference, "The same publisher", row.name, row.reference)
        for row in work.execute(statement)
    ]
