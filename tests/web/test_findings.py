"""Findings on screen: raised at an audit and outside one, regraded, repeated, frozen; and who may do what."""

import threading
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.domain.certification.facts import AuditKind
from app.domain.findings.corrective_action import Stage
from app.domain.findings.grading import FindingGrade
from app.extensions import db
from app.models.audit import Audit
from app.models.audit_plan import AuditClause, AuditCriterion
from app.models.corrective_action import Action, CorrectiveAction
from app.models.finding import Finding
from app.models.journal import JournalEntry
from tests.cast import Cast, post, sign_in
from tests.certified import NOON
from tests.findings import HELD_ON, ISMS, found, internal
from tests.inventory import asset
from tests.stage import certificate, on_stage

G = FindingGrade
TYPED = {
    "grade": "minor",
    "standard": ISMS,
    "clause": "9.2.2",
    "statement": "Internal audits are not planned.",
    "evidence": "No programme for 2026 was shown.",
    "raised_on": "2026-06-01",
}


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}"


@pytest.fixture
def auditor(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.auditor)


@pytest.fixture
def audit(app: Flask, cast: Cast) -> str:
    """An internal audit of a certificate to ISO/IEC 27001, with the auditor as its lead, on the last days of May."""
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = internal(w, cast.auditor, certificate_id=certificate(w).id)
        return row.reference


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def send(client: FlaskClient, url: str, **said: Any) -> Any:
    return post(client, url, {"entry_key": str(uuid4()), **TYPED, **said})


def rows(app: Flask, cast: Cast) -> list[Finding]:
    with on_stage(app, cast.organisation) as w:
        return w.all(select(Finding).order_by(Finding.id))


def cases(app: Flask, cast: Cast) -> list[CorrectiveAction]:
    with on_stage(app, cast.organisation) as w:
        return w.all(select(CorrectiveAction).order_by(CorrectiveAction.id))


def freeze(app: Flask, cast: Cast, reference: str) -> None:
    with on_stage(app, cast.organisation) as w:
        row = w.all(select(Audit).where(Audit.reference == reference))[0]
        row.frozen_at = w.now


def test_the_empty_register_says_what_it_is_for(auditor: FlaskClient, home: str) -> None:
    page = text(auditor.get(f"{home}/findings"))
    assert "No finding yet" in page
    assert f'href="{home}/findings/new"' in page


