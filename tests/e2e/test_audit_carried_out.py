"""An internal audit in a real browser: from plan to approved report, the network gone in the middle, a major closed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.domain.certification.facts import AuditKind
from app.domain.findings.corrective_action import Stage, StepKind
from app.domain.findings.grading import FindingGrade
from app.domain.programme.checklist import ClauseResult
from app.domain.programme.team import Seat, TeamRole
from app.jobs import print_reports
from app.models.checklist import ChecklistItem
from app.models.corrective_action import CorrectiveAction, CorrectiveStep
from app.models.finding import Finding
from app.models.journal import JournalEntry
from tests.cast import Cast, Member, cookie_of
from tests.e2e.test_journeys import sign_in
from tests.equipped import equip
from tests.findings import found, internal
from tests.licensed import bought, pooled
from tests.stage import certificate, on_stage, plan, site

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

STANDARD = "ISO/IEC 27001:2022"
TODAY = date(2026, 5, 28)
EVIDENCE = "24 seats in use and 20 bought; both servers run it without a seat."


@dataclass(frozen=True, slots=True)
class Subject:
    """The audit, and the licence that its major is about."""

    audit: str
    entitlement: str


@pytest.fixture
def travelling() -> Iterator[time_machine.Traveller]:
    """The server takes it for the second day of the audit."""
    with time_machine.travel(f"{TODAY}T08:00:00+00:00", tick=True) as traveller:
        yield traveller


@pytest.fixture
def subject(travelling: time_machine.Traveller, app: Flask, cast: Cast) -> Subject:
    """The quality manager has put the audit on the programme; two servers and a licence are in the register."""
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        home = site(w).id
        row = certificate(w, granted=date(2025, 3, 12), sites=(home,))
        team = (Seat(TeamRole.LEAD, person_id=cast.auditor.id),)
        begun, ends = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
        audit = plan(w, row.id, begun, ends, AuditKind.INTERNAL, team=team, sites=frozenset({home}))
        for tag in ("SRV-001", "SRV-002"):
            equip(w, tag, "Server", site_id=home)
        return Subject(audit.reference, bought(w, pooled(w), 20).reference)


@pytest.fixture
def come_in(app: Flask, browser: Browser, live_server: str) -> Iterator[Callable[[Member], Page]]:
    """A page for somebody who has signed in, in a browser of their own."""
    opened: list[BrowserContext] = []

    def enter(who: Member) -> Page:
        context = browser.new_context(base_url=live_server, viewport={"width": 1440, "height": 900})
        context.set_default_timeout(20_000)
        context.add_cookies([{**cookie_of(app, who), "url": live_server}])  # type: ignore[list-item]
        opened.append(context)
        return context.new_page()

    yield enter
    for context in opened:
        context.close()


def write_the_plan(page: Page, reference: str) -> None:
    """From the page of the audit: objectives, the criterion, and two chapters as the scope."""
    page.goto(f"/o/alder-works/audits/{reference}")
    page.get_by_role("link", name="Plan", exact=True).click()
    page.get_by_role("link", name="Write the plan").click()
    page.get_by_role("textbox", name="Objectives").fill("See whether support and licences are under control.")
    page.get_by_role("group", name="Criteria").get_by_label(STANDARD).check()
    tree = page.locator(".point-tree", has_text=STANDARD)
    tree.locator("summary").first.click()
    for chapter, number in (("7 Support", "7.2"), ("A.5", "A.5.32")):
        head = tree.locator(".point-head").filter(has=page.locator("summary", has_text=re.compile(f"^{chapter}")))
        head.locator("summary").click()
        head.get_by_label(re.compile(rf"^{re.escape(number)} ")).check()
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Plan of {reference}")
    expect(page.locator("main")).to_contain_text("See whether support and licences are under control.")


def build_the_checklist(page: Page) -> None:
    """From the clauses in the scope."""
    page.get_by_role("link", name="Checklist", exact=True).click()
    page.get_by_role("link", name="Build the checklist").click()
    page.get_by_role("button", name="Show what it would add").click()
    # Keys are heard once the page has fetched how the questions stand.
    with page.expect_response(lambda answer: "/checklist/state" in answer.url):
        page.get_by_role("button", name="Add these 2").click()
    expect(page.locator(".item-head")).to_have_count(2)
    expect(page.locator("[data-checklist]")).to_have_attribute("data-waiting", "0")


def answer_both(page: Page) -> None:
    """By the keyboard alone: the first conforms, the second is a major with its evidence."""
    page.keyboard.press("j")
    page.keyboard.press("1")
    page.keyboard.press("j")
    page.keyboard.press("3")
    page.keyboard.press("e")
    page.keyboard.type(EVIDENCE)
    page.keyboard.press("Escape")


def write_the_major(page: Page, subject: Subject) -> None:
    """What was found, and the two servers and the licence that it concerns."""
    expect(page.get_by_label(re.compile("^Major nonconformity"))).to_be_checked()
    page.get_by_label("What was found").fill("More seats are in use than were bought, and nobody compares them.")
    page.get_by_label("Evidence").fill(EVIDENCE)
    page.get_by_label("What it concerns").fill(f"SRV-001\nSRV-002\n{subject.entitlement}")
    page.get_by_role("button", name="Save", exact=True).click()


def nothing_waits(page: Page) -> None:
    expect(page.locator("[data-checklist]")).to_have_attribute("data-waiting", "0", timeout=60_000)


def stands(app: Flask, cast: Cast) -> Finding:
    """The one finding there is, with all that it concerns; and both verdicts, each said once."""
    with on_stage(app, cast.organisation) as w:
        items = w.all(select(ChecklistItem).order_by(ChecklistItem.position))
        assert [each.result for each in items] == [ClauseResult.CONFORMS, ClauseResult.MAJOR]
        assert [each.evidence for each in items] == ["", EVIDENCE]
        verdicts = [
            each
            for each in w.all(select(JournalEntry).where(JournalEntry.noun == "checklist_item"))
            if each.action == "changed" and "result" in each.changes
        ]
        assert len(verdicts) == 2
        (finding,) = w.all(select(Finding).options(selectinload(Finding.links)))
        assert finding.grade is FindingGrade.MAJOR
        assert (finding.standard, finding.clause) == (STANDARD, "A.5.32")
        assert finding.item_id == items[1].id
        concerns = [(bool(each.asset_id), bool(each.entitlement_id)) for each in finding.links]
        assert sorted(concerns) == [(False, True), (True, False), (True, False)]
        assert w.session.scalar(select(func.count(CorrectiveAction.id))) == 1
        return finding


def test_from_the_plan_to_an_approved_report_with_a_major_linked_to_two_assets_and_a_licence(
    app: Flask, cast: Cast, page: Page, subject: Subject, come_in: Callable[[Member], Page]
) -> None:
    sign_in(page, cast.auditor)
    write_the_plan(page, subject.audit)
    build_the_checklist(page)
    answer_both(page)
    nothing_waits(page)
    expect(page.locator(".status-line")).to_have_text("2 of 2 assessed.")
    page.get_by_role("link", name="Raise the finding").click()
    expect(page.get_by_label("Clause", exact=False).first).to_have_value("A.5.32")
    write_the_major(page, subject)
    page.wait_for_url(re.compile(r"/findings/NC-"))
    finding = stands(app, cast)
    expect(page.get_by_role("heading", level=1)).to_contain_text(finding.reference)
    concerned = page.locator("section", has=page.get_by_role("heading", name="What it concerns"))
    for name in ("SRV-001", "SRV-002", subject.entitlement):
        expect(concerned.get_by_role("link", name=name, exact=True)).to_be_visible()
    page.get_by_role("link", name="Corrective action", exact=True).click()
    expect(page.locator("main")).to_contain_text("Name the responsible person")

    page.goto(f"/o/alder-works/audits/{subject.audit}")
    page.get_by_role("link", name="Report", exact=True).click()
    page.get_by_role("button", name="Begin the report").click()
    expect(page.locator("main")).to_contain_text("The summary is not written.")
    page.get_by_role("textbox", name="Summary").fill("Support is in order; licences are not under control.")
    page.get_by_role("textbox", name="Conclusion").fill("The criteria are met but for one control.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Sign as lead auditor").click()
    expect(page.locator(".status-line")).to_contain_text("being printed")
    with app.app_context():
        assert list(print_reports.print_due()) == [True]
    expect(page.locator(".status-line")).to_contain_text("waits for the approval of somebody else")
    expect(page.get_by_role("button", name="Approve the report")).to_have_count(0)

    owner = come_in(cast.quality_manager)
    owner.goto(page.url)
    owner.get_by_role("button", name="Approve the report").click()
    expect(owner.locator(".status-line")).to_contain_text("The audit is frozen with it.")
    with owner.expect_download() as begun:
        owner.get_by_role("link", name="PDF", exact=True).click()
    paper = Path(begun.value.path()).read_bytes()
    assert paper.startswith(b"%PDF-")
    expect(owner.locator(".hash")).to_have_text(sha256(paper).hexdigest())
    page.goto(f"/o/alder-works/findings/{finding.reference}")
    expect(page.locator("main")).to_contain_text(
        f"The report of {subject.audit} is signed, and this is frozen with it."
    )
    expect(page.get_by_role("link", name="Remove", exact=True)).to_have_count(0)


def test_without_a_network_in_the_middle_all_is_kept_sent_again_and_stands_once(
    app: Flask, cast: Cast, subject: Subject, come_in: Callable[[Member], Page]
) -> None:
    page = come_in(cast.auditor)
    page.set_viewport_size({"width": 390, "height": 844})
    write_the_plan(page, subject.audit)
    build_the_checklist(page)
    page.context.set_offline(True)
    answer_both(page)
    expect(page.locator("[data-unsaved]")).to_contain_text("not saved yet")
    expect(page.locator(".item-unsaved")).to_have_count(2)
    page.context.set_offline(False)
    nothing_waits(page)
    page.get_by_role("link", name="Raise the finding").click()

    # The server writes the finding down, and its answer is lost on the way.
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch(max_redirects=0).status)
        page.context.set_offline(True)
        route.abort()

    page.route("**/findings/new*", lose)
    write_the_major(page, subject)
    expect(page.locator(".unsent")).to_contain_text("Not saved: there is no connection.")
    assert lost == [303]
    page.context.set_offline(False)
    page.wait_for_url(re.compile(r"/findings/NC-2026-\d+$"))
    finding = stands(app, cast)
    expect(page.get_by_role("heading", level=1)).to_contain_text(finding.reference)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length") == 0


@pytest.fixture
def major(travelling: time_machine.Traveller, app: Flask, cast: Cast) -> str:
    """A major of an internal audit; its case waits for somebody to answer for it."""
    with on_stage(app, cast.organisation, cast.auditor) as w:
        audit = internal(w, cast.auditor, on=TODAY)
        return found(w, audit, FindingGrade.MAJOR).reference


def step(page: Page, link: str, button: str) -> Callable[..., None]:
    """Follow a link of the case, fill in its form, send it, and be back on the case."""

    def fill(*, check: str = "", choose: dict[str, str] | None = None, **said: str) -> None:
        page.get_by_role("link", name=link, exact=True).click()
        if check:
            page.get_by_label(re.compile(f"^{check}")).check()
        for label, option in (choose or {}).items():
            page.get_by_label(label, exact=True).select_option(label=option)
        for id_, words in said.items():
            page.locator(f"#{id_}").fill(words)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page).to_have_url(re.compile(r"/(corrective-actions/NC-[\d-]+|actions/A-[\d-]+)$"))

    return fill


def test_a_major_is_answered_refused_once_verified_by_another_and_closed_and_its_owner_is_refused(
    travelling: time_machine.Traveller, app: Flask, cast: Cast, major: str, come_in: Callable[[Member], Page]
) -> None:
    case = f"/o/alder-works/corrective-actions/{major}"
    owner, auditor, doer = (come_in(each) for each in (cast.quality_manager, cast.auditor, cast.staff))
    auditor.goto(case)
    step(auditor, "Name the responsible person", "Name them")(choose={"Responsible person": cast.quality_manager.name})

    owner.goto(case)
    step(owner, "Record the containment", "Record the containment")(containment="The audits of this year are planned.")
    cause = {"why_1": "There was no programme.", "why_2": "Nobody was asked for one.", "root_cause": "Forgotten."}
    step(owner, "Record the cause", "Record the cause")(check="Five whys", **cause)
    step(owner, "Look for similar cases", "Record what was looked at")(note="No other programme is made by hand.")
    todo = {"says": "The programme stands in the calendar of the board.", "due_on": "2026-06-20"}
    step(owner, "Plan an action", "Plan it")(check="Corrective action", choose={"Who does it": cast.staff.name}, **todo)
    step(owner, "Send the answer", "Send the answer")()

    auditor.goto(case)
    step(auditor, "Accept or refuse the answer", "Refuse it")(note="“Forgotten” is no cause: why was it possible?")
    owner.goto(case)
    expect(owner.locator("main")).to_contain_text("“Forgotten” is no cause")
    step(owner, "Change the cause", "Record the cause")(root_cause="Nothing asks for a programme when a year begins.")
    step(owner, "Send the answer", "Send the answer")()
    auditor.goto(case)
    step(auditor, "Accept or refuse the answer", "Accept the answer")()

    doer.goto("/o/alder-works/my-work")
    doer.get_by_role("link", name=re.compile("A-2026-001")).first.click()
    step(doer, "Record as done", "Record it as done")(note="It stands there, for three years.")

    travelling.move_to(f"{TODAY + timedelta(days=40)}T08:00:00+00:00")
    owner = come_in(cast.quality_manager)
    owner.goto(case)
    expect(owner.get_by_role("link", name="Verify that it worked")).to_have_count(0)
    says = f"You answer for {major} yourself: somebody else has to see whether it worked."
    expect(owner.locator("main")).to_contain_text(says)
    owner.goto(f"{case}/verify")
    owner.get_by_label(re.compile("^Effective")).check()
    owner.get_by_label("What you looked at, and what you saw").fill("All is well.")
    owner.get_by_role("button", name="Record the verdict").click()
    expect(owner.get_by_role("alert")).to_contain_text(says)
    expect(owner.get_by_role("alert")).to_contain_text("10.2")
    assert standing(app, cast, major)[0] is Stage.VERIFICATION

    auditor = come_in(cast.auditor)
    auditor.goto(case)
    seen = {"note": "The programmes of three years stand in the calendar; the board was asked."}
    step(auditor, "Verify that it worked", "Record the verdict")(check="Effective", **seen)
    expect(auditor.locator("main")).to_contain_text("Closed")
    stage, kinds = standing(app, cast, major)
    assert stage is Stage.CLOSED
    assert kinds == [
        StepKind.RAISED, StepKind.CONTAINED, StepKind.ANSWERED, StepKind.REFUSED, StepKind.ANSWERED,
        StepKind.ACCEPTED, StepKind.IMPLEMENTED, StepKind.EFFECTIVE,
    ]  # fmt: skip


def standing(app: Flask, cast: Cast, reference: str) -> tuple[Stage, list[StepKind]]:
    """How far a case is, and the steps that it took."""
    with on_stage(app, cast.organisation) as w:
        (case,) = w.all(select(CorrectiveAction).where(CorrectiveAction.reference == reference))
        steps = w.all(select(CorrectiveStep).where(CorrectiveStep.case_id == case.id).order_by(CorrectiveStep.id))
        return case.stage, [each.kind for each in steps]
