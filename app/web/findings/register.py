"""The register of findings, the same as a file, and the page of one."""

from collections.abc import Iterator
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.findings.case import due_now
from app.domain.findings.concern import Concern
from app.domain.findings.grading import FindingGrade
from app.domain.findings.repeating import Sighting
from app.domain.permission import Permission
from app.models.finding import Finding
from app.queries.attachments import attachments_on
from app.queries.finding_concerns import by_kind, concerned
from app.queries.finding_criteria import title_of
from app.queries.finding_repeats import repeats_of
from app.queries.findings import (
    ORDERS,
    PAGE,
    STANDINGS,
    FindingFilters,
    all_findings,
    case_of,
    finding_list,
    offered,
    repeated_by,
)
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.findings.access import finding_or_404, may_change
from app.web.findings.area import area
from app.web.gate import may
from app.work import Work

HEAD = (
    *("Reference", "Grade", "Title", "Audit", "Standard", "Clause", "Raised on", "Raised by", "Repeats", "Stage"),
    *("Actions due on", "Links"),
)
NAMES = ("q", "grade", "audit", "standard", "clause", "standing", "asset", "site", "order", "direction")
PAGES = {
    Concern.ASSET: ("assets.show", "asset_id"),
    Concern.ENTITLEMENT: ("entitlements.show", "reference"),
    Concern.POOL: ("licences.line", "reference"),
    Concern.INSTALLATION: ("software.installation", "installation_id"),
    Concern.PROCESS: ("processes.show", "reference"),
    Concern.CHANGE: ("changes.show", "reference"),
}
"""The page of what a finding may concern, and what its address names it by."""


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """The findings that are asked for, fifty a page."""
    wanted, page = asked_filters(), asked_page()
    rows, total = finding_list(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = finding_list(work, wanted, page)
    return render_template(
        "findings/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        offered=offered(work),
        grades=[(each.value, each.label) for each in FindingGrade],
        standings=STANDINGS,
        link=lambda number: _address("findings.index", page=number),
        sort=lambda order: _turned(wanted, order),
        export=lambda sheet: _address("findings.export", sheet=sheet),
    )


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_PROGRAMME)
def export(work: Work, sheet: str) -> ResponseReturnValue:
    """All findings that the filters ask for, as a file."""
    return sheet_response(work, "findings", sheet, "Findings", HEAD, _cells(work, asked_filters()))


@area.get("/<reference>", needs=Permission.SEE_OWN_WORK)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One finding: what was found, what it concerns, whether it was said before, and how far its case is."""
    row = finding_or_404(work, reference)
    links = by_kind(concerned(work, row))
    served = [each.certificate_id for each in row.audit.audit_certificates] if row.audit else []
    files = attachments_on(work, finding_id=row.id)
    case = case_of(work, row.id) if row.grade.is_nonconformity else None
    due_on = due_now(case.stage, case.answered_on, case.answer_due_on, case.action_due_on) if case else None
    return render_template(
        "findings/show.html",
        row=row,
        case=case,
        is_overdue=due_on is not None and due_on < work.today,
        links=links,
        address_of=address_of,
        said_before=repeats_of(work, sighting_of(row), served),
        repeated_by=repeated_by(work, row.id),
        clause_title=title_of(row.standard, row.clause),
        photographs=[each for each in files if each.media_type == "image/jpeg"],
        files=[each for each in files if each.media_type != "image/jpeg"],
        changes=may_change(row) and (row.audit is None or row.audit.frozen_at is None),
        is_frozen=row.audit is not None and row.audit.frozen_at is not None,
        has=current_app.view_functions.__contains__,
        sees_assets=may(Permission.SEE_ASSETS),
        sees_all=may(Permission.SEE_PROGRAMME),
    )


def sighting_of(row: Finding) -> Sighting:
    """What a finding says, as far as another can be the same; its links are loaded."""
    tags = frozenset(each.asset.tag for each in row.links if each.asset is not None)
    audit = row.audit.reference if row.audit else ""
    return Sighting(row.reference, row.grade, row.raised_on, row.standard, row.clause, tags, audit, id=row.id)


def address_of(kind: Concern, key: object) -> str:
    """The page of what a finding concerns; empty where it has none, or the visitor may not see it."""
    endpoint, argument = PAGES.get(kind, ("", ""))
    if key is None or endpoint not in current_app.view_functions or not may(Permission.SEE_ASSETS):
        return ""
    return url_for(endpoint, _anchor=None, _method=None, _scheme=None, _external=None, **{argument: str(key)})


def asked_filters() -> FindingFilters:
    """Which findings are asked for; a filter that names nothing asks for everything."""
    said = request.args
    order = next((each for each in ORDERS if each == said.get("order")), None)
    return FindingFilters(
        text=said.get("q", "").strip()[:200],
        grade=next((each for each in FindingGrade if each.value == said.get("grade")), None),
        audit=said.get("audit", "").strip()[:40] or None,
        standard=said.get("standard", "").strip()[:120] or None,
        clause=said.get("clause", "").strip()[:40] or None,
        standing=next((word for word, _ in STANDINGS if word == said.get("standing")), None),
        tag=said.get("asset", "").strip()[:40] or None,
        site_id=said.get("site", type=row_id),
        order=order or "raised",
        descending=said.get("direction") == "down" if order else True,
    )


def _cells(work: Work, wanted: FindingFilters) -> Iterator[list[Any]]:
    for row in all_findings(work, wanted):
        yield [
            *(row.reference, row.grade.label, row.title, row.audit or "", row.standard, row.clause, row.raised_on),
            *(row.raised_by or "", row.repeats or "", row.stage.label if row.stage else "", row.action_due_on),
            row.links,
        ]


def _address(endpoint: str, **more: Any) -> str:
    said: dict[str, Any] = {name: request.args[name][:200] for name in NAMES if request.args.get(name)}
    said |= more
    return url_for(endpoint, **{name: value for name, value in said.items() if value is not None})


def _turned(wanted: FindingFilters, order: str) -> str:
    is_turned = wanted.order == order and not wanted.descending
    return _address("findings.index", order=order, direction="down" if is_turned else None)
