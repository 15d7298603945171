"""Who is assigned a course is told by mail: one mail a person and act, by name, by rule, and on joining."""

import time_machine
from sqlalchemy import select

from app.domain.permission import Role
from app.domain.training.due import Terms
from app.models.organisation import Membership, Organisation
from app.models.training_assignment import TrainingAssignment
from app.operations import organisations
from app.operations.training_assignments import Wish, apply_rules, assign, take_back
from app.queries.training_matrix import assignment_by
from app.work import work
from tests.cast import add_person
from tests.stage import on_stage
from tests.trained import course, path
from tests.web.mailbox import mails


def test_one_mail_tells_a_person_all_that_one_act_assigns(app, cast):
    with time_machine.travel("2027-02-01T12:00:00+00:00"), on_stage(app, cast.organisation, cast.quality_manager) as w:
        way = path(w, course(w), course(w, "TR-002", "ISO 19011 <in practice>"))
        assign(w, Wish(path_id=way.id, terms=Terms(due_days=30)))
    told = mails(app)
    # Everybody who may take training, but for who assigned it and the external assessor.
    others = (cast.auditor, cast.asset_manager, cast.staff, cast.administrator, cast.provider_staff)
    assert sorted(each.to for each in told) == sorted(each.email for each in others)
    mine = next(each for each in told if each.to == cast.staff.email)
    assert mine.subject == "2 courses are assigned to you · Alder Works"
    assert mine.body.startswith("Stella Farrow,")
    assert "Internal auditing (TR-001)\nDue by 3 March 2027." in mine.body.replace("3 Mar 2027", "3 March 2027")
    assert "ISO 19011 <in practice> (TR-002)" in mine.body
    assert f"/o/{cast.organisation.slug}/my-training" in mine.body


def test_a_name_stands_in_the_mail_as_it_is_written_and_never_as_markup(app, cast):
    from app.models.outbox import OutboxMail

    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        odd = add_person(w, "Odd <b>Name</b>", email="odd@name.example")
        w.add(Membership(person_id=odd.id, roles=frozenset({Role.STAFF}), joined_at=w.now))
        assign(w, Wish(course_id=course(w).id, people=frozenset({odd.id, cast.staff.id})))
        html = {each.to_email: each.html for each in w.all(select(OutboxMail))}
    assert "Odd &lt;b&gt;Name&lt;/b&gt;, this is" in html["odd@name.example"]
    assert "Stella Farrow, this is" in html[cast.staff.email]


def test_what_was_assigned_already_is_told_no_second_time_and_what_came_back_is(app, cast):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        taken = course(w).id
        wish = Wish(course_id=taken, people=frozenset({cast.staff.id}))
        assign(w, wish)
        assign(w, wish)
    assert [each.subject for each in mails(app)] == ["Internal auditing is assigned to you · Alder Works"]
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = w.all(select(TrainingAssignment))[0]
        take_back(w, assignment_by(w, row.id, lock=True))
        assign(w, wish)
    assert len(mails(app)) == 2


def test_who_joins_and_who_comes_to_a_role_is_told_what_the_rules_ask(app, cast):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        first, second = course(w), course(w, "TR-002", "ISO 19011")
        for each in (first, second):
            assign(w, Wish(course_id=each.id, role=Role.AUDITOR, terms=Terms(due_days=30), goes_on=True))
    before = len(mails(app))
    with app.app_context(), work(None) as w:
        here = w.session.scalars(select(Organisation).where(Organisation.id == cast.organisation.id)).one()
        organisations.join(w, here, add_person(w, "Nova Joiner"), frozenset({Role.AUDITOR}))
    told = mails(app)[before:]
    assert [(each.to, each.subject) for each in told] == [
        ("nova@joiner.example", "2 courses are assigned to you · Alder Works")
    ]
    with on_stage(app, cast.organisation) as w:
        member = w.one_or_none(select(Membership).where(Membership.person_id == cast.staff.id).with_for_update())
        member.roles = member.roles | {Role.AUDITOR}
    with on_stage(app, cast.organisation) as w:
        assert apply_rules(w) == 2
        assert apply_rules(w) == 0
    assert [each.to for each in mails(app)[before + 1 :]] == [cast.staff.email]


def test_many_are_told_by_one_statement(app, cast):
    from tests.web.mailbox import mails as told

    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        for number in range(60):
            who = add_person(w, f"Member{number} Many", email=f"m{number}@many.example")
            w.add(Membership(person_id=who.id, roles=frozenset({Role.STAFF}), joined_at=w.now))
        taken = course(w).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        assign(w, Wish(course_id=taken, role=Role.STAFF))
    found = [each for each in told(app) if each.to.endswith("@many.example")]
    assert len({each.to for each in found}) == 60
    assert all(each.body.startswith(f"Member{each.to[1:].partition('@')[0]} Many,") for each in found)
