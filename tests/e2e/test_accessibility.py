"""Every page that a visitor can reach by links, read by axe in both themes: no findings. [WCAG 2.2, AA]"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException

from app import demonstration
from app.work import work

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

AXE = next((Path(__file__).parent / "vendor" / "axe-core").glob("*/axe.min.js")).read_text()
FINDINGS = """axe.run(document).then(found => found.violations.map(
    one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).join(" | ")}`))"""
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href.baseVal ?? link.href)"
# One who keeps three organisations, and one who administers: between them they may open every page.
CROWD = ["carla@meridian.example", "jonas@northwind.example"]


@pytest.fixture
def shown(app: Flask) -> None:
    """The demonstration, from which the visitors come."""
    with app.app_context(), work(None) as opened:
        demonstration.load(opened)


@pytest.fixture
def reader(browser: Browser, live_server: str, shown: None) -> Iterator[Page]:
    """A page into which axe may be put: the policy, which would refuse it, is tried elsewhere."""
    context = browser.new_context(base_url=live_server, bypass_csp=True, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    context.add_init_script(AXE)
    yield context.new_page()
    context.close()


def read(page: Page, address: str, width: int = 1440) -> list[str]:
    """What axe finds on a page, on a wide screen in both themes, and whether it runs out of the screen."""
    found = []
    page.set_viewport_size({"width": width, "height": 900})
    for theme in ("light", "dark") if width > 768 else ("light",):
        page.emulate_media(color_scheme=theme)
        found += [f"{address} {theme} {width}: {finding}" for finding in page.evaluate(FINDINGS)]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(f"{address} {width}: wider than the screen")
    return found


def kind_of(app: Flask, address: str) -> str | None:
    """The endpoint of an address of ours, if it can be opened by a link."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method="GET")
    except HTTPException:
        return None
    return str(endpoint)


def is_page(page: Page, address: str) -> bool:
    """Whether the address answers with a page and not with a file."""
    kind = page.request.head(address).headers.get("content-type", "")
    return kind.startswith("text/html")


@pytest.mark.parametrize("who", CROWD)
def test_no_page_has_a_finding(app: Flask, reader: Page, live_server: str, who: str) -> None:
    reader.goto("/sign-in")
    found = read(reader, "/sign-in")
    reader.get_by_label("Mail address").fill(who)
    reader.get_by_label("Password").fill(demonstration.PASSWORD)
    reader.get_by_role("button", name="Sign in").click()
    waiting, seen = [reader.url], {"static", "account.sign_in"}
    while waiting:
        address = waiting.pop(0)
        endpoint = kind_of(app, address)
        if endpoint is None or endpoint in seen or not is_page(reader, address):
            continue
        seen.add(endpoint)
        answer = reader.goto(address)
        assert answer
        if answer.status != 200:
            found.append(f"{address}: answers {answer.status}")
            continue
        reader.wait_for_load_state("networkidle")
        found += read(reader, address)
        waiting += [link for link in reader.evaluate(LINKS) if link.startswith(live_server)]
        found += read(reader, address, width=390)
    assert {"dashboard.show", "programme.timeline", "certificates.show", "audits.show", "help.keyboard"} <= seen
    assert found == []


@pytest.mark.parametrize("address", ["/sign-in", "/account/forgotten", "/nowhere", "/help/keyboard"])
def test_no_page_of_a_stranger_has_a_finding(reader: Page, address: str) -> None:
    reader.goto(address)
    assert read(reader, address) + read(reader, address, width=390) == []
