"""Who is to acknowledge a version hears of it once, who may approve it is asked, and reviews and days are recalled."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask

from app.domain.documents.due import REVIEW_MARKS
from app.domain.findings.reminding import mark_of
from app.domain.permission import Role
from app.jobs import document_notices, due_reminders
from app.models.outbox import OutboxMail
from app.operations import documents, organisations
from app.operations.documents import DocumentDetails
from tests.cast import Cast, Member, add_person, organisation_row
from tests.certified import NOON
from tests.jobs.conftest import mails
from tests.papers import approved, held, renewed, sent, valid
from tests.stage import on_stage


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def to(app: Flask, who: Member) -> list[OutboxMail]:
    with app.app_context():
        return [each for each in mails() if each.to_email == who.email]


def distributed(app: Flask, day: date) -> list[str]:
    now = datetime.combine(day, time(9), UTC)
    with app.app_context(), time_machine.travel(now, tick=False):
        return list(document_notices.run(now))


def reminded(app: Flask, day: date) -> None:
    now = datetime.combine(day, time(9), UTC)
    with app.app_context(), time_machine.travel(now, tick=False):
        list(due_reminders.run(now))


def test_those_who_may_approve_are_asked_each_time_it_is_sent(app: Flask, cast: Cast) -> None:
    sent(app, cast)
    [asked] = to(app, cast.administrator)
    assert asked.subject == "DOC-001 Security policy: version 1 waits for approval"
    assert "/o/alder-works/documents/DOC-001/versions/1" in asked.body
    assert f"{cast.quality_manager.name} wrote version 1" in asked.body
    for other in (cast.quality_manager, cast.staff, cast.auditor, cast.stranger):
        assert to(app, other) == []
    with on_stage(app, cast.organisation, cast.administrator) as w:
        documents.send_back(w, held(w, "DOC-001"), "Say what about doors.")
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.send(w, held(w, "DOC-001"))
    assert len(to(app, cast.administrator)) == 2


def test_each_who_is_to_acknowledge_a_version_is_told_of_it_once(app: Flask, cast: Cast) -> None:
    valid(app, cast)
    [told] = to(app, cast.staff)
    assert told.subject == "DOC-001 Security policy: read version 1 by 15 Jun 2026"
    assert "/o/alder-works/documents/DOC-001\n" in told.body
    assert distributed(app, date(2026, 6, 2)) == []
    assert len(to(app, cast.staff)) == 1
    assert to(app, cast.auditor) == []
    renewed(app, cast, "DOC-001", note="Doors are locked too.")
    assert len(to(app, cast.staff)) == 1
    approved(app, cast, "DOC-001")
    second = to(app, cast.staff)[1]
    assert "version 2" in second.subject
    assert "What is new: Doors are locked too." in second.body


def test_who_was_told_of_it_is_told_nothing_more_when_it_goes_to_others_too(app: Flask, cast: Cast) -> None:
    valid(app, cast)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        details = DocumentDetails(
            title="Security policy", owner_id=cast.quality_manager.id, audience=frozenset({Role.STAFF, Role.AUDITOR})
        )
        documents.change(w, held(w, "DOC-001"), details)
    assert [each.subject for each in to(app, cast.auditor)] == [
        "DOC-001 Security policy: read version 1 by 15 Jun 2026"
    ]
    assert len(to(app, cast.staff)) == 1


def test_a_version_to_come_is_distributed_on_its_day_and_to_who_joins_on_theirs(app: Flask, cast: Cast) -> None:
    begins = date(2026, 6, 10)
    sent(app, cast)
    approved(app, cast, "DOC-001", begins)
    assert to(app, cast.staff) == []
    assert distributed(app, begins - timedelta(days=1)) == []
    assert distributed(app, begins) == ["alder-works: 1 document distributed"]
    assert distributed(app, begins + timedelta(days=1)) == []
    [told] = to(app, cast.staff)
    assert told.subject.endswith("read version 1 by 24 Jun 2026")
    with time_machine.travel("2026-07-01T12:00:00+00:00"), on_stage(app, cast.organisation) as w:
        person = add_person(w, "Nora Newcome")
        organisations.join(w, organisation_row(w, cast.organisation), person, frozenset({Role.STAFF}))
        newcomer = Member(person.id, person.name, person.email or "")
    assert distributed(app, date(2026, 7, 2)) == ["alder-works: 1 document distributed"]
    assert to(app, newcomer)[0].subject.endswith("read version 1 by 15 Jul 2026")
    assert len(to(app, cast.staff)) == 1


@pytest.mark.parametrize(("left", "mark"), [(31, None), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-9, 0)])
def test_the_marks_of_a_review(left: int, mark: int | None) -> None:
    day = date(2026, 6, 17)
    assert mark_of(day, day - timedelta(days=left), REVIEW_MARKS) == mark


def test_a_review_is_recalled_to_its_owner_thirty_and_seven_days_before_and_on_the_day(app: Flask, cast: Cast) -> None:
    valid(app, cast, owner_id=cast.auditor.id, audience=frozenset(), review_months=6)
    due = date(2026, 12, 1)
    told = {}
    for left in range(33, -10, -1):
        before = len(to(app, cast.auditor))
        reminded(app, due - timedelta(days=left))
        if len(to(app, cast.auditor)) > before:
            told[left] = to(app, cast.auditor)[-1]
    assert list(told) == [30, 7, 0]
    assert told[30].subject == "DOC-001 is due on 1 Dec 2026, in 30 days · Alder Works"
    assert "Review it: is it right as it is?" in told[30].body
    assert "/o/alder-works/documents/DOC-001" in told[30].body
    assert to(app, cast.quality_manager) == []


def test_a_review_and_an_acknowledgement_due_on_one_day_are_two_things(app: Flask, cast: Cast) -> None:
    """One month is thirty days of June: both are due on 1 July, and each keeps its own marks."""
    valid(app, cast, owner_id=cast.staff.id, review_months=1, acknowledge_days=30)
    told = []
    for left in range(31, -9, -1):
        before = len(to(app, cast.staff))
        reminded(app, date(2026, 7, 1) - timedelta(days=left))
        told += [(left, each) for each in to(app, cast.staff)[before:]]
    said = {left: sum(each.body.count(deed) for deed in ("Review it", "Read it, and ack")) for left, each in told}
    # The review at 30, 7 and 0; the acknowledgement at 7, 1, 0 and a week late.
    assert said == {30: 1, 7: 2, 1: 1, 0: 2, -7: 1}


def test_what_is_acknowledged_or_withdrawn_is_recalled_no_longer(app: Flask, cast: Cast) -> None:
    for title in ("One", "Two"):
        valid(app, cast, title)
    with on_stage(app, cast.organisation, cast.staff) as w:
        documents.acknowledge(w, held(w, "DOC-001"), 1)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.withdraw(w, held(w, "DOC-002"))
    before = len(to(app, cast.staff))
    reminded(app, date(2026, 6, 15))
    assert len(to(app, cast.staff)) == before
