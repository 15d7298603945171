"""One run: its totals, its lines as they are asked for, what is gone since the run before, and the lines as a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import Explained, RefusedError
from app.domain.itam.reconciliation import Finding, Settlement, SinceLast, SourceKind
from app.domain.itam.reconciling.matching import THRESHOLD
from app.domain.itam.reconciling.reading import minor_of
from app.domain.itam.reconciling.record import identifier
from app.domain.itam.reconciling.registers import REGISTERS
from app.domain.itam.reconciling.words import field_label, say_value, why
from app.domain.money import say_money
from app.domain.permission import Permission
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.operations import reconciliations as operation
from app.operations.corrections import corrections_of
from app.queries.attachments import attachments_on
from app.queries.reconciliation_sides import assets_by_serial, still_ours
from app.queries.reconciliations import (
    ORDERS,
    PAGE,
    UNDECIDED,
    LineFilters,
    all_lines,
    carried_in,
    gone_page,
    later_run,
    line_page,
    references_of,
    undecided,
)
from app.queries.stated_lines import named, stated
from app.web.exporting import sheet_response
from app.web.fields import asked_page
from app.web.reconciliations.area import area, run_or_404
from app.work import Work

NAMES = ("finding", "since", "decision", "field", "q")
PAGES: dict[SourceKind, tuple[str, str]] = {
    SourceKind.LEDGER: ("assets.show", "asset_id"),
    SourceKind.CONFIGURATION: ("assets.show", "asset_id"),
    SourceKind.INVOICES: ("entitlements.show", "reference"),
    SourceKind.LEAVERS: ("employees.show", "employee_id"),
}
"""Where a thing of ours is shown, and by what the address names it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line as the screens show it."""

    line: ReconciliationLine
    why: Explained[Finding]
    title: str
    name: str
    url: str | None
    record_url: str | None
    """Where what is only there can be recorded here, filled in."""
    differences: list[tuple[str, str, str]]
    here: list[tuple[str, str]]
    there: list[tuple[str, str]]
    settled_in: str
    carried_in: str = ""
    """The latest run of the same source that has it too: it is decided there."""
    same_serial: Sequence[tuple[int, str]] = ()
    """Of what is only there: the assets of ours that have its serial number, each as id and tag."""


@area.get("/<reference>", needs=Permission.SEE_ASSETS)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One run: how many of each finding, and the lines that are asked for, fifty a page."""
    run = run_or_404(work, reference)
    wanted, page = asked_filters(), asked_page()
    lines, total = line_page(work, run, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        lines, total = line_page(work, run, wanted, page)
    references = _references(work, run, lines)
    later = later_run(work, run)
    carried = carried_in(work, run, [line.key for line in lines]) if later is not None else {}
    shown = with_serials(work, run, [told(run, line, references, carried) for line in lines])
    return render_template(
        "reconciliations/show.html",
        run=run,
        lines=shown,
        later=later.reference if later is not None else "",
        decidable=any(one.line.finding.needs_decision and not one.carried_in for one in shown),
        uncorrected=_uncorrected(work, run, lines),
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        asked=asked(),
        left=undecided(work, run),
        previous=references.get(run.previous_id or 0, ""),
        findings=list(Finding),
        news=[each for each in SinceLast if each is not SinceLast.SAME],
        decisions=[(UNDECIDED, "Undecided"), *((each.value, each.label) for each in Settlement)],
        fields=[(each.name, each.label) for each in REGISTERS[run.kind].compared],
        register=REGISTERS[run.kind],
        attachments=attachments_on(work, reconciliation_id=run.id),
        threshold=run.asked.get("threshold", THRESHOLD),
        link=lambda number: address("reconciliations.show", run, page=number),
        sort=lambda order: _sorted(run, wanted, order),
        export=lambda sheet: address("reconciliations.export", run, sheet=sheet),
    )


@area.get("/<reference>/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, reference: str, sheet: str) -> ResponseReturnValue:
    """The lines that are asked for, as a file."""
    run = run_or_404(work, reference)
    register = REGISTERS[run.kind]
    head = (
        *("Finding", "Matched by", "Similarity (%)", "Line of the file", "Since the run before"),
        *(f"{field.label} here" for field in register.fields),
        *(f"{field.label} there" for field in register.fields),
        *("Differences", "Decision", "Reason", "Decided by", "Settled in", "Decided further in", "Why"),
    )
    title = f"{run.reference} {run.source}"
    return sheet_response(work, run.reference.lower(), sheet, title, head, _cells(work, run))


@area.get("/<reference>/gone", needs=Permission.SEE_ASSETS)
def gone(work: Work, reference: str) -> ResponseReturnValue:
    """What the run before had and this one has not."""
    run = run_or_404(work, reference)
    page = asked_page()
    lines, total = gone_page(work, run, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        lines, total = gone_page(work, run, page)
    references = _references(work, run, lines)
    return render_template(
        "reconciliations/gone.html",
        run=run,
        lines=[told(run, line, references) for line in lines],
        total=total,
        page=page,
        pages=pages,
        previous=references.get(run.previous_id or 0, ""),
        link=lambda number: url_for("reconciliations.gone", reference=run.reference, page=number),
    )


@area.form("/<reference>/close", needs=Permission.MANAGE_ASSETS)
def close(work: Work, reference: str) -> ResponseReturnValue:
    """Ask once, then close a run of which everything is decided."""
    run = run_or_404(work, reference, for_update=request.method == "POST")
    left = undecided(work, run)
    if request.method == "GET":
        return render_template("reconciliations/close.html", run=run, left=left)
    try:
        operation.close(work, run)
    except RefusedError as refusal:
        return render_template("reconciliations/close.html", run=run, left=left, refused=refusal.why), 422
    flash(f"{run.reference} is closed.", "success")
    return redirect(url_for("reconciliations.show", reference=run.reference), 303)


def asked_filters() -> LineFilters:
    """What the address asks for; a filter that names nothing asks for everything."""
    said = request.args
    decision = said.get("decision")
    field = said.get("field")
    known = {each.name for register in REGISTERS.values() for each in register.compared} | {"ownership", "holds"}
    return LineFilters(
        finding=next((each for each in Finding if each.value == said.get("finding")), None),
        since=next((each for each in SinceLast if each.value == said.get("since")), None),
        settlement=decision if decision in (UNDECIDED, *(each.value for each in Settlement)) else None,
        field=field if field in known else None,
        text=said.get("q", "").strip()[:200] or None,
        order=next((each for each in ORDERS if each == said.get("order")), ORDERS[0]),
        descending=said.get("direction") == "down",
    )


def asked() -> dict[str, Any]:
    """The filters and the order of the address as they were said."""
    return {name: request.args[name][:200] for name in (*NAMES, "order", "direction") if request.args.get(name)}


def address(endpoint: str, run: Reconciliation, **more: Any) -> str:
    """The address of the same lines, with something said besides."""
    return url_for(endpoint, **{**asked(), "reference": run.reference, **more})


def _sorted(run: Reconciliation, wanted: LineFilters, order: str) -> str:
    turned = wanted.order == order and not wanted.descending
    said = {name: value for name, value in asked().items() if name not in ("order", "direction")}
    more: dict[str, Any] = {"order": order, **({"direction": "down"} if turned else {})}
    return url_for("reconciliations.show", **{**said, "reference": run.reference, **more})


def _uncorrected(work: Work, run: Reconciliation, lines: Sequence[ReconciliationLine]) -> set[int]:
    """The lines where theirs is right, ours could follow, and has not yet."""
    theirs = [line for line in lines if line.settlement is Settlement.THEIRS_IS_RIGHT]
    if not theirs or run.closed_at is not None:
        return set()
    return still_ours(work, run, theirs) & corrections_of(work, run, theirs).keys()


def _references(work: Work, run: Reconciliation, lines: Sequence[ReconciliationLine]) -> dict[int, str]:
    return references_of(work, [run.previous_id, *(line.settled_in_id for line in lines)])


def with_serials(work: Work, run: Reconciliation, shown: list[Told]) -> list[Told]:
    """The same lines; those that are only there know which assets of ours have their serial number."""
    if run.kind not in (SourceKind.LEDGER, SourceKind.CONFIGURATION):
        return shown
    serials = {
        one.line.id: serial
        for one in shown
        if one.line.finding is Finding.ONLY_THERE and (serial := identifier(one.line.theirs.get("serial", "")))
    }
    known = assets_by_serial(work, serials.values())
    return [replace(one, same_serial=known.get(serials.get(one.line.id, ""), ())) for one in shown]


def told(
    run: Reconciliation,
    line: ReconciliationLine,
    references: dict[int, str],
    carried: Mapping[str, str] = MappingProxyType({}),
) -> Told:
    """A line with its reasons, its links, and its values in the order of the register's fields."""
    title, name = named(run, line)
    return Told(
        line=line,
        why=why(stated(run, line, references)),
        title=title,
        name=name,
        url=_page_of(run, line),
        record_url=_record(run, line),
        differences=[
            (field_label(run.kind, field), say_value(run.kind, field, ours), say_value(run.kind, field, theirs))
            for field, ours, theirs in line.differences
        ],
        here=_values(run, line.ours),
        there=_values(run, line.theirs),
        settled_in=references.get(line.settled_in_id or 0, ""),
        carried_in=carried.get(line.key, ""),
    )


def _values(run: Reconciliation, values: dict[str, str]) -> list[tuple[str, str]]:
    # The first of them and the name stand before it already.
    titled = next((each.name for each in REGISTERS[run.kind].fields if each.matches and values.get(each.name)), "name")
    shown = [each.name for each in REGISTERS[run.kind].fields if each.name not in ("currency", "name", titled)]
    labelled = []
    for name in (*shown, "holds"):
        text = values.get(name)
        if not text or (name == "quantity" and text == "1"):
            continue
        if name == "cost" and (amount := minor_of(values)) is not None:
            text = say_money(*amount)
        labelled.append((field_label(run.kind, name), say_value(run.kind, name, text)))
    return labelled


def _page_of(run: Reconciliation, line: ReconciliationLine) -> str | None:
    endpoint, argument = PAGES[run.kind]
    named: Any = line.ours.get("reference") if run.kind is SourceKind.INVOICES else line.asset_id or line.employee_id
    if named is None or endpoint not in current_app.view_functions:
        return None
    said: dict[str, Any] = {argument: named}
    return url_for(endpoint, **said)


def _record(run: Reconciliation, line: ReconciliationLine) -> str | None:
    if line.finding is not Finding.ONLY_THERE or run.kind not in (SourceKind.LEDGER, SourceKind.CONFIGURATION):
        return None
    names = ("tag", "serial", "name", "model", "purchase_order", "purchased_on", "cost", "currency", "site")
    said = {name: line.theirs[name] for name in names if line.theirs.get(name)}
    return url_for("assets.create", **said)


def _cells(work: Work, run: Reconciliation) -> Iterator[list[Any]]:
    names = [field.name for field in REGISTERS[run.kind].fields]
    references: dict[int, str] = {}
    carried = carried_in(work, run)
    for line in all_lines(work, run, asked_filters()):
        if line.settled_in_id not in references or run.previous_id not in references:
            references |= references_of(work, [run.previous_id, line.settled_in_id])
        one = told(run, line, references, carried)
        yield [
            line.finding.label,
            line.matched_by.label if line.matched_by else "",
            line.similarity,
            line.row,
            line.since.label if line.since else "",
            *(line.ours.get(name, "") for name in names),
            *(line.theirs.get(name, "") for name in names),
            "; ".join(f"{label}: {ours or 'nothing'} here, {theirs} there" for label, ours, theirs in one.differences),
            line.settlement.label if line.settlement else "",
            line.settled_reason,
            line.settled_by.label if line.settled_by else "",
            one.settled_in,
            one.carried_in,
            " ".join(reason.says for reason in one.why.why),
        ]
