"""The steps of a whole life in a real browser: what each person does on the pages, and what they then read there."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO

import time_machine
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.catalogue.implementation import templates
from app.domain.implementation.plan import Pattern, Step, in_order
from tests.cast import Cast, House, Member, cookie_of
from tests.e2e.test_learning import answer

STANDARD = "ISO 9001:2015"
PLAN = "Premier"
COURSE = "Working by the manual"
ACKNOWLEDGE = "Have everybody confirm that they read and understood them"


@dataclass(frozen=True, slots=True)
class Life:
    """One browser that whoever's turn it is signs in to, and the clock of the server."""

    app: Flask
    cast: Cast
    page: Page
    clock: time_machine.Traveller
    address: str

    def today(self, day: date) -> None:
        """The clock goes on."""
        self.clock.move_to(f"{day}T08:00:00+00:00")

    def by(self, who: Member, *words: str, house: House | None = None) -> Page:
        """Somebody signs in, and goes from the first page of their organisation by the words of the side bar."""
        context: BrowserContext = self.page.context
        context.clear_cookies()
        context.add_cookies([{**cookie_of(self.app, who), "url": self.address}])  # type: ignore[list-item]
        self.page.goto(f"/o/{(house or self.cast.organisation).slug}/")
        self.follow(*words)
        return self.page

    def follow(self, *words: str) -> None:
        """Go on by links, each by its whole name."""
        for word in words:
            self.page.get_by_role("link", name=word, exact=True).first.click()

    def press(self, name: str) -> None:
        """Press a button by its whole name; of what only a screen reader says, a blank may stand before the colon."""
        whole = re.escape(name).replace(":", " ?:")
        self.page.get_by_role("button", name=re.compile(f"^{whole}$")).click()

    def fill(self, **typed: str) -> None:
        """Type into the fields of a form, by their names in it."""
        for field, text in typed.items():
            self.page.locator(f"#{field}").fill(text)

    def reads(self, *says: str) -> None:
        """The page says all of this."""
        for each in says:
            expect(self.page.locator("body")).to_contain_text(each)

    def row(self, *words: str) -> Locator:
        """The row of a table that has these words."""
        found = self.page.locator("tr")
        for each in words:
            found = found.filter(has_text=each)
        return found.first

    def cells(self, row: Locator, **expected: str) -> None:
        """What stands in a row, by the heads of its columns (`_` for a blank)."""
        for head, text in expected.items():
            expect(row.locator(f'[data-label="{head.replace("_", " ")}"]')).to_have_text(re.compile(re.escape(text)))


# Subscribing -----------------------------------------------------------------------------------------------------


def agree(life: Life) -> None:
    """The provider proposes an agreement, and the client's administrator accepts it with what is ticked."""
    cast = life.cast
    life.by(cast.stranger, "Clients", "Agreements", house=cast.elsewhere)
    life.follow("Propose an agreement")
    life.fill(address=cast.organisation.slug, message="As we said on Monday.")
    life.press("Propose it")
    life.reads("Proposed to alder-works.")
    life.by(cast.administrator, "Settings", "Agreements with providers")
    life.reads("As we said on Monday.", "How far the implementation is, and how ready we are for stage 1")
    life.page.get_by_role("link", name=f"Accept the agreement with {cast.elsewhere.name}").click()
    life.press("Accept the agreement")
    life.reads(f"The agreement with {cast.elsewhere.name} is live.")


def offer(life: Life) -> None:
    """The provider offers its plan from today."""
    cast = life.cast
    life.by(cast.stranger, "Clients", "Subscriptions", "Offer a plan", house=cast.elsewhere)
    life.page.get_by_label("Client", exact=True).select_option(label=cast.organisation.name)
    life.page.get_by_label("Plan", exact=True).select_option(label=PLAN)
    expect(life.page.get_by_label("First day")).to_have_value("2026-08-31")
    life.press("Offer it")
    life.reads(
        "SUB-001 is offered from 31 Aug 2026.", f"{PLAN} for {cast.organisation.name}: offered, not accepted yet."
    )


