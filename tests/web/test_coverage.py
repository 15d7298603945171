"""The coverage of internal audits on screen and as a file: what is covered, planned and missing, and by which audit."""

from contextlib import contextmanager
from datetime import date, time, timedelta
from html import unescape

import pytest
import time_machine
from sqlalchemy import event, select

from app.domain.certification.facts import AuditKind
from app.domain.permission import Role
from app.domain.programme.checklist import ClauseResult, ItemSource
from app.domain.programme.coverage import Coverage
from app.domain.programme.progress import AuditProgress
from app.extensions import db
from app.models.audit import Audit
from app.models.audit_plan import AgendaItem, AuditClause, AuditCriterion
from app.models.checklist import ChecklistItem
from app.operations import audits
from app.queries.coverage import coverage_of
from tests.cast import post, sign_in
from tests.stage import certificate, on_stage, plan

ISMS, ITAM = "ISO/IEC 27001:2022", "ISO/IEC 19770-1:2017"
DAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(f"{DAY} 10:00", tick=False):
        yield


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}/coverage"


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def internal(w, day, *numbers, held=True, answers=None, standard=ISMS):
    """An internal audit with a plan that takes up these, and a checklist with these answers."""
    audit = plan(w, None, day, kind=AuditKind.INTERNAL, title=f"Of {day.isoformat()}")
    w.add(AuditCriterion(audit_id=audit.id, standard=standard))
    for number in numbers:
        w.add(AuditClause(audit_id=audit.id, standard=standard, clause=number))
    for position, (clause, result) in enumerate((answers or {}).items()):
        said = {"audit_id": audit.id, "position": position, "source": ItemSource.CLAUSE, "question": "How?"}
        w.add(ChecklistItem(**said, standard=standard, clause=clause, result=result))
    if held:
        audits.take_step(w, audit.reference, AuditProgress.REPORT_DRAFTED)
    return audit.reference


def in_cells(w, *numbers, standard=ISMS):
    found = next(each for each in coverage_of(w).standards if each.standard == standard)
    return [found.cells[each].state for each in numbers]


@contextmanager
def counted(app):
    with app.app_context():
        engine = db.engine
    seen = []

    def hear(*given):
        seen.append(given[2])

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def test_the_matrix_says_what_is_covered_planned_and_missing_and_by_which_audit(client, app, cast, home):
    manager = sign_in(client, cast.quality_manager)
    assert "No standard in use yet" in told(manager.get(home))
    with on_stage(app, cast.organisation) as w:
        certificate(w, granted=date(2026, 1, 15))
        certificate(w, "C-14001-1", standard="ISO 14001", edition="2015", granted=None)
        done = internal(w, date(2026, 5, 4), "A.5.9", "7.2", answers={"A.5.9": ClauseResult.MINOR})
        ahead = internal(w, date(2027, 2, 1), "A.5.10", held=False)
    page = told(manager.get(home))
    assert "2 of 123 points of 1 standard are covered by internal audits, 1 planned, 120 missing." in page
    assert "The catalogue does not hold the clauses of ISO 14001:2015" in page
    assert f"{done} looked at it on 4 May 2026: minor nonconformity." in page
    assert f"{ahead} takes it up, planned for 1 Feb 2027." in page
    assert "The cycle began on 15 Jan 2026 and ends on 14 Jan 2029." in page
    assert 'class="number"><a href="' in page
    narrowed = told(manager.get(home, query_string={"state": "planned"}))
    assert "A.5.10" in narrowed
    assert "A.5.9<" not in narrowed


def test_process_areas_are_there_where_their_standard_is_in_use_and_an_ended_certificate_is_not(app, cast):
    with on_stage(app, cast.organisation) as w:
        certificate(w, "C-19770-1", standard="ISO/IEC 19770-1", edition="2017", granted=None)
        certificate(w, "C-9001-1", standard="ISO 9001", edition="2015", granted=date(2020, 1, 15))
        internal(w, date(2026, 5, 4), answers={"F3": ClauseResult.CONFORMS}, standard=ITAM)
        found = coverage_of(w)
        assert [each.standard for each in found.standards] == [ITAM]
        assert found.standards[0].of("Process areas").in_words("process areas").startswith("1 of 15")


