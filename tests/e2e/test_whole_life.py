"""The whole life of a client in a real browser: from the offer of a plan to its renewal three years later."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.implementation.plan import Step
from app.domain.training.course import QuizSettings
from app.models.audit import Audit, AuditProgress
from app.operations import plans
from app.operations.audits import take_step
from tests.cast import Cast
from tests.e2e import life_of_a_certificate as certificate
from tests.e2e import life_of_a_plan as plan
from tests.e2e.life import Life
from tests.learning import course
from tests.stage import on_stage
from tests.subscribed import terms

pytestmark = pytest.mark.slow

STARTS_ON = date(2026, 8, 31)


@pytest.fixture
def life(app: Flask, cast: Cast, page: Page, live_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """A provider that has a plan to sell, and an organisation that has nothing yet but its people and a course."""
    page.context.set_default_timeout(20_000)
    # As in production: one browser opens some hundreds of pages here, and need not ask for every style each time.
    monkeypatch.setitem(app.config, "SEND_FILE_MAX_AGE_DEFAULT", timedelta(days=365))
    with time_machine.travel(f"{STARTS_ON}T08:00:00+00:00", tick=True) as clock:
        with on_stage(app, cast.elsewhere, cast.stranger) as w:
            plans.record(w, terms())
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            course(w, certificate.COURSE, quiz=QuizSettings(pass_mark=80, attempts=2, minutes=20))
        yield Life(app, cast, page, clock, live_server)


def held_by_others(life: Life, until: date) -> None:
    """The internal audits of the years between are held, each on its days."""
    coming = select(Audit).where(Audit.kind == AuditKind.INTERNAL, Audit.progress == AuditProgress.PLANNED)
    with on_stage(life.app, life.cast.organisation) as w:
        found = [(each.reference, each.ends_on) for each in w.all(coming.order_by(Audit.ends_on))]
    for reference, ends_on in found:
        if ends_on < until:
            life.today(ends_on)
            with on_stage(life.app, life.cast.organisation, life.cast.quality_manager) as w:
                take_step(w, reference, AuditProgress.CLOSED)


def test_from_the_offer_of_a_plan_to_its_renewal(life: Life) -> None:
    plan.agree(life)
    plan.offer(life)
    plan.accept(life)
    plan.seats(life)
    life.today(date(2026, 9, 1))
    certificate.apply(life)
    certificate.propose(
        life,
        {
            "Internal 1": (date(2026, 11, 16), date(2026, 11, 17)),
            "Stage 1 1": (date(2026, 12, 2), date(2026, 12, 2)),
            "Stage 2 1": (date(2027, 1, 18), date(2027, 1, 19)),
        },
    )
    certificate.lay_out(life)

    life.today(date(2026, 9, 28))
    certificate.write_the_manual(life)
    certificate.approve_the_manual(life)
    certificate.is_late(life)
    certificate.do(life, Step.MANUALS)
    certificate.end(life, Step.MANUALS)

    life.today(date(2026, 10, 26))
    everybody = (life.cast.staff, life.cast.asset_manager)
    certificate.assign_the_course(life, *everybody)
    certificate.readiness(life, 14, Manuals_created="100 %", Manuals_acknowledged="0 %", Courses_passed="0 %")
    for each in everybody:
        certificate.acknowledge(life, each)
        certificate.take_the_course(life, each)
    certificate.do(life, Step.DELIVERY, but=[certificate.ACKNOWLEDGE])
    certificate.do_ones_own(life)
    certificate.end(life, Step.DELIVERY)
    certificate.name_the_auditor(life, "IA-2026-01")

    life.today(date(2026, 11, 17))
    certificate.hold(life, life.cast.auditor, "IA-2026-01")

    life.today(date(2026, 11, 20))
    certificate.review(life)
    certificate.do(life, Step.TRAINING)
    certificate.end(life, Step.TRAINING)
    certificate.readiness(life, 100, Internal_audit="100 %", Management_review="100 %")

    life.today(date(2026, 12, 2))
    certificate.conclude(life, "S1-2026-01", "Ready")
    life.today(date(2027, 1, 19))
    certificate.conclude(life, "S2-2027-01", "Recommended")
    life.today(date(2027, 2, 1))
    certificate.grant(life)
    certificate.propose_surveillances(life)

    for year, day in ((1, date(2027, 12, 6)), (2, date(2028, 12, 4))):
        held_by_others(life, day)
        life.today(day)
        certificate.surveil(life, f"SA-{day.year}-01", year)
    plan.the_plan_is_used_up(life)

    # Twelve months before 31 Jan 2030, and the day before that.
    life.today(date(2029, 1, 30))
    plan.nothing_to_order(life)
    life.today(date(2029, 1, 31))
    plan.warning(life)
    plan.offer_another_term(life)
    plan.renew(life)
    held_by_others(life, date(2029, 8, 31))
    life.today(date(2029, 8, 31))
    plan.goes_on(life)
    plan.client_s_journal(life)
    plan.provider_s_journal(life)
