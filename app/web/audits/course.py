"""The course of an audit: confirmed, held, reported, closed, cancelled; and what was concluded."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.certification.facts import Outcome
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.programme.progress import AuditProgress, conclusions_of, may_follow
from app.models.audit import Audit
from app.operations import audits
from app.operations.conflict import ConflictError
from app.queries.slips import Preview, preview_of
from app.web.audits import area
from app.web.audits.access import audit_or_404, may_conclude, steps_for
from app.web.audits.forms import StepForm
from app.web.audits.planning import refuse, told_in_words
from app.work import Work


@area.form("/<reference>/step", needs=Permission.WORK_ON_AUDIT)
def step(work: Work, reference: str) -> ResponseReturnValue:
    """Take a step; one that needs a reason asks for it here, and cancelling shows first what it costs."""
    audit = audit_or_404(work, reference)
    form = StepForm(data={"to": request.args.get("to"), "version": audit.version})
    to = form.step()
    if to is None:
        abort(404)
    following = may_follow(audit.progress)
    if to in following and to not in steps_for(audit, following):
        abort(403)
    page: dict[str, Any] = {"audit": audit, "to": to, "form": form, "preview": _cost(work, audit, to)}
    invites = to is AuditProgress.CONFIRMED and audit.progress is AuditProgress.PLANNED and audit.ends_on >= work.today
    if invites or to is AuditProgress.CANCELLED:
        page["told"] = told_in_words(audit)
    if request.method == "GET":
        return render_template("audits/step.html", **page)
    if not form.validate():
        return render_template("audits/step.html", **page), 422
    try:
        audits.take_step(work, reference, to, seen=_version(form), reason=form.reason.data or "")
    except ConflictError as conflict:
        form.version.data = str(conflict.now.version)
        return render_template("audits/step.html", **{**page, "refused": conflict.why, "audit": conflict.now}), 422
    except RefusedError as refused:
        return render_template("audits/step.html", **page, refused=refuse(form, refused)), 422
    drafted = to is AuditProgress.REPORT_DRAFTED
    flash(f"The report of {reference} is drafted." if drafted else f"{reference} is {to.label.lower()}.", "success")
    return redirect(url_for("audits.show", reference=reference), 303)


def _cost(work: Work, audit: Audit, to: AuditProgress) -> Preview | None:
    if AuditProgress.CANCELLED not in (to, audit.progress) or to not in may_follow(audit.progress):
        return None
    return preview_of(work, audit, None if to is AuditProgress.CANCELLED else audits.wish_of(audit))


@area.form("/<reference>/conclusion", needs=Permission.MANAGE_PROGRAMME)
def conclude(work: Work, reference: str) -> ResponseReturnValue:
    """Record what the team concluded on each certificate; an internal audit concludes in its report."""
    audit = audit_or_404(work, reference)
    if not may_conclude(audit):
        return redirect(url_for("audit_reports.report", reference=reference), 303)
    form = StepForm(data={"version": audit.version})
    options = {served.certificate_id: conclusions_of(served.kind) for served in audit.audit_certificates}
    chosen = {each: request.form.get(f"outcome-{each}") for each in options}
    page = {"audit": audit, "form": form, "options": options, "chosen": chosen if request.method == "POST" else None}
    if request.method == "GET":
        return render_template("audits/conclusion.html", **page)
    if not form.validate():
        return render_template("audits/conclusion.html", **page), 422
    try:
        outcomes = {each: Outcome(word) if word else None for each, word in chosen.items()}
        audits.conclude(work, reference, outcomes, seen=_version(form))
    except ValueError:
        abort(400)
    except ConflictError as conflict:
        form.version.data = str(conflict.now.version)
        return render_template("audits/conclusion.html", **{**page, "audit": conflict.now}, refused=conflict.why), 422
    except RefusedError as refused:
        return render_template("audits/conclusion.html", **page, refused=refused.why), 422
    flash(f"The conclusion of {reference} was recorded.", "success")
    return redirect(url_for("audits.show", reference=reference), 303)


def _version(form: StepForm) -> int:
    try:
        return int(form.version.data or "")
    except ValueError:
        abort(400)
