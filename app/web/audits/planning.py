"""Planning, changing and moving audits: what it would cost is shown before it is saved."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.domain.certification.facts import AuditKind, Outcome
from app.domain.dates import add_days, days_between
from app.domain.explained import Reason, RefusedError
from app.domain.permission import Permission
from app.domain.programme.progress import AuditProgress
from app.domain.programme.wish import Wish
from app.models.audit import Audit
from app.models.certificate import Certificate
from app.operations import audits
from app.operations.audit_mail import told
from app.operations.conflict import ConflictError
from app.queries.audits import choices_of, last_changed
from app.queries.slips import PLANNED, Preview, Recorded, preview_of
from app.web.audits import area
from app.web.audits.access import audit_or_404
from app.web.audits.differences import differences
from app.web.audits.forms import AuditForm, NewAuditForm, WhenForm, typed_from
from app.work import Work

Save = Callable[[], Audit]


@area.form("/new", needs=Permission.MANAGE_PROGRAMME)
def create(work: Work) -> ResponseReturnValue:
    """Plan an audit."""
    choices = choices_of(work)
    form = NewAuditForm(data=_suggested(work))
    form.offer(choices, more=request.method == "POST" and _step() == "more")
    form.outcome.errors = []
    if request.method == "GET" or _step() == "more":
        return _form_page("audits/create.html", form)
    if not _is_right(form):
        return _form_page("audits/create.html", form), 422
    wish = form.wish()
    recorded = _recorded(form, wish)

    def save() -> Audit:
        return audits.plan(
            work, wish, reason=form.reason.data or "", progress=recorded.progress, outcomes=recorded.outcomes
        )

    is_over = bool(form.held.data)
    return _weigh_and_save(work, form, None, wish, save, "audits/create.html", is_over=is_over, recorded=recorded)


def _recorded(form: NewAuditForm, wish: Wish) -> Recorded:
    """How the new audit comes on record: planned, or held already and closed with its conclusion."""
    if not form.held.data:
        return PLANNED
    outcome = Outcome(form.outcome.data) if form.outcome.data else None
    return Recorded(AuditProgress.CLOSED, {each: _fitting(kind, outcome) for each, kind in wish.certificates.items()})


def _fitting(kind: AuditKind, outcome: Outcome | None) -> Outcome | None:
    """In an integrated audit one word stands for all: ready and recommended say the same of different stages."""
    if outcome is None or kind is AuditKind.INTERNAL:
        return None
    good = outcome in (Outcome.READY, Outcome.RECOMMENDED)
    if kind is AuditKind.STAGE_1:
        return Outcome.READY if good else Outcome.NOT_READY
    return Outcome.RECOMMENDED if good else Outcome.NOT_RECOMMENDED


@area.form("/<reference>/edit", needs=Permission.MANAGE_PROGRAMME)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change an audit; the second of two editors is shown both versions and chooses."""
    audit = audit_or_404(work, reference)
    choices = choices_of(work)
    now = audits.wish_of(audit)
    form = AuditForm(data={**typed_from(now), "version": audit.version})
    form.offer(choices, more=request.method == "POST" and _step() == "more")
    page: dict[str, Any] = {"audit": audit}
    if request.method == "GET" or _step() == "more":
        return _form_page("audits/edit.html", form, **page)
    if not _is_right(form):
        return _form_page("audits/edit.html", form, **page), 422
    mine = form.wish()
    wish, undecided = _chosen(mine, now)
    seen = _seen(form)
    if seen != audit.version or undecided:
        return _conflict_page(work, form, audit, mine, choices)

    def save() -> Audit:
        return audits.change(work, reference, seen, wish, reason=form.reason.data or "")

    try:
        return _weigh_and_save(work, form, audit, wish, save, "audits/edit.html", is_over=audit.progress.is_over)
    except ConflictError as conflict:
        return _conflict_page(work, form, conflict.now, mine, choices)


