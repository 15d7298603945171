"""Building a checklist: says first what it adds, asks nothing twice, takes up what earlier audits left open."""

from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.domain.certification.facts import AuditKind, Grade
from app.domain.findings.grading import FindingGrade
from app.domain.programme.checklist import ClauseResult, ItemSource
from app.models.audit_plan import AuditClause, AuditCriterion
from app.models.certificate import BodyNonconformity
from app.models.checklist import ChecklistItem
from app.models.corrective_action import CorrectiveAction
from app.models.finding import Finding
from app.operations import checklist_templates, processes
from app.operations.checklist_templates import AskedLine
from app.operations.processes import ProcessDetails
from app.queries.audits import audit_of
from tests.audited import SECURITY, asked, internal_audit
from tests.cast import post, sign_in
from tests.findings import found
from tests.stage import certificate, on_stage, plan

QUALITY = "ISO 9001:2015"


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}"


@pytest.fixture
def reference(app, cast):
    with on_stage(app, cast.organisation) as w:
        return internal_audit(w, cast).reference


@pytest.fixture
def here(home, reference):
    return f"{home}/audits/{reference}/checklist"


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def add(client, here, **choice):
    return post(client, f"{here}/build", {"entry_key": str(uuid4()), **choice})


def sources(app, cast):
    with on_stage(app, cast.organisation) as w:
        rows = select(ChecklistItem.source, func.count(ChecklistItem.id)).group_by(ChecklistItem.source)
        return {row[0]: row[1] for row in w.execute(rows)}


def test_it_says_first_what_it_adds_and_adds_nothing_twice(client, app, cast, here):
    auditor = sign_in(client, cast.auditor)
    first = told(auditor.get(f"{here}/build"))
    assert SECURITY in first
    assert "Annex A controls" in first
    shown = told(auditor.get(f"{here}/build", query_string={"standard": SECURITY, "controls": SECURITY, "show": "yes"}))
    assert "It would add 123 questions" in shown
    assert "Is ‘Competence’ (7.2) met? What shows it?" in shown
    assert sources(app, cast) == {}
    assert add(auditor, here, standard=SECURITY, controls=SECURITY).status_code == 303
    assert sources(app, cast) == {ItemSource.CLAUSE: 123}
    assert "123 questions are added." in told(auditor.get(here))
    again = told(auditor.get(f"{here}/build", query_string={"standard": SECURITY, "show": "yes"}))
    assert "It would add nothing" in again
    add(auditor, here, standard=SECURITY)
    assert sources(app, cast) == {ItemSource.CLAUSE: 123}


def test_a_build_that_is_sent_twice_is_made_once(client, app, cast, here):
    auditor = sign_in(client, cast.auditor)
    data = {"entry_key": str(uuid4()), "standard": SECURITY}
    assert [post(auditor, f"{here}/build", data).status_code for _ in range(3)] == [303] * 3
    assert sources(app, cast) == {ItemSource.CLAUSE: 30}


def test_a_checklist_longer_than_rows_are_counted_singly_is_one(app, cast, reference):
    with on_stage(app, cast.organisation, cast.auditor) as w:
        assert len(asked(w, reference, 600)) == 600


def test_the_clauses_in_scope_bound_what_is_asked(client, app, cast, here, reference):
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, reference)
        for clause in ("A.8.13", "7.2"):
            w.add(AuditClause(audit_id=audit.id, standard=SECURITY, clause=clause))
    auditor = sign_in(client, cast.auditor)
    assert "2 in the scope of this audit" in told(auditor.get(f"{here}/build"))
    add(auditor, here, standard=SECURITY)
    with on_stage(app, cast.organisation) as w:
        rows = w.all(select(ChecklistItem.clause).order_by(ChecklistItem.position))
    assert rows == ["7.2", "A.8.13"]


def test_a_template_and_a_clause_stand_side_by_side(client, app, cast, here):
    with on_stage(app, cast.organisation) as w:
        lines = [
            AskedLine(None, "7.2", "Who keeps the training plan?", "Ask in personnel."),
            AskedLine(None, "", "Why?"),
        ]
        template = checklist_templates.write(w, "Ours", SECURITY, lines).id
        old = checklist_templates.write(w, "Old", "", lines)
        checklist_templates.retire(w, old)
        retired = old.id
    auditor = sign_in(client, cast.auditor)
    page = told(auditor.get(f"{here}/build"))
    assert "Ours" in page
    assert "Old" not in page
    add(auditor, here, template=[template, retired])
    assert sources(app, cast) == {ItemSource.TEMPLATE: 2}


