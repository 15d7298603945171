"""The checklist in a real browser: without a network nothing typed is lost, nor by two who work at once."""

import time
from itertools import cycle

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select

from app.domain.programme.checklist import VERDICTS, ClauseResult
from app.models.checklist import ChecklistItem
from app.models.received_entry import ReceivedEntry
from tests.audited import asked, internal_audit
from tests.cast import Cast, Member, cookie_of
from tests.findings import HELD_ON
from tests.stage import on_stage

LASTS = 20
"""Seconds that two auditors work on one checklist."""


@pytest.fixture
def reference(app: Flask, cast: Cast) -> str:
    with on_stage(app, cast.organisation) as w:
        reference = internal_audit(w, cast, HELD_ON).reference
        asked(w, reference, 40)
    return str(reference)


@pytest.fixture
def here(cast: Cast, reference: str) -> str:
    return f"/o/{cast.organisation.slug}/audits/{reference}/checklist"


def rows(app: Flask, cast: Cast) -> list[ChecklistItem]:
    with on_stage(app, cast.organisation) as w:
        return w.all(select(ChecklistItem).order_by(ChecklistItem.position))


def signed_in(app: Flask, browser: Browser, server: str, who: Member) -> Page:
    context = browser.new_context(base_url=server, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(10_000)
    context.add_cookies([{**cookie_of(app, who), "url": server}])  # type: ignore[list-item]
    return context.new_page()


def begin(page: Page, here: str) -> None:
    with page.expect_response(lambda answer: "/checklist/state" in answer.url):
        page.goto(here)


def nothing_waits(page: Page) -> None:
    expect(page.locator("[data-checklist]")).to_have_attribute("data-waiting", "0", timeout=60_000)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('checklist/')).length") == 0


def test_what_is_typed_without_a_network_is_kept_sent_again_and_stands_once(
    app: Flask, cast: Cast, context: BrowserContext, live_server: str, here: str
) -> None:
    context.add_cookies([{**cookie_of(app, cast.auditor), "url": live_server}])  # type: ignore[list-item]
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    begin(page, here)
    context.set_offline(True)
    page.keyboard.press("j")
    page.keyboard.press("3")
    page.keyboard.press("e")
    page.keyboard.type("Two of five records are missing.")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.locator("[data-unsaved]")).to_contain_text("entries are not saved yet")
    expect(page.locator(".item-unsaved")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert all(each.result is ClauseResult.NOT_ASSESSED for each in rows(app, cast))
    context.set_offline(False)
    nothing_waits(page)
    expect(page.locator("[data-unsaved]")).to_be_hidden()
    first, second, *others = rows(app, cast)
    assert (first.result, first.evidence) == (ClauseResult.MAJOR, "Two of five records are missing.")
    assert second.result is ClauseResult.CONFORMS
    assert not any(each.result.is_assessed for each in others)
    with on_stage(app, cast.organisation) as w:
        made = w.session.scalar(select(func.count(ReceivedEntry.id)))
    assert made is not None
    assert made <= 3


def test_two_auditors_at_once_lose_no_verdict(
    app: Flask, cast: Cast, browser: Browser, live_server: str, here: str
) -> None:
    pages = [signed_in(app, browser, live_server, who) for who in (cast.auditor, cast.quality_manager)]
    try:
        for page in pages:
            begin(page, here)
        ids = [each.id for each in rows(app, cast)]
        given: dict[int, str] = {}
        turns = cycle(enumerate(pages))
        verdicts = cycle((1, 2, 3, 4, 5, 7))
        mine = [cycle(ids[0::2]), cycle(ids[1::2])]
        until = time.monotonic() + LASTS
        while time.monotonic() < until:
            number, page = next(turns)
            id_, key = next(mine[number]), next(verdicts)
            head = page.locator(f"#item-{id_} > .item-head")
            if head.get_attribute("aria-expanded") == "false":
                head.click()
            page.keyboard.press(str(key))
            given[id_] = VERDICTS[key - 1].value
        for page in pages:
            nothing_waits(page)
        now = {each.id: each.result.value for each in rows(app, cast)}
        assert {id_: now[id_] for id_ in given} == given
        assert len(given) > 2
    finally:
        for page in pages:
            page.context.close()
