"""Countries, their parts and time zones: which there are, and whether three of them go together."""

import re
from functools import lru_cache
from importlib import resources
from zoneinfo import available_timezones

import holidays
from holidays.registry import COUNTRIES

from app.domain.explained import RefusedError


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """The countries whose public holidays are known, by their code, in the order of their names."""
    known = {code: _in_words(name) for name, code, *_ in COUNTRIES.values()}
    return dict(sorted(known.items(), key=lambda each: each[1]))


def _in_words(name: str) -> str:
    """DRCongo is DR Congo, and IsleOfMan is Isle of Man."""
    apart = re.sub(r"(?<!\bMc)(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return re.sub(r"(?<= )(And|Of|The)(?= )", lambda word: word[0].lower(), apart).replace("Mc ", "Mc")


@lru_cache(maxsize=256)
def subdivisions(country: str) -> tuple[str, ...]:
    """The parts of a country that keep public holidays of their own, by their codes."""
    return tuple(holidays.list_supported_countries(include_aliases=False).get(country, ()))


@lru_cache(maxsize=1)
def time_zones() -> tuple[str, ...]:
    """The time zones by place, such as Europe/Berlin."""
    return ("UTC", *sorted(zone for zone in _all_zones() if "/" in zone and not zone.startswith("Etc/")))


@lru_cache(maxsize=1)
def _all_zones() -> frozenset[str]:
    # The names are read from the disk: twenty milliseconds at each asking.
    return frozenset(available_timezones())


def zones_with(chosen: str | None) -> tuple[str, ...]:
    """The time zones by place, and the one that was chosen before, whatever its name."""
    return tuple(sorted({*time_zones(), chosen})) if chosen in _all_zones() else time_zones()


def check_zone(time_zone: str) -> None:
    """Refuse a time zone that there is not."""
    if time_zone not in _all_zones():
        raise RefusedError(f"{time_zone} is not a time zone such as Europe/Berlin.", field="time_zone")


@lru_cache(maxsize=1)
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    zones: dict[str, tuple[str, ...]] = {}
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            zones[code] = (*zones.get(code, ()), zone)
    return zones


def zones_of(country: str) -> tuple[str, ...]:
    """The time zones of a country; none where that is not known."""
    return _zones_by_country().get(country, ())


def zone_or_that_of(country: str, time_zone: str) -> str:
    """The time zone that was chosen, or where none was, the only one of the country."""
    zones = zones_of(country)
    if time_zone or country not in countries():
        return time_zone
    if len(zones) != 1:
        known = f"has {len(zones)} time zones" if zones else "has no time zone of its own here"
        raise RefusedError(f"{countries()[country]} {known}. Choose one.", field="time_zone")
    return zones[0]


def check_place(country: str, subdivision: str | None, time_zone: str) -> None:
    """Refuse a country, a part of it or a time zone that there is not."""
    if country not in countries():
        raise RefusedError(f"{country} is not the code of a country such as DE.", field="country")
    if subdivision and subdivision not in subdivisions(country):
        parts = ", ".join(subdivisions(country)) or "none"
        says = f"{subdivision} is no part of {countries()[country]} with holidays of its own; these are: {parts}."
        raise RefusedError(says, field="subdivision")
    check_zone(time_zone)
