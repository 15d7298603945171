"""The audit programme of a period: what must be said of it, and how far its audits are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain import clauses
from app.domain.certification.facts import AuditKind
from app.domain.dates import add_months, say
from app.domain.explained import Reason, RefusedError
from app.domain.programme.progress import AuditProgress

LONGEST_MONTHS = 60


def refuse_programme(starts_on: date, ends_on: date, reviewed_on: date | None, today: date) -> None:
    """Refuse a period that ends before it starts or has no end in sight, and a review that lies ahead.

    [ISO 19011, 5]
    """
    if ends_on < starts_on:
        raise RefusedError(f"It starts on {say(starts_on)}: its last day cannot be earlier.", "ends_on")
    if ends_on >= add_months(starts_on, LONGEST_MONTHS):
        says = f"A programme is of at most {LONGEST_MONTHS // 12} years: what is planned for longer is reviewed before."
        raise RefusedError(Reason(says, clauses.INTERNAL_AUDIT_PROGRAMME), "ends_on")
    if reviewed_on is not None and reviewed_on > today:
        raise RefusedError("This day has not come yet: give the day on which it was reviewed.", "reviewed_on")
    if reviewed_on is not None and reviewed_on < starts_on:
        raise RefusedError(f"It starts on {say(starts_on)}: it cannot have been reviewed before.", "reviewed_on")


@dataclass(frozen=True, slots=True)
class Stand:
    """How many internal audits of a programme are planned, overdue, carried out, and have a signed report."""

    planned: int
    overdue: int
    held: int
    signed: int

    @property
    def all(self) -> int:
        return self.planned + self.overdue + self.held

    @property
    def says(self) -> str:
        """How far it is, in one sentence."""
        if not self.all:
            return "No internal audit lies in its days yet."
        audits = "1 internal audit" if self.all == 1 else f"{self.all} internal audits"
        parts = [f"{self.held} carried out", f"{self.signed} with a signed report", f"{self.planned} still ahead"]
        if self.overdue:
            parts.append(f"{self.overdue} past {'its' if self.overdue == 1 else 'their'} last day and not reported")
        return f"{audits}: {', '.join(parts)}."


def stand_of(audits: Iterable[tuple[AuditKind, AuditProgress, date, bool]], today: date) -> Stand:
    """How far the internal audits are, each given as kind, progress, last day, and whether its report is signed."""
    own = [
        (progress, ends_on, signed)
        for kind, progress, ends_on, signed in audits
        if kind is AuditKind.INTERNAL and progress is not AuditProgress.CANCELLED
    ]
    held = [signed for progress, _, signed in own if progress.is_held]
    overdue = sum(not progress.is_held and ends_on < today for progress, ends_on, _ in own)
    return Stand(len(own) - len(held) - overdue, overdue, len(held), sum(held))
