"""The board of cases by stage, and the list of all nonconformities: ours and the certification body's."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, and_, cast, exists, func, literal, null, or_, select
from sqlalchemy.sql.selectable import Subquery

from app.domain.findings.case import due_now
from app.domain.findings.corrective_action import Stage
from app.domain.findings.grading import FindingGrade
from app.models.certificate import BodyNonconformity, Certificate
from app.models.corrective_action import CorrectiveAction
from app.models.finding import Finding
from app.models.person import Person
from app.work import Work
from app.work.question import at_home

PAGE = 50
MOST_CLOSED = 10
"""So many of the closed stand on the board; the list has all."""
C = CorrectiveAction
WAITS = and_(C.stage == Stage.ACTION_PLAN, C.answered_on.is_not(None))


def overdue(today: Any) -> Any:
    """Whether the day that counts now has passed: cause and plan first, then the actions."""
    return or_(
        and_(awaits_answer(), C.answer_due_on < today),
        and_(C.stage == Stage.IMPLEMENTATION, C.action_due_on < today),
    )


def awaits_answer() -> Any:
    """Whether cause and plan are still to be sent: an ineffective action takes the answer back too."""
    return and_(C.answered_on.is_(None), C.closed_on.is_(None))


def said_by_case() -> Any:
    """Whether the case behind a nonconformity of the body awaits its answer no later: it is told once, by the case."""
    b = BodyNonconformity
    return exists().where(
        *at_home(C), C.nonconformity_id == b.id, awaits_answer(), C.answer_due_on <= b.response_due_on
    )


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What board and list are asked for; None is everything."""

    owner_id: int | None = None
    grade: FindingGrade | None = None
    overdue: bool = False
    standard: str | None = None
    stage: Stage | None = None
    whose: str | None = None
    """`ours` or `body`."""
    sort: str = "raised"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A card of the board and a line of the list. The stage is None where the body's has no case behind it."""

    reference: str
    is_body: bool
    grade: FindingGrade
    title: str
    standard: str
    clause: str
    stage: Stage | None
    owner: str
    owner_id: int | None
    raised_on: date
    answer_due_on: date | None
    action_due_on: date | None
    answered_on: date | None
    closed_on: date | None
    body_verified_on: date | None

    @property
    def awaits_acceptance(self) -> bool:
        return self.stage is Stage.ACTION_PLAN and self.answered_on is not None

    @property
    def due_on(self) -> date | None:
        """The day that counts now."""
        return due_now(self.stage, self.answered_on, self.answer_due_on, self.action_due_on)

    def is_overdue(self, today: date) -> bool:
        if self.stage is None:
            return self.body_verified_on is None and self.answered_on is None and _past(self.due_on, today)
        return _past(self.due_on, today)


def _past(day: date | None, today: date) -> bool:
    return day is not None and day < today


def board(work: Work, wanted: CaseFilters) -> dict[Stage, list[CaseRow]]:
    """The cases by stage, those that are due first on top; of the closed the latest. Two queries, however many."""
    opened = _cases(wanted, work.today).where(C.stage != Stage.CLOSED).order_by(C.action_due_on, C.id)
    closed = (
        _cases(wanted, work.today)
        .where(C.stage == Stage.CLOSED)
        .order_by(C.closed_on.desc(), C.id.desc())
        .limit(MOST_CLOSED)
    )
    found: dict[Stage, list[CaseRow]] = {stage: [] for stage in Stage}
    for each in [_row(row) for row in (*work.execute(opened), *work.execute(closed))]:
        if each.stage is not None:
            found[each.stage].append(each)
    for stage, rows in found.items():
        if stage is not Stage.CLOSED:
            rows.sort(key=lambda row: (row.due_on or date.max, row.reference))
    return found


def counts_by_stage(work: Work, wanted: CaseFilters) -> dict[Stage, int]:
    """How many stand at each stage; one query."""
    inner = _cases(wanted, work.today).subquery()
    statement: Any = select(inner.c.stage, func.count()).group_by(inner.c.stage)
    found = {Stage(str(stage)): count for stage, count in work.execute(statement)}
    return {stage: found.get(stage, 0) for stage in Stage}


SORTS = ("reference", "grade", "stage", "owner", "raised", "due", "standard")
_BY = {"reference": "id_order", "raised": "raised_on", "due": "due_order"}


def register(work: Work, wanted: CaseFilters, page: int | None = 1) -> tuple[list[CaseRow], int]:
    """A page of the list of both kinds (all of it where no page is asked for), and how many there are: two queries."""
    halves: list[Any] = [_cases(wanted, work.today)]
    # The body's without a case has neither a stage nor an owner here.
    if wanted.whose != "ours" and wanted.stage is None and wanted.owner_id is None:
        halves.append(_without_case(wanted, work.today))
    whole = halves[0].union_all(*halves[1:]) if len(halves) > 1 else halves[0]
    both: Subquery = whole.subquery()
    column: Any = both.c[_BY.get(wanted.sort, wanted.sort)]
    statement: Any = select(both).order_by(
        column.desc() if wanted.descending else column.asc(), both.c.reference.desc()
    )
    if page is not None:
        statement = statement.offset((page - 1) * PAGE).limit(PAGE)
    counted: Any = select(func.count()).select_from(both)
    total: int = work.session.scalar(counted) or 0
    return [_row(each) for each in work.execute(statement)], total


