"""The forms of a subscription: their shape. What may be is the rules'."""

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.explained import RefusedError
from app.domain.subscription.plan import Allowance
from app.operations.subscriptions import AdditionDetails, StartDetails
from app.web.fields import DayField, WholeField
from app.web.forms import PageForm
from app.web.licence_fields import minor_of
from app.web.terms_fields import TermsForm

ADDED = tuple(each for each in Allowance if each is not Allowance.IMPLEMENTATION)


class OwnForm(TermsForm):
    """What the organisation subscribed to outside of any agreement, and from when."""

    starts_on = DayField("First day", [InputRequired("Give the first day.")])
    deposit = StringField("Deposit", [Optional(), Length(max=40)], description="Due on the first day; empty for none.")
    first_due_on = DayField(
        "First instalment", [Optional()], description="Where payment is deferred. Empty: on the first day."
    )

    @property
    def start(self) -> StartDetails:
        """From when, and how it is paid."""
        currency = (self.currency.data or "").strip().upper()
        return StartDetails(
            starts_on=self.starts_on.data,
            deposit_minor=minor_of(self.deposit.data, currency, "deposit") or 0,
            first_due_on=self.first_due_on.data,
        )


class UpgradeForm(OwnForm):
    """Other terms from a day on, shown before they take the place of those in force."""

    agreed = HiddenField()


class AgreedForm(PageForm):
    """An act that is shown before it is done: `agreed` says which was seen."""

    agreed = HiddenField()


class AddForm(AgreedForm):
    """What is bought besides."""

    what = SelectField("What", choices=[(each.value, each.label) for each in ADDED], validators=[InputRequired()])
    quantity = WholeField("How many", [InputRequired("Give how many.")])
    starts_on = DayField("From", [InputRequired("Give the first day.")])
    price = StringField(
        "Price of all of it",
        [Optional(), Length(max=40)],
        description="Seats cost what the plan says, by the month. All else: 0 where it is free.",
    )
    note = StringField("Note", [Optional(), Length(max=200)])

    def details(self, currency: str) -> AdditionDetails:
        """What was typed."""
        what = next((each for each in ADDED if each.value == self.what.data), None)
        if what is None:
            raise RefusedError("Choose from the list.", "what")
        return AdditionDetails(
            what=what,
            quantity=self.quantity.data,
            starts_on=self.starts_on.data,
            once_minor=minor_of(self.price.data, currency, "price"),
            note=self.note.data or "",
        )


class PauseForm(AgreedForm):
    """From when it rests, and for how long."""

    starts_on = DayField(
        "From", [InputRequired("Give the first day.")], description="The first day of a month of the plan."
    )
    months = WholeField("Months", [InputRequired("Give how many months.")])
    reason = TextAreaField("Why", [InputRequired("Say why it rests."), Length(max=2000)], render_kw={"rows": 2})


class EndForm(AgreedForm):
    """The last day, and why."""

    ended_on = DayField("Last day", [InputRequired("Give the last day.")])
    reason = TextAreaField("Why", [InputRequired("Say why it ends."), Length(max=2000)], render_kw={"rows": 2})
