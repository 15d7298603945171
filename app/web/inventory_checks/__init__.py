"""Inventory checks: counted tag by tag, their differences resolved one by one."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.itam.inventory import COUNTED_KINDS, Difference, difference_of
from app.domain.permission import Permission
from app.models.inventory_check import InventoryCheck
from app.operations import inventory_checks as operation
from app.operations.inventory_checks import Counted
from app.queries.asset_page import open_sites
from app.queries.inventory_checks import (
    ORDERS,
    PAGE,
    STANDINGS,
    CheckFilters,
    check_by,
    check_lines,
    check_list,
    found_last,
    line_of,
    lines_of,
    progress_of,
    sites_counted,
)
from app.web.assets.forms import chosen
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.forms import PageForm, show_refusal
from app.web.gate import Area
from app.web.inventory_checks.forms import CountForm, ResolveForm, ResolveTogetherForm, StartForm, TagForm
from app.work import Work

area = Area("inventory_checks", __name__, url_prefix="/inventory-checks")
HEAD = (*("Tag", "Asset", "Status", "Site", "Expected", "Found", "Difference", "Resolution", "Reason", "Resolved by"),)
VIEWS = (("open", "To resolve"), ("resolved", "Resolved"), ("all", "All that was counted"))


LIST_HEAD = (
    *("Check", "Title", "Where", "What", "Standing", "Expected", "Found", "Differences", "Resolved"),
    *("Started", "Started by", "Closed"),
)
NAMES = ("q", "site", "kind", "standing", "order", "direction")
"""What the address of the list may name."""


def _asked_filters() -> CheckFilters:
    said = request.args
    order = next((each for each in ORDERS if each == said.get("order")), None)
    return CheckFilters(
        text=said.get("q", "").strip()[:200] or None,
        site_id=said.get("site", type=row_id),
        kind=next((each for each in COUNTED_KINDS if each.value == said.get("kind")), None),
        standing=next((word for word, _ in STANDINGS if word == said.get("standing")), None),
        order=order or "started",
        descending=said.get("direction") == "down" if order else True,
    )


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """All of them, fifty a page, the latest first where nothing else is asked."""
    wanted, page = _asked_filters(), asked_page()
    checks, total = check_list(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        checks, total = check_list(work, wanted, page)
    asked: dict[str, Any] = {name: request.args[name][:200] for name in NAMES if request.args.get(name)}
    return render_template(
        "inventory_checks/index.html",
        checks=checks,
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        sites=sites_counted(work),
        kinds=[(each.value, each.label) for each in COUNTED_KINDS],
        standings=STANDINGS,
        link=lambda number: url_for("inventory_checks.index", **asked, page=number),
        sort=lambda order: url_for("inventory_checks.index", **asked | _turned(wanted, order)),
        export=lambda sheet: url_for("inventory_checks.export_list", **asked, sheet=sheet),
    )


def _turned(wanted: CheckFilters, order: str) -> dict[str, Any]:
    """What the head of a column asks for: its order, or that turned round; what is None stands in no address."""
    is_turned = wanted.order == order and not wanted.descending
    return {"order": order, "direction": "down" if is_turned else None}


@area.get("/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export_list(work: Work, sheet: str) -> ResponseReturnValue:
    """All checks that the filters ask for, as a file."""
    checks, _total = check_list(work, _asked_filters(), page=None)
    zone = ZoneInfo(work.organisation.time_zone)
    lines = (
        (
            *(check.reference, check.title, check.site.name if check.site else None),
            *(check.kind.label if check.kind else None, _standing(check)),
            *(progress.expected, progress.found, progress.differences, progress.resolved),
            *(check.started_at.astimezone(zone).date(), check.started_by.label),
            check.closed_at.astimezone(zone).date() if check.closed_at else None,
        )
        for check, progress in checks
    )
    return sheet_response(work, "inventory-checks", sheet, "Inventory checks", LIST_HEAD, lines)


def _standing(check: InventoryCheck) -> str:
    word = "closed" if check.closed_at else "resolving" if check.counted_at else "counting"
    return dict(STANDINGS)[word]


@area.form("/new", needs=Permission.MANAGE_ASSETS)
def create(work: Work) -> ResponseReturnValue:
    """Start a check."""
    form = StartForm()
    form.offer(open_sites(work))
    if request.method == "GET":
        return render_template("inventory_checks/create.html", form=form)
    if not form.validate():
        return render_template("inventory_checks/create.html", form=form), 422
    try:
        check = operation.start(work, form.title.data or "", form.site_id, form.wanted_kind)
    except RefusedError as refusal:
        return render_template("inventory_checks/create.html", form=form, refused=show_refusal(form, refusal)), 422
    flash(f"{check.reference} is started. Type or scan the tags.", "success")
    return redirect(url_for("inventory_checks.show", reference=check.reference), 303)


@area.get("/<reference>", needs=Permission.SEE_ASSETS)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One check: the counting as long as it goes on, the differences afterwards."""
    check = _or_404(work, reference)
    if check.counted_at is None:
        return _counting(work, check, CountForm())
    return _differences(work, check)


