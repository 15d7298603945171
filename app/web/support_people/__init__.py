"""Who gives support: their zone, their hours by day of the week, and their absences."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.subscription.support import WEEKDAYS, Absence, Hours, write_hours
from app.models.support import SupportPerson
from app.operations import support_people as operation
from app.queries.support import support_absence, support_people, support_person
from app.web.corrective_actions.taking import take
from app.web.editing import unless_saved
from app.web.forms import show_refusal
from app.web.gate import Area
from app.web.support_people.forms import AbsenceForm, PersonForm
from app.work import Work

area = Area("support_people", __name__, url_prefix="/support/people")


@area.get("", needs=Permission.GIVE_SUPPORT)
def index(work: Work) -> ResponseReturnValue:
    """All of them, with their hours and what absences are ahead."""
    people = support_people(work)
    return render_template(
        "support_people/index.html",
        people=[(each, _hours(each), [row for row in each.absences if row.last_on >= work.today]) for each in people],
        candidates=operation.candidates(work),
    )


@area.form("/new", needs=Permission.GIVE_SUPPORT)
def create(work: Work) -> ResponseReturnValue:
    """Let somebody of the staff give support."""
    form = PersonForm()
    form.offer(operation.candidates(work))
    if request.method == "GET":
        form.begin(work.organisation.time_zone)
        return render_template("support_people/create.html", form=form)
    if not form.validate():
        return render_template("support_people/create.html", form=form), 422
    try:
        person = operation.set_up(work, form.person_id, form.details)
    except RefusedError as refusal:
        return render_template("support_people/create.html", form=form, refused=show_refusal(form, refusal)), 422
    flash("They give support from now on: clients see their free slots.", "success")
    return redirect(url_for("support_people.edit", support_person_id=person.id), 303)


@area.form("/<int:support_person_id>", needs=Permission.GIVE_SUPPORT)
def edit(work: Work, support_person_id: int) -> ResponseReturnValue:
    """Change how and when somebody gives support; the second of two is shown both versions."""
    person = _person_or_404(work, support_person_id)
    shown = unless_saved(
        "support_people/edit.html",
        {"person": person, "absences": [row for row in person.absences if row.last_on >= work.today]},
        person,
        PersonForm,
        lambda form: operation.change(work, support_person_id, form.seen, form.details),
        offered=({person.person_id: person.person.label},),
    )
    if shown is not None:
        return shown
    flash("It is saved.", "success")
    return redirect(url_for("support_people.index"), 303)


@area.form("/<int:support_person_id>/absences/new", needs=Permission.GIVE_SUPPORT)
def add_absence(work: Work, support_person_id: int) -> ResponseReturnValue:
    """Record days on which somebody gives no support."""
    person = _person_or_404(work, support_person_id)
    form = AbsenceForm()

    def act() -> str:
        absence = Absence(form.first_on.data, form.last_on.data)
        return str(operation.add_absence(work, support_person_id, absence, form.note.data or "").id)

    return take(
        work,
        form,
        "support_people/absence.html",
        act,
        version=person.version,
        done="The absence is recorded.",
        to=lambda _: url_for("support_people.edit", support_person_id=support_person_id),
        person=person,
    )


@area.form("/absences/<int:support_absence_id>/remove", needs=Permission.GIVE_SUPPORT)
def remove_absence(work: Work, support_absence_id: int) -> ResponseReturnValue:
    """Ask once, then take back an absence."""
    if request.method == "GET":
        absence = support_absence(work, support_absence_id) or abort(404)
        return render_template("support_people/take_back.html", absence=absence)
    try:
        person = operation.remove_absence(work, support_absence_id)
    except RefusedError:
        abort(404)
    flash("The absence is taken back.", "success")
    return redirect(url_for("support_people.edit", support_person_id=person.id), 303)


def _person_or_404(work: Work, support_person_id: int) -> SupportPerson:
    person = support_person(work, support_person_id)
    if person is None:
        abort(404)
    return person


def _hours(person: SupportPerson) -> list[tuple[str, str]]:
    """The days of the week on which they give support, each with its hours."""
    kept = [Hours(each.weekday, each.starts_at, each.ends_at) for each in person.hours]
    days = [(name, [each for each in kept if each.weekday == number]) for number, name in enumerate(WEEKDAYS)]
    return [(name, write_hours(hours)) for name, hours in days if hours]
