"""People in a real browser: signing in by the form, the second factor, and every page of theirs in both themes."""

import re
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app.models.organisation import Organisation
from app.models.person import SignIn
from app.work import work
from tests.cast import PASSWORD, Cast, begin_sign_in, cookie_of
from tests.web.test_members import MEMBERS

AXE = next((Path(__file__).parent / "vendor").rglob("axe.min.js"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page: Page) -> list[str]:
    """What axe finds on the page."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: tags})).violations"
        ".flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`))",
        RULES,
    )
    return found


@pytest.mark.one_database
def test_signing_in_with_a_second_factor(page: Page, cast: Cast) -> None:
    page.goto(f"{MEMBERS}")
    page.get_by_label("Email address").fill(cast.administrator.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Members")
    page.goto("/account/second-factor")
    page.get_by_role("button", name="Set it up").click()
    secret = page.locator("main code").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn the second factor on").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    page.locator("summary", has_text="Ada Minton").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Email address").fill(cast.administrator.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/(o/.*)?$"))


@pytest.mark.one_database
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_second_factor_being_set_up_can_be_read_by_everybody(
    app: Flask, cast: Cast, page: Page, context: BrowserContext, live_server: str, theme: str
) -> None:
    """That page answers a form, so that it has no address of its own."""
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server}])
    context.add_cookies([{**cookie_of(app, cast.administrator), "url": live_server}])
    page.goto("/account/second-factor")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_label("Code")).to_be_visible()
    assert findings(page) == []


@pytest.mark.one_database
def test_long_names_and_addresses_stay_within_the_account_page_of_a_phone(
    app: Flask, cast: Cast, page: Page, context: BrowserContext, live_server: str
) -> None:
    with app.app_context(), work(cast.organisation.id) as w:
        home = w.one_or_none(select(Organisation).where(Organisation.id == cast.organisation.id))
        assert home is not None
        home.name, home.time_zone = "Donaudampfschifffahrtsgesellschaft" * 3, "America/Argentina/ComodRivadavia"
    begin_sign_in(app, cast.staff)
    with app.app_context(), work(None) as w:
        (row,) = w.session.scalars(select(SignIn).where(SignIn.person_id == cast.staff.id))
        row.browser = "Averylongprogramnamewithoutanyspacesthatgoesonandonandon/1.0"
        row.address = "2001:0db8:85a3:1111:2222:8a2e:0370:7334"
    context.add_cookies([{**cookie_of(app, cast.staff), "url": live_server}])
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/account/", "/account/erase"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.goto("/account/")
    frame = page.locator(".table-frame")
    assert frame.evaluate("each => each.scrollWidth - each.clientWidth") == 0
