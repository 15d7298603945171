"""Counting in a real browser: tag after tag as a scanner types them, at the width of a phone, and without scripts."""

from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from app.models.inventory_check import InventoryLine
from app.operations import inventory_checks
from tests.cast import Cast, cookie_of
from tests.equipped import equip
from tests.stage import on_stage

REFERENCE = f"IC-{date.today().year}-01"  # noqa: DTZ011 - any day near enough


@pytest.fixture
def here(app: Flask, cast: Cast, context: BrowserContext, live_server: str) -> str:
    """A check of thirty; gives its address."""
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        for number in range(30):
            equip(w, f"NW-{number:02d}")
        inventory_checks.start(w)
    context.add_cookies([{**cookie_of(app, cast.asset_manager), "url": live_server}])
    return f"/o/{cast.organisation.slug}/inventory-checks/{REFERENCE}"


def found(app: Flask, cast: Cast) -> list[str]:
    with on_stage(app, cast.organisation) as w:
        rows = w.all(select(InventoryLine.tag).where(InventoryLine.found_at.is_not(None)).order_by(InventoryLine.tag))
        return list(rows)


@pytest.mark.one_database
def test_a_scanner_types_one_tag_after_another_and_the_field_never_loses_the_focus(
    app: Flask, cast: Cast, page: Page, here: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(here)
    tags = page.get_by_label("Tags")
    expect(tags).to_be_focused()
    # As quickly as the browser takes them: the next comes while the one before is being sent.
    for number in range(30):
        page.keyboard.type(f"NW-{number:02d}")
        page.keyboard.press("Enter")
    page.keyboard.type("XX-1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-waits]")).to_contain_text("XX-1: not known to the register.")
    expect(page.locator("[data-counted]")).to_contain_text("All that was expected is found.")
    expect(tags).to_be_focused()
    expect(tags).to_have_value("")
    assert found(app, cast) == [*(f"NW-{number:02d}" for number in range(30)), "XX-1"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.one_database
def test_what_could_not_be_sent_returns_to_the_field(app: Flask, cast: Cast, page: Page, here: str) -> None:
    page.goto(here)

    def fail(route: Route) -> None:
        route.fulfill(status=422, body="no")

    page.route("**/count", fail)
    page.keyboard.type("NW-07")
    page.keyboard.press("Enter")
    expect(page.locator("[data-waits]")).to_contain_text("could not be counted")
    expect(page.get_by_label("Tags")).to_have_value("NW-07")
    page.unroute("**/count")
    page.keyboard.press("Enter")
    expect(page.locator("[data-waits]")).to_contain_text("NW-07: found.")
    assert found(app, cast) == ["NW-07"]


@pytest.mark.one_database
def test_without_scripts_a_list_is_pasted_and_counted(
    app: Flask, cast: Cast, browser: Browser, live_server: str, here: str
) -> None:
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    context.add_cookies([{**cookie_of(app, cast.asset_manager), "url": live_server}])
    page = context.new_page()
    page.goto(here)
    page.get_by_label("Tags").fill("NW-01\nNW-02\nNW-03")
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_role("status").first).to_contain_text("NW-01, NW-02, NW-03: found.")
    page.get_by_role("button", name="Take back NW-02").click()
    page.get_by_role("link", name="End counting").click()
    page.get_by_role("button", name="End counting").click()
    expect(page.locator("main")).to_contain_text("28 of 28 differences are to be resolved")
    assert found(app, cast) == ["NW-01", "NW-03"]
    context.close()
