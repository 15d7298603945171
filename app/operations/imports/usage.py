"""Records of use from a file, by period. [ISO/IEC 19770-4:2017]"""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.domain.dates import say
from app.domain.itam.rows import Lines, Reading
from app.domain.itam.usage import MOST, UsageMetric
from app.models.capacity import UsageRecord
from app.operations.imports.lookup import Assets, Products
from app.operations.imports.plan import Addition, Alteration, Plan, Reader
from app.work import Work

_IDENTITY = ("product_id", "asset_id", "metric", "unit", "starts_on", "ends_on", "source")
_METRICS = (
    ("sessions", UsageMetric.PEAK_SESSIONS),
    ("concurrent-users", UsageMetric.PEAK_SESSIONS),
    ("units", UsageMetric.UNITS_CONSUMED),
    ("consumption", UsageMetric.UNITS_CONSUMED),
)


def plan(work: Work, lines: Lines, *, lock: bool = False) -> Plan:
    """What the lines add, change and leave; a record is known by all that it says but its value."""
    made = Plan(lines.kind)
    reader, assets, products = Reader(lines, made), Assets(work), Products(work, made)
    columns = select(UsageRecord.id, UsageRecord.value, *(getattr(UsageRecord, name) for name in _IDENTITY))
    if lock:
        columns = columns.with_for_update()
    known = {tuple(rest): (row_id, value) for row_id, value, *rest in work.execute(columns)}
    seen: dict[tuple[Any, ...], int] = {}
    for said in lines.said:
        line = said[0]
        reading = reader.read(said)
        values = _values(reading, assets, products, work.today)
        if values is None or reading.is_faulty:
            continue
        identity = tuple(values[name] for name in _IDENTITY)
        if identity in seen:
            reading.fault("starts_on", f"Line {seen[identity]} is of the same use in the same period.")
            continue
        seen[identity] = line
        label = f"{values['metric'].label} of {products.label(values['product_id'])}"
        row_id, old = known.get(identity, (None, None))
        if row_id is None:
            made.additions.append(Addition(line, label, values))
        elif old == values["value"]:
            made.left += 1
        else:
            new = {"value": values["value"]}
            differences = tuple(reader.differences({"value": f"{old:f}"}, {"value": f"{values['value']:f}"}, {}))
            made.alterations.append(Alteration(line, label, row_id, {"value": old}, new, differences))
    return made


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
    if value is not None and (value < 0 or value >= MOST or value != round(value, 4)):
        reading.fault("value", "It must be 0 or more, with four decimals at most.")
    elif value is not None and metric is not None and metric.is_whole and value != value.to_integral_value():
        reading.fault("value", "Sessions are counted in whole numbers: there is no part of one.")
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        reading.fault("ends_on", f"The period would end before its start on {say(starts_on)}.")
    if starts_on is not None and starts_on > today:
        reading.fault("starts_on", f"{say(starts_on)} is still to come.")
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
