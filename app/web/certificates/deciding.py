"""Recording a decision: first what it does to the certificate, then the decision itself; and striking one out."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.domain.certification.decisions import NOUNS, WITH_LAST_DAY, kind_may_follow
from app.domain.certification.facts import DecisionKind
from app.domain.certification.risk import rule_name
from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.certificate import Certificate
from app.operations import decisions as operation
from app.operations.attachments import TooLargeError
from app.operations.decisions import Decided
from app.queries.catalogue import editions_on_offer
from app.queries.certificates import decision_of
from app.queries.facts import facts_of
from app.web.certificates.area import area, certificate_or_404
from app.web.certificates.forms import DecisionDayForm, DecisionForm, ReasonForm, has_file
from app.web.certificates.words import CONCERNING_DETAILS, DEEDS, OUTCOMES
from app.web.forms import show_refusal
from app.work import Work


@area.form("/<reference>/decide", needs=Permission.MANAGE_PROGRAMME)
def decide(work: Work, reference: str) -> ResponseReturnValue:
    """Choose a decision, see what it does, and record it."""
    certificate = certificate_or_404(work, reference, for_update=request.method == "POST")
    kind = _kind(request.form.get("kind") if request.method == "POST" else request.args.get("kind"))
    if kind is None:
        facts = facts_of(work, [certificate.id])[certificate.id]
        kinds = [(each, DEEDS[each], kind_may_follow(facts, each, work.today)) for each in DecisionKind]
        page = render_template("certificates/decisions.html", certificate=certificate, kinds=kinds)
        return page, 422 if request.method == "POST" else 200
    if request.method == "POST":
        return _record(work, certificate, kind)
    return _preview(work, certificate, kind)


def _preview(work: Work, certificate: Certificate, kind: DecisionKind) -> ResponseReturnValue:
    asked = "decided_on" in request.args
    choices = _editions(work, certificate)
    day = DecisionDayForm(request.args if asked else MultiDict())
    day.to_edition.choices = choices
    if not asked:
        day.decided_on.data = work.today
        day.to_edition.data = choices[0][0] if kind is DecisionKind.TRANSITIONED and choices else None
    day.kind.data = kind.value
    page = _page(certificate, kind, day)
    if asked and not day.validate():
        return render_template("certificates/decide.html", **page), 422
    decided = Decided(kind=kind, decided_on=day.decided_on.data, to_edition=_moved_to(kind, day.to_edition.data))
    try:
        found = operation.preview(work, certificate, decided)
    except RefusedError as refusal:
        if not asked:
            # Nobody has sent anything yet: the page says what stands against today, and offers another day.
            return render_template("certificates/decide.html", **page, against=refusal.why)
        page["refused"] = show_refusal(day, refusal)
        return render_template("certificates/decide.html", **page), 422
    form = DecisionForm(formdata=None)
    form.kind.data, form.to_edition.data = kind.value, decided.to_edition
    form.decided_on.data = decided.decided_on
    form.valid_through.data = found.proposed.value if found.proposed else None
    return render_template("certificates/decide.html", **page, form=form, found=found, shown=_what_counts(decided))


def _what_counts(decided: Decided) -> str:
    """What the effect of a decision depends on, so that what was shown is what is recorded."""
    return f"{decided.decided_on} {decided.to_edition or ''}".strip()


def _record(work: Work, certificate: Certificate, kind: DecisionKind) -> ResponseReturnValue:
    form = DecisionForm()
    day = DecisionDayForm(MultiDict())
    day.to_edition.choices = _editions(work, certificate)
    day.kind.data, day.decided_on.data, day.to_edition.data = kind.value, form.decided_on.data, form.to_edition.data
    page = {**_page(certificate, kind, day), "form": form, "shown": request.form.get("shown", "")}
    if not form.validate():
        return render_template("certificates/decide.html", **page), 422
    decided = Decided(
        kind=kind,
        decided_on=form.decided_on.data,
        valid_through=form.valid_through.data,
        to_edition=_moved_to(kind, form.to_edition.data),
        decided_by=form.decided_by.data or "",
        note=form.note.data or "",
    )
    try:
        found = page["found"] = operation.preview(work, certificate, decided)
        asked_only = request.form.get("step") == "show"
        if asked_only or page["shown"] not in ("", _what_counts(decided)):
            page["shown"] = _what_counts(decided)
            form.valid_through.raw_data = None
            form.valid_through.data = found.proposed.value if found.proposed else None
            if asked_only:
                return render_template("certificates/decide.html", **page)
            raise RefusedError("What it does has changed with the day or the edition. Look at it, then record it.")
        operation.record(work, certificate, decided, form.letter.data if has_file(form.letter) else None)
    except RefusedError as refusal:
        page["refused"] = show_refusal(form, refusal)
        status = 413 if isinstance(refusal, TooLargeError) else 422
        return render_template("certificates/decide.html", **page), status
    flash(f"The {NOUNS[kind]} of {say(decided.decided_on)} is recorded.", "success")
    if kind in CONCERNING_DETAILS and certificate.decisions:
        flash("If it changed the scope, the sites, the number or the body, edit these too.", "info")
    return redirect(url_for("certificates.show", reference=certificate.reference), 303)


@area.form("/<reference>/decisions/<int:decision_id>/strike-out", needs=Permission.MANAGE_PROGRAMME)
def strike_out(work: Work, reference: str, decision_id: int) -> ResponseReturnValue:
    """Take back a decision that was recorded by mistake; first what that does."""
    certificate = certificate_or_404(work, reference, for_update=request.method == "POST")
    decision = decision_of(certificate, decision_id)
    if decision is None:
        abort(404)
    form = ReasonForm()
    page: dict[str, Any] = {
        "certificate": certificate,
        "decision": decision,
        "outcomes": OUTCOMES,
        "form": form,
        "rule_name": rule_name,
    }
    try:
        page["effect"] = operation.effect_of_striking_out(work, certificate, decision)
        if request.method == "GET":
            return render_template("certificates/strike_out.html", **page)
        if not form.validate():
            return render_template("certificates/strike_out.html", **page), 422
        operation.strike_out(work, certificate, decision, form.reason.data)
    except RefusedError as refusal:
        page["refused"] = refusal.why
        return render_template("certificates/strike_out.html", **page), 422 if request.method == "POST" else 200
    flash(f"The {NOUNS[decision.kind]} of {say(decision.decided_on)} is struck out.", "success")
    return redirect(url_for("certificates.show", reference=reference), 303)


def _page(certificate: Certificate, kind: DecisionKind, day: DecisionDayForm) -> dict[str, Any]:
    return {
        "certificate": certificate,
        "kind": kind,
        "deed": DEEDS[kind],
        "noun": NOUNS[kind],
        "day": day,
        "prints": kind in WITH_LAST_DAY,
        "moves": kind is DecisionKind.TRANSITIONED,
        "rule_name": rule_name,
    }


def _kind(value: str | None) -> DecisionKind | None:
    return next((each for each in DecisionKind if each.value == value), None)


def _moved_to(kind: DecisionKind, edition: str | None) -> str | None:
    return (edition or None) if kind is DecisionKind.TRANSITIONED else None


def _editions(work: Work, certificate: Certificate) -> list[tuple[str, str]]:
    """The other editions of the same standard, the newest first."""
    return [
        (each.name, each.label)
        for each in editions_on_offer(work)
        if each.standard == certificate.standard and each.edition != certificate.edition
    ]
