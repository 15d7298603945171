"""The templates of checklists, as their list and their page read them."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.models.checklist import ChecklistTemplate, TemplateQuestion
from app.work import Work


class TemplateLine(NamedTuple):
    """A template in the list."""

    id: int
    name: str
    standard: str
    questions: int
    is_retired: bool


def template_lines(work: Work, *, retired: bool) -> list[TemplateLine]:
    """The templates in use, or those that are retired, by name."""
    counted = (
        select(TemplateQuestion.template_id, func.count(TemplateQuestion.id).label("many"))
        .group_by(TemplateQuestion.template_id)
        .subquery()
    )
    template = ChecklistTemplate
    which = template.retired_at.is_not(None) if retired else template.retired_at.is_(None)
    rows = work.execute(
        select(template.id, template.name, template.standard, counted.c.many)
        .outerjoin(counted, counted.c.template_id == template.id)
        .where(which)
        .order_by(func.lower(template.name), template.id)
    )
    return [TemplateLine(row.id, row.name, row.standard, row.many or 0, retired) for row in rows]


def template_by(work: Work, template_id: int, *, lock: bool = False) -> ChecklistTemplate | None:
    """One template with its questions."""
    statement = (
        select(ChecklistTemplate)
        .where(ChecklistTemplate.id == template_id)
        .options(selectinload(ChecklistTemplate.questions))
    )
    if lock:
        statement = statement.with_for_update(of=ChecklistTemplate).execution_options(populate_existing=True)
    return work.one_or_none(statement)
