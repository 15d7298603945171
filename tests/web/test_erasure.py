"""Erasing a person: nothing of the name and the mail stays, and nothing of what was done goes."""

from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text

from app.domain.certification.facts import AuditKind
from app.domain.itam.reconciliation import Finding, SourceKind
from app.domain.permission import Role
from app.domain.programme.agenda import AgendaSide
from app.domain.secret import token_hash
from app.extensions import db
from app.models.agenda_invitation import AgendaInvitation
from app.models.audit import Audit, TeamMember, TeamRole
from app.models.audit_plan import AgendaItem, AgendaPerson
from app.models.base import Base
from app.models.calendar_feed import CalendarFeed
from app.models.employee import Employee
from app.models.journal import JournalEntry
from app.models.management_review import ManagementReview
from app.models.organisation import Membership
from app.models.outbox import OutboxMail
from app.models.person import Person
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.operations import organisations
from app.operations.outbox import post as post_mail
from app.work import work
from tests.cast import PASSWORD, Cast, Member, post, sign_in
from tests.web.mailbox import mails
from tests.web.test_account_second_factor import set_up
from tests.web.test_members import MEMBERS, invite, membership

INVITATION = """BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
ATTENDEE;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;CN="a long way to {name}":mailto:{email}\r
END:VEVENT\r
END:VCALENDAR\r
"""


def folded(text: str, at: int) -> str:
    """The calendar as a generator folds it, here in the middle of wherever that is."""
    return "\r\n".join(line if len(line) <= at else f"{line[:at]}\r\n {line[at:]}" for line in text.split("\r\n"))


def mentions(app: Flask, *words: str) -> list[str]:
    """Where in the whole database one of these words stands."""
    found = []
    with app.app_context(), db.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                for column, value in row.items():
                    unfolded = str(value).replace("\r\n ", "").lower()
                    if any(word.lower() in unfolded for word in words):
                        found.append(f"{table}.{column}: {value}")
    return found


def audit_of(app: Flask, cast: Cast, person: Member) -> None:
    """An audit that the person leads, with an outside expert who writes from the same email address."""
    with app.app_context(), work(cast.organisation.id) as w:
        day = date(2026, 3, 2)
        audit = w.add(
            Audit(
                reference="IA-2026-01",
                kind=AuditKind.INTERNAL,
                starts_on=day,
                ends_on=day,
                time_zone="Europe/Berlin",
                uid="ia-2026-01@tests",
                created_at=w.now,
                changed_at=w.now,
            )
        )
        w.add(TeamMember(audit_id=audit.id, role=TeamRole.LEAD, person_id=person.id))
        w.add(
            TeamMember(
                audit_id=audit.id,
                role=TeamRole.EXPERT,
                outside_name=person.name,
                outside_email=person.email.upper(),
            )
        )
        item = w.add(AgendaItem(audit_id=audit.id, held_on=day, starts_at=time(9), ends_at=time(10), title="Opening"))
        w.add(AgendaPerson(item_id=item.id, side=AgendaSide.AUDITEE, person_id=person.id))
        w.add(
            AgendaPerson(
                item_id=item.id, side=AgendaSide.AUDITEE, outside_name=person.name, outside_email=person.email.upper()
            )
        )
        told = {"title": item.title, "held_on": day, "starts_at": time(9), "ends_at": time(10), "time_zone": "UTC"}
        for whom, email, person_id in (("1", "", person.id), (person.email, person.email.upper(), None)):
            invited = {"whom": whom, "email": email, "name": person.name, "person_id": person_id, "sequence": 1}
            w.add(AgendaInvitation(audit_id=audit.id, item_id=item.id, said="x", **told, **invited))
        w.add(
            ManagementReview(
                reference="MR-2026-01",
                held_on=day,
                period_starts_on=date(2025, 3, 2),
                attendees=f"Ada Minton\n{person.name}, by telephone",
            )
        )


