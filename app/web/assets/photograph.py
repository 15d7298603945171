"""The photograph of an asset: shown on its page, and nothing but photographs by this way."""

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations.attachments import TooLargeError, folder
from app.operations.photographs import remove_photograph, set_photograph
from app.queries.asset_page import photograph_of
from app.storage import path_of
from app.web.assets.area import area, asset_or_404
from app.web.assets.forms import PhotographForm
from app.web.certificates.forms import has_file
from app.web.forms import show_refusal
from app.work import Work


@area.get("/<int:asset_id>/photograph", needs=Permission.SEE_ASSETS)
def photograph(work: Work, asset_id: int) -> ResponseReturnValue:
    """The picture itself, which we have written ourselves: always a JPEG."""
    asset = asset_or_404(work, asset_id)
    kept = photograph_of(work, asset.id)
    path = path_of(folder(), kept.sha256) if kept is not None else None
    if kept is None or path is None or not path.is_file():
        if kept is not None:
            current_app.logger.error("photograph %s has lost its file %s", kept.id, kept.sha256)
        abort(404)
    response = send_file(path, mimetype="image/jpeg", etag=kept.sha256, max_age=0)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@area.form("/<int:asset_id>/photograph/change", needs=Permission.MANAGE_ASSETS)
def change_photograph(work: Work, asset_id: int) -> ResponseReturnValue:
    """Keep a photograph, in the place of the one before."""
    asset = asset_or_404(work, asset_id, for_update=request.method == "POST")
    form = PhotographForm()
    if request.method == "GET":
        return render_template("assets/photograph.html", form=form, asset=asset)
    if not form.validate():
        return render_template("assets/photograph.html", form=form, asset=asset), 422
    try:
        if not has_file(form.file):
            raise RefusedError("Choose a picture.", "file")
        set_photograph(work, asset, form.file.data)
    except RefusedError as refusal:
        page = render_template("assets/photograph.html", form=form, asset=asset, refused=show_refusal(form, refusal))
        return page, 413 if isinstance(refusal, TooLargeError) else 422
    flash(f"The photograph of {asset.tag} is kept.", "success")
    return redirect(url_for("assets.show", asset_id=asset.id), 303)


@area.form("/<int:asset_id>/photograph/remove", needs=Permission.MANAGE_ASSETS)
def drop_photograph(work: Work, asset_id: int) -> ResponseReturnValue:
    """Ask once, then take the photograph away."""
    asset = asset_or_404(work, asset_id, for_update=request.method == "POST")
    if request.method == "GET":
        return render_template("assets/drop_photograph.html", asset=asset)
    remove_photograph(work, asset)
    flash(f"The photograph of {asset.tag} is removed.", "success")
    return redirect(url_for("assets.show", asset_id=asset.id), 303)
