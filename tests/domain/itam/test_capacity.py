"""Where guests run from day to day, and on which hosts that needs licences."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetKind
from app.domain.itam.capacity import (
    Home,
    InCluster,
    Machine,
    Placed,
    Stay,
    end,
    hosts_needing,
    join,
    missing_of,
    move,
    refuse_machines,
    why_missing,
)

VM = Machine(1, "VM-001", AssetKind.VIRTUAL_MACHINE)
HOST = Machine(2, "HW-001", AssetKind.HARDWARE, 2, 32, 64)
FIRST, TODAY = date(2026, 1, 5), date(2026, 3, 9)
ON_HOST, IN_CLUSTER = Home(host_id=2), Home(cluster_id=7)


def test_only_virtual_machines_are_placed_and_only_on_hardware() -> None:
    refuse_machines(VM, HOST)
    refuse_machines(Machine(3, "IMG-1", AssetKind.CONTAINER_IMAGE), None)
    for guest, host, field in (
        (VM, VM, "host"),
        (VM, Machine(3, "VM-002", AssetKind.VIRTUAL_MACHINE), "host"),
        (HOST, None, "guest"),
        (Machine(3, "SW-1", AssetKind.SOFTWARE), HOST, "guest"),
    ):
        with pytest.raises(RefusedError) as error:
            refuse_machines(guest, host)
        assert error.value.field == field


def test_a_home_is_one_host_or_one_cluster() -> None:
    for wrong in ({}, {"host_id": 1, "cluster_id": 2}):
        with pytest.raises(ValueError, match="one host or one cluster"):
            Home(**wrong)


MOVES = [
    # from where it has been since 5 January: to, on, the field that refuses it
    (IN_CLUSTER, date(2026, 2, 1), None),
    (IN_CLUSTER, date(2026, 1, 5), None),
    (IN_CLUSTER, date(2026, 1, 4), "on"),
    (IN_CLUSTER, date(2026, 3, 10), "on"),
    (ON_HOST, date(2026, 2, 1), "host"),
]


@pytest.mark.parametrize(("to", "on", "field"), MOVES)
def test_a_move_ends_the_stay_before_it(to: Home, on: date, field: str | None) -> None:
    placed = Placed(1, ON_HOST, Stay(FIRST))
    if field is not None:
        with pytest.raises(RefusedError) as error:
            move("VM-001", [placed], to, on, TODAY)
        assert error.value.field == field
        return
    moved = move("VM-001", [placed], to, on, TODAY)
    if on == FIRST:
        assert (moved.ends, moved.replaces) == (None, placed)
    else:
        assert (moved.ends, moved.ends_on, moved.replaces) == (placed, date(2026, 1, 31), None)


def test_after_an_end_it_is_placed_anew_from_the_day_after() -> None:
    ended = [Placed(1, ON_HOST, Stay(FIRST, date(2026, 2, 1)))]
    assert move("VM-001", ended, ON_HOST, date(2026, 2, 2), TODAY).ends is None
    with pytest.raises(RefusedError, match="overlap"):
        move("VM-001", ended, ON_HOST, date(2026, 2, 1), TODAY)


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([ON_HOST, IN_CLUSTER, Home(host_id=5)])), max_size=12))
def test_no_moves_ever_put_a_guest_in_two_places_on_a_day(moves) -> None:
    placed: list[Placed] = []
    for offset, to in moves:
        on = FIRST + timedelta(days=offset)
        try:
            moved = move("VM-001", placed, to, on, TODAY)
        except RefusedError:
            continue
        if moved.replaces is not None:
            placed[placed.index(moved.replaces)] = Placed(1, to, moved.replaces.stay)
            continue
        if moved.ends is not None:
            placed[placed.index(moved.ends)] = Placed(
                1, moved.ends.home, Stay(moved.ends.stay.starts_on, moved.ends_on)
            )
        placed.append(Placed(1, to, Stay(on)))
    for offset in range(45):
        day = FIRST + timedelta(days=offset)
        assert sum(each.stay.covers(day) for each in placed) <= 1
    assert all(each.stay.ends_on is None or each.stay.starts_on <= each.stay.ends_on for each in placed)


def test_a_host_is_in_one_cluster_at_a_time() -> None:
    until = [("Blue", Stay(FIRST, date(2026, 2, 1)))]
    join(HOST, until, date(2026, 2, 2), TODAY)
    for history, on in ((until, date(2026, 2, 1)), ([("Blue", Stay(FIRST))], TODAY), ([], date(2026, 3, 10))):
        with pytest.raises(RefusedError) as error:
            join(HOST, history, on, TODAY)
        assert error.value.field == "on"
    with pytest.raises(RefusedError) as error:
        join(VM, [], TODAY, TODAY)
    assert error.value.field == "host"


def test_a_stay_ends_once_and_on_a_day_that_has_come() -> None:
    assert end("It", Stay(FIRST), FIRST, TODAY) == Stay(FIRST, FIRST)
    for stay, on in ((Stay(FIRST, FIRST), TODAY), (Stay(FIRST), date(2026, 1, 4)), (Stay(FIRST), date(2026, 3, 10))):
        with pytest.raises(RefusedError) as error:
            end("It", stay, on, TODAY)
        assert error.value.field == "ends_on"


NEEDS = [
    (date(2026, 1, 4), set()),
    (date(2026, 1, 5), {2}),
    (date(2026, 1, 31), {2}),
    # In the cluster: its hosts of that day, whether the guest was ever on them or not.
    (date(2026, 2, 1), {4, 5}),
    (date(2026, 2, 10), {4, 5, 6}),
    (date(2026, 2, 20), {5, 6}),
]


@pytest.mark.parametrize(("on", "hosts"), NEEDS)
def test_in_a_cluster_every_host_is_counted_on_a_host_that_one(on: date, hosts: set[int]) -> None:
    placements = [
        Placed(1, ON_HOST, Stay(FIRST, date(2026, 1, 31))),
        Placed(1, IN_CLUSTER, Stay(date(2026, 2, 1))),
        Placed(9, Home(host_id=8), Stay(FIRST)),
    ]
    memberships = [
        InCluster(4, 7, Stay(FIRST, date(2026, 2, 19))),
        InCluster(5, 7, Stay(FIRST)),
        InCluster(6, 7, Stay(date(2026, 2, 10))),
        InCluster(8, 9, Stay(FIRST)),
    ]
    found = hosts_needing(1, on, placements, memberships)
    assert found.value == hosts
    assert str(found.why[0].clause) == "ISO/IEC 19770-1:2017, 8.4"


def test_a_host_says_what_cannot_be_counted_on_it() -> None:
    assert missing_of(HOST) == ()
    bare = Machine(3, "HW-002", AssetKind.HARDWARE, cores=16)
    found = why_missing(bare)
    assert found.value == ("sockets", "threads")
    assert "no sockets and threads recorded: licences by processor or thread cannot be counted" in found.why[0].says
    assert why_missing(HOST).value == ()
