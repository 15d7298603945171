"""Raise a finding, at an audit or outside one; change, regrade and remove it."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from app.domain.explained import Explained, RefusedError
from app.domain.findings.grading import FindingGrade
from app.domain.findings.repeating import Repeat, Sighting, offered_grade
from app.domain.findings.requirement import grades_of
from app.domain.permission import Permission
from app.models.audit import Audit, AuditProgress, TeamMember
from app.models.checklist import ChecklistItem
from app.operations import findings as operation
from app.operations.attachments import Place, TooLargeError
from app.operations.conflict import ConflictError
from app.operations.evidence_files import fingerprint_of, keep_evidence, refuse_large
from app.operations.received import once
from app.queries.audits import audit_of
from app.queries.finding_criteria import clause_titles, criteria_of
from app.queries.finding_drafts import draft_from
from app.queries.finding_repeats import repeats_of
from app.web.audits.access import may_work_on
from app.web.certificates.forms import has_file
from app.web.fields import seen_version
from app.web.findings.access import changed_or_403
from app.web.findings.area import area
from app.web.findings.forms import FindingForm, RemoveForm
from app.web.findings.register import sighting_of
from app.web.forms import show_refusal
from app.web.gate import may
from app.work import Work

UNSAID = frozenset({"csrf_token", "entry_key"})
"""What of a form says nothing about the finding."""


class SaidBeforeError(Exception):
    """Earlier findings said the same, and whoever writes has not seen it yet."""

    def __init__(self, found: tuple[Repeat, ...], offered: Explained[FindingGrade] | None) -> None:
        self.found, self.offered = found, offered
        super().__init__("said before")


@area.form("/new", needs=Permission.RAISE_FINDING)
def create(work: Work) -> ResponseReturnValue:
    """Raise a finding; a link may name the audit, the item of its checklist, and what an everyday screen showed."""
    asked = request.form.get("audit") if request.method == "POST" else request.args.get("audit")
    audit = _audit(work, asked) if asked else None
    return raise_at(work, audit, is_short=False)


def raise_at(work: Work, audit: Audit | None, *, is_short: bool) -> ResponseReturnValue:
    """Show the form, or keep what was written: the long form for any finding, the short one for an audit's day."""
    criteria = criteria_of(work, audit)
    form = FindingForm()
    form.fit(work, audit.kind if audit else None, criteria, is_fixed=is_short, is_short=is_short)
    if "audit" in form:
        form.audit.choices = [("", "None, it was found outside an audit"), *_audits(work, audit)]
    if request.method == "GET":
        form.begin(work, criteria)
        _prefill(work, form, audit)
        return _page(work, form, audit, is_short)
    if not form.validate():
        return _page(work, form, audit, is_short), 422
    try:
        received = once(
            work, form.entry_key.data or "", "findings.create", _said(form, audit), lambda: _keep(work, form, audit)
        )
    except SaidBeforeError as before:
        form.repeats_seen.data = _seen_as(before.found)
        return _page(work, form, audit, is_short, before=before), 422
    except RefusedError as refusal:
        page = _page(work, form, audit, is_short, refused=show_refusal(form, refusal))
        return page, 413 if isinstance(refusal, TooLargeError) else 422
    reference, _, said = received.result.partition(" ")
    flash(f"{reference} is written down.{' ' + said if said else ''}", "success")
    if is_short and audit is not None:
        return redirect(url_for("audit_findings.index", reference=audit.reference), 303)
    return redirect(url_for("findings.show", reference=reference), 303)


def _keep(work: Work, form: FindingForm, audit: Audit | None) -> str:
    """Keep it once; gives its reference, and what of the photograph was not kept."""
    photo = form.photo.data if has_file(form.photo) else None
    if photo is not None:
        refuse_large(photo, "photo")
    typed = form.links.data or "" if "links" in form else ""
    details = form.details(work, request.form.get("repeats", ""), as_major=bool(request.form.get("as_major")))
    tags = frozenset(each.name for each in operation.resolve(work, typed) if each.kind.value == "asset")
    new = Sighting(
        "", details.grade, details.raised_on, details.standard, details.clause, tags, audit.reference if audit else ""
    )
    found = repeats_of(work, new, [each.certificate_id for each in audit.audit_certificates] if audit else [])
    held = audit_of(work, audit.reference, lock=True) if audit else None
    row = operation.create(work, held, details, typed, seen_version(form.item.data))
    if found and form.repeats_seen.data != _seen_as(found):
        raise SaidBeforeError(found, offered_grade(new, found))
    if photo is None:
        return row.reference
    kept = keep_evidence(work, Place(finding_id=row.id), photo, "photo")
    removed = f" Of the photograph, {' and '.join(kept.removed)} data were removed." if kept.removed else ""
    return f"{row.reference}{removed}"


