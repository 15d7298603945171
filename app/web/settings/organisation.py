"""What an organisation says of itself."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.operations import organisations
from app.web.settings.area import area
from app.web.settings.forms import OrganisationForm
from app.web.settings.saving import save
from app.work import Work

TEMPLATE = "settings/organisation.html"


@area.form("/organisation", needs=Permission.MANAGE_SETTINGS)
def organisation(work: Work) -> ResponseReturnValue:
    """Name, country, time zone, second factor, start of the internal plan."""
    row = work.organisation
    if request.method == "GET":
        form = OrganisationForm(data={"country": row.country})
        form.tell(row)
        return render_template(TEMPLATE, form=form, back=url_for("settings.show"))
    form = OrganisationForm()
    if not form.validate():
        return render_template(TEMPLATE, form=form, back=url_for("settings.show")), 422
    return save(
        form,
        lambda: organisations.describe(work, seen_version(form.seen.data), **form.details),
        TEMPLATE,
        "The organisation is saved.",
        url_for("settings.show"),
        stamp=lambda now: str(now.version),
    )


def seen_version(text: str | None) -> int:
    """The version that a form carries; one that was tampered with fits no row."""
    return int(text) if text and text.isdecimal() else -1