@area.form("/<reference>/move", needs=Permission.MANAGE_PROGRAMME)
def move(work: Work, reference: str) -> ResponseReturnValue:
    """Move an audit: the slip preview first, then the move."""
    audit = audit_or_404(work, reference)
    now = audits.wish_of(audit)
    form = _move_form(audit)
    page: dict[str, Any] = {"audit": audit}
    if audit.progress.is_over:
        return _form_page("audits/move.html", form, **page), 200 if request.method == "GET" else 422
    if request.method == "GET" and "starts_on" not in request.args:
        return _form_page("audits/move.html", form, **page)
    if not _is_right(form):
        return _form_page("audits/move.html", form, **page), 422
    wish = replace(now, when=form.when())
    seen = _seen(form)
    if request.method == "POST" and seen != audit.version:
        return _moved_meanwhile(work, form, audit)

    def save() -> Audit:
        return audits.move(work, reference, seen, wish.when, reason=form.reason.data or "")

    try:
        return _weigh_and_save(work, form, audit, wish, save, "audits/move.html")
    except ConflictError as conflict:
        return _moved_meanwhile(work, form, conflict.now)


def _move_form(audit: Audit) -> WhenForm:
    """The form of a move; a drag in the calendar names the first day alone, and the length stays."""
    when = audits.wish_of(audit).when
    typed = {
        "starts_on": when.starts_on,
        "ends_on": when.ends_on,
        "starts_at": when.starts_at,
        "ends_at": when.ends_at,
        "version": audit.version,
    }
    if request.method == "POST" or "starts_on" not in request.args:
        return WhenForm(data=typed)
    asked = MultiDict({key: value for key, value in request.args.items() if key in typed and key != "version"})
    if "ends_on" not in asked:
        try:
            first = date.fromisoformat(asked["starts_on"])
            asked["ends_on"] = add_days(first, days_between(when.starts_on, when.ends_on)).isoformat()
        except (ValueError, OverflowError):
            asked["ends_on"] = when.ends_on.isoformat()
    if "starts_at" not in asked and when.starts_at and when.ends_at:
        asked["starts_at"], asked["ends_at"] = f"{when.starts_at:%H:%M}", f"{when.ends_at:%H:%M}"
    form = WhenForm(formdata=asked, meta={"csrf": False})
    form.version.data = str(audit.version)
    return form


def _weigh_and_save(
    work: Work,
    form: WhenForm,
    audit: Audit | None,
    wish: Wish,
    save: Save,
    template: str,
    *,
    is_over: bool = False,
    recorded: Recorded = PLANNED,
) -> ResponseReturnValue:
    """Show what it costs; save what is harmless, or what costs something once that was seen."""
    found: Preview | None = None
    page: dict[str, Any] = {"audit": audit} if audit is not None else {}
    try:
        wish = audits.checked(work, wish, audits.wish_of(audit) if audit is not None else None)
        asked_only = request.method == "GET" or _step() == "preview"
        if audit is None and not asked_only:
            audits.refuse_twin(work, wish)  # what is sent twice stands in its own way too
        found = preview_of(work, audit, wish, recorded)
        key = _key(wish)
        same = audit is not None and key == _key(audits.wish_of(audit))
        unseen = not (is_over or same or found.is_harmless or form.reason.data) and form.weighed.data != key
        form.weighed.data = key
        if asked_only:
            return _form_page(template, form, preview=found, **page)
        if unseen and not found.breaks_hard_rule and not found.is_refused:
            return _form_page(template, form, preview=found, unseen=True, **page), 422
        saved = save()
    except ConflictError:
        raise
    except RefusedError as refused:
        return _form_page(template, form, preview=found, refused=refuse(form, refused), **page), 422
    flash(f"{saved.reference} {_deed(audit, saved)}.", "success")
    taken = request.args.getlist("take") if audit is None else []
    if taken:
        return redirect(url_for("audits.edit_plan", reference=saved.reference, take=taken), 303)
    return redirect(url_for("audits.show", reference=saved.reference), 303)


def _deed(before: Audit | None, saved: Audit) -> str:
    if before is not None:
        return "was saved"
    return "is on record" if saved.progress.is_held else "is on the programme"


