"""The agenda of an audit on screen: its items, who is asked to confirm them, and the plan on paper."""

import re
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, ValidationError

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.programme.agenda import AgendaSide
from app.domain.writing import UNSEEN, without_unseen
from app.models.audit import Audit
from app.models.audit_plan import AgendaItem
from app.operations import agenda, agenda_confirmations
from app.operations.agenda import AgendaDetails
from app.operations.conflict import ConflictError
from app.outputs.pdf import as_pdf
from app.queries.asset_page import open_sites
from app.queries.audit_plan import agenda_item_of, auditees_on_offer
from app.queries.audits import audit_of
from app.reports.audit_plan import plan_document
from app.reports.report import file_name_of
from app.web.assets.forms import chosen
from app.web.audits import area
from app.web.audits.access import audit_or_404, may_work_on
from app.web.audits.plan import plan_page
from app.web.exporting import file_response
from app.web.fields import DayField, TicksField, seen_version
from app.web.forms import PageForm, show_refusal
from app.work import Work

_LINE = re.compile(r"(?P<name>.*?)[\s,;<]+(?P<email>[^\s<>,;]+@[^\s<>,;]+)>?")


class ClockField(TimeField):  # type: ignore[misc]
    """A time of the day; what is none is refused in words, and what was typed stays."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("There is no such time. Write it as 09:30.") from None


class AgendaItemForm(PageForm):
    """One item of the agenda."""

    version = HiddenField()
    held_on = DayField("Day", [InputRequired("Say on which day.")])
    starts_at = ClockField("From", [InputRequired("Say when it begins.")])
    ends_at = ClockField("To", [InputRequired("Say when it ends.")])
    title = StringField("What it is about", [InputRequired("Say what the item is about."), Length(max=200)])
    covers = TextAreaField(
        "What it takes up",
        [Length(max=20_000)],
        description="Clauses, processes and samples.",
        render_kw={"rows": 3},
    )
    place = StringField("Place", [Length(max=200)], description="A room, or the address of a call.")
    site = SelectField("Site", validate_choice=False)
    auditors = TicksField("Auditors", validate_choice=False)
    members = TicksField("Auditees", validate_choice=False, description="Who is asked to be there.")
    outside = TextAreaField(
        "Auditees from outside",
        [Length(max=20_000)],
        description="One a line, with an email address: Nora Klein, nora@supplier.example",
        render_kw={"rows": 3},
    )

    def validate_outside(self, field: TextAreaField) -> None:
        """Each line has a name, as it is seen, and an address."""
        seen = [without_unseen(line) for line in _lines(field.data)]
        if seen != _lines(field.data):
            field.data = "\n".join(seen)
            raise ValidationError(UNSEEN)
        wrong = [line for line in _lines(field.data) if _LINE.fullmatch(line) is None]
        if wrong:
            raise ValidationError(f"“{wrong[0][:80]}” is no name with an email address behind it.")

    def offer(self, work: Work, audit: Audit, item: AgendaItem | None) -> None:
        """Fill the lists to choose from."""
        there = [each.person_id for each in item.people if each.person_id is not None] if item is not None else []
        sites = open_sites(work, item.site_id if item is not None else None)
        self.site.choices = [("", "None"), *((str(each.id), each.name) for each in sites)]
        self.auditors.choices = [(str(each.id), f"{each.label}, {each.role.label.lower()}") for each in audit.team]
        self.members.choices = [(str(each.id), each.label) for each in auditees_on_offer(work, there)]

    def tell(self, item: AgendaItem) -> None:
        """Show what is kept."""
        self.version.data = str(item.version)
        for name in ("held_on", "starts_at", "ends_at", "title", "covers", "place"):
            self[name].data = getattr(item, name)
        self.site.data = str(item.site_id or "")
        self.auditors.data = [str(each.team_member_id) for each in item.people if each.side is AgendaSide.AUDITOR]
        self.members.data = [str(each.person_id) for each in item.people if each.person_id is not None]
        self.outside.data = "\n".join(
            f"{each.outside_name}, {each.outside_email}" for each in item.people if each.outside_email
        )

    @property
    def details(self) -> AgendaDetails:
        """What was typed."""
        parsed = [_LINE.fullmatch(line) for line in _lines(self.outside.data)]
        return AgendaDetails(
            held_on=self.held_on.data,
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            title=self.title.data or "",
            covers=self.covers.data or "",
            place=self.place.data or "",
            site_id=(chosen(self.site.data) or -1) if self.site.data else None,
            auditors=frozenset(chosen(each) or -1 for each in self.auditors.data or ()),
            members=frozenset(chosen(each) or -1 for each in self.members.data or ()),
            outside=tuple((each["name"].strip(), each["email"]) for each in parsed if each is not None),
        )


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


@area.form("/<reference>/plan/agenda/new", needs=Permission.WORK_ON_AUDIT)
def add_agenda_item(work: Work, reference: str) -> ResponseReturnValue:
    """Put an item on the agenda."""
    audit = _mine(work, reference)
    form = AgendaItemForm()
    form.offer(work, audit, None)
    page: dict[str, Any] = {"form": form, "audit": audit, "item": None}
    if request.method == "GET":
        form.held_on.data = audit.starts_on
        return render_template("audits/agenda_item.html", **page)
    if not form.validate():
        return render_template("audits/agenda_item.html", **page), 422
    try:
        item = agenda.add(work, audit, form.details)
    except RefusedError as refusal:
        return render_template("audits/agenda_item.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"“{item.title}” is on the agenda.", "success")
    return redirect(url_for("audits.plan", reference=reference, _anchor="agenda"), 303)


@area.form("/<reference>/plan/agenda/<int:agenda_item_id>/edit", needs=Permission.WORK_ON_AUDIT)
def edit_agenda_item(work: Work, reference: str, agenda_item_id: int) -> ResponseReturnValue:
    """Change an item; the second of two is shown both versions."""
    audit = _mine(work, reference)
    item = agenda_item_of(work, audit.id, agenda_item_id) or abort(404)
    form = AgendaItemForm()
    form.offer(work, audit, item)
    page: dict[str, Any] = {"form": form, "audit": audit, "item": item}
    if request.method == "GET":
        form.tell(item)
        return render_template("audits/agenda_item.html", **page)
    if not form.validate():
        return render_template("audits/agenda_item.html", **page), 422
    try:
        agenda.change(work, audit, item, form.details, seen_version(form.version.data))
    except ConflictError as conflict:
        kept = AgendaItemForm(formdata=None)
        kept.offer(work, audit, item)
        kept.tell(item)
        form.version.data = str(item.version)
        return render_template("audits/agenda_item.html", **page, refused=conflict.why, kept=kept), 422
    except RefusedError as refusal:
        return render_template("audits/agenda_item.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"“{item.title}” is saved.", "success")
    return redirect(url_for("audits.plan", reference=reference, _anchor="agenda"), 303)


@area.form("/<reference>/plan/agenda/<int:agenda_item_id>/remove", needs=Permission.WORK_ON_AUDIT)
def remove_agenda_item(work: Work, reference: str, agenda_item_id: int) -> ResponseReturnValue:
    """Take an item off the agenda, asked once."""
    audit = _mine(work, reference)
    item = agenda_item_of(work, audit.id, agenda_item_id) or abort(404)
    if request.method == "GET":
        return render_template("audits/remove_agenda_item.html", audit=audit, item=item)
    title = item.title
    try:
        agenda.remove(work, audit, item)
    except RefusedError as refusal:
        return plan_page(work, audit, refusal.why), 422
    flash(f"“{title}” is off the agenda.", "success")
    return redirect(url_for("audits.plan", reference=reference, _anchor="agenda"), 303)


@area.post("/<reference>/plan/agenda/ask", needs=Permission.WORK_ON_AUDIT)
def ask_auditees(work: Work, reference: str) -> ResponseReturnValue:
    """Ask the auditees by mail to confirm their items."""
    audit = _mine(work, reference)
    try:
        names = agenda_confirmations.ask(work, audit)
    except RefusedError as refusal:
        return plan_page(work, audit, refusal.why), 422
    flash(f"Asked for confirmation: {', '.join(names)}.", "success")
    return redirect(url_for("audits.plan", reference=reference, _anchor="agenda"), 303)


@area.get("/<reference>/plan/print", needs=Permission.SEE_OWN_WORK)
def print_plan(work: Work, reference: str) -> ResponseReturnValue:
    """The plan and the agenda on paper."""
    document = plan_document(work, audit_or_404(work, reference), current_user.name)
    return file_response(as_pdf(document), file_name_of(document, "pdf"))


def _mine(work: Work, reference: str) -> Audit:
    """The audit, for who may work on it; held where something is written."""
    audit = audit_or_404(work, reference)
    if not may_work_on(audit):
        abort(403)
    if request.method == "POST":
        audit = audit_of(work, reference, lock=True) or abort(404)
    return audit
