"""People from a file: who is invited, changed and left; every faulty line is named, and then nothing is imported."""

import io
import re
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app.domain.permission import Role
from app.domain.subscription.seats import PoolSource, SeatKind
from app.extensions import db
from app.models.journal import JournalEntry
from app.models.organisation import Invitation, Membership
from app.models.outbox import OutboxMail
from app.models.person import Person
from app.models.seat import SeatAssignment
from app.operations import seat_pools, subscription_seats
from app.operations.seat_pools import PoolDetails
from tests.cast import Cast, post, sign_in
from tests.stage import on_stage

HEAD = "Email,Name,Roles,Seats\n"


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel("2027-02-01T12:00:00+00:00"):
        yield


@pytest.fixture
def home(client: FlaskClient, cast: Cast) -> str:
    sign_in(client, cast.administrator)
    return f"/o/{cast.organisation.slug}/settings/members/import"


def pool(app: Flask, cast: Cast, quantity: int, kind: SeatKind = SeatKind.LMS) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        seat_pools.record(w, PoolDetails(kind=kind, source=PoolSource.BOUGHT, quantity=quantity, starts_on=w.today))


def told(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def sent(client, home, text):
    """Where the preview of a file stands."""
    answer = post(client, home, {"file": (io.BytesIO(text.encode()), "people.csv"), "day_order": ""})
    assert answer.status_code == 303
    return answer.location


def agree(client, where):
    """What the page says, and the answer to its one button."""
    page = client.get(where)
    digest = re.search(r'name="agreed" value="([^"]+)"', page.text)
    return told(page), post(client, where, {"agreed": digest[1] if digest else ""})


def count(app, cast, row) -> int:
    with on_stage(app, cast.organisation) as w:
        return w.session.scalar(select(func.count()).select_from(row))


def test_some_are_invited_some_change_and_a_second_time_nothing_does(app, client, cast, home):
    pool(app, cast, 3)
    text = (
        "E-mail,Full name,Role,Seat,Telephone\n"
        "Nia@Example.ORG,Nia Bell,quality manager; Auditor,LMS,1\n"
        f"{cast.staff.email.upper()},Another Name,Auditor,lms,2\n"
        f"{cast.auditor.email},,,,3\n"
    )
    says, done = agree(client, where := sent(client, home, text))
    assert "1 person will be invited by mail and 1 changed" in says
    assert "Auditor instead of Staff; gets an LMS seat today" in says
    assert f"{cast.staff.name} is not renamed “Another Name”" in says
    assert "Columns that are not read: Telephone." in says
    assert done.status_code == 303
    with on_stage(app, cast.organisation) as w:
        (row,) = w.all(select(Invitation))
        assert (row.email, row.name, row.lms_seat) == ("nia@example.org", "Nia Bell", True)
        assert row.roles == {Role.QUALITY_MANAGER, Role.AUDITOR}
        (mail,) = w.all(select(OutboxMail))
        assert (mail.to_email, "invites you" in mail.subject) == ("nia@example.org", True)
        assert w.all(select(SeatAssignment.person_id)) == [cast.staff.id]
        assert w.all(select(Person.name).where(Person.id == cast.staff.id)) == [cast.staff.name]
        assert w.all(select(Membership.roles).where(Membership.person_id == cast.staff.id)) == [{Role.AUDITOR}]
        nouns = set(w.all(select(JournalEntry.noun).where(JournalEntry.actor_id == cast.administrator.id)))
        assert {"invitation", "membership", "seat_assignment"} <= nouns
    says, again = agree(client, sent(client, home, text))
    assert "All of them are members or invited already." in says
    assert post(client, where, {"agreed": "seen before"}).status_code == 422
    assert again.status_code == 422
    assert (count(app, cast, Invitation), count(app, cast, OutboxMail)) == (1, 1)


def test_every_faulty_line_is_named_and_nothing_is_imported(app, client, cast, home):
    bad = (
        f"{HEAD}good@example.org,Good,Staff,\n"
        "no mail,Nobody,Staff,\n"
        "jan@example.org,Jan,Janitor,\n"
        "GOOD@example.org,Twice,Staff,\n"
        "nameless@example.org,,Staff,\n"
        "seat@example.org,Seat,Staff,Parking\n"
        "outside@example.org,Out Side,External assessor,\n"
        f"{cast.assessor.email},,,LMS\n"
        f"{cast.administrator.email},,Staff,\n"
    )
    says, done = agree(client, where := sent(client, home, bad))
    for line, why in (
        (3, "This is not an email address"),
        (4, "“Janitor” is no role. There are: Quality manager"),
        (5, "good@example.org stands in line 2 too"),
        (6, "It is empty"),
        (7, "“Parking” is no kind of seat"),
        (8, "invited until a day"),
        (9, "An external assessor takes no seat"),
        (10, "this is the last one"),
    ):
        assert re.search(rf"Line {line} \S+(?: until)? {re.escape(why)}|Line {line} .{{0,90}}{re.escape(why)}", says), (
            line
        )
    assert "Line 2 " not in says
    assert done.status_code == 422
    assert client.get(f"{where}/faults.csv").text.count("Line ") == 8
    assert count(app, cast, Invitation) == 0


def test_an_administrator_hands_over_to_another_in_one_file(app, client, cast, home):
    text = f"{HEAD}{cast.administrator.email},,Auditor,\n{cast.staff.email},,Administrator,\n"
    assert agree(client, sent(client, home, text))[1].status_code == 303
    with on_stage(app, cast.organisation) as w:
        roles = dict(w.execute(select(Membership.person_id, Membership.roles)).all())
    assert (roles[cast.administrator.id], roles[cast.staff.id]) == ({Role.AUDITOR}, {Role.ADMINISTRATOR})


@pytest.mark.parametrize(
    ("owned", "offered", "refused"),
    [
        (0, 0, "No pool of LMS seats is recorded"),
        (1, 0, "1 is free, and 2 are asked for"),
        (2, 0, ""),
        (2, 1, "offer 1"),
    ],
)
def test_no_file_gives_more_seats_than_are_owned(app, client, cast, home, owned, offered, refused):
    if owned:
        pool(app, cast, owned)
    if offered:
        agree(client, sent(client, home, f"{HEAD}first@example.org,First,Staff,LMS\n"))
    text = f"{HEAD}nia@example.org,Nia,Staff,LMS\n{cast.staff.email},,,LMS\n"
    says, done = agree(client, sent(client, home, text))
    assert refused in says
    assert done.status_code == (422 if refused else 303)
    assert count(app, cast, SeatAssignment) == (0 if refused else 1)


def test_what_changed_since_it_was_looked_at_is_looked_at_again(app, client, cast, home):
    pool(app, cast, 1)
    where = sent(client, home, f"{HEAD}{cast.staff.email},,,LMS\n")
    digest = re.search(r'name="agreed" value="([^"]+)"', client.get(where).text)[1]
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscription_seats.assign(w, SeatKind.LMS, [cast.staff.id], w.today)
    late = post(client, where, {"agreed": digest})
    assert late.status_code == 422
    assert "has changed since you saw" in told(late)
    assert count(app, cast, SeatAssignment) == 1


def test_other_terms_than_those_of_an_open_invitation_are_a_fault(app, client, cast, home):
    agree(client, sent(client, home, f"{HEAD}nia@example.org,Nia,Staff,\n"))
    says, _ = agree(client, sent(client, home, f"{HEAD}Nia@example.org,Nia,Auditor,\n"))
    assert "is invited already, as Staff, on other terms" in says
    with time_machine.travel("2027-03-01T12:00:00+00:00"):
        # It has run out: a new one takes its place.
        sign_in(client, cast.administrator)
        assert agree(client, sent(client, home, f"{HEAD}Nia@example.org,Nia,Auditor,\n"))[1].status_code == 303
    with on_stage(app, cast.organisation) as w:
        assert sorted(each.withdrawn_at is None for each in w.all(select(Invitation))) == [False, True]


def test_only_who_may_invite_may_import_and_the_file_is_theirs_alone(client, cast, home):
    where = sent(client, home, f"{HEAD}nia@example.org,Nia,Staff,\n")
    sign_in(client, cast.quality_manager)
    assert [client.get(each).status_code for each in (home, where)] == [403, 403]
    sign_in(client, cast.stranger)
    assert [client.get(each).status_code for each in (home, where)] == [404, 404]
    elsewhere = where.replace(cast.organisation.slug, cast.elsewhere.slug)
    assert [client.get(each).status_code for each in (elsewhere, f"{elsewhere}/faults.csv")] == [404, 404]


def test_a_long_file_is_planned_with_as_many_questions_as_a_short_one(client, home):
    def questions(many: int) -> int:
        lines = "".join(f"p{number}@example.org,Person {number},Staff,\n" for number in range(many))
        where, asked = sent(client, home, HEAD + lines), []

        def heard(*told: object) -> None:
            asked.append(told[2])

        with client.application.app_context():
            event.listen(db.engine, "before_cursor_execute", heard)
            assert client.get(where).status_code == 200
            event.remove(db.engine, "before_cursor_execute", heard)
        return len(asked)

    assert questions(2) == questions(300)
