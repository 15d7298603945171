"""The numbers of software: bought and invoiced while the file runs, and installed."""

from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.domain.itam.reconciliation import SourceKind
from app.domain.itam.reconciling.three_way import say_period
from app.domain.permission import Permission
from app.queries.three_way import three_way
from app.web.exporting import sheet_response
from app.web.reconciliations.area import area, run_or_404
from app.work import Work


@area.get("/<reference>/three-way", needs=Permission.SEE_ASSETS)
def agreement(work: Work, reference: str) -> ResponseReturnValue:
    """What was bought, what was invoiced and what is installed, by pool and by purchase order."""
    run = run_or_404(work, reference)
    if run.kind is not SourceKind.INVOICES:
        abort(404)
    found, begins, on = three_way(work, run)
    apart = sum(not each.agrees.value for each in found.by_pool)
    return render_template(
        "reconciliations/three_way.html",
        run=run,
        found=found,
        begins=begins,
        on=on,
        period=say_period(begins, on),
        apart=apart,
    )


@area.get("/<reference>/three-way/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export_agreement(work: Work, reference: str, sheet: str) -> ResponseReturnValue:
    """The same as a file."""
    run = run_or_404(work, reference)
    if run.kind is not SourceKind.INVOICES:
        abort(404)
    found, begins, on = three_way(work, run)
    bought = f"Bought since {begins.isoformat()}" if begins else "Bought"
    counts = f"Counts on {on.isoformat()}"
    head = ("By", "Reference", "Name", bought, "Invoiced", counts, "Installed", "Agrees", "Why")
    rows: list[list[Any]] = [
        [
            by,
            each.key if by == "Pool" else each.name,
            each.name if by == "Pool" else "",
            each.bought,
            each.invoiced,
            each.counts,
            each.installed,
            "yes" if each.agrees.value else "no",
            " ".join(reason.says for reason in each.agrees.why),
        ]
        for by, listed in (("Pool", found.by_pool), ("Purchase order", found.by_order))
        for each in listed
    ]
    return sheet_response(work, f"{run.reference.lower()}-three-way", sheet, "Three-way match", head, rows)
