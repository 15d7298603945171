"""What the register says of itself, and what a person may judge of it."""

from datetime import date, timedelta

import pytest

from app.catalogue import process_areas
from app.domain.explained import RefusedError
from app.domain.itam.tier import (
    NOT_CERTIFIED,
    RECONCILED_WITHIN,
    SPEAKS_OF,
    TIERS,
    Attainment,
    Measure,
    Measured,
    doubt,
    judge,
    refuse_assessment,
    summary,
)

TODAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("part", "whole", "words", "is_whole"),
    [
        (0, 3, "0 %", False),
        (2, 3, "66 %", False),
        (999, 1000, "99 %", False),
        (3, 3, "100 %", True),
        (0, 0, None, False),
    ],
)
@pytest.mark.parametrize("measure", [Measure.OWNED, Measure.AUTHORISED, Measure.PROVEN])
def test_a_share_is_rounded_down_so_that_a_hundred_means_all(measure, part, whole, words, is_whole) -> None:
    found = judge(Measured(measure, part, whole), TODAY)
    assert found.value.words == (words or "Nothing to count")
    assert found.value.is_whole == is_whole
    assert found.why[0].clause is not None


@pytest.mark.parametrize(
    ("days", "words", "fresh"),
    [(0, "Today", True), (RECONCILED_WITHIN, "92 days ago", True), (RECONCILED_WITHIN + 1, "93 days ago", False)],
)
def test_a_comparison_is_fresh_for_a_quarter(days: int, words: str, fresh: bool) -> None:
    measured = Measured(Measure.RECONCILED, last_on=TODAY - timedelta(days=days), reference="RC-2026-01")
    found = judge(measured, TODAY)
    assert (found.value.words, found.value.is_whole) == (words, fresh)
    assert judge(Measured(Measure.RECONCILED), TODAY).value.words == "Never"


def test_a_judgement_that_the_register_does_not_bear_out_is_doubted() -> None:
    short = (Measure.OWNED, judge(Measured(Measure.OWNED, 1, 2), TODAY).value)
    whole = (Measure.AUTHORISED, judge(Measured(Measure.AUTHORISED, 2, 2), TODAY).value)
    assert "50 %" in doubt(Attainment.FULLY, [short, whole])[0].says
    assert doubt(Attainment.FULLY, [whole]) == ()
    assert doubt(Attainment.LARGELY, [short]) == ()


def test_no_area_makes_up_for_another() -> None:
    said = summary([Attainment.FULLY, Attainment.NOT, None, Attainment.FULLY])
    assert said == "4 process areas: 2 fully, 1 not in place, 1 not assessed."


@pytest.mark.parametrize(
    ("attainment", "evidence", "on", "field"),
    [
        (Attainment.FULLY, " ", TODAY, "evidence"),
        (Attainment.PARTLY, "Minutes", TODAY + timedelta(days=1), "assessed_on"),
        (Attainment.PARTLY, "Minutes", date(2026, 2, 1), "assessed_on"),
        (Attainment.NOT, "", TODAY, None),
        (Attainment.PARTLY, "Minutes", date(2026, 3, 1), None),
    ],
)
def test_a_judgement_has_evidence_and_a_day_in_order(attainment, evidence, on, field) -> None:
    latest = date(2026, 3, 1)
    if field is None:
        refuse_assessment(attainment, evidence, on, latest, TODAY)
        return
    with pytest.raises(RefusedError) as error:
        refuse_assessment(attainment, evidence, on, latest, TODAY)
    assert error.value.field == field


def test_the_catalogue_knows_fifteen_areas_in_three_tiers() -> None:
    areas = process_areas()
    assert len(areas) == len({area.id for area in areas}) == 15
    assert {area.tier for area in areas} == set(TIERS)
    assert {each for spoken in SPEAKS_OF.values() for each in spoken} <= {area.id for area in areas}
    assert "never to a tier" in NOT_CERTIFIED[0].says
