"""Recording a certificate, changing what is said of it, and the certification bodies."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.certification.facts import DecisionKind
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import certificates as operation
from app.operations import decisions
from app.operations.attachments import TooLargeError
from app.operations.conflict import ConflictError
from app.operations.decisions import Decided
from app.queries.catalogue import editions_on_offer
from app.queries.certificates import bodies, body_by, sites_on_offer
from app.web.certificates.area import area, certificate_or_404
from app.web.certificates.forms import BodyForm, CertificateForm, NewCertificateForm, has_file
from app.web.forms import show_refusal
from app.work import Work


@area.form("/new", needs=Permission.MANAGE_PROGRAMME)
def create(work: Work) -> ResponseReturnValue:
    """Record a certification, or an application for one."""
    form = NewCertificateForm()
    form.offer(editions_on_offer(work), bodies(work), sites_on_offer(work))
    if request.method == "GET":
        form.sites.data = [value for value, _ in form.sites.choices]
        return render_template("certificates/create.html", form=form)
    if not form.validate():
        return render_template("certificates/create.html", form=form), 422
    try:
        certificate = operation.create(work, form.details, form.reference.data or "")
        letter = form.letter.data if has_file(form.letter) else None
        if form.decided_on.data is not None:
            decided = Decided(
                kind=DecisionKind.GRANTED,
                decided_on=form.decided_on.data,
                valid_through=form.valid_through.data,
                decided_by=form.decided_by.data or "",
            )
            decisions.record(work, certificate, decided, letter)
        elif form.valid_through.data is not None or letter is not None:
            raise RefusedError("Give the day of the decision too.", "decided_on")
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        page = render_template("certificates/create.html", form=form, refused=refused)
        return page, 413 if isinstance(refusal, TooLargeError) else 422
    flash(f"{certificate.reference} is recorded.", "success")
    return redirect(url_for("certificates.show", reference=certificate.reference), 303)


@area.form("/<reference>/edit", needs=Permission.MANAGE_PROGRAMME)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is said of a certificate."""
    certificate = certificate_or_404(work, reference, for_update=request.method == "POST")
    form = CertificateForm()
    if request.method == "GET":
        form.tell(certificate)
    offered = sites_on_offer(work)
    closed = [each.site for each in certificate.certificate_sites if each.site not in offered]
    form.offer(editions_on_offer(work), bodies(work), [*offered, *closed])
    page: dict[str, Any] = {"form": form, "certificate": certificate}
    if request.method == "GET":
        return render_template("certificates/edit.html", **page)
    if not form.validate():
        return render_template("certificates/edit.html", **page), 422
    try:
        operation.edit(work, certificate, form.details, form.seen)
    except ConflictError as conflict:
        kept = CertificateForm(formdata=None)
        kept.tell(conflict.now)
        kept.offer(editions_on_offer(work), bodies(work), [*offered, *closed])
        form.version.data = str(conflict.now.version)
        return render_template("certificates/edit.html", **page, refused=conflict.why, kept=kept), 422
    except RefusedError as refusal:
        return render_template("certificates/edit.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{reference} is saved.", "success")
    return redirect(url_for("certificates.show", reference=reference), 303)


@area.get("/bodies", needs=Permission.SEE_PROGRAMME)
def body_list(work: Work) -> ResponseReturnValue:
    """The certification bodies, and the accreditation they certify under."""
    return render_template("certificates/bodies.html", bodies=bodies(work))


@area.form("/bodies/<int:body_id>", needs=Permission.MANAGE_PROGRAMME)
def edit_body(work: Work, body_id: int) -> ResponseReturnValue:
    """Change what is said of a certification body."""
    body = body_by(work, body_id)
    if body is None:
        abort(404)
    form = BodyForm()
    if request.method == "GET":
        form.tell(body)
        return render_template("certificates/body.html", form=form, body=body)
    if not form.validate():
        return render_template("certificates/body.html", form=form, body=body), 422
    try:
        operation.edit_body(work, body, form.details)
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        return render_template("certificates/body.html", form=form, body=body, refused=refused), 422
    flash(f"{body.name} is saved.", "success")
    return redirect(url_for("certificates.body_list"), 303)
