"""Single installations: recorded by hand, accepted with a reason, gone from a day on."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.findings.concern import Concern
from app.domain.permission import Permission
from app.models.asset import Asset
from app.models.software import Product
from app.operations import installations as operation
from app.operations.imports.lookup import Assets
from app.queries.asset_page import asset_by_id
from app.queries.finding_pointers import findings_about
from app.queries.installation_page import behind
from app.queries.journal import Wanted, page_of
from app.queries.software import product_by_id, products_named
from app.web.fields import row_id
from app.web.forms import show_refusal
from app.web.gate import may, unseen_nouns
from app.web.software.area import area, installation_or_404
from app.web.software.forms import AcceptForm, InstallationForm, RemovalForm
from app.work import Work


@area.form("/installations/new", needs=Permission.MANAGE_ASSETS)
def record(work: Work) -> ResponseReturnValue:
    """Record by hand that a product is on an asset."""
    form = InstallationForm()
    page: dict[str, Any] = {"form": form, "products": products_named(work)}
    if request.method == "GET":
        form.asset.data, form.product.data = request.args.get("asset", ""), request.args.get("product", "")
        form.found_on.data = work.today
        return render_template("software/record.html", **page)
    refused: Any = None
    if form.validate():
        try:
            asset, product = _asset(work, form.asset.data), _product(work, form.product.data)
            version = form.version.data or ""
            row = operation.record(work, asset, product, version=version, found_on=form.found_on.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(
                f"{product.label} {row.version}".strip() + f" on {asset.tag} is recorded; nobody authorised it yet.",
                "success",
            )
            return redirect(url_for("software.show", product_id=product.id), 303)
    return render_template("software/record.html", **page, refused=refused), 422


@area.get("/installations/<int:installation_id>", needs=Permission.SEE_ASSETS)
def installation(work: Work, installation_id: int) -> ResponseReturnValue:
    """One installation, and the way from it to its asset, the owner, the authorisation and the journal."""
    row = installation_or_404(work, installation_id)
    entries = None
    if may(Permission.READ_JOURNAL):
        entries = page_of(work, Wanted(noun="installation", row=str(row.id)), unseen_nouns())
    page: dict[str, Any] = {"row": row, "behind": behind(work, row), "entries": entries}
    page["about"] = findings_about(work, Concern.INSTALLATION, row.id)
    return render_template("software/installation.html", **page)


def _asset(work: Work, name: str) -> Asset:
    try:
        found = asset_by_id(work, Assets(work).named(name.strip()).id)
    except RefusedError as refusal:
        raise RefusedError(refusal.why, "asset") from refusal
    if found is None:
        raise RefusedError("There is no such asset.", "asset")
    return found


def _product(work: Work, said: str) -> Product:
    try:
        found = product_by_id(work, row_id(said.strip()))
    except ValueError:
        found = None
    if found is None:
        raise RefusedError("Choose a product from the list, or record it first.", "product")
    return found


@area.form("/installations/<int:installation_id>/accept", needs=Permission.AUTHORISE_CHANGE)
def accept(work: Work, installation_id: int) -> ResponseReturnValue:
    """Accept what was found without an authorisation, with a reason."""
    row = installation_or_404(work, installation_id, for_update=request.method == "POST")
    form = AcceptForm()
    if request.method == "GET":
        return render_template("software/accept.html", form=form, row=row)
    refused: Any = None
    if form.validate():
        try:
            operation.accept(work, row, form.reason.data or "")
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{row.product.label} on {row.asset.tag} is accepted.", "success")
            return redirect(url_for("software.show", product_id=row.product_id), 303)
    return render_template("software/accept.html", form=form, row=row, refused=refused), 422


@area.form("/installations/<int:installation_id>/remove", needs=Permission.MANAGE_ASSETS)
def record_removal(work: Work, installation_id: int) -> ResponseReturnValue:
    """Record that an installation is gone from a day on."""
    row = installation_or_404(work, installation_id, for_update=request.method == "POST")
    form = RemovalForm()
    if request.method == "GET":
        form.removed_on.data = work.today
        return render_template("software/removal.html", form=form, row=row)
    refused: Any = None
    if form.validate():
        try:
            if form.removed_on.data is None:
                raise RefusedError("Say since when it is gone.", "removed_on")
            operation.remove(work, row, form.removed_on.data, form.reason.data or "")
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{row.product.label} is gone from {row.asset.tag}.", "success")
            return redirect(url_for("software.show", product_id=row.product_id), 303)
    return render_template("software/removal.html", form=form, row=row, refused=refused), 422
