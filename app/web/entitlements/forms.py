"""The forms of an entitlement: their shape. What an entitlement may be is the rules'."""

from collections.abc import Iterator
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.explained import RefusedError
from app.domain.licensing.entitlement import EntitlementKind, Term, TermAnswer
from app.domain.licensing.terms import TermFact
from app.domain.money import amount_of, in_minor
from app.models.licence import Entitlement
from app.operations.entitlements import EntitlementDetails
from app.queries.pools import sites_named
from app.web.fields import DayField, row_id, seen_version
from app.web.forms import PageForm
from app.work import Work

_TEXTS = ("supplier", "purchase_order", "invoice", "contract", "proof", "notes", "version_through")
_DAYS = ("starts_on", "ends_on", "maintained_until", "renewal_notice_by")
KINDS = {
    EntitlementKind.PURCHASE: "Purchase: for good, or for a term",
    EntitlementKind.SUBSCRIPTION: "Subscription: while it runs",
    EntitlementKind.UPGRADE: "Upgrade: takes its units from another entitlement",
    EntitlementKind.TRANSFER: "Transfer: came from another entitlement of ours",
}


def slug_of(term: Term) -> str:
    """A term as the fields of the form are named for it."""
    return term.value.replace("-", "_")


class EntitlementForm(PageForm):
    """What is said of an entitlement, its terms aside."""

    version = HiddenField()
    kind = SelectField("Kind", choices=[(kind.value, says) for kind, says in KINDS.items()])
    base = StringField(
        "Takes its units from",
        validators=[Length(max=40)],
        description="Of an upgrade or a transfer: the reference of the entitlement, such as E-012.",
        render_kw={"list": "entitlements-known", "autocomplete": "off"},
    )
    quantity = StringField(
        "Quantity",
        validators=[InputRequired("Say how many were bought."), Length(max=20)],
        description="Whole units of the pool's metric, not packs.",
        render_kw={"inputmode": "numeric"},
    )
    starts_on = DayField("From", validators=[InputRequired("Give the first day, as 2027-03-14.")])
    ends_on = DayField("Through", validators=[Optional()], description="The last day. Empty: for good.")
    renewal_notice_by = DayField(
        "Notice by", validators=[Optional()], description="The last day on which a renewal can be asked for or refused."
    )
    site = SelectField("Site", validate_choice=False, description="Where it may be used at one site alone.")
    version_through = StringField(
        "Covers versions through",
        validators=[Length(max=80)],
        description="16 covers 16.3, and not 17. Empty: every version.",
    )
    maintained_until = DayField(
        "Maintained until",
        validators=[Optional()],
        description="Every version that comes out until then is covered too.",
    )
    may_downgrade = BooleanField("It covers older versions too", default=True)
    second_use = BooleanField("The same person's second device needs no further unit")
    cost = StringField(
        "Cost", validators=[Length(max=40)], description="Of all units together.", render_kw={"inputmode": "decimal"}
    )
    currency = StringField("Currency", validators=[Length(max=3)], description="Three letters, such as EUR.")
    supplier = StringField("Supplier", validators=[Length(max=200)])
    purchase_order = StringField("Purchase order", validators=[Length(max=80)])
    invoice = StringField("Invoice", validators=[Length(max=80)])
    contract = StringField("Contract", validators=[Length(max=120)])
    proof = StringField(
        "Proof of entitlement",
        validators=[Length(max=120)],
        description="Its number. The document itself is attached on the entitlement's page.",
    )
    notes = TextAreaField("Notes", validators=[Length(max=20_000)], render_kw={"rows": 3})

    def offer(self, work: Work) -> None:
        """Fill the lists to choose from."""
        self.site.choices = [("", "All sites"), *((str(id_), name) for id_, name in sites_named(work))]

    def tell(self, row: Entitlement) -> None:
        """Show what is kept."""
        self.version.data, self.kind.data, self.quantity.data = str(row.version), row.kind.value, str(row.quantity)
        for name in (*_TEXTS, *_DAYS, "may_downgrade", "second_use", "currency"):
            self[name].data = getattr(row, name)
        self.base.data = row.base.reference if row.base else ""
        self.site.data = str(row.site_id or "")
        self.cost.data = "" if row.cost_minor is None else str(amount_of(row.cost_minor, row.currency))
        for term in row.terms:
            slug = slug_of(term.term)
            self[f"answer_{slug}"].data, self[f"says_{slug}"].data = term.answer.value, term.says
            self[f"limit_{slug}"].data = term.limit

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> EntitlementDetails:
        """What was typed; raises `RefusedError` for what is no number or no amount."""
        currency, cost = (self.currency.data or "").strip().upper(), (self.cost.data or "").strip()
        if cost and not currency:
            raise RefusedError("Give the currency of the cost.", "currency")
        said: dict[str, Any] = {name: self[name].data or "" for name in _TEXTS}
        said |= {name: self[name].data for name in _DAYS}
        return EntitlementDetails(
            kind=EntitlementKind(self.kind.data),
            quantity=whole(self.quantity.data or "", "quantity"),
            base=self.base.data or "",
            site_id=_id(self.site.data),
            may_downgrade=bool(self.may_downgrade.data),
            second_use=bool(self.second_use.data),
            cost_minor=in_minor(cost, currency, "cost") if cost else None,
            currency=currency,
            terms=tuple(self._terms()),
            **said,
        )

    def _terms(self) -> Iterator[TermFact]:
        for term in Term:
            slug = slug_of(term)
            answer = next((each for each in TermAnswer if each.value == self[f"answer_{slug}"].data), None)
            if answer is not None:
                limit = self[f"limit_{slug}"].data if answer is TermAnswer.LIMIT else None
                yield TermFact(term, answer, limit, self[f"says_{slug}"].data or "")


_ANSWERS = [("", "Not said"), *((each.value, each.label) for each in TermAnswer)]
for _term in Term:
    _slug = slug_of(_term)
    setattr(EntitlementForm, f"answer_{_slug}", SelectField(_term.label, choices=_ANSWERS, default=""))
    setattr(EntitlementForm, f"limit_{_slug}", IntegerField(f"{_term.label}: how many", validators=[Optional()]))
    setattr(
        EntitlementForm,
        f"says_{_slug}",
        TextAreaField(f"{_term.label}: in the contract's words", validators=[Length(max=5_000)], render_kw={"rows": 1}),
    )


def whole(said: str, field: str) -> int:
    """A quantity as it was typed; a fraction and what is no number are refused at the field."""
    text = said.strip().replace(" ", "").replace(",", "")
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdecimal():
        raise RefusedError(f"“{said.strip()}” is no whole number: units are not parted.", field)
    number = int(text) if len(text) <= 10 else 2**31
    if abs(number) >= 2**31:
        raise RefusedError("That is more than can be kept.", field)
    return number


def _id(value: str | None) -> int | None:
    if not value:
        return None
    try:
        return row_id(value)
    except ValueError:
        return -1


class GiveUpForm(PageForm):
    """From when an entitlement is sold or given up, and why."""

    retired_on = DayField(
        "From",
        validators=[InputRequired("Give the day, as 2027-03-14.")],
        description="From that day on it counts not.",
    )
    reason = TextAreaField("Why", validators=[Length(max=2_000)], description="Whoever reads the journal reads it.")
