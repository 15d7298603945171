"""Actions: one's own and all, of nonconformities and of management reviews."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from app.domain.findings.corrective_action import ActionKind, Stage
from app.models.corrective_action import Action, CorrectiveAction
from app.models.management_review import ManagementReview
from app.models.person import Person
from app.work import Work

PAGE = 50
STANDINGS = (("open", "To be done"), ("overdue", "Overdue"), ("done", "Done"))
SORTS: dict[str, Any] = {
    "reference": Action.id,
    "due": Action.due_on,
    "done": Action.done_on,
    "says": Action.says,
}


@dataclass(frozen=True, slots=True)
class ActionFilters:
    """What the list is asked for; None is everything."""

    owner_id: int | None = None
    standing: str | None = None
    sort: str = "due"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One line of the list."""

    reference: str
    kind: ActionKind
    says: str
    owner: str
    owner_id: int
    due_on: date
    done_on: date | None
    done_by: str | None
    case: str | None
    stage: Stage | None
    review: str | None

    def is_overdue(self, today: date) -> bool:
        return self.done_on is None and self.due_on < today


def action_by(work: Work, reference: str, *, for_update: bool = False) -> Action | None:
    """One action with what it belongs to, locked until the work is done where it will be changed."""
    statement = (
        select(Action)
        .where(Action.reference == reference)
        .options(
            joinedload(Action.owner),
            joinedload(Action.done_by),
            joinedload(Action.case),
            joinedload(Action.review),
        )
    )
    if for_update:
        statement = statement.with_for_update(of=Action).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def action_register(work: Work, wanted: ActionFilters, page: int | None = 1) -> tuple[list[ActionRow], int]:
    """A page of the list (all of it where no page is asked for), and how many there are: two queries."""
    owner, doer = aliased(Person), aliased(Person)
    conditions: list[Any] = []
    if wanted.owner_id is not None:
        conditions.append(Action.owner_id == wanted.owner_id)
    if wanted.standing in ("open", "overdue"):
        conditions.append(Action.done_on.is_(None))
    if wanted.standing == "overdue":
        conditions.append(Action.due_on < work.today)
    if wanted.standing == "done":
        conditions.append(Action.done_on.is_not(None))
    column = SORTS[wanted.sort]
    # What is done stands behind what is still to be done, whatever it is sorted by.
    order = [column.desc() if wanted.descending else column.asc(), Action.id]
    if wanted.sort == "due" and wanted.standing is None:
        order = [Action.done_on.is_not(None), *order]
    statement: Any = (
        select(
            Action.reference,
            Action.kind,
            Action.says,
            owner.name,
            Action.owner_id,
            Action.due_on,
            Action.done_on,
            doer.name,
            CorrectiveAction.reference,
            CorrectiveAction.stage,
            ManagementReview.reference,
        )
        .join(owner, Action.owner_id == owner.id)
        .outerjoin(doer, Action.done_by_id == doer.id)
        .outerjoin(CorrectiveAction, Action.case_id == CorrectiveAction.id)
        .outerjoin(ManagementReview, Action.review_id == ManagementReview.id)
        .where(*conditions)
        .order_by(*order)
    )
    if page is not None:
        statement = statement.offset((page - 1) * PAGE).limit(PAGE)
    total: Any = select(func.count(Action.id)).where(*conditions)
    return [ActionRow(*each) for each in work.execute(statement)], work.session.scalar(total) or 0
