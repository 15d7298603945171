"""Installations without an authorisation behind them: each is accepted with a reason, or removed."""

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.itam.batch import InstallationSource
from app.domain.permission import Permission
from app.operations import installations as operation
from app.queries.installations import InstallationFilters, all_installations, installation_list
from app.queries.software import PAGE, publishers_of
from app.web.exporting import sheet_response
from app.web.fields import asked_page, row_id
from app.web.forms import show_refusal
from app.web.software.area import area
from app.web.software.asked import address, asked_installations, turned
from app.web.software.forms import AcceptForm, RemovalForm
from app.work import Work

HEAD = (
    "Publisher",
    "Product",
    "Edition",
    "Version",
    "Asset",
    "Name of the asset",
    "Source",
    "Found on",
    "Last seen on",
)


@area.get("/unauthorised", needs=Permission.SEE_ASSETS)
def unauthorised(work: Work) -> ResponseReturnValue:
    """What is installed and nobody authorised or accepted, the longest known first."""
    return render_template("software/unauthorised.html", **_page(work))


def _page(work: Work, **more: Any) -> dict[str, Any]:
    wanted, page = asked_installations(unauthorised=True), asked_page()
    rows, total = installation_list(work, wanted, page)
    removal = RemovalForm(formdata=None)
    removal.removed_on.data = work.today
    return {
        "rows": rows,
        "total": total,
        "page": page,
        "pages": max(1, -(-total // PAGE)),
        "wanted": wanted,
        "publishers": publishers_of(work),
        "sources": [(each.value, each.label) for each in InstallationSource],
        "link": lambda number: address("software.unauthorised", page=number),
        "sort": lambda order: turned("software.unauthorised", wanted, order),
        "export": lambda sheet: address("software.export_unauthorised", sheet=sheet),
        "here": lambda endpoint: address(endpoint, page=page if page > 1 else None),
        "accepting": AcceptForm(formdata=None),
        "removal": removal,
        "ticked": set(),
        **more,
    }


@area.get("/unauthorised/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export_unauthorised(work: Work, sheet: str) -> ResponseReturnValue:
    """All that the filters ask for, as a file."""
    wanted = asked_installations(unauthorised=True)
    return sheet_response(work, "unauthorised", sheet, "Unauthorised installations", HEAD, _cells(work, wanted))


def _cells(work: Work, wanted: InstallationFilters) -> Iterator[list[Any]]:
    for row in all_installations(work, wanted):
        yield [
            row.publisher,
            row.product,
            row.edition,
            row.version,
            row.tag,
            row.asset,
            row.source.label,
            row.found_on,
            row.last_seen_on,
        ]


@area.post("/unauthorised/accept", needs=Permission.AUTHORISE_CHANGE)
def accept_ticked(work: Work) -> ResponseReturnValue:
    """Accept all that are ticked, with one reason; all or none."""
    form, ids = AcceptForm(), _ticked()
    refused: Any = None
    if form.validate():
        try:
            count = operation.accept_all(work, ids, form.reason.data or "")
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash("1 installation is accepted." if count == 1 else f"{count} installations are accepted.", "success")
            return redirect(address("software.unauthorised"), 303)
    page = _page(work, accepting=form, ticked=ids, refused=refused, faulty=form)
    return render_template("software/unauthorised.html", **page), 422


@area.post("/unauthorised/remove", needs=Permission.MANAGE_ASSETS)
def remove_ticked(work: Work) -> ResponseReturnValue:
    """Record that all that are ticked are gone from a day on; all or none."""
    form, ids = RemovalForm(), _ticked()
    refused: Any = None
    if form.validate():
        try:
            if form.removed_on.data is None:
                raise RefusedError("Say since when they are gone.", "removed_on")
            count = operation.remove_all(work, ids, form.removed_on.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash("1 installation is gone." if count == 1 else f"{count} installations are gone.", "success")
            return redirect(address("software.unauthorised"), 303)
    page = _page(work, removal=form, ticked=ids, refused=refused, faulty=form)
    return render_template("software/unauthorised.html", **page), 422


def _ticked() -> set[int]:
    ids: set[int] = set()
    for said in request.form.getlist("ids")[: 10 * PAGE]:
        try:
            ids.add(row_id(said))
        except ValueError:
            continue
    return ids