def furnish(app: Flask, client: FlaskClient, cast: Cast, person: Member) -> None:
    """Leave as many traces of a person as there are."""
    set_up(app, client, person)
    anybody = app.test_client()
    post(anybody, "/account/forgotten", {"email": person.email})
    with app.app_context(), work(cast.organisation.id) as w:
        w.add(
            CalendarFeed(
                person_id=person.id, name=f"Telephone of {person.name}", token_hash=token_hash("x"), created_at=w.now
            )
        )
        post_mail(
            w,
            to_email=cast.administrator.email,
            to_name="Ada",
            subject=f"{person.name} has joined",
            template="invitation",
            context={
                "inviter": person.name,
                "organisation": "Alder Works",
                "roles": [person.email],
                "until": None,
                "token": "x",
                "good_until": "",
            },
            calendar=folded(INVITATION.format(name=person.name, email=person.email), 75),
        )
        employee = w.add(Employee(number="P-1", name=person.name, email=person.email.upper(), created_at=w.now))
        run = w.add(
            Reconciliation(
                reference="RC-2026-01",
                kind=SourceKind.LEAVERS,
                source="Personnel",
                file_name="leavers.csv",
                sha256="0" * 64,
                run_at=w.now,
                totals={},
                asked={},
            )
        )
        w.add(
            ReconciliationLine(
                run_id=run.id,
                key="P-1",
                finding=Finding.DIFFERENT,
                employee_id=employee.id,
                theirs={"name": person.name},
                ours={"email": person.email},
                differences=[["name", person.name, person.email]],
                candidates=[person.name],
            )
        )
    audit_of(app, cast, person)


def test_nothing_of_a_person_stays_who_erases_themself(app: Flask, client: FlaskClient, cast: Cast) -> None:
    admin = app.test_client()
    invite(app, admin, cast, email=cast.stranger.email, name=cast.stranger.name, roles=["auditor"])
    post(sign_in(client, cast.stranger), mails(app)[-1].path)
    furnish(app, client, cast, cast.stranger)
    with app.app_context(), work(cast.elsewhere.id) as w:
        ada = w.session.scalars(select(Person).where(Person.id == cast.administrator.id)).one()
        organisations.join(w, w.organisation, ada, frozenset({Role.ADMINISTRATOR}))
    assert len(mentions(app, "Osgood")) > 8
    page = client.get("/account/erase").text
    assert "The membership of Alder Works and Birch Hosting ends." in page
    assert "1 calendar feed stops working" in page
    assert post(client, "/account/erase", {"current": "wrong"}).status_code == 422
    assert mentions(app, "Osgood")
    assert post(client, "/account/erase", {"current": PASSWORD}).status_code == 303
    assert mentions(app, "Osgood", cast.stranger.email) == []
    assert client.get("/account/").status_code == 303
    number = cast.stranger.id
    assert f"Erased person {number}" in sign_in(admin, cast.administrator).get(MEMBERS).text
    assert f"Erased person {number} has joined" in [each.subject for each in mails(app)]
    with app.app_context(), work(None, writes=False) as w:
        calendar = w.all(select(OutboxMail.calendar).where(OutboxMail.calendar != ""))[0]
    assert all(len(line) <= 75 for line in calendar.split("\r\n"))
    assert f"mailto:erased-{number}@erased.invalid" in calendar.replace("\r\n ", "")


def test_what_was_done_stays(app: Flask, client: FlaskClient, cast: Cast) -> None:
    furnish(app, client, cast, cast.staff)
    count = select(JournalEntry.id)
    with app.app_context(), work(None, writes=False) as w:
        before = {row[0]: row[1] for row in w.execute(select(JournalEntry.id, JournalEntry.hash))}
    post(client, "/account/erase", {"current": PASSWORD})
    with app.app_context(), work(cast.organisation.id, writes=False) as w:
        kept = {row[0]: row[1] for row in w.execute(select(JournalEntry.id, JournalEntry.hash))}
        assert before.items() <= kept.items()
        assert len(kept) > len(before)
        assert len(w.all(count)) == len(kept)
        columns = select(TeamMember.person_id, TeamMember.outside_name, TeamMember.outside_email).order_by(
            TeamMember.id
        )
        assert [tuple(row) for row in w.execute(columns)] == [
            (cast.staff.id, "", ""),
            (None, f"Erased person {cast.staff.id}", ""),
        ]
        assert w.all(select(CalendarFeed.revoked_at)) != [None]
        assert w.all(select(Membership.ended_at).where(Membership.person_id == cast.staff.id)) != [None]