def told_in_words(audit: Audit) -> str:
    """Whom a mail about the audit would reach: names, and the addresses of those from outside."""
    return ", ".join(
        member.label if member.person is not None else f"{member.label} ({to})"
        for member, to in told(audit, current_user.id)
    )


def refuse(form: Any, refused: RefusedError) -> tuple[Reason, ...]:
    """Put a refusal at its field; gives the reasons that have none."""
    if refused.field in form and refused.field != "version":
        field = form[refused.field]
        field.errors = [*field.errors, *map(str, refused.why)]
        return ()
    return refused.why


def _conflict_page(work: Work, form: AuditForm, audit: Audit, mine: Wish, choices: Any) -> ResponseReturnValue:
    form.version.data = str(audit.version)
    found = differences(mine, audits.wish_of(audit), choices)
    who = last_changed(work, audit.id)
    return _form_page("audits/edit.html", form, audit=audit, conflict=True, differences=found, changed_by=who), 422


def _moved_meanwhile(work: Work, form: WhenForm, audit: Audit) -> ResponseReturnValue:
    form.version.data = str(audit.version)
    found = None
    if form.starts_on.data and form.ends_on.data and form.starts_on.data <= form.ends_on.data:
        found = preview_of(work, audit, replace(audits.wish_of(audit), when=form.when()))
    who = last_changed(work, audit.id)
    return _form_page("audits/move.html", form, audit=audit, conflict=True, preview=found, changed_by=who), 422


def _chosen(mine: Wish, theirs: Wish) -> tuple[Wish, bool]:
    """The wish after each field that two had changed was chosen, and whether any is not chosen yet."""
    asked = [name for name in request.form.getlist("differs") if name in Wish.__dataclass_fields__]
    choice = {name: request.form.get(f"choose-{name}") for name in asked}
    taken = {name: getattr(theirs, name) for name, side in choice.items() if side == "theirs"}
    return replace(mine, **taken), any(side not in ("mine", "theirs") for side in choice.values())


def _is_right(form: WhenForm) -> bool:
    """Whether the form holds together; errors of rows become errors of their list."""
    if form.validate():
        return True
    for name in ("certificates", "team"):
        if name in form:
            rows = form[name]
            said = [
                f"Row {number}: {error}"
                for number, entry in enumerate(rows, 1)
                for errors in entry.form.errors.values()
                for error in errors
            ]
            rows.errors = said
    return False


def _form_page(template: str, form: Any, **page: Any) -> str:
    audit: Audit | None = page.get("audit")
    if audit is not None and not audit.progress.is_over:
        page["told"] = told_in_words(audit)
    return render_template(template, form=form, **page)


def _step() -> str:
    return request.form.get("step", "save")


def _seen(form: WhenForm) -> int:
    try:
        return int(form.version.data or "")
    except ValueError:
        abort(400)


def _key(wish: Wish) -> str:
    """What the costs depend on, so that what was seen is what is saved."""
    parts = (
        wish.when,
        sorted(wish.certificates.items()),
        sorted(wish.sites),
        [(seat.key, seat.role.value) for seat in wish.team],
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def _suggested(work: Work) -> dict[str, Any]:
    """What a link to the form may say: certificate (a reference, any number of times), kind, both days, held."""
    if request.method != "GET":
        return {}
    suggested: dict[str, Any] = {"mode": "on-site", "kind": AuditKind.SURVEILLANCE.value}
    if request.args.get("kind") in set(AuditKind):
        suggested["kind"] = request.args["kind"]
    suggested["held"] = request.args.get("held") == "yes"
    wanted = request.args.getlist("certificate")[:20]
    if wanted:
        found = work.all(
            select(Certificate.id).where(Certificate.reference.in_(wanted)).order_by(Certificate.reference)
        )
        suggested["certificates"] = [{"certificate": str(each), "kind": ""} for each in found]
    for name in ("starts_on", "ends_on"):
        try:
            suggested[name] = date.fromisoformat(request.args.get(name) or request.args["starts_on"])
        except (KeyError, ValueError):
            continue
    return suggested
