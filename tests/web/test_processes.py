"""Processes on screen: recorded with owner, people and clauses, and removed while nothing names them."""

from datetime import date
from html import unescape

import pytest
from sqlalchemy import event, select

from app.domain.certification.facts import AuditKind
from app.extensions import db
from app.models.audit_plan import AuditProcess
from app.models.process import Process
from app.operations import processes
from app.operations.processes import ProcessDetails
from app.queries.processes import process_by
from tests.cast import post, sign_in
from tests.stage import on_stage, plan

ISMS = "ISO/IEC 27001:2022"


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}/processes"


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def record(app, cast, name="Access to systems", **details):
    with on_stage(app, cast.organisation) as w:
        return processes.create(w, ProcessDetails(name=name, **details)).reference


def test_a_process_is_recorded_with_all_that_lies_below_its_clauses(client, app, cast, home):
    manager = sign_in(client, cast.quality_manager)
    assert "No process yet" in told(manager.get(home))
    typed = {
        "name": "Access to systems",
        "owner": cast.staff.id,
        "performers": [cast.auditor.id],
        "clauses": [f"{ISMS}|9.2", f"{ISMS}|A.8.2"],
    }
    done = post(manager, f"{home}/new", typed)
    assert (done.status_code, done.location) == (303, f"{home}/P-01")
    page = told(manager.get(done.location))
    assert "Stella Farrow owns it." in page
    assert "Aud Lindqvist" in page
    assert "9.2, A.8.2" in page
    assert "Access to systems" in told(manager.get(home))
    with on_stage(app, cast.organisation) as w:
        row = process_by(w, "P-01")
        assert {each.clause for each in row.clauses} == {"9.2", "9.2.1", "9.2.2", "A.8.2"}
    journal = told(manager.get(f"/o/{cast.organisation.slug}/journal/"))
    assert "clause “9.2.1” of P-01" in journal
    assert "person Aud Lindqvist of P-01" in journal


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "Give the process a name."),
        ({"name": "Access  to systems"}, "P-01 is called Access to systems already."),
        ({"name": "Other", "owner": "999999"}, "Choose members of this organisation"),
        ({"name": "Other", "performers": ["x"]}, "Choose members of this organisation"),
        ({"name": "Other", "clauses": ["ISO 9001:2015|77"]}, "has no such clause"),
        ({"name": "Other", "clauses": ["nonsense"]}, "has no such clause"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(client, app, cast, home, typed, says):
    record(app, cast)
    answer = post(sign_in(client, cast.quality_manager), f"{home}/new", typed)
    assert answer.status_code == 422
    assert says in told(answer)


def test_the_second_of_two_editors_is_shown_both_versions(client, app, cast, home):
    reference = record(app, cast, owner_id=cast.staff.id)
    manager = sign_in(client, cast.quality_manager)
    first = {"name": "Access", "version": "1", "owner": cast.staff.id, "clauses": [f"{ISMS}|A.5"]}
    assert post(manager, f"{home}/{reference}/edit", first).status_code == 303
    answer = post(manager, f"{home}/{reference}/edit", {"name": "Rights", "version": "1"})
    assert answer.status_code == 422
    assert "was changed by somebody else" in told(answer)
    assert "Both versions" in told(answer)
    with on_stage(app, cast.organisation) as w:
        assert process_by(w, reference).name == "Access"
        assert len(process_by(w, reference).clauses) == 37


def test_a_process_that_an_audit_names_is_not_removed(client, app, cast, home):
    reference = record(app, cast)
    with on_stage(app, cast.organisation) as w:
        audit = plan(w, None, date(2030, 5, 6), kind=AuditKind.INTERNAL)
        w.add(AuditProcess(audit_id=audit.id, process_id=process_by(w, reference).id))
    manager = sign_in(client, cast.quality_manager)
    answer = post(manager, f"{home}/{reference}/remove")
    assert answer.status_code == 422
    assert f"Audits: {audit.reference}" in told(answer)
    assert audit.reference in told(manager.get(f"{home}/{reference}"))
    with on_stage(app, cast.organisation) as w:
        for row in w.all(select(AuditProcess)):
            w.session.delete(row)
    assert post(manager, f"{home}/{reference}/remove").status_code == 303
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(Process)) == []
    assert record(app, cast) == "P-02"


def test_a_stranger_finds_none_and_staff_may_not_look(app, cast, home):
    reference = record(app, cast)
    pages = (home, f"{home}/{reference}", f"{home}/{reference}/edit", f"{home}/new", f"{home}/{reference}/remove")
    stranger, staff, auditor = (sign_in(app.test_client(), who) for who in (cast.stranger, cast.staff, cast.auditor))
    assert {stranger.get(page).status_code for page in pages} == {404}
    assert {staff.get(page).status_code for page in pages} == {403}
    assert [auditor.get(page).status_code for page in pages] == [200, 200, 403, 403, 403]
    theirs = f"/o/{cast.elsewhere.slug}/processes/{reference}"
    assert stranger.get(theirs).status_code == 404


def test_the_list_asks_as_often_for_many_as_for_one(client, app, cast, home):
    auditor = sign_in(client, cast.auditor)

    def asked():
        count = []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *_: count.append(1))
        auditor.get(home)
        return len(count)

    record(app, cast, "One", owner_id=cast.staff.id, clauses=frozenset({(ISMS, "9")}))
    auditor.get(home)
    few = asked()
    for number in range(8):
        record(app, cast, f"Process {number}", owner_id=cast.staff.id, performers=frozenset({cast.auditor.id}))
    # Each listener that was added counts for itself alone.
    assert asked() == few