def standards(work: Work) -> list[str]:
    """The standards that nonconformities were raised against."""
    ours = work.all(select(Finding.standard).where(Finding.standard != "").distinct())
    theirs = work.execute(select(Certificate.standard, Certificate.edition).distinct())
    return sorted({*ours, *(f"{row.standard}:{row.edition}" for row in theirs)})


_FULL: Any = Certificate.standard + ":" + Certificate.edition


def _cases(wanted: CaseFilters, today: date) -> Any:
    conditions: list[Any] = []
    if wanted.owner_id is not None:
        conditions.append(C.owner_id == wanted.owner_id)
    if wanted.grade is not None:
        conditions.append(C.grade == wanted.grade)
    if wanted.stage is not None:
        conditions.append(C.stage == wanted.stage)
    if wanted.overdue:
        conditions.append(overdue(today))
    if wanted.standard is not None:
        conditions.append(or_(Finding.standard == wanted.standard, wanted.standard == _FULL))
    if wanted.whose == "ours":
        conditions.append(C.finding_id.is_not(None))
    if wanted.whose == "body":
        conditions.append(C.nonconformity_id.is_not(None))
    return (
        select(
            C.reference.label("reference"),
            C.nonconformity_id.is_not(None).label("is_body"),
            cast(C.grade, String).label("grade"),
            func.coalesce(Finding.title, BodyNonconformity.statement).label("title"),
            func.coalesce(Finding.standard, _FULL, "").label("standard"),
            func.coalesce(Finding.clause, BodyNonconformity.clause, "").label("clause"),
            cast(C.stage, String).label("stage"),
            func.coalesce(Person.name, "").label("owner"),
            C.owner_id.label("owner_id"),
            C.raised_on.label("raised_on"),
            C.answer_due_on.label("answer_due_on"),
            C.action_due_on.label("action_due_on"),
            C.answered_on.label("answered_on"),
            C.closed_on.label("closed_on"),
            BodyNonconformity.verified_on.label("body_verified_on"),
            C.reference.label("id_order"),
            func.coalesce(C.closed_on, C.answer_due_on).label("due_order"),
        )
        .outerjoin(Finding, C.finding_id == Finding.id)
        .outerjoin(BodyNonconformity, C.nonconformity_id == BodyNonconformity.id)
        .outerjoin(Certificate, BodyNonconformity.certificate_id == Certificate.id)
        .outerjoin(Person, C.owner_id == Person.id)
        .where(*conditions)
    )


def _without_case(wanted: CaseFilters, today: date) -> Any:
    b = BodyNonconformity
    conditions: list[Any] = [b.id.not_in(select(C.nonconformity_id).where(C.nonconformity_id.is_not(None)))]
    if wanted.grade is not None:
        conditions.append(cast(b.grade, String) == wanted.grade.value)
    if wanted.standard is not None:
        conditions.append(wanted.standard == _FULL)
    if wanted.overdue:
        conditions += [b.response_due_on < today, b.plan_accepted_on.is_(None), b.verified_on.is_(None)]
    return (
        select(
            b.reference.label("reference"),
            literal(True).label("is_body"),
            cast(b.grade, String).label("grade"),
            b.statement.label("title"),
            _FULL.label("standard"),
            b.clause.label("clause"),
            cast(null(), String).label("stage"),
            literal("").label("owner"),
            cast(null(), C.owner_id.type).label("owner_id"),
            b.raised_on.label("raised_on"),
            b.response_due_on.label("answer_due_on"),
            cast(null(), C.action_due_on.type).label("action_due_on"),
            b.plan_accepted_on.label("answered_on"),
            b.verified_on.label("closed_on"),
            b.verified_on.label("body_verified_on"),
            b.reference.label("id_order"),
            b.response_due_on.label("due_order"),
        )
        .join(Certificate, b.certificate_id == Certificate.id)
        .where(*conditions)
    )


def _row(found: Any) -> CaseRow:
    values = found._mapping
    stage = values["stage"]
    return CaseRow(
        reference=values["reference"],
        is_body=bool(values["is_body"]),
        grade=FindingGrade(values["grade"]),
        title=values["title"],
        standard=values["standard"],
        clause=values["clause"],
        stage=Stage(stage) if stage is not None else None,
        owner=values["owner"],
        owner_id=values["owner_id"],
        raised_on=values["raised_on"],
        answer_due_on=values["answer_due_on"],
        action_due_on=values["action_due_on"],
        answered_on=values["answered_on"],
        closed_on=values["closed_on"],
        body_verified_on=values["body_verified_on"],
    )
