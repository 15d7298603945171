"""What stands beside a plan: when the certificates end, and whose seat a change suspends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.certification.facts import State
from app.domain.subscription.seats import SeatKind
from app.models.certificate import Certificate, CertificateVerdict
from app.models.person import Person
from app.models.seat import SeatAssignment
from app.queries.subscription_seats import suspensions
from app.work import Work

ENDED = (State.APPLICANT, State.LAPSED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last valid day of a certificate."""

    reference: str
    standard: str
    valid_through: date


def last_valid_days(work: Work) -> list[LastDay]:
    """The certificates that are valid, the first to end first; one query."""
    statement = (
        select(
            Certificate.reference,
            Certificate.standard,
            Certificate.edition,
            CertificateVerdict.effective_valid_through,
        )
        .join(CertificateVerdict, CertificateVerdict.certificate_id == Certificate.id)
        .where(CertificateVerdict.effective_valid_through.is_not(None), CertificateVerdict.state.not_in(ENDED))
        .order_by(CertificateVerdict.effective_valid_through, Certificate.reference)
    )
    return [LastDay(reference, f"{name}:{edition}", day) for reference, name, edition, day in work.execute(statement)]


def suspended_names(work: Work, kinds: Collection[SeatKind] = tuple(SeatKind)) -> list[tuple[str, SeatKind, date]]:
    """Whose seats are or will be suspended as things stand, from which day, the first day first."""
    found: list[tuple[str, SeatKind, date]] = []
    for kind in kinds:
        days = suspensions(work, kind)
        people = select(SeatAssignment.id, Person).join(Person, Person.id == SeatAssignment.person_id)
        for key, person in work.execute(people.where(SeatAssignment.id.in_(days))):
            found.append((person.label, kind, days[key]))
    return sorted(found, key=lambda each: (each[2], each[0]))
