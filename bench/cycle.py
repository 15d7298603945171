"""Judging one certificate against bare date arithmetic, and whether ten thousand grow linearly."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from app.catalogue import edition_deadlines
from app.domain.certification.cycle import judge
from app.domain.certification.facts import (
    AuditFact,
    AuditKind,
    DecisionFact,
    DecisionKind,
    Facts,
    Grade,
    NonconformityFact,
    Outcome,
)
from bench.target import Target, median_time

DECIDED = date(2024, 3, 15)
ON = date(2026, 5, 1)


def facts(shift: int = 0) -> Facts:
    """A certificate in its third year, with two stages, two surveillances, one planned audit and a nonconformity."""
    days = timedelta(days=shift)
    return Facts(
        standard="ISO/IEC 27001:2022",
        audits=(
            AuditFact("a1", AuditKind.STAGE_1, date(2024, 1, 30) - days, outcome=Outcome.READY),
            AuditFact("a2", AuditKind.STAGE_2, date(2024, 2, 28) - days, outcome=Outcome.RECOMMENDED),
            AuditFact("a3", AuditKind.SURVEILLANCE, date(2025, 2, 20) - days),
            AuditFact("a4", AuditKind.SURVEILLANCE, date(2026, 2, 18) - days),
            AuditFact("a5", AuditKind.RECERTIFICATION, date(2026, 12, 10)),
        ),
        decisions=(DecisionFact(DecisionKind.GRANTED, DECIDED - days),),
        nonconformities=(NonconformityFact("n1", "a2", Grade.MINOR, plan_accepted_on=date(2024, 3, 10) - days),),
        editions=edition_deadlines(),
    )


def bare() -> None:
    """One date, plus six calendar months."""
    _ = date(2024, 3, 15) + relativedelta(months=6)


def measure() -> list[Target]:
    """Both promises of the cycle."""
    one = facts()
    judging = median_time(lambda: judge(one, ON), rounds=15, repeat=200)
    adding = median_time(bare, rounds=15, repeat=2000)
    known = [facts(shift % 300) for shift in range(10_000)]
    few = median_time(lambda: _judge_all(known[:1_000]), rounds=5)
    many = median_time(lambda: _judge_all(known), rounds=3)
    return [
        Target("Judging one certificate, in times of a date plus six months", judging / adding, 60),
        Target("10,000 certificates, in times of ten times 1,000", many / (10 * few), 1.25),
    ]


def _judge_all(known: list[Facts]) -> None:
    for each in known:
        judge(each, ON)
