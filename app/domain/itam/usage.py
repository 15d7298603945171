"""Records of resource utilisation by period. [ISO/IEC 19770-4:2017]"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.words import Word

MOST = Decimal(10) ** 14
MOST_WITH_DECIMALS = Decimal(10) ** 11
"""From here on only whole numbers: of more than fifteen digits not every one is kept by each database."""


class UsageMetric(Word):
    """What was measured."""

    PEAK_SESSIONS = "peak-sessions"
    UNITS_CONSUMED = "units-consumed"
    LAST_USED = "last-used"

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are counted: there is no half a session."""
        return self is UsageMetric.PEAK_SESSIONS

    @property
    def has_value(self) -> bool:
        """Whether a number belongs to it; of `last-used` the period itself is the answer."""
        return self is not UsageMetric.LAST_USED


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What was measured in a period, both ends included."""

    metric: UsageMetric
    value: Decimal | None
    starts_on: date
    ends_on: date


def fault_of(metric: UsageMetric, value: Decimal) -> str:
    """What is wrong with a value, in words; empty where nothing is. Fifteen digits are kept, and no more."""
    if not value.is_finite() or value < 0:
        return "A value is 0 or more."
    if value >= MOST:
        return "A value has fourteen digits before the point at most. Record it in a larger unit, such as thousands."
    if value != round(value, 4):
        return "A value has four decimals at most."
    is_whole = value == value.to_integral_value()
    if metric.is_whole and not is_whole:
        return "Sessions are counted in whole numbers: there is no part of one."
    if value >= MOST_WITH_DECIMALS and not is_whole:
        says = "A value of more than eleven digits before the point is a whole number"
        return f"{says}: fifteen digits are kept in all. Round it, or record it in a larger unit."
    return ""


def refuse_measurement(measured: Measurement, today: date) -> Decimal:
    """Refuse what cannot have been measured; gives the value to keep. [ISO/IEC 19770-4:2017]

    Raises `RefusedError` at `value`, `starts_on` or `ends_on`.
    """
    if measured.ends_on < measured.starts_on:
        raise RefusedError(f"The period would end before its start on {say(measured.starts_on)}.", "ends_on")
    if measured.ends_on > today:
        raise RefusedError(f"{say(measured.ends_on)} is still to come: use is recorded once it has been.", "ends_on")
    if not measured.metric.has_value:
        if measured.value:
            raise RefusedError("When it was last used is a period: leave the value empty.", "value")
        return Decimal(0)
    if measured.value is None:
        raise RefusedError("Give the value that was measured.", "value")
    fault = fault_of(measured.metric, measured.value)
    if fault:
        raise RefusedError(fault, "value")
    return measured.value


def is_same_unit(one: str, other: str) -> bool:
    """Whether two records may count the same: a unit that is not said is that of the other, capitals aside."""
    return not one or not other or one.casefold() == other.casefold()


def refuse_same_use(unit: str, others: Iterable[str]) -> None:
    """What was used in a period is recorded once, whether its unit is said or not. [ISO/IEC 19770-4:2017]

    `others` are the units of the records of the same product, asset, metric, period and source. Raises `RefusedError`
    at `starts_on`.
    """
    for other in others:
        if is_same_unit(unit, other):
            how = "" if other == unit else f", in {other}" if other else ", without a unit"
            says = f"There is a record of this use in this period from this source{how}. Correct that"
            raise RefusedError(f"{says}: it would count twice." if how else f"{says}.", "starts_on")


def plain(value: Decimal) -> str:
    """A value as it is read: without the zeros behind it."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
