"""Why somebody meets a requirement or does not, and what shows it: audits witnessed and documents, with their files."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.training.competence import competent
from app.models.competence import CompetenceEvidence
from app.operations import competence as operation
from app.queries.attachments import attachments_on
from app.queries.competence import NOTHING, abilities, evidence_by, evidence_of, stated
from app.web.competence.area import area, requirement_or_404
from app.web.competence.forms import EvidenceForm
from app.web.forms import PageForm, show_refusal
from app.web.training.area import learner_or_404
from app.work import Work


@area.get("/requirements/<reference>/people/<int:person_id>", needs=Permission.MANAGE_TRAINING)
def person(work: Work, reference: str, person_id: int) -> ResponseReturnValue:
    """How one person stands with one requirement today, with what was recorded."""
    row, who = requirement_or_404(work, reference), learner_or_404(work, person_id)
    asked = stated(row)
    answer = competent(asked, abilities(work, [asked], [person_id]).get(person_id, NOTHING), work.today)
    return render_template(
        "competence/person.html", row=row, who=who, answer=answer, shown=evidence_of(work, row.id, person_id)
    )


@area.form("/requirements/<reference>/people/<int:person_id>/evidence", needs=Permission.MANAGE_TRAINING)
def record(work: Work, reference: str, person_id: int) -> ResponseReturnValue:
    """Record an audit witnessed or a document; its file is added next."""
    row, who = requirement_or_404(work, reference), learner_or_404(work, person_id)
    form = EvidenceForm()
    page = {"form": form, "row": row, "who": who}
    if request.method == "GET":
        return render_template("competence/record.html", **page)
    if not form.validate():
        return render_template("competence/record.html", **page), 422
    try:
        made = operation.record_evidence(work, row, person_id, form.details)
    except RefusedError as refusal:
        return render_template("competence/record.html", **page, refused=show_refusal(form, refusal)), 422
    flash("It is recorded. Add what proves it as a file.", "success")
    return redirect(url_for("competence.show", competence_evidence_id=made.id), 303)


@area.get("/evidence/<int:competence_evidence_id>", needs=Permission.MANAGE_TRAINING)
def show(work: Work, competence_evidence_id: int) -> ResponseReturnValue:
    """One piece of evidence, with its files."""
    row = _or_404(work, competence_evidence_id)
    return render_template("competence/show.html", row=row, attachments=attachments_on(work, evidence_id=row.id))


@area.form("/evidence/<int:competence_evidence_id>/remove", needs=Permission.MANAGE_TRAINING)
def remove(work: Work, competence_evidence_id: int) -> ResponseReturnValue:
    """Take away what was recorded by mistake."""
    row = _or_404(work, competence_evidence_id)
    reference, person_id = row.requirement.reference, row.person_id
    form = PageForm()
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("competence/remove.html", row=row, form=form), status
    try:
        operation.remove_evidence(work, row)
    except RefusedError as refusal:
        return render_template("competence/remove.html", row=row, form=form, refused=refusal.why), 422
    flash("It is gone; the journal keeps that it was there.", "success")
    return redirect(url_for("competence.person", reference=reference, person_id=person_id), 303)


def _or_404(work: Work, evidence_id: int) -> CompetenceEvidence:
    found = evidence_by(work, evidence_id)
    if found is None:
        abort(404)
    return found
