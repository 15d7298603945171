"""Record an asset, edit it, carry it to its next status, and take it away."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetStatus
from app.domain.permission import Permission
from app.operations import assets as operation
from app.operations.conflict import ConflictError
from app.queries.asset_page import open_sites
from app.queries.employees import proposed
from app.web.assets.area import area, asset_or_404
from app.web.assets.forms import AssetForm, NewAssetForm, StepForm
from app.web.certificates.forms import ReasonForm
from app.web.editing import unless_saved
from app.web.fields import seen_version
from app.web.forms import show_meaning, show_refusal
from app.work import Work


@area.form("/new", needs=Permission.MANAGE_ASSETS)
def create(work: Work) -> ResponseReturnValue:
    """Record an asset."""
    form = NewAssetForm()
    form.offer(open_sites(work))
    page: dict[str, Any] = {"form": form, "employees": proposed(work)}
    if request.method == "GET":
        form.fill_in(request.args)
        return render_template("assets/create.html", **page)
    if not form.validate():
        show_meaning(form, lambda: operation.refuse(work, None, form.details))
        return render_template("assets/create.html", **page), 422
    try:
        status = AssetStatus(form.status.data)
        asset = operation.create(work, form.details, status, is_ours=bool(form.is_ours.data))
    except RefusedError as refusal:
        return render_template("assets/create.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{asset.tag} is recorded.", "success")
    return redirect(url_for("assets.show", asset_id=asset.id), 303)


@area.form("/<int:asset_id>/edit", needs=Permission.MANAGE_ASSETS)
def edit(work: Work, asset_id: int) -> ResponseReturnValue:
    """Change what is said of an asset; the second of two is shown both versions."""
    asset = asset_or_404(work, asset_id, for_update=request.method == "POST")
    sites = open_sites(work, asset.site_id)
    shown = unless_saved(
        "assets/edit.html",
        {"asset": asset, "tag": asset.tag, "employees": proposed(work)},
        asset,
        AssetForm,
        lambda form: operation.edit(work, asset, form.details, form.seen),
        offered=(sites,),
        meaning=lambda form: operation.refuse(work, asset, form.details),
    )
    if shown is not None:
        return shown
    flash(f"{asset.tag} is saved.", "success")
    return redirect(url_for("assets.show", asset_id=asset.id), 303)


@area.form("/<int:asset_id>/step", needs=Permission.MANAGE_ASSETS)
def step(work: Work, asset_id: int) -> ResponseReturnValue:
    """Carry an asset to its next status."""
    asset = asset_or_404(work, asset_id, for_update=request.method == "POST")
    form = StepForm()
    form.offer(asset)
    if request.method == "GET":
        form.version.data = str(asset.version)
        form.status.data = request.args.get("to") or form.status.data
        return render_template("assets/step.html", form=form, asset=asset)
    refused: Any = None
    if form.validate():
        try:
            if form.wanted is None:
                raise RefusedError("Choose what it becomes.", "status")
            operation.step(work, asset, form.wanted, form.reason.data or "", seen_version(form.version.data))
            flash(f"{asset.tag} is {asset.status.label.lower()} now.", "success")
            return redirect(url_for("assets.show", asset_id=asset.id), 303)
        except ConflictError as conflict:
            form.version.data = str(conflict.now.version)
            refused = conflict.why
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
    return render_template("assets/step.html", form=form, asset=asset, refused=refused), 422


@area.form("/<int:asset_id>/remove", needs=Permission.MANAGE_ASSETS)
def remove(work: Work, asset_id: int) -> ResponseReturnValue:
    """Take away an asset that was recorded by mistake, as long as nothing points at it."""
    asset = asset_or_404(work, asset_id, for_update=request.method == "POST")
    form = ReasonForm()
    if request.method == "GET":
        return render_template("assets/remove.html", form=form, asset=asset)
    refused: Any = None
    if form.validate():
        tag = asset.tag
        try:
            operation.remove(work, asset, form.reason.data)
            flash(f"{tag} is removed.", "success")
            return redirect(url_for("assets.index"), 303)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
    return render_template("assets/remove.html", form=form, asset=asset, refused=refused), 422
