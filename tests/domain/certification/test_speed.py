"""Judging is cheap: its cost is told as a ratio within one run, so that a slow machine is not a slow rule."""

from collections.abc import Callable
from datetime import date
from time import perf_counter

from dateutil.relativedelta import relativedelta

from app.domain.certification.answer import as_json
from app.domain.certification.cycle import judge
from tests.domain.certification.making import ISMS_2013, audit, decision, facts, granted, minor, planned, stages

LIMIT = 60


def _calendar() -> list[date]:
    start = date(2024, 8, 31)
    return [start + relativedelta(months=6 * number) for number in range(1, 7)]


def _fastest(work: Callable[[], object]) -> float:
    best = 1.0
    for _ in range(30):
        started = perf_counter()
        for _ in range(5):
            work()
        best = min(best, (perf_counter() - started) / 5)
    return best


def test_one_certificate_costs_under_sixty_times_six_calendar_months() -> None:
    of = facts(
        granted("2021-03-15"),
        *stages("2021-03-15"),
        audit("surveillance", "2022-02-10"),
        audit("surveillance", "2023-02-10"),
        audit("recertification", "2024-01-10"),
        decision("renewed", "2024-02-10"),
        decision("suspended", "2024-06-10"),
        decision("suspension-lifted", "2024-08-10"),
        decision("transitioned", "2025-02-10", to="ISO/IEC 27001:2022"),
        audit("surveillance", "2025-02-01"),
        planned("surveillance", "2026-02-01"),
        minor("recertification 2024-01-10", "2024-01-20"),
        standard="ISO/IEC 27001:2013",
        editions=(ISMS_2013,),
    )
    cost = _fastest(lambda: as_json(judge(of, date(2025, 11, 1))))
    assert cost < LIMIT * _fastest(_calendar)
