"""Every page that answers with HTML, read by axe in both themes and on a phone: no findings. [WCAG 2.2, AA]

The pages are those of the application's own map of addresses: a page that is new and has no example here fails.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, url_for
from playwright.sync_api import Browser, BrowserContext, Page

from app import demonstration
from app.domain.dates import add_months
from app.work import now_utc
from config import Settings
from tests.cast import Member, cookie_of
from tests.conftest import let_go
from tests.databases import Database
from tests.e2e.axe import VIEWS, WIDE_ALONE, findings, overflows, read
from tests.e2e.conftest import MENTIONED
from tests.e2e.full_house import BOUGHT, EMPTY, FullHouse, furnish

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

# These answer with files, with data, or for machines.
NO_PAGES = {
    "static",
    "assets.export",
    "assets.export_gaps",
    "assets.photograph",
    "attachments.download",
    "audit_reports.archive",
    "audit_reports.paper",
    "audits.print_plan",
    "dev_mail.calendar",
    "dev_mail.page_style",
    "employees.export",
    "feed.fetch",
    "invoices.export",
    "invoices.paper",
    "plan_invoices.paper",
    "subscriptions.report",
    "feeds.audit",
    "feeds.certificate",
    "feeds.programme",
    "findings.export",
    "findings.offer",
    "inventory_checks.export",
    "licence_seats.export",
    "members.faults",
    "subscription_seats.export",
    "inventory_checks.export_list",
    "journal.export",
    "programme.entries",
    "capacity.export",
    "changes.export",
    "coverage.export",
    "training.export",
    "training.faults",
    "competence.export",
    "audit_programmes.print_programme",
    "corrective_actions.export",
    "corrective_actions.paper",
    "courses.file",
    "documents.export",
    "documents.file",
    "documents.paper",
    "completions.certificate",
    "actions.export",
    "imports.faults",
    "licences.export",
    "licences.export_line",
    "imports.export",
    "reconciliations.export",
    "reconciliations.export_agreement",
    "management_reviews.pack",
    "reports.download",
    "reports.fetch",
    "software.export",
    "software.export_unauthorised",
    "pools.export",
    "entitlements.export",
    "tiers.export",
    "usage.export",
    "checklist.state",
    "status.alive",
    "status.ready",
}
TODAY = now_utc().date()
# The same pages asked for more, so that they show more.
FURTHER: dict[str, list[dict[str, Any]]] = {
    "account.forgotten": [{"sent": ""}],
    "assets.index": [{"q": "x-0001", "scope": "in"}, {"q": "nothing at all"}],
    "assets.gaps": [{"gap": "custodian-left"}],
    "assets.labels": [{"kind": "hardware", "size": "small"}],
    "employees.index": [{"standing": "left"}],
    "audits.index": [{"progress": "held"}, {"site": "nowhere"}],
    "audits.move": [{"starts_on": (TODAY + timedelta(days=900)).isoformat()}, {"starts_on": "never"}],
    "audits.step": [{"to": "cancelled"}],
    # The one that an implementation leads to, and its stage 1.
    "certificates.show": [{"reference": "C-19770-1"}],
    "audits.show": [{"reference": "audits.stage_1"}],
    "certificates.decide": [
        {"kind": "suspended"},
        {"kind": "suspended", "decided_on": TODAY.isoformat()},
        {"kind": "suspended", "decided_on": "2999-01-01"},
        {"kind": "suspension-lifted", "decided_on": TODAY.isoformat()},
        {"kind": "transitioned"},
    ],
    "courses.index": [{"q": "nothing at all"}, {"standing": "draft"}],
    "courses.add_lesson": [{"kind": kind} for kind in ("file", "video", "quiz")],
    "courses.add_question": [{"kind": kind} for kind in ("matching", "number", "true-false")],
    "invoices.index": [{"standing": "paid"}],
    "invoices.issue_own": [{"client": BOUGHT}],
    "invoices.statement": [{"client": BOUGHT}],
    "journal.index": [{"noun": "audit"}],
    "support.index": [{"week": (TODAY + timedelta(days=400)).isoformat()}],
    "support.book": [{"person": "support.person", "at": "support.at"}],
    "support.move": [{"person": "support.person", "at": "support.at"}],
    "coverage.index": [{"state": "missing"}],
    "checklist.build": [{"show": "yes", "standard": "ISO/IEC 27001:2022"}],
    "checklist.show": [{"q": "nothing at all"}],
    "licence_seats.index": [{"standing": "all", "order": "until"}, {"q": "nothing at all"}],
    "licence_seats.check_in": [{"seat": [1, 2]}],
    "subscription_seats.release": [{"seat": [1, 2]}],
    "inventory_checks.resolve_together": [{"line": [1, 2]}],
    "licences.line": [{"rows": "entitled"}, {"rows": "unused", "days": 1}, {"rows": "months"}],
    "licences.position": [
        {"q": "nothing at all"},
        {"standing": "short", "on": (TODAY + timedelta(days=90)).isoformat()},
    ],
    "portfolio.show": [{"all": ""}],
    "reconciliations.decide": [{"all": "yes", "finding": "different"}],
    "reconciliations.show": [{"finding": "only-here"}, {"q": "nothing at all"}],
    "usage.index": [{"q": "cadforge"}, {"q": "nothing at all"}],
    "programme.calendar": [{"month": f"{add_months(TODAY, ahead):%Y-%m}"} for ahead in (1, 2)],
    # One that waits and stands still, so that it does not go away while it is read; one that is done, one that failed.
    "reports.run": [{"still": ""}, {"run_id": "reports.run.done"}, {"run_id": "reports.run.failed"}],
    "reports.show": [
        {"name": name}
        for name in (
            *("asset-register", "ownership-gaps", "unauthorised-installations", "reconciliation"),
            *("internal-audit-coverage", "implementation-plan"),
        )
    ],
    "programme.lay_out": [{"certificate": ["C-20000-1", "C-27001-1"], "joined": "yes"}],
    "programme.table": [{"from": "2020-01-01", "until": "2020-01-02"}],
    "search.show": [{"q": "27001"}, {"q": "nothing at all"}],
}
# Rows that only the full house knows.
EXAMPLES_OF_MORE = ("audits.stage_1", "reports.run.done", "reports.run.failed", "support.person", "support.at")
# These say nothing unless they are asked for more.
ONLY_FURTHER = {
    "audits.step",
    "inventory_checks.resolve_together",
    "invoices.issue_own",
    "invoices.statement",
    "portfolio.show",
    "reports.run",
    "support.book",
    "support.move",
}
# Who has no provider has none of these.
OF_CLIENTS = {"support.index", "support.book", "invoices.issue_own", "invoices.statement"}
PARTS = 8
# Comes only between a right password and a right code.
OF_NOBODY = {"/sign-in/second-step"}
OF_STRANGERS = {
    "verification.ask",
    "account.sign_in",
    "account.forgotten",
    "account.reset",
    "account.accept_invitation",
    "help.keyboard",
}
OF_EVERYBODY = {"account.show", "dashboard.show", "my_work.show", "programme.timeline", "audits.index", "audits.show"}


@dataclass(slots=True)
class Visit:
    """A browser in which somebody is signed in, and what it has found."""

    page: Page
    context: BrowserContext
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def house(_application: Flask, _server: None, database: Database) -> FullHouse:
    """One load for all the tests here; none of them changes anything that another reads."""
    if not database.reset():
        let_go(_application)
    return furnish(_application)


@pytest.fixture
def enter(_application: Flask, browser: Browser, settings: Settings) -> Iterator[Callable[..., Visit]]:
    """Open a browser, signed in or not."""
    opened: list[BrowserContext] = []

    def visit(who: Member | None = None) -> Visit:
        context = browser.new_context(base_url=settings.public_url, locale="en-GB", reduced_motion="reduce")
        context.set_default_timeout(60_000)
        opened.append(context)
        if who is not None:
            context.add_cookies([{**cookie_of(_application, who), "url": settings.public_url}])
        made = Visit(context.new_page(), context)
        made.page.on("pageerror", lambda error: made.errors.append(f"{made.page.url}: {error}"))
        made.page.on(
            "console",
            lambda said: made.errors.append(f"{made.page.url}: {said.text}") if said.type == "error" else None,
        )
        return made

    yield visit
    for context in opened:
        context.close()


def arguments(endpoint: str, names: set[str], examples: dict[str, Any]) -> dict[str, Any]:
    """An example for each argument: of this page, of its area, or of all."""
    area = endpoint.partition(".")[0]
    found = {}
    for name in names:
        key = next((key for key in (f"{endpoint}.{name}", f"{area}.{name}", name) if key in examples), None)
        assert key is not None, f"{endpoint} has no example for its {name}: add one to tests/e2e/full_house.py"
        found[name] = examples[key]
    return found


def pages(app: Flask, examples: dict[str, Any]) -> dict[str, list[str]]:
    """The addresses of every page, by endpoint."""
    found: dict[str, list[str]] = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint in NO_PAGES or "GET" not in (rule.methods or ()):
                continue
            given = arguments(rule.endpoint, rule.arguments, examples)
            asked = [] if rule.endpoint in ONLY_FURTHER else [{}]
            asked += [
                {name: examples[value] if value in EXAMPLES_OF_MORE else value for name, value in more.items()}
                for more in FURTHER.get(rule.endpoint, [])
            ]
            found[rule.endpoint] = [url_for(rule.endpoint, **{**given, **more}) for more in asked]
    return found


def complaints(visit: Visit) -> list[str]:
    return [error for error in visit.errors if not MENTIONED.match(error.partition(": ")[2])]


def go_through(visit: Visit, addresses: list[str], in_every_view: Collection[str] = ()) -> tuple[set[str], list[str]]:
    """Read each page, these in every view; gives those that answered as asked, and all that is against them."""
    answered, found = set(), []
    for address in addresses:
        answer = visit.page.goto(address)
        assert answer is not None
        if answer.status >= 500:
            found.append(f"{address} answers {answer.status}")
        if answer.request.redirected_from is not None or answer.status in (403, 404):
            continue
        answered.add(address)
        if "/calendar" in address:
            visit.page.wait_for_load_state("networkidle")
        views = VIEWS if address in in_every_view else WIDE_ALONE
        found += [f"{address} {finding}" for finding in read(visit.page, views)]
    return answered, found + complaints(visit)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_finding(house: FullHouse, enter: Callable[..., Visit], part: int) -> None:
    """The quality manager reads every page that they may; the asset manager and the administrator the rest."""
    # In parts, so that the workers share them.
    everything = pages(house.app, house.examples)
    mine = list(everything.values())[part::PARTS]
    wanted = [address for addresses in mine for address in addresses]
    # A page asked for more shows more rows of what the page itself has.
    first = {addresses[0] for addresses in mine}
    answered, found = set(OF_NOBODY), []
    for who in ("ingrid", "priya", "jonas", None):
        left = [address for address in wanted if address not in answered]
        more, against = go_through(enter(house.people[who] if who else None), left, first)
        answered, found = answered | more, found + against
    assert set(wanted) - answered == set()
    assert not found, "\n".join(found)


def test_no_page_of_strangers_has_a_finding(house: FullHouse, enter: Callable[..., Visit]) -> None:
    everything = pages(house.app, house.examples)
    strangers = [address for endpoint in OF_STRANGERS for address in everything[endpoint]]
    answered, found = go_through(enter(), [*strangers, "/nowhere"], [*strangers, "/nowhere"])
    second, against_it = read_second_step(enter(), house.people["priya"])
    assert answered | second == {*strangers, *OF_NOBODY}
    assert not [*found, *against_it], "\n".join([*found, *against_it])


def read_second_step(visit: Visit, who: Member) -> tuple[set[str], list[str]]:
    """The page that only comes between a right password and a right code."""
    visit.page.goto("/sign-in")
    visit.page.get_by_label("Email address").fill(who.email)
    visit.page.get_by_label("Password").fill(demonstration.PASSWORD)
    visit.page.get_by_role("button", name="Sign in").click()
    visit.page.wait_for_url("**/sign-in/second-step")
    return {"/sign-in/second-step"}, read(visit.page) + complaints(visit)


@pytest.mark.parametrize("who", ["tom", "helena"])
def test_the_pages_of_others_have_no_finding(house: FullHouse, enter: Callable[..., Visit], who: str) -> None:
    """Staff and an assessor see the same pages with less on them: no colour and no form that another does not see."""
    everything = pages(house.app, house.examples | {"audits.reference": house.examples["my_work.reference"]})
    theirs = [address for endpoint in OF_EVERYBODY for address in everything[endpoint]]
    answered, found = go_through(enter(house.people[who]), theirs)
    assert answered
    assert not found, "\n".join(found)


def test_empty_pages_have_no_finding(house: FullHouse, enter: Callable[..., Visit]) -> None:
    """An organisation in which nothing has been recorded yet.

    What is there is drawn by the same macros as everywhere: colours and narrow screens were read where there is more.
    """
    with house.app.test_request_context():
        wanted = [
            url_for(rule.endpoint, slug=EMPTY)
            for rule in house.app.url_map.iter_rules()
            if rule.arguments == {"slug"}
            and "GET" in (rule.methods or ())
            and rule.endpoint not in NO_PAGES | OF_CLIENTS
        ]
    answered, found = go_through(enter(house.people["carla"]), wanted)
    assert answered == set(wanted)
    assert not found, "\n".join(found)


REFUSED = [
    ("tom", "account.password"),
    ("ingrid", "attachments.add"),
    ("ingrid", "audits.create"),
    ("ingrid", "audits.edit"),
    ("ingrid", "audits.move"),
    ("ingrid", "audits.step"),
    ("ingrid", "certificates.create"),
    ("ingrid", "certificates.edit"),
    ("ingrid", "certificates.edit_body"),
    ("ingrid", "certificates.record_change"),
    ("ingrid", "certificates.record_deviation"),
    ("ingrid", "certificates.remove_change"),
    ("ingrid", "certificates.strike_out"),
    ("ingrid", "nonconformities.create"),
    ("ingrid", "nonconformities.edit"),
    ("jonas", "settings.add_edition"),
    ("jonas", "settings.add_site"),
    ("jonas", "settings.organisation"),
    ("jonas", "members.edit"),
    ("jonas", "members.invite"),
    (None, "account.sign_in"),
    (None, "account.reset"),
    (None, "account.accept_invitation"),
]
EMPTIED = """() => {
  const form = [...document.querySelectorAll("main form[method=post]")].at(-1);
  form.noValidate = true;
  for (const field of form.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else if (field.matches("select")) field.selectedIndex = -1;
    else field.value = "";
  }
  form.requestSubmit();
}"""


@pytest.mark.parametrize("who", ["tom", "ingrid", "jonas", None])
def test_forms_that_are_sent_back_have_no_finding(
    house: FullHouse, enter: Callable[..., Visit], who: str | None
) -> None:
    """Sent empty, each form comes back with 422, and its summary has the focus."""
    everything = pages(house.app, house.examples)
    visit, found = enter(house.people[who] if who else None), []
    page = visit.page
    for endpoint in [endpoint for name, endpoint in REFUSED if name == who]:
        page.goto(everything[endpoint][-1 if endpoint == "audits.step" else 0])
        with page.expect_navigation() as going:
            page.evaluate(EMPTIED)
        if going.value is None or going.value.status != 422:
            found.append(f"{endpoint}: sent empty it answers {going.value and going.value.status}")
            continue
        if not page.evaluate("document.activeElement.matches('.error-summary, [role=alert]')"):
            found.append(f"{endpoint}: the summary of errors has no focus")
        found += [f"{endpoint} {theme}: {finding}" for theme in ("light", "dark") for finding in _in(page, theme)]
    found += complaints(visit)
    assert not found, "\n".join(found)


def _in(page: Page, theme: Any) -> list[str]:
    page.emulate_media(color_scheme=theme)
    return findings(page) + (["wider than the screen"] if overflows(page) else [])
