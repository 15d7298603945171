"""The findings that concern something: shown on its page, and a reason not to take it away."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select

from app.domain.findings.concern import Concern
from app.domain.findings.corrective_action import Stage
from app.domain.findings.grading import FindingGrade
from app.models.asset import Asset
from app.models.audit import Audit
from app.models.corrective_action import CorrectiveAction
from app.models.finding import Finding, FindingLink
from app.models.licence import PoolProduct
from app.models.software import Installation
from app.work import Work

MOST = 50


class About(NamedTuple):
    """A finding that concerns the thing of a page."""

    reference: str
    title: str
    grade: FindingGrade
    raised_on: date
    audit: str | None
    stage: Stage | None

    @property
    def is_closed(self) -> bool:
        """Whether its case was closed."""
        return self.stage is Stage.CLOSED


def findings_about(work: Work, kind: Concern, id_: int) -> list[About]:
    """The findings that concern one thing, the latest first."""
    return _about(work, getattr(FindingLink, kind.column) == id_)


def findings_about_product(work: Work, product_id: int) -> list[About]:
    """The findings that concern an installation of a product, or a pool that covers it."""
    installed = select(Installation.id).where(Installation.product_id == product_id)
    covering = select(PoolProduct.pool_id).where(PoolProduct.product_id == product_id)
    return _about(work, or_(FindingLink.installation_id.in_(installed), FindingLink.pool_id.in_(covering)))


def references_about(work: Work, kind: Concern, id_: int) -> list[str]:
    """What keeps a thing from being taken away."""
    return [each.reference for each in findings_about(work, kind, id_)]


def _about(work: Work, condition: Any) -> list[About]:
    concerning = select(FindingLink.finding_id).where(condition)
    statement = (
        select(
            Finding.reference,
            Finding.title,
            Finding.grade,
            Finding.raised_on,
            Audit.reference,
            CorrectiveAction.stage,
        )
        .outerjoin(Audit, Finding.audit_id == Audit.id)
        .outerjoin(CorrectiveAction, CorrectiveAction.finding_id == Finding.id)
        .where(Finding.id.in_(concerning))
        .order_by(Finding.raised_on.desc(), Finding.id.desc())
        .limit(MOST)
    )
    return [About(*row) for row in work.execute(statement)]


def findings_by_site(work: Work) -> dict[int, int]:
    """How many findings concern each site, or an asset that is there."""
    site: Any = func.coalesce(FindingLink.site_id, Asset.site_id)
    counted = (
        select(site, func.count(FindingLink.finding_id.distinct()))
        .select_from(FindingLink)
        .outerjoin(Asset, FindingLink.asset_id == Asset.id)
        .where(site.is_not(None))
        .group_by(site)
    )
    return {row[0]: row[1] for row in work.execute(counted)}
