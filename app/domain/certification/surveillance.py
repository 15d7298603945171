"""The rules of surveillance: within twelve months at first, every calendar year, two before the recertification."""

from collections.abc import Iterator
from datetime import date

from app.domain import clauses
from app.domain.certification.case import Case, Fault, Finding, Held, Limit, counts_as_surveillance
from app.domain.certification.facts import AuditKind, SecondSurveillance
from app.domain.certification.verdict import CycleKind, Deadline, Rule
from app.domain.dates import add_months, day_after, say, say_months, year_end
from app.domain.explained import Reason

FIRST_MONTHS = 12
SECOND_MONTHS = 24
SURVEILLANCES_IN_CYCLE = 2

SUSPENSION_TRIGGER = Reason("Missing it gives the certification body a reason to suspend.", clauses.SUSPENSION)


def first_surveillance_due(case: Case) -> date:
    """Twelve calendar months after the certification decision. [ISO/IEC 17021-1:2015, 9.1.3.3]"""
    return add_months(case.count_from, FIRST_MONTHS)


def second_surveillance_due(case: Case) -> date:
    """Twenty-four calendar months after the certification decision. [ISO/IEC 17021-1:2015, 9.1.3.2]"""
    return add_months(case.count_from, SECOND_MONTHS)


def first_surveillance(case: Case) -> Iterator[Finding]:
    """The first surveillance is held within twelve months of the certification decision. [17021-1:2015, 9.1.3.3]"""
    term = case.term
    if term is None or not case.in_initial_cycle:
        return
    closes_on = first_surveillance_due(case)
    if closes_on > term.valid_through:
        return
    first = case.surveillances[0] if case.surveillances else None
    planned = _planned(case, closes_on, 1) if first is None else None
    row = Deadline(
        rule=Rule.FIRST_SURVEILLANCE,
        year=None,
        audit=AuditKind.SURVEILLANCE,
        opens_on=day_after(term.began_on),
        closes_on=closes_on,
        standing=case.standing(closes_on, first.on if first else None, planned),
        met_by=first.audit.id if first else None,
        why=(why_first(case, closes_on), *_held(first)),
        met_on=first.on if first else None,
        planned_on=planned.on if planned else None,
    )
    yield Limit(row, why_missed=(SUSPENSION_TRIGGER,))


def why_first(case: Case, closes_on: date) -> Reason:
    """What the twelve months are counted from."""
    says = (
        f"The first surveillance is due by {say(closes_on)}: {say_months(FIRST_MONTHS)} from the certification "
        f"decision of {say(case.count_from)}."
    )
    return Reason(says, clauses.SURVEILLANCE_FREQUENCY)


def _held(dated: Held | None) -> tuple[Reason, ...]:
    return (Reason(f"Audit {dated.audit.id} of {say(dated.on)} is the one that counts."),) if dated else ()


def _planned(case: Case, closes_on: date, needed: int) -> Held | None:
    """The last of so many planned surveillances, where they would be held in time."""
    for dated in case.pending:
        if case.count_from < dated.on <= closes_on and counts_as_surveillance(dated.audit):
            needed -= 1
            if needed == 0:
                return dated
    return None


def calendar_year(case: Case) -> Iterator[Finding]:
    """Every calendar year but a recertification year has a surveillance. [ISO/IEC 17021-1:2015, 9.1.3.3]

    Counted from the year after the base year to the year before that of the last valid day; a recertification audit in
    the year counts as well.
    """
    term = case.term
    if term is None:
        return
    for year in range(case.base_year + 1, term.valid_through.year):
        closes_on = year_end(year)
        held = case.covered_by(year)
        planned = None if held else next((dated for dated in case.pending if case.covers(dated, year)), None)
        justified = year in case.deviated_years
        row = Deadline(
            rule=Rule.CALENDAR_YEAR,
            year=year,
            audit=AuditKind.SURVEILLANCE,
            opens_on=date(year, 1, 1),
            closes_on=closes_on,
            standing=case.standing(closes_on, held.on if held else None, planned),
            met_by=held.audit.id if held else None,
            why=(why_year(case, year), *_held(held)),
            met_on=held.on if held else None,
            planned_on=planned.on if planned else None,
            hard=not justified,
        )
        missed = Reason(f"A justification for {year} is on record.") if justified else SUSPENSION_TRIGGER
        yield Limit(row, why_missed=(missed,))


