"""The area itself, and the day that its addresses ask for."""

from datetime import date
from typing import NamedTuple

from flask import request

from app.web.gate import Area
from app.work import Work

area = Area("licences", __name__, url_prefix="/licences")
_MOST = 40


class Day(NamedTuple):
    """The day that is shown, and what is wrong with the one that was asked for."""

    on: date
    typed: str
    fault: str = ""


def asked_day(work: Work) -> Day:
    """The day of the address; today where it says none, or one that is not in the calendar."""
    said = request.args.get("on", "").strip()[:_MOST]
    if not said:
        return Day(work.today, work.today.isoformat())
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return Day(work.today, said, f"“{said}” is no day of the calendar: write it as 2026-12-31. Today is shown.")
    return Day(day, day.isoformat())
