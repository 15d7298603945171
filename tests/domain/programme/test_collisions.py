"""People and sites that are wanted twice, and days on which nobody should come."""

from datetime import date

import pytest

from app.domain.programme.collisions import Booking, ClosedDay, Obstacle, collisions
from app.holidays import Blackout, Place, closed_days, public_holidays, weekend

ANN, BEN = ("member 1", "Ann"), ("ben@example.org", "Ben")
MUNICH, OSLO = (1, "Munich"), (2, "Oslo")


def booking(reference, first, last, people=(), sites=()):
    return Booking(reference, date(2027, 3, first), date(2027, 3, last), people, sites)


def said(found):
    return [each.why[0].says for each in found]


def test_a_person_on_two_teams_on_one_day_collides():
    found = collisions(booking("SA-2027-01", 8, 10, (ANN, BEN)), [booking("IA-2027-01", 10, 12, (ANN,))])
    assert said(found) == ["Ann is on the team of IA-2027-01 on 10 Mar 2027."]
    assert (found[0].kind, found[0].with_audit) == (Obstacle.PERSON, "IA-2027-01")


def test_a_site_visited_twice_collides_for_every_common_day():
    found = collisions(booking("SA-2027-01", 8, 11, (), (MUNICH, OSLO)), [booking("X", 9, 12, (), (OSLO,))])
    assert said(found) == ["Oslo is visited by X from 9 Mar 2027 to 11 Mar 2027."]


@pytest.mark.parametrize(("first", "last"), [(1, 7), (11, 12)])
def test_audits_that_only_follow_each_other_do_not_collide(first, last):
    assert collisions(booking("A", 8, 10, (ANN,), (OSLO,)), [booking("B", first, last, (ANN,), (OSLO,))]) == ()


def test_an_audit_does_not_collide_with_itself():
    assert collisions(booking("A", 8, 10, (ANN,)), [booking("A", 8, 10, (ANN,))]) == ()


def test_closed_days_in_a_row_are_told_as_one():
    off = [ClosedDay(date(2027, 3, day), Obstacle.BLACKOUT, "blackout period Year end") for day in (8, 9, 10, 12)]
    found = collisions(booking("A", 8, 12), [], off)
    assert said(found) == [
        "From 8 Mar 2027 to 10 Mar 2027: blackout period Year end.",
        "On 12 Mar 2027: blackout period Year end.",
    ]


class TestClosedDays:
    """Weekends and public holidays of the country of a site, and blackout periods."""

    def test_a_public_holiday_of_the_part_of_the_country(self):
        bavaria = closed_days([Place("DE", "BY", "Munich")])
        assert [each.says for each in bavaria.on(date(2027, 1, 6))] == ["Epiphany, public holiday in DE (Munich)"]
        assert closed_days([Place("DE", "HH", "Hamburg")]).on(date(2027, 1, 6)) == ()

    def test_the_weekend_is_the_country_s_own(self):
        friday, sunday = date(2027, 3, 5), date(2027, 3, 7)
        assert weekend("SA") == {4, 5}
        assert friday in closed_days([Place("SA")])
        assert sunday not in closed_days([Place("SA")])
        assert sunday in closed_days([Place("NO")])

    def test_every_site_counts(self):
        both = closed_days([Place("DE", None, "Munich"), Place("NO", None, "Oslo")])
        assert date(2027, 5, 17) in both
        assert date(2027, 10, 3) in both

    def test_both_ends_of_a_blackout_period_belong_to_it(self):
        off = closed_days([], [Blackout("Year end", date(2026, 12, 16), date(2026, 12, 31))])
        assert [day for day in (15, 16, 31) if date(2026, 12, day) in off] == [16, 31]
        assert off(date(2026, 12, 16)) == "in the blackout period Year end"

    def test_an_unknown_country_or_part_has_weekends_all_the_same(self):
        assert public_holidays("XX", None, 2027) == {}
        assert public_holidays("DE", "ZZ", 2027)
        assert date(2027, 3, 6) in closed_days([Place("XX")])

    def test_a_free_day_is_free_for_the_layout(self):
        assert closed_days([Place("DE")])(date(2027, 3, 10)) is None
