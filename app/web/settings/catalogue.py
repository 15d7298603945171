"""The catalogue of editions, and the organisation's own word over it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.organisation import OwnEdition
from app.operations import own_editions as operation
from app.operations.conflict import stamp_of
from app.queries.settings import catalogue_of, own_edition_by
from app.web.settings.area import area
from app.web.settings.forms import EditionForm
from app.web.settings.saving import save
from app.work import Work

TEMPLATE = "settings/edition.html"


@area.get("/catalogue", needs=Permission.MANAGE_SETTINGS)
def catalogue(work: Work) -> ResponseReturnValue:
    """Every edition with its deadline, where that comes from, and how sure it is."""
    return render_template("settings/catalogue.html", rows=catalogue_of(work))


@area.form("/catalogue/new", needs=Permission.MANAGE_SETTINGS)
def add_edition(work: Work) -> ResponseReturnValue:
    """Add an edition, or say otherwise of one that the catalogue knows."""
    form, back = EditionForm(), url_for("settings.catalogue")
    if request.method == "GET":
        known = next((row for row in catalogue_of(work) if row.name == request.args.get("of")), None)
        if known is not None:
            form.standard.data, _, form.edition.data = known.name.rpartition(":")
            form.deadline.data, form.source.data = known.deadline, known.source
            form.no_new_or_recert_after.data = known.no_new_or_recert_after
        return render_template(TEMPLATE, form=form, own=None, back=back)
    if not form.validate():
        return render_template(TEMPLATE, form=form, own=None, back=back), 422
    done = f"{form.standard.data}:{form.edition.data} is saved, and every certificate was judged anew."
    return save(form, lambda: operation.add(work, form.details), TEMPLATE, done, back, stamp=str, own=None)


@area.form("/catalogue/<int:own_edition_id>", needs=Permission.MANAGE_SETTINGS)
def edit_edition(work: Work, own_edition_id: int) -> ResponseReturnValue:
    """Change one's own word on an edition."""
    own = _own_or_404(work, own_edition_id)
    form, back = EditionForm(), url_for("settings.catalogue")
    if request.method == "GET":
        form.tell(own)
        form.seen.data = stamp_of(own, *operation.SEEN)
        return render_template(TEMPLATE, form=form, own=own, back=back)
    if not form.validate():
        return render_template(TEMPLATE, form=form, own=own, back=back), 422
    return save(
        form,
        lambda: operation.change(work, own, form.seen.data, form.details),
        TEMPLATE,
        f"{form.standard.data}:{form.edition.data} is saved, and every certificate was judged anew.",
        back,
        stamp=lambda now: stamp_of(now, *operation.SEEN),
        own=own,
    )


@area.form("/catalogue/<int:own_edition_id>/remove", needs=Permission.MANAGE_SETTINGS)
def remove_edition(work: Work, own_edition_id: int) -> ResponseReturnValue:
    """Take one's own word back, after asking once."""
    own = _own_or_404(work, own_edition_id)
    back = url_for("settings.catalogue")
    if request.method == "GET":
        return render_template("settings/remove_edition.html", own=own, back=back)
    try:
        operation.remove(work, own)
    except RefusedError as refusal:
        return render_template("settings/remove_edition.html", own=own, back=back, refused=refusal.why), 422
    flash(f"What you said of {own.full_name} is removed, and every certificate was judged anew.", "success")
    return redirect(back, 303)


def _own_or_404(work: Work, own_id: int) -> OwnEdition:
    own = own_edition_by(work, own_id)
    if own is None:
        abort(404)
    return own