def accept(life: Life) -> None:
    """The quality manager reads the offer, every instalment of it, and accepts."""
    life.by(life.cast.quality_manager, "Seats and plan", "Plan")
    life.cells(life.row("SUB-001"), Stands="Offered: your answer is awaited", Last_day="30 Aug 2029")
    life.follow("SUB-001")
    life.reads(f"{PLAN}, sold by {life.cast.elsewhere.name}: offered, not accepted yet.")
    life.reads("EUR 9,999.99 in all, without tax; nothing of it is owed before it is accepted.")
    life.press("Accept")
    life.reads("SUB-001 is accepted.", "month 1 of 36", "EUR 277.78 of it was due by today.")
    dues = life.page.get_by_role("table", name="What is due when").locator("tbody tr")
    expect(dues).to_have_count(36)
    expect(dues.filter(has_text="EUR 277.78")).to_have_count(27)
    expect(dues.filter(has_text="EUR 277.77")).to_have_count(9)
    expect(dues.first).to_contain_text("31 Aug 2026")
    # The last of a month stays the last of a month.
    expect(dues.nth(6)).to_contain_text("28 Feb 2027")
    expect(dues.nth(18)).to_contain_text("29 Feb 2028")
    expect(dues.last).to_contain_text("31 Jul 2029")
    uses(life, "Internal audits", included="6", used="0", planned="0", left="6")


def uses(life: Life, what: str, **counted: str) -> None:
    """How one line of the allowances stands."""
    found = life.page.get_by_role("table", name="Allowances").locator("tbody tr").filter(has_text=what)
    life.cells(found, **{head.capitalize(): count for head, count in counted.items()})


def seats(life: Life) -> None:
    """The pools are there from the first day, and the quality manager hands all their seats out."""
    cast = life.cast
    life.by(cast.quality_manager, "Seats and plan")
    handed_out = {
        "audit-manager": ("Audit-manager seats", (cast.auditor, cast.quality_manager)),
        "lms": ("LMS seats", (cast.staff, cast.asset_manager)),
    }
    for word, (label, people) in handed_out.items():
        life.follow("Seats and plan")
        life.cells(life.row(label), Owned="2", Free="2")
        life.page.goto(f"/o/{cast.organisation.slug}/subscription/seats/{word}/assign")
        for each in people:
            life.page.get_by_label(each.name, exact=True).check()
        life.press("Assign")
    life.follow("Seats and plan")
    life.reads("2 of 2 audit-manager seats are taken; 2 of 2 LMS seats are taken.")


# The programme and the implementation ----------------------------------------------------------------------------


def apply(life: Life) -> None:
    """The quality manager records the application: no day of a certificate yet."""
    life.by(life.cast.quality_manager, "Certificates", "Record a certificate")
    life.page.get_by_label("Standard and edition").select_option(STANDARD)
    life.fill(scope="All that is made at the waterside.", body_name="Norden Certification")
    life.press("Record the certificate")
    expect(life.page.get_by_role("heading", level=1)).to_contain_text("C-9001-1")


def propose(life: Life, days: dict[str, tuple[date, date]]) -> None:
    """Whatever the plan promises is proposed; some of it is put on other days, and all of it on the programme."""
    life.by(life.cast.quality_manager, "Lay out the programme")
    lines = life.page.get_by_role("table", name="Proposed audits").locator("tbody tr")
    expect(lines.filter(has_text="Internal")).to_have_count(6)
    # The k-th half year counts from the first day of the plan, and does not drift.
    for line, closes in enumerate(("28 Feb 2027", "31 Aug 2027", "29 Feb 2028", "31 Aug 2028", "28 Feb 2029"), 1):
        found = lines.filter(has_text=re.compile(f"Internal {line}"))
        expect(found).to_contain_text(closes)
    for name, (first, last) in days.items():
        life.page.get_by_label(f"First day of {name}", exact=True).fill(first.isoformat())
        life.page.get_by_label(f"Last day of {name}", exact=True).fill(last.isoformat())
    life.press("Put the ticked audits on the programme")
    life.reads("8 audits are on the programme")


