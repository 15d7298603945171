"""Who was asked to an item hears, once and in one mail, of what changes or ends; their calendar follows."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.programme.progress import AuditProgress
from app.domain.programme.team import Seat, TeamRole
from app.jobs import deliver_outbox, tell_auditees
from app.models.outbox import OutboxMail
from app.operations import agenda, agenda_confirmations, audits
from app.operations.agenda import AgendaDetails
from app.queries.audit_plan import agenda_of
from app.queries.audits import audit_of
from app.reports.audit_plan import plan_for
from app.work import now_utc
from tests.jobs.conftest import post
from tests.stage import on_stage, plan

NORA = "nora@supplier.example"
OPENING = AgendaDetails(
    held_on=date(2030, 5, 6),
    starts_at=time(9),
    ends_at=time(10),
    title="Opening",
    outside=(("Nora Klein", NORA),),
)


@pytest.fixture(autouse=True)
def spring(time_machine):
    time_machine.move_to("2030-04-01T08:00:00+00:00", tick=False)
    return time_machine


@pytest.fixture
def reference(app, cast):
    """Nora from outside is asked to two items, the member of staff to the first of them."""
    with on_stage(app, cast.organisation) as w:
        lead = (Seat(TeamRole.LEAD, person_id=cast.auditor.id),)
        reference = plan(w, None, date(2030, 5, 6), kind=AuditKind.INTERNAL, team=lead, time_zone="Europe/Berlin")
        audit = audit_of(w, reference.reference, lock=True)
        agenda.add(w, audit, replace(OPENING, members=frozenset({cast.staff.id})))
        agenda.add(w, audit, replace(OPENING, title="Access", starts_at=time(10), ends_at=time(12)))
        agenda_confirmations.ask(w, audit)
        return audit.reference


def heard(app, house, to):
    """The mails to somebody: subject, and of each event in it method, sequence and beginning."""
    with on_stage(app, house) as w:
        rows = w.all(select(OutboxMail).where(OutboxMail.to_email == to).order_by(OutboxMail.id))
        return [
            (row.subject.partition(": ")[2], [_event(each) for each in Calendar.from_ical(row.calendar, multiple=True)])
            for row in rows
        ]


def _event(calendar):
    (event,) = calendar.walk("VEVENT")
    assert str(event["ORGANIZER"]).startswith("mailto:")
    assert event["ATTENDEE"].params.get("RSVP") == ("TRUE" if calendar["METHOD"] == "REQUEST" else None)
    assert event["STATUS"] == ("CONFIRMED" if calendar["METHOD"] == "REQUEST" else "CANCELLED")
    begins = event.decoded("DTSTART").isoformat()
    return str(calendar["METHOD"]), str(event["SUMMARY"]).partition(" ")[2], event["SEQUENCE"], begins


def uids(app, house):
    with on_stage(app, house) as w:
        kept = w.all(select(OutboxMail.calendar).where(OutboxMail.to_email == NORA))
        return {
            str(event["UID"])
            for text in kept
            for each in Calendar.from_ical(text, multiple=True)
            for event in each.walk("VEVENT")
        }


def run(app):
    with app.app_context():
        return list(tell_auditees.run(now_utc()))


def change(app, house, reference, which, **details):
    with on_stage(app, house) as w:
        audit = audit_of(w, reference, lock=True)
        item = next(each for each in agenda_of(w, audit.id) if each.title == which)
        kept = replace(OPENING, title=which, starts_at=item.starts_at, ends_at=item.ends_at)
        kept = replace(kept, members=frozenset(each.person_id for each in item.people if each.person_id))
        agenda.change(w, audit, item, replace(kept, **details))


def test_several_changes_make_one_mail_to_those_whom_they_concern(app, cast, reference, spring):
    house = cast.organisation
    change(app, house, reference, "Access", starts_at=time(11))
    change(app, house, reference, "Access", held_on=date(2030, 5, 7), ends_at=time(13))
    assert run(app) == []
    spring.shift(240)
    change(app, house, reference, "Opening", outside=())
    spring.shift(240)
    assert run(app) == []
    spring.shift(61)
    assert run(app) == [f"alder-works: 1 told of a change of {reference}"]
    asked, changed = heard(app, house, NORA)
    assert asked[1] == [
        ("REQUEST", "Opening", 1, "2030-05-06T09:00:00+02:00"),
        ("REQUEST", "Access", 1, "2030-05-06T10:00:00+02:00"),
    ]
    assert changed == (
        "your part of the audit at Alder Works has changed",
        [
            ("REQUEST", "Access", 3, "2030-05-07T11:00:00+02:00"),
            ("CANCEL", "Opening", 2, "2030-05-06T09:00:00+02:00"),
        ],
    )
    assert len(uids(app, house)) == 2
    assert len(heard(app, house, cast.staff.email)) == 1
    assert run(app) == []


def test_what_was_changed_back_is_told_to_nobody(app, cast, reference, spring):
    change(app, cast.organisation, reference, "Access", place="Room 8")
    change(app, cast.organisation, reference, "Access")
    spring.shift(600)
    assert run(app) == []
    assert len(heard(app, cast.organisation, NORA)) == 1


def test_who_is_taken_off_is_told_and_asked_again_gets_a_later_version(app, cast, reference, spring):
    house = cast.organisation
    change(app, house, reference, "Opening", members=frozenset())
    spring.shift(301)
    run(app)
    change(app, house, reference, "Opening", members=frozenset({cast.staff.id}))
    spring.shift(601)
    assert run(app) == []
    with on_stage(app, house) as w:
        agenda_confirmations.ask(w, audit_of(w, reference, lock=True))
    _, off, again = heard(app, house, cast.staff.email)
    begins = "2030-05-06T09:00:00+02:00"
    assert off == ("you are no longer wanted at the audit at Alder Works", [("CANCEL", "Opening", 2, begins)])
    assert again[1] == [("REQUEST", "Opening", 3, begins)]


def test_a_cancelled_audit_is_taken_out_of_every_calendar_at_once(app, cast, reference):
    with on_stage(app, cast.organisation) as w:
        audits.take_step(w, reference, AuditProgress.CANCELLED, reason="The supplier left")
    subject, events = heard(app, cast.organisation, NORA)[-1]
    assert subject == "the audit at Alder Works was cancelled"
    assert [(method, sequence) for method, _, sequence, _ in events] == [("CANCEL", 2), ("CANCEL", 2)]
    assert run(app) == []


def test_nothing_is_told_of_what_is_over(app, cast, reference, spring):
    change(app, cast.organisation, reference, "Access", place="Room 8")
    spring.move_to("2030-05-07T08:00:00+00:00")
    assert run(app) == []
    assert len(heard(app, cast.organisation, NORA)) == 1


def test_the_plan_goes_along_and_who_is_no_member_sees_their_own_part(app, mailing, cast, reference, server):
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, reference, lock=True)
        agenda.add(w, audit, replace(OPENING, title="Cellar", outside=(), members=frozenset({cast.staff.id})))

        def items(email, person_id):
            return [(row[2], row[6]) for row in plan_for(w, reference, email, person_id).tables[2].rows]

        assert items(NORA, None) == [("Opening", "Nora Klein"), ("Access", "Nora Klein")]
        assert [title for title, _ in items(cast.staff.email, cast.staff.id)] == ["Opening", "Cellar", "Access"]
        w.session.execute(OutboxMail.__table__.delete())
    with mailing.app_context():
        post(organisation_id=cast.organisation.id, to_email=NORA, plan_of=reference)
        assert list(deliver_outbox.run(datetime.now().astimezone())) == ["1 mail sent"]
    (message,) = server.taken
    paper = next(part for part in message.walk() if part.get_content_type() == "application/pdf")
    assert paper.get_filename() == f"audit-plan-{reference}-2030-04-01.pdf"
    assert paper.get_content().startswith(b"%PDF")
