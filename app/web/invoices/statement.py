"""A statement of account on screen and as a file, of a period or of all time."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import Form, ValidationError
from wtforms.validators import Optional

from app.domain.document import Document
from app.domain.subscription.invoicing import EVER, Period
from app.models.invoice import Invoice
from app.outputs.pdf import as_pdf
from app.outputs.sheet import XLSX
from app.outputs.workbook import as_workbook
from app.queries.invoices import entries_of, open_by_currency, say_open
from app.reports.account import ACCOUNT_HEAD, CLOSING, OPENING, account_on, account_rows
from app.reports.report import file_name_of
from app.web.exporting import file_response, sheet_response
from app.web.fields import DayField
from app.web.invoices.area import words
from app.work import Work


class PeriodForm(Form):  # type: ignore[misc]
    """From when until when; sent by GET, so that a choice has an address."""

    since = DayField("From", validators=[Optional()])
    until = DayField("Until", validators=[Optional()])

    def validate_until(self, field: DayField) -> None:
        """A period does not end before it begins."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError("Not before the first day.")


def stated(work: Work, between: tuple[str, str], rows: Sequence[Invoice], **page: Any) -> ResponseReturnValue:
    """The account of these invoices in the period that the address asks for: the page, or the file it asks for.

    It is `between` a client and a seller, by name.
    """
    form = PeriodForm(request.args)
    is_period = form.validate()
    period = Period(form.since.data, form.until.data) if is_period else EVER
    if is_period and (kind := request.args.get("form")):
        if kind == "csv":
            return sheet_response(
                work, "statement-of-account", kind, "Account", ACCOUNT_HEAD, account_rows(rows, period)
            )
        return statement_response(account_on(work, current_user.name, *between, rows, period), kind)
    shown = render_template(
        "invoices/statement.html",
        form=form,
        period=period,
        asked={name: day.isoformat() for name, day in (("since", period.since), ("until", period.until)) if day},
        accounts=entries_of(rows, period),
        opening=OPENING,
        closing=CLOSING,
        sums=[say_open(*each) for each in open_by_currency(work, rows)],
        **page,
        **words(),
    )
    return shown if is_period else (shown, 422)


def statement_response(document: Document, form: str) -> Response:
    """Paper or a workbook; 404 for other forms."""
    if form == "pdf":
        return file_response(as_pdf(document), file_name_of(document, form))
    if form == "xlsx":
        return file_response(as_workbook(document), file_name_of(document, form), XLSX)
    abort(404)
