"""The certification body's nonconformities: closed by the body's dates, not by ours."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.certification.facts import Grade, NonconformityFact
from app.domain.certification.nonconformity import endangered_by
from app.domain.certification.risk import rule_name
from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.models.certificate import BodyNonconformity
from app.operations import nonconformities as operation
from app.operations.conflict import ConflictError
from app.queries.attachments import attachments_on
from app.queries.corrective_actions import case_behind, now_of
from app.queries.facts import facts_of
from app.queries.nonconformities import (
    PAGE,
    NonconformityFilters,
    audit_of,
    nonconformity_by,
    nonconformity_register,
    raising_audits,
)
from app.web.certificates.forms import ReasonForm
from app.web.fields import asked_page
from app.web.forms import show_refusal
from app.web.gate import Area
from app.web.nonconformities.forms import NonconformityForm
from app.work import Work

area = Area("nonconformities", __name__, url_prefix="/nonconformities")
STANDINGS = (("open", "Not verified"), ("late", "Answer overdue"), ("verified", "Verified"))


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """All of them, the newest first, fifty a page."""
    wanted = NonconformityFilters(
        standing=next((word for word, _ in STANDINGS if word == request.args.get("standing")), None),
        grade=next((each for each in Grade if each.value == request.args.get("grade")), None),
        certificate=request.args.get("certificate") or None,
    )
    page = asked_page()
    rows, total = nonconformity_register(work, wanted, page)
    pages = max(1, -(-total // PAGE))
    if page > pages:
        page = pages
        rows, total = nonconformity_register(work, wanted, page)
    asked: dict[str, Any] = {
        name: request.args[name] for name in ("standing", "grade", "certificate") if request.args.get(name)
    }
    return render_template(
        "nonconformities/index.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        filtered=bool(asked),
        standings=STANDINGS,
        link=lambda number: url_for("nonconformities.index", **asked, page=number),
    )


@area.get("/<reference>", needs=Permission.SEE_PROGRAMME)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One of them: what the body stated, its dates, and which last day of the certificate it endangers."""
    row = _or_404(work, reference)
    audit = audit_of(work, row)
    facts = facts_of(work, [row.certificate_id])[row.certificate_id]
    fact = NonconformityFact(row.reference, audit.reference, row.grade, row.plan_accepted_on, row.verified_on)
    answered = row.plan_accepted_on is not None or row.verified_on is not None
    case = case_behind(work, row.id)
    return render_template(
        "nonconformities/show.html",
        row=row,
        audit=audit,
        endangered=endangered_by(facts, fact, work.today),
        late=not answered and row.response_due_on is not None and row.response_due_on < work.today,
        attachments=attachments_on(work, nonconformity_id=row.id),
        rule_name=rule_name,
        case=case,
        now=now_of(case) if case is not None else None,
    )


@area.form("/new", needs=Permission.MANAGE_PROGRAMME)
def create(work: Work) -> ResponseReturnValue:
    """Record what the body raised."""
    form = NonconformityForm()
    audits = raising_audits(work)
    form.offer(audits)
    if request.method == "GET":
        asked = (request.args.get("certificate"), request.args.get("audit"))
        form.raised_at.data = next(
            (
                each.key
                for each in audits
                if any(asked) and asked[0] in (None, each.certificate) and asked[1] in (None, each.audit)
            ),
            "",
        )
        return render_template("nonconformities/create.html", form=form, audits=audits)
    if not form.validate():
        return render_template("nonconformities/create.html", form=form, audits=audits), 422
    try:
        row = operation.create(work, form.details)
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        return render_template("nonconformities/create.html", form=form, audits=audits, refused=refused), 422
    flash(f"{row.reference} is recorded.", "success")
    return redirect(url_for("nonconformities.show", reference=row.reference), 303)


@area.form("/<reference>/edit", needs=Permission.MANAGE_PROGRAMME)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change what is kept, such as the day on which the body verified the action."""
    row = _or_404(work, reference, for_update=request.method == "POST")
    audits, raised_at = raising_audits(work), _raised_at(work, row)
    form = NonconformityForm()
    form.offer(audits, raised_at)
    page: dict[str, Any] = {"form": form, "row": row}
    if request.method == "GET":
        form.tell(row, raised_at)
        return render_template("nonconformities/edit.html", **page)
    if not form.validate():
        return render_template("nonconformities/edit.html", **page), 422
    try:
        operation.edit(work, row, form.details, form.seen)
    except ConflictError as conflict:
        kept = NonconformityForm(formdata=None)
        kept.offer(audits, raised_at)
        kept.tell(conflict.now, raised_at)
        form.version.data = str(conflict.now.version)
        return render_template("nonconformities/edit.html", **page, refused=conflict.why, kept=kept), 422
    except RefusedError as refusal:
        return render_template("nonconformities/edit.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{reference} is saved.", "success")
    return redirect(url_for("nonconformities.show", reference=reference), 303)


@area.form("/<reference>/remove", needs=Permission.MANAGE_PROGRAMME)
def remove(work: Work, reference: str) -> ResponseReturnValue:
    """Take back one that was recorded by mistake."""
    row = _or_404(work, reference, for_update=request.method == "POST")
    form = ReasonForm()
    refused: tuple[Reason, ...] = ()
    if form.validate_on_submit():
        try:
            operation.remove(work, row, form.reason.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{reference} is removed.", "success")
            return redirect(url_for("nonconformities.index"), 303)
    page = render_template("nonconformities/remove.html", form=form, row=row, refused=refused)
    return page, 422 if request.method == "POST" else 200


def _or_404(work: Work, reference: str, *, for_update: bool = False) -> BodyNonconformity:
    row = nonconformity_by(work, reference, for_update=for_update)
    if row is None:
        abort(404)
    return row


def _raised_at(work: Work, row: BodyNonconformity) -> str:
    return f"{audit_of(work, row).reference}/{row.certificate.reference}"
