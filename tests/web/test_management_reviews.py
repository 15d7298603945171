"""Management reviews on screen: planned by the standards, held with what the data say, closed when all was taken up."""

import re
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from app.domain.certification.facts import AuditKind
from app.domain.findings.grading import FindingGrade
from app.domain.permission import Role
from app.extensions import db
from app.models.corrective_action import Action
from app.models.finding import Finding
from app.models.organisation import Membership
from app.models.outbox import OutboxMail
from app.operations import management_reviews as operation
from app.operations.management_reviews import ReviewDetails
from app.queries.management_reviews import review_by
from app.queries.preparation import record_of
from tests.cast import post, sign_in
from tests.outputs.test_pdf import opened
from tests.stage import certificate, on_stage, plan

ISMS, QMS = "ISO/IEC 27001:2022", "ISO 9001:2015"


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}/management-reviews"


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def planned(app, cast, *standards, days=0, **more):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        day = w.today - timedelta(days=days)
        details = ReviewDetails(
            held_on=day, period_starts_on=day - timedelta(days=365), standards=standards or (ISMS,), **more
        )
        return operation.plan(w, details).reference


def held(app, cast, *standards, **more):
    reference = planned(app, cast, *standards, **more)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        operation.hold(w, reference, None, review_by(w, reference).held_on, "Ada Minton, managing director")
    return reference


def talk_through(app, cast, reference, said="Nothing to change."):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        for topic in review_by(w, reference).topics:
            operation.say(w, reference, topic.id, None, said, "")


def entry(**typed):
    return {"entry_key": str(uuid4()), **typed}


def test_the_form_offers_the_standards_in_use_and_the_agenda_comes_from_them(client, app, cast, home):
    with on_stage(app, cast.organisation) as w:
        certificate(w)
        today = w.today
    manager = sign_in(client, cast.quality_manager)
    assert "No management review yet" in told(manager.get(home))
    form = told(manager.get(f"{home}/new"))
    assert f'checked class="form-check-input" id="standards-0" name="standards" type="checkbox" value="{ISMS}"' in form
    typed = {
        "title": "Autumn",
        "held_on": today.isoformat(),
        "period_starts_on": (today - timedelta(days=300)).isoformat(),
        "standards": [ISMS, QMS],
        "chair": cast.administrator.id,
    }
    done = post(manager, f"{home}/new", typed)
    reference = f"MR-{today.year}-01"
    assert (done.status_code, done.location) == (303, f"{home}/{reference}")
    page = told(manager.get(done.location))
    assert "Ada Minton" in page
    for standard in (QMS, ISMS):
        assert f"{standard}, 9.3.2 Review inputs" in page
    assert "How suppliers and other outside parties perform" in page
    assert "Whether the policy still fits" not in page
    assert f"{reference}</a> Autumn" in told(manager.get(home))


