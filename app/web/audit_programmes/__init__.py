"""Audit programmes: the list, one with its audits and coverage, its paper, and what is said of it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.dates import add_days, add_months
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.programme.coverage import Coverage
from app.models.audit_plan import AuditProgramme
from app.operations import audit_programmes as operation
from app.outputs.pdf import as_pdf
from app.queries.audit_programmes import PAGE, audits_within, programme_by, programme_list, stand_within
from app.queries.coverage import NOUNS, coverage_of, period_within
from app.queries.processes import people_to_choose
from app.reports.audit_programme import programme_document
from app.reports.report import file_name_of
from app.web.audit_programmes.forms import ProgrammeForm
from app.web.editing import unless_saved
from app.web.exporting import file_response
from app.web.fields import asked_page
from app.web.forms import show_refusal
from app.web.gate import Area
from app.work import Work

area = Area("audit_programmes", __name__, url_prefix="/audit-programmes")


@area.get("", needs=Permission.SEE_PROGRAMME)
def index(work: Work) -> ResponseReturnValue:
    """All of them, the latest first, fifty a page."""
    rows, total = programme_list(work, asked_page())
    pages = max(1, -(-total // PAGE))
    return render_template(
        "audit_programmes/index.html",
        rows=rows,
        total=total,
        page=min(asked_page(), pages),
        pages=pages,
        link=lambda number: url_for("audit_programmes.index", page=number),
    )


@area.get("/<reference>", needs=Permission.SEE_PROGRAMME)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One of them: why and how, its audits, how far they are, and what they cover of the standards."""
    row = _or_404(work, reference)
    audits = audits_within(work, row)
    return render_template(
        "audit_programmes/show.html",
        row=row,
        audits=audits,
        stand=stand_within(audits, work.today),
        matrix=coverage_of(work, period_within(row.starts_on, row.ends_on, row.reference)),
        states=list(Coverage),
        nouns=NOUNS,
        link=lambda standard, state: url_for("coverage.index", programme=row.reference, standard=standard, state=state),
    )


@area.get("/<reference>/print", needs=Permission.SEE_PROGRAMME)
def print_programme(work: Work, reference: str) -> ResponseReturnValue:
    """The programme with its audits and its coverage on paper."""
    document = programme_document(work, _or_404(work, reference), current_user.name)
    return file_response(as_pdf(document), file_name_of(document, "pdf"))


@area.form("/new", needs=Permission.MANAGE_PROGRAMME)
def create(work: Work) -> ResponseReturnValue:
    """Write one down."""
    form = ProgrammeForm()
    form.offer(people_to_choose(work))
    if request.method == "GET":
        first = work.today.replace(day=1)
        form.starts_on.data, form.ends_on.data = first, add_days(add_months(first, 36), -1)
        return render_template("audit_programmes/create.html", form=form)
    if not form.validate():
        return render_template("audit_programmes/create.html", form=form), 422
    try:
        row = operation.create(work, form.details)
    except RefusedError as refusal:
        return render_template("audit_programmes/create.html", form=form, refused=show_refusal(form, refusal)), 422
    flash(f"{row.reference} is written down.", "success")
    return redirect(url_for("audit_programmes.show", reference=row.reference), 303)


@area.form("/<reference>/edit", needs=Permission.MANAGE_PROGRAMME)
def edit(work: Work, reference: str) -> ResponseReturnValue:
    """Change one; the second of two is shown both versions."""
    row = _or_404(work, reference, for_update=request.method == "POST")
    people = people_to_choose(work, frozenset({row.responsible_id or 0}))
    shown = unless_saved(
        "audit_programmes/edit.html",
        {"row": row, "reference": row.reference},
        row,
        ProgrammeForm,
        lambda form: operation.edit(work, row, form.details, form.seen),
        offered=(people,),
    )
    if shown is not None:
        return shown
    flash(f"{row.reference} is saved.", "success")
    return redirect(url_for("audit_programmes.show", reference=row.reference), 303)


def _or_404(work: Work, reference: str, *, for_update: bool = False) -> AuditProgramme:
    row = programme_by(work, reference, for_update=for_update)
    if row is None:
        abort(404)
    return row
