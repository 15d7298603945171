"""Sites: where the organisation works, and until when."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.dates import say
from app.domain.explained import RefusedError
from app.models.audit import Audit, AuditProgress, AuditSite
from app.models.organisation import Site
from app.operations.conflict import refuse_if_restamped
from app.operations.places import check_place, zone_or_that_of
from app.work import Work

SEEN = ("name", "address", "country", "subdivision", "time_zone", "is_central", "closed_on")


@dataclass(frozen=True, slots=True)
class SiteDetails:
    """What is said of a site."""

    name: str
    address: str
    country: str
    subdivision: str | None
    time_zone: str
    is_central: bool
    closed_on: date | None = None


def add(work: Work, details: SiteDetails) -> Site:
    """Add a site."""
    site = Site(closed_on=None)
    _tell(work, site, details)
    return work.add(site)


def change(work: Work, site: Site, seen: str | None, details: SiteDetails) -> Site:
    """Change a site, or close it; one that audits are still to visit is not closed before them."""
    refuse_if_restamped(site, seen, SEEN, f"The site {site.name}")
    if details.closed_on is not None:
        _refuse_while_audits_visit(work, site, details.closed_on)
    _tell(work, site, details)
    work.flush()
    return site


def _tell(work: Work, site: Site, details: SiteDetails) -> None:
    time_zone = zone_or_that_of(details.country, details.time_zone)
    check_place(details.country, details.subdivision, time_zone)
    name = details.name.strip()
    for other in work.all(select(Site)):
        if other.id == site.id:
            continue
        if other.name.casefold() == name.casefold():
            raise RefusedError(f"There is a site {other.name} already.", field="name")
        if details.is_central and other.is_central:
            other.is_central = False
    site.name, site.address, site.country = name, details.address.strip(), details.country
    site.subdivision, site.time_zone = details.subdivision or None, time_zone
    site.is_central, site.closed_on = details.is_central, details.closed_on


def _refuse_while_audits_visit(work: Work, site: Site, closed_on: date) -> None:
    visiting = work.all(
        select(Audit)
        .join(AuditSite, AuditSite.audit_id == Audit.id)
        .where(AuditSite.site_id == site.id, Audit.ends_on >= closed_on)
        .where(Audit.progress.in_([each for each in AuditProgress if not each.is_over]))
        .order_by(Audit.ends_on)
    )
    if visiting:
        first = visiting[0]
        more = f" and {len(visiting) - 1} more" if len(visiting) > 1 else ""
        says = f"{first.reference} visits {site.name} until {say(first.ends_on)}{more}. Change the audits first."
        raise RefusedError(says, field="closed_on")
