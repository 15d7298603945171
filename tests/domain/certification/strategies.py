"""Generated facts, 2015 to 2060, whose decisions follow one another as a certification body's would."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from app.domain.certification.facts import (
    AuditDate,
    AuditFact,
    AuditKind,
    AuditStatus,
    ChangeFact,
    CycleSettings,
    DecisionFact,
    DecisionKind,
    DeviationFact,
    Expiry,
    Facts,
    Grade,
    LateStage2,
    NonconformityFact,
    Outcome,
    RecertificationYear,
    SecondSurveillance,
)
from tests.domain.certification.making import ISMS_2013

FIRST, LAST = date(2015, 1, 1), date(2060, 12, 31)
days = st.dates(FIRST, LAST)
LATER = (
    DecisionKind.MAINTAINED,
    DecisionKind.RENEWED,
    DecisionKind.RENEWED,
    DecisionKind.RESTORED,
    DecisionKind.SUSPENDED,
    DecisionKind.SUSPENSION_LIFTED,
    DecisionKind.SCOPE_REDUCED,
    DecisionKind.TRANSFERRED,
    DecisionKind.TRANSITIONED,
    DecisionKind.WITHDRAWN,
    DecisionKind.GRANTED,
)


def settings(last_day_only: bool = False) -> st.SearchStrategy[CycleSettings]:
    months = st.integers(0, 24)
    return st.builds(
        CycleSettings,
        expiry=st.sampled_from(Expiry),
        audit_date=st.just(AuditDate.LAST_DAY) if last_day_only else st.sampled_from(AuditDate),
        recertification_year=st.sampled_from(RecertificationYear),
        second_surveillance=st.sampled_from(SecondSurveillance),
        max_early_months=months,
        suspension_months=months,
        restoration_months=months,
        restore_after_edition_deadline=st.booleans(),
        long_gap_months=months,
        stage_interval_months=months,
        late_stage_2=st.sampled_from(LateStage2),
    )


@st.composite
def audits(draw: st.DrawFn, number: int, around: date) -> AuditFact:
    kind = draw(st.sampled_from(AuditKind))
    ends_on = around + timedelta(days=draw(st.integers(-500, 2600)))
    positive = (
        (Outcome.READY, Outcome.NOT_READY)
        if kind is AuditKind.STAGE_1
        else (
            Outcome.RECOMMENDED,
            Outcome.NOT_RECOMMENDED,
        )
    )
    return AuditFact(
        id=f"a{number}",
        kind=kind,
        ends_on=ends_on,
        starts_on=draw(st.none() | st.just(ends_on - timedelta(days=draw(st.integers(0, 4))))),
        status=draw(st.sampled_from([AuditStatus.COMPLETED] * 4 + [AuditStatus.PLANNED, AuditStatus.CANCELLED])),
        outcome=draw(st.none() | st.sampled_from(positive)),
        counts_as_surveillance=draw(st.booleans()),
    )


@st.composite
def any_facts(draw: st.DrawFn, **fixed: Any) -> Facts:
    """Facts of every kind around one certificate, in no order at all."""
    granted_on = draw(st.dates(FIRST, date(2050, 1, 1)))
    decisions: list[DecisionFact] = []
    if draw(st.integers(0, 9)):
        decisions.append(DecisionFact(DecisionKind.GRANTED, granted_on, _printed(draw, granted_on)))
        day = granted_on
        for _ in range(draw(st.integers(0, 5))):
            day += timedelta(days=draw(st.sampled_from([0, 1, 30, 180, 181, 365, 700, 1090, 1095, 1096, 1200, 1400])))
            kind = draw(st.sampled_from(LATER))
            to = draw(st.sampled_from(["ISO/IEC 27001:2022", "ISO/IEC 27001:2013"]))
            decisions.append(
                DecisionFact(kind, day, _printed(draw, day), to if kind is DecisionKind.TRANSITIONED else None)
            )
    held = tuple(draw(audits(number, granted_on)) for number in range(draw(st.integers(0, 7))))
    nonconformities = tuple(
        NonconformityFact(
            f"n{number}",
            draw(st.sampled_from([audit.id for audit in held])),
            draw(st.sampled_from(Grade)),
            *(draw(st.none() | st.just(granted_on + timedelta(days=draw(st.integers(-400, 800))))) for _ in range(2)),
        )
        for number in range(draw(st.integers(0, 3)) if held else 0)
    )
    facts = {
        "standard": draw(st.sampled_from([None, "ISO/IEC 27001:2013", "ISO/IEC 27001:2022"])),
        "settings": draw(settings()),
        "audits": tuple(draw(st.permutations(held))),
        "decisions": tuple(draw(st.permutations(decisions))),
        "nonconformities": nonconformities,
        "changes": tuple(
            ChangeFact(granted_on + timedelta(days=draw(st.integers(-300, 900))), draw(st.booleans()))
            for _ in range(draw(st.integers(0, 2)))
        ),
        "deviations": tuple(
            DeviationFact(draw(st.sampled_from(["stage-2-majors", "calendar-year"])), "agreed", granted_on.year + 1)
            for _ in range(draw(st.integers(0, 1)))
        ),
        "editions": (ISMS_2013,),
    }
    return Facts(**{**facts, **fixed})


def _printed(draw: st.DrawFn, day: date) -> date | None:
    if draw(st.integers(0, 5)):
        return None
    return day + timedelta(days=draw(st.sampled_from([1, 200, 365, 730, 1095, 1096])))


@st.composite
def facts_and_day(draw: st.DrawFn, **fixed: Any) -> tuple[Facts, date]:
    """Facts and a day near one of theirs, where answers change."""
    facts = draw(any_facts(**fixed))
    known = [audit.ends_on for audit in facts.audits] + [decision.decided_on for decision in facts.decisions]
    anchor = draw(st.sampled_from(known)) if known else draw(days)
    return facts, anchor + timedelta(days=draw(st.integers(-40, 1300)))
