"""Audits in a real browser: a move past its limit, two editors, laying out, and every page in both themes."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.dates import add_months, say
from app.domain.programme.team import Seat, TeamRole
from app.models.journal import JournalEntry
from tests.cast import Cast, cookie_of
from tests.e2e.test_people import findings
from tests.stage import certificate, on_stage, plan, reread, site

TODAY = date.today()  # noqa: DTZ011 - any day near enough
GRANTED = TODAY - timedelta(days=300)
LIMIT = add_months(GRANTED, 12)


@pytest.fixture
def here(app: Flask, cast: Cast, context: BrowserContext, live_server: str) -> str:
    """A first surveillance two weeks from now, and the quality manager signed in; gives the address of the audits."""
    with on_stage(app, cast.organisation) as w:
        munich = site(w).id
        row = certificate(w, granted=GRANTED, sites=(munich,))
        lead = (Seat(TeamRole.LEAD, person_id=cast.auditor.id),)
        day = TODAY + timedelta(days=14)
        surveillance = plan(w, row.id, day, sites=frozenset({munich}), team=lead, notes="Ask early.")
        plan(w, row.id, TODAY + timedelta(days=14), kind=AuditKind.INTERNAL, team=lead, sites=frozenset({munich}))
    context.add_cookies([{**cookie_of(app, cast.quality_manager), "url": live_server}])
    return f"/o/{cast.organisation.slug}/audits/{surveillance.reference}"


@pytest.mark.one_database
def test_past_its_limit_the_breach_is_seen_before_it_is_saved_and_the_journal_has_the_reason(
    app: Flask, cast: Cast, page: Page, here: str
) -> None:
    late = LIMIT + timedelta(days=3)
    reference = here.rpartition("/")[2]
    page.goto(here)
    page.get_by_role("link", name="Move").click()
    page.get_by_label("First day").fill(late.isoformat())
    page.get_by_label("Last day").fill(late.isoformat())
    page.get_by_role("button", name="Show what this would do").click()
    expect(page.get_by_role("alert")).to_contain_text("This breaks a hard rule.")
    expect(page.locator("main")).to_contain_text(f"3 days past the limit of {say(LIMIT)}")
    assert reread(app, cast.organisation, reference).ends_on == TODAY + timedelta(days=14)
    page.get_by_role("button", name=f"Move {reference} all the same").click()
    expect(page.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")
    assert reread(app, cast.organisation, reference).ends_on == TODAY + timedelta(days=14)
    page.get_by_label("Reason").fill("The body has nobody before")
    page.get_by_role("button", name=f"Move {reference} all the same").click()
    expect(page).to_have_url(re.compile(f"/audits/{reference}$"))
    expect(page.locator("main")).to_contain_text("3 days late")
    with on_stage(app, cast.organisation) as w:
        entries = select(JournalEntry).where(JournalEntry.noun == "audit", JournalEntry.reference == reference)
        assert w.all(entries.order_by(JournalEntry.id))[-1].reason == "The body has nobody before"


@pytest.mark.one_database
def test_two_editors_see_each_other(
    app: Flask, cast: Cast, page: Page, here: str, browser: Browser, live_server: str
) -> None:
    page.goto(f"{here}/edit")
    other = browser.new_context(base_url=live_server)
    other.add_cookies([{**cookie_of(app, cast.quality_manager), "url": live_server}])
    second = other.new_page()
    second.goto(f"{here}/edit")
    page.get_by_label("Title").fill("From the first")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(r"/audits/[^/]+$"))
    second.get_by_label("Title").fill("From the second")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text("Somebody else changed")
    assert findings(second) == []
    second.get_by_role("radio", name="From the second").check()
    second.get_by_role("button", name="Save what I chose").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("From the second")
    other.close()


@pytest.mark.one_database
def test_the_programme_is_laid_out(page: Page, here: str) -> None:
    page.goto(here.partition("/audits")[0] + "/programme/lay-out")
    page.locator("summary", has_text="why?").first.click()
    expect(page.locator(".why-reasons").first).to_contain_text(re.compile(r"\d{4}"))
    page.get_by_role("button", name="Put the ticked audits on the programme").click()
    expect(page.get_by_role("status").first).to_contain_text("on the programme")
