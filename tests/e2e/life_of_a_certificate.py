"""The life of a certificate, step by step: from the application and its implementation to the surveillances."""

import re
from collections.abc import Iterable
from datetime import date

from playwright.sync_api import expect

from app.catalogue.implementation import templates
from app.domain.implementation.plan import Pattern, Step, in_order
from tests.cast import Member
from tests.e2e.life import Life, uses
from tests.e2e.test_learning import answer

STANDARD = "ISO 9001:2015"
COURSE = "Working by the manual"
ACKNOWLEDGE = "Have everybody confirm that they read and understood them"


def apply(life: Life) -> None:
    """The quality manager records the application: no day of a certificate yet."""
    life.by(life.cast.quality_manager, "Certificates", "Record a certificate")
    life.page.get_by_label("Standard and edition").select_option(STANDARD)
    life.fill(scope="All that is made at the waterside.", body_name="Norden Certification")
    life.press("Record the certificate")
    expect(life.page.get_by_role("heading", level=1)).to_contain_text("C-9001-1")


def propose(life: Life, days: dict[str, tuple[date, date]]) -> None:
    """Whatever the plan promises is proposed; some of it is put on other days, and all of it on the programme."""
    life.by(life.cast.quality_manager, "Dashboard", "Lay out the programme")
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
    life.follow("Seats and plan", "Plan")
    uses(life, "Registration audits", included="1", used="0", planned="1", left="0")
    uses(life, "Online internal audits", included="6", used="0", planned="6", left="0")


def lay_out(life: Life) -> None:
    """The implementation is shown before it is kept: 90 days, whose stage 1 is watched. The last is a Sunday."""
    cast = life.cast
    life.by(cast.quality_manager, "Audits", "Implementation", "Lay out an implementation")
    life.page.get_by_label("Standard", exact=True).select_option(STANDARD)
    life.page.get_by_label("Certificate whose stage 1 it leads to").select_option(label="C-9001-1, ISO 9001")
    expect(life.page.get_by_label("Days", exact=True)).to_have_value("90")
    life.press("Show the plan")
    life.reads(f"{len(templates()[STANDARD])} tasks would be laid out. Nothing is kept yet.")
    life.press("Lay it out so")
    life.reads("The plan is laid out.", "as laid out, 90 days. Expected end: 27 Nov 2026")
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
    life.reads("A version is approved by another person than those who wrote any of its text.")


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
    expect(life.page).to_have_url(re.compile("/certificates/C-9001-1(#.*)?$"))
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
    life.by(life.cast.quality_manager, "Dashboard", "Lay out the programme")
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
    uses(life, "Online surveillance audits", included="2", used=str(year), planned=str(2 - year), left="0")
    uses(life, "Implementation", included="1", used="1", left="0")
