"""Which assets an audit looked at."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.audit import Audit, AuditAsset
from app.operations import audit_assets
from app.queries.audit_assets import assets_at
from app.queries.audits import audit_of
from app.web.audits import area
from app.web.audits.access import audit_or_404, may_work_on
from app.web.forms import PageForm, show_refusal
from app.web.gate import may
from app.work import Work


class LookingForm(PageForm):
    """Assets by their tags."""

    tags = TextAreaField(
        "Tags",
        validators=[InputRequired("Type the tags of the assets, one a line."), Length(max=20_000)],
        description="As they stand on the labels, one a line.",
        render_kw={"rows": 5},
    )
    note = StringField("What was looked at", validators=[Length(max=500)], description="The same for all of these.")


@area.form("/<reference>/assets", needs=Permission.WORK_ON_AUDIT)
def assets(work: Work, reference: str) -> ResponseReturnValue:
    """Name the assets that the audit looked at."""
    audit = _mine(work, reference)
    form = LookingForm()
    if request.method == "POST" and form.validate():
        locked = audit_of(work, reference, lock=True) or abort(404)
        try:
            many = audit_assets.look_at(work, locked, form.tags.data or "", form.note.data or "")
        except RefusedError as refusal:
            return _page(work, audit, form, 422, show_refusal(form, refusal))
        said = {0: "All of them were named already.", 1: "1 asset is named."}
        flash(said.get(many, f"{many} assets are named."), "success")
        return redirect(url_for("audits.assets", reference=reference), 303)
    return _page(work, audit, form, 422 if request.method == "POST" else 200)


@area.post("/<reference>/assets/<int:audit_asset_id>/remove", needs=Permission.WORK_ON_AUDIT)
def look_away(work: Work, reference: str, audit_asset_id: int) -> ResponseReturnValue:
    """Take back one that was named by mistake."""
    audit = _mine(work, reference)
    locked = audit_of(work, reference, lock=True) or abort(404)
    statement = select(AuditAsset).where(AuditAsset.id == audit_asset_id, AuditAsset.audit_id == audit.id)
    row = work.one_or_none(statement) or abort(404)
    try:
        audit_assets.look_away(work, locked, row)
    except RefusedError as refusal:
        return _page(work, audit, LookingForm(), 422, refusal.why)
    flash("It is taken back.", "success")
    return redirect(url_for("audits.assets", reference=reference), 303)


def _mine(work: Work, reference: str) -> Audit:
    audit = audit_or_404(work, reference)
    if not (may_work_on(audit) and may(Permission.SEE_ASSETS)):
        abort(403)
    return audit


def _page(work: Work, audit: Audit, form: LookingForm, status: int, refused: object = None) -> ResponseReturnValue:
    rows = assets_at(work, audit.id)
    return render_template("audits/assets.html", audit=audit, form=form, rows=rows, refused=refused), status
