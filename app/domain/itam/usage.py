"""Records of resource utilisation by period. [ISO/IEC 19770-4:2017]"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.words import Word

MOST = Decimal(10) ** 10


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
    if not measured.value.is_finite() or measured.value < 0 or measured.value >= MOST:
        raise RefusedError("A value is 0 or more, with ten digits before the point at most.", "value")
    if measured.value != round(measured.value, 4):
        raise RefusedError("A value has four decimals at most.", "value")
    if measured.metric.is_whole and measured.value != measured.value.to_integral_value():
        raise RefusedError("Sessions are counted in whole numbers: there is no part of one.", "value")
    return measured.value


def plain(value: Decimal) -> str:
    """A value as it is read: without the zeros behind it."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
