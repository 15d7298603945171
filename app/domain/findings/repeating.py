"""Findings that say the same again: on the same clause, or on the same asset, in the last cycle."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.dates import add_months, say
from app.domain.explained import Explained, Reason
from app.domain.findings.grading import FindingGrade
from app.domain.findings.requirement import is_within

CYCLE_MONTHS = 36
"""How far back a finding is the same again, where no certificate says otherwise."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a finding says, as far as one can be the same as another."""

    reference: str
    grade: FindingGrade
    raised_on: date
    standard: str = ""
    clause: str = ""
    assets: frozenset[str] = frozenset()
    """The tags of the assets that it concerns."""
    audit: str = ""
    """Its reference; empty outside an audit."""
    is_open: bool = False
    """Whether it is a nonconformity whose case is not closed."""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier finding that said the same, and on what."""

    earlier: Sighting
    says: str
    same_clause: bool


def looked_back_to(on: date, began: Iterable[date | None] = ()) -> date:
    """The first day of the last cycle: 36 months back, or where a certificate's cycle began earlier, from there."""
    return min([add_months(on, -CYCLE_MONTHS), *(each for each in began if each is not None)])


def same_clause(one: Sighting, other: Sighting) -> bool:
    """Whether two findings are on the same clause of the same standard, or one on a part of the other's."""
    if not one.clause or one.standard != other.standard:
        return False
    return is_within(one.clause, other.clause) or is_within(other.clause, one.clause)


def repeats(new: Sighting, earlier: Iterable[Sighting], since: date) -> tuple[Repeat, ...]:
    """The earlier findings of the last cycle on the same clause or the same asset, those on the clause first.

    What was done well is no finding that comes again. [custom]
    """
    found = []
    for each in earlier:
        if each.reference == new.reference or not since <= each.raised_on <= new.raised_on:
            continue
        if FindingGrade.GOOD_PRACTICE in (each.grade, new.grade):
            continue
        clause, shared = same_clause(new, each), sorted(new.assets & each.assets)
        if clause or shared:
            found.append(Repeat(each, _says(each, clause, shared), clause))
    return tuple(sorted(found, key=lambda each: (not each.same_clause, -each.earlier.raised_on.toordinal())))


def _says(each: Sighting, clause: bool, shared: Collection[str]) -> str:
    source = f" of {each.audit}" if each.audit else f" of {say(each.raised_on)}"
    says = [f"said the same on the same clause, {each.clause}"] if clause else []
    if shared:
        more = f" and {len(shared) - 3} more" if len(shared) > 3 else ""
        says.append(f"also concerns {', '.join(list(shared)[:3])}{more}")
    return f"{each.reference}{source} {' and '.join(says)}."


def offered_grade(new: Sighting, found: Iterable[Repeat]) -> Explained[FindingGrade] | None:
    """That an unresolved minor is offered as a major where a later audit meets it again; None where nothing is.

    It is a custom of auditing, which no standard asks for: the auditor decides. [custom]
    """
    if new.grade is not FindingGrade.MINOR:
        return None
    for each in found:
        before = each.earlier
        later = bool(new.audit) and before.audit != new.audit
        if each.same_clause and later and before.grade is FindingGrade.MINOR and before.is_open:
            says = (
                f"{before.reference}, a minor of {say(before.raised_on)} on the same clause, is not closed yet. "
                "An unresolved minor is usually raised to a major at the next audit."
            )
            custom = "That is a custom of auditing, which no standard asks for: you decide."
            return Explained(FindingGrade.MAJOR, (Reason(says), Reason(custom)))
    return None