def why_year(case: Case, year: int) -> Reason:
    """Why a calendar year needs its audit."""
    says = (
        f"{year} needs a surveillance by {say(year_end(year))}: one in every calendar year after {case.base_year}, "
        f"recertification years excepted."
    )
    return Reason(says, clauses.SURVEILLANCE_FREQUENCY)


def second_surveillance(case: Case) -> Iterator[Finding]:
    """The second surveillance belongs in the second year; by default later is a warning. [17021-1:2015, 9.1.3.2]"""
    term = case.term
    if term is None or not case.in_initial_cycle:
        return
    closes_on = second_surveillance_due(case)
    if closes_on > term.valid_through:
        return
    held = case.surveillances
    second = held[1] if len(held) > 1 else None
    planned = None if second else _planned(case, closes_on, SURVEILLANCES_IN_CYCLE - len(held))
    row = Deadline(
        rule=Rule.SECOND_SURVEILLANCE,
        year=None,
        audit=AuditKind.SURVEILLANCE,
        opens_on=day_after(held[0].on) if held else None,
        closes_on=closes_on,
        standing=case.standing(closes_on, second.on if second else None, planned),
        met_by=second.audit.id if second else None,
        why=(why_second(case, closes_on), *_held(second)),
        met_on=second.on if second else None,
        planned_on=planned.on if planned else None,
        hard=case.settings.second_surveillance is SecondSurveillance.HARD,
    )
    yield Limit(row)


def why_second(case: Case, closes_on: date) -> Reason:
    """What the twenty-four months are counted from."""
    says = (
        f"The second surveillance belongs in the second year, by {say(closes_on)}: {say_months(SECOND_MONTHS)} from "
        f"the certification decision of {say(case.count_from)}. The hard limit is the calendar year."
    )
    if case.settings.second_surveillance is SecondSurveillance.HARD:
        says = (
            f"The second surveillance is due by {say(closes_on)}: {say_months(SECOND_MONTHS)} from the certification "
            f"decision of {say(case.count_from)}, a hard limit by setting."
        )
    return Reason(says, clauses.PROGRAMME)


def surveillance_count(case: Case) -> Iterator[Finding]:
    """Two surveillances come before the first recertification audit. [ISO/IEC 17021-1:2015, 9.1.3.2]"""
    if not case.in_initial_cycle:
        return
    for recertification in case.recertifications:
        before = sum(dated.on < recertification.on for dated in case.surveillances)
        if before < SURVEILLANCES_IN_CYCLE:
            says = (
                f"The recertification audit that ended on {say(recertification.audit.ends_on)} has {before} of the "
                f"{SURVEILLANCES_IN_CYCLE} surveillances before it that the first cycle needs."
            )
            yield Fault(Rule.SURVEILLANCE_COUNT, recertification.audit.ends_on, (Reason(says, clauses.PROGRAMME),))
            return


def _any_until(limit: date, dates: list[date]) -> bool:
    return bool(dates) and dates[0] <= limit


def long_gap(case: Case) -> Iterator[Finding]:
    """In a later cycle more than 18 months without an audit, a setting, is worth a warning. [17021-1:2015, 9.1.3.3]"""
    term = case.term
    if term is None or term.kind is not CycleKind.RECERTIFICATION or case.effective_valid_through is None:
        return
    months = case.settings.long_gap_months
    planned = [dated.on for dated in case.pending]
    dates = [case.count_from, *(dated.on for dated in case.held if dated.on > case.count_from)]
    for index, last in enumerate(dates):
        limit = add_months(last, months)
        if limit >= case.effective_valid_through or _any_until(limit, dates[index + 1 :] or planned):
            continue
        says = (
            f"After {say(last)} no external audit was held within {say_months(months)}, by {say(limit)}. "
            f"In a later cycle only the calendar year binds; the length is a setting."
        )
        yield Fault(Rule.LONG_GAP, day_after(limit), (Reason(says, clauses.SURVEILLANCE_FREQUENCY),), hard=False)