def test_what_lies_outside_the_plan_is_left_out_and_named(client, app, cast, here, reference):
    with on_stage(app, cast.organisation) as w:
        w.add(AuditClause(audit_id=audit_of(w, reference).id, standard=SECURITY, clause="7"))
        last = internal_audit(w, cast, date(2026, 5, 7))
        quality = plan(w, None, date(2026, 6, 8), kind=AuditKind.INTERNAL)
        w.add(AuditCriterion(audit_id=quality.id, standard=QUALITY))
        w.add(AuditCriterion(audit_id=quality.id, standard=SECURITY))
        found(w, last, clause="7.2", title="Inside")
        found(w, last, clause="9.2", title="Not in scope")
        found(w, quality, standard=QUALITY, clause="7.2", title="Of another standard")
        lines = [AskedLine(None, "7.3", "Who knows the policy?"), AskedLine(None, "A.7.2", "Who walks alone?")]
        template = checklist_templates.write(w, "Ours", SECURITY, lines).id
    auditor = sign_in(client, cast.auditor)
    choice = {"open": "yes", "template": template}
    page = told(auditor.get(f"{here}/build", query_string={**choice, "show": "yes"}))
    assert "It would add 2 questions" in page
    assert "asked already" not in page
    left_out = page.partition("3 questions are left out.")[2].partition("<form")[0]
    for words in (
        f"The plan of {reference} does not take up these clauses of {SECURITY}.",
        f"{QUALITY} is none of the criteria of {reference}.",
        "A.7.2: Who walks alone?",
        "9.2: NC-2026-002",
        "7.2: NC-2026-003",
    ):
        assert words in left_out
    assert "Add these 2" in page
    add(auditor, here, **choice)
    with on_stage(app, cast.organisation) as w:
        assert sorted(w.all(select(ChecklistItem.clause))) == ["7.2", "7.3"]
    own = {"entry_key": str(uuid4()), "standard": SECURITY, "clause": "8.1", "question": "Who plans?"}
    refused = post(auditor, f"{here}/add", own)
    assert refused.status_code == 422
    assert f"{SECURITY}, 8.1 is outside the criteria of {reference}" in told(refused)


def test_what_everybody_of_the_team_would_judge_of_their_own_is_left_out(client, app, cast, here, reference):
    def own(who, name):
        with on_stage(app, cast.organisation) as w:
            details = ProcessDetails(name=name, owner_id=who.id, clauses=frozenset({(SECURITY, "7.2")}))
            processes.create(w, details)

    auditor, look = sign_in(client, cast.auditor), {"standard": SECURITY, "show": "yes"}
    own(cast.auditor, "Training")
    page = told(auditor.get(f"{here}/build", query_string=look))
    assert "It would add 30 questions" in page
    own(cast.quality_manager, "Competence")
    page = told(auditor.get(f"{here}/build", query_string=look))
    assert "It would add 29 questions" in page
    assert "1 question is left out." in page
    assert f"Aud Lindqvist owns P-01 Training, which serves 7.2 of {SECURITY}" in page
    assert "ISO/IEC 27001:2022, 9.2.2" in page
    add(auditor, here, standard=SECURITY)
    assert sources(app, cast) == {ItemSource.CLAUSE: 29}
    own_one = {"entry_key": str(uuid4()), "standard": SECURITY, "clause": "7.2", "question": "Who plans?"}
    refused = post(auditor, f"{here}/add", own_one)
    assert refused.status_code == 422
    assert "owns P-02 Competence" in told(refused)


def test_a_surveillance_has_its_topics_as_prompts(client, app, cast, home):
    with on_stage(app, cast.organisation) as w:
        served = certificate(w)
        audit = plan(w, served.id, date(2025, 3, 3)).reference
    manager = sign_in(client, cast.quality_manager)
    here = f"{home}/audits/{audit}/checklist"
    assert "The topics that this audit has to cover 8" in told(manager.get(f"{here}/build")).replace(
        '<span class="far">', ""
    ).replace("</span>", "")
    add(manager, here, prompts="yes", standard=SECURITY)
    assert sources(app, cast) == {ItemSource.PROMPT: 8, ItemSource.CLAUSE: 30}
    assert "ISO/IEC 17021-1:2015, 9.6.2.2" in told(manager.get(f"{here}/state")).encode().decode("unicode_escape")