@area.post("/<reference>/count", needs=Permission.MANAGE_ASSETS)
def count(work: Work, reference: str) -> ResponseReturnValue:
    """Count what was typed, and say of each tag what it is."""
    check = _or_404(work, reference, for_update=True)
    form = CountForm()
    if not form.validate():
        return _counting(work, check, form), 422
    try:
        counted = operation.count(work, check, form.tags.data)
    except RefusedError as refusal:
        if check.counted_at is not None:
            flash(str(refusal.why[0].says), "warning")
            return redirect(url_for("inventory_checks.show", reference=reference), 303)
        return _counting(work, check, form, refused=show_refusal(form, refusal)), 422
    flash(_said(counted), "warning" if counted.unknown or counted.unexpected else "success")
    return redirect(url_for("inventory_checks.show", reference=reference, _anchor="count"), 303)


@area.post("/<reference>/uncount", needs=Permission.MANAGE_ASSETS)
def uncount(work: Work, reference: str) -> ResponseReturnValue:
    """Take back a tag that was counted by mistake."""
    check = _or_404(work, reference, for_update=True)
    form = TagForm()
    try:
        operation.uncount(work, check, form.tag.data or "")
        flash(f"{form.tag.data} is taken back.", "success")
    except RefusedError as refusal:
        flash(str(refusal.why[0].says), "warning")
    return redirect(url_for("inventory_checks.show", reference=reference, _anchor="count"), 303)


@area.form("/<reference>/end-counting", needs=Permission.MANAGE_ASSETS)
def end_counting(work: Work, reference: str) -> ResponseReturnValue:
    """Ask once, then end the counting and draw up the differences."""
    check = _or_404(work, reference, for_update=request.method == "POST")
    if request.method == "GET":
        return render_template("inventory_checks/end_counting.html", check=check, progress=progress_of(work, check))
    try:
        operation.end_counting(work, check)
    except RefusedError as refusal:
        flash(str(refusal.why[0].says), "warning")
    return redirect(url_for("inventory_checks.show", reference=reference), 303)


@area.form("/<reference>/lines/<int:line_id>", needs=Permission.MANAGE_ASSETS)
def resolve(work: Work, reference: str, line_id: int) -> ResponseReturnValue:
    """Resolve one difference."""
    check = _or_404(work, reference)
    line = line_of(work, check, line_id, for_update=request.method == "POST")
    if line is None or line.difference is None:
        abort(404)
    form = ResolveForm()
    form.offer(line, open_sites(work, line.asset.site_id if line.asset else None))
    asset = line.asset
    why = difference_of(
        is_expected=line.is_expected,
        is_found=line.found_at is not None,
        known=operation.known_of(asset),
        site_id=check.site_id,
    )
    page: dict[str, Any] = {"form": form, "check": check, "line": line, "asset": asset, "why": why}
    if request.method == "GET":
        return render_template("inventory_checks/resolve.html", **page)
    refused: Any = None
    if form.validate():
        try:
            details = form.details
            if details is None:
                raise RefusedError("Choose what is done about it.", "resolution")
            operation.resolve(work, check, line, details)
            flash(f"{line.tag} is resolved: {details.resolution.label.lower()}.", "success")
            return redirect(url_for("inventory_checks.show", reference=reference), 303)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
    return render_template("inventory_checks/resolve.html", **page, refused=refused), 422


