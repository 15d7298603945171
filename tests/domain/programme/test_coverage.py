"""What counts as covered, planned or missing, by dated cases."""

from datetime import date

import pytest

from app.domain.programme.checklist import ClauseResult as R
from app.domain.programme.coverage import Coverage, Looked, cells_of, period_of, tally
from app.domain.programme.scope import named_in

ISMS = "ISO/IEC 27001:2022"
BEGAN, ENDS, TODAY = date(2026, 3, 15), date(2029, 3, 14), date(2027, 6, 1)
CYCLE = period_of(BEGAN, ENDS, 36, TODAY)


def audit(reference, on, *numbers, held=True, answers=None, under_way=False):
    scope = frozenset((ISMS, each) for each in numbers)
    said = {(ISMS, number): (result,) for number, result in (answers or {}).items()}
    return Looked(reference, "", on, on, held, under_way, scope, said)


def cell(*audits, number="A.5.9", period=CYCLE):
    return cells_of(ISMS, [number], audits, period, TODAY)[number]


def says(one):
    return [each.says for each in one.why]


def test_an_audit_that_was_held_in_the_cycle_covers_its_scope_from_the_first_day_on():
    found = cell(audit("IA-1", BEGAN, "A.5.9"))
    assert (found.state, found.audit, found.on) == (Coverage.COVERED, "IA-1", BEGAN)
    assert says(found) == ["IA-1 looked at it on 15 Mar 2026."]
    assert str(found.why[0].clause) == "ISO/IEC 27001:2022, 9.2"


def test_one_of_the_cycle_before_counts_no_longer_and_is_still_told_of():
    found = cell(audit("IA-0", date(2026, 3, 14), "A.5.9", answers={"A.5.9": R.CONFORMS}))
    assert found.state is Coverage.MISSING
    assert says(found) == [
        "No internal audit since 15 Mar 2026 looked at it, and none that lies ahead takes it up by 14 Mar 2029.",
        "IA-0 looked at it on 14 Mar 2026: conforms. That was before 15 Mar 2026.",
    ]


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (R.CONFORMS, Coverage.COVERED),
        (R.MAJOR, Coverage.COVERED),
        (R.NOT_APPLICABLE, Coverage.COVERED),
        (R.NOT_SAMPLED, Coverage.MISSING),
        (R.NOT_ASSESSED, Coverage.MISSING),
    ],
)
def test_what_the_checklist_says_outweighs_the_plan(result, state):
    found = cell(audit("IA-1", date(2026, 9, 1), "A.5.9", answers={"A.5.9": result}))
    assert found.state is state
    if state is Coverage.MISSING:
        assert "IA-1 had it in its scope on 1 Sep 2026 and did not look at it." in says(found)


def test_a_clause_that_was_answered_covers_its_parts_and_an_answer_on_a_part_the_whole():
    whole = audit("IA-1", date(2026, 9, 1), answers={"9.2": R.CONFORMS})
    part = audit("IA-2", date(2026, 9, 1), answers={"A.5.9.1": R.CONFORMS})
    assert cell(whole, number="9.2.1").state is Coverage.COVERED
    assert cell(whole, number="9.3").state is Coverage.MISSING
    assert cell(part).state is Coverage.COVERED


def test_the_latest_audit_speaks_for_those_before_it():
    found = cell(audit("IA-1", date(2026, 9, 1), "A.5.9"), audit("IA-2", date(2027, 3, 1), "A.5.9"))
    assert (found.audit, found.on) == ("IA-2", date(2027, 3, 1))


def test_what_lies_ahead_is_planned_until_the_last_day_of_the_cycle():
    assert cell(audit("IA-3", ENDS, "A.5.9", held=False)).state is Coverage.PLANNED
    late = cell(audit("IA-3", date(2029, 3, 15), "A.5.9", held=False))
    assert late.state is Coverage.MISSING
    assert says(late)[1] == "IA-3 takes it up on 15 Mar 2029 only, after 14 Mar 2029."


def test_what_was_to_be_held_and_is_not_reported_is_missing_and_what_is_under_way_is_planned():
    yesterday = date(2027, 5, 31)
    overdue = cell(audit("IA-3", yesterday, "A.5.9", held=False))
    assert overdue.state is Coverage.MISSING
    assert says(overdue)[1] == "IA-3 of 31 May 2027 would take it up: nothing says that it was held."
    assert cell(audit("IA-3", yesterday, "A.5.9", held=False, under_way=True)).state is Coverage.PLANNED


def test_fewer_months_than_the_cycle_let_coverage_run_out_and_plans_come_sooner():
    year = period_of(BEGAN, ENDS, 12, TODAY)
    assert (year.since, year.until) == (date(2026, 6, 2), date(2028, 6, 1))
    assert "within 12 calendar months" in year.why[1].says
    assert cell(audit("IA-1", date(2026, 6, 1), "A.5.9"), period=year).state is Coverage.MISSING
    assert cell(audit("IA-1", date(2026, 6, 2), "A.5.9"), period=year).state is Coverage.COVERED
    assert cell(audit("IA-2", date(2028, 6, 2), "A.5.9", held=False), period=year).state is Coverage.MISSING


def test_the_months_count_from_today_where_no_cycle_has_begun_or_it_has_expired():
    applied = period_of(None, None, 36, TODAY)
    assert (applied.since, applied.until) == (date(2024, 6, 2), date(2030, 6, 1))
    expired = period_of(date(2024, 3, 15), date(2027, 3, 14), 36, TODAY)
    assert (expired.since, expired.until) == (date(2024, 6, 2), date(2030, 6, 1))


def test_all_three_are_counted():
    audits = [audit("IA-1", date(2026, 9, 1), "A.5.9"), audit("IA-3", date(2027, 9, 1), "A.5.10", held=False)]
    counted = tally(cells_of(ISMS, ["A.5.9", "A.5.10", "A.5.11", "A.5.12"], audits, CYCLE, TODAY).values())
    assert counted.in_words("controls") == "1 of 4 controls covered, 1 planned, 2 missing"


def test_an_agenda_names_a_point_where_only_one_standard_has_its_number():
    known = {ISMS: {"9.2", "9.2.1", "A.5.9", "8.1"}, "ISO/IEC 19770-1:2017": {"8.1", "F3"}}
    text = "9.2.1 and A.5.9. Then F3; 8.1 of both, version 9.2.1.4, 40 accounts, 9.2"
    assert named_in(text, known) == {
        (ISMS, "9.2.1"),
        (ISMS, "A.5.9"),
        (ISMS, "9.2"),
        ("ISO/IEC 19770-1:2017", "F3"),
    }
