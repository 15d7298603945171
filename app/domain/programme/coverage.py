"""What internal audits have looked at of a standard in its cycle: covered, planned, or missing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from app.domain import clauses
from app.domain.dates import add_days, add_months, say, say_months
from app.domain.explained import Clause, Reason
from app.domain.programme.checklist import ClauseResult
from app.domain.programme.scope import Numbered, ways_up

NOT_LOOKED_AT = (ClauseResult.NOT_ASSESSED, ClauseResult.NOT_SAMPLED)
_TOLD = 3
"""So many audits a cell names."""


class Coverage(StrEnum):
    """How a point of a standard stands."""

    COVERED = "covered"
    PLANNED = "planned"
    MISSING = "missing"

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class Period:
    """The days within which everything is to be audited once, and why these; `until` None: no day ends them."""

    since: date
    until: date | None
    why: tuple[Reason, ...]

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Looked:
    """An internal audit as the coverage sees it: what its plan takes up, and what its checklist says."""

    reference: str
    title: str
    starts_on: date
    ends_on: date
    held: bool
    under_way: bool = False
    scope: frozenset[Numbered] = frozenset()
    answers: Mapping[Numbered, tuple[ClauseResult, ...]] | None = None

    @cached_property
    def _of_parts(self) -> dict[Numbered, list[ClauseResult]]:
        """The verdicts on what lies within each number."""
        found: dict[Numbered, list[ClauseResult]] = {}
        for (standard, number), results in (self.answers or {}).items():
            for above in ways_up(number)[1:]:
                found.setdefault((standard, above), []).extend(results)
        return found

    @cached_property
    def _scope(self) -> frozenset[Numbered]:
        """Its scope, with what holds each point of it."""
        return frozenset((standard, above) for standard, number in self.scope for above in ways_up(number))

    def results_on(self, point: Numbered) -> tuple[ClauseResult, ...]:
        """The verdicts of its checklist on a point; without one, those on its parts and on what it is a part of."""
        standard, number = point
        answers = self.answers or {}
        if point in answers:
            return answers[point]
        wholes = [result for above in ways_up(number)[1:] for result in answers.get((standard, above), ())]
        return (*self._of_parts.get(point, ()), *wholes)

    def has_in_scope(self, point: Numbered) -> bool:
        """Whether its plan takes a point up, or a part of it, or what it is a part of."""
        standard, number = point
        return point in self._scope or any((standard, above) in self.scope for above in ways_up(number))

    def takes_up(self, point: Numbered) -> bool:
        """Whether it looks at a point: its plan has it, or its checklist asks for it.

        Of an audit that was held, what the checklist leaves unassessed or did not sample was not looked at.
        """
        results = self.results_on(point)
        if not self.held:
            return self.has_in_scope(point) or bool(results)
        if results:
            return any(result not in NOT_LOOKED_AT for result in results)
        return self.has_in_scope(point)


@dataclass(frozen=True, slots=True)
class Cell:
    """How one point stands, by which audit and when, and why."""

    state: Coverage
    audit: str | None
    on: date | None
    why: tuple[Reason, ...]


def period_of(began_on: date | None, valid_through: date | None, months: int, today: date) -> Period:
    """Everything is audited once in each cycle of three years, or in fewer months where the organisation says so.

    The days count from the beginning of the cycle, and never from longer ago than the months that were chosen. What is
    planned counts when it ends within the same months from today and before the cycle ends. [ISO 19011, 5]
    """
    chosen = add_days(add_months(today, -months), 1)
    ahead = add_months(today, months)
    if began_on is None:
        says = f"No cycle has begun: the last {say_months(months)} count, and what is planned by {say(ahead)}."
        return Period(chosen, ahead, (Reason(says, clauses.INTERNAL_AUDIT_PROGRAMME),))
    end = valid_through if valid_through is not None and valid_through >= today else None
    until = min(ahead, end) if end is not None else ahead
    cycle = f"The cycle began on {say(began_on)}"
    cycle += f" and ends on {say(end)}." if end is not None else "."
    why = [Reason(cycle, clauses.PROGRAMME)]
    if began_on < chosen or ahead < (end or ahead):
        says = (
            f"Everything is to be audited once within {say_months(months)}: what was held from "
            f"{say(max(chosen, began_on))} on counts, and what is planned by {say(until)}."
        )
        why.append(Reason(says, clauses.INTERNAL_AUDIT_PROGRAMME))
    else:
        says = "Everything is to be audited once in it; no standard says so, and auditors expect it."
        why.append(Reason(says, clauses.INTERNAL_AUDIT_PROGRAMME))
    return Period(max(chosen, began_on), until, tuple(why))


def cells_of(
    standard: str, numbers: Collection[str], audits: Iterable[Looked], period: Period, today: date
) -> dict[str, Cell]:
    """How each point of a standard stands in a period; the latest audit that was held speaks for those before it."""
    held = sorted((each for each in audits if each.held), key=lambda each: (each.ends_on, each.reference), reverse=True)
    rest = sorted((each for each in audits if not each.held), key=lambda each: (each.ends_on, each.reference))
    return {number: _cell((standard, number), held, rest, period, today) for number in numbers}


def _cell(point: Numbered, held: list[Looked], rest: list[Looked], period: Period, today: date) -> Cell:
    clause = Clause(point[0], "9.2")
    by = [each for each in held if each.takes_up(point)]
    within = [each for each in by if period.holds(each.ends_on)]
    ahead = [each for each in rest if each.takes_up(point)]
    counted = [each for each in ahead if (each.under_way or each.ends_on >= today) and period.holds(each.ends_on)]
    if within:
        why = [Reason(_says_held(each, point), clause) for each in within[:_TOLD]]
        why += [Reason(_says_ahead(each), clause) for each in counted[:1]]
        return Cell(Coverage.COVERED, within[0].reference, within[0].ends_on, tuple(why))
    before = [
        Reason(f"{_says_held(each, point)} That was before {say(period.since)}.", clause)
        for each in [each for each in by if each.ends_on < period.since][:1]
    ]
    passed_by = [
        Reason(f"{each.reference} had it in its scope on {say(each.ends_on)} and did not look at it.", clause)
        for each in held
        if each not in by and period.holds(each.ends_on) and (each.has_in_scope(point) or each.results_on(point))
    ]
    if counted:
        first = counted[0]
        why = [Reason(_says_ahead(each), clause) for each in counted[:_TOLD]]
        return Cell(Coverage.PLANNED, first.reference, first.starts_on, (*why, *passed_by[:1], *before))
    says = f"No internal audit since {say(period.since)} looked at it, and none that lies ahead takes it up"
    says += f" by {say(period.until)}." if period.until is not None else "."
    late = [Reason(_says_uncounted(each, period, today), clause) for each in ahead if each not in counted]
    return Cell(Coverage.MISSING, None, None, (Reason(says, clause), *late[:1], *passed_by[:1], *before))


def _says_held(audit: Looked, point: Numbered) -> str:
    results = [each for each in audit.results_on(point) if each not in NOT_LOOKED_AT]
    said = ", ".join(dict.fromkeys(each.label.lower() for each in results))
    return f"{audit.reference} looked at it on {say(audit.ends_on)}{f': {said}' if said else ''}."


def _says_ahead(audit: Looked) -> str:
    if audit.under_way:
        return f"{audit.reference} has it in its scope and is under way since {say(audit.starts_on)}."
    return f"{audit.reference} takes it up, planned for {say(audit.starts_on)}."


def _says_uncounted(audit: Looked, period: Period, today: date) -> str:
    if audit.ends_on < today:
        return f"{audit.reference} of {say(audit.ends_on)} would take it up: nothing says that it was held."
    until = say(period.until) if period.until is not None else ""
    return f"{audit.reference} takes it up on {say(audit.ends_on)} only, after {until}."


@dataclass(frozen=True, slots=True)
class Tally:
    """How many points there are, and how many of them are covered and planned."""

    all: int
    covered: int
    planned: int

    @property
    def missing(self) -> int:
        return self.all - self.covered - self.planned

    def count(self, state: Coverage) -> int:
        """How many stand so."""
        return {
            Coverage.COVERED: self.covered,
            Coverage.PLANNED: self.planned,
            Coverage.MISSING: self.missing,
        }[state]

    def in_words(self, noun: str) -> str:
        """41 of 93 controls covered, 12 planned, 40 missing."""
        return f"{self.covered} of {self.all} {noun} covered, {self.planned} planned, {self.missing} missing"


def tally(cells: Iterable[Cell]) -> Tally:
    """Count them."""
    states = [each.state for each in cells]
    return Tally(len(states), states.count(Coverage.COVERED), states.count(Coverage.PLANNED))
