"""A change in a real browser: asked for by one, authorised by another, done, checked, with the trail to read."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from app.models.change_request import ChangeRequest
from tests.cast import Cast, Member, cookie_of
from tests.inventory import asset, product
from tests.stage import on_stage

pytestmark = [pytest.mark.one_database, pytest.mark.slow]


def test_one_asks_another_authorises_it_is_done_and_checked(
    app: Flask, cast: Cast, context: BrowserContext, live_server: str
) -> None:
    with on_stage(app, cast.organisation) as w:
        product(w)
        asset(w, "LT-001")
    home = f"/o/{cast.organisation.slug}"
    page = context.new_page()

    def become(who: Member) -> None:
        context.add_cookies([{**cookie_of(app, who), "url": live_server}])

    become(cast.staff)
    page.goto(f"{home}/my-work")
    page.get_by_role("link", name="Ask for a change").click()
    page.get_by_role("link", name="Install").click()
    page.get_by_label("What", exact=True).fill("Visio for finance")
    page.get_by_label("Software").fill("Microsoft Visio")
    page.get_by_label("Version (optional)").fill("16.2")
    page.get_by_role("textbox", name="Assets").fill("LT-001")
    page.get_by_label("Why").fill("Charts of the processes.")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Visio for finance")
    expect(page.get_by_role("link", name="Authorise or refuse")).to_have_count(0)

    become(cast.quality_manager)
    page.goto(f"{home}/my-work")
    waiting = page.get_by_role("row").filter(has_text="Visio for finance")
    expect(waiting).to_contain_text("Authorise or refuse it.")
    waiting.get_by_role("link").click()
    page.get_by_role("link", name="Authorise or refuse").click()
    page.get_by_role("button", name="Authorise it").click()
    expect(page.get_by_role("status").first).to_contain_text("is authorised")

    become(cast.staff)
    page.reload()
    page.get_by_role("link", name="Record as done").click()
    page.get_by_role("button", name="Record it as done").click()
    page.get_by_role("link", name="Record a check").click()
    page.get_by_label("What was read").fill("16.1")
    page.get_by_role("button", name="Record the check").click()
    expect(page.get_by_role("alert")).to_contain_text("Version 16.1 was read; 16.2 was authorised.")
    page.get_by_label("What was read").fill("16.2")
    page.get_by_role("button", name="Record the check").click()

    trail = page.get_by_role("region", name="The trail")
    expect(trail.get_by_role("heading", level=3)).to_have_text(
        ["Asked for", "Authorised", "Done", "Checked by version"]
    )
    with on_stage(app, cast.organisation) as w:
        row = w.all(select(ChangeRequest))[0]
        assert row.decided_by_id == cast.quality_manager.id
        assert {row.requested_by_id, row.done_by_id, row.checked_by_id} == {cast.staff.id}