def lay_out(life: Life) -> None:
    """The implementation is shown before it is kept: 90 days, whose stage 1 is watched."""
    cast = life.cast
    life.by(cast.quality_manager, "Audits", "Implementation", "Lay out an implementation")
    life.page.get_by_label("Standard", exact=True).select_option(STANDARD)
    life.page.get_by_label("Certificate whose stage 1 it leads to").select_option(label="C-9001-1, ISO 9001")
    expect(life.page.get_by_label("Days", exact=True)).to_have_value("90")
    life.press("Show the plan")
    life.reads(f"{len(templates()[STANDARD])} tasks would be laid out. Nothing is kept yet.")
    life.press("Lay it out so")
    life.reads("The plan is laid out.", "as laid out, 90 days. Expected end: 29 Nov 2026")
    life.reads("Readiness for stage 1: 0 %", "S1-2026-01")
    life.follow(ACKNOWLEDGE)
    life.page.locator("#owner").select_option(label=cast.staff.name)
    life.press("Save")
    expect(life.row(ACKNOWLEDGE)).to_contain_text(cast.staff.name)


def tasks_of(step: Step) -> list[Pattern]:
    """What the template asks for in a step, in an order in which it can be done."""
    by_key = {each.key: each for each in templates()[STANDARD]}
    return [
        by_key[key] for key in in_order({key: each.after for key, each in by_key.items()}) if by_key[key].step is step
    ]


def is_late(life: Life) -> None:
    """Where nothing was said to be done yet, the page says what that does to stage 1."""
    life.by(life.cast.quality_manager, "Audits", "Implementation", "IMP-2026-01")
    # What was to be done by 5 Sep is done on 28 Sep at the earliest: 23 days later, and so is the end.
    life.reads("0 of 19 tasks are done, 5 late.", "Expected end: 22 Dec 2026")
    life.reads(
        "It ends on 22 Dec 2026, but stage 1 (S1-2026-01) begins on 2 Dec 2026: move stage 1 by at least 21 days"
    )


def do(life: Life, step: Step, but: Iterable[str] = ()) -> None:
    """The quality manager says of each task of a step that it is done, but of those that others do."""
    life.by(life.cast.quality_manager, "Audits", "Implementation", "IMP-2026-01")
    for each in tasks_of(step):
        if each.title not in but:
            life.press(f"Done: {each.title}")
            expect(life.row(each.title).locator('[data-label="Standing"]')).to_contain_text("Done")


def do_ones_own(life: Life) -> None:
    """The member of staff finds their own task under their work, and says that it is done."""
    life.by(life.cast.staff, "My work")
    life.press(f"Done: {ACKNOWLEDGE}")
    life.reads("The task is done.")


def end(life: Life, step: Step) -> None:
    """The quality manager ends a step."""
    life.by(life.cast.quality_manager, "Audits", "Implementation", "IMP-2026-01")
    life.press(f"End this step: {step.label}")
    life.reads(f"“{step.label}” has ended.")


def write_the_manual(life: Life) -> None:
    """From the starter set, for two roles; whoever wrote it is refused its approval, with the rule."""
    cast = life.cast
    life.by(cast.quality_manager, "Documents", "Write the first")
    life.fill(title="Quality manual")
    life.page.get_by_label("Begin from an outline").select_option(label=f"Manual by the clauses of {STANDARD}")
    for role in ("Staff", "Asset manager"):
        life.page.get_by_role("group", name="Distributed to").get_by_label(role, exact=True).check()
    life.press("Begin the draft")
    life.reads("DOC-001 Quality manual is begun. Write its text.")
    text = life.page.locator("#body").input_value()
    assert "# 4" in text
    assert "*Who does it, and when:*" in text
    filled = text.replace("*Who does it, and when:*", "Whoever is on duty, every Monday.")
    life.fill(body=filled, note="The first.")
    life.press("Save")
    life.press("Send for review")
    life.reads("is sent for review by another person.")
    life.follow("Version 1", "Approve")
    life.press("Approve")
    life.reads("A version is approved by another person than the one who wrote it.")


def approve_the_manual(life: Life) -> None:
    """The administrator reads and approves it."""
    life.by(life.cast.administrator, "Documents", "Quality manual", "Version 1")
    life.reads("Whoever is on duty, every Monday.")
    life.follow("Approve")
    life.press("Approve")
    life.reads("Version 1 of DOC-001 is approved.", "Version 1 is valid since", "Acknowledged by 0 of 2")


