"""A plan as data: what it promises, how long, and how much of each promise is used."""

from dataclasses import dataclass, fields
from datetime import date

from app.domain.clauses import RECERTIFICATION_EXPIRY
from app.domain.dates import add_days, add_months, say
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.words import Word

MOST = 1_000
"""Seats, audits or sessions in a plan; more is a slip of the hand."""
MOST_PLAN_MONTHS = 120
RENEWAL_MONTHS = 12
"""So long before the last valid day of a certificate it is said what has to be ordered."""


class Allowance(Word):
    """What a plan promises and counts."""

    AUDIT_MANAGER_SEATS = "audit-manager-seats"
    LMS_SEATS = "lms-seats"
    REGISTRATION = "registration"
    SURVEILLANCE = "surveillance"
    INTERNAL = "internal"
    IMPLEMENTATION = "implementation"
    SUPPORT = "support"

    @property
    def label(self) -> str:
        return {
            "audit-manager-seats": "Audit-manager seats",
            "lms-seats": "LMS seats",
            "registration": "Registration audits",
            "surveillance": "Online surveillance audits",
            "internal": "Online internal audits",
            "implementation": "Implementation",
            "support": "Support sessions",
        }[self.value]

    @property
    def one(self) -> str:
        """One of them, within a sentence."""
        return {
            "audit-manager-seats": "audit-manager seat",
            "lms-seats": "LMS seat",
            "registration": "registration audit",
            "surveillance": "surveillance audit",
            "internal": "internal audit",
            "implementation": "implementation",
            "support": "support session",
        }[self.value]

    def counted(self, number: int, more: str = "") -> str:
        """So many of them, such as "1 LMS seat"; with `more`, "3 more LMS seats"."""
        return f"{number} {more + ' ' if more else ''}{self.one}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Allowances:
    """The promises of a plan, each a number; None of support is as many sessions as are wanted."""

    audit_manager_seats: int = 0
    lms_seats: int = 0
    registration_audits: int = 0
    surveillance_audits: int = 0
    internal_audits: int = 0
    implementation_days: int | None = None
    """Within how many days; None: no implementation."""
    support_sessions: int | None = 0

    def of(self, what: Allowance) -> int | None:
        """How many are included; None: as many as are wanted."""
        return {
            Allowance.AUDIT_MANAGER_SEATS: self.audit_manager_seats,
            Allowance.LMS_SEATS: self.lms_seats,
            Allowance.REGISTRATION: self.registration_audits,
            Allowance.SURVEILLANCE: self.surveillance_audits,
            Allowance.INTERNAL: self.internal_audits,
            Allowance.IMPLEMENTATION: 0 if self.implementation_days is None else 1,
            Allowance.SUPPORT: self.support_sessions,
        }[what]


def refuse_allowances(allowances: Allowances) -> None:
    """Each promise is a whole number from 0 on; an implementation takes at least a day and at most a year."""
    for each in fields(allowances):
        number = getattr(allowances, each.name)
        if each.name == "implementation_days":
            if number is not None and not 1 <= number <= 366:
                raise RefusedError("From 1 to 366 days, or nothing for no implementation.", each.name)
        elif number is not None and not 0 <= number <= MOST:
            raise RefusedError(f"A number from 0 to {MOST:,}.", each.name)


def refuse_term(months: int) -> None:
    """A plan lasts at least one month."""
    if not 1 <= months <= MOST_PLAN_MONTHS:
        raise RefusedError(f"From 1 to {MOST_PLAN_MONTHS} months.", "months")


def last_day(starts_on: date, months: int) -> date:
    """The last day of a term: the day before the day that is so many months after its first."""
    return add_days(add_months(starts_on, months), -1)


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a promise is used by what has been, and planned by what is ahead; added: what was bought besides."""

    included: int | None
    used: int = 0
    planned: int = 0
    added: int = 0

    @property
    def total(self) -> int | None:
        """What may be used in all; None: as much as is wanted."""
        return None if self.included is None else self.included + self.added

    @property
    def left(self) -> int | None:
        """What is neither used nor planned; None: as much as is wanted."""
        return None if self.total is None else max(0, self.total - self.used - self.planned)

    @property
    def beyond(self) -> int:
        """What is used or planned and not promised."""
        return 0 if self.total is None else max(0, self.used + self.planned - self.total)


def beyond_the_plan(what: Allowance, use: Use, plan: str) -> Reason | None:
    """One more than the plan includes is said to be beyond it, before it is booked; None where it is within."""
    number = use.used + use.planned + 1
    if use.total is None or number <= use.total:
        return None
    bought = f" and {use.added} bought besides" if use.added else ""
    includes = f"{plan} includes {use.included}{bought}" if use.total else f"{plan} includes none"
    return Reason(f"This is {what.one} number {number} of the plan’s term: {includes}. It is beyond the plan.")


@dataclass(frozen=True, slots=True)
class Ending:
    """When a plan and the certificates end, side by side."""

    plan_ends_on: date
    valid_through: date


def order_by(ending: Ending, today: date) -> Explained[date] | None:
    """From twelve months before a certificate's last valid day it is said what to order by when; None before.

    Recertification is no part of a plan: its audit and decision have to lie before the last valid day, so whoever
    carries it out has it ordered six months before. [ISO/IEC 17021-1:2015, 9.6.3.2.3]
    """
    if today < add_months(ending.valid_through, -RENEWAL_MONTHS):
        return None
    by = add_months(ending.valid_through, -6)
    within = "before" if ending.plan_ends_on < ending.valid_through else "not before"
    return Explained(
        by,
        (
            Reason(
                f"The certificate is valid through {say(ending.valid_through)}. Recertification is outside the plan, "
                f"which ends on {say(ending.plan_ends_on)}, {within} the certificate: order it by {say(by)}.",
                RECERTIFICATION_EXPIRY,
            ),
        ),
    )
