"""The board by stage, and the list of all nonconformities, ours and the body's; the list as a file too."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.findings.corrective_action import Stage
from app.domain.findings.grading import FindingGrade
from app.domain.permission import Permission
from app.queries.case_register import (
    MOST_CLOSED,
    PAGE,
    SORTS,
    CaseFilters,
    board,
    counts_by_stage,
    register,
    standards,
)
from app.web.corrective_actions.area import area
from app.web.exporting import sheet_response
from app.web.fields import asked_page
from app.work import Work

GRADES = (FindingGrade.MAJOR, FindingGrade.MINOR)
BOARD = ("mine", "grade", "overdue", "standard", "whose")
LIST = (*BOARD, "stage", "sort", "order")
HEAD = (
    *("Reference", "Whose", "Grade", "Standard", "Clause", "What", "Stage", "Owner", "Raised on"),
    *("Cause and plan due", "Actions due", "Answered on", "Closed or verified on"),
)


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """The board: a column for each stage, links all of it."""
    asked = _asked(BOARD)
    wanted = _wanted(asked)
    return render_template(
        "corrective_actions/index.html",
        columns=board(work, wanted),
        counts=counts_by_stage(work, wanted),
        most_closed=MOST_CLOSED,
        asked=asked,
        grades=GRADES,
        standards=standards(work),
        listed=url_for("corrective_actions.listed", **asked),
        closed=url_for("corrective_actions.listed", **{**asked, "stage": Stage.CLOSED.value}),
    )


@area.get("/list", needs=Permission.SEE_PROGRAMME)
def listed(work: Work) -> ResponseReturnValue:
    """Both kinds, fifty a page."""
    asked = _asked(LIST)
    wanted = _wanted(asked)
    page = asked_page()
    rows, total = register(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = register(work, wanted, page)
    narrowing = {name: value for name, value in asked.items() if name not in ("sort", "order")}

    def sorted_by(column: str) -> str:
        down = wanted.sort == column and not wanted.descending
        return url_for("corrective_actions.listed", **narrowing, sort=column, order="down" if down else "up")

    return render_template(
        "corrective_actions/list.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        asked=asked,
        filtered=bool(narrowing),
        grades=GRADES,
        stages=list(Stage),
        standards=standards(work),
        link=lambda number: url_for("corrective_actions.listed", **asked, page=number),
        sorted_by=sorted_by,
        order_of=lambda column: _order(wanted, column),
        export=lambda kind: url_for("corrective_actions.export", kind=kind, **asked),
        board=url_for("corrective_actions.index", **{name: asked[name] for name in BOARD if name in asked}),
    )


@area.get("/export/<kind>", needs=Permission.SEE_PROGRAMME)
def export(work: Work, kind: str) -> ResponseReturnValue:
    """What is filtered, all of it, as CSV or as a workbook."""
    return sheet_response(work, "nonconformities", kind, "Nonconformities", HEAD, _lines(work, _wanted(_asked(LIST))))


def _asked(names: tuple[str, ...]) -> dict[str, Any]:
    found = {name: request.args.get(name, "").strip()[:200] for name in names}
    return {name: value for name, value in found.items() if value}


def _wanted(asked: dict[str, Any]) -> CaseFilters:
    """What the filters ask for; a filter that says nothing sensible asks for nothing."""
    sort = asked.get("sort", "")
    return CaseFilters(
        owner_id=current_user.id if asked.get("mine") == "yes" else None,
        grade=next((each for each in GRADES if each.value == asked.get("grade")), None),
        overdue=asked.get("overdue") == "yes",
        standard=asked.get("standard"),
        stage=next((each for each in Stage if each.value == asked.get("stage")), None),
        whose=asked["whose"] if asked.get("whose") in ("ours", "body") else None,
        sort=sort if sort in SORTS else "raised",
        descending=asked.get("order") == "down" if sort in SORTS else True,
    )


def _order(wanted: CaseFilters, column: str) -> str | None:
    if wanted.sort != column:
        return None
    return "descending" if wanted.descending else "ascending"


def _lines(work: Work, wanted: CaseFilters) -> Iterator[tuple[Any, ...]]:
    rows, _ = register(work, wanted, None)
    for row in rows:
        yield (
            row.reference,
            "certification body" if row.is_body else "own",
            row.grade.label,
            row.standard,
            row.clause,
            row.title,
            row.stage.label if row.stage is not None else "",
            row.owner,
            row.raised_on,
            row.answer_due_on,
            row.action_due_on,
            row.answered_on,
            row.body_verified_on if row.stage is None else row.closed_on,
        )