def test_a_minor_at_an_audit_opens_its_case(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    form = text(auditor.get(f"{home}/findings/new?audit={audit}"))
    assert f'<option selected value="{audit}">' in form
    assert f'<option selected value="{ISMS}">' in form
    assert '<option value="9.2.2">' in form
    assert "cause" not in form[form.index('<form class="form') :].casefold()
    answer = send(auditor, f"{home}/findings/new", audit=audit)
    assert (answer.status_code, answer.location) == (303, f"{home}/findings/NC-2026-001")
    page = text(auditor.get(answer.location))
    for words in (
        ISMS,
        "9.2.2",
        "No programme for 2026 was shown.",
        audit,
        "Raised",
        "by Aud Lindqvist",
        "1 Jul 2026",
        "30 Aug 2026",
    ):
        assert words in page, words
    case = cases(app, cast)[0]
    assert (case.reference, case.stage, case.grade) == ("NC-2026-001", Stage.RAISED, G.MINOR)
    face = text(auditor.get(f"{home}/audits/{audit}/findings"))
    assert "NC-2026-001" in face
    assert 'aria-current="page">Findings' in face
    assert "NC-2026-001" in text(auditor.get(f"{home}/findings?audit={audit}&clause=9.2&grade=minor&standing=open"))


def test_what_is_no_nonconformity_counts_apart_and_has_no_case(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    for number, grade in enumerate(("observation", "opportunity", "good-practice"), 1):
        answer = send(auditor, f"{home}/findings/new", audit=audit, grade=grade, clause="6.1", repeats_seen="")
        while answer.status_code == 422:
            seen = " ".join(row.reference for row in reversed(rows(app, cast)))
            answer = send(auditor, f"{home}/findings/new", audit=audit, grade=grade, clause="6.1", repeats_seen=seen)
        assert answer.location == f"{home}/findings/F-2026-00{number}"
    assert cases(app, cast) == []


BAD = [
    ({"grade": ""}, "Choose what it weighs"),
    ({"grade": "area-of-concern"}, "stage 1"),
    ({"grade": "catastrophic"}, "Not a valid choice"),
    ({"statement": ""}, "Say what was found"),
    ({"evidence": " "}, "objective evidence"),
    ({"standard": ""}, "which standard was not met"),
    ({"clause": ""}, "which clause was not met"),
    ({"clause": "77"}, "has no clause 77"),
    ({"clause": "9" * 41}, "longer than 40"),
    ({"standard": "ISO 9001:2015", "clause": "9.2"}, "none of the criteria of"),
    ({"title": "x" * 201}, "longer than 200"),
    ({"raised_on": "2026-06-02"}, "has not come yet"),
    ({"raised_on": "2026-05-01"}, "began on 28 May 2026"),
    ({"raised_on": "yesterday"}, "There is no such day"),
    ({"links": "NW-9999"}, "Nothing is called “NW-9999”"),
    ({"repeats": "NC-1999-001"}, "is no earlier finding"),
    ({"entry_key": ""}, "without its number"),
    ({"item": "99"}, "no such item"),
]


@pytest.mark.parametrize(("said", "words"), BAD)
def test_bad_input_is_refused_and_the_form_comes_back(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str, said: dict[str, str], words: str
) -> None:
    answer = send(auditor, f"{home}/findings/new", audit=audit, **said)
    assert answer.status_code == 422
    page = text(answer)
    assert words in page
    if "statement" not in said:
        assert TYPED["statement"] in page
    assert rows(app, cast) == []


def test_a_clause_outside_the_scope_of_the_plan_is_refused_naming_it(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        id_ = w.all(select(Audit))[0].id
        w.add(AuditCriterion(audit_id=id_, standard="ISO 9001:2015"))
        w.add(AuditClause(audit_id=id_, standard="ISO 9001:2015", clause="8.5"))
    answer = send(auditor, f"{home}/findings/new", audit=audit)
    assert f"{ISMS} is none of the criteria of {audit}: ISO 9001:2015, 8.5." in text(answer)
    answer = send(auditor, f"{home}/findings/new", audit=audit, standard="ISO 9001:2015", clause="8.4")
    assert f"ISO 9001:2015, 8.4 is outside the criteria of {audit}: ISO 9001:2015, 8.5." in text(answer)
    assert "ISO/IEC 17021-1:2015, 9.4.5.2" in text(answer)
    assert (
        send(auditor, f"{home}/findings/new", audit=audit, standard="ISO 9001:2015", clause="8.5.1").status_code == 303
    )


def test_a_stage_1_knows_concerns_and_the_body_keeps_its_nonconformities(
    app: Flask, cast: Cast, client: FlaskClient, home: str
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        served = certificate(w, granted=None).id
        first = internal(w, certificate_id=served)
        second = internal(w, certificate_id=served, on=HELD_ON.replace(day=27))
        first.kind, second.kind = AuditKind.STAGE_1, AuditKind.STAGE_2
        names = first.reference, second.reference
    manager = sign_in(client, cast.quality_manager)
    form = text(manager.get(f"{home}/audits/{names[0]}/findings/new"))
    assert "Area of concern" in form
    assert "Minor nonconformity" not in form
    assert "areas of concern" in text(send(manager, f"{home}/findings/new", audit=names[0]))
    assert "is theirs" in text(send(manager, f"{home}/findings/new", audit=names[1]))
    said = {"grade": "area-of-concern", "body_reference": "AOC 3"}
    assert send(manager, f"{home}/findings/new", audit=names[0], **said).location == f"{home}/findings/F-2026-001"
    assert "AOC 3" in text(manager.get(f"{home}/findings/F-2026-001"))


def test_the_same_entry_sent_five_times_is_one_finding(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    key = str(uuid4())
    answers = [send(auditor, f"{home}/audits/{audit}/findings/new", entry_key=key) for _ in range(5)]
    assert {(each.status_code, each.location) for each in answers} == {(303, f"{home}/audits/{audit}/findings")}
    assert [row.reference for row in rows(app, cast)] == ["NC-2026-001"]
    assert len(cases(app, cast)) == 1
    other = send(auditor, f"{home}/audits/{audit}/findings/new", entry_key=key, evidence="Something else.")
    assert "said something else" in text(other)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        elsewhere = internal(w, cast.auditor, certificate_id=certificate(w, "C-27001-2").id).reference
    other = send(auditor, f"{home}/audits/{elsewhere}/findings/new", entry_key=key)
    assert "said something else" in text(other)


def test_two_at_once_are_given_two_numbers(app: Flask, cast: Cast, home: str, audit: str) -> None:
    clients = [sign_in(app.test_client(), who) for who in (cast.auditor, cast.quality_manager)]
    clauses = ("6.1", "8.1")
    answers: list[Any] = []

    def raise_one(number: int) -> None:
        answers.append(send(clients[number], f"{home}/findings/new", audit=audit, clause=clauses[number]))

    threads = [threading.Thread(target=raise_one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {row.reference for row in rows(app, cast)} == {"NC-2026-001", "NC-2026-002"}


def test_a_repeat_is_pointed_out_before_it_is_saved_and_a_minor_offered_as_a_major(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        earlier = internal(w, cast.auditor, on=HELD_ON.replace(year=2025))
        found(w, earlier, raised_on=HELD_ON.replace(year=2025))
        before = earlier.reference
    answer = send(auditor, f"{home}/findings/new", audit=audit)
    page = text(answer)
    assert answer.status_code == 422
    assert f"NC-2025-001 of {before} said the same on the same clause, 9.2." in page
    assert "An unresolved minor is usually raised to a major at the next audit." in page
    assert "a custom of auditing, which no standard asks for" in page
    assert len(rows(app, cast)) == 1
    chosen = {"repeats": "NC-2025-001", "repeats_seen": "NC-2025-001", "as_major": "yes"}
    answer = send(auditor, f"{home}/findings/new", audit=audit, **chosen)
    assert answer.location == f"{home}/findings/NC-2026-001"
    again = rows(app, cast)[1]
    assert (again.grade, again.repeats_id) == (G.MAJOR, rows(app, cast)[0].id)
    assert "NC-2025-001" in text(auditor.get(answer.location))
    assert "Found again in" in text(auditor.get(f"{home}/findings/NC-2025-001"))
    assert "again after" in text(auditor.get(f"{home}/findings"))


def test_the_same_asset_is_a_repeat_too(app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        asset(w, "NW-0001")
        found(w, clause="8.1", links="NW-0001")
    answer = send(auditor, f"{home}/findings/new", audit=audit, clause="6.1", links="nw-0001")
    assert " also concerns NW-0001." in text(answer)
    assert "raised to a major" not in text(answer)


def test_a_regrade_keeps_the_number_or_gives_the_other_and_takes_the_case_along(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    send(auditor, f"{home}/findings/new", audit=audit)
    major = send(auditor, f"{home}/findings/NC-2026-001/edit", version="1", grade="major")
    assert major.location == f"{home}/findings/NC-2026-001"
    case = cases(app, cast)[0]
    assert (case.grade, str(case.action_due_on)) == (G.MAJOR, "2026-07-31")
    observed = send(auditor, f"{home}/findings/NC-2026-001/edit", version="2", grade="observation")
    assert observed.location == f"{home}/findings/F-2026-001"
    assert cases(app, cast) == []
    assert auditor.get(f"{home}/findings/NC-2026-001").status_code == 404
    back = send(auditor, f"{home}/findings/F-2026-001/edit", version="3", grade="minor")
    assert back.location == f"{home}/findings/NC-2026-002", "a number is never given again"
    assert [case.reference for case in cases(app, cast)] == ["NC-2026-002"]
    other = send(auditor, f"{home}/findings/new", audit=audit, grade="observation", clause="6.1")
    assert other.location == f"{home}/findings/F-2026-002"
    with on_stage(app, cast.organisation) as w:
        told = " ".join(w.all(select(JournalEntry.changes).where(JournalEntry.noun == "finding")))
    assert '["NC-2026-001","F-2026-001"]' in told.replace('", "', '","')


def test_an_answered_case_holds_its_finding(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    send(auditor, f"{home}/findings/new", audit=audit)
    with on_stage(app, cast.organisation) as w:
        w.all(select(CorrectiveAction))[0].answered_on = w.today
    answer = send(auditor, f"{home}/findings/NC-2026-001/edit", version="1", grade="observation")
    assert "was answered already" in text(answer)
    gone = post(auditor, f"{home}/findings/NC-2026-001/remove", {"reason": "Written down twice."})
    assert (gone.status_code, "was answered already" in text(gone)) == (422, True)
    assert rows(app, cast)[0].reference == "NC-2026-001"


def test_a_finding_is_taken_back_with_a_reason_and_its_number_never_given_again(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    send(auditor, f"{home}/findings/new", audit=audit)
    assert post(auditor, f"{home}/findings/NC-2026-001/remove", {"reason": " "}).status_code == 422
    gone = post(auditor, f"{home}/findings/NC-2026-001/remove", {"reason": "Written down twice."})
    assert gone.location == f"{home}/audits/{audit}/findings"
    assert (rows(app, cast), cases(app, cast)) == ([], [])
    with on_stage(app, cast.organisation) as w:
        entry = w.all(select(JournalEntry).where(JournalEntry.noun == "finding", JournalEntry.action == "deleted"))[0]
    assert (entry.reference, entry.reason) == ("NC-2026-001", "Written down twice.")
    assert send(auditor, f"{home}/findings/new", audit=audit).location == f"{home}/findings/NC-2026-002"


def test_what_a_later_finding_repeats_stays(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    send(auditor, f"{home}/findings/new", audit=audit)
    send(auditor, f"{home}/findings/new", audit=audit, repeats="NC-2026-001", repeats_seen="NC-2026-001")
    gone = post(auditor, f"{home}/findings/NC-2026-001/remove", {"reason": "Twice."})
    assert "later findings repeat it: NC-2026-002" in text(gone)


def test_after_the_report_nothing_changes(app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str) -> None:
    key = str(uuid4())
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        asset(w, "NW-0001")
    first = send(auditor, f"{home}/findings/new", audit=audit, links="NW-0001", entry_key=key)
    freeze(app, cast, audit)
    for answer in (
        send(auditor, f"{home}/findings/new", audit=audit, clause="6.1"),
        send(auditor, f"{home}/findings/NC-2026-001/edit", version="1", grade="major"),
        post(auditor, f"{home}/findings/NC-2026-001/remove", {"reason": "Twice."}),
        post(auditor, f"{home}/findings/NC-2026-001/links", {"links": "NW-0001"}),
    ):
        assert answer.status_code == 422
        assert f"The report of {audit} is signed" in text(answer)
    link = rows(app, cast)[0]
    post(auditor, f"{home}/findings/NC-2026-001/links/1/remove")
    page = text(auditor.get(f"{home}/findings/NC-2026-001"))
    assert "is frozen with it" in page
    assert "NW-0001" in page
    assert f"{home}/findings/NC-2026-001/edit" not in page
    assert link.version == 1
    # What was sent before the approval and came twice was made before it.
    assert send(auditor, f"{home}/findings/new", audit=audit, links="NW-0001", entry_key=key).location == first.location


def test_two_who_edit_at_once_see_each_other(auditor: FlaskClient, home: str, audit: str) -> None:
    send(auditor, f"{home}/findings/new", audit=audit)
    send(auditor, f"{home}/findings/NC-2026-001/edit", version="1", title="The first")
    answer = send(auditor, f"{home}/findings/NC-2026-001/edit", version="1", title="The second")
    assert answer.status_code == 422
    assert "The first" in text(answer)
    assert "The second" in text(answer)


WHO = [
    ("quality_manager", 200, 303, 303),
    ("auditor", 200, 303, 303),
    ("asset_manager", 200, 404, 303),
    ("administrator", 200, 403, 403),
    ("staff", 403, 403, 403),
    ("assessor", 403, 403, 403),
    ("stranger", 404, 404, 404),
]


@pytest.mark.parametrize(("who", "sees", "at_an_audit", "outside"), WHO)
def test_who_may_see_and_raise(
    app: Flask,
    cast: Cast,
    client: FlaskClient,
    home: str,
    audit: str,
    who: str,
    sees: int,
    at_an_audit: int,
    outside: int,
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        found(w, w.all(select(Audit))[0], clause="6.1")
    visitor = sign_in(client, getattr(cast, who))
    assert visitor.get(f"{home}/findings").status_code == sees
    assert visitor.get(f"{home}/findings/export/csv").status_code == sees
    one = visitor.get(f"{home}/findings/NC-2026-001").status_code
    assert one == (404 if sees == 403 else sees), "who is not on the team learns nothing of it"
    assert visitor.get(f"{home}/audits/{audit}/findings").status_code == (404 if sees == 403 else sees)
    assert send(visitor, f"{home}/findings/new", audit=audit).status_code == at_an_audit
    assert send(visitor, f"{home}/findings/new", clause="8.1").status_code == outside


def test_an_auditor_who_is_not_on_the_team_writes_nothing(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        other = internal(w, cast.quality_manager)
        found(w, other)
        reference = other.reference
    assert send(auditor, f"{home}/findings/new", audit=reference).status_code == 404
    assert auditor.get(f"{home}/audits/{reference}/findings/new").status_code == 403
    assert auditor.get(f"{home}/findings/NC-2026-001").status_code == 200
    assert auditor.get(f"{home}/findings/NC-2026-001/edit").status_code == 403
    assert post(auditor, f"{home}/findings/NC-2026-001/remove", {"reason": "No."}).status_code == 403


def test_outside_an_audit_whoever_raised_it_changes_it(app: Flask, cast: Cast, home: str) -> None:
    asif, aud = (sign_in(app.test_client(), who) for who in (cast.asset_manager, cast.auditor))
    assert send(asif, f"{home}/findings/new").location == f"{home}/findings/NC-2026-001"
    assert aud.get(f"{home}/findings/NC-2026-001/edit").status_code == 403
    assert send(asif, f"{home}/findings/NC-2026-001/edit", version="1", title="Said better").status_code == 303


def test_the_register_as_a_file_keeps_its_filters(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        asset(w, "NW-0001")
        at = w.all(select(Audit))[0]
        found(w, at, title="=cmd()", links="NW-0001")
        found(w, at, G.OBSERVATION, clause="6.1", title="A thing to watch")
    lines = text(auditor.get(f"{home}/findings/export/csv?asset=nw-0001")).splitlines()
    assert len(lines) == 2
    assert "NC-2026-001,Minor nonconformity,'=cmd()" in lines[1]
    assert auditor.get(f"{home}/findings/export/xlsx").status_code == 200
    assert auditor.get(f"{home}/findings/export/pdf").status_code == 404
    for order in ("grade", "clause", "audit", "title", "reference", "nonsense"):
        page = text(auditor.get(f"{home}/findings?order={order}&direction=down"))
        assert "A thing to watch" in page
    assert "A thing to watch" not in text(auditor.get(f"{home}/findings?q=cmd&standing=open"))
    assert "No finding is like that" in text(auditor.get(f"{home}/findings?standing=closed&site=1&audit=none"))


def test_overdue_is_what_the_case_is_overdue_with_and_nothing_that_waits_for_others(
    app: Flask, client: FlaskClient, cast: Cast, home: str, audit: str
) -> None:
    with on_stage(app, cast.organisation, cast.auditor) as w:
        reference = found(w, w.all(select(Audit))[0]).reference
    pages = (f"{home}/findings?standing=late", f"{home}/audits/{audit}/findings", f"{home}/findings/{reference}")

    def overdue() -> list[bool]:
        client.delete_cookie("session")
        auditor = sign_in(client, cast.auditor)
        return [", overdue" in text(auditor.get(page)) for page in pages]

    assert overdue() == [False, False, False]
    with time_machine.travel("2026-07-02T10:00:00+00:00", tick=True):
        assert overdue() == [True, True, True]
        # The answer is sent, and waits for somebody else.
        with on_stage(app, cast.organisation) as w:
            (case,) = w.all(select(CorrectiveAction))
            case.stage, case.answered_on = Stage.ACTION_PLAN, w.today
        assert overdue() == [False, False, False]
    with time_machine.travel("2026-09-02T10:00:00+00:00", tick=True):
        for stage, is_late in ((Stage.IMPLEMENTATION, True), (Stage.VERIFICATION, False)):
            with on_stage(app, cast.organisation) as w:
                (case,) = w.all(select(CorrectiveAction))
                case.stage = stage
                case.implemented_on = None if is_late else date(2026, 8, 29)
            assert overdue() == [is_late] * 3
        page = text(sign_in(client, cast.auditor).get(pages[2]))
        assert page.index("Actions done by") < page.index("done on") < page.index("29 Aug 2026")


def test_the_pages_make_a_fixed_number_of_queries(
    app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str
) -> None:
    def counted(url: str) -> int:
        asked: list[str] = []
        listener = lambda _c, _k, statement, *_: asked.append(statement)  # noqa: E731
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", listener)
        try:
            assert auditor.get(url).status_code == 200
        finally:
            with app.app_context():
                event.remove(db.engine, "before_cursor_execute", listener)
        return len(asked)

    urls = [f"{home}/findings", f"{home}/audits/{audit}/findings", f"{home}/findings/NC-2026-001"]
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        at = w.all(select(Audit))[0]
        asset(w, "NW-0000")
        found(w, at, links="NW-0000")
        found(w, at, links="NW-0000")
    auditor.get(urls[0])
    few = [counted(url) for url in urls]
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        at = w.all(select(Audit))[0]
        for number in range(1, 12):
            asset(w, f"NW-{number:04}")
        tags = "\n".join(f"NW-{number:04}" for number in range(12))
        for _ in range(12):
            found(w, at, links=tags)
    assert [counted(url) for url in urls] == few


def test_actions_hold_the_case(app: Flask, cast: Cast, auditor: FlaskClient, home: str, audit: str) -> None:
    send(auditor, f"{home}/findings/new", audit=audit)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        case = w.all(select(CorrectiveAction))[0]
        given = {"kind": "correction", "says": "Plan them.", "owner_id": cast.auditor.id, "due_on": w.today}
        w.add(Action(reference="A-2026-001", case_id=case.id, created_at=w.now, **given))
    gone = post(auditor, f"{home}/findings/NC-2026-001/remove", {"reason": "Twice."})
    assert "was answered already" in text(gone)
