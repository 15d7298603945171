"""The life of a plan, step by step: agreed, offered, accepted, used up, renewed, and told by both journals."""

import csv
from collections.abc import Iterable
from io import StringIO

from playwright.sync_api import expect

from tests.cast import House, Member
from tests.e2e.life import Life, uses
from tests.e2e.life_of_a_certificate import ACKNOWLEDGE

PLAN = "Premier"
ORDER = "Order the recertification"


def agree(life: Life) -> None:
    """The provider proposes an agreement, and the client's administrator accepts it with what is ticked."""
    cast = life.cast
    life.by(cast.stranger, "Clients", "Agreements", house=cast.elsewhere)
    life.follow("Propose an agreement")
    life.fill(address=cast.organisation.slug, message="As we said on Monday.")
    life.press("Propose it")
    life.reads("Proposed to alder-works.")
    life.by(cast.administrator, "Settings")
    life.reads(f"{cast.elsewhere.name} proposes an agreement: your answer is awaited.")
    life.follow("Agreements with providers")
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
    life.follow("Accept")
    life.press("Show what it does")
    life.reads("36 instalments", "2 audit-manager seats", "6 internal audits")
    life.press("Accept it")
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


def seats(life: Life) -> None:
    """The pools are there from the first day, and the quality manager hands all their seats out."""
    cast = life.cast
    life.by(cast.quality_manager, "Seats and plan")
    handed_out = {
        "Audit-manager": (cast.auditor, cast.quality_manager),
        "LMS": (cast.staff, cast.asset_manager),
    }
    for kind, people in handed_out.items():
        life.follow("Seats and plan")
        life.cells(life.row(kind), Owned="2", Free="2")
        life.follow(kind, "Assign seats")
        for each in people:
            life.page.get_by_label(each.name, exact=True).check()
        life.press("Assign")
    life.follow("Seats and plan")
    life.reads("2 of 2 audit-manager seats are taken; 2 of 2 LMS seats are taken.")


def the_plan_is_used_up(life: Life) -> None:
    """What the plan promised stands beside what was used of it, and its end beside the certificate's."""
    uses(life, "Registration audits", included="1", used="1", left="0")
    uses(life, "Internal audits", included="6", used="4", planned="2", left="0")
    life.reads("its last day is 30 Aug 2029", "valid through 31 Jan 2030")


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
    life.follow("Accept")
    life.press("Show what it does")
    life.press("Accept it")
    life.reads("SUB-002 is accepted.", "begins 31 Aug 2029")
    life.follow("Seats and plan", "Plan")
    # What runs goes on as it is, and what continues it stands beside it.
    life.reads("month 30 of 36")
    life.cells(life.row("SUB-002"), Stands="Accepted")


def goes_on(life: Life) -> None:
    """On the day after the last of the old term the new one counts: its months, its seats and its instalments."""
    life.by(life.cast.quality_manager, "Seats and plan")
    life.reads("2 of 2 audit-manager seats are taken; 2 of 2 LMS seats are taken.")
    life.follow("Plan")
    life.reads("month 1 of 36; its last day is 30 Aug 2032", "EUR 277.78 of it was due by today.")
    uses(life, "Online internal audits", included="6", used="0", planned="0", left="6")
    expect(life.row("SUB-001").locator('[data-label="Last day"]')).to_have_text("30 Aug 2029")


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
