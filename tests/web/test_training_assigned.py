"""Training is assigned by rules and by name, looked at before it is done; taken elsewhere, exempted, imported."""

import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from sqlalchemy import event, func, select

from app.domain.permission import Role
from app.domain.training.due import Terms
from app.domain.training.status import Exemption
from app.extensions import db
from app.models.completion import Completion
from app.models.employee import Employee
from app.models.journal import JournalEntry
from app.models.organisation import Membership, Organisation
from app.models.outbox import OutboxMail
from app.models.training_assignment import TrainingAssignment, TrainingExemption, TrainingRule
from app.operations import organisations
from app.operations.training_assignments import Wish, apply_rules, assign
from app.operations.training_records import exempt
from app.queries.learners import LearnerFilters
from app.queries.training_matrix import training_matrix
from app.work import work
from tests.cast import add_person, sign_in
from tests.cast import post as _post
from tests.stage import on_stage, site
from tests.trained import course, passed, path

TODAY = date(2027, 2, 1)


def post(client, url, **said):
    """Send the fields of a form."""
    return _post(client, url, said)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel("2027-02-01T12:00:00+00:00"):
        yield


@pytest.fixture
def home(client, cast):
    sign_in(client, cast.quality_manager)
    return f"/o/{cast.organisation.slug}/training"


def told(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def agreed(answer):
    """What the preview asks back: all its hidden fields."""
    text = answer.get_data(as_text=True)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)
    return {name: unescape(value) for name, value in hidden if name != "csrf_token"}


def assignments(app, cast):
    with on_stage(app, cast.organisation) as w:
        return sorted((each.person_id, each.course_id, each.due_on) for each in w.all(select(TrainingAssignment)))


def test_a_path_for_a_role_is_looked_at_assigned_and_catches_who_joins_later(app, client, cast, home):
    with on_stage(app, cast.organisation) as w:
        first, second = course(w), course(w, "TR-002", "ISO 19011")
        way = path(w, first, second).id
        ids = first.id, second.id
    asked = {"what": f"path-{way}", "role": "auditor", "due_days": "30", "goes_on": "y", "refreshing": "never"}
    seen = post(client, f"{home}/assign", **asked)
    assert seen.status_code == 200
    assert "2 courses for 1 person" in told(seen)
    assert not assignments(app, cast)
    done = post(client, f"{home}/assign", **agreed(seen))
    assert done.status_code == 303
    assert assignments(app, cast) == [(cast.auditor.id, each, TODAY + timedelta(days=30)) for each in ids]
    with app.app_context(), time_machine.travel("2027-03-10T12:00:00+00:00"), work(None) as w:
        late = add_person(w, "Lars Later")
        here = w.session.scalars(select(Organisation).where(Organisation.id == cast.organisation.id)).one()
        organisations.join(w, here, late, frozenset({Role.AUDITOR}))
        joined = late.id
    assert [each for each in assignments(app, cast) if each[0] == joined] == [
        (joined, each, date(2027, 4, 9)) for each in ids
    ]
    with on_stage(app, cast.organisation) as w:
        entries = w.all(select(JournalEntry).where(JournalEntry.noun == "training_assignment"))
        assert len(entries) == 4
    assert "TA-001" in told(client.get(f"{home}/rules"))


def test_who_comes_to_the_site_is_caught_by_the_daily_round_and_what_was_taken_back_stays_so(app, client, cast, home):
    with on_stage(app, cast.organisation) as w:
        taken, munich = course(w), site(w)
        ids = taken.id, munich.id
        for number, who in enumerate((cast.staff, cast.auditor)):
            w.add(
                Employee(
                    number=str(number),
                    name=who.name,
                    person_id=who.id,
                    created_at=w.now,
                    site_id=(munich.id, None)[number],
                )
            )
    asked = {"what": f"course-{ids[0]}", "site": str(ids[1]), "goes_on": "y", "refreshing": "never"}
    post(client, f"{home}/assign", **agreed(post(client, f"{home}/assign", **asked)))
    (made,) = assignments(app, cast)
    assert made[0] == cast.staff.id
    with on_stage(app, cast.organisation) as w:
        row = w.all(select(TrainingAssignment))[0].id
        w.all(select(Employee).where(Employee.person_id == cast.auditor.id))[0].site_id = ids[1]
    post(client, f"{home}/assignments/{row}/take-back")
    with on_stage(app, cast.organisation) as w:
        assert apply_rules(w) == 1
        assert apply_rules(w) == 0
    with on_stage(app, cast.organisation) as w:
        gone = {each.person_id: each.withdrawn_on for each in w.all(select(TrainingAssignment))}
    assert gone == {cast.staff.id: TODAY, cast.auditor.id: None}
    assert post(client, f"{home}/rules/TA-001/end", takes_back="y").status_code == 303
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(TrainingRule))[0].ended_on == TODAY
        assert all(each.withdrawn_on for each in w.all(select(TrainingAssignment)))


