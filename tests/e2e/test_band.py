"""The timeline under the hands, and the shell with and without scripts."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app import demonstration

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

PROGRAMME = "/o/northwind/programme"
FOCUSED = "document.activeElement.getAttribute('href')"


@pytest.fixture(autouse=True)
def _shown(demonstrate: Callable[[], None]) -> None:
    demonstrate()


def enter(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email address").fill("ingrid@northwind.example")
    page.get_by_label("Password").fill(demonstration.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/northwind/")


@pytest.fixture
def signed_in(page: Page) -> Page:
    enter(page)
    return page


@pytest.fixture
def without_scripts(browser: Browser, live_server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_the_drawing_is_one_tab_stop_and_arrows_walk_from_audit_to_audit(signed_in: Page) -> None:
    signed_in.goto(PROGRAMME)
    assert signed_in.locator('.band-across a.p[tabindex="0"]').count() == 1
    lane = signed_in.locator(".band-across [data-lane]", has=signed_in.locator('a.p[href$="SA-2027-01"]')).last
    hrefs = lane.locator("a.p").evaluate_all("pins => pins.map(pin => pin.getAttribute('href'))")
    lane.locator("a.p").first.focus()
    for href in hrefs[1:]:
        signed_in.keyboard.press("ArrowRight")
        assert signed_in.evaluate(FOCUSED) == href
    signed_in.keyboard.press("Enter")
    signed_in.wait_for_url(f"**{hrefs[-1]}")


def test_dragging_a_pin_opens_the_preview_of_the_move(signed_in: Page) -> None:
    signed_in.goto(PROGRAMME)
    head = signed_in.locator('.band-across a.p[data-move$="/SA-2027-01/move"] .p-head').first.bounding_box()
    assert head
    x, y = head["x"] + head["width"] / 2, head["y"] + head["height"] / 2
    signed_in.mouse.move(x, y)
    signed_in.mouse.down()
    signed_in.mouse.move(x + 30, y, steps=4)
    expect(signed_in.locator(".band-note")).to_contain_text("Starts on")
    signed_in.mouse.up()
    signed_in.wait_for_url("**/audits/SA-2027-01/move?starts_on=*")


def test_a_phone_shows_the_drawing_that_runs_down(signed_in: Page) -> None:
    signed_in.goto(PROGRAMME)
    expect(signed_in.locator(".band-across")).to_be_visible()
    expect(signed_in.locator(".band-down")).to_be_hidden()
    signed_in.set_viewport_size({"width": 390, "height": 844})
    expect(signed_in.locator(".band-across")).to_be_hidden()
    expect(signed_in.locator(".band-down")).to_be_visible()


def test_keys_search_go_and_can_be_turned_off(signed_in: Page) -> None:
    signed_in.keyboard.press("/")
    expect(signed_in.get_by_role("searchbox")).to_be_focused()
    signed_in.keyboard.press("Escape")
    signed_in.locator("h1").click()
    signed_in.keyboard.press("g")
    signed_in.keyboard.press("c")
    signed_in.wait_for_url("**/o/northwind/certificates")
    signed_in.keyboard.press("?")
    sheet = signed_in.get_by_role("dialog")
    expect(sheet).to_be_visible()
    sheet.get_by_role("checkbox").uncheck()
    signed_in.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    signed_in.keyboard.press("/")
    expect(signed_in.get_by_role("searchbox")).not_to_be_focused()


def test_without_scripts_menus_open_and_the_theme_can_be_chosen(without_scripts: Page) -> None:
    page = without_scripts
    enter(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_label("Menu").first.click()
    expect(page.get_by_role("navigation", name="Menu").get_by_role("link", name="Programme")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(PROGRAMME)
    page.locator("summary", has_text="Account of").click()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_url(f"**{PROGRAMME}*")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
