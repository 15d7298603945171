"""What holds for every history of grants and installations, whatever their sites, versions and terms."""

from datetime import date, timedelta
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from app.domain.itam.version import version_key
from app.domain.licensing.allocation import Grant, Need, Scope, Use, allocate, matched
from app.domain.licensing.entitlement import EntitlementFact, EntitlementKind, units_on
from app.domain.licensing.metric import PARTS, Counting, Metric, whole_units
from app.domain.licensing.position import position_of
from app.queries.licence_demand import oldest_of

VERSIONS = ("", "14", "15", "16.2", "17")
KEYS = sorted(version_key(each) for each in VERSIONS)
SITES = (None, 1, 2)
RELEASED = {version_key("17"): date(2026, 3, 1)}

scopes = st.builds(
    Scope,
    site_id=st.sampled_from(SITES),
    through=st.sampled_from([version_key(each) for each in ("", "14", "15", "16")]),
    may_downgrade=st.booleans(),
    maintained_until=st.sampled_from([None, date(2026, 1, 1), date(2026, 6, 1)]),
)
uses = st.builds(
    lambda one, other, sites: Use(oldest_of(Use(one), Use(other)), max(one, other), sites),
    st.sampled_from(KEYS),
    st.sampled_from(KEYS),
    st.frozensets(st.sampled_from(SITES), min_size=1, max_size=2),
)
needs = st.builds(Need, st.sampled_from([PARTS, PARTS, PARTS // 2, 3 * PARTS]), uses)
countings = st.builds(Counting, st.sampled_from([Metric.DEVICE, Metric.CORE]), pack_size=st.integers(1, 4))


@st.composite
def grants(draw, of=scopes):
    scoped = draw(st.lists(st.tuples(st.integers(0, 4), of), max_size=5))
    return [Grant(number, units, scope) for number, (units, scope) in enumerate(scoped)]


@given(countings, grants(), st.lists(needs, max_size=6))
def test_nothing_is_covered_twice_and_nothing_is_lost(counting, held, wanted):
    position, found = position_of(counting, held, wanted, RELEASED)
    assert position.allocated <= position.entitled
    assert position.allocated + position.shortfall == position.demand
    assert position.surplus - position.shortfall == position.balance == position.entitled - position.demand
    assert min(position.allocated, position.shortfall, position.surplus) >= 0
    for grant in held:
        assert 0 <= found.by_grant.get(grant.key, 0) <= grant.units * PARTS
    assert sum(found.by_grant.values()) == found.covered
    assert found.covered + sum(parts for _, parts in found.bare) == found.demand * PARTS


@given(countings, grants(), st.lists(needs, max_size=6))
def test_what_covers_each_need_adds_up_to_what_is_covered(counting, held, wanted):
    def whole(parts):
        return whole_units(counting, parts)

    found, shares = matched(held, wanted, RELEASED, whole)
    assert found == allocate(held, wanted, RELEASED, whole)
    scopes_of = {grant.key: grant.scope for grant in held}
    rounded = found.demand * PARTS - (sum(need.parts for need in wanted) - found.free)
    given_out: dict[object, int] = {}
    for need, some in zip(wanted, shares, strict=True):
        assert sum(share.parts for share in some) <= need.parts
        for share in some:
            assert share.parts > 0
            scope, use = scopes_of[share.key], need.pair if share.is_free else need.use
            assert use is not None
            assert scope.covers(use, scope.newest(RELEASED))
            if not share.is_free:
                given_out[share.key] = given_out.get(share.key, 0) + share.parts
    assert found.free == sum(share.parts for some in shares for share in some if share.is_free)
    assert all(parts <= found.by_grant[key] for key, parts in given_out.items())
    assert 0 <= found.covered - sum(given_out.values()) <= rounded


@given(countings, grants(), st.lists(needs, max_size=6), st.integers(1, 4), scopes)
def test_a_grant_more_never_lowers_the_position(counting, held, wanted, units, scope):
    before, _ = position_of(counting, held, wanted, RELEASED)
    after, _ = position_of(counting, [*held, Grant("more", units, scope)], wanted, RELEASED)
    assert after.balance >= before.balance
    assert after.shortfall <= before.shortfall


@given(countings, grants(), st.lists(needs, max_size=6), needs)
def test_a_device_more_never_raises_the_position(counting, held, wanted, another):
    before, _ = position_of(counting, held, wanted, RELEASED)
    after, _ = position_of(counting, held, [*wanted, another], RELEASED)
    assert after.balance <= before.balance
    assert after.shortfall >= before.shortfall


@given(countings, grants(), st.lists(needs, min_size=1, max_size=6), st.sampled_from(KEYS), st.data())
def test_a_version_more_on_a_device_never_raises_the_position(counting, held, wanted, version, data):
    number = data.draw(st.integers(0, len(wanted) - 1))
    old = wanted[number]
    more = Use(version, version)
    use = Use(oldest_of(old.use, more), max(old.use.newest, version), old.use.sites)
    before, _ = position_of(counting, held, wanted, RELEASED)
    after, _ = position_of(counting, held, [*wanted[:number], Need(old.parts, use), *wanted[number + 1 :]], RELEASED)
    assert after.balance <= before.balance
    assert after.shortfall >= before.shortfall


@given(grants(of=st.builds(Scope._replace, scopes, second_use=st.booleans())), st.lists(uses, max_size=6), uses)
def test_with_second_use_too_a_grant_never_lowers_and_a_second_device_never_raises(held, wanted, pair):
    every = [Need(PARTS, use, use if number % 2 else None) for number, use in enumerate(wanted)]
    counting = Counting(Metric.DEVICE)
    before, _ = position_of(counting, held, every, RELEASED)
    granted, _ = position_of(counting, [*held, Grant("more", 2, Scope(second_use=True))], every, RELEASED)
    installed, _ = position_of(counting, held, [*every, Need(PARTS, pair, pair)], RELEASED)
    assert granted.balance >= before.balance >= installed.balance
    assert granted.shortfall <= before.shortfall


def most(held: list[Grant], wanted: list[Need]) -> int:
    """The most units that can be covered, found by trying everything."""
    fits = [
        [number for number, each in enumerate(held) if each.scope.covers(need.use, each.scope.newest(RELEASED))]
        for need in wanted
    ]

    @cache
    def best(at: int, left: tuple[int, ...]) -> int:
        if at == len(fits):
            return 0
        found = best(at + 1, left)
        for number in fits[at]:
            if left[number]:
                rest = (*left[:number], left[number] - 1, *left[number + 1 :])
                found = max(found, 1 + best(at + 1, rest))
        return found

    return best(0, tuple(each.units for each in held))


@given(grants(), st.lists(uses, max_size=6))
def test_the_most_that_can_be_covered_is_covered(held, wanted):
    every = [Need(PARTS, use) for use in wanted]
    assert allocate(held, every, RELEASED).covered == most(held, every) * PARTS


@given(st.lists(needs, max_size=6), st.lists(needs, max_size=6), grants(), grants())
def test_a_surplus_never_hides_the_shortfall_of_another_pool(one, other, held_one, held_other):
    counting = Counting(Metric.DEVICE)
    first, _ = position_of(counting, held_one, one, RELEASED)
    plenty = [*held_other, Grant("plenty", 1_000, Scope())]
    second, _ = position_of(counting, plenty, other, RELEASED)
    alone, _ = position_of(counting, held_one, one, RELEASED)
    assert (first.shortfall, second.shortfall) == (alone.shortfall, 0)


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(days, st.integers(0, 400), days, st.integers(1, 50))
def test_an_expired_subscription_counts_nothing_from_the_day_after_its_end(starts, length, day, quantity):
    ends = starts + timedelta(days=length)
    fact = EntitlementFact(1, "E-001", EntitlementKind.SUBSCRIPTION, quantity, starts, ends)
    assert units_on(fact, [], day).value == (quantity if starts <= day <= ends else 0)
    assert units_on(fact, [], ends).value == quantity
    assert units_on(fact, [], ends + timedelta(days=1)).value == 0


@given(st.integers(1, 20), st.lists(st.tuples(st.integers(1, 5), days), max_size=4), days)
def test_what_is_taken_and_what_is_left_are_never_more_than_what_was_bought(quantity, taken, day):
    base = EntitlementFact(1, "E-001", EntitlementKind.PURCHASE, quantity, date(2025, 1, 1))
    takers = [
        EntitlementFact(number, f"E-{number}", EntitlementKind.UPGRADE, units, starts, base_id=1)
        for number, (units, starts) in enumerate(taken, start=2)
    ]
    counted = units_on(base, takers, day).value + sum(units_on(each, [], day).value for each in takers)
    in_force = sum(each.quantity for each in takers if each.takes_on(day))
    assert counted == max(quantity, in_force)


@given(st.integers(0, 10**7), st.integers(1, 16))
def test_packs_are_whole_and_no_larger_than_needed(parts, pack):
    units = whole_units(Counting(Metric.CORE, pack_size=pack), parts)
    assert units % pack == 0
    assert (units - pack) * PARTS < parts <= units * PARTS
