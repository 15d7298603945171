"""The matrix: people by courses, filtered by site and role, by pages, and as a file."""

from collections.abc import Iterable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission, Role
from app.domain.training.status import TrainingStatus
from app.queries.learners import PAGE, LearnerFilters
from app.queries.settings import sites
from app.queries.training_matrix import TrainingMatrix, training_matrix
from app.queries.training_standing import courses_offered
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.training.area import area
from app.work import Work

LEARNING_ROLES = tuple(each for each in Role if each is not Role.ASSESSOR)
SHAPES = {
    TrainingStatus.NOT_STARTED: "todo",
    TrainingStatus.IN_PROGRESS: "progress",
    TrainingStatus.PASSED: "done",
    TrainingStatus.EXPIRING_SOON: "review",
    TrainingStatus.EXPIRED: "late",
    TrainingStatus.EXEMPT: "cancelled",
}
NAMES = ("q", "role", "site", "course", "standing")
OVERDUE = "overdue"


def asked_learners() -> LearnerFilters:
    """Which people the address asks for; what it says wrongly is as if it said nothing."""
    role = next((each for each in LEARNING_ROLES if each.value == request.args.get("role")), None)
    return LearnerFilters(request.args.get("q", "").strip()[:200], role, request.args.get("site", type=row_id))


def asks_overdue() -> bool:
    """Whether the address asks for those alone with whom something is overdue."""
    return request.args.get("standing") == OVERDUE


def asked_names() -> dict[str, Any]:
    """What the address names, to be named again."""
    return {name: request.args[name][:200] for name in NAMES if request.args.get(name)}


@area.get("", needs=Permission.MANAGE_TRAINING)
def matrix(work: Work) -> ResponseReturnValue:
    """One page of people, with how they stand with each course."""
    wanted, course_id, page = asked_learners(), request.args.get("course", type=row_id), asked_page()
    found = training_matrix(work, wanted, course_id, page, overdue=asks_overdue())
    pages = max(1, -(-found.total // PAGE))
    if page > pages:
        page = pages
        found = training_matrix(work, wanted, course_id, page, overdue=asks_overdue())
    asked = asked_names()
    return render_template(
        "training/matrix.html",
        found=found,
        wanted=wanted,
        asked=asked,
        course_id=course_id,
        standings=[(OVERDUE, "Overdue")],
        standing=OVERDUE if asks_overdue() else "",
        page=page,
        pages=pages,
        shapes=SHAPES,
        roles=[(each.value, each.label) for each in LEARNING_ROLES],
        sites=[(each.id, each.name) for each in sites(work)],
        courses=[(id_, f"{reference} {title}") for id_, reference, title in courses_offered(work)],
        link=lambda number: url_for("training.matrix", **asked, page=number),
        export=lambda sheet: url_for("training.export", **asked, sheet=sheet),
        paper=url_for("reports.show", name="training", **{n: v for n, v in asked.items() if n in ("role", "site")}),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.MANAGE_TRAINING)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All people as asked, with a column for each course."""
    found = training_matrix(work, asked_learners(), request.args.get("course", type=row_id), overdue=asks_overdue())
    head = ("Person", "E-mail", "Roles", "Site", *(f"{reference} {title}" for _, reference, title in found.courses))
    return sheet_response(work, "training", sheet, "Training", head, _rows(found))


def _rows(found: TrainingMatrix) -> Iterable[tuple[Any, ...]]:
    for line in found.lines:
        who = line.person
        roles = ", ".join(each.label for each in Role if each in who.roles)
        cells = []
        for cell in line.cells:
            said = cell.value if cell is not None else None
            until = f" until {said.valid_until.isoformat()}" if said is not None and said.valid_until else ""
            due = f" due {said.due_on.isoformat()}" if said is not None and not until and said.due_on else ""
            late = ", overdue" if said is not None and said.is_overdue else ""
            cells.append(f"{said.status.label}{until}{due}{late}" if said is not None else "")
        yield (who.name, who.email, roles, who.site, *cells)