def test_people_are_named_by_mail_in_any_case_and_nobody_from_outside(app, client, cast, home):
    with on_stage(app, cast.organisation) as w:
        taken = course(w).id
    asked = {"what": f"course-{taken}", "due_on": "2027-03-01", "refreshing": "last-completion", "months": "12"}
    stranger = post(client, f"{home}/assign", people=cast.stranger.email, **asked)
    assert stranger.status_code == 422
    assert cast.stranger.email in told(stranger)
    seen = post(client, f"{home}/assign", people=f"{cast.staff.email.upper()}\n{cast.staff.email}", **asked)
    post(client, f"{home}/assign", **agreed(seen))
    assert assignments(app, cast) == [(cast.staff.id, taken, date(2027, 3, 1))]
    again = post(client, f"{home}/assign", people=cast.staff.email, **asked)
    assert "all of it is assigned already" in told(again)
    two = post(client, f"{home}/assign", people=cast.staff.email, due_days="3", **asked)
    assert two.status_code == 422


def test_what_somebody_agreed_to_is_done_and_nothing_else(app, client, cast, home):
    with on_stage(app, cast.organisation) as w:
        taken = course(w).id
    seen = agreed(post(client, f"{home}/assign", what=f"course-{taken}", refreshing="never"))
    with on_stage(app, cast.organisation) as w:
        w.all(select(Membership).where(Membership.person_id == cast.staff.id))[0].ended_at = w.now
    answer = post(client, f"{home}/assign", **seen)
    assert answer.status_code == 422
    assert "has changed since you looked" in told(answer)
    assert not assignments(app, cast)


