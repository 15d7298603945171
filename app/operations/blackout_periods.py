"""Blackout periods: days on which the organisation, or one of its sites, wants no audit."""

from datetime import date

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.plausible import FIRST_YEAR, LAST_YEAR
from app.models.organisation import BlackoutPeriod, Site
from app.operations.conflict import refuse_if_restamped
from app.work import Work

SEEN = ("name", "starts_on", "ends_on", "site_id")


def add(work: Work, *, name: str, starts_on: date, ends_on: date, site_id: int | None) -> BlackoutPeriod:
    """Add a period, both ends included. Audits that are planned within it stay where they are."""
    _check(work, starts_on, ends_on, site_id)
    return work.add(BlackoutPeriod(name=name.strip(), starts_on=starts_on, ends_on=ends_on, site_id=site_id))


def change(
    work: Work,
    period: BlackoutPeriod,
    seen: str | None,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    site_id: int | None,
) -> BlackoutPeriod:
    """Change a period."""
    refuse_if_restamped(period, seen, SEEN, f"The blackout period {period.name}")
    _check(work, starts_on, ends_on, site_id)
    period.name, period.starts_on, period.ends_on, period.site_id = name.strip(), starts_on, ends_on, site_id
    work.flush()
    return period


def remove(work: Work, period: BlackoutPeriod) -> None:
    """Remove a period; the journal keeps it."""
    work.session.delete(period)
    work.flush()


def _check(work: Work, starts_on: date, ends_on: date, site_id: int | None) -> None:
    if ends_on < starts_on:
        raise RefusedError("It would end before it starts.", field="ends_on")
    for day, field in ((starts_on, "starts_on"), (ends_on, "ends_on")):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise RefusedError(f"A year from {FIRST_YEAR} to {LAST_YEAR}.", field=field)
    if site_id is not None and work.one_or_none(select(Site.id).where(Site.id == site_id)) is None:
        raise RefusedError("There is no such site.", field="site_id")
