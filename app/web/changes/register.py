"""The register of changes, the same as a file, and the page of one with its trail."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.findings.concern import Concern
from app.domain.itam.change import ChangeAction, ChangeStatus, Step, may_decide, may_follow, standing_of, what_to_do
from app.domain.permission import Permission
from app.queries.attachments import attachments_on
from app.queries.changes import (
    EMERGENCIES,
    PAGE,
    SORTS,
    ChangeFilters,
    all_changes,
    change_register,
    count_of,
    installations_of,
    now_of,
    software_by,
)
from app.queries.finding_pointers import findings_about
from app.web.changes.access import change_or_404, steps_for
from app.web.changes.area import area
from app.web.exporting import sheet_response
from app.web.fields import asked_page, seen_version
from app.web.gate import may
from app.work import Work

ASKED = ("status", "action", "emergency", "mine", "product", "asset", "q", "sort", "order")
HEAD = (
    *("Reference", "Standing", "Emergency", "Action", "What", "Software", "Version", "Assets", "Asked by", "Asked on"),
    *("Wanted by", "Decided on", "Done on", "Checked on", "Undone on"),
)
EMERGENCY_WORDS = {
    "any": "Emergencies",
    "outstanding": "Authorisation outstanding",
    "without": "Done without authorisation",
}


@area.get("", needs=Permission.REQUEST_CHANGE)
def index(work: Work) -> ResponseReturnValue:
    """Fifty a page; who does not see assets sees their own requests."""
    asked = _asked()
    wanted = _wanted(asked)
    page = asked_page()
    rows, total = change_register(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = change_register(work, wanted, page)
    narrowing = {name: value for name, value in asked.items() if name not in ("sort", "order")}

    def sorted_by(column: str) -> str:
        down = wanted.sort == column and not wanted.descending
        return url_for("changes.index", **narrowing, sort=column, order="down" if down else "up")

    return render_template(
        "changes/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        asked=asked,
        filtered=bool(narrowing),
        actions=list(ChangeAction),
        statuses=list(ChangeStatus),
        emergencies=EMERGENCY_WORDS,
        product=software_by(work, wanted.product_id) if wanted.product_id is not None else None,
        sees_all=may(Permission.SEE_ASSETS),
        outstanding=_outstanding(work),
        link=lambda number: url_for("changes.index", **asked, page=number),
        sorted_by=sorted_by,
        order_of=lambda column: _order(wanted, column),
        export=lambda kind: url_for("changes.export", kind=kind, **asked),
    )


@area.get("/export/<kind>", needs=Permission.REQUEST_CHANGE)
def export(work: Work, kind: str) -> ResponseReturnValue:
    """What is filtered, all of it, as CSV or as a workbook."""
    return sheet_response(work, "changes", kind, "Changes", HEAD, _lines(work, _wanted(_asked())))


@area.get("/<reference>", needs=Permission.REQUEST_CHANGE)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One request: who asked, decided, did and checked, what it touches, and what came of it."""
    change = change_or_404(work, reference)
    now = now_of(work, change)
    decides = may(Permission.AUTHORISE_CHANGE) and Step.AUTHORISE in may_follow(now)
    return render_template(
        "changes/show.html",
        change=change,
        now=now,
        standing=standing_of(now, work.today),
        steps=[step.value for step in steps_for(now)],
        to_do=what_to_do(now, current_user.id, may(Permission.AUTHORISE_CHANGE)),
        why_not=None if not decides or may_decide(now, current_user.id).value else may_decide(now, current_user.id),
        installations=installations_of(work, change.id) if may(Permission.SEE_ASSETS) else [],
        attachments=attachments_on(work, change_id=change.id),
        about=findings_about(work, Concern.CHANGE, change.id) if may(Permission.SEE_PROGRAMME) else [],
        files_change=may(Permission.MANAGE_ASSETS)
        or may(Permission.AUTHORISE_CHANGE)
        or change.requested_by_id == current_user.id,
        sees_all=may(Permission.SEE_ASSETS),
    )


def _outstanding(work: Work) -> dict[str, int]:
    """How many emergencies nobody has authorised, and how many were refused and not undone; of staff their own."""
    own = None if may(Permission.SEE_ASSETS) else current_user.id
    return {
        word: count_of(work, ChangeFilters(emergency=word, requested_by=own)) for word in ("outstanding", "without")
    }


def _asked() -> dict[str, Any]:
    found: dict[str, Any] = {name: request.args.get(name, "").strip()[:200] for name in ASKED}
    return {name: value for name, value in found.items() if value}


def _wanted(asked: dict[str, Any]) -> ChangeFilters:
    """What the filters ask for; a filter that says nothing sensible asks for nothing."""
    own = asked.get("mine") == "yes" or not may(Permission.SEE_ASSETS)
    sort = asked.get("sort", "")
    return ChangeFilters(
        status=next((each for each in ChangeStatus if each.value == asked.get("status")), None),
        action=next((each for each in ChangeAction if each.value == asked.get("action")), None),
        emergency=asked["emergency"] if asked.get("emergency") in EMERGENCIES else None,
        requested_by=current_user.id if own else None,
        product_id=seen_version(asked.get("product")),
        tag=asked.get("asset"),
        words=asked.get("q", ""),
        sort=sort if sort in SORTS else "reference",
        descending=asked.get("order") == "down" if sort in SORTS else True,
    )


def _order(wanted: ChangeFilters, column: str) -> str | None:
    if wanted.sort != column:
        return None
    return "descending" if wanted.descending else "ascending"


def _lines(work: Work, wanted: ChangeFilters) -> Iterator[tuple[Any, ...]]:
    for row in all_changes(work, wanted):
        now = row.now
        yield (
            row.reference,
            row.standing.value.label,
            "yes" if now.is_emergency else "no",
            row.action.label,
            row.title,
            row.product,
            row.version,
            " ".join(row.tags),
            row.requested_by,
            now.requested_on,
            row.wanted_by,
            now.decided_on,
            now.done_on,
            now.checked_on,
            now.undone_on,
        )
