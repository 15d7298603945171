"""Found an organisation, and keep what it says of itself."""

import re
import unicodedata
from dataclasses import fields
from datetime import date
from enum import Enum

from sqlalchemy import select

from app.domain.certification.choices import check
from app.domain.certification.facts import CycleSettings
from app.domain.explained import RefusedError
from app.domain.findings.choices import CHOICES as AUDIT_CHOICES
from app.domain.findings.choices import refuse_choices
from app.domain.permission import Role
from app.domain.plausible import FIRST_YEAR, LAST_YEAR
from app.domain.training.competence import OnGap
from app.models.organisation import Membership, Organisation
from app.models.person import Person
from app.operations.conflict import refuse_if_changed
from app.operations.places import check_place, check_zone
from app.operations.training_assignments import apply_rules
from app.operations.verdicts import judge_again
from app.work import Work
from app.work.journal import open_chain


def slug_of(name: str) -> str:
    """The word that stands for an organisation in addresses."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "organisation"


def found(work: Work, *, name: str, country: str, time_zone: str, slug: str | None = None) -> Organisation:
    """Found an organisation and begin its journal; the work is the installation's."""
    check_zone(time_zone)
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
    """Make a person a member, with the training that the rules ask of them; who left before comes back under the same
    membership."""
    with work.within(organisation.id) as inside:
        membership = inside.one_or_none(select(Membership).where(Membership.person_id == person.id))
        if membership is None:
            membership = inside.add(Membership(person_id=person.id, roles=roles, joined_at=work.now))
        else:
            membership.roles, membership.ended_at, membership.joined_at = roles, None, work.now
            inside.flush()
        apply_rules(inside, person.id)
        return membership


def current(work: Work) -> Organisation:
    """The organisation of the work, locked until its end, so that nobody changes it in between."""
    # Whoever holds a certificate may still write rows of this organisation: with the stronger lock each of the two
    # would wait for the other.
    wanted = select(Organisation).where(Organisation.id == work.home).with_for_update(key_share=True)
    return work.session.scalars(wanted.execution_options(populate_existing=True)).one()


def describe(
    work: Work,
    seen: int | None,
    *,
    name: str,
    country: str,
    subdivision: str | None,
    time_zone: str,
    requires_second_factor: bool,
    internal_plan_starts_on: date | None,
) -> Organisation:
    """Change what an organisation says of itself; its address stays, since people have kept it."""
    organisation = current(work)
    refuse_if_changed(organisation, seen, "The organisation")
    check_place(country, subdivision, time_zone)
    if requires_second_factor and not organisation.requires_second_factor and not _has_second_factor(work):
        raise RefusedError(
            "You have no second factor yourself, and would lock yourself out. Set one up under your account first.",
            field="requires_second_factor",
        )
    if internal_plan_starts_on is not None and not FIRST_YEAR <= internal_plan_starts_on.year <= LAST_YEAR:
        raise RefusedError(f"A year from {FIRST_YEAR} to {LAST_YEAR}.", field="internal_plan_starts_on")
    organisation.name, organisation.country, organisation.subdivision = name.strip(), country, subdivision or None
    organisation.time_zone, organisation.requires_second_factor = time_zone, requires_second_factor
    organisation.internal_plan_starts_on = internal_plan_starts_on
    work.flush()
    return organisation


def choose_rules(work: Work, seen: int | None, settings: CycleSettings) -> Organisation:
    """Choose where the standards leave room; every certificate is judged anew."""
    organisation = current(work)
    refuse_if_changed(organisation, seen, "The rules of the cycle")
    check(settings)
    for each in fields(settings):
        value = getattr(settings, each.name)
        setattr(organisation, each.name, value.value if isinstance(value, Enum) else value)
    work.flush()
    judge_again(work)
    return organisation


def choose_audits(work: Work, seen: int | None, values: dict[str, int], on_gap: OnGap = OnGap.REFUSE) -> Organisation:
    """Choose what no standard numbers about audits, nonconformities and training; deadlines that are set stay."""
    organisation = current(work)
    refuse_if_changed(organisation, seen, "What is chosen about audits")
    refuse_choices(values)
    for choice in AUDIT_CHOICES:
        setattr(organisation, choice.name, values[choice.name])
    organisation.competence_gap = on_gap.value
    work.flush()
    return organisation


def _has_second_factor(work: Work) -> bool:
    person = work.one_or_none(select(Person).where(Person.id == work.actor_id))
    return person is not None and person.totp_confirmed_at is not None
