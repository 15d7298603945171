"""What an organisation says of itself."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.permission import Permission
from app.operations import organisations
from app.queries.members import without_second_factor
from app.web.settings.area import area
from app.web.settings.forms import OrganisationForm
from app.web.settings.saving import save
from app.work import Work

TEMPLATE = "settings/organisation.html"


@area.form("/organisation", needs=Permission.MANAGE_SETTINGS)
def organisation(work: Work) -> ResponseReturnValue:
    """Name, country, time zone, second factor, start of the internal plan."""
    row = work.organisation
    without = _without(work, required=row.requires_second_factor)
    if request.method == "GET":
        form = OrganisationForm(data={"country": row.country})
        form.tell(row)
        return render_template(TEMPLATE, form=form, back=url_for("settings.show"), without=without)
    form = OrganisationForm()
    if not form.validate():
        return render_template(TEMPLATE, form=form, back=url_for("settings.show"), without=without), 422
    return save(
        form,
        lambda: organisations.describe(work, seen_version(form.seen.data), **form.details),
        TEMPLATE,
        "The organisation is saved.",
        url_for("settings.show"),
        stamp=lambda now: str(now.version),
        without=without,
    )


def _without(work: Work, *, required: bool) -> str:
    """Who has no second factor, and what its requirement means for them."""
    count, of = without_second_factor(work)
    if not count:
        return f"All {of} members have one." if of > 1 else "The only member has one."
    has = f"{count} of {of} members {'has' if count == 1 else 'have'} none."
    own = " You are one of them." if not current_user.has_second_factor else ""
    if required:
        return f"{has}{own} Until they set one up, nothing here is shown to them but the page that asks for it."
    return f"{has}{own} With their next page they would have to set one up before anything here is shown to them."


def seen_version(text: str | None) -> int:
    """The version that a form carries; one that was tampered with fits no row."""
    return int(text) if text and text.isdecimal() else -1
