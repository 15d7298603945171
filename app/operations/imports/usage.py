"""Records of use from a file, by period. [ISO/IEC 19770-4:2017]"""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from app.domain.dates import say
from app.domain.itam.rows import Lines, Reading
from app.domain.itam.usage import UsageMetric, fault_of, is_same_unit
from app.models.capacity import UsageRecord
from app.operations.imports.lookup import Assets, Products
from app.operations.imports.plan import Addition, Alteration, Plan, Reader
from app.work import Work

_IDENTITY = ("product_id", "asset_id", "metric", "starts_on", "ends_on", "source")
_Identity = tuple[Any, ...]
_METRICS = (
    ("sessions", UsageMetric.PEAK_SESSIONS),
    ("concurrent-users", UsageMetric.PEAK_SESSIONS),
    ("units", UsageMetric.UNITS_CONSUMED),
    ("consumption", UsageMetric.UNITS_CONSUMED),
)


class _Known(NamedTuple):
    """A record that is there already."""

    row_id: int
    unit: str
    value: Decimal


def plan(work: Work, lines: Lines, *, lock: bool = False) -> Plan:
    """What the lines add, change and leave; a record is known by all that it says but its value.

    A unit that is not said, in the file or in the record, is that of the other.
    """
    made = Plan(lines.kind)
    reader, assets, products = Reader(lines, made), Assets(work), Products(work, made)
    columns = select(
        *(UsageRecord.id, UsageRecord.unit, UsageRecord.value),
        *(getattr(UsageRecord, name) for name in _IDENTITY),
    )
    if lock:
        columns = columns.with_for_update()
    known: dict[_Identity, list[_Known]] = defaultdict(list)
    for row_id, unit, old, *rest in work.execute(columns.order_by(UsageRecord.id)):
        known[tuple(rest)].append(_Known(row_id, unit, old))
    seen: dict[_Identity, list[tuple[str, int]]] = defaultdict(list)
    for said in lines.said:
        line = said[0]
        reading = reader.read(said)
        values = _values(reading, assets, products, work.today)
        if values is None or reading.is_faulty:
            continue
        identity, unit = tuple(values[name] for name in _IDENTITY), values["unit"]
        twin = next((other for its, other in seen[identity] if is_same_unit(unit, its)), None)
        if twin is not None:
            reading.fault("starts_on", f"Line {twin} is of the same use in the same period.")
            continue
        seen[identity].append((unit, line))
        label = f"{values['metric'].label} of {products.label(values['product_id'])}"
        same = _same(unit, known[identity])
        if len(same) > 1:
            units = " and ".join(each.unit or "no unit" for each in same)
            reading.fault("unit", f"There are records of this use in {units}: say which is meant.")
        elif not same:
            made.additions.append(Addition(line, label, values))
        else:
            (record,) = same
            # The next line of another unit is no longer of this one.
            known[identity] = [
                each._replace(unit=each.unit or unit) if each is record else each for each in known[identity]
            ]
            old = {"unit": record.unit, "value": record.value}
            wanted = {"unit": record.unit or unit, "value": values["value"]}
            new = {name: value for name, value in wanted.items() if value != old[name]}
            if not new:
                made.left += 1
                continue
            old = {name: old[name] for name in new}
            told = reader.differences(_in_words(old), _in_words(new), {})
            made.alterations.append(Alteration(line, label, record.row_id, old, new, tuple(told)))
    return made


def _same(unit: str, known: list[_Known]) -> list[_Known]:
    """Which records a line is of: the one in its very unit, or else each that may be."""
    return [each for each in known if each.unit == unit] or [each for each in known if is_same_unit(unit, each.unit)]


def _in_words(values: dict[str, Any]) -> dict[str, Any]:
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in values.items()}


def _values(reading: Reading, assets: Assets, products: Products, today: date) -> dict[str, Any] | None:
    if not reading.required("product", "metric", "starts_on", "ends_on"):
        return None
    asset = reading.read("asset", assets.named)
    product_id = products.of(reading, adds=False)
    metric = reading.word("metric", UsageMetric, _METRICS)
    starts_on, ends_on = reading.day("starts_on"), reading.day("ends_on")
    value = reading.number("value")
    unit, source = reading.text("unit", 40), reading.text("source", 120)
    if metric is not None and metric is not UsageMetric.LAST_USED and not reading.said("value"):
        reading.fault("value", "It is empty.")
    if value is not None and (fault := fault_of(metric or UsageMetric.UNITS_CONSUMED, value)):
        reading.fault("value", fault)
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        reading.fault("ends_on", f"The period would end before its start on {say(starts_on)}.")
    if starts_on is not None and starts_on > today:
        reading.fault("starts_on", f"{say(starts_on)} is still to come.")
    elif ends_on is not None and ends_on > today:
        reading.fault("ends_on", f"{say(ends_on)} is still to come: use is recorded once it has been.")
    if product_id is None or metric is None or starts_on is None or ends_on is None:
        return None
    return {
        "product_id": product_id,
        "asset_id": asset.id if asset is not None else None,
        "metric": metric,
        "unit": unit or "",
        "value": Decimal(0) if metric is UsageMetric.LAST_USED or value is None else value,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "source": source or "",
    }
