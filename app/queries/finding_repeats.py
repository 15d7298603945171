"""The earlier findings that a finding may be the same as: same clause, or same asset, in the last cycle."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from app.domain.findings.corrective_action import Stage
from app.domain.findings.repeating import Repeat, Sighting, looked_back_to, repeats
from app.domain.findings.requirement import plain_clause
from app.models.asset import Asset
from app.models.audit import Audit
from app.models.certificate import CertificateVerdict
from app.models.corrective_action import CorrectiveAction
from app.models.finding import Finding, FindingLink
from app.work import Work

MOST = 200


def repeats_of(work: Work, new: Sighting, certificate_ids: Collection[int] = ()) -> tuple[Repeat, ...]:
    """What said the same in the last cycle of these certificates, or in the last 36 months; three queries at most."""
    family = plain_clause(new.clause).partition(".")[0]
    asked: list[Any] = []
    if new.standard and family:
        asked.append((Finding.standard == new.standard) & Finding.clause.istartswith(family, autoescape=True))
    if new.assets:
        touching = select(FindingLink.finding_id).join(Asset, FindingLink.asset_id == Asset.id)
        asked.append(Finding.id.in_(touching.where(Asset.tag.in_(sorted(new.assets)))))
    if not asked:
        return ()
    since = looked_back_to(new.raised_on, _began(work, certificate_ids))
    statement: Any = (
        select(
            Finding.id,
            Finding.reference,
            Finding.grade,
            Finding.raised_on,
            Finding.standard,
            Finding.clause,
            Audit.reference,
            CorrectiveAction.stage,
        )
        .outerjoin(Audit, Finding.audit_id == Audit.id)
        .outerjoin(CorrectiveAction, CorrectiveAction.finding_id == Finding.id)
        .where(or_(*asked), Finding.raised_on >= since, Finding.reference != new.reference)
        .order_by(Finding.raised_on.desc(), Finding.id.desc())
        .limit(MOST)
    )
    rows = list(work.execute(statement))
    tags = _tags(work, [row[0] for row in rows])
    earlier = (
        Sighting(
            row[1],
            row[2],
            row[3],
            row[4],
            row[5],
            frozenset(tags[row[0]]),
            row[6] or "",
            row[7] is not None and row[7] is not Stage.CLOSED,
            row[0],
        )
        for row in rows
    )
    return repeats(new, earlier, since)


def _began(work: Work, certificate_ids: Collection[int]) -> list[date | None]:
    if not certificate_ids:
        return []
    statement = select(CertificateVerdict.began_on).where(CertificateVerdict.certificate_id.in_(certificate_ids))
    return [row[0] for row in work.execute(statement)]


def _tags(work: Work, finding_ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    if finding_ids:
        statement = (
            select(FindingLink.finding_id, Asset.tag)
            .join(Asset, FindingLink.asset_id == Asset.id)
            .where(FindingLink.finding_id.in_(finding_ids))
        )
        for finding_id, tag in work.execute(statement):
            found[finding_id].append(tag)
    return found
