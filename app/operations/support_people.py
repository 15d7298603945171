"""Set up who gives support: in which zone, how long, when; and when not."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.domain.explained import Refusals, RefusedError
from app.domain.permission import Permission
from app.domain.subscription.support import (
    Absence,
    Hours,
    Terms,
    refuse_absence,
    refuse_hours,
    refuse_link,
    refuse_terms,
)
from app.models.support import SupportAbsence, SupportHours, SupportPerson
from app.operations.conflict import refuse_if_changed
from app.queries.members import those_who_may
from app.queries.support import support_person
from app.work import Work


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What is said of a support person."""

    terms: Terms
    hours: tuple[Hours, ...]
    link: str = ""
    is_paused: bool = False


def candidates(work: Work) -> dict[int, str]:
    """Who may give support and is not set up yet, by name."""
    there = set(work.all(select(SupportPerson.person_id)))
    able = those_who_may(work, Permission.GIVE_SUPPORT)
    return {each.id: each.label for each in able if each.id not in there}


def set_up(work: Work, person_id: int, details: PersonDetails) -> SupportPerson:
    """Let somebody of the staff give support."""
    _refuse(details)
    if person_id not in candidates(work):
        raise RefusedError("Choose somebody of your staff who does not give support yet.", "person")
    terms = details.terms
    return work.add(
        SupportPerson(
            person_id=person_id,
            time_zone=terms.time_zone,
            minutes=terms.minutes,
            buffer_minutes=terms.buffer_minutes,
            notice_hours=terms.notice_hours,
            link=details.link,
            is_paused=details.is_paused,
            hours=_rows(work, details.hours),
            absences=[],
        )
    )


def change(work: Work, support_person_id: int, seen: int | None, details: PersonDetails) -> SupportPerson:
    """Change how and when somebody gives support; what is booked already stays as it is."""
    person = _held(work, support_person_id)
    refuse_if_changed(person, seen, person.person.label)
    _refuse(details)
    terms = details.terms
    person.time_zone, person.minutes = terms.time_zone, terms.minutes
    person.buffer_minutes, person.notice_hours = terms.buffer_minutes, terms.notice_hours
    person.link, person.is_paused = details.link, details.is_paused
    if sorted(details.hours) != sorted(Hours(each.weekday, each.starts_at, each.ends_at) for each in person.hours):
        person.hours = _rows(work, details.hours)
        # The hours are rows of their own: whoever saves second is to see that they changed.
        flag_modified(person, "time_zone")
    work.flush()
    return person


def add_absence(work: Work, support_person_id: int, absence: Absence, note: str) -> SupportAbsence:
    """Record days on which somebody gives no support; sessions booked on them stay until somebody cancels them."""
    refuse_absence(absence)
    if absence.last_on < work.today:
        raise RefusedError("These days are over.", "last_on")
    person = _held(work, support_person_id)
    row = SupportAbsence(
        support_person_id=person.id, first_on=absence.first_on, last_on=absence.last_on, note=note.strip()
    )
    return work.add(row)


def remove_absence(work: Work, absence_id: int) -> SupportPerson:
    """Take back an absence; gives whose it was."""
    owner = work.one_or_none(select(SupportAbsence.support_person_id).where(SupportAbsence.id == absence_id))
    if owner is None:
        raise RefusedError("There is no such absence.")
    person = _held(work, owner)
    person.absences = [each for each in person.absences if each.id != absence_id]
    work.flush()
    return person


def _held(work: Work, support_person_id: int) -> SupportPerson:
    """A support person, while nobody books with them."""
    held = select(SupportPerson.id).where(SupportPerson.id == support_person_id)
    work.execute(held.with_for_update(key_share=True))
    person = support_person(work, support_person_id)
    if person is None:
        raise RefusedError("There is no such support person.")
    return person


def _refuse(details: PersonDetails) -> None:
    refusals = Refusals()
    with refusals.noted():
        refuse_terms(details.terms)
    with refusals.noted():
        refuse_hours(details.hours)
    with refusals.noted():
        refuse_link(details.link)
    refusals.tell()


def _rows(work: Work, hours: Sequence[Hours]) -> list[SupportHours]:
    return [
        SupportHours(organisation_id=work.home, weekday=each.weekday, starts_at=each.starts_at, ends_at=each.ends_at)
        for each in sorted(hours)
    ]
