"""The keyboard alone: the skip link comes first, the focus is seen, and everything that can be used is reached."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app.models.audit import Audit, AuditProgress
from app.models.organisation import Organisation
from app.models.person import Person
from app.work import work
from tests.cast import Member, cookie_of

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

# What a mouse can use on the page as it stands. Inside a closed menu nothing can be used by either; a drawing is
# one stop, in which arrow keys walk, and its table holds the same links.
USABLE = """() => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length;
  const found = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => !one.disabled && seen(one) && !one.closest("details:not([open]) > :not(summary)"))
    .filter((one) => !one.matches("svg a[tabindex='-1']"));
  found.forEach((one, number) => one.setAttribute("data-stop", number));
  return found.map((one) => `${one.tagName} ${(one.textContent || one.name || "").trim().slice(0, 40)}`);
}"""
# The outline may be drawn by the element itself or, in a drawing, by what is within it.
FOCUS = """() => {
  const one = document.activeElement;
  const drawn = (each) => {
    const style = getComputedStyle(each);
    const outlined = (of) => of.outlineStyle !== "none" && parseFloat(of.outlineWidth) > 0;
    const ring = outlined(style) || outlined(getComputedStyle(each, "::after"));
    return ring || style.boxShadow !== "none" || (each instanceof SVGElement && style.stroke !== "none");
  };
  return {
    stop: one.getAttribute("data-stop"),
    what: one.outerHTML.slice(0, 120),
    shown: one === document.body || [one, ...one.querySelectorAll("*")].some(drawn),
    onScreen: one === document.body || one.getBoundingClientRect().bottom > 0,
  };
}"""


@pytest.fixture
def house(app: Flask, demonstrate: Callable[[], None], context: BrowserContext, live_server: str) -> str:
    """The demonstration, with its quality manager signed in; gives the address of an audit."""
    demonstrate()
    with app.app_context():
        with work(None, writes=False) as w:
            ingrid = w.execute(select(Person.id, Person.name, Person.email).where(Person.email.like("ingrid@%"))).one()
            home = w.session.scalars(select(Organisation.id).where(Organisation.slug == "northwind")).one()
        with work(home, writes=False) as w:
            confirmed = select(Audit.reference).where(Audit.progress == AuditProgress.CONFIRMED)
            reference = w.all(confirmed.where(Audit.reference.like("SA-%")))[0]
    context.add_cookies([{**cookie_of(app, Member(*ingrid)), "url": live_server}])
    return f"/o/northwind/audits/{reference}"


def walk(page: Page) -> list[str]:
    """Press Tab through the whole page; gives what was usable and not reached, or reached and not to be seen."""
    usable = page.evaluate(USABLE)
    reached, wrong = set(), []
    for _ in range(len(usable) + 20):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at["stop"] is None:
            if "<body" in at["what"]:
                break
            continue
        if at["stop"] in reached:
            break
        reached.add(at["stop"])
        if not at["shown"]:
            wrong.append(f"the focus is not seen on {at['what']}")
        if not at["onScreen"]:
            wrong.append(f"the focus is off the screen on {at['what']}")
    return wrong + [f"not reached: {what}" for number, what in enumerate(usable) if str(number) not in reached]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_on_dashboard_and_audit_is_reached_and_seen(page: Page, house: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    for address in ("/o/northwind/", house, "/o/northwind/programme"):
        page.goto(address)
        assert walk(page) == [], address


def test_the_skip_link_comes_first_and_leads_past_the_navigation(page: Page, house: str) -> None:
    page.goto("/o/northwind/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Skip to the content")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_search_help_and_escape(page: Page, house: str) -> None:
    page.goto("/o/northwind/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("20000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("20000")
    page.locator("h1").click()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_reasons_open_and_a_menu_closes_by_keys(page: Page, house: str) -> None:
    page.goto(house)
    reasons = page.locator("main details.why summary").first
    reasons.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".why-reasons").first).to_be_visible()
    account = page.locator("summary", has_text="Account of")
    account.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(account).to_be_focused()
