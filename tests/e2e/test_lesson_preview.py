"""A lesson is written in a real browser: the preview follows, and nothing that is typed runs."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from app.queries.courses import lessons_in
from tests.cast import Cast, cookie_of
from tests.stage import on_stage
from tests.taught import draft_whole, picture, written

pytestmark = [pytest.mark.one_database, pytest.mark.slow]


def test_the_preview_follows_what_is_typed_and_runs_none_of_it(
    app: Flask, cast: Cast, context: BrowserContext, live_server: str
) -> None:
    with on_stage(app, cast.organisation) as w:
        lesson = lessons_in(draft_whole(w, written(w)))[0].id
    page = context.new_page()
    context.add_cookies([{**cookie_of(app, cast.quality_manager), "url": live_server}])
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(f"/o/{cast.organisation.slug}/courses/TR-001/lessons/{lesson}/edit")
    preview = page.get_by_role("region", name="As learners will see it")
    expect(preview.get_by_role("img", name="A rack")).to_have_js_property("naturalWidth", 8)
    page.get_by_role("textbox", name="Text").fill(
        "# New\n\n<img src=x onerror=alert(1)> [go](javascript:alert(2)) **end**"
    )
    expect(preview.get_by_role("heading", name="New")).to_be_visible()
    expect(preview).to_contain_text("<img src=x onerror=alert(1)> [go](javascript:alert(2)) end")
    expect(preview.get_by_role("link")).to_have_count(0)
    assert asked == []


def test_who_leaves_an_unsaved_lesson_is_asked_and_finds_what_they_typed_until_it_is_saved(
    app: Flask, cast: Cast, context: BrowserContext, live_server: str
) -> None:
    with on_stage(app, cast.organisation) as w:
        lesson = lessons_in(draft_whole(w, written(w)))[0].id
    page = context.new_page()
    context.add_cookies([{**cookie_of(app, cast.quality_manager), "url": live_server}])
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    address = f"/o/{cast.organisation.slug}/courses/TR-001/lessons/{lesson}/edit"
    page.goto(address)
    text = page.get_by_role("textbox", name="Text")
    text.fill("Written for an hour.")
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/draft")
    assert asked == ["beforeunload"]
    page.goto(address)
    expect(text).to_have_value("Written for an hour.")
    expect(page.get_by_role("status").filter(has_text="is here again")).to_be_visible()
    expect(page.get_by_role("region", name="As learners will see it")).to_contain_text("Written for an hour.")
    # A picture is added from the page itself: the text stays, and is still unsaved.
    file = {"name": "plan.png", "mimeType": "image/png", "buffer": picture("plan.png").read()}
    page.get_by_label("Picture, PNG or JPEG").set_input_files(file)
    page.get_by_role("button", name="Add the picture").click()
    expect(text).to_have_value("Written for an hour.\n\n![What it shows](plan.png)\n")
    preview = page.get_by_role("region", name="As learners will see it")
    expect(preview.get_by_role("img", name="What it shows")).to_have_js_property("naturalWidth", 8)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/draft#*")
    assert asked == ["beforeunload"]
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('lesson:')).length") == 0
    page.goto(address)
    expect(text).to_have_value("Written for an hour.\n\n![What it shows](plan.png)")
    expect(page.get_by_role("status").filter(has_text="is here again")).to_have_count(0)
    text.fill("Another thought.")
    page.reload()
    page.get_by_role("button", name="Begin anew").click()
    expect(text).to_have_value("Written for an hour.\n\n![What it shows](plan.png)")
