"""Changes of the system and recorded justifications: what the cycle is judged by beside audits and decisions."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.certification.risk import rule_name
from app.domain.certification.verdict import Rule
from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import certificates as operation
from app.web.certificates.area import area, certificate_or_404
from app.web.certificates.forms import ChangeForm, DeviationForm, ReasonForm
from app.web.forms import show_refusal
from app.work import Work


@area.form("/<reference>/changes/new", needs=Permission.MANAGE_PROGRAMME)
def record_change(work: Work, reference: str) -> ResponseReturnValue:
    """Record a change that may call for stage 1 to be repeated."""
    certificate = certificate_or_404(work, reference, for_update=request.method == "POST")
    form = ChangeForm()
    page: dict[str, Any] = {"certificate": certificate, "form": form, "title": "Record a change", "submit": "Record"}
    if request.method == "GET":
        form.changed_on.data = work.today
        return render_template("certificates/circumstance.html", **page)
    if not form.validate():
        return render_template("certificates/circumstance.html", **page), 422
    try:
        operation.record_change(
            work, certificate, form.changed_on.data, form.description.data, bool(form.significant.data)
        )
    except RefusedError as refusal:
        return render_template("certificates/circumstance.html", **page, refused=show_refusal(form, refusal)), 422
    flash("The change is recorded.", "success")
    return redirect(url_for("certificates.show", reference=reference), 303)


@area.form("/<reference>/changes/<int:change_id>/remove", needs=Permission.MANAGE_PROGRAMME)
def remove_change(work: Work, reference: str, change_id: int) -> ResponseReturnValue:
    """Take back a change that was recorded by mistake."""
    certificate = certificate_or_404(work, reference, for_update=request.method == "POST")
    change = next((each for each in certificate.changes if each.id == change_id), None)
    if change is None:
        abort(404)
    form = ReasonForm()
    if form.validate_on_submit():
        operation.remove_change(work, certificate, change, form.reason.data)
        flash("The change is taken back.", "success")
        return redirect(url_for("certificates.show", reference=reference), 303)
    page = render_template(
        "certificates/removal.html",
        certificate=certificate,
        form=form,
        title=f"Take back the change of {say(change.changed_on)}",
        says=change.description,
    )
    return page, 422 if request.method == "POST" else 200


@area.form("/<reference>/deviations/new", needs=Permission.MANAGE_PROGRAMME)
def record_deviation(work: Work, reference: str) -> ResponseReturnValue:
    """Record the justification by which a breach counts as a warning."""
    certificate = certificate_or_404(work, reference, for_update=request.method == "POST")
    form = DeviationForm()
    page: dict[str, Any] = {
        "certificate": certificate,
        "form": form,
        "title": "Record a justification",
        "submit": "Record the justification",
    }
    if request.method == "GET":
        return render_template("certificates/circumstance.html", **page)
    if not form.validate():
        return render_template("certificates/circumstance.html", **page), 422
    try:
        operation.record_deviation(work, certificate, Rule(form.rule.data), form.justification.data, form.year.data)
    except RefusedError as refusal:
        return render_template("certificates/circumstance.html", **page, refused=show_refusal(form, refusal)), 422
    flash("The justification is recorded.", "success")
    return redirect(url_for("certificates.show", reference=reference), 303)


@area.form("/<reference>/deviations/<int:deviation_id>/remove", needs=Permission.MANAGE_PROGRAMME)
def remove_deviation(work: Work, reference: str, deviation_id: int) -> ResponseReturnValue:
    """Take back a justification; the breach counts as one again."""
    certificate = certificate_or_404(work, reference, for_update=request.method == "POST")
    deviation = next((each for each in certificate.deviations if each.id == deviation_id), None)
    if deviation is None:
        abort(404)
    form = ReasonForm()
    if form.validate_on_submit():
        operation.remove_deviation(work, certificate, deviation, form.reason.data)
        flash("The justification is taken back.", "success")
        return redirect(url_for("certificates.show", reference=reference), 303)
    page = render_template(
        "certificates/removal.html",
        certificate=certificate,
        form=form,
        title=f"Take back the justification on {rule_name(Rule(deviation.rule), deviation.year)}",
        says=deviation.justification,
    )
    return page, 422 if request.method == "POST" else 200