def test_an_administrator_erases_a_person_of_this_organisation(app: Flask, client: FlaskClient, cast: Cast) -> None:
    furnish(app, app.test_client(), cast, cast.auditor)
    sign_in(client, cast.administrator)
    number = membership(app, cast, cast.auditor)[0]
    page = client.get(f"{MEMBERS}/{number}/erase").text
    assert "Erase Aud Lindqvist?" in page
    assert mentions(app, "Lindqvist")
    for wrong in ({}, {"current": "not this one"}):
        assert post(client, f"{MEMBERS}/{number}/erase", wrong).status_code == 422
        assert mentions(app, "Lindqvist")
    assert post(client, f"{MEMBERS}/{number}/erase", {"current": PASSWORD}).status_code == 303
    assert mentions(app, "Lindqvist") == []
    assert post(client, f"{MEMBERS}/{number}/bring-back").status_code == 422
    assert post(app.test_client(), "/sign-in", {"email": cast.auditor.email, "password": PASSWORD}).status_code == 422


def test_an_administrator_does_not_erase_somebody_of_two_organisations(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    with app.app_context(), work(cast.elsewhere.id) as w:
        person = w.session.scalars(select(Person).where(Person.id == cast.auditor.id)).one()
        organisations.join(w, w.organisation, person, frozenset({Role.AUDITOR}))
    sign_in(client, cast.administrator)
    number = membership(app, cast, cast.auditor)[0]
    assert "only they can erase themself" in client.get(f"{MEMBERS}/{number}/erase").text
    assert post(client, f"{MEMBERS}/{number}/erase").status_code == 422
    assert mentions(app, "Lindqvist")


def test_an_administrator_does_not_erase_themself_here(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.administrator)
    number = membership(app, cast, cast.administrator)[0]
    answer = post(client, f"{MEMBERS}/{number}/erase")
    assert answer.status_code == 422
    assert "page of your own account" in answer.text


def test_the_last_administrator_of_others_cannot_leave_by_erasure(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.administrator)
    answer = post(client, "/account/erase", {"current": PASSWORD})
    assert answer.status_code == 422
    assert "Alder Works would be left without an administrator" in answer.text
    assert mentions(app, "Minton")
    assert membership(app, cast, cast.administrator)[2]


def test_the_last_member_of_all_may_go(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.stranger)
    assert post(client, "/account/erase", {"current": PASSWORD}).status_code == 303
    assert mentions(app, "Osgood") == []


@pytest.mark.parametrize("name", ["D'Arcy <Lee> & Sons", "100% O_Brien"])
def test_a_name_with_marks_is_found_however_it_is_written(
    app: Flask, client: FlaskClient, cast: Cast, name: str
) -> None:
    sign_in(client, cast.staff)
    post(client, "/account/", {"name": name})
    furnish(app, client, cast, Member(cast.staff.id, name, cast.staff.email))
    assert post(client, "/account/erase", {"current": PASSWORD}).status_code == 303
    assert mentions(app, name, "D&#39;Arcy", "Brien", cast.staff.email) == []


def test_the_mail_address_is_free_for_another_person(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    post(client, "/account/erase", {"current": PASSWORD})
    path = invite(app, client, cast, email=cast.staff.email, name="Somebody Else")
    guest = app.test_client()
    data = {"name": "Somebody Else", "password": "seven lanterns drift northwards"}
    assert post(guest, path, data).status_code == 303


@pytest.mark.one_database
def test_every_column_that_holds_somebodys_name_or_mail_is_thought_of() -> None:
    personal = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.info.get("personal")
    }
    blanked = {
        "person.email",
        "person.name",
        "person.password_hash",
        "person.totp_secret",
        "recovery_code.code_hash",
        "sign_in.address",
        "sign_in.browser",
        "invitation.email",
        "invitation.name",
        "team_member.outside_name",
        "team_member.outside_email",
        "calendar_feed.name",
        "agenda_person.outside_name",
        "agenda_person.outside_email",
        "agenda_invitation.whom",
        "agenda_invitation.email",
        "agenda_invitation.name",
        "management_review.attendees",
        "employee.name",
        "employee.email",
        "reconciliation_line.theirs",
        "reconciliation_line.ours",
        "reconciliation_line.differences",
        "reconciliation_line.candidates",
    }
    of_others = {"certification_body.contact", "decision.decided_by"}
    assert personal == blanked | of_others
