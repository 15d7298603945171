"""A client in another zone books a session in a real browser, by the clock of that browser."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.cast import Cast, cookie_of
from tests.provided import agree, gives_support

pytestmark = pytest.mark.one_database


def test_free_slots_stand_by_the_clock_of_the_browser_and_one_is_booked(
    app: Flask, cast: Cast, browser: Browser, live_server: str
) -> None:
    agree(app, cast.elsewhere, cast.organisation, cast.stranger)
    # Around the clock, so that something is free on whichever day this runs.
    gives_support(app, cast.elsewhere, cast.stranger, tuple((day, "00:00", "00:00") for day in range(7)))
    context = browser.new_context(base_url=live_server, locale="en-GB", timezone_id="America/St_Johns")
    context.add_cookies([{**cookie_of(app, cast.staff), "url": live_server}])
    page = context.new_page()
    page.goto(f"/o/{cast.organisation.slug}/support")
    expect(page.get_by_text("All times by the clock of America/St_Johns.")).to_be_visible()
    page.get_by_role("link", name="Week after").click()
    first = page.locator(".slot-days a").first
    shown = first.inner_text()[:5]
    assert shown.endswith(":30")
    first.click()
    page.get_by_label("Agenda").fill("The scope")
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_role("heading", name=re.compile("S-.* Support session"))).to_be_visible()
    expect(page.locator(".facts")).to_contain_text(f"{shown}–")
    context.close()
