"""Sites: add, change, close."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.operations import sites as operation
from app.operations.conflict import stamp_of
from app.queries.settings import site_by
from app.web.settings.area import area
from app.web.settings.forms import SiteForm
from app.web.settings.saving import save
from app.work import Work

TEMPLATE = "settings/site.html"


@area.form("/sites/new", needs=Permission.MANAGE_SETTINGS)
def add_site(work: Work) -> ResponseReturnValue:
    """Add a site; it begins in the country of the organisation."""
    row = work.organisation
    form = SiteForm(data={"country": row.country})
    del form.closed_on
    back = url_for("settings.show", _anchor="sites")
    if request.method == "GET":
        return render_template(TEMPLATE, form=form, site=None, back=back)
    if not form.validate():
        return render_template(TEMPLATE, form=form, site=None, back=back), 422
    return save(
        form,
        lambda: operation.add(work, form.details),
        TEMPLATE,
        f"{form.name.data} is added.",
        back,
        stamp=str,
        site=None,
    )


@area.form("/sites/<int:site_id>", needs=Permission.MANAGE_SETTINGS)
def edit_site(work: Work, site_id: int) -> ResponseReturnValue:
    """Change or close a site."""
    site = site_by(work, site_id)
    if site is None:
        abort(404)
    back = url_for("settings.show", _anchor="sites")
    if request.method == "GET":
        form = SiteForm(data={"country": site.country})
        form.tell(site)
        form.seen.data = stamp_of(site, *operation.SEEN)
        return render_template(TEMPLATE, form=form, site=site, back=back)
    form = SiteForm()
    if not form.validate():
        return render_template(TEMPLATE, form=form, site=site, back=back), 422
    return save(
        form,
        lambda: operation.change(work, site, form.seen.data, form.details),
        TEMPLATE,
        f"{form.name.data} is saved.",
        back,
        stamp=lambda now: stamp_of(now, *operation.SEEN),
        site=site,
    )