def acknowledge(life: Life, who: Member) -> None:
    """One of those it was handed out to reads it and says so."""
    life.by(who, "Documents", "Quality manual")
    life.reads("Whoever is on duty, every Monday.")
    life.press("I have read version 1")
    life.reads("is acknowledged. Thank you.", "You acknowledged version 1 on")


def assign_the_course(life: Life, *people: Member) -> None:
    """The quality manager asks two people to take the course, and is shown first whom."""
    life.by(life.cast.quality_manager, "Training", "People", "Assign training")
    life.page.get_by_label("Course or path").select_option(label=f"TR-001 {COURSE}")
    life.fill(people="\n".join(each.email for each in people), due_on="2026-11-20")
    life.press("Show what it will do")
    life.reads("1 course for 2 people. Nothing is changed yet.")
    life.press("Assign it")
    life.reads("2 assignments made.")


def take_the_course(life: Life, who: Member) -> None:
    """Somebody who was asked to takes it, and passes its quiz."""
    page = life.by(who, "Training")
    life.cells(life.row(COURSE), By="20 Nov 2026")
    life.press(f"Begin {COURSE}")
    life.press("Done, next")
    life.press("Begin the quiz")
    answer(page)
    life.press("Hand in")
    life.reads("7 of 7 points, 100 %")
    life.follow("Next lesson")
    life.press("Done")
    life.reads(f"You have completed {COURSE}.")


# Before the certification body comes -----------------------------------------------------------------------------


def name_the_auditor(life: Life, reference: str) -> None:
    """The quality manager gives an internal audit its lead auditor, and confirms it."""
    life.by(life.cast.quality_manager, "Audits", reference, "Change")
    life.page.locator("#team-0-role").select_option(label="Lead auditor")
    life.page.locator("#team-0-person").select_option(label=life.cast.auditor.name)
    life.press("Save")
    life.press("Confirm")
    expect(life.page.locator(".course [aria-current]")).to_contain_text("Confirmed")


def hold(life: Life, who: Member, reference: str) -> None:
    """Whoever works on an audit carries it from its first day to its report."""
    life.by(who, "Audits", reference)
    life.press("Report drafted")
    expect(life.page.locator(".course [aria-current]")).to_contain_text("Report drafted")


def review(life: Life) -> None:
    """The management review, planned and held today."""
    life.by(life.cast.quality_manager, "Audits", "Management reviews", "Plan a review")
    life.fill(title="Before stage 1", held_on="2026-11-20", attendees="The board")
    life.press("Plan the review")
    life.reads("Planned for 20 Nov 2026.", STANDARD)
    life.follow("Record as held")
    life.press("Record it as held")
    life.reads("Held on 20 Nov 2026.")


def conclude(life: Life, reference: str, outcome: str) -> None:
    """The conclusion of the body's team is recorded, and the audit closed."""
    life.by(life.cast.quality_manager, "Audits", reference, "Record the conclusion")
    life.page.get_by_role("combobox").first.select_option(label=outcome)
    life.press("Record the conclusion")
    expect(life.page.locator('[data-label="Conclusion"]')).to_contain_text(outcome)
    life.press("Close")
    expect(life.page.locator(".course [aria-current]")).to_contain_text("Closed")


def grant(life: Life) -> None:
    """The decision of the body: shown first, then recorded, and three years are there."""
    life.by(life.cast.quality_manager, "Certificates", "C-9001-1", "Record a decision")
    life.page.get_by_role("table", name="Decisions").get_by_role("link", name=re.compile("grant", re.I)).click()
    life.reads("What it does")
    life.page.get_by_role("button", name=re.compile("^Record the ")).click()
    life.reads("31 Jan 2030")


def readiness(life: Life, percent: int, **parts: str) -> None:
    """How ready the page says that one is for stage 1, in all and part by part."""
    life.by(life.cast.quality_manager, "Audits", "Implementation", "IMP-2026-01")
    life.reads(f"Readiness for stage 1: {percent} %")
    for name, share in parts.items():
        found = life.page.get_by_role("table", name="What readiness is made of").locator("tbody tr")
        life.cells(found.filter(has_text=name.replace("_", " ")), Percent=share)


