"""The forms of invoices: their shape. What may be is the rules'."""

from typing import Any

from wtforms import FieldList, FormField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.explained import RefusedError
from app.domain.subscription.invoicing import Line
from app.operations.invoices import MOST_TEXT, Paper
from app.web.fields import DayField
from app.web.forms import EntryForm, PageForm
from app.web.licence_fields import minor_of
from app.web.terms_fields import hundredths

TEXT = [Length(max=MOST_TEXT)]


class LineForm(EntryForm):
    """A line of one's own."""

    label = StringField("What", [Length(max=300)])
    amount = StringField("Without tax", [Length(max=40)])
    tax_rate = StringField("Tax in per cent", [Length(max=8)])


class IssueForm(PageForm):
    """What is invoiced, and what stands on the paper; `agreed` says which preview was seen."""

    agreed = HiddenField()
    currency = StringField("Currency", [Optional(), Length(max=3)], description="Three letters, such as EUR.")
    dues = SelectMultipleField(
        "What is due", validate_choice=False, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    lines = FieldList(FormField(LineForm), "Further lines", min_entries=3, max_entries=3)
    due_on = DayField("Due on", [InputRequired("Give the day it is due on.")])
    sender = TextAreaField("From", TEXT, description="Your address and tax number, as printed.", render_kw={"rows": 4})
    recipient = TextAreaField("To", TEXT, description="The client’s address, as printed.", render_kw={"rows": 4})
    terms = TextAreaField("How to pay", TEXT, render_kw={"rows": 2})
    note = TextAreaField("Note", TEXT, render_kw={"rows": 2})

    @property
    def paper(self) -> Paper:
        """What stands on it besides its lines."""
        said: dict[str, Any] = {name: self[name].data or "" for name in ("sender", "recipient", "terms", "note")}
        return Paper(due_on=self.due_on.data, **said)

    def own_lines(self, currency: str) -> list[Line]:
        """The lines that were written; one without a word in it is none."""
        found = []
        for each in self.lines:
            label, amount = (each.form.label.data or "").strip(), (each.form.amount.data or "").strip()
            if not label and not amount:
                continue
            if not amount:
                raise RefusedError(f"Give the amount of “{label}”.", "lines")
            try:
                rate = hundredths(each.form.tax_rate.data)
            except RefusedError as refusal:
                raise RefusedError(refusal.why, "lines") from None
            found.append(Line(label, minor_of(amount, currency, "lines") or 0, rate))
        return found


class CreditForm(PageForm):
    """Why an invoice is credited; the amounts stand beside its lines."""

    agreed = HiddenField()
    reason = TextAreaField("Why", [InputRequired("Say why it is credited."), *TEXT], render_kw={"rows": 2})


class PayForm(PageForm):
    """What came in, and when."""

    entry_key = HiddenField()
    amount = StringField("Amount", [InputRequired("Give the amount."), Length(max=40)])
    received_on = DayField("On", [InputRequired("Give the day.")])
    note = StringField("Note", [Optional(), Length(max=200)], description="Such as the reference of the bank.")


class TakeBackForm(PageForm):
    """Why a payment counts no more."""

    reason = StringField("Why", [InputRequired("Say why it is taken back."), Length(max=200)])
