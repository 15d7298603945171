"""Learning in a real browser: a quiz is failed, tried again and passed, and the number of the certificate verifies."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.domain.training.course import QuizSettings
from tests.cast import Cast, cookie_of
from tests.learning import course
from tests.stage import on_stage

pytestmark = [pytest.mark.one_database, pytest.mark.slow]


def answer(page: Page) -> None:
    """Answer every question as it is right, whatever the order in which its lines stand."""
    page.get_by_label("A right of use").check()
    page.get_by_label("A laptop").check()
    page.get_by_label("A server").check()
    page.get_by_label("False", exact=True).check()
    page.get_by_label("SWID").select_option("tag")
    page.get_by_label("ENT").select_option("right")
    for place, step in enumerate(("Plan", "Do", "Check"), 1):
        page.get_by_label(step, exact=True).select_option(str(place))
    page.get_by_label("Number").fill("36")
    page.get_by_label("Answer").fill("Entitlement")


def test_a_learner_fails_tries_again_passes_and_the_number_verifies(
    app: Flask, cast: Cast, context: BrowserContext, page: Page, live_server: str
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        course(w, quiz=QuizSettings(pass_mark=80, attempts=2, minutes=20))
    context.add_cookies([{**cookie_of(app, cast.staff), "url": live_server}])
    page.goto(f"/o/{cast.organisation.slug}/my-work")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Training").click()
    page.get_by_role("button", name="Begin Licence compliance").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Terms")
    page.get_by_role("button", name="Done, next").click()
    page.get_by_role("button", name="Begin the quiz").click()
    page.get_by_label("A device").check()
    # It is saved by itself, and there when the page is opened anew.
    expect(page.get_by_role("status").last).to_contain_text("All answers are saved.")
    page.reload()
    expect(page.get_by_label("A device")).to_be_checked()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("6 of 7 are not answered. Hand in anyway?")).to_be_visible()
    expect(page.get_by_label("A device")).to_be_checked()
    page.get_by_role("button", name="Hand in anyway").click()
    expect(page.get_by_text("Not passed", exact=False).first).to_be_visible()
    expect(page.get_by_text("That is an asset.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    answer(page)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("7 of 7 points, 100 %")).to_be_visible()
    page.get_by_role("link", name="Next lesson").click()
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_text("You have completed Licence compliance.")).to_be_visible()
    page.get_by_role("link", name="Certificate TC-").click()
    paper = page.get_by_role("link", name="Certificate as PDF").get_attribute("href")
    assert context.request.get(f"{live_server}{paper}").body().startswith(b"%PDF-1.7")
    address = page.get_by_role("link", name="/verify/").get_attribute("href")
    context.clear_cookies()
    page.goto(str(address))
    expect(page.get_by_text("The number is genuine, and the certificate is valid today.")).to_be_visible()
    expect(page.get_by_text(cast.staff.name)).to_have_count(0)


def reach(page: Page, what: Locator) -> Locator:
    """Go to it as somebody without a mouse does; gives it, with the focus on it."""
    for _ in range(120):
        if what.and_(page.locator(":focus")).count():
            return what
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never comes to {what}")


def press(page: Page, role: str, name: str) -> None:
    """Go to a link or a button, and press Enter."""
    reach(page, page.get_by_role(role, name=name).first)
    page.keyboard.press("Enter")


def pick(page: Page, name: str) -> None:
    """Choose one of a group of which the Tab key knows only one."""
    wanted = page.get_by_label(name, exact=True)
    group = wanted.get_attribute("name")
    reach(page, page.locator(f"input[name='{group}']"))
    page.keyboard.press("Space")
    for _ in range(6):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow keys never come to {name}")


def test_it_is_taken_with_the_keyboard_alone_and_without_scripts(
    app: Flask, cast: Cast, browser: Browser, live_server: str
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        course(w, quiz=QuizSettings(pass_mark=80, attempts=2, minutes=20))
    context = browser.new_context(base_url=live_server, java_script_enabled=False, locale="en-GB")
    context.add_cookies([{**cookie_of(app, cast.staff), "url": live_server}])
    page = context.new_page()
    page.goto(f"/o/{cast.organisation.slug}/my-training")
    press(page, "button", "Begin Licence compliance")
    expect(page.get_by_role("heading", level=1)).to_have_text("Terms")
    press(page, "button", "Done, next")
    press(page, "button", "Begin the quiz")
    pick(page, "A device")
    press(page, "button", "Hand in")
    press(page, "button", "Hand in anyway")
    expect(page.get_by_text("Not passed", exact=False).first).to_be_visible()
    press(page, "button", "Try again")
    pick(page, "A right of use")
    pick(page, "False")
    for each in ("A laptop", "A server"):
        reach(page, page.get_by_label(each))
        page.keyboard.press("Space")
    told = {
        "SWID": "tag",
        "ENT": "right",
        "Plan": "1",
        "Do": "2",
        "Check": "3",
        "Number": "36",
        "Answer": "Entitlement",
    }
    for label, typed in told.items():
        reach(page, page.get_by_label(label, exact=True))
        page.keyboard.type(typed)
    press(page, "button", "Hand in")
    expect(page.get_by_text("7 of 7 points, 100 %")).to_be_visible()
    press(page, "link", "Next lesson")
    press(page, "button", "Done")
    expect(page.get_by_text("You have completed Licence compliance.")).to_be_visible()
    press(page, "link", "Certificate TC-")
    press(page, "link", "/verify/")
    expect(page.get_by_text("The number is genuine, and the certificate is valid today.")).to_be_visible()
    context.close()
