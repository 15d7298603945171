"""What people come for, walked through in a real browser from the form of the sign-in to the journal."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app.domain.dates import say
from app.models.audit import Audit
from app.models.journal import JournalEntry
from tests.cast import PASSWORD, Cast, Member, cookie_of
from tests.stage import certificate, on_stage, plan, reread, site

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

LEAP_DAY = date(2024, 2, 29)
LIMIT = date(2026, 3, 12)


@pytest.fixture
def five_days_later() -> Iterator[None]:
    """The server takes it for 5 March 2024; the browser's own clock is nothing to it."""
    with time_machine.travel("2024-03-05T10:00:00+01:00", tick=True):
        yield


def sign_in(page: Page, person: Member) -> None:
    page.goto("/")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")


def test_from_the_decision_to_three_years_that_can_say_why(
    five_days_later: None, app: Flask, cast: Cast, page: Page
) -> None:
    sign_in(page, cast.quality_manager)
    page.get_by_role("link", name="Certificates", exact=True).click()
    page.get_by_role("link", name="Record a certificate").first.click()
    page.get_by_label("Standard and edition").select_option("ISO/IEC 27001:2022")
    page.get_by_label("Scope").fill("Everything that is done at the waterside.")
    page.get_by_label("Granted on").fill(LEAP_DAY.isoformat())
    page.get_by_role("button", name="Record the certificate").click()
    expect(page.locator("main")).to_contain_text("28 Feb 2027")

    page.get_by_role("link", name="Lay out the programme").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lay out the programme")
    start = page.get_by_label("Internal plan starts on")
    if not start.input_value():
        start.fill(LEAP_DAY.isoformat())
        page.get_by_role("button", name="Propose the audits").click()
    proposals = page.get_by_role("table").locator("tbody tr")
    # Two surveillances, the recertification, and an internal audit in each half year.
    expect(proposals).to_have_count(9)
    expect(proposals.filter(has_text="Surveillance 1")).to_contain_text("28 Feb 2025")
    for proposal in proposals.all():
        proposal.locator("summary", has_text="why?").click()
        expect(proposal.locator(".why-reasons li").first).to_be_visible()
        if "Internal" in proposal.inner_text():
            # Six in 36 months is what was agreed, and no clause of a standard.
            expect(proposal.locator(".why-reasons")).to_contain_text("calendar months from the start of the plan")
        else:
            expect(proposal.locator(".clause").first).to_contain_text(re.compile(r"ISO/IEC 17021-1:2015, 9\.\d"))
        proposal.locator("summary", has_text="why?").click()
    page.get_by_role("button", name="Put the ticked audits on the programme").click()

    expect(page.get_by_role("status").first).to_contain_text("9 audits are on the programme")
    with on_stage(app, cast.organisation) as w:
        laid_out = {row.reference: row.starts_on for row in w.execute(select(Audit.reference, Audit.starts_on))}
    assert len(laid_out) == 9
    shown = page.locator(".band-across a.p")
    for reference, starts_on in laid_out.items():
        if starts_on.year <= 2026:
            expect(shown.filter(has_text=reference).first).to_be_visible()


@pytest.fixture
def surveillance(app: Flask, cast: Cast, context: BrowserContext, live_server: str) -> Iterator[Audit]:
    """A first surveillance next Monday, and its limit on Thursday; the quality manager is in."""
    with time_machine.travel("2026-03-02T10:00:00+01:00", tick=True):
        with on_stage(app, cast.organisation) as w:
            home = site(w).id
            row = certificate(w, granted=date(2025, 3, 12), sites=(home,))
            planned = plan(w, row.id, date(2026, 3, 9), date(2026, 3, 10), sites=frozenset({home}))
        context.add_cookies([{**cookie_of(app, cast.quality_manager), "url": live_server}])
        yield planned


def test_dragging_past_the_limit_in_the_month_shows_the_breach_and_saves_nothing(
    app: Flask, cast: Cast, page: Page, surveillance: Audit
) -> None:
    before, later = surveillance.starts_on, surveillance.starts_on + timedelta(days=7)
    page.goto(f"/o/alder-works/programme/calendar?month={before:%Y-%m}")
    entry = page.locator(".entry-audit", has_text=surveillance.reference).first
    entry.scroll_into_view_if_needed()
    box, target = entry.bounding_box(), page.locator(f'[data-date="{later}"]').first.bounding_box()
    assert box
    assert target
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 24, box["y"] + box["height"] / 2 + 20, steps=4)
    page.mouse.move(target["x"] + 24, target["y"] + target["height"] / 2, steps=8)
    page.mouse.up()
    page.wait_for_url(f"**/audits/{surveillance.reference}/move?*")

    expect(page.get_by_label("First day")).to_have_value(later.isoformat())
    expect(page.get_by_label("Last day")).to_have_value((later + timedelta(days=1)).isoformat())
    expect(page.get_by_role("alert")).to_contain_text("This breaks a hard rule.")
    expect(page.locator("main")).to_contain_text(f"5 days past the limit of {say(LIMIT)}")
    assert reread(app, cast.organisation, surveillance.reference).starts_on == before

    anyway = page.get_by_role("button", name=f"Move {surveillance.reference} all the same")
    anyway.click()
    expect(page.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")
    assert reread(app, cast.organisation, surveillance.reference).starts_on == before
    page.get_by_label("Reason").fill("The lead auditor is ill")
    anyway.click()
    expect(page).to_have_url(re.compile(f"/audits/{surveillance.reference}$"))
    assert reread(app, cast.organisation, surveillance.reference).starts_on == later
    page.get_by_role("link", name="What happened to it, in the journal").click()
    expect(page.get_by_role("table")).to_contain_text("The lead auditor is ill")
    with on_stage(app, cast.organisation) as w:
        kept = select(JournalEntry.reason).where(JournalEntry.reference == surveillance.reference)
        assert "The lead auditor is ill" in w.all(kept)


def test_in_the_band_arrow_keys_walk_and_enter_opens(page: Page, surveillance: Audit) -> None:
    page.goto("/o/alder-works/programme")
    pin = page.locator(".band-across a.p", has_text=surveillance.reference).first
    page.locator('.band-across a.p[tabindex="0"]').focus()
    for _ in range(20):
        if pin.evaluate("pin => pin === document.activeElement"):
            break
        page.keyboard.press("ArrowRight")
    expect(pin).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/audits/{surveillance.reference}")


def test_the_month_in_the_heading_is_the_month_that_is_shown(page: Page, surveillance: Audit) -> None:
    page.goto("/o/alder-works/programme/calendar?month=2027-01")
    expect(page.get_by_role("heading", level=1)).to_have_text("Programme: January 2027")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Programme: February 2027")
    expect(page).to_have_title(re.compile("February 2027"))
    expect(page).to_have_url(re.compile("month=2027-02"))
