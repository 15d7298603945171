"""Seats: one or many, all or none, never beyond what is entitled on any day."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.licensing.metric import Metric
from app.models.licence import LicenceSeat, PoolProduct
from app.operations import seats
from app.operations.seats import Holder
from app.queries.positions import positions_on
from app.queries.seat_facts import supplies_of
from app.queries.seats import holders_for
from app.work import Work
from tests.cast import Cast
from tests.certified import NOON
from tests.equipped import employ
from tests.inventory import asset, installation, product
from tests.seated import bought, pool
from tests.stage import on_stage, site

TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def refused(w: Work, *arguments: Any, **more: Any) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        seats.check_out(w, *arguments, **more)
    return caught.value


def people(w: Work, *names: str) -> list[Holder]:
    return [Holder(employee_id=employ(w, f"P-{name}", name).id) for name in names]


def test_all_or_none_and_the_refusal_names_who_holds_them(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        desk = pool(w)
        bought(w, desk, 2)
        anna, bo, cy = people(w, "Anna", "Bo", "Cy")
        seats.check_out(w, desk.id, [anna], TODAY)
        why = str(refused(w, desk.id, [bo, cy], TODAY))
        assert "2 seats cannot be checked out" in why
        assert "Held by Anna." in why
        assert "8.4" in why
        assert len(w.all(select(LicenceSeat))) == 1
        assert len(seats.check_out(w, desk.id, [bo], TODAY)) == 1


def test_a_day_to_come_on_which_fewer_are_entitled_counts_too(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        desk = pool(w, Metric.SUBSCRIPTION)
        bought(w, desk, 1, ends_on=date(2026, 6, 30))
        (anna,) = people(w, "Anna")
        assert "Give 30 Jun 2026 as the last day" in str(refused(w, desk.id, [anna], TODAY))
        seats.check_out(w, desk.id, [anna], TODAY, date(2026, 6, 30))


def test_a_holder_has_one_seat_of_a_pool_at_a_time(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        desk = pool(w)
        bought(w, desk, 5)
        (anna,) = people(w, "Anna")
        seats.check_out(w, desk.id, [anna, anna], TODAY, date(2026, 6, 10))
        assert "already" in str(refused(w, desk.id, [anna], date(2026, 6, 10)))
        seats.check_out(w, desk.id, [anna], date(2026, 6, 11))
        assert len(w.all(select(LicenceSeat))) == 2


def test_only_whom_the_metric_counts(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        (anna,) = people(w, "Anna")
        device = Holder(asset_id=asset(w, "HW-1").id)
        pools = {metric: pool(w, metric) for metric in Metric}
        for each in pools.values():
            bought(w, each, 5)
        assert "devices cannot hold" in str(refused(w, pools[Metric.NAMED_USER].id, [anna, device], TODAY))
        assert "people cannot hold" in str(refused(w, pools[Metric.DEVICE].id, [anna, device], TODAY))
        for metric in (Metric.CORE, Metric.PROCESSOR, Metric.SITE, Metric.CONSUMPTION, Metric.CONCURRENT_USER):
            assert "no seats" in str(refused(w, pools[metric].id, [anna], TODAY))
        assert len(seats.check_out(w, pools[Metric.SUBSCRIPTION].id, [anna, device], TODAY)) == 2


def test_who_left_and_what_is_retired_gets_none(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        desk = pool(w, Metric.SUBSCRIPTION)
        bought(w, desk, 9)
        gone = Holder(employee_id=employ(w, "P-1", "Gone", left_on=TODAY).id)
        leaves = Holder(employee_id=employ(w, "P-2", "Leaving", left_on=TODAY + timedelta(days=9)).id)
        old = Holder(asset_id=asset(w, "HW-1", status=AssetStatus.RETIRED).id)
        why = str(refused(w, desk.id, [gone, leaves, old], TODAY))
        assert "Gone left on" in why
        assert "Leaving leaves on" in why
        assert "HW-1 Asset HW-1 is retired" in why
        seats.check_out(w, desk.id, [leaves], TODAY, TODAY + timedelta(days=8))


def test_a_pool_and_an_entitlement_of_one_site(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        here, there = site(w, "Munich"), site(w, "Berlin")
        ours = pool(w, site_id=here.id)
        bought(w, ours, 5)
        anna = Holder(employee_id=employ(w, "P-1", "Anna", site_id=there.id).id)
        assert "one site alone" in str(refused(w, ours.id, [anna], TODAY))
        other = pool(w)
        bought(w, other, 5, site_id=here.id)
        assert "for another site" in str(refused(w, other.id, [anna], TODAY))


def test_what_was_taken_by_an_upgrade_is_not_given_out(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        old, new = pool(w), pool(w)
        base = bought(w, old, 1)
        bought(w, new, 1, kind="upgrade", base_id=base.id)
        (anna,) = people(w, "Anna")
        assert "0 are entitled" in str(refused(w, old.id, [anna], TODAY))
        seats.check_out(w, new.id, [anna], TODAY)


def test_check_in_frees_the_day_after_and_gives_up_what_never_began(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        desk = pool(w)
        bought(w, desk, 2)
        anna, bo, cy = people(w, "Anna", "Bo", "Cy")
        (one,) = seats.check_out(w, desk.id, [anna], TODAY)
        (later,) = seats.check_out(w, desk.id, [bo], TODAY + timedelta(days=5))
        assert seats.check_in(w, [one, later], TODAY) == 2
        assert [(each.id, each.ends_on) for each in w.all(select(LicenceSeat))] == [(one, TODAY)]
        for day, says in ((TODAY + timedelta(days=1), "ends on"), (TODAY - timedelta(days=1), "is held since")):
            with pytest.raises(RefusedError, match=says):
                seats.check_in(w, [one], day)
        seats.check_out(w, desk.id, [bo, cy], TODAY + timedelta(days=1))
    with on_stage(app, cast.elsewhere) as w, pytest.raises(RefusedError, match="no longer"):
        seats.check_in(w, [one], TODAY)


def test_the_second_device_of_a_person_needs_no_unit_where_the_contract_says_so(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        visio = product(w)
        desk = pool(w, Metric.DEVICE)
        w.add(PoolProduct(pool_id=desk.id, product_id=visio.id))
        anna, bo = employ(w, "P-1", "Anna").id, employ(w, "P-2", "Bo").id
        tags = (("A-1", anna), ("A-2", anna), ("A-3", anna), ("B-1", bo), ("N-1", None), ("N-2", None))
        ids = {tag: asset(w, tag, custodian_id=person) for tag, person in tags}
        for tag in ("A-1", "A-2", "N-1"):
            installation(w, ids[tag], visio)
        bought(w, desk, 2, second_use=True)
        bought(w, desk, 2, starts_on=date(2026, 1, 1))

        def stands() -> tuple[int, ...]:
            now = supplies_of(w, [desk], TODAY)[desk.id].on(TODAY)
            position = positions_on(w, TODAY, desk.id)[0].position
            # The seats and the position say the same.
            assert (now.entitled, now.needed - now.second) == (position.entitled, position.demand)
            assert (now.free, now.uncovered) == (position.surplus, position.shortfall)
            return now.entitled, now.held, now.installed, now.second, now.free

        # are Anna's: 3 devices, 1 of them free, 2 of 4 units left.
        assert stands() == (4, 0, 3, 1, 2)
        seats.check_out(w, desk.id, [Holder(asset_id=ids["B-1"].id)], TODAY)
        assert stands() == (4, 1, 3, 1, 1)
        # A third device of Anna's takes the last unit; one more has none.
        seats.check_out(w, desk.id, [Holder(asset_id=ids["A-3"].id)], TODAY)
        assert stands() == (4, 2, 3, 1, 0)
        why = str(refused(w, desk.id, [Holder(asset_id=ids["N-2"].id)], TODAY))
        assert "1 of them need no unit, as the second device of a person" in why
        # The second of Bo's needs none.
        second = asset(w, "B-2", custodian_id=bo)
        seats.check_out(w, desk.id, [Holder(asset_id=second.id)], TODAY)
        assert stands() == (4, 3, 3, 2, 0)


def test_a_device_that_has_it_installed_needs_its_unit_without_a_seat_too(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        desk, visio = pool(w, Metric.DEVICE), product(w)
        w.add(PoolProduct(pool_id=desk.id, product_id=visio.id))
        bought(w, desk, 4)
        for tag in ("HW-1", "HW-2"):
            installation(w, asset(w, tag), visio)
        gone = asset(w, "HW-3")
        installation(w, gone, visio, removed_on=TODAY)
        leaves = asset(w, "HW-4")
        installation(w, leaves, visio)
        new = [Holder(asset_id=asset(w, f"HW-{number}").id) for number in (5, 6)]

        def now() -> tuple[int, ...]:
            found = supplies_of(w, [desk], TODAY)[desk.id].on(TODAY)
            return found.entitled, found.held, found.installed, found.free

        assert now() == (4, 0, 3, 1)
        why = str(refused(w, desk.id, new, TODAY))
        assert "4 are entitled and 0 are held, and 3 devices have it installed without a seat" in why
        seats.check_out(w, desk.id, new[:1], TODAY)
        assert now() == (4, 1, 3, 0)
        assert "1 seat cannot" in str(refused(w, desk.id, new[1:], TODAY))
        # It has its unit already; when the seat ends, it still has it installed.
        seats.check_out(w, desk.id, [Holder(asset_id=leaves.id)], TODAY, TODAY + timedelta(days=9))
        assert now() == (4, 2, 2, 0)
        supply = supplies_of(w, [desk], TODAY)[desk.id]
        assert [each.free for each in supply.ahead(TODAY)] == [0, 0]
        assert "1 seat cannot" in str(refused(w, desk.id, new[1:], TODAY + timedelta(days=20)))


@pytest.mark.parametrize("kind", [AssetKind.DOCUMENT, AssetKind.DATA_MEDIA, AssetKind.CLOUD_SERVICE])
def test_what_is_no_device_holds_no_seat(app: Flask, cast: Cast, kind: AssetKind) -> None:
    with on_stage(app, cast.organisation) as w:
        desk = pool(w, Metric.DEVICE)
        bought(w, desk, 4)
        thing = asset(w, "HW-1", kind)
        device, machine = asset(w, "HW-2"), asset(w, "HW-3", AssetKind.VIRTUAL_MACHINE)
        assert "can hold no seat" in str(refused(w, desk.id, [Holder(asset_id=thing.id)], TODAY))
        rows, total = holders_for(w, desk, "", None, ())
        assert ({each.key for each in rows}, total) == ({f"device-{device.id}", f"device-{machine.id}"}, 2)