@area.form("/<reference>/edit", needs=Permission.RAISE_FINDING)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change what was written, and regrade it before the report."""
    row = changed_or_403(work, reference, for_update=request.method == "POST")
    criteria = criteria_of(work, row.audit)
    form = FindingForm()
    form.fit(work, row.audit.kind if row.audit else None, criteria, is_fixed=True, is_short=False)
    for name in ("links", "photo"):
        delattr(form, name)
    served = [each.certificate_id for each in row.audit.audit_certificates] if row.audit else []
    page: dict[str, Any] = {
        "form": form,
        "row": row,
        "clauses": _clauses(criteria.standards),
        "said_before": repeats_of(work, sighting_of(row), served),
        "chosen": request.form.get("repeats", row.repeats.reference if row.repeats else ""),
    }
    if request.method == "GET":
        form.tell(row)
        return render_template("findings/edit.html", **page)
    if not form.validate():
        return render_template("findings/edit.html", **page), 422
    try:
        operation.edit(work, row, form.details(work, request.form.get("repeats", "")), form.seen)
    except ConflictError as conflict:
        kept = FindingForm(formdata=None)
        kept.fit(work, row.audit.kind if row.audit else None, criteria, is_fixed=True, is_short=False)
        for name in ("links", "photo"):
            delattr(kept, name)
        kept.tell(conflict.now)
        form.version.data = str(conflict.now.version)
        return render_template("findings/edit.html", **page, refused=conflict.why, kept=kept), 422
    except RefusedError as refusal:
        return render_template("findings/edit.html", **page, refused=show_refusal(form, refusal)), 422
    says = f" It was {reference} before." if row.reference != reference else ""
    flash(f"{row.reference} is saved.{says}", "success")
    return redirect(url_for("findings.show", reference=row.reference), 303)


@area.form("/<reference>/remove", needs=Permission.RAISE_FINDING)
def remove(work: Work, reference: str) -> ResponseReturnValue:
    """Take back one that was written down by mistake."""
    row = changed_or_403(work, reference, for_update=request.method == "POST")
    form, refused = RemoveForm(), None
    if request.method == "POST" and form.validate():
        audit = row.audit
        try:
            operation.remove(work, row, form.reason.data or "")
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{reference} is removed.", "success")
            back = url_for("audit_findings.index", reference=audit.reference) if audit else url_for("findings.index")
            return redirect(back, 303)
    page = render_template("findings/remove.html", form=form, row=row, refused=refused)
    return page, 422 if request.method == "POST" else 200


def _audit(work: Work, reference: str) -> Audit:
    """An audit on which the visitor works."""
    audit = audit_of(work, reference)
    if audit is None or not may_work_on(audit):
        abort(404)
    return audit


def _audits(work: Work, chosen: Audit | None) -> list[tuple[str, str]]:
    """The audits that have begun, are not frozen, and on which the visitor works; the latest first."""
    statement = (
        select(Audit.reference, Audit.title, Audit.kind)
        .where(Audit.starts_on <= work.today, Audit.frozen_at.is_(None), Audit.progress != AuditProgress.CANCELLED)
        .order_by(Audit.ends_on.desc(), Audit.id.desc())
        .limit(50)
    )
    if not may(Permission.MANAGE_PROGRAMME):
        mine = select(TeamMember.audit_id).where(TeamMember.person_id == current_user.id)
        statement = statement.where(Audit.id.in_(mine))
    found = [(row[0], f"{row[0]} {row[1] or row[2].label.lower()}") for row in work.execute(statement)]
    if chosen is not None and chosen.reference not in {reference for reference, _ in found}:
        found.append((chosen.reference, f"{chosen.reference} {chosen.title or chosen.kind.label.lower()}"))
    return found


def _prefill(work: Work, form: FindingForm, audit: Audit | None) -> None:
    """What a link says: the audit, an item of its checklist, what an everyday screen showed, a grade."""
    if audit is not None and "audit" in form:
        form.audit.data = audit.reference
    draft = draft_from(work, request.args.get("from", "")[:80]) if may(Permission.SEE_ASSETS) else None
    if draft is not None and "links" in form:
        form.take(draft)
    grade, item_id = "", seen_version(request.args.get("item"))
    if item_id is not None and audit is not None:
        wanted = select(ChecklistItem).where(ChecklistItem.id == item_id, ChecklistItem.audit_id == audit.id)
        item = work.one_or_none(wanted)
        if item is not None:
            form.item.data = str(item.id)
            form.standard.data, form.clause.data = item.standard or form.standard.data, item.clause
            form.evidence.data = item.evidence
            grade = item.result.value if item.result.calls_for_finding else ""
            # A question is of this audit: what another kind of audit grades is not asked.
            known = grades_of(audit.kind)
            form.grade.choices = [each for each in form.grade.choices if FindingGrade(each.value) in known]
    grade = request.args.get("grade", grade)
    if grade in {choice.value for choice in form.grade.choices}:
        form.grade.data = grade


def _page(work: Work, form: FindingForm, audit: Audit | None, is_short: bool, **more: Any) -> str:
    standards = [value for value, _ in form.standard.choices if value]
    template = "audit_findings/create.html" if is_short else "findings/create.html"
    chosen = request.form.get("repeats", "")
    # Outside an audit every clause of every standard would be thousands of lines.
    clauses = _clauses(standards if audit else [form.standard.data or ""])
    return render_template(template, form=form, audit=audit, clauses=clauses, chosen=chosen, **more)


def _clauses(standards: Any) -> list[tuple[str, str]]:
    """The clauses to choose from, by number, each once."""
    found: dict[str, str] = {}
    for standard in standards:
        for number, title in clause_titles().get(standard, {}).items():
            found.setdefault(number, title)
    return list(found.items())


def _said(form: FindingForm, audit: Audit | None) -> dict[str, Any]:
    """What the entry says, and at which audit: the same words at another are another entry."""
    said = {name: request.form.getlist(name) for name in sorted(set(request.form)) if name not in UNSAID}
    photo = form.photo.data if has_file(form.photo) else None
    return {**said, "photo": fingerprint_of(photo), "": audit.reference if audit else ""}


def _seen_as(found: tuple[Repeat, ...]) -> str:
    return " ".join(each.earlier.reference for each in found)
