"""Free slots by dated tables in several zones, over changes of the clock and across midnight; and as properties."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.subscription.support import (
    Absence,
    Diary,
    Hours,
    Span,
    Terms,
    changeable_until,
    counted,
    days_of,
    free_slots,
    moment_of,
    next_free,
    opening,
    read_hours,
    refuse_absence,
    refuse_change,
    refuse_hours,
    refuse_slot,
    refuse_terms,
    say_span,
    week_of,
    write_hours,
)

BERLIN, NEW_YORK, KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"
LORD_HOWE, APIA = "Australia/Lord_Howe", "Pacific/Apia"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def span(starts_at: datetime, minutes: int = 60) -> Span:
    return Span(starts_at, starts_at + timedelta(minutes=minutes))


def hours(weekday: int, first: str, last: str) -> Hours:
    return Hours(weekday, time.fromisoformat(first), time.fromisoformat(last))


def starts(diary: Diary, day: date, zone: str = "UTC", now: datetime | None = None) -> list[str]:
    """The free slots of a week, as a visitor in that zone reads them."""
    now = now or week_of(day, zone).starts_at - timedelta(days=1)
    found = free_slots(diary, week_of(day, zone), now)
    return [f"{slot.span.starts_at.astimezone(ZoneInfo(zone)):%a %d %H:%M}" for slot in found]


@pytest.mark.parametrize(
    ("where", "at", "day", "read_in", "expected"),
    [
        # An ordinary Monday: the same three moments, read in four places.
        (BERLIN, hours(0, "09:00", "12:00"), date(2026, 6, 1), BERLIN, "Mon 01 09:00, Mon 01 10:00, Mon 01 11:00"),
        (BERLIN, hours(0, "09:00", "12:00"), date(2026, 6, 1), "UTC", "Mon 01 07:00, Mon 01 08:00, Mon 01 09:00"),
        (BERLIN, hours(0, "09:00", "11:00"), date(2026, 6, 1), KOLKATA, "Mon 01 12:30, Mon 01 13:30"),
        (BERLIN, hours(0, "01:00", "03:00"), date(2026, 6, 5), NEW_YORK, "Sun 07 19:00, Sun 07 20:00"),
        # Between the two changes of March the distance is five hours, not six.
        (BERLIN, hours(0, "15:00", "16:00"), date(2026, 3, 2), NEW_YORK, "Mon 02 09:00"),
        (BERLIN, hours(0, "15:00", "16:00"), date(2026, 3, 16), NEW_YORK, "Mon 16 10:00"),
        (BERLIN, hours(0, "15:00", "16:00"), date(2026, 3, 30), NEW_YORK, "Mon 30 09:00"),
        # 29 March 2026: the clock leaps from 02:00 to 03:00 in Berlin.
        (BERLIN, hours(6, "01:00", "05:00"), date(2026, 3, 29), BERLIN, "Sun 29 01:00, Sun 29 03:00, Sun 29 04:00"),
        (BERLIN, hours(6, "02:00", "03:00"), date(2026, 3, 29), BERLIN, ""),
        (BERLIN, hours(6, "02:30", "04:00"), date(2026, 3, 29), BERLIN, "Sun 29 03:00"),
        # 25 October 2026: 02:00 to 03:00 comes twice.
        (BERLIN, hours(6, "01:00", "04:00"), date(2026, 10, 25), "UTC",
         "Sat 24 23:00, Sun 25 00:00, Sun 25 01:00, Sun 25 02:00"),
        (BERLIN, hours(6, "02:00", "03:00"), date(2026, 10, 25), "UTC", "Sun 25 01:00"),
        (BERLIN, hours(6, "01:00", "02:00"), date(2026, 10, 25), "UTC", "Sat 24 23:00"),
        # Across midnight, also into the next week, and over a change of half an hour.
        (KOLKATA, hours(4, "23:00", "01:00"), date(2026, 6, 5), KOLKATA, "Fri 05 23:00, Sat 06 00:00"),
        (KOLKATA, hours(6, "23:00", "01:00"), date(2026, 6, 7), KOLKATA, "Mon 01 00:00, Sun 07 23:00"),
        (KOLKATA, hours(6, "22:00", "00:00"), date(2026, 6, 7), KOLKATA, "Sun 07 22:00, Sun 07 23:00"),
        (LORD_HOWE, hours(6, "00:00", "04:00"), date(2026, 10, 4), LORD_HOWE,
         "Sun 04 00:00, Sun 04 01:00, Sun 04 02:30"),
        # A day that did not exist has no hours: Samoa had no 30 December 2011.
        (APIA, hours(4, "09:00", "11:00"), date(2011, 12, 31), APIA, ""),
    ],
)  # fmt: skip
def test_free_slots_by_the_calendar(where: str, at: Hours, day: date, read_in: str, expected: str) -> None:
    assert ", ".join(starts(Diary(1, Terms(where, 60), (at,)), day, read_in)) == expected


def test_what_is_booked_keeps_its_buffer_before_and_after() -> None:
    monday = (hours(0, "09:00", "13:00"),)
    whole = Diary(1, Terms("UTC", 45, 15), monday)
    assert starts(whole, date(2026, 6, 1)) == [f"Mon 01 {h}:00" for h in ("09", "10", "11", "12")]
    # A session booked by other hours lies across two slots, or ends right where one begins.
    for at, left in ((utc(2026, 6, 1, 10, 30), ["09", "12"]), (utc(2026, 6, 1, 10, 15), ["09", "12"])):
        taken = Diary(1, Terms("UTC", 45, 15), monday, taken=(span(at, 45),))
        assert starts(taken, date(2026, 6, 1)) == [f"Mon 01 {h}:00" for h in left]
    exact = Diary(1, Terms("UTC", 60), monday, taken=(span(utc(2026, 6, 1, 10)),))
    assert starts(exact, date(2026, 6, 1)) == ["Mon 01 09:00", "Mon 01 11:00", "Mon 01 12:00"]


def test_an_absence_takes_whole_days_by_the_calendar_of_the_support_person() -> None:
    every = tuple(hours(weekday, "22:00", "02:00") for weekday in range(5))
    away = Diary(1, Terms(NEW_YORK, 120), every, (Absence(date(2026, 6, 2), date(2026, 6, 3)),))
    expected = "Mon 01 22:00, Thu 04 00:00, Thu 04 22:00, Fri 05 00:00, Fri 05 22:00, Sat 06 00:00"
    assert starts(away, date(2026, 6, 1), NEW_YORK) == expected.split(", ")


def test_notice_and_how_far_ahead() -> None:
    diary = Diary(1, Terms("UTC", 60, notice_hours=24), (hours(0, "09:00", "12:00"),))
    assert starts(diary, date(2026, 6, 1), now=utc(2026, 5, 31, 10)) == ["Mon 01 10:00", "Mon 01 11:00"]
    assert starts(diary, date(2026, 6, 1), now=utc(2026, 5, 31, 10, 1)) == ["Mon 01 11:00"]
    assert starts(diary, date(2026, 12, 7), now=utc(2026, 6, 1)) == []


def test_the_next_free_slot_is_of_whoever_is_free_first() -> None:
    one = Diary(1, Terms("UTC", 60), (hours(0, "09:00", "11:00"),), taken=(span(utc(2026, 6, 1, 9)),))
    other = Diary(2, Terms("UTC", 60), (hours(0, "09:30", "10:30"),))
    now = utc(2026, 5, 29)
    for diaries, at, person in (([one, other], utc(2026, 6, 1, 9, 30), 2), ([one], utc(2026, 6, 1, 10), 1)):
        found = next_free(diaries, utc(2026, 6, 1, 9), now)
        assert found is not None
        assert (found.span.starts_at, found.person_id) == (at, person)
    with pytest.raises(RefusedError, match="just taken"):
        refuse_slot(one, utc(2026, 6, 1, 9), now)
    with pytest.raises(RefusedError, match="no free slot"):
        refuse_slot(one, utc(2026, 6, 1, 9, 17) + timedelta(days=1), now)
    assert refuse_slot(one, utc(2026, 6, 1, 10), now) == span(utc(2026, 6, 1, 10))
    assert next_free([Diary(3, Terms("UTC", 60), ())], now, now) is None


def test_what_may_be_moved_or_cancelled_until_when() -> None:
    terms = Terms("UTC", 60, notice_hours=24)
    begins = utc(2026, 6, 2, 9)
    assert changeable_until(begins, terms).value == utc(2026, 6, 1, 9)
    refuse_change(begins, terms, utc(2026, 6, 1, 9))
    with pytest.raises(RefusedError, match="until 24 hours before"):
        refuse_change(begins, terms, utc(2026, 6, 1, 9, 1))
    refuse_change(begins, terms, utc(2026, 6, 2, 8, 59), gives_support=True)
    with pytest.raises(RefusedError, match="has begun"):
        refuse_change(begins, terms, begins, gives_support=True)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms("Europe/Atlantis", 60), "time_zone"),
        (Terms("UTC", 14), "minutes"),
        (Terms("UTC", 60, 121), "buffer_minutes"),
        (Terms("UTC", 60, 0, -1), "notice_hours"),
    ],
)
def test_terms_that_are_refused(terms: Terms, field: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        refuse_terms(terms)
    assert refusal.value.field == field


def test_hours_that_overlap_are_refused_past_midnight_and_past_the_week() -> None:
    refuse_hours([hours(0, "09:00", "12:00"), hours(0, "12:00", "17:00"), hours(6, "22:00", "00:00")])
    for wrong in (
        [hours(0, "09:00", "12:00"), hours(0, "11:00", "13:00")],
        [hours(0, "22:00", "02:00"), hours(1, "01:00", "03:00")],
        [hours(6, "22:00", "02:00"), hours(0, "01:00", "03:00")],
    ):
        with pytest.raises(RefusedError, match="overlap"):
            refuse_hours(wrong)
    with pytest.raises(RefusedError, match="before the first"):
        refuse_absence(Absence(date(2026, 6, 2), date(2026, 6, 1)))
    with pytest.raises(RefusedError, match="At most 366 days"):
        refuse_absence(Absence(date.min, date(2026, 6, 1)))


def test_sessions_count_as_used_from_their_beginning_on() -> None:
    now = utc(2026, 6, 1, 12)
    assert counted([utc(2026, 6, 1, 9), now, utc(2026, 6, 2, 9)], now) == (2, 1)
    assert counted([], now) == (0, 0)


def test_hours_are_read_as_they_are_typed() -> None:
    assert read_hours(0, "09:00-12:00, 13:00–17:30", "d") == (hours(0, "09:00", "12:00"), hours(0, "13:00", "17:30"))
    assert read_hours(6, " 22:00 - 24:00;", "d") == (hours(6, "22:00", "00:00"),)
    assert read_hours(1, "", "d") == ()
    assert write_hours(read_hours(0, "13:00-17:30,9:00-12:00", "d")) == "09:00-12:00, 13:00-17:30"
    for wrong in ("nine to five", "09:00", "25:00-26:00", "09:00-12:60", "24:00-02:00", "09:00-24:30"):
        with pytest.raises(RefusedError, match="says no hours"):
            read_hours(0, wrong, "d")


def test_a_session_says_whose_clock_it_is() -> None:
    assert say_span(span(utc(2026, 3, 29, 0, 30)), BERLIN) == "Sun 29 Mar 2026, 01:30–03:30 (Europe/Berlin)"


ZONES = st.sampled_from([BERLIN, NEW_YORK, KOLKATA, LORD_HOWE, "UTC", "America/St_Johns", "Pacific/Chatham"])
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
TERMS = st.builds(Terms, ZONES, st.integers(15, 120), st.integers(0, 60), st.integers(0, 72))


def shows_within(at: Hours, moment: datetime, zone: str) -> bool:
    """Whether the clock on the wall shows a time of these hours."""
    shown = moment.astimezone(ZoneInfo(zone)).time()
    if at.starts_at < at.ends_at:
        return at.starts_at <= shown < at.ends_at
    return shown >= at.starts_at or shown < at.ends_at


@given(ZONES, DAYS, TIMES)
def test_a_moment_is_what_the_clock_shows_or_the_leap_over_it(zone: str, day: date, at: time) -> None:
    for again in (False, True):
        moment = moment_of(day, at, zone, again=again)
        shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        wanted = datetime.combine(day, at)
        if shown != wanted:
            just_before = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            assert just_before < wanted < shown


@given(TERMS, DAYS, TIMES, TIMES, st.lists(st.integers(0, 7 * 24 * 4), max_size=5), st.integers(0, 7 * 24 * 60))
@settings(max_examples=150)
def test_every_free_slot_keeps_all_the_rules(
    terms: Terms, day: date, first: time, last: time, booked: list[int], now_after: int
) -> None:
    at = Hours(day.weekday(), first, last)
    week = week_of(day, "UTC")
    taken = tuple(span(week.starts_at + timedelta(minutes=15 * n), terms.minutes) for n in booked)
    away = Absence(day, day)
    now = week.starts_at - timedelta(days=3) + timedelta(minutes=now_after)
    diary = Diary(1, terms, (at,), taken=taken)
    found = [slot.span for slot in free_slots(diary, week, now)]
    for slot in found:
        assert slot.ends_at - slot.starts_at == terms.length
        assert slot.starts_at >= now + terms.notice
        for minute in range(terms.minutes):
            assert shows_within(at, slot.starts_at + timedelta(minutes=minute), terms.time_zone)
        assert not any(slot.meets(each, terms.buffer) for each in taken)
        assert refuse_slot(diary, slot.starts_at, now) == slot
    for one, other in pairwise(found):
        assert other.starts_at - one.ends_at >= terms.buffer
    absent = Diary(1, terms, (at,), (away,), taken)
    gone = days_of(day, day, terms.time_zone)
    assert [slot.span for slot in free_slots(absent, week, now)] == [each for each in found if not each.meets(gone)]


@given(TERMS, DAYS, TIMES, TIMES, DAYS)
def test_weeks_share_out_all_slots_once(terms: Terms, day: date, first: time, last: time, seen: date) -> None:
    """Whatever the zone they are read in, two weeks one after the other hold together what both hold in one."""
    diary = Diary(1, terms, (Hours(day.weekday(), first, last),))
    for zone in (terms.time_zone, KOLKATA):
        one, two = week_of(day, zone), week_of(day + timedelta(days=7), zone)
        assert one.ends_at == two.starts_at
        both = free_slots(diary, Span(one.starts_at, two.ends_at), one.starts_at - timedelta(days=4))
        parts = [*free_slots(diary, one, one.starts_at - timedelta(days=4))]
        parts += free_slots(diary, two, one.starts_at - timedelta(days=4))
        assert both == parts


@given(TERMS, DAYS, TIMES, TIMES)
def test_the_next_free_slot_is_the_first_of_all(terms: Terms, day: date, first: time, last: time) -> None:
    now = datetime.combine(day, time(12), UTC)
    diary = Diary(1, terms, (Hours(day.weekday(), first, last),))
    found = next_free([diary], now, now)
    every = free_slots(diary, Span(now, now + timedelta(weeks=6)), now)
    assert found == (every[0] if every else found)
    assert opening(diary.hours[0], day, terms.time_zone) is None or found is not None or not every
