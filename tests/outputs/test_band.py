"""The band: a thing lies where its days lie, what is outside is cut off, and no word of a person becomes markup."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from app.outputs.drawing import draw_band
from app.outputs.drawing.across import PLOT, draw_across, flag_place, label_places
from app.outputs.drawing.band import Band, Breach, Closed, Lane, Life, Pin, Window, lay_out_lane
from app.outputs.drawing.down import draw_down, spread
from app.outputs.drawing.paper import draw_on_paper
from app.outputs.drawing.ring import Ring
from app.outputs.drawing.svg import short, width
from app.outputs.drawing.words import put_in_words

FIRST, LAST, TODAY = date(2025, 1, 1), date(2027, 12, 31), date(2026, 11, 23)
PIN = Pin("SA-2026-01", "surveillance", date(2026, 2, 9), date(2026, 2, 13), "held", "/audits/SA-2026-01")
WINDOW = Window("calendar-year", "Calendar year 2026", date(2026, 1, 1), date(2026, 12, 31), "met", "SA-2026-01")


def band(*lanes: Lane, **also: object) -> Band:
    return Band(lanes, FIRST, LAST, TODAY, **also)  # type: ignore[arg-type]


def lane(*, pins: tuple[Pin, ...] = (), windows: tuple[Window, ...] = (), **also: object) -> Lane:
    return Lane("C-27001-1", "ISO/IEC 27001:2022", "/c", pins=pins, windows=windows, **also)  # type: ignore[arg-type]


def by_look(drawn: Markup, look: str) -> list[ElementTree.Element]:
    return [one for one in ElementTree.fromstring(drawn).iter() if look in (one.get("class") or "").split()]


def test_a_pin_lies_where_its_days_lie_and_is_as_wide_as_it_is_long() -> None:
    (pin,) = lay_out_lane(lane(pins=(PIN,)), band(), length=float((LAST - FIRST).days + 1)).pins
    assert (pin.start, pin.end) == ((PIN.starts_on - FIRST).days, (PIN.starts_on - FIRST).days + 5)


def test_an_audit_of_one_day_is_a_fifth_as_wide_as_one_of_five() -> None:
    one = replace(PIN, reference="one", ends_on=PIN.starts_on)
    laid = lay_out_lane(lane(pins=(PIN, one)), band(), 972).pins
    widths = {pin.pin.reference: pin.end - pin.start for pin in laid}
    assert widths["SA-2026-01"] == pytest.approx(5 * widths["one"])


def test_a_window_ends_on_the_evening_of_its_limit() -> None:
    laid = lay_out_lane(lane(windows=(WINDOW,)), band(), length=float((LAST - FIRST).days + 1)).windows[0]
    assert (laid.start, laid.end, laid.cut_off) == (365, 730, False)


def test_a_limit_beyond_the_drawing_is_cut_off_and_has_no_flag() -> None:
    late = replace(WINDOW, closes_on=date(2031, 1, 1))
    laid = lay_out_lane(lane(windows=(late,)), band(), PLOT).windows[0]
    assert (laid.end, laid.cut_off) == (pytest.approx(PLOT), True)
    assert by_look(draw_across(band(lane(windows=(late,)))), "w-flag") == []


def test_what_lies_wholly_outside_is_left_out() -> None:
    before = replace(PIN, starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 2))
    past = replace(WINDOW, opens_on=date(2020, 1, 1), closes_on=date(2020, 12, 31))
    laid = lay_out_lane(lane(pins=(before,), windows=(past,)), band(), PLOT)
    assert (laid.pins, laid.windows) == ((), ())


def test_a_window_without_a_first_day_begins_with_the_drawing() -> None:
    laid = lay_out_lane(lane(windows=(replace(WINDOW, opens_on=None),)), band(), PLOT).windows[0]
    assert laid.start == 0


def test_windows_that_overlap_lie_on_tracks_of_their_own() -> None:
    first = replace(WINDOW, rule="first-surveillance", opens_on=date(2025, 3, 16), closes_on=date(2026, 3, 15))
    next_year = replace(WINDOW, opens_on=date(2027, 1, 1), closes_on=date(2027, 12, 31))
    laid = lay_out_lane(lane(windows=(next_year, WINDOW, first)), band(), PLOT)
    assert [(one.window.rule, one.track) for one in laid.windows] == [
        ("first-surveillance", 0),
        ("calendar-year", 1),
        ("calendar-year", 0),
    ]


def test_slack_is_counted_from_the_last_day_of_the_planned_audit_to_the_limit() -> None:
    planned = replace(PIN, status="planned")
    window = replace(WINDOW, standing="planned", closes_on=date(2026, 2, 25))
    laid = lay_out_lane(lane(pins=(planned,), windows=(window,)), band(), PLOT).windows[0]
    assert laid.slack is not None
    assert laid.slack.days == 12
    assert "12 d" in draw_across(band(lane(pins=(planned,), windows=(window,))))


def test_a_held_audit_has_no_slack() -> None:
    assert lay_out_lane(lane(pins=(PIN,), windows=(WINDOW,)), band(), PLOT).windows[0].slack is None


def test_a_passed_limit_is_hatched_until_it_was_mended_or_until_today() -> None:
    mended, open_ = Breach(date(2025, 6, 1), date(2025, 6, 10)), Breach(date(2026, 11, 1))
    laid = lay_out_lane(lane(breaches=(mended, open_)), band(), length=float((LAST - FIRST).days + 1))
    assert [end - start for start, end, _ in laid.hatches] == [10, 23]


def test_an_integrated_audit_joins_its_lanes_and_is_named_once() -> None:
    planned = replace(PIN, status="confirmed", certificates=("C-1", "C-2"))
    drawn = draw_across(band(lane(pins=(planned,)), lane(), lane(pins=(planned,))))
    assert len(by_look(drawn, "b-join-confirmed")) == 1
    assert len(by_look(drawn, "p-name")) == 1
    assert len(by_look(drawn, "p-confirmed")) == 2


def test_planned_confirmed_and_held_differ_by_shape() -> None:
    drawn = {one: draw_across(band(lane(pins=(replace(PIN, status=one),)))) for one in ("planned", "confirmed", "held")}
    assert {one: len(by_look(svg, "p-point")) for one, svg in drawn.items()} == {
        "planned": 0,
        "confirmed": 1,
        "held": 0,
    }
    assert all(len(by_look(svg, f"p-{one}")) == 1 for one, svg in drawn.items())


def test_empty_lanes_and_an_empty_band_are_drawn() -> None:
    for one in (band(), band(lane())):
        drawn = draw_band(one)
        assert ElementTree.fromstring(drawn.across).get("role") == "group"
        assert ElementTree.fromstring(drawn.down).get("role") == "group"


def test_the_words_hold_what_the_drawing_shows() -> None:
    breach = Breach(date(2026, 11, 1), None, "Surveillance 2 is overdue.")
    words = put_in_words(band(lane(pins=(PIN,), windows=(WINDOW,), breaches=(breach,))))
    for said in ("C-27001-1", "SA-2026-01", "13 Feb 2026", "Calendar year 2026", "31 Dec 2026", "Held", breach.says):
        assert said in words


def test_today_is_drawn_only_where_it_is() -> None:
    assert len(by_look(draw_across(band(lane())), "b-now")) == 1
    assert by_look(draw_across(replace(band(lane()), today=date(2030, 1, 1))), "b-now") == []


def test_the_end_of_each_year_is_a_strong_rule() -> None:
    (strong,) = by_look(draw_across(band(lane())), "b-strong")
    assert (strong.get("d") or "").count("M") == 2


@pytest.mark.parametrize("draw", [draw_across, draw_down, lambda band: Markup(f"<p>{put_in_words(band)}</p>")])
def test_hostile_words_stay_words(draw: object) -> None:
    nasty = '"><script>alert(1)</script>'
    pin = replace(PIN, reference=nasty, href=nasty, movable=True, status="planned", certificates=(nasty, nasty))
    window = replace(WINDOW, label=nasty, href=nasty, met_by=nasty)
    one = Lane(nasty, nasty, nasty, Ring(None, None, TODAY, about=nasty), (window,), (pin,), note=nasty)
    one = replace(one, breaches=(Breach(date(2026, 1, 1), None, nasty),), life=(Life(FIRST, LAST),))
    drawn = draw(band(one, closed=(Closed(date(2026, 12, 24), date(2026, 12, 31), nasty),)))  # type: ignore[operator]
    assert "<script" not in drawn
    ElementTree.fromstring(drawn)


def test_on_paper_nothing_can_be_clicked_and_the_colours_come_along() -> None:
    planned = replace(PIN, status="planned", movable=True)
    drawn = draw_on_paper(band(lane(pins=(planned,), windows=(replace(WINDOW, href="/why"),))))
    assert ElementTree.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert "href=" not in drawn
    assert "data-move" not in drawn
    assert "<style>" in drawn


def test_only_an_audit_that_may_move_can_be_dragged() -> None:
    drawn = draw_across(band(lane(pins=(PIN, replace(PIN, reference="RA-2027-01", status="planned", movable=True)))))
    assert drawn.count("data-move=") == 1
    assert 'data-move="/audits/SA-2026-01/move"' in drawn


def test_a_flag_without_room_inside_stands_behind_the_limit_or_nowhere() -> None:
    narrow = replace(WINDOW, opens_on=date(2026, 2, 1), closes_on=date(2026, 2, 8))
    laid = lay_out_lane(lane(windows=(narrow,)), band(), PLOT).windows[0]
    assert flag_place(laid, PLOT) == (laid.end, False)
    assert flag_place(laid, laid.end + 1) == (None, False)


DAYS = st.dates(date(2024, 6, 1), date(2028, 6, 30))
PINS = st.builds(lambda day, long: replace(PIN, starts_on=day, ends_on=day + timedelta(long)), DAYS, st.integers(0, 9))


@given(st.lists(PINS, max_size=20))
def test_labels_of_pins_never_collide(pins: list[Pin]) -> None:
    laid = lay_out_lane(lane(pins=tuple(pins)), band(), PLOT)
    placed = [place for place in label_places(laid) if place]
    for row in range(3):
        middles = sorted(middle for level, middle in placed if level == row)
        assert all(b - a >= width(PIN.reference) for a, b in pairwise(middles))
        assert all(0 <= middle <= PLOT for middle in middles)


WINDOWS = st.builds(
    lambda day, long: replace(WINDOW, opens_on=day, closes_on=day + timedelta(long)), DAYS, st.integers(0, 500)
)


@given(st.lists(WINDOWS, max_size=12))
def test_windows_of_one_track_never_overlap_and_flags_stay_inside(windows: list[Window]) -> None:
    laid = lay_out_lane(lane(windows=tuple(windows)), band(), PLOT).windows
    for track in {one.track for one in laid}:
        row = [one for one in laid if one.track == track]
        for one, following in pairwise([*row, None]):
            until = following.start if following else PLOT
            assert one
            assert one.end <= until + 0.001
            at, _ = flag_place(one, until)
            if at is not None:
                assert at + width(short(one.window.closes_on), 10) + 10 <= max(until, one.end) + 0.001


@given(st.lists(st.floats(0, 1000), max_size=30))
def test_words_of_the_tall_drawing_never_lie_on_words(wanted: list[float]) -> None:
    moved = spread(sorted(wanted), 12.5)
    assert all(b - a >= 12.499 for a, b in pairwise(moved))
    assert all(after >= before for before, after in zip(sorted(wanted), moved, strict=True))
