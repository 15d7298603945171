"""Support as either side reads it: what is free, a client's own sessions, and the diary of who gives support."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.permission import Permission, granted
from app.domain.subscription.agreement import Standing
from app.domain.subscription.plan import Allowance, Use
from app.domain.subscription.support import Absence, Diary, Hours, Span, Terms
from app.models.agreement import Agreement
from app.models.organisation import Membership, Organisation
from app.models.person import Person
from app.models.support import SupportAbsence, SupportAction, SupportBooking, SupportHours, SupportPerson
from app.queries.agreements import providers_of
from app.queries.members import is_live
from app.queries.subscriptions import subscriptions_of, term_of, uses_of
from app.work import ACROSS, Work

PAGE = 50
_BOTH_SIDES = {ACROSS: "a session has two sides"}
_WHOLE = (
    joinedload(SupportBooking.support_person).joinedload(SupportPerson.person),
    joinedload(SupportBooking.client),
    joinedload(SupportBooking.booked_by),
)
WITH_ACTIONS = (*_WHOLE, joinedload(SupportBooking.actions).joinedload(SupportAction.owner))


def diaries_of(work: Work, sellers: Collection[int], without: int | None = None) -> list[Diary]:
    """Who gives support at these sellers today, with what is booked from now on; five queries.

    Who is paused, or belongs there no longer, gives none. `without` is a session that is about to be moved.
    """
    columns = (SupportPerson.id, SupportPerson.time_zone, SupportPerson.minutes, SupportPerson.buffer_minutes)
    statement: Any = (
        select(*columns, SupportPerson.notice_hours, Membership)
        .join(
            Membership,
            (Membership.person_id == SupportPerson.person_id)
            & (Membership.organisation_id == SupportPerson.organisation_id),
        )
        .where(SupportPerson.organisation_id.in_(sorted(sellers) or [-1]), SupportPerson.is_paused.is_(False))
        .order_by(SupportPerson.id)
        .execution_options(**_BOTH_SIDES)
    )
    people: dict[int, Terms] = {
        row[0]: Terms(*row[1:5])
        for row in work.execute(statement)
        if is_live(work, row[5]) and Permission.GIVE_SUPPORT in granted(row[5].roles)
    }
    ids = sorted(people) or [-1]
    hours, absences, taken = defaultdict(list), defaultdict(list), defaultdict(list)
    of_hours = select(SupportHours).where(SupportHours.support_person_id.in_(ids))
    for each in work.all(of_hours.execution_options(**_BOTH_SIDES)):
        hours[each.support_person_id].append(Hours(each.weekday, each.starts_at, each.ends_at))
    of_absence = select(SupportAbsence).where(SupportAbsence.support_person_id.in_(ids))
    for away in work.all(of_absence.execution_options(**_BOTH_SIDES)):
        absences[away.support_person_id].append(Absence(away.first_on, away.last_on))
    booked = (
        select(SupportBooking.support_person_id, SupportBooking.starts_at, SupportBooking.ends_at)
        .where(
            SupportBooking.support_person_id.in_(ids),
            SupportBooking.cancelled_at.is_(None),
            SupportBooking.ends_at >= work.now - max((each.buffer for each in people.values()), default=_NO_TIME),
            SupportBooking.id != (without or 0),
        )
        .execution_options(**_BOTH_SIDES)
    )
    for person_id, starts_at, ends_at in work.execute(booked):
        taken[person_id].append(Span(starts_at, ends_at))
    return [
        Diary(key, terms, tuple(sorted(hours[key])), tuple(absences[key]), tuple(sorted(taken[key])))
        for key, terms in people.items()
    ]


_NO_TIME = Terms("UTC", 0).buffer


def own_diaries(work: Work, without: int | None = None) -> list[Diary]:
    """Who gives support to the organisation of this work: the support people of its providers."""
    return diaries_of(work, {each.provider_id for each in providers_of(work)}, without)


def names_of(work: Work, people: Collection[int]) -> dict[int, str]:
    """The names of support people."""
    statement = (
        select(SupportPerson.id, Person)
        .join(Person, Person.id == SupportPerson.person_id)
        .where(SupportPerson.id.in_(sorted(people) or [-1]))
        .execution_options(**_BOTH_SIDES)
    )
    return {key: person.label for key, person in work.execute(statement)}


def seller_of(work: Work, support_person_id: int) -> int | None:
    """Which provider of the organisation of this work a support person belongs to; None where it is none of them."""
    statement = (
        select(SupportPerson.organisation_id)
        .where(
            SupportPerson.id == support_person_id,
            SupportPerson.organisation_id.in_(sorted(each.provider_id for each in providers_of(work)) or [-1]),
        )
        .execution_options(**_BOTH_SIDES)
    )
    return work.one_or_none(statement)


def former_provider(work: Work, support_person_id: int) -> str | None:
    """The name of the provider a support person belongs to, where its agreement with this organisation has ended."""
    statement = (
        select(Organisation.name)
        .join(SupportPerson, SupportPerson.organisation_id == Organisation.id)
        .join(Agreement, Agreement.organisation_id == Organisation.id)
        .where(
            SupportPerson.id == support_person_id,
            SupportPerson.organisation_id.not_in([each.provider_id for each in providers_of(work)]),
            Agreement.client_id == work.home,
            Agreement.standing == Standing.ENDED,
        )
        .distinct()
        .execution_options(**{ACROSS: "an agreement has two sides"})
    )
    return work.one_or_none(statement)


def client_sessions(work: Work, person_id: int | None = None) -> list[SupportBooking]:
    """The sessions of the organisation of this work, the latest first; those of no other.

    With a person, those alone that they booked or take part in.
    """
    statement = (
        select(SupportBooking)
        .where(SupportBooking.client_id == work.home, *([] if person_id is None else [_takes_part(person_id)]))
        .order_by(SupportBooking.starts_at.desc(), SupportBooking.id.desc())
        .limit(2 * PAGE)
        .options(*_WHOLE)
    )
    return work.all(statement.execution_options(**_BOTH_SIDES))


def taken_by_others(work: Work, person_id: int) -> list[Span]:
    """When sessions of the organisation of this work are ahead that a person has no part in: the times, and no more."""
    row = SupportBooking
    statement: Any = (
        select(row.starts_at, row.ends_at)
        .where(row.client_id == work.home, row.ends_at > work.now, row.cancelled_at.is_(None), ~_takes_part(person_id))
        .order_by(row.starts_at, row.id)
        .limit(PAGE)
    )
    return [Span(*each) for each in work.execute(statement.execution_options(**_BOTH_SIDES))]


def _takes_part(person_id: int) -> Any:
    """Whether somebody booked a session, gives it, or is to do something after it."""
    row = SupportBooking
    return (
        (row.booked_by_id == person_id)
        | row.support_person_id.in_(select(SupportPerson.id).where(SupportPerson.person_id == person_id))
        | row.id.in_(select(SupportAction.booking_id).where(SupportAction.owner_id == person_id))
    )


def client_session(work: Work, booking_id: int) -> SupportBooking | None:
    """One session of the organisation of this work, with its actions."""
    statement = (
        select(SupportBooking)
        .where(SupportBooking.id == booking_id, SupportBooking.client_id == work.home)
        .options(*WITH_ACTIONS)
    )
    return work.one_or_none(statement.execution_options(**_BOTH_SIDES))


def has_support(work: Work) -> bool:
    """Whether the organisation of this work has a provider, or had sessions of one."""
    if providers_of(work):
        return True
    statement = select(SupportBooking.id).where(SupportBooking.client_id == work.home).limit(1)
    return bool(work.all(statement.execution_options(**_BOTH_SIDES)))


def support_use(work: Work, seller_id: int) -> tuple[str, Use] | None:
    """The plan that the organisation of this work is on at a seller today, and how many sessions of it are used.

    None where it is on none. What counts is what begins within the term of the plan.
    """
    for row in subscriptions_of(work):
        if row.organisation_id == seller_id and row.accepted_at is not None and term_of(row).covers(work.today):
            return row.name, uses_of(work, row)[Allowance.SUPPORT]
    return None


def support_people(work: Work) -> list[SupportPerson]:
    """Who gives support here, with hours and absences that are not over, by name."""
    statement = select(SupportPerson).options(
        joinedload(SupportPerson.person), joinedload(SupportPerson.hours), joinedload(SupportPerson.absences)
    )
    return sorted(work.all(statement), key=lambda each: (each.person.label.casefold(), each.id))


def support_person(work: Work, support_person_id: int) -> SupportPerson | None:
    """One of them."""
    statement = (
        select(SupportPerson)
        .where(SupportPerson.id == support_person_id)
        .options(joinedload(SupportPerson.person), joinedload(SupportPerson.hours), joinedload(SupportPerson.absences))
    )
    return work.one_or_none(statement)


def support_absence(work: Work, support_absence_id: int) -> SupportAbsence | None:
    """One absence of somebody who gives support here."""
    return work.one_or_none(select(SupportAbsence).where(SupportAbsence.id == support_absence_id))


def sessions_ahead(work: Work) -> list[SupportBooking]:
    """The sessions of all clients that are not over and not cancelled, the next first."""
    row = SupportBooking
    statement = select(row).where(row.ends_at > work.now, row.cancelled_at.is_(None)).options(*_WHOLE)
    return work.all(statement.order_by(row.starts_at, row.id).limit(4 * PAGE))


def sessions_before(work: Work) -> list[SupportBooking]:
    """Those that are over or were cancelled, the latest first."""
    row = SupportBooking
    statement = select(row).where((row.ends_at <= work.now) | row.cancelled_at.is_not(None)).options(*_WHOLE)
    return work.all(statement.order_by(row.starts_at.desc(), row.id.desc()).limit(2 * PAGE))


def session_by(work: Work, reference: str) -> SupportBooking | None:
    """One session of the diary, with its actions."""
    statement = select(SupportBooking).where(SupportBooking.reference == reference).options(*WITH_ACTIONS)
    return work.one_or_none(statement)


def own_sessions(work: Work, person_id: int) -> list[SupportBooking]:
    """The sessions ahead that a person has in the organisation of this work, on either side, the next first."""
    row = SupportBooking
    statement = (
        select(row)
        .join(SupportPerson, SupportPerson.id == row.support_person_id)
        .where(
            ((row.client_id == work.home) & (row.booked_by_id == person_id))
            | ((row.organisation_id == work.home) & (SupportPerson.person_id == person_id)),
            row.ends_at > work.now,
            row.cancelled_at.is_(None),
        )
        .order_by(row.starts_at, row.id)
        .options(*_WHOLE)
    )
    return work.all(statement.execution_options(**_BOTH_SIDES))


def own_actions(work: Work, person_id: int) -> list[SupportAction]:
    """What a person is to do after sessions of the organisation of this work, on either side, the first due first."""
    statement = (
        select(SupportAction)
        .join(SupportBooking, SupportBooking.id == SupportAction.booking_id)
        .where(
            SupportAction.owner_id == person_id,
            SupportAction.done_on.is_(None),
            (SupportBooking.client_id == work.home) | (SupportBooking.organisation_id == work.home),
        )
        .order_by(SupportAction.due_on, SupportAction.id)
        .options(joinedload(SupportAction.booking))
    )
    return work.all(statement.execution_options(**_BOTH_SIDES))
