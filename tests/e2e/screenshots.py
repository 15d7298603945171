"""The pictures of docs/screenshots, made anew from the demonstration: `script/screenshots`."""

import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app, demonstration
from app.models.audit import Audit, AuditProgress
from app.models.implementation import Implementation
from app.models.organisation import Organisation
from app.work import work
from config import ROOT, Settings
from tests.databases import SECRET_KEY, migrate
from tests.e2e.conftest import FLAGS

FOLDER = ROOT / "docs" / "screenshots"
HOME = "/o/northwind"


class _Silent(WSGIRequestHandler):
    def log(self, *_arguments: Any, **_options: Any) -> None:
        """Nobody asked which picture was fetched."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page, what is done on it first, and how large and in which theme it is seen."""

    name: str
    path: str
    prepare: Callable[[Page], None] | None = None
    width: int = 1280
    height: int = 800
    theme: Any = "light"
    who: str = "ingrid@northwind.example"


def _open_reasons(page: Page) -> None:
    page.locator("main details.why summary").nth(1).click()


def _open_lesson(page: Page) -> None:
    page.locator("main").get_by_role("link", name="Samples that carry a conclusion").click()


def _move_all_the_same(page: Page) -> None:
    page.get_by_label("Reason").fill("The certification body has nobody free before; agreed by mail.")
    page.get_by_role("button", name="all the same").click()
    page.get_by_role("link", name="What happened to it, in the journal").click()


def pictures(reference: str, starts_on: date, carried_out: str, implementation: str) -> list[Picture]:
    """What is shown, in the order in which it is made: the last of them changes something."""
    late = f"{HOME}/audits/{reference}/move?starts_on={starts_on.year + 1}-01-11"
    timeline = f"{HOME}/programme"
    return [
        Picture("dashboard", f"{HOME}/", height=900),
        Picture("timeline-light", timeline),
        Picture("timeline-dark", timeline, theme="dark"),
        Picture("timeline-phone", timeline, width=390, height=1100),
        Picture("certificate-why", f"{HOME}/certificates/C-27001-1", _open_reasons, height=900),
        Picture("slip-preview", late, height=1260),
        Picture("licence-position", f"{HOME}/licences/position", height=900),
        Picture("licence-line", f"{HOME}/licences/position/LP-004", height=1000),
        Picture("checklist", f"{HOME}/audits/{carried_out}/checklist", height=1000),
        Picture("corrective-actions", f"{HOME}/corrective-actions", height=900),
        Picture("training-matrix", f"{HOME}/training", height=900),
        Picture("lesson", f"{HOME}/my-training/TR-003", _open_lesson, height=1000),
        Picture("seats", f"{HOME}/subscription/seats/lms", height=1000),
        Picture("plan", f"{HOME}/plan", height=900),
        Picture("implementation", f"{HOME}/implementation/{implementation}", height=1000),
        Picture("document", f"{HOME}/documents/DOC-001", height=1000),
        Picture("clients", "/o/meridian/clients", who="carla@meridian.example"),
        Picture("calendar", f"{HOME}/programme/calendar?month={starts_on:%Y-%m}", height=900),
        Picture("journal", late, _move_all_the_same),
    ]


def _take(browser: Browser, address: str, wanted: Picture) -> None:
    context = browser.new_context(
        base_url=address,
        viewport={"width": wanted.width, "height": wanted.height},
        color_scheme=wanted.theme,
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(wanted.who)
    page.get_by_label("Password").fill(demonstration.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(wanted.path)
    if wanted.prepare is not None:
        wanted.prepare(page)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=FOLDER / f"{wanted.name}.png")
    context.close()


def main() -> None:
    """Serve a demonstration of its own for as long as the pictures take."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{folder}/triennium.sqlite3"
        migrate(url, Path(folder))
        app = create_app(Settings(secret_key=SECRET_KEY, database_url=url, instance=Path(folder)))
        with app.app_context():
            with work(None) as w:
                demonstration.load(w)
            with work(None, writes=False) as w:
                home = w.session.scalars(select(Organisation.id).where(Organisation.slug == "northwind")).one()
            with work(home, writes=False) as w:
                ahead = select(Audit.reference, Audit.starts_on).where(Audit.progress == AuditProgress.CONFIRMED)
                reference, starts_on = w.execute(ahead.where(Audit.reference.like("SA-%"))).one()
                begun = select(Audit.reference).where(Audit.reference.like("IA-%"), Audit.starts_on <= w.today)
                carried_out = w.all(begun.order_by(Audit.starts_on.desc()).limit(1))[0]
                implementation = w.all(select(Implementation.reference).limit(1))[0]
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for wanted in pictures(reference, starts_on, carried_out, implementation):
            _take(browser, f"http://127.0.0.1:{server.server_port}", wanted)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
