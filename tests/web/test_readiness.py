"""Readiness for stage 1 where it is looked for: at the certificate, at its stage 1, and by a provider as shared."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.domain.certification.facts import AuditKind
from app.domain.permission import Role
from app.domain.programme.review import ReviewProgress
from app.domain.subscription.agreement import USUAL, Share
from app.extensions import db
from app.models.implementation import Implementation
from app.models.management_review import ManagementReview
from app.models.person import Person
from app.models.training_assignment import TrainingAssignment
from app.operations import agreements, documents, organisations
from app.operations import implementations as operation
from app.operations.documents import DocumentDetails
from app.queries.documents import document_by
from app.queries.implementations import implementation_by
from app.queries.readiness import preparing, readiness
from app.work import Work, work
from tests.cast import Cast, House, Member, sign_in
from tests.certified import NOON, TODAY, applied, audited
from tests.stage import on_stage, plan
from tests.subscribed import agree
from tests.trained import course, passed

ISMS = "ISO/IEC 27001:2022"
HEAD = "Readiness for stage 1"


@pytest.fixture(autouse=True)
def _on_a_known_day() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    sent: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def page(visitor: FlaskClient, url: str) -> str:
    answer = visitor.get(url)
    assert answer.status_code == 200, url
    return " ".join(unescape(answer.text).split())


def under_way(w: Work, person_id: int, done: int, certificate_id: int | None = None) -> Implementation:
    """One that began sixty days ago with its first tasks done, and somebody who has not passed a course."""
    wish = operation.Wish(ISMS, date(2026, 4, 2), 90, certificate_id)
    reference = operation.lay_out(w, wish).reference
    row = held(w, reference)
    for _ in range(done):
        free = {each.id for each in row.tasks if each.done_on is None}
        ready = next(
            each for each in row.tasks if each.id in free and not free & {wait.after_id for wait in each.waits}
        )
        operation.finish(w, reference, ready.id)
    asked = course(w, f"TR-{person_id}", "Awareness")
    for column in ({}, {"withdrawn_on": TODAY}):
        taken = asked if not column else course(w, f"TR-{person_id}W", "Withdrawn")
        w.add(TrainingAssignment(person_id=person_id, course_id=taken.id, assigned_on=TODAY, due_on=TODAY, **column))
    return held(w, reference)


def held(w: Work, reference: str) -> Implementation:
    row = implementation_by(w, reference)
    assert row is not None
    return row


def test_it_stands_at_the_certificate_and_at_its_stage_1_until_that_is_over(app: Flask, cast: Cast) -> None:
    home = f"/o/{cast.organisation.slug}"
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        certificate, other = applied(w, ISMS), applied(w, "ISO 9001:2015")
        stage_1 = plan(w, certificate.id, date(2026, 7, 6), kind=AuditKind.STAGE_1).reference
        elsewhere = plan(w, other.id, date(2026, 7, 8), kind=AuditKind.STAGE_1).reference
        stage_2 = plan(w, certificate.id, date(2026, 9, 7), kind=AuditKind.STAGE_2).reference
        row = under_way(w, cast.staff.id, 2, certificate.id)
    manager = sign_in(app.test_client(), cast.quality_manager)
    at_certificate, at_audit = f"{home}/certificates/{certificate.reference}", f"{home}/audits/{stage_1}"
    for url in (at_certificate, at_audit):
        seen = page(manager, url)
        assert f"{HEAD}: 4 %" in seen
        assert f'href="{home}/implementation/{row.reference}"' in seen
        assert "Not passed by Stella Farrow." in seen
        assert "No management review of ISO/IEC 27001 was held since" in seen
        assert "Stage 1 in danger" in seen
        assert f"but stage 1 ({stage_1}) begins on 6 Jul 2026" in seen
        assert "tasks are late" in seen
    for url in (f"certificates/{other.reference}", f"audits/{elsewhere}", f"audits/{stage_2}"):
        assert HEAD not in page(manager, f"{home}/{url}")
    # Who sees the audits they are on alone sees nothing of the implementation there.
    stranger = sign_in(app.test_client(), cast.stranger)
    assert stranger.get(at_audit).status_code == 404
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        audited(w, certificate, "S1-2026-09", AuditKind.STAGE_1, date(2026, 5, 29))
    for url in (at_certificate, at_audit, f"{home}/audits/S1-2026-09"):
        assert HEAD not in page(manager, url)


def test_one_that_names_no_certificate_leads_to_that_of_its_edition(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        certificate, other = applied(w, ISMS), applied(w, "ISO 9001:2015")
        row = under_way(w, cast.staff.id, 0)
        assert [each.row.id for each in preparing(w, [certificate])] == [row.id]
        assert preparing(w, [other]) == []
        assert len(preparing(w)) == 1


@pytest.fixture
def shared(app: Flask, cast: Cast) -> int:
    """A live agreement with everything ticked, and a client on its way to stage 1."""
    with on_stage(app, cast.organisation, cast.provider_staff) as w:
        id_ = agree(w, cast.elsewhere, cast.stranger, frozenset(Share)).id
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        certificate = applied(w, ISMS)
        plan(w, certificate.id, date(2026, 7, 6), kind=AuditKind.STAGE_1)
        under_way(w, cast.stranger.id, 2, certificate.id)
    return id_


def test_a_provider_sees_it_as_far_as_it_was_shared(app: Flask, cast: Cast, shared: int) -> None:
    base = f"/o/{cast.organisation.slug}/clients"
    seller = sign_in(app.test_client(), cast.provider_staff)
    marks = ("4 %", "tasks late")
    both = (base, f"{base}/{cast.elsewhere.slug}")
    for url in both:
        seen = page(seller, url)
        assert "4 %" in seen
        assert "in danger" in seen.casefold()
        # Whose course is missing stays with the client.
        assert "Osgood" not in seen
    assert "tasks late" in page(seller, base)
    assert "begins on 6 Jul 2026" in page(seller, both[1])
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agreements.change_shares(w, shared, None, frozenset(Share) - {Share.PROGRAMME})
    for url in both:
        seen = page(seller, url)
        assert "4 %" in seen
        assert "in danger" not in seen.casefold()
        assert "6 Jul 2026" not in seen
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agreements.change_shares(w, shared, None, frozenset(Share) - {Share.READINESS})
    for url in both:
        seen = page(seller, url)
        assert not [mark for mark in (*marks, "in danger", "Manuals created") if mark in seen]
        assert "ot shared" in seen
    assert f"“{Share.READINESS.says}”" in page(seller, both[1])


def test_the_list_of_clients_asks_as_often_for_one_as_for_many(app: Flask, cast: Cast, shared: int) -> None:
    base = f"/o/{cast.organisation.slug}/clients"
    seller = sign_in(app.test_client(), cast.provider_staff)

    def document_in(house: House, owner: Member) -> None:
        with on_stage(app, house, owner) as w:
            told = frozenset({Role.QUALITY_MANAGER})
            documents.write(
                w,
                DocumentDetails(title="Policy", owner_id=owner.id, audience=told, clauses=frozenset({(ISMS, "5")})),
                "Lock it.",
            )
            documents.send(w, document_by(w, "DOC-001", lock=True))
        with app.app_context(), work(house.id, cast.administrator.id) as w:
            documents.approve(w, document_by(w, "DOC-001", lock=True), w.today)

    document_in(cast.elsewhere, cast.stranger)
    page(seller, base)
    with counted(app) as few:
        page(seller, base)
    houses = []
    with app.app_context(), work(None, cast.provider_staff.id) as w:
        for number in range(5):
            found = organisations.found(w, name=f"Client {number}", country="DE", time_zone="Europe/Berlin")
            house = House(found.id, found.slug, found.name)
            stranger = w.session.get_one(Person, cast.stranger.id)
            organisations.join(w, found, stranger, frozenset({Role.QUALITY_MANAGER}))
            with w.within(house.id) as theirs:
                under_way(theirs, cast.stranger.id, number)
            with w.within(cast.organisation.id) as ours:
                agree(ours, house, cast.stranger, USUAL)
            houses.append(house)
    for house in houses:
        document_in(house, cast.stranger)
    with counted(app) as many:
        page(seller, base)
    assert len(many) == len(few)


def test_across_organisations_each_is_as_ready_as_at_home(app: Flask, cast: Cast, shared: int) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        # The same person belongs to both, and passed here what they lack there.
        stranger = w.session.get_one(Person, cast.stranger.id)
        organisations.join(w, w.organisation, stranger, frozenset({Role.STAFF}))
        under_way(w, cast.stranger.id, 5)
        passed(w, cast.stranger.id, course(w, "TR-900", "Another"), date(2026, 5, 4))
        w.add(
            ManagementReview(
                reference="MR-2026-01", held_on=date(2026, 5, 8), period_starts_on=date(2025, 5, 8),
                progress=ReviewProgress.HELD, standards="ISO/IEC 27001:2022",
            )
        )  # fmt: skip
    ids = (cast.organisation.id, cast.elsewhere.id)
    at_home = {}
    for home in ids:
        with app.app_context(), work(home, writes=False) as w:
            (row,) = (each.row for each in preparing(w))
            at_home[home] = readiness(w, row)
    with app.app_context(), work(None, over=ids) as w:
        across = {each.row.organisation_id: each.ready for each in preparing(w)}
    assert across == at_home
    assert [len(across[home].wanting) for home in ids] == [6, 7]
