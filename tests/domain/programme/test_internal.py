from datetime import date

from app.domain.certification.verdict import Rule, Standing
from app.domain.programme.internal import internal_plan
from tests.domain.certification.making import audit, day, planned

START = day("2024-08-31")


def test_the_six_limits_are_counted_from_the_start_and_do_not_drift() -> None:
    rows = internal_plan(START, START)
    assert [row.closes_on.isoformat() for row in rows] == [
        "2025-02-28",
        "2025-08-31",
        "2026-02-28",
        "2026-08-31",
        "2027-02-28",
        "2027-08-31",
    ]
    assert {row.rule for row in rows} == {Rule.INTERNAL_PLAN}
    assert all("31 Aug 2024" in row.why[0].says for row in rows)
    assert rows[1].opens_on == day("2025-03-01")


def test_the_kth_audit_held_meets_the_kth_limit() -> None:
    audits = [
        audit("internal", "2025-02-28", "I1"),
        audit("internal", "2025-09-01", "I2"),
        planned("internal", "2026-02-01"),
    ]
    rows = internal_plan(START, day("2025-12-01"), audits)
    assert [(row.standing, row.met_by) for row in rows[:4]] == [
        (Standing.MET, "I1"),
        (Standing.BREACHED, "I2"),
        (Standing.PLANNED, None),
        (Standing.OPEN, None),
    ]


def test_what_is_not_held_by_its_day_is_missed_on_the_next() -> None:
    assert internal_plan(START, day("2025-02-28"))[0].standing is Standing.OPEN
    assert internal_plan(START, day("2025-03-01"))[0].standing is Standing.BREACHED


def test_other_audits_and_cancelled_ones_do_not_count() -> None:
    audits = [
        audit("surveillance", "2025-01-10"),
        audit("internal", "2025-01-10", status="cancelled"),
        audit("internal", "2024-08-31", "before the start"),
    ]
    assert internal_plan(START, date(2025, 3, 1), audits)[0].standing is Standing.BREACHED