def propose_surveillances(life: Life) -> None:
    """With the decision the surveillances are proposed within their limits, and put on the programme."""
    life.by(life.cast.quality_manager, "Lay out the programme")
    lines = life.page.get_by_role("table", name="Proposed audits").locator("tbody tr")
    days = {"Surveillance 1": ("1 Feb 2028", "2027-12-06"), "Surveillance 2": ("31 Dec 2028", "2028-12-04")}
    for name, (closes, day) in days.items():
        expect(lines.filter(has_text=name)).to_contain_text(closes)
        life.page.get_by_label(f"First day of {name}", exact=True).fill(day)
        life.page.get_by_label(f"Last day of {name}", exact=True).fill(day)
    # Recertification is ordered in its own time.
    life.page.get_by_label("Take Recertification 1", exact=True).uncheck()
    life.press("Put the ticked audits on the programme")
    life.reads("2 audits are on the programme: SA-2027-01, SA-2028-01.")


def surveil(life: Life, reference: str, year: int) -> None:
    """A surveillance is held online within its limit, and counts in the plan."""
    life.by(life.cast.quality_manager, "Audits", reference)
    life.reads("Limits it meets", "to spare")
    conclude(life, reference, "Recommended")
    life.follow("Seats and plan", "Plan")
    uses(life, "surveillance", included="2", used=str(year), planned=str(2 - year), left="0")
    uses(life, "Implementation", included="1", used="1", left="0")


def the_plan_is_used_up(life: Life) -> None:
    """What the plan promised stands beside what was used of it, and its end beside the certificate's."""
    uses(life, "Registration audits", included="1", used="1", left="0")
    uses(life, "Internal audits", included="6", used="4", planned="2", left="0")
    life.reads("its last day is 30 Aug 2029", "valid through 31 Jan 2030")


# Twelve months before the end ------------------------------------------------------------------------------------

ORDER = "Order the recertification"


def nothing_to_order(life: Life) -> None:
    """Twelve months and a day before the last valid day the dashboard says nothing of an order."""
    life.by(life.cast.quality_manager)
    life.reads("valid through 31 Jan 2030")
    expect(life.page.get_by_text(ORDER)).to_have_count(0)


def warning(life: Life) -> None:
    """Twelve months before the last valid day the dashboard says what to order by when, and why."""
    page = life.by(life.cast.quality_manager)
    panel = page.get_by_role("region", name="To order: recertification is outside the plan")
    expect(panel).to_contain_text(ORDER)
    expect(panel).to_contain_text("by 31 Jul 2029")
    expect(panel.get_by_role("link", name="C-9001-1")).to_be_visible()
    panel.locator("summary").click()
    expect(panel).to_contain_text(
        "The certificate is valid through 31 Jan 2030. Recertification is outside the plan, which ends on 30 Aug 2029, "
        "before the certificate: order it by 31 Jul 2029."
    )
    life.follow("Seats and plan", "Plan")
    life.reads("Order the recertification by 31 Jul 2029.")


def offer_another_term(life: Life) -> None:
    """The provider offers what continues the plan: from the day after it ends, on the same terms."""
    cast = life.cast
    life.by(cast.stranger, "Clients", "Subscriptions", "SUB-001", "Offer another term", house=cast.elsewhere)
    expect(life.page.get_by_label("First day")).to_have_value("2029-08-31")
    life.press("Offer it")
    life.reads("SUB-002 is offered from 31 Aug 2029.")


def renew(life: Life) -> None:
    """The client is shown the other 36 months to the day and the cent before it accepts them."""
    life.by(life.cast.quality_manager, "Seats and plan", "Plan")
    life.reads("month 30 of 36")
    life.cells(life.row("SUB-002"), From="31 Aug 2029", Last_day="30 Aug 2032", Stands="Offered")
    life.follow("SUB-002")
    life.reads("offered, not accepted yet.", "36 months from 31 Aug 2029: through 30 Aug 2032.")
    life.reads("EUR 9,999.99 in all, without tax; nothing of it is owed before it is accepted.")
    expect(life.page.get_by_role("table", name="What is due when").locator("tbody tr")).to_have_count(36)
    life.press("Accept")
    life.reads("SUB-002 is accepted.", "begins 31 Aug 2029")
    life.follow("Seats and plan", "Plan")
    # What runs goes on as it is, and what continues it stands beside it.
    life.reads("month 30 of 36")
    life.cells(life.row("SUB-002"), Stands="Accepted")


