"""Open a case behind a nonconformity of the certification body."""

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.findings.deadlines import due_days
from app.domain.findings.grading import FindingGrade
from app.domain.permission import Permission
from app.operations import corrective_actions as operation
from app.queries.corrective_actions import grade_days, limits_for
from app.queries.nonconformities import nonconformity_by
from app.web.corrective_actions.area import area
from app.web.corrective_actions.steps import page_of
from app.web.corrective_actions.taking import StepForm, take
from app.work import Work


@area.form("/open-behind/<reference>", needs=Permission.MANAGE_PROGRAMME)
def open_behind(work: Work, reference: str) -> ResponseReturnValue:
    """Say what days would bind it, then open it."""
    row = nonconformity_by(work, reference, for_update=request.method == "POST")
    if row is None:
        abort(404)
    form = StepForm()
    grade = FindingGrade(row.grade.value)
    due = due_days(grade, row.raised_on, grade_days(work.organisation, grade), limits_for(work, row))

    def act() -> str:
        return operation.open_behind(work, row).reference

    return take(
        work,
        form,
        "corrective_actions/open_behind.html",
        act,
        version=row.version,
        done=f"A corrective action stands behind {reference}. Name the responsible person.",
        to=page_of,
        row=row,
        due=due,
        back=url_for("nonconformities.show", reference=reference),
    )
