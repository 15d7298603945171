"""The self-assessment of the process areas, and what the register itself can say of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.catalogue import ProcessArea, process_areas
from app.domain.explained import Explained, Reason
from app.domain.itam.asset import AssetStatus
from app.domain.itam.change import Authorisation
from app.domain.itam.ownership import Duty
from app.domain.itam.tier import SPEAKS_OF, TIERS, Attainment, Measure, Measured, Verdict, doubt, judge, summary
from app.models.asset import Asset, AssetDuty, AssetOwnership
from app.models.licence import Entitlement
from app.models.person import Person
from app.models.reconciliation import Reconciliation
from app.models.software import Installation
from app.models.tier import ProcessAssessment
from app.queries.entitlements import is_in_force, is_proven
from app.work import Work

GONE = tuple(each for each in AssetStatus if each.is_gone)
BACKED = (Authorisation.AUTHORISED, Authorisation.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Judged:
    """A process area with the judgement that counts, and what the register says of it."""

    area: ProcessArea
    assessment: ProcessAssessment | None
    measures: tuple[Measure, ...]
    doubts: tuple[Reason, ...]

    @property
    def attainment(self) -> Attainment | None:
        return self.assessment.attainment if self.assessment is not None else None


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier with its process areas."""

    number: int
    name: str
    areas: tuple[Judged, ...]

    @property
    def says(self) -> str:
        """How far its areas have come, in a sentence."""
        return summary([each.attainment for each in self.areas])


Verdicts = dict[Measure, Explained[Verdict]]


def verdicts(work: Work) -> Verdicts:
    """What the register says by each measure, in four queries."""
    measured = (_owned(work), _authorised(work), _proven(work), _reconciled(work))
    return {each.measure: judge(each, work.today) for each in measured}


def tiers(work: Work, known: Verdicts) -> list[Tier]:
    """The three tiers with the newest judgement of each process area."""
    newest = _newest(work)
    judged: dict[int, list[Judged]] = defaultdict(list)
    for area in process_areas():
        judged[area.tier].append(_judged(area, newest.get(area.id), known))
    return [Tier(number, name, tuple(judged[number])) for number, name in TIERS.items()]


def area_judged(work: Work, area: ProcessArea, known: Verdicts) -> Judged:
    """One process area."""
    return _judged(area, _newest(work, area.id).get(area.id), known)


def area_by(area_id: str) -> ProcessArea | None:
    """A process area by its number: F1."""
    return next((each for each in process_areas() if each.id == area_id), None)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A judgement with who made it."""

    assessment: ProcessAssessment
    by: str


def assessments_of(work: Work, area_id: str) -> list[Earlier]:
    """Every judgement of a process area, the newest first: the way that it came."""
    statement = (
        select(ProcessAssessment, Person)
        .outerjoin(Person, ProcessAssessment.assessed_by_id == Person.id)
        .where(ProcessAssessment.process_area == area_id)
        .order_by(ProcessAssessment.assessed_on.desc(), ProcessAssessment.id.desc())
        .limit(500)
    )
    return [
        Earlier(row, person.label if person is not None else "Triennium") for row, person in work.execute(statement)
    ]


def latest_day(work: Work, area_id: str) -> date | None:
    """The day of the newest judgement of a process area."""
    newest = _newest(work, area_id).get(area_id)
    return newest.assessed_on if newest is not None else None


def _judged(area: ProcessArea, assessment: ProcessAssessment | None, known: Verdicts) -> Judged:
    measures = tuple(measure for measure in Measure if area.id in SPEAKS_OF[measure])
    said = [(measure, known[measure].value) for measure in measures]
    doubts = doubt(assessment.attainment, said) if assessment is not None else ()
    return Judged(area, assessment, measures, doubts)


def _newest(work: Work, area_id: str | None = None) -> dict[str, ProcessAssessment]:
    later = aliased(ProcessAssessment)
    overtaken = (
        select(later.id)
        .where(later.process_area == ProcessAssessment.process_area)
        .where(
            or_(
                later.assessed_on > ProcessAssessment.assessed_on,
                and_(later.assessed_on == ProcessAssessment.assessed_on, later.id > ProcessAssessment.id),
            )
        )
        .exists()
    )
    statement = select(ProcessAssessment).where(~overtaken)
    if area_id is not None:
        statement = statement.where(ProcessAssessment.process_area == area_id)
    return {row.process_area: row for row in work.all(statement)}


def _owned(work: Work) -> Measured:
    owner = select(AssetOwnership.asset_id).where(
        AssetOwnership.starts_on <= work.today,
        or_(AssetOwnership.ends_on.is_(None), AssetOwnership.ends_on >= work.today),
    )
    held = (
        select(AssetDuty.asset_id)
        .where(or_(AssetDuty.employee_id.is_not(None), AssetDuty.party != ""))
        .group_by(AssetDuty.asset_id)
        .having(func.count(AssetDuty.id) >= len(Duty))
    )
    whole = and_(Asset.in_scope.is_(True), Asset.status.not_in(GONE))
    return _share(work, Measure.OWNED, Asset.id, whole, and_(Asset.id.in_(owner), Asset.id.in_(held)))


def _authorised(work: Work) -> Measured:
    there = or_(Installation.removed_on.is_(None), Installation.removed_on > work.today)
    return _share(work, Measure.AUTHORISED, Installation.id, there, Installation.authorisation.in_(BACKED))


def _proven(work: Work) -> Measured:
    return _share(work, Measure.PROVEN, Entitlement.id, is_in_force(work.today), is_proven())


def _reconciled(work: Work) -> Measured:
    last = select(Reconciliation).order_by(Reconciliation.run_at.desc(), Reconciliation.id.desc()).limit(1)
    row = work.one_or_none(last)
    if row is None:
        return Measured(Measure.RECONCILED)
    return Measured(Measure.RECONCILED, last_on=_day(work, row.run_at), reference=row.reference)


def _day(work: Work, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(work.organisation.time_zone)).date()


def _share(work: Work, measure: Measure, counted: Any, whole: Any, part: Any) -> Measured:
    statement: Any = select(func.count(counted), func.count(counted).filter(part)).where(whole)
    total, of_it = work.execute(statement).one()
    return Measured(measure, of_it or 0, total or 0)
