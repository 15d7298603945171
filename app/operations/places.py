"""Countries, their parts and time zones: which there are, and whether three of them go together."""

import re
from functools import lru_cache
from zoneinfo import available_timezones

import holidays
from holidays.registry import COUNTRIES

from app.domain.explained import RefusedError


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """The countries whose public holidays are known, by their code, in the order of their names."""
    known = {code: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name, code, *_ in COUNTRIES.values()}
    return dict(sorted(known.items(), key=lambda each: each[1]))


@lru_cache(maxsize=256)
def subdivisions(country: str) -> tuple[str, ...]:
    """The parts of a country that keep public holidays of their own, by their codes."""
    return tuple(holidays.list_supported_countries(include_aliases=False).get(country, ()))


@lru_cache(maxsize=1)
def time_zones() -> tuple[str, ...]:
    """The time zones by place, such as Europe/Berlin."""
    return ("UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")))


def check_place(country: str, subdivision: str | None, time_zone: str) -> None:
    """Refuse a country, a part of it or a time zone that there is not."""
    if country not in countries():
        raise RefusedError(f"{country} is not the code of a country such as DE.", field="country")
    if subdivision and subdivision not in subdivisions(country):
        parts = ", ".join(subdivisions(country)) or "none"
        says = f"{subdivision} is no part of {countries()[country]} with holidays of its own; these are: {parts}."
        raise RefusedError(says, field="subdivision")
    if time_zone not in available_timezones():
        raise RefusedError(f"{time_zone} is not a time zone such as Europe/Berlin.", field="time_zone")
