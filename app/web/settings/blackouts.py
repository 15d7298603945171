"""Blackout periods: add, change, remove."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.models.organisation import BlackoutPeriod
from app.operations import blackout_periods as operation
from app.operations.conflict import stamp_of
from app.queries.settings import blackout_period_by, sites
from app.web.settings.area import area
from app.web.settings.forms import BlackoutForm
from app.web.settings.saving import save
from app.work import Work

TEMPLATE = "settings/blackout.html"


@area.form("/blackout-periods/new", needs=Permission.MANAGE_SETTINGS)
def add_blackout(work: Work) -> ResponseReturnValue:
    """Add a period in which no audit is wanted."""
    form, back, page = BlackoutForm(), _back(), {"sites": sites(work), "period": None}
    form.offer(page["sites"] or [])
    if request.method == "GET":
        return render_template(TEMPLATE, form=form, back=back, **page)
    if not form.validate():
        return render_template(TEMPLATE, form=form, back=back, **page), 422
    done = f"{form.name.data} is added."
    return save(form, lambda: operation.add(work, **form.details), TEMPLATE, done, back, stamp=str, **page)


@area.form("/blackout-periods/<int:blackout_period_id>", needs=Permission.MANAGE_SETTINGS)
def edit_blackout(work: Work, blackout_period_id: int) -> ResponseReturnValue:
    """Change a period."""
    period = _period_or_404(work, blackout_period_id)
    form, back, page = BlackoutForm(), _back(), {"sites": sites(work), "period": period}
    form.offer(sites(work))
    if request.method == "GET":
        form.tell(period)
        form.seen.data = stamp_of(period, *operation.SEEN)
        return render_template(TEMPLATE, form=form, back=back, **page)
    if not form.validate():
        return render_template(TEMPLATE, form=form, back=back, **page), 422
    return save(
        form,
        lambda: operation.change(work, period, form.seen.data, **form.details),
        TEMPLATE,
        f"{form.name.data} is saved.",
        back,
        stamp=lambda now: stamp_of(now, *operation.SEEN),
        **page,
    )


@area.form("/blackout-periods/<int:blackout_period_id>/remove", needs=Permission.MANAGE_SETTINGS)
def remove_blackout(work: Work, blackout_period_id: int) -> ResponseReturnValue:
    """Remove a period, after asking once."""
    period = _period_or_404(work, blackout_period_id)
    if request.method == "GET":
        return render_template("settings/remove_blackout.html", period=period, back=_back())
    operation.remove(work, period)
    flash(f"{period.name} is removed.", "success")
    return redirect(_back(), 303)


def _period_or_404(work: Work, period_id: int) -> BlackoutPeriod:
    period = blackout_period_by(work, period_id)
    if period is None:
        abort(404)
    return period


def _back() -> str:
    return url_for("settings.show", _anchor="blackout-periods")