def test_training_elsewhere_and_exemptions_are_recorded_with_what_proves_them(app, client, cast, home):
    with on_stage(app, cast.organisation) as w:
        taken = course(w, valid_months=12).id
    person = f"{home}/people/{cast.staff.id}"
    said = {"course": str(taken), "completed_on": "2026-03-01", "provider": "An institute"}
    done = post(client, f"{person}/external", **said)
    assert done.status_code == 303
    page = told(client.get(done.location))
    assert "28 Feb 2027" in page
    number = done.location.rpartition("/")[2]
    file = {"file": (io.BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"), "certificate.pdf")}
    place = f"/o/{cast.organisation.slug}/attachments/add/completion/{number}"
    assert post(client, place, **file).status_code == 303
    assert "certificate.pdf" in told(client.get(done.location))
    assert post(client, f"{person}/external", **said | {"completed_on": "2027-02-02"}).status_code == 422
    assert "Expiring soon" in told(client.get(person))
    assert post(client, f"{person}/exempt", course=str(taken), reason=" ", from_on="2027-02-01").status_code == 422
    away = post(client, f"{person}/exempt", course=str(taken), reason="On leave", from_on="2027-02-01")
    assert away.status_code == 303
    with on_stage(app, cast.organisation) as w:
        exemption = w.all(select(TrainingExemption))[0].id
    post(client, f"{home}/exemptions/{exemption}/end")
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(TrainingExemption))[0].until == TODAY


def import_of(client, home, text):
    file = {"file": (io.BytesIO(text.encode()), "past.csv"), "day_order": ""}
    return post(client, f"{home}/import", **file)


def test_past_completions_come_all_or_none_and_every_faulty_line_is_named(app, client, cast, home):
    with on_stage(app, cast.organisation) as w:
        course(w, valid_months=24)
    mail = cast.staff.email
    bad = (
        "Email,Course,Completed on\n"
        f"{mail.upper()},tr-001,2026-01-31\n"
        f"{mail},Internal Auditing,2026-01-31\n"
        f"{cast.stranger.email},TR-001,2026-01-31\n"
        f"{mail},TR-404,2026-01-31\n"
        f"{mail},TR-001,2027-02-30\n"
        f"{mail},TR-001,2027-02-02\n"
    )
    sent = import_of(client, home, bad)
    page = told(client.get(sent.location))
    for line in (3, 4, 5, 6, 7):
        assert f"Line {line}" in page
    assert "Line 2 " not in page
    assert client.post(sent.location, data={}).status_code in (400, 422)
    assert post(client, sent.location, agreed="").status_code == 422
    sent = import_of(client, home, "\n".join(bad.splitlines()[:2]))
    page = client.get(sent.location)
    assert post(client, sent.location, **agreed(page)).status_code == 303
    again = import_of(client, home, "\n".join(bad.splitlines()[:2]))
    assert "All of it is on record already" in told(client.get(again.location))
    with on_stage(app, cast.organisation) as w:
        (row,) = w.all(select(Completion))
        assert (row.person_id, row.valid_until) == (cast.staff.id, date(2028, 1, 30))
    assert import_of(client, home, "Name,Course\nA,B\n").status_code == 422


def test_the_matrix_shows_who_stands_where_by_site_and_role_and_as_a_file(app, client, cast, home):
    with on_stage(app, cast.organisation) as w:
        taken = course(w)
        passed(w, cast.auditor.id, taken, date(2026, 1, 1), date(2026, 12, 31))
        passed(w, cast.staff.id, taken, date(2026, 1, 1), date(2028, 12, 31))
        exempt(w, cast.asset_manager.id, taken.id, Exemption(TODAY, None, "On leave"))
    page = told(client.get(home))
    assert "1 passed" in page
    assert "1 expired" in page
    assert cast.assessor.name not in page
    assert cast.staff.name not in told(client.get(f"{home}?role=auditor"))
    sheet = client.get(f"{home}/export/csv").get_data(as_text=True)
    assert "Expired until 2026-12-31" in sheet
    assert client.get(f"{home}/export/xlsx").status_code == 200
    reports = f"/o/{cast.organisation.slug}/reports"
    # Who is exempt is asked for nothing, so that they are no part of the rate.
    assert "1 of 2 courses passed and valid, and 1 exempt beside them." in told(client.get(f"{reports}/training"))
    assert client.get(f"{reports}/training/download/pdf").data.startswith(b"%PDF")
    assert client.get(f"{reports}/competence/download/pdf").data.startswith(b"%PDF")
    sign_in(client, cast.staff)
    assert client.get(home).status_code == 403
    sign_in(client, cast.stranger)
    assert client.get(home).status_code == 404


def test_who_is_overdue_stands_on_the_managers_work_in_the_filter_in_the_file_and_in_the_report(
    app, client, cast, home
):
    work_page = f"/o/{cast.organisation.slug}/my-work"
    assert "overdue with training" not in told(client.get(work_page))
    with on_stage(app, cast.organisation) as w:
        taken = course(w)
        passed(w, cast.staff.id, taken, date(2026, 1, 1), date(2026, 12, 31))
        passed(w, cast.administrator.id, taken, date(2026, 1, 1), date(2026, 12, 31))
        asked = Wish(course_id=taken.id, people=frozenset({cast.staff.id, cast.auditor.id}), terms=Terms(due_on=TODAY))
        assign(w, asked)
    # Of the three one is asked for and expired: another was not asked, and the last day of the third is today.
    assert "1 person is overdue with training" in told(client.get(work_page))
    listed = told(client.get(f"{home}?standing=overdue"))
    assert cast.staff.name in listed
    assert cast.auditor.name not in listed
    assert cast.administrator.name not in listed
    sheet = client.get(f"{home}/export/csv?standing=overdue").get_data(as_text=True)
    assert "Expired until 2026-12-31, overdue" in sheet
    assert cast.auditor.name not in sheet
    report = told(client.get(f"/o/{cast.organisation.slug}/reports/training"))
    assert "1 overdue." in report
    assert "Expired, overdue" in report


def test_the_matrix_asks_the_same_number_of_questions_however_much_there_is(app, cast):
    def questions():
        asked = []
        with on_stage(app, cast.organisation) as w:

            def heard(_c, _cursor, statement, *_more):
                asked.append(statement)

            event.listen(db.engine, "before_cursor_execute", heard)
            training_matrix(w, LearnerFilters(), None, 1)
            event.remove(db.engine, "before_cursor_execute", heard)
        return len(asked)

    with on_stage(app, cast.organisation) as w:
        passed(w, cast.staff.id, course(w), date(2026, 1, 1))
    few = questions()
    with on_stage(app, cast.organisation) as w:
        for number in range(2, 12):
            taken = course(w, f"TR-{number:03}", f"Course {number}")
            for who in (cast.staff, cast.auditor, cast.administrator):
                passed(w, who.id, taken, date(2026, 1, 1))
    assert questions() == few


def test_who_is_to_take_a_course_is_reminded_as_of_other_duties(app, client, cast, home):
    from datetime import UTC, datetime, time

    from app.jobs import due_reminders

    with on_stage(app, cast.organisation) as w:
        taken = course(w).id
    asked = {"what": f"course-{taken}", "due_on": "2027-02-20", "people": cast.staff.email, "refreshing": "never"}
    post(client, f"{home}/assign", **agreed(post(client, f"{home}/assign", **asked)))
    days = [date(2027, 2, day) for day in range(12, 29)]
    told_on = []
    for day in days:
        with app.app_context(), time_machine.travel(now := datetime.combine(day, time(9), UTC), tick=False):
            if list(due_reminders.run(now)):
                told_on.append(day.day)
    assert told_on == [13, 19, 20, 27]
    with on_stage(app, cast.organisation) as w:
        # The first told that it was assigned.
        assert w.session.scalar(select(func.count()).select_from(OutboxMail)) == 1 + 4
