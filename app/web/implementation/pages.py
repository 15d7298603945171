"""The list of implementations, and one as it stands: drawn, as a table, and with its readiness for stage 1."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.implementation.drawn import DrawnPlan, bar_of
from app.domain.implementation.plan import Step
from app.domain.implementation.readiness import lacking
from app.domain.permission import Permission
from app.outputs.drawing.plan import draw_plan
from app.queries.implementations import Standing, implementations, standing_of
from app.queries.readiness import readiness
from app.web.gate import may
from app.web.implementation.area import PLACES, area, row_or_404
from app.work import Work


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """All of them, each with what is late and when it is expected to end."""
    return render_template("implementation/index.html", rows=implementations(work))


@area.get("/<reference>", needs=Permission.SEE_PROGRAMME)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One implementation: its tasks with their days, what is late, what that does to stage 1, and how ready one is."""
    row = row_or_404(work, reference)
    standing = standing_of(work, row)
    ready = readiness(work, row)
    next_step = next((each for each in Step if each not in row.ended), None)
    manages = may(Permission.MANAGE_IMPLEMENTATION)
    return render_template(
        "implementation/show.html",
        row=row,
        standing=standing,
        drawing=_drawn(work, standing, manages=manages),
        steps=[(step, [each for each in row.tasks if each.step is step]) for step in Step],
        next_step=next_step,
        lacking=lacking(next_step, ready.parts) if next_step is not None else [],
        titles={each.id: each.title for each in row.tasks},
        look=lambda task: standing.expected[task.id].look,
        places={key: (name, url_for(endpoint)) for key, (name, endpoint) in PLACES.items()},
        finishes=lambda task: manages or task.owner_id == current_user.id,
        ready=ready.score,
        parts=ready.parts,
        manages=manages,
    )


def _drawn(work: Work, standing: Standing, *, manages: bool) -> str:
    reference = standing.row.reference
    bars = []
    for task in standing.row.tasks:
        href = ""
        if manages:
            href = url_for("implementation.edit_task", reference=reference, implementation_task_id=task.id)
        bars.append(bar_of(standing.expected[task.id], href))
    title = f"Plan of {reference}; the table says the same"
    return draw_plan(DrawnPlan(title, tuple(bars), work.today, standing.stage_1))
