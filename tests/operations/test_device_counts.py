"""How many devices have a product from which day on: kept through every operation, put right by night, and summed."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.itam.batch import BatchKind
from app.domain.itam.rows import Conventions, Lines
from app.models.software import DeviceCount, Installation, Product
from app.operations import device_counts, installations, products
from app.operations.imports import carry_out
from app.work import Work
from tests.cast import Cast
from tests.inventory import asset, installation, product
from tests.operations.test_imports import sent
from tests.stage import on_stage

FIRST = date(2026, 1, 5)
DAY = timedelta(days=1)


def kept_on(w: Work, day: date) -> dict[int, int]:
    """By product: how many devices have it on a day, as it is kept."""
    devices = func.sum(DeviceCount.devices)
    found = select(DeviceCount.product_id, devices).where(DeviceCount.day <= day).group_by(DeviceCount.product_id)
    return {product_id: int(count) for product_id, count in w.execute(found.having(devices != 0))}


def there_on(w: Work, day: date) -> dict[int, int]:
    """The same, looked up device by device."""
    pairs = {
        (row.product_id, row.asset_id)
        for row in w.all(select(Installation))
        if row.found_on <= day and (row.removed_on is None or day < row.removed_on)
    }
    return dict(Counter(product_id for product_id, _ in pairs))


def agree(w: Work, days: int = 12) -> None:
    """What is kept is what is there, on every day."""
    w.flush()
    for number in range(-1, days):
        assert kept_on(w, FIRST + number * DAY) == there_on(w, FIRST + number * DAY)


step = st.one_of(
    st.tuples(
        st.just("add"), st.integers(0, 2), st.integers(0, 1), st.sampled_from(["1", "2", "3"]), st.integers(0, 6)
    ),
    st.tuples(st.just("remove"), st.integers(0, 9), st.integers(0, 8)),
    st.tuples(st.just("move"), st.integers(0, 9)),
    st.tuples(st.just("gather")),
)


class UndoneError(Exception):
    """Leaves the database as it was."""


@pytest.mark.one_database
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, max_size=12))
def test_whatever_happens_it_says_how_many_devices_have_a_product_on_any_day(
    app: Flask, cast: Cast, steps: list[Any]
) -> None:
    try:
        with on_stage(app, cast.organisation) as w:
            assets = [asset(w, f"LT-{number}") for number in range(3)]
            kinds = [product(w, "Writer", "Acme"), product(w, "Reader", "Bolt")]
            for what, *said in steps:
                rows = w.all(select(Installation).order_by(Installation.id))
                if what == "add":
                    on, of, version, late = said
                    installation(w, assets[on], kinds[of], version, found_on=FIRST + late * DAY)
                elif what == "remove" and rows:
                    row, late = rows[said[0] % len(rows)], said[1]
                    row.removed_on = row.found_on + late * DAY
                    installations.recount(w, [(row.asset_id, row.product_id)])
                elif what == "move" and rows:
                    row = rows[said[0] % len(rows)]
                    before = row.product_id
                    installations.uncount(w, [row.id])
                    row.product_id = kinds[0].id if before == kinds[1].id else kinds[1].id
                    installations.recount(w, [(row.asset_id, before), (row.asset_id, row.product_id)])
                elif what == "gather":
                    device_counts.gather(w)
                agree(w, days=16)
            assert device_counts.correct(w) == 0
            raise UndoneError
    except UndoneError:
        pass


def test_of_two_products_that_become_one_each_device_is_counted_once(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        both, one = asset(w, "LT-1"), asset(w, "LT-2")
        kept, gone = product(w, "Writer", "Acme"), product(w, "Wrt", "Acme Inc")
        installation(w, both, kept)
        installation(w, both, gone, found_on=FIRST + 3 * DAY)
        installation(w, one, gone, found_on=FIRST + 5 * DAY)
    with on_stage(app, cast.organisation) as w:
        gone, kept = w.all(select(Product).options(joinedload(Product.publisher)).order_by(Product.id.desc()))
        assert products.merge(w, gone, kept, "The same, by its tag.") == 2
        assert kept_on(w, FIRST + 4 * DAY) == {kept.id: 1}
        assert kept_on(w, FIRST + 5 * DAY) == {kept.id: 2}
        agree(w)
        assert device_counts.correct(w) == 0


def test_the_night_makes_one_row_of_several_and_drops_what_comes_to_nothing(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        some = product(w)
        for number in range(3):
            installation(w, asset(w, f"LT-{number}"), some)
        other = installation(w, asset(w, "LT-9"), some, found_on=FIRST + 2 * DAY)
        other.removed_on = other.found_on
        installations.recount(w, [(other.asset_id, other.product_id)])
        assert device_counts.gather(w) == 4
        assert [(row.day, row.devices) for row in w.all(select(DeviceCount))] == [(FIRST, 3)]
        assert device_counts.gather(w) == 0
        agree(w)


def test_what_was_written_past_every_operation_is_put_right_and_nothing_of_a_stranger(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.elsewhere) as w:
        installation(w, asset(w, "LT-1"), product(w))
    with on_stage(app, cast.organisation) as w:
        row = installation(w, asset(w, "LT-1"), product(w))
        row.counted_until = FIRST + 4 * DAY
        w.add(DeviceCount(product_id=row.product_id, day=FIRST + DAY, devices=5))
        assert device_counts.correct(w) == 2
        assert kept_on(w, FIRST + 3 * DAY) == {row.product_id: 1}
        assert kept_on(w, FIRST + 4 * DAY) == {}
    with on_stage(app, cast.elsewhere) as w:
        assert list(kept_on(w, FIRST).values()) == [1]
        assert device_counts.correct(w) == device_counts.gather(w) == 0


def test_a_tag_that_names_another_product_takes_its_device_along(app: Flask, cast: Cast) -> None:
    def bring(name: str, version: str) -> tuple[int, int]:
        said = {"asset": "LT-1", "publisher": "Acme", "product": name, "version": version}
        tag = {"swid_tag": "acme.writer", "swid_tag_version": version, "found_on": FIRST.isoformat()}
        batch = carry_out(w, Lines(BatchKind.INSTALLATIONS, [(1, {**said, **tag})], Conventions()), sent(name))
        return batch.added, batch.changed

    with on_stage(app, cast.organisation) as w:
        asset(w, "LT-1")
        assert bring("Writer", "1") == (1, 0)
        (before,) = kept_on(w, FIRST)
        assert bring("Writer Plus", "2") == (0, 1)
        (after,) = kept_on(w, FIRST)
        assert after != before
        agree(w)
        assert device_counts.correct(w) == 0


def test_a_product_of_which_nothing_is_left_can_be_removed(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        one, other = product(w, "Writer", "Acme"), product(w, "Reader", "Bolt")
        row = installation(w, asset(w, "LT-1"), one)
        installations.uncount(w, [row.id])
        row.product_id = other.id
        installations.recount(w, [(row.asset_id, other.id)])
        products.remove(w, one, "Nobody has it.")
        assert kept_on(w, FIRST) == {other.id: 1}
        assert device_counts.correct(w) == 0
