"""Without scripts: everything that people come for works with forms, links and what HTML opens by itself."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app import demonstration
from app.models.audit import Audit, AuditProgress
from app.models.organisation import Organisation
from app.work import work

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

HOME = "/o/northwind"


@pytest.fixture
def page(demonstrate: Callable[[], None], browser: Browser, live_server: str) -> Iterator[Page]:
    """The quality manager of the demonstration, signed in by the form, in a browser that runs no script."""
    demonstrate()
    context = browser.new_context(base_url=live_server, java_script_enabled=False, locale="en-GB")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("Email address").fill("ingrid@northwind.example")
    page.get_by_label("Password").fill(demonstration.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    yield page
    context.close()


def surveillance(app: Flask) -> tuple[str, date]:
    """The confirmed surveillance, and its first day."""
    with app.app_context():
        with work(None, writes=False) as w:
            home = w.session.scalars(select(Organisation.id).where(Organisation.slug == "northwind")).one()
        with work(home, writes=False) as w:
            confirmed = select(Audit.reference, Audit.starts_on).where(Audit.progress == AuditProgress.CONFIRMED)
            row = w.execute(confirmed.where(Audit.reference.like("SA-%"))).one()
            return row[0], row[1]


def test_the_timeline_stands_with_its_table(app: Flask, page: Page) -> None:
    reference, _ = surveillance(app)
    page.goto(f"{HOME}/programme")
    expect(page.locator(".band-across")).to_be_visible()
    page.get_by_text("The timeline as a table").click()
    expect(page.locator(".band-words").get_by_role("link", name=reference).first).to_be_visible()
    page.locator(".band-across a.p", has_text=reference).first.click()
    page.wait_for_url(f"**/audits/{reference}")


def test_the_month_is_a_list(app: Flask, page: Page) -> None:
    reference, starts_on = surveillance(app)
    page.goto(f"{HOME}/programme/calendar?month={starts_on:%Y-%m}")
    expect(page.locator("#calendar")).to_be_hidden()
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    page.locator("a[rel=next]").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(f"{starts_on:%B}")


def test_why_opens(page: Page) -> None:
    page.goto(f"{HOME}/certificates/C-27001-1")
    page.locator("main details.why summary").nth(1).click()
    opened = page.locator("main details.why[open]")
    expect(opened.locator(".why-reasons li").first).to_be_visible()
    expect(opened).to_contain_text("ISO/IEC 17021-1:2015")


def test_the_preview_comes_before_the_move(app: Flask, page: Page) -> None:
    reference, starts_on = surveillance(app)
    late = (starts_on + timedelta(days=400)).isoformat()
    page.goto(f"{HOME}/audits/{reference}")
    page.get_by_role("link", name="Move").click()
    page.get_by_label("First day").fill(late)
    page.get_by_label("Last day").fill(late)
    page.get_by_role("button", name="Show what this would do").click()
    expect(page.get_by_role("alert")).to_contain_text("This breaks a hard rule.")
    assert surveillance(app) == (reference, starts_on)
    page.get_by_role("button", name=f"Move {reference} all the same").click()
    expect(page.locator(".field-error").first).to_be_visible()
    page.get_by_label("Reason").fill("Nobody is free before")
    page.get_by_role("button", name=f"Move {reference} all the same").click()
    page.wait_for_url(f"**/audits/{reference}")
    assert surveillance(app)[1].isoformat() == late


def test_a_decision_is_recorded(page: Page) -> None:
    page.goto(f"{HOME}/certificates/C-27001-1")
    page.get_by_role("link", name="Record a decision").first.click()
    page.get_by_role("link", name="Suspend", exact=True).click()
    page.get_by_label("Decided on").fill(date.today().isoformat())  # noqa: DTZ011 - what the person's wall says
    page.get_by_role("button", name="Show what it does").click()
    expect(page.get_by_role("heading", name="What it does")).to_be_visible()
    page.get_by_label("Note").fill("The fee was not paid.")
    page.get_by_role("button", name="Record the").click()
    page.wait_for_url(f"**{HOME}/certificates/C-27001-1")
    expect(page.locator(".facts")).to_contain_text("Suspended")


def test_the_theme_is_chosen(page: Page) -> None:
    page.locator("summary", has_text="Account of").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto(f"{HOME}/audits")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_calendar_address_is_made_and_revoked(page: Page) -> None:
    page.goto(f"{HOME}/calendar/")
    page.get_by_label("Name").fill("On my desk")
    page.get_by_role("button", name="Make the address").click()
    expect(page.get_by_label("The address of On my desk")).to_have_value(re.compile(r"/feeds/[^/]+\.ics$"))
    page.get_by_role("button", name="Revoke").first.click()
    expect(page.locator("main")).to_contain_text("The address On my desk is revoked.")
