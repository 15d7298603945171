"""Whose an asset is from a day on, and who answers for what on it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.itam.ownership import Duty
from app.domain.permission import Permission
from app.operations import ownerships as operation
from app.operations.conflict import ConflictError
from app.queries.employees import proposed
from app.web.assets.area import area, asset_or_404
from app.web.assets.forms import DutiesForm, OwnershipForm
from app.web.certificates.forms import ReasonForm
from app.web.forms import show_refusal
from app.work import Work


@area.form("/<int:asset_id>/ownership", needs=Permission.MANAGE_ASSETS)
def ownership(work: Work, asset_id: int) -> ResponseReturnValue:
    """Record whose an asset is from a day on."""
    asset = asset_or_404(work, asset_id, for_update=request.method == "POST")
    form = OwnershipForm()
    page: dict[str, Any] = {"form": form, "asset": asset, "employees": proposed(work)}
    if request.method == "GET":
        form.starts_on.data = work.today
        return render_template("assets/ownership.html", **page)
    if not form.validate():
        return render_template("assets/ownership.html", **page), 422
    try:
        operation.change_ownership(work, asset, form.details)
    except RefusedError as refusal:
        return render_template("assets/ownership.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"Whose {asset.tag} is, is recorded.", "success")
    return redirect(url_for("assets.show", asset_id=asset.id, _anchor="ownership"), 303)


@area.form("/<int:asset_id>/ownership/take-back", needs=Permission.MANAGE_ASSETS)
def take_back_ownership(work: Work, asset_id: int) -> ResponseReturnValue:
    """Take back the latest ownership, recorded by mistake."""
    asset = asset_or_404(work, asset_id, for_update=request.method == "POST")
    form = ReasonForm()
    if request.method == "GET":
        return render_template("assets/take_back.html", form=form, asset=asset)
    refused: Any = None
    if form.validate():
        try:
            operation.take_back_ownership(work, asset, form.reason.data)
            flash("The ownership is taken back.", "success")
            return redirect(url_for("assets.show", asset_id=asset.id, _anchor="ownership"), 303)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
    return render_template("assets/take_back.html", form=form, asset=asset, refused=refused), 422


@area.form("/<int:asset_id>/duties", needs=Permission.MANAGE_ASSETS)
def duties(work: Work, asset_id: int) -> ResponseReturnValue:
    """Say who answers for each duty."""
    asset = asset_or_404(work, asset_id, for_update=request.method == "POST")
    form = DutiesForm()
    page: dict[str, Any] = {"form": form, "asset": asset, "duties": list(Duty), "employees": proposed(work)}
    if request.method == "GET":
        form.tell(asset)
        form.seen.data = operation.stamp_of_duties(asset)
        return render_template("assets/duties.html", **page)
    if not form.validate():
        return render_template("assets/duties.html", **page), 422
    try:
        operation.set_duties(work, asset, form.holders, form.seen.data or None)
    except ConflictError as conflict:
        kept = DutiesForm(formdata=None)
        kept.tell(conflict.now)
        form.seen.data = operation.stamp_of_duties(conflict.now)
        return render_template("assets/duties.html", **page, refused=conflict.why, kept=kept), 422
    except RefusedError as refusal:
        return render_template("assets/duties.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"Who answers for {asset.tag} is saved.", "success")
    return redirect(url_for("assets.show", asset_id=asset.id, _anchor="duties"), 303)
