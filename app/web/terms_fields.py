"""The fields of terms, shared by a plan that is offered and by a subscription that is recorded."""

from decimal import Decimal
from typing import Any

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.explained import RefusedError
from app.domain.money import currency_of
from app.domain.subscription.plan import Allowances
from app.models.plan import Terms
from app.operations.plans import TermsDetails, refuse_terms
from app.web.fields import WholeField, seen_version
from app.web.forms import PageForm
from app.web.licence_fields import amount_shown, minor_of

COUNTS = ("audit_manager_seats", "lms_seats", "registration_audits", "surveillance_audits", "internal_audits")


class TermsForm(PageForm):
    """What is promised, for how long, for which price."""

    version = HiddenField()
    name = StringField("Name", [InputRequired("Give it a name."), Length(max=120)])
    months = WholeField("Months", [InputRequired("Give how many months.")])
    price = StringField(
        "Price without tax", [InputRequired("Give the price."), Length(max=40)], description="Of the whole term."
    )
    currency = StringField(
        "Currency", [InputRequired("Give the currency."), Length(max=3)], description="Three letters, such as EUR."
    )
    tax_rate = StringField("Tax in per cent", [Optional(), Length(max=8)], description="Such as 19; empty for none.")
    audit_manager_seats = WholeField("Audit-manager seats", [Optional()])
    lms_seats = WholeField("LMS seats", [Optional()])
    registration_audits = WholeField("Registration audits", [Optional()], description="Stage 1 and stage 2 together.")
    surveillance_audits = WholeField("Online surveillance audits", [Optional()])
    internal_audits = WholeField(
        "Online internal audits", [Optional()], description="One for each half year from the first day."
    )
    implementation_days = WholeField(
        "Implementation within days", [Optional()], description="Such as 90; empty: none is included."
    )
    support_sessions = WholeField(
        "Support sessions", [Optional()], description="Empty: as many as are wanted. 0 for none."
    )
    audit_manager_seat = StringField("One audit-manager seat more, a month", [Optional(), Length(max=40)])
    lms_seat = StringField("One LMS seat more, a month", [Optional(), Length(max=40)])

    def tell(self, row: Terms) -> None:
        """Show what is kept."""
        self.version.data = str(getattr(row, "version", ""))
        for name in ("name", "months", "currency", "implementation_days", "support_sessions", *COUNTS):
            self[name].data = getattr(row, name)
        self.price.data = amount_shown(row.price_minor, row.currency)
        self.tax_rate.data = percent_shown(row.tax_rate)
        self.audit_manager_seat.data = amount_shown(row.audit_manager_seat_minor, row.currency)
        self.lms_seat.data = amount_shown(row.lms_seat_minor, row.currency)

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> TermsDetails:
        """What was typed; what cannot be is refused at its field."""
        currency = currency_of(self.currency.data)
        counts: dict[str, Any] = {name: self[name].data or 0 for name in COUNTS}
        said = TermsDetails(
            name=self.name.data or "",
            months=self.months.data,
            price_minor=minor_of(self.price.data, currency, "price") or 0,
            currency=currency,
            tax_rate=hundredths(self.tax_rate.data),
            allowances=Allowances(
                **counts,
                implementation_days=self.implementation_days.data,
                support_sessions=self.support_sessions.data,
            ),
            audit_manager_seat_minor=minor_of(self.audit_manager_seat.data, currency, "audit_manager_seat") or 0,
            lms_seat_minor=minor_of(self.lms_seat.data, currency, "lms_seat") or 0,
        )
        refuse_terms(said)
        return said


def hundredths(said: str | None) -> int:
    """A rate in per cent, as hundredths of one: 19 is 1900."""
    text = (said or "").strip().removesuffix("%").strip()
    if not text:
        return 0
    try:
        value = Decimal(text) * 100
    except ArithmeticError:
        raise RefusedError(f"“{said}” is no rate. Write it as 19 or 8.1.", "tax_rate") from None
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value < 10_000:
        raise RefusedError("A rate from 0 to 99.99 %, with at most two decimals.", "tax_rate")
    return int(value)


def percent_shown(rate: int) -> str:
    """A rate as the field holds it and the pages write it."""
    return format((Decimal(rate) / 100).normalize(), "f")
