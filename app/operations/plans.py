"""Plans as their seller offers them: recorded, changed, retired. What was sold stays as it was sold."""

from dataclasses import asdict, dataclass, field

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.money import currency_of
from app.domain.subscription.plan import Allowances, refuse_allowances, refuse_term
from app.models.plan import Plan, Terms
from app.operations.conflict import refuse_if_changed
from app.work import Work

MOST_SUMMARY = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsDetails:
    """What is promised for which price. Amounts are minor units without tax; a tax rate of 1900 is 19 %."""

    name: str
    months: int
    price_minor: int
    currency: str
    tax_rate: int = 0
    allowances: Allowances = field(default_factory=Allowances)
    audit_manager_seat_minor: int = 0
    lms_seat_minor: int = 0

    @property
    def columns(self) -> dict[str, object]:
        """As the columns of a plan and of a subscription are called."""
        return {
            "name": " ".join(self.name.split()),
            "months": self.months,
            "price_minor": self.price_minor,
            "currency": self.currency,
            "tax_rate": self.tax_rate,
            "audit_manager_seat_minor": self.audit_manager_seat_minor,
            "lms_seat_minor": self.lms_seat_minor,
            **asdict(self.allowances),
        }


def refuse_terms(details: TermsDetails) -> None:
    """A plan has a name, a term, a price in a currency, a tax rate below a whole, and promises that can be."""
    if not details.name.strip() or len(details.name.strip()) > 120:
        raise RefusedError("Give it a name of at most 120 characters.", "name")
    refuse_term(details.months)
    if not currency_of(details.currency):
        raise RefusedError("Give the currency as three letters, such as EUR.", "currency")
    for name in ("price_minor", "audit_manager_seat_minor", "lms_seat_minor"):
        if getattr(details, name) < 0:
            raise RefusedError("A price is not negative.", name.removesuffix("_minor"))
    if not 0 <= details.tax_rate < 10_000:
        raise RefusedError("A rate from 0 to 99.99 %.", "tax_rate")
    refuse_allowances(details.allowances)


def record(work: Work, details: TermsDetails, summary: str = "") -> Plan:
    """Record a plan that is offered from now on."""
    _check(work, None, details, summary)
    return work.add(Plan(summary=summary.strip(), **details.columns))


def change(work: Work, plan: Plan, details: TermsDetails, summary: str = "", seen: int | None = None) -> None:
    """Change a plan that was loaded for update; subscriptions that were sold keep the terms they were sold with."""
    refuse_if_changed(plan, seen, f"“{plan.name}”")
    _check(work, plan, details, summary)
    plan.summary = summary.strip()
    for name, value in details.columns.items():
        setattr(plan, name, value)
    work.flush()


def retire(work: Work, plan: Plan) -> None:
    """Offer a plan no more."""
    plan.retired_on = plan.retired_on or work.today
    work.flush()


def bring_back(work: Work, plan: Plan) -> None:
    """Offer a retired plan again."""
    plan.retired_on = None
    work.flush()


def terms_of(row: Terms) -> TermsDetails:
    """The terms of a plan or a subscription, to be copied."""
    return TermsDetails(
        name=row.name,
        months=row.months,
        price_minor=row.price_minor,
        currency=row.currency,
        tax_rate=row.tax_rate,
        allowances=row.allowances,
        audit_manager_seat_minor=row.audit_manager_seat_minor,
        lms_seat_minor=row.lms_seat_minor,
    )


def _check(work: Work, plan: Plan | None, details: TermsDetails, summary: str) -> None:
    refuse_terms(details)
    if len(summary.strip()) > MOST_SUMMARY:
        raise RefusedError(f"At most {MOST_SUMMARY:,} characters.", "summary")
    name = " ".join(details.name.split())
    with work.session.no_autoflush:
        taken = work.all(select(Plan.id).where(Plan.name == name, Plan.id != (plan.id if plan else -1)))
    if taken:
        raise RefusedError(f"There is a plan “{name}” already.", "name")