# What the journals tell ------------------------------------------------------------------------------------------


def tells(life: Life, who: Member, house: House, chain: Iterable[str]) -> None:
    """A journal tells these acts in this order, whatever lies between, and is proved to be whole."""
    life.by(who, "Journal", house=house)
    with life.page.expect_download() as begun:
        life.follow("Download as CSV")
    told = csv.DictReader(StringIO(begun.value.path().read_text("utf-8-sig")))
    lines = iter([f"{each['Who']} {each['Did']} {each['What']}: {each['From and to']}" for each in told])
    for act in chain:
        assert any(line.startswith(act) for line in lines), f"the journal does not go on with: {act}"
    life.follow("Prove that it is whole")
    life.reads("Every entry was read: none was altered, none is missing, all stand in their order.")


def client_s_journal(life: Life) -> None:
    """The client's own tells the whole chain, with what the provider did in it."""
    quality, admin, staff, asset = "Quentin Marsh", "Ada Minton", "Stella Farrow", "Asif Malik"
    chain = (
        "Strange Osgood proposed agreement Birch Hosting",
        f"{admin} accepted agreement Birch Hosting",
        "Strange Osgood offered subscription SUB-001: name Premier; price EUR 9,999.99; starts on 31 Aug 2026",
        f"{quality} accepted subscription SUB-001",
        f"{quality} added pool of seats audit-manager",
        f"{quality} added C-9001-1",
        f"{quality} added S1-2026-01",
        f"{quality} added implementation IMP-2026-01",
        f"{quality} changed task of an implementation “{ACKNOWLEDGE}” of IMP-2026-01: owner {staff}",
        f"{quality} added document DOC-001",
        f"{quality} changed version “1” of DOC-001: sent at 28 Sep 2026",
        f"{admin} changed version “1” of DOC-001: approved by {admin}; approved on 28 Sep 2026",
        f"{quality} changed implementation IMP-2026-01: manuals ended on 28 Sep 2026",
        f"{quality} added assignment {staff} of TR-001",
        f"{staff} added acknowledgement {staff} of DOC-001",
        f"{staff} added completion {staff} of TR-001",
        f"{asset} added acknowledgement {asset} of DOC-001",
        f"{asset} added completion {asset} of TR-001",
        f"{staff} changed task of an implementation “{ACKNOWLEDGE}” of IMP-2026-01: done by {staff}",
        f"{quality} changed implementation IMP-2026-01: delivery ended on 26 Oct 2026",
        "Aud Lindqvist changed IA-2026-01: progress confirmed → report drafted",
        f"{quality} changed management review MR-2026-01: progress planned → held",
        f"{quality} changed implementation IMP-2026-01: training ended on 20 Nov 2026",
        f"{quality} changed certificate of S1-2026-01: outcome ready",
        f"{quality} changed certificate of S2-2027-01: outcome recommended",
        f"{quality} added decision “granted” of C-9001-1",
        f"{quality} changed SA-2027-01: progress planned → closed",
        f"{quality} changed SA-2028-01: progress planned → closed",
        "Strange Osgood offered subscription SUB-002: name Premier; price EUR 9,999.99; starts on 31 Aug 2029",
        f"{quality} accepted subscription SUB-002",
    )
    tells(life, life.cast.quality_manager, life.cast.organisation, chain)


def provider_s_journal(life: Life) -> None:
    """The provider's tells what was agreed and sold, by whichever of the two sides, and nothing of the client's own."""
    chain = (
        "Strange Osgood added plan Premier",
        "Strange Osgood added agreement alder-works",
        "Ada Minton changed agreement alder-works",
        "Strange Osgood added subscription SUB-001",
        "Quentin Marsh changed subscription SUB-001: accepted at 31 Aug 2026",
        "Strange Osgood added subscription SUB-002",
        "Quentin Marsh changed subscription SUB-002: accepted at 31 Jan 2029",
    )
    tells(life, life.cast.stranger, life.cast.elsewhere, chain)
