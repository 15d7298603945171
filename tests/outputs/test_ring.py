"""The ring shows where a certificate stands in its three years, in shapes and in words."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from app.outputs.drawing.ring import Dot, Ring, angle_of, draw_ring, ring_description, ring_title, share_gone

BEGAN, THROUGH = date(2024, 3, 15), date(2027, 3, 14)
RING = Ring(BEGAN, THROUGH, date(2025, 9, 13))


def paths(ring: Ring, look: str, size: int = 32) -> list[ElementTree.Element]:
    drawn = ElementTree.fromstring(draw_ring(ring, size))  # type: ignore[arg-type]
    return [one for one in drawn.iter() if one.get("class") == look]


def test_half_way_through_the_cycle_half_of_the_ring_is_filled() -> None:
    assert share_gone(RING) == pytest.approx(0.5, abs=0.001)
    assert angle_of(0.5) == pytest.approx(180)


def test_each_year_is_an_arc_of_its_own() -> None:
    assert len(paths(replace(RING, today=BEGAN), "ring-rest")) == 3
    assert len(paths(replace(RING, today=THROUGH), "ring-gone")) == 3
    assert (len(paths(RING, "ring-gone")), len(paths(RING, "ring-rest"))) == (2, 2)


@pytest.mark.parametrize("today", [date(2000, 1, 1), date(2060, 1, 1)])
def test_a_day_outside_the_cycle_is_drawn_at_its_end(today: date) -> None:
    assert share_gone(replace(RING, today=today)) in (0.0, 1.0)


def test_an_applicant_has_an_empty_ring() -> None:
    ring = Ring(None, None, date(2025, 1, 1), "applicant", about="C-1")
    assert len(paths(ring, "ring-rest")) == 3
    assert ring_title(ring) == "C-1: not yet certified"


def test_a_dot_stands_for_each_audit_but_not_in_the_smallest_ring() -> None:
    ring = replace(RING, dots=(Dot(date(2025, 2, 20), "held"), Dot(date(2026, 2, 20), "planned")))
    assert (len(paths(ring, "ring-held")), len(paths(ring, "ring-planned"))) == (1, 1)
    assert paths(ring, "ring-held", size=20) == []
    assert ring_description(ring) == "Audits: 1 held, 1 planned."


def test_a_breach_is_a_notch_and_a_sentence() -> None:
    ring = replace(RING, breached_on=(date(2025, 3, 16),))
    assert len(paths(ring, "ring-notch", size=20)) == 1
    assert "Breached since 16 Mar 2025." in ring_description(ring)


def test_an_expired_certificate_is_grey_and_says_so() -> None:
    ring = replace(RING, today=date(2027, 4, 1), state="expired-restorable")
    assert 'class="ring ring-spent"' in draw_ring(ring)
    assert ring_title(ring) == "expired, was valid through 14 Mar 2027"


def test_the_title_counts_the_days_that_are_left() -> None:
    assert ring_title(RING) == "year 2 of 3, 547 days left"
    assert ring_title(replace(RING, today=THROUGH)) == "year 3 of 3, 0 days left"


def test_hostile_words_stay_words() -> None:
    assert "<script" not in draw_ring(replace(RING, about="<script>alert(1)</script>"), 96)