def test_what_an_agenda_names_counts_and_what_is_cancelled_does_not(app, cast):
    with on_stage(app, cast.organisation) as w:
        certificate(w)
        ahead = internal(w, date(2027, 2, 1), held=False)
        gone = internal(w, date(2027, 2, 2), "7.3", held=False)
        audits.take_step(w, gone, AuditProgress.CANCELLED, reason="No auditor.")
        id_ = w.all(select(Audit.id).where(Audit.reference == ahead))[0]
        item = {"audit_id": id_, "held_on": date(2027, 2, 1), "title": "People", "covers": "7.2, and 7 interviews"}
        w.add(AgendaItem(**item, starts_at=time(9), ends_at=time(10), people=[]))
        assert in_cells(w, "7.2", "7.3") == [Coverage.PLANNED, Coverage.MISSING]


def test_the_setting_says_within_how_many_months_everything_is_to_be_audited(client, app, cast, home):
    with on_stage(app, cast.organisation) as w:
        certificate(w, granted=date(2024, 3, 15))
        internal(w, date(2025, 11, 26), "7.2")
        internal(w, date(2025, 11, 27), "7.3")
        assert in_cells(w, "7.2", "7.3") == [Coverage.COVERED, Coverage.COVERED]
        w.organisation.coverage_months = 12
        assert in_cells(w, "7.2", "7.3") == [Coverage.MISSING, Coverage.COVERED]
    page = told(sign_in(client, cast.quality_manager).get(home))
    assert "Everything is to be audited once within 12 months" in page
    assert "That was before 27 Nov 2025." in page


def test_from_what_is_missing_an_audit_is_planned_with_its_clauses_ticked(client, app, cast, home):
    with on_stage(app, cast.organisation) as w:
        chosen = certificate(w)
        internal(w, date(2026, 5, 4), "A.7.1")
        served = chosen.id
    manager = sign_in(client, cast.quality_manager)
    missing = ",".join(f"A.7.{number}" for number in range(2, 15))
    assert f"take=ISO/IEC+27001:2022%7C{missing.replace(',', ',')}" in told(manager.get(home)).replace("%2C", ",")
    take = f"{ISMS}|{missing}"
    address = f"/o/{cast.organisation.slug}/audits/new"
    form = manager.get(address, query_string={"kind": "internal", "certificate": "C-27001-1", "take": take})
    assert "its plan opens with the clauses that are missing" in told(form)
    typed = {"kind": "internal", "starts_on": "2027-02-01", "ends_on": "2027-02-02", "mode": "on-site"}
    typed |= {"certificates-0-certificate": served, "certificates-0-kind": ""}
    done = post(manager, f"{address}?take={take}", typed)
    assert done.status_code == 303
    plan_page = manager.get(done.location).get_data(as_text=True)
    assert 'value="ISO/IEC 27001:2022|A.7.2" checked' in plan_page
    assert 'value="ISO/IEC 27001:2022|A.7.1" checked' not in plan_page


def test_it_is_a_file_too_with_what_was_filtered(client, app, cast, home):
    with on_stage(app, cast.organisation) as w:
        certificate(w)
        internal(w, date(2026, 5, 4), "7.2")
    manager = sign_in(client, cast.quality_manager)
    lines = manager.get(f"{home}/export/csv", query_string={"state": "covered"}).get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"7.2,{ISMS},Competence,Covered,IA-2026-01,2026-05-04,")
    assert manager.get(f"{home}/export/odt").status_code == 404
    report = manager.get(f"/o/{cast.organisation.slug}/reports/internal-audit-coverage")
    assert "1 of 123 points of the standards in use covered" in told(report)


def test_the_number_of_queries_does_not_depend_on_how_many_audits(client, app, cast, home):
    with on_stage(app, cast.organisation) as w:
        certificate(w)
        internal(w, date(2026, 5, 4), "7.2", answers={"7.2": ClauseResult.CONFORMS})
    manager = sign_in(client, cast.quality_manager)
    manager.get(home)
    with counted(app) as few:
        manager.get(home)
    with on_stage(app, cast.organisation) as w:
        certificate(w, "C-9001-1", standard="ISO 9001", edition="2015")
        for days in range(8):
            internal(w, date(2026, 6, 1) + timedelta(days=7 * days), "7.3", answers={"7.4": ClauseResult.CONFORMS})
    with counted(app) as many:
        manager.get(home)
    assert len(few) == len(many)


def test_a_stranger_finds_nothing_and_staff_may_not(client, cast, home):
    assert sign_in(client, cast.stranger).get(home).status_code == 404
    assert sign_in(client, cast.of(Role.STAFF)).get(home).status_code == 403
