"""What is late beside the programme stands on the dashboard, and what a provider looks after, for who may see it."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.domain.certification.facts import AuditKind
from app.domain.subscription.invoicing import Line
from app.extensions import db
from app.operations import implementations, invoices
from app.operations.invoices import Paper
from app.queries.invoices import overdue_invoices as invoices_overdue
from tests.cast import Cast, House, Member, post, sign_in
from tests.certified import NOON, applied
from tests.papers import valid
from tests.provided import agree, gives_support
from tests.stage import on_stage, plan

ISMS = "ISO/IEC 27001:2022"
LATER = "2026-09-10T09:00:00Z"


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def seen(app: Flask, house: House, who: Member) -> str:
    answer = sign_in(app.test_client(), who).get(f"/o/{house.slug}/")
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


def late_house(app: Flask, cast: Cast) -> None:
    """A plan that endangers stage 1, a document whose review passes, and an invoice, paid in part."""
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        certificate = applied(w, ISMS)
        plan(w, certificate.id, date(2026, 9, 20), kind=AuditKind.STAGE_1)
        implementations.lay_out(w, implementations.Wish(ISMS, date(2026, 6, 1), 90, certificate.id))
    valid(app, cast, review_months=1)
    owe(app, cast, cast.organisation)


def owe(app: Flask, cast: Cast, client: House) -> str:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        line = Line("Training on site", 10_000, 0)
        return invoices.issue_own(w, client.id, "EUR", [line], Paper(due_on=date(2026, 7, 1))).reference


def test_what_is_late_stands_there_for_who_may_see_it(app: Flask, cast: Cast) -> None:
    agree(app, cast.elsewhere, cast.organisation, cast.stranger)
    late_house(app, cast)
    assert "Also late" not in seen(app, cast.organisation, cast.quality_manager)
    with time_machine.travel(LATER, tick=True):
        page = seen(app, cast.organisation, cast.quality_manager)
        part = page.partition("Also late")[2].partition("</section>")[0]
        assert "but stage 1" in part
        assert "tasks are late; it is expected to end on" in part
        assert "Its review was due" in part
        assert "DOC-001" in part
        assert "/plan/invoices/" in part
        # An auditor sees neither the plan nor what is owed.
        page = seen(app, cast.organisation, cast.auditor)
        part = page.partition("Also late")[2].partition("</section>")[0]
        assert "Is to be paid" not in part
        assert "DOC-001" in part
        assert "Also late" not in seen(app, cast.elsewhere, cast.stranger)


def test_an_invoice_that_is_paid_is_not_late(app: Flask, cast: Cast) -> None:
    agree(app, cast.elsewhere, cast.organisation, cast.stranger)
    owe(app, cast, cast.organisation)
    with time_machine.travel(LATER, tick=True):
        assert "Is to be paid" in seen(app, cast.organisation, cast.quality_manager)
        with on_stage(app, cast.elsewhere, cast.stranger) as w:
            (row,) = invoices_overdue(w)
            invoices.pay(w, row.id, 10_000, date(2026, 9, 1))
        assert "Also late" not in seen(app, cast.organisation, cast.quality_manager)


def test_a_provider_sees_overdue_invoices_late_clients_and_the_next_sessions(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    agree(app, cast.elsewhere, cast.organisation, cast.stranger)
    reference = owe(app, cast, cast.organisation)
    giver = gives_support(app, cast.elsewhere, cast.stranger, tuple((day, "09:00", "12:00") for day in range(5)))
    with time_machine.travel(LATER, tick=True):
        home = f"/o/{cast.organisation.slug}/support/book?person={giver}&at=2026-09-14T08:00Z"
        staff = sign_in(app.test_client(), cast.staff)
        assert post(staff, home, {"agenda": "The scope", "entry_key": "1"}).status_code == 303
        page = seen(app, cast.elsewhere, cast.stranger)
        assert "1 invoice is overdue; no client has something overdue." in page
        assert reference in page
        assert "Alder Works, " in page
        assert "S-2026-001" in page
        assert "The scope" not in page
        assert "Overdue invoices" not in seen(app, cast.organisation, cast.quality_manager)


def test_where_there_is_nothing_of_the_kind_one_question_is_asked(app: Flask, cast: Cast) -> None:
    statements: list[str] = []

    def listen(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        seen(app, cast.organisation, cast.quality_manager)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert sum("implementation" in each.lower() and "invoice" in each.lower() for each in statements) == 1
    assert sum("implementation_task" in each for each in statements) == 0
