"""The mail of an invoice carries it as a PDF, printed when it is sent; of another's invoice nothing goes along."""

from datetime import date

import pytest
from flask import Flask

from app.domain.subscription.invoicing import Line
from app.jobs import deliver_outbox
from app.models.outbox import INVOICE
from app.operations import invoices
from app.operations.invoices import Paper
from tests.cast import Cast
from tests.jobs.conftest import mails, post
from tests.mailserver import MailServer
from tests.stage import on_stage
from tests.subscribed import agree


@pytest.fixture
def issued(app: Flask, cast: Cast) -> int:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        lines = [Line("Training on site", 10_000, 1900)]
        return invoices.issue_own(w, cast.organisation.id, "EUR", lines, Paper(due_on=date(2099, 1, 1))).id


def test_the_administrators_get_the_invoice_itself(mailing: Flask, cast: Cast, issued: int, server: MailServer) -> None:
    with mailing.app_context():
        (mail,) = [each for each in mails() if "Invoice RE-" in each.subject]
        assert mail.to_email == cast.administrator.email
        list(deliver_outbox.run())
    (message,) = [each for each in server.taken if "Invoice RE-" in str(each["Subject"])]
    paper = next(part for part in message.walk() if part.get_content_type() == "application/pdf")
    assert str(paper.get_filename()).startswith("RE-")
    assert paper.get_content().startswith(b"%PDF")


def test_of_an_invoice_to_another_nothing_goes_along(
    mailing: Flask, cast: Cast, issued: int, server: MailServer
) -> None:
    with mailing.app_context():
        # Not even to its own seller: the paper is read as its client reads it.
        post(organisation_id=cast.elsewhere.id, plan_of=f"{INVOICE}{issued}")
        list(deliver_outbox.run())
    (message,) = [each for each in server.taken if str(each["Subject"]) == "A trial"]
    assert not [part for part in message.walk() if part.get_content_type() == "application/pdf"]
