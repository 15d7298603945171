"""An invoice and a credit note on paper: who, to whom, what, with which tax, by when; and the same bytes each time."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine
from flask import Flask

from app.domain.dates import say
from app.domain.money import say_money
from app.domain.subscription.invoicing import Line, percent
from app.domain.subscription.plan import Allowance
from app.models.invoice import Invoice
from app.operations import invoices, subscriptions
from app.operations.invoices import Paper
from app.operations.subscriptions import AdditionDetails
from app.outputs.invoice import invoice_as_pdf
from app.outputs.pdf import page_of
from app.queries.invoices import invoice_by, totals_kept
from app.queries.subscriptions import dues_of, subscription_by
from app.work import Work
from tests.cast import Cast
from tests.stage import on_stage
from tests.subscribed import agree, starting, terms

SENDER, RECIPIENT = "1 Mill Lane\nUnnaturally" + "long" * 60, "Accounts payable\n<b>2 Alder Way</b>"


@pytest.mark.one_database
def test_what_stands_on_it(app: Flask, cast: Cast) -> None:
    with (
        time_machine.travel("2026-09-10T09:00:00Z", tick=False),
        on_stage(app, cast.elsewhere, cast.stranger) as w,
    ):
        agree(w, cast.organisation, cast.stranger)
        lines = [Line(f"Advice on day {number} " + "Unternehmens" * 12, 10_001, 1900) for number in range(40)]
        lines.append(Line("A book", 5_000, 700))
        paper = Paper(
            due_on=date(2026, 9, 24), sender=SENDER, recipient=RECIPIENT, terms="By transfer", note="Thank you."
        )
        issued = invoices.issue_own(w, cast.organisation.id, "EUR", lines, paper)
        row, told = shown(w, issued.id)
        for said in (
            "Invoice RE-2026-0001", "1 Mill Lane", "Accounts payable", "<b>2 Alder Way</b>", "Due on 24 Sep 2026",
            "Tax, 19 % of EUR 4,000.40 EUR 760.08", "Tax, 7 % of EUR 50.00 EUR 3.50",
            "Without tax EUR 4,050.40", "To be paid by 24 Sep 2026, with tax EUR 4,813.98", "How to pay By transfer",
            "Note Thank you.",
        ):  # fmt: skip
            assert said in told, said
        assert invoice_as_pdf(row, totals_kept(row)) == invoice_as_pdf(row, totals_kept(row))
        note = invoices.credit(w, row.id, {row.lines[-1].id: 5_000}, "It was out of print.")
        _row, told = shown(w, note.id)
        for said in (
            "Credit note RE-2026-0002", "Takes from invoice RE-2026-0001 of 10 Sep 2026", "Why It was out of print.",
            "Credited, with tax EUR 53.50",
        ):  # fmt: skip
            assert said in told, said
        assert "Due on" not in told
        assert "rounded" not in told


@pytest.mark.one_database
def test_a_line_says_which_days_are_served_and_of_seats_how_many_for_what_price(app: Flask, cast: Cast) -> None:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        with on_stage(app, cast.elsewhere, cast.stranger) as w:
            agree(w, cast.organisation, cast.stranger)
            sold = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            subscriptions.accept(w, sold)
            seats = AdditionDetails(what=Allowance.LMS_SEATS, quantity=3, starts_on=date(2026, 9, 15))
            subscriptions.add(w, sold, seats)
        with on_stage(app, cast.elsewhere, cast.stranger) as w:
            subscription = subscription_by(w, sold)
            assert subscription is not None
            keys = [due.key for due in dues_of(subscription)][:4]
            paper = Paper(due_on=date(2026, 12, 5))
            row, told = shown(w, invoices.issue_dues(w, subscription, keys, paper).id)
            for said in (
                "Instalment 1 of 36, for 31 Aug to 29 Sep 2026 19 %",
                "3 × LMS seat, for 15 Sep to 29 Sep 2026, at EUR 10.00 a month each, 15 of 30 days 19 %",
                "Instalment 2 of 36, for 30 Sep to 30 Oct 2026 19 %",
                "3 × LMS seat, for 30 Sep to 30 Oct 2026, at EUR 10.00 a month each 19 %",
                "Due on 5 Dec 2026",
            ):
                assert said in told, said
            assert "due on 30 Sep" not in told
        with on_stage(app, cast.elsewhere, cast.stranger) as w:
            invoices.credit(w, row.id, {row.lines[0].id: 10_000}, "Began late")
            rest = invoices.issue_dues(w, subscription, ["instalment-1"], paper)
            assert "for 31 Aug to 29 Sep 2026, what is left of it" in shown(w, rest.id)[1]


def shown(w: Work, invoice_id: int) -> tuple[Invoice, str]:
    """The invoice, and the words of its paper."""
    row = invoice_by(w, invoice_id, fresh=True)
    assert row is not None
    page = page_of(
        "invoices/_invoice.html", row=row, totals=totals_kept(row), say=say, say_money=say_money, percent=percent
    )
    return row, unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))