def test_what_earlier_audits_left_open_is_asked_again(client, app, cast, home, here, reference):
    day = date(2029, 5, 7)
    with on_stage(app, cast.organisation) as w:
        served = certificate(w)
        older = internal_audit(w, cast, date(2028, 5, 8))
        last = internal_audit(w, cast, day)
        later = internal_audit(w, cast, date(2031, 5, 8))
        body = plan(w, served.id, date(2025, 3, 3))
        first, second, third = asked(w, older.reference)
        again, *_ = asked(w, last.reference, 1)
        results = {first: "not-sampled", second: "not-sampled", third: "conforms", again: "conforms"}
        for row in w.all(select(ChecklistItem).where(ChecklistItem.id.in_(results))):
            row.result = ClauseResult(results[row.id])

        def finding(number, audit, grade, title, closed_on=None):
            row = w.add(
                Finding(
                    reference=f"NC-2029-{number:03}",
                    audit_id=audit.id,
                    grade=grade,
                    title=title,
                    statement="s",
                    standard=SECURITY,
                    clause="7.2",
                    raised_on=day,
                )
            )
            if grade in (FindingGrade.MAJOR, FindingGrade.MINOR):
                w.add(
                    CorrectiveAction(
                        reference=row.reference,
                        finding_id=row.id,
                        grade=grade,
                        raised_on=day,
                        answer_due_on=day,
                        action_due_on=day,
                        closed_on=closed_on,
                    )
                )

        finding(1, older, FindingGrade.MAJOR, "Still open")
        finding(2, older, FindingGrade.MINOR, "Long closed", closed_on=day)
        finding(3, last, FindingGrade.OBSERVATION, "Worth a look")
        finding(4, older, FindingGrade.OBSERVATION, "Of an older one")
        finding(5, later, FindingGrade.MAJOR, "Not yet known")
        finding(6, last, FindingGrade.GOOD_PRACTICE, "Well done")
        for number, verified in ((7, None), (8, day)):
            w.add(
                BodyNonconformity(
                    reference=f"NC-2029-{number:03}",
                    certificate_id=served.id,
                    audit_id=body.id,
                    grade=Grade.MINOR,
                    clause="8.1",
                    statement="Of the body",
                    raised_on=day,
                    verified_on=verified,
                )
            )
    auditor = sign_in(client, cast.auditor)
    add(auditor, here, open="yes")
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, reference)
        found = [
            (row.source, row.question.partition(",")[0])
            for row in w.all(
                select(ChecklistItem).where(ChecklistItem.audit_id == audit.id).order_by(ChecklistItem.position)
            )
        ]
    assert found == [
        (ItemSource.OPEN_POINT, "NC-2029-001"),
        (ItemSource.OPEN_POINT, "NC-2029-007"),
        (ItemSource.OPEN_POINT, "NC-2029-003"),
        (ItemSource.OPEN_POINT, "Is question 2 met?"),
    ]


def test_a_question_of_ones_own_is_added_once(client, app, cast, here):
    auditor = sign_in(client, cast.auditor)
    data = {"entry_key": str(uuid4()), "standard": SECURITY, "clause": "7.2", "question": "Who trains the trainers?"}
    assert post(auditor, f"{here}/add", data).status_code == 303
    assert post(auditor, f"{here}/add", data).status_code == 303
    refused = post(auditor, f"{here}/add", {**data, "entry_key": str(uuid4())})
    assert refused.status_code == 422
    assert "asks this already" in told(refused)
    assert "Who trains the trainers?" in told(refused)
    assert post(auditor, f"{here}/add", {**data, "entry_key": str(uuid4()), "question": " "}).status_code == 422
    assert sources(app, cast) == {ItemSource.OWN: 1}


def test_where_no_standard_is_in_scope_those_of_the_certificates_are_offered(client, app, cast, home):
    with on_stage(app, cast.organisation) as w:
        certificate(w)
        audit = plan(w, None, date(2030, 8, 1), kind=AuditKind.INTERNAL).reference
    page = told(sign_in(client, cast.quality_manager).get(f"{home}/audits/{audit}/checklist/build"))
    assert f'name="standard" value="{SECURITY}">' in page