def test_an_external_assessor_chairs_no_review(client, app, cast, home):
    with on_stage(app, cast.organisation) as w:
        member = w.one_or_none(select(Membership).where(Membership.person_id == cast.staff.id))
        member.roles = frozenset({Role.ASSESSOR})
    manager = sign_in(client, cast.quality_manager)
    form = told(manager.get(f"{home}/new"))
    assert cast.administrator.name in form
    assert cast.staff.name not in form


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"standards": []}, "Choose at least one standard"),
        ({"standards": ["ISO 1:1999"]}, "Choose standards from the list."),
        ({"period_starts_on": "2027-03-14"}, "It looks back from the day on which it is held"),
        ({"held_on": "soon"}, "There is no such day."),
        ({"chair": "999999"}, "Choose a member of this organisation."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(client, cast, home, typed, says):
    fine = {"held_on": "2026-05-04", "period_starts_on": "2025-05-04", "standards": [ISMS]}
    answer = post(sign_in(client, cast.quality_manager), f"{home}/new", fine | typed)
    assert answer.status_code == 422
    assert says in told(answer)


def test_what_the_data_said_stays_as_it_was_shown_when_the_review_was_held(client, app, cast, home):
    reference = planned(app, cast)
    with on_stage(app, cast.organisation) as w:
        finding = {"statement": "It is.", "raised_on": w.today, "grade": FindingGrade.OPPORTUNITY}
        w.add(Finding(reference="F-2026-001", title="Fewer forms", links=[], **finding))
        today = w.today
    manager = sign_in(client, cast.quality_manager)
    assert "F-2026-001: Fewer forms" in told(manager.get(f"{home}/{reference}"))
    nobody = post(manager, f"{home}/{reference}/hold", entry(seen="1", held_on=today.isoformat(), attendees=" "))
    assert nobody.status_code == 422
    assert "top management reviews the system itself. [ISO/IEC 27001:2022, 9.3]" in told(nobody)
    early = entry(seen="1", held_on=(today + timedelta(days=1)).isoformat(), attendees="Ada")
    assert "has not come yet" in told(post(manager, f"{home}/{reference}/hold", early))
    done = post(manager, f"{home}/{reference}/hold", entry(seen="1", held_on=today.isoformat(), attendees="Ada"))
    assert done.status_code == 303
    with on_stage(app, cast.organisation) as w:
        w.add(Finding(reference="F-2026-002", title="Later", links=[], **finding))
        assert [(each.on, each.held, each.standards) for each in record_of(w, today).reviews] == [
            (today, True, (ISMS,))
        ]
    page = told(manager.get(f"{home}/{reference}"))
    assert "F-2026-001: Fewer forms" in page
    assert "F-2026-002" not in page


def test_a_review_closes_once_every_point_was_taken_up(client, app, cast, home):
    reference = held(app, cast)
    manager = sign_in(client, cast.quality_manager)
    refused = post(manager, f"{home}/{reference}/close", entry(conclusion="It works."))
    assert refused.status_code == 422
    assert "Results of audits." in told(refused)
    assert "It works." in told(refused)
    talk_through(app, cast, reference)
    assert "Say what the review comes to" in told(post(manager, f"{home}/{reference}/close", entry(conclusion="")))
    assert post(manager, f"{home}/{reference}/close", entry(conclusion="It works.")).status_code == 303
    page = told(manager.get(f"{home}/{reference}"))
    assert "It works." in page
    assert "Write down what was said" not in page
    with on_stage(app, cast.organisation) as w:
        topic = review_by(w, reference).topics[0]
    late = post(manager, f"{home}/{reference}/topics/{topic.id}", {"discussion": "One more thing."})
    assert late.status_code == 422
    assert "nothing about it changes any more" in told(late)


def test_a_decision_becomes_an_action_of_its_owner_once_however_often_it_is_sent(client, app, cast, home):
    reference = held(app, cast)
    manager = sign_in(client, cast.quality_manager)
    with on_stage(app, cast.organisation) as w:
        topic_id, today = review_by(w, reference).topics[0].id, w.today
        operation.say(w, reference, topic_id, None, "Too slow.", "Hire one more auditor.")
    asked = f"{home}/{reference}/actions/new"
    assert "Hire one more auditor." in told(manager.get(f"{asked}?topic={topic_id}"))
    past = entry(says="Hire.", owner=cast.staff.id, due_on=(today - timedelta(days=1)).isoformat())
    assert "has passed" in told(post(manager, asked, past))
    assert "Choose a member" in told(post(manager, asked, past | entry(owner="999999")))
    typed = entry(says="Hire.", owner=cast.staff.id, due_on=(today + timedelta(days=9)).isoformat())
    assert [post(manager, asked, typed).status_code for _ in range(3)] == [303, 303, 303]
    with on_stage(app, cast.organisation) as w:
        action = w.all(select(Action))[0]
        assert len(w.all(select(Action))) == 1
        mails = w.session.scalars(select(OutboxMail).where(OutboxMail.subject.contains(action.reference))).all()
        assert [mail.to_email for mail in mails] == [cast.staff.email]
    assert action.reference in told(manager.get(f"{home}/{reference}"))
    assert reference in told(manager.get(f"/o/{cast.organisation.slug}/actions"))
    staff = sign_in(app.test_client(), cast.staff)
    assert "Hire." in told(staff.get(f"/o/{cast.organisation.slug}/actions"))
    assert "Hire." in told(staff.get(f"/o/{cast.organisation.slug}/my-work"))


def test_nothing_is_decided_before_it_is_held(client, app, cast, home):
    reference = planned(app, cast)
    typed = entry(says="Hire.", owner=cast.staff.id, due_on="2099-01-01")
    answer = post(sign_in(client, cast.quality_manager), f"{home}/{reference}/actions/new", typed)
    assert answer.status_code == 422
    assert "Nothing is decided before the review is held" in told(answer)


def test_the_actions_of_earlier_reviews_stand_on_the_agenda_of_the_next(client, app, cast, home):
    first = held(app, cast, days=40)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        due = w.today + timedelta(days=5)
        action = operation.decide(w, first, "Mend the fence.", cast.staff.id, due)
    second = planned(app, cast)
    page = told(sign_in(client, cast.quality_manager).get(f"{home}/{second}"))
    assert "0 done in this time, 1 open, 0 of these overdue." in page
    assert f"{action.reference} of {first}, due on" in page


def test_the_second_who_writes_on_a_point_is_shown_both_versions(client, app, cast, home):
    reference = held(app, cast)
    with on_stage(app, cast.organisation) as w:
        topic_id = review_by(w, reference).topics[0].id
    manager = sign_in(client, cast.quality_manager)
    at = f"{home}/{reference}/topics/{topic_id}"
    stamp = manager.get(at).get_data(as_text=True).partition('name="stamp" type="hidden" value="')[2].partition('"')[0]
    assert post(manager, at, {"stamp": stamp, "discussion": "First."}).status_code == 303
    answer = post(manager, at, {"stamp": stamp, "discussion": "Second."})
    assert answer.status_code == 422
    assert "Both versions" in told(answer)
    with on_stage(app, cast.organisation) as w:
        assert review_by(w, reference).topics[0].discussion == "First."


def test_a_change_of_standards_lays_the_agenda_out_anew_and_loses_no_word(client, app, cast, home):
    reference = planned(app, cast, QMS)
    manager = sign_in(client, cast.quality_manager)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        suppliers = next(each for each in review_by(w, reference).topics if each.key == "suppliers")
        operation.say(w, reference, suppliers.id, None, "One was late.", "")
        operation.add_topic(w, reference, "The new hall")
        review = review_by(w, reference)
        typed = {
            "version": str(review.version),
            "held_on": review.held_on.isoformat(),
            "period_starts_on": review.period_starts_on.isoformat(),
            "standards": [ISMS],
        }
    assert post(manager, f"{home}/{reference}/edit", typed).status_code == 303
    with on_stage(app, cast.organisation) as w:
        topics = review_by(w, reference).topics
        assert [each.position for each in topics] == list(range(1, len(topics) + 1))
        assert [each.title for each in topics][-2:] == [suppliers.title, "The new hall"]
        assert "processes" not in {each.key for each in topics}
    assert post(manager, f"{home}/{reference}/edit", typed).status_code == 422


def test_a_planned_review_is_cancelled_with_a_reason_and_a_held_one_is_not(client, app, cast, home):
    manager = sign_in(client, cast.quality_manager)
    reference = planned(app, cast)
    assert post(manager, f"{home}/{reference}/cancel", entry(reason="")).status_code == 422
    assert post(manager, f"{home}/{reference}/cancel", entry(reason="The board is new.")).status_code == 303
    assert "The board is new." in told(manager.get(f"{home}/{reference}"))
    assert "stays as a record" in told(post(manager, f"{home}/{held(app, cast)}/cancel", entry(reason="No.")))


def test_the_pack_is_paper_that_can_be_read_aloud(client, app, cast, home):
    reference = held(app, cast, ISMS, QMS)
    talk_through(app, cast, reference)
    answer = sign_in(client, cast.auditor).get(f"{home}/{reference}/pack.pdf")
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    written = opened(answer.data)
    for said in (rb"<pdfuaid:part[^>]*>1<|pdfuaid:part=\"1\"", rb"/Lang \(en-GB\)", rb"/StructTreeRoot"):
        assert re.search(said, written), said


def test_a_stranger_finds_none_and_only_who_manages_the_programme_changes_one(app, cast, home):
    reference = planned(app, cast)
    with on_stage(app, cast.organisation) as w:
        topic = review_by(w, reference).topics[0].id
    reading = [home, f"{home}/{reference}", f"{home}/{reference}/pack.pdf"]
    steps = ("edit", "hold", "close", "cancel", "topics/new", f"topics/{topic}", "actions/new")
    writing = [f"{home}/new", *(f"{home}/{reference}/{step}" for step in steps)]
    stranger, staff, auditor = (sign_in(app.test_client(), who) for who in (cast.stranger, cast.staff, cast.auditor))
    assert {stranger.get(page).status_code for page in [*reading, *writing]} == {404}
    assert {staff.get(page).status_code for page in [*reading, *writing]} == {403}
    assert {auditor.get(page).status_code for page in reading} == {200}
    assert {auditor.get(page).status_code for page in writing} == {403}
    theirs = f"/o/{cast.elsewhere.slug}/management-reviews/{reference}"
    assert {stranger.get(f"{theirs}{more}").status_code for more in ("", "/pack.pdf", f"/topics/{topic}")} == {404}
    manager = sign_in(app.test_client(), cast.quality_manager)
    assert manager.get(f"{home}/{reference}/topics/{topic + 10_000}").status_code == 404


@pytest.mark.parametrize("many", [False, True])
def test_list_and_page_ask_as_often_for_many_as_for_one(client, app, cast, home, many):
    reference = planned(app, cast, ISMS, QMS, "ISO/IEC 19770-1:2017")
    auditor = sign_in(client, cast.auditor)

    def asked(page):
        auditor.get(page)
        count = []
        with app.app_context():
            engine = db.engine
        listen = lambda *_: count.append(1)  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        auditor.get(page)
        event.remove(engine, "before_cursor_execute", listen)
        return len(count)

    page = home if many else f"{home}/{reference}"
    few = asked(page)
    for _ in range(3):
        first = held(app, cast, days=30)
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            operation.decide(w, first, "Mend it.", cast.staff.id, w.today + timedelta(days=3))
            audit = plan(w, None, date(2030, 5, 6) + timedelta(days=int(first[-2:])), kind=AuditKind.INTERNAL)
            values = {"statement": "It is.", "raised_on": w.today, "grade": FindingGrade.OBSERVATION}
            w.add(Finding(reference=f"F-{first}", title="So", audit_id=audit.id, links=[], **values))
    assert asked(page) == few
