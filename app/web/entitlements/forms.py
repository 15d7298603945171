"""The forms of an entitlement: their shape. What an entitlement may be is the rules'."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.explained import RefusedError
from app.domain.licensing.entitlement import EntitlementKind, Term, TermAnswer
from app.domain.licensing.terms import TermFact
from app.domain.money import currency_of
from app.models.licence import Entitlement
from app.operations.entitlements import EntitlementDetails
from app.web.assets.forms import chosen
from app.web.fields import DayField, JudgedField, TicksField, WholeField, row_id, seen_version
from app.web.forms import PageForm
from app.web.licence_fields import amount_shown, minor_of, sites_to_choose

_TEXTS = ("supplier", "purchase_order", "invoice", "contract", "proof", "notes")
_DAYS = ("starts_on", "ends_on", "maintained_until", "renewal_notice_by")
_DAY = "Give the day, as 2027-03-14."
ANSWERS = [("", "Says nothing"), *((each.value, each.label) for each in TermAnswer)]


def _key(term: Term) -> str:
    return term.value.replace("-", "_")


class EntitlementForm(PageForm):
    """What is said of an entitlement."""

    version = HiddenField()
    kind = SelectField("Kind", choices=[(each.value, each.label) for each in EntitlementKind])
    quantity = WholeField("Quantity", validators=[InputRequired("Say how many units.")], description="Whole units.")
    starts_on = DayField("From", validators=[InputRequired(_DAY)], description="The first day on which it counts.")
    ends_on = DayField("Last day", validators=[Optional()], description="Empty: for good. It counts on that day too.")
    base = StringField(
        "Takes its units from",
        validators=[Length(max=40)],
        description="Of an upgrade or a transfer: the reference of the entitlement that it consumes.",
        render_kw={"list": "bases", "autocomplete": "off"},
    )
    site = JudgedField("Only at the site", validators=[Optional()])
    version_through = StringField(
        "Newest version that it covers", validators=[Length(max=80)], description="16 covers 16.3. Empty: all."
    )
    may_downgrade = BooleanField("It covers older versions too", default=True)
    second_use = BooleanField(
        "It covers a second device of the same person", description="Without a further unit, as the contract allows."
    )
    maintained_until = DayField(
        "Maintained until", validators=[Optional()], description="What comes out until then is covered too."
    )
    cost = StringField(
        "Cost", validators=[Length(max=40)], description="Of all units, as 1250.50.", render_kw={"inputmode": "decimal"}
    )
    currency = StringField("Currency", validators=[Length(max=3)], description="Three letters, such as EUR.")
    supplier = StringField("Supplier", validators=[Length(max=200)])
    purchase_order = StringField("Purchase order", validators=[Length(max=80)])
    invoice = StringField("Invoice", validators=[Length(max=80)])
    contract = StringField("Contract", validators=[Length(max=120)])
    proof = StringField(
        "Proof of entitlement",
        validators=[Length(max=120)],
        description="Its number. One proof counts once; its file is added on the page of the entitlement.",
    )
    renewal_notice_by = DayField(
        "Notice by", validators=[Optional()], description="The last day to cancel or to ask for a renewal."
    )
    sites_allowed_sites = TicksField(
        "Allowed sites: which",
        coerce=row_id,
        validate_choice=False,
        choices=[],
        description="With “Yes” or “Limit”: those that the contract names. None chosen: it names none.",
    )
    notes = TextAreaField("Notes", validators=[Length(max=20_000)], render_kw={"rows": 3})

    def offer(self, sites: Sequence[tuple[int, str]]) -> None:
        """Fill the lists to choose from."""
        self.site.choices = sites_to_choose(sites, "Every site of the pool")
        self.sites_allowed_sites.choices = list(sites)

    def tell(self, row: Entitlement) -> None:
        """Show what is kept."""
        self.version.data, self.kind.data, self.quantity.data = str(row.version), row.kind.value, row.quantity
        for name in (*_TEXTS, *_DAYS, "version_through", "may_downgrade", "second_use", "currency"):
            self[name].data = getattr(row, name)
        self.base.data = row.base.reference if row.base is not None else ""
        self.site.data = str(row.site_id or "")
        self.cost.data = amount_shown(row.cost_minor, row.currency)
        for each in row.terms:
            key = _key(each.term)
            self[f"answer_{key}"].data, self[f"limit_{key}"].data = each.answer.value, each.limit
            self[f"says_{key}"].data = each.says
            if each.term is Term.ALLOWED_SITES:
                self.sites_allowed_sites.data = list(each.site_ids)

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def term_fields(self) -> list[tuple[Term, Any, Any, Any]]:
        """Each term with the three fields that say what the contract says of it."""
        return [
            (each, self[f"answer_{_key(each)}"], self[f"limit_{_key(each)}"], self[f"says_{_key(each)}"])
            for each in Term
        ]

    @property
    def details(self) -> EntitlementDetails:
        """What was typed; raises `RefusedError` for what can be none."""
        currency = currency_of(self.currency.data)
        said: dict[str, Any] = {name: self[name].data or "" for name in (*_TEXTS, "version_through", "base")}
        said |= {name: self[name].data for name in _DAYS}
        return EntitlementDetails(
            kind=EntitlementKind(self.kind.data),
            quantity=self.quantity.data or 0,
            site_id=chosen(self.site.data),
            may_downgrade=bool(self.may_downgrade.data),
            second_use=bool(self.second_use.data),
            cost_minor=minor_of(self.cost.data, currency, "cost"),
            currency=currency,
            terms=self._terms(),
            **said,
        )

    def _terms(self) -> list[TermFact]:
        terms = []
        for term, answer, limit, says in self.term_fields:
            sites = tuple(self.sites_allowed_sites.data or ()) if term is Term.ALLOWED_SITES else ()
            if not answer.data:
                if limit.data is not None or sites or (says.data or "").strip():
                    raise RefusedError(f"{term.label}: say yes, no or limit.", answer.name)
                continue
            kept = limit.data if answer.data == TermAnswer.LIMIT.value else None
            terms.append(TermFact(term, TermAnswer(answer.data), kept, (says.data or "").strip(), sites))
        return terms


for _term in Term:
    setattr(EntitlementForm, f"answer_{_key(_term)}", SelectField(_term.label, choices=ANSWERS, default=""))
    setattr(EntitlementForm, f"limit_{_key(_term)}", WholeField(f"{_term.label}: limit", validators=[Optional()]))
    setattr(
        EntitlementForm,
        f"says_{_key(_term)}",
        TextAreaField(
            f"{_term.label}: in its own words",
            validators=[Length(max=4000)],
            render_kw={"rows": 2},
        ),
    )


class NewEntitlementForm(EntitlementForm):
    """The same, with the pool that it is bought into."""

    pool = StringField(
        "Pool",
        validators=[InputRequired("Say which pool."), Length(max=40)],
        description="Its reference, such as LP-001; type a part of its name to find it.",
        render_kw={"list": "pools", "autocomplete": "off"},
    )


class RetireForm(PageForm):
    """From which day on it is given up, and why."""

    retired_on = DayField(
        "Given up from", validators=[InputRequired(_DAY)], description="From that day on it counts as none."
    )
    reason = TextAreaField(
        "Reason",
        validators=[InputRequired("Say why it is given up: the journal keeps the reason."), Length(max=2000)],
        description="Such as: sold with the machines. The journal keeps it.",
        render_kw={"rows": 2},
    )