@area.form("/<reference>/lines", needs=Permission.MANAGE_ASSETS)
def resolve_together(work: Work, reference: str) -> ResponseReturnValue:
    """Resolve the ticked differences of one kind at once, with one reason."""
    check = _or_404(work, reference)
    ids = {number for text in request.values.getlist("line")[:PAGE] if (number := chosen(text)) is not None}
    lines = lines_of(work, check, ids, for_update=request.method == "POST")
    back = url_for("inventory_checks.show", reference=reference)
    if len({line.difference for line in lines}) != 1:
        flash("Tick differences of one kind: they are resolved alike.", "warning")
        return redirect(back, 303)
    form = ResolveTogetherForm()
    form.offer_together(lines, open_sites(work))
    page: dict[str, Any] = {"form": form, "check": check, "lines": lines, "difference": lines[0].difference}
    if request.method == "GET":
        return render_template("inventory_checks/resolve_together.html", **page)
    refused: Any = None
    if form.validate():
        try:
            details = form.details
            if details is None:
                raise RefusedError("Choose what is done about them.", "resolution")
            for line in lines:
                operation.resolve(work, check, line, details)
            count = "1 difference is" if len(lines) == 1 else f"{len(lines)} differences are"
            flash(f"{count} resolved: {details.resolution.label.lower()}.", "success")
            return redirect(back, 303)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
    return render_template("inventory_checks/resolve_together.html", **page, refused=refused), 422


@area.post("/<reference>/close", needs=Permission.MANAGE_ASSETS)
def close(work: Work, reference: str) -> ResponseReturnValue:
    """Close a check all of whose differences are resolved."""
    check = _or_404(work, reference, for_update=True)
    try:
        operation.close(work, check)
    except RefusedError as refusal:
        if check.counted_at is None:
            return _counting(work, check, CountForm(formdata=None), refused=refusal.why), 422
        return _differences(work, check, refused=refusal.why), 422
    flash(f"{check.reference} is closed.", "success")
    return redirect(url_for("inventory_checks.show", reference=reference), 303)


@area.get("/<reference>/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export(work: Work, reference: str, sheet: str) -> ResponseReturnValue:
    """All lines of a check as a file."""
    check = _or_404(work, reference)
    rows, _total = check_lines(work, check, "all", page=None)
    lines = (
        [
            row.tag,
            row.name,
            row.status.label if row.status else None,
            row.site,
            "yes" if row.is_expected else "no",
            "yes" if row.found_at else "no",
            row.difference.label if row.difference else None,
            row.resolution.label if row.resolution else None,
            row.note,
            row.by,
        ]
        for row in rows
    )
    return sheet_response(work, f"inventory-check-{check.reference}", sheet, check.reference, HEAD, lines)


def _counting(work: Work, check: InventoryCheck, form: PageForm, refused: Any = None) -> str:
    page = asked_page()
    missing, total = check_lines(work, check, "missing", page=page)
    return render_template(
        "inventory_checks/counting.html",
        check=check,
        form=form,
        refused=refused,
        progress=progress_of(work, check),
        latest=found_last(work, check),
        missing=missing,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        link=lambda number: url_for("inventory_checks.show", reference=check.reference, page=number),
    )


def _differences(work: Work, check: InventoryCheck, refused: Any = None) -> str:
    progress, page = progress_of(work, check), asked_page()
    first = "open" if progress.open else "resolved" if progress.differences else "all"
    which = next((word for word, _ in VIEWS if word == request.args.get("show")), first)
    difference = next((each for each in Difference if each.value == request.args.get("difference")), None)
    rows, total = check_lines(work, check, which, difference, page)

    def link(number: int) -> str:
        named = {"difference": difference.value} if difference else {}
        said: dict[str, Any] = {"reference": check.reference, "show": which, "page": number, **named}
        return url_for("inventory_checks.show", **said)

    return render_template(
        "inventory_checks/differences.html",
        check=check,
        progress=progress,
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        which=which,
        views=VIEWS,
        wanted=difference,
        kinds=list(Difference),
        link=link,
        refused=refused,
    )


def _said(counted: Counted) -> str:
    """What came of the tags, in words."""
    says = []
    for tags, word in (
        (counted.found, "found"),
        (counted.unexpected, "found, and not expected here"),
        (counted.unknown, "not known to the register"),
        (counted.again, "counted before already"),
    ):
        if tags:
            says.append(f"{', '.join(tags[:3])}{f' and {len(tags) - 3} more' if len(tags) > 3 else ''}: {word}.")
    return " ".join(says)


def _or_404(work: Work, reference: str, *, for_update: bool = False) -> InventoryCheck:
    check = check_by(work, reference, for_update=for_update)
    if check is None:
        abort(404)
    return check
