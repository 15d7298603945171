"""Found an organisation, and keep what it says of itself."""

import re
import unicodedata
from zoneinfo import available_timezones

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.models.organisation import Membership, Organisation
from app.models.person import Person
from app.work import Work
from app.work.journal import open_chain


def slug_of(name: str) -> str:
    """The word that stands for an organisation in addresses."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "organisation"


def found(work: Work, *, name: str, country: str, time_zone: str, slug: str | None = None) -> Organisation:
    """Found an organisation and begin its journal; the work is the installation's."""
    if time_zone not in available_timezones():
        raise RefusedError(f"{time_zone} is not a time zone such as Europe/Berlin.", field="time_zone")
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise RefusedError("An organisation has a name of at most 200 characters.", field="name")
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise RefusedError(f"{country} is not a country of two letters, such as DE.", field="country")
    wanted = slug or slug_of(name)
    taken = set(work.session.scalars(select(Organisation.slug).where(Organisation.slug.like(f"{wanted}%"))))
    free = (
        wanted
        if wanted not in taken
        else next(f"{wanted}-{n}" for n in range(2, 10_000) if f"{wanted}-{n}" not in taken)
    )
    organisation = Organisation(slug=free, name=name, country=country.upper(), time_zone=time_zone, created_at=work.now)
    # The chain must stand before the first entry that goes into it.
    work.add(organisation)
    open_chain(work.session, organisation.id)
    return organisation


def join(work: Work, organisation: Organisation, person: Person, roles: frozenset[Role]) -> Membership:
    """Make a person a member; somebody who left before comes back under the same membership."""
    with work.within(organisation.id) as inside:
        membership = inside.one_or_none(select(Membership).where(Membership.person_id == person.id))
        if membership is None:
            return inside.add(Membership(person_id=person.id, roles=roles, joined_at=work.now))
        membership.roles, membership.ended_at, membership.joined_at = roles, None, work.now
        return membership
