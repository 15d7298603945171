"""Certificates, audits and people by a few letters of what they are called."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.models.audit import Audit
from app.models.certificate import Certificate
from app.models.organisation import Membership
from app.models.person import Person
from app.work import Work

MOST = 25


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its noun, its name, and a line that tells it from others."""

    noun: str
    reference: str
    says: str


def search(work: Work, words: str) -> tuple[Hit, ...]:
    """What holds every one of the words; at most 25 of each noun."""
    terms = words.split()[:6]
    if not terms:
        return ()
    certificates = (
        select(Certificate.reference, Certificate.standard, Certificate.edition, Certificate.number)
        .where(*_holds(terms, Certificate.reference, Certificate.standard, Certificate.number, Certificate.scope))
        .order_by(Certificate.reference)
        .limit(MOST)
    )
    audits = (
        select(Audit.reference, Audit.kind, Audit.title, Audit.starts_on)
        .where(*_holds(terms, Audit.reference, Audit.title, Audit.kind))
        .order_by(Audit.starts_on.desc())
        .limit(MOST)
    )
    people = (
        select(Person.id, Person.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.ended_at.is_(None), Person.erased_at.is_(None), *_holds(terms, Person.name, Person.email))
        .order_by(Person.name)
        .limit(MOST)
    )
    return (
        *(Hit("certificate", row[0], f"{row[1]}:{row[2]} {row[3]}".strip()) for row in work.execute(certificates)),
        *(
            Hit("audit", row[0], f"{row[2] or row[1].value.replace('-', ' ').capitalize()}, {row[3]:%Y}")
            for row in work.execute(audits)
        ),
        *(Hit("person", row[1], row[2] or "") for row in work.execute(people)),
    )


def _holds(
    terms: list[str], *columns: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> list[ColumnElement[bool]]:
    return [or_(*(column.icontains(term, autoescape=True) for column in columns)) for term in terms]
