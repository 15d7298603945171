"""Erase a person: name and mail are blanked everywhere, and what was done stays, under a number.

The journal never held a name or a mail, so it stays whole.
"""

import re
from dataclasses import dataclass

from icalendar.parser import Contentline
from markupsafe import escape
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.explained import RefusedError
from app.models.agenda_invitation import AgendaInvitation
from app.models.audit import TeamMember
from app.models.audit_guest import AuditGuest
from app.models.audit_plan import AgendaPerson
from app.models.calendar_feed import CalendarFeed
from app.models.employee import Employee
from app.models.management_review import ManagementReview
from app.models.organisation import Invitation, Membership, Organisation
from app.models.outbox import OutboxMail
from app.models.person import PasswordReset, Person, SignIn
from app.models.report_run import ReportRun
from app.operations import employees, second_factor, subscription_seats
from app.operations.members import is_last_administrator
from app.operations.persons import locked
from app.work import ACROSS, Work

_WHY = "a person is erased everywhere"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What erasing a person will do."""

    name: str
    organisations: tuple[str, ...]
    feeds: int
    sign_ins: int


def preview(work: Work, person_id: int) -> Erasure:
    """What erasing will do, to be read first."""
    person = work.session.scalars(select(Person).where(Person.id == person_id)).one()
    names = work.session.scalars(
        select(Organisation.name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        .order_by(Organisation.name),
        execution_options={ACROSS: _WHY},
    )
    feeds = work.session.scalar(
        select(func.count(CalendarFeed.id)).where(
            CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None)
        ),
        execution_options={ACROSS: _WHY},
    )
    sign_ins = work.session.scalar(select(func.count(SignIn.id)).where(SignIn.person_id == person_id))
    return Erasure(person.label, tuple(names), feeds or 0, sign_ins or 0)


def refuse_by_administrator(work: Work, person_id: int) -> None:
    """An administrator erases whoever belongs to this organisation and to no other, but not themself."""
    if person_id == work.actor_id:
        raise RefusedError("Erase yourself from the page of your own account.")
    homes = set(
        work.session.scalars(
            select(Membership.organisation_id).where(Membership.person_id == person_id),
            execution_options={ACROSS: _WHY},
        )
    )
    if homes != {work.home}:
        raise RefusedError(
            "This person belongs, or belonged, to another organisation too, so only they can erase themself. "
            "You can end their membership here."
        )


def erase(work: Work, person_id: int) -> None:
    """Blank the person everywhere: name, mail, password, second factor, sign-ins, invitations, mails, feeds."""
    person = locked(work, person_id)
    if person.erased_at is not None:
        return
    email, name = person.email or "", person.name
    for organisation_id in _homes(work, person_id, email):
        with work.within(organisation_id) as inside:
            _leave(inside, person_id, email, f"Erased person {person_id}")
            _forget_attendance(inside, name, f"Erased person {person_id}")
    with work.within(None) as installation:
        second_factor.remove(installation, person_id)
        _blank_sign_ins(installation, person_id)
        person.email = person.password_hash = person.password_changed_at = None
        person.name, person.theme, person.erased_at = "", "system", installation.now
        installation.flush()
        _blank_mails(installation, person_id, email, name, person.label)


def _homes(work: Work, person_id: int, email: str) -> list[int]:
    """The organisations that keep something of the person."""
    kept: tuple[tuple[InstrumentedAttribute[int], ColumnElement[bool]], ...] = (
        (Membership.organisation_id, Membership.person_id == person_id),
        (CalendarFeed.organisation_id, CalendarFeed.person_id == person_id),
        (Invitation.organisation_id, Invitation.email == email),
        (ReportRun.organisation_id, ReportRun.asked_by_id == person_id),
        (TeamMember.organisation_id, or_(TeamMember.person_id == person_id, TeamMember.outside_email == email)),
        (AgendaPerson.organisation_id, or_(AgendaPerson.person_id == person_id, AgendaPerson.outside_email == email)),
        (
            AgendaInvitation.organisation_id,
            or_(AgendaInvitation.person_id == person_id, func.lower(AgendaInvitation.email) == email),
        ),
        (Employee.organisation_id, or_(Employee.person_id == person_id, func.lower(Employee.email) == email)),
    )
    homes: set[int] = set()
    for owner, condition in kept:
        homes |= set(work.session.scalars(select(owner).where(condition), execution_options={ACROSS: _WHY}))
    return sorted(homes)


def _leave(work: Work, person_id: int, email: str, label: str) -> None:
    organisation = work.session.scalars(
        select(Organisation).where(Organisation.id == work.home).with_for_update(key_share=True)
    ).one()
    membership = work.one_or_none(
        select(Membership).where(Membership.person_id == person_id, Membership.ended_at.is_(None))
    )
    if membership is not None:
        others = work.one_or_none(
            select(func.count(Membership.id)).where(Membership.ended_at.is_(None), Membership.person_id != person_id)
        )
        if others and is_last_administrator(work, membership):
            raise RefusedError(
                f"{organisation.name} would be left without an administrator. Make somebody else administrator first."
            )
        membership.ended_at = work.now
    subscription_seats.release_all(work, person_id)
    for feed in work.all(select(CalendarFeed).where(CalendarFeed.person_id == person_id)):
        feed.name, feed.revoked_at = "", feed.revoked_at or work.now
    # A print says who made it; its file goes with the next sweep.
    for run in work.all(select(ReportRun).where(ReportRun.asked_by_id == person_id)):
        work.session.delete(run)
    for guest in work.all(select(AuditGuest).where(AuditGuest.person_id == person_id, AuditGuest.ended_at.is_(None))):
        guest.ended_at = work.now
    for invitation in work.all(select(Invitation).where(Invitation.email == email)):
        if invitation.accepted_at is None and invitation.withdrawn_at is None:
            invitation.withdrawn_at = work.now
        invitation.email = invitation.name = ""
    whose = or_(TeamMember.person_id == person_id, func.lower(TeamMember.outside_email) == email)
    for row in work.all(select(TeamMember).where(whose)):
        row.outside_name, row.outside_email = label if row.person_id is None else "", ""
    at_item = or_(AgendaPerson.person_id == person_id, func.lower(AgendaPerson.outside_email) == email)
    for at in work.all(select(AgendaPerson).where(at_item)):
        at.outside_name, at.outside_email, at.token_hash = label if at.person_id is None else "", "", None
    invited = or_(AgendaInvitation.person_id == person_id, func.lower(AgendaInvitation.email) == email)
    work.session.execute(delete(AgendaInvitation).where(invited))
    employees.forget(work, person_id, email, label)


def _forget_attendance(work: Work, name: str, label: str) -> None:
    """In the lists of who sat in the management reviews the number stands in the place of the name."""
    if not name:
        return
    named = ManagementReview.attendees.icontains(name, autoescape=True)
    for review in work.all(select(ManagementReview).where(named)):
        review.attendees = _without(review.attendees, {name: label})


def _blank_sign_ins(work: Work, person_id: int) -> None:
    for row in work.all(select(SignIn).where(SignIn.person_id == person_id)):
        row.address = row.browser = ""
        row.ended_at = row.ended_at or work.now
    for reset in work.all(select(PasswordReset).where(PasswordReset.person_id == person_id)):
        work.session.delete(reset)
    work.flush()


def _blank_mails(work: Work, person_id: int, email: str, name: str, label: str) -> None:
    """Mails to the person go; in mails to others the number stands in the place of the name."""
    theirs = or_(OutboxMail.person_id == person_id, func.lower(OutboxMail.to_email) == email)
    work.session.execute(delete(OutboxMail).where(theirs))
    stand_ins = {spelt: label for spelt in (name, str(escape(name))) if spelt}
    stand_ins |= {spelt: f"erased-{person_id}@erased.invalid" for spelt in (email, str(escape(email))) if spelt}
    if not stand_ins:
        return
    texts = (OutboxMail.to_name, OutboxMail.subject, OutboxMail.body, OutboxMail.html)
    mentions = or_(*(column.icontains(spelt, autoescape=True) for column in texts for spelt in stand_ins))
    # The lines of a calendar are folded, in the middle of a name too: each is read.
    candidates = or_(mentions, OutboxMail.calendar != "")
    for id_, calendar, *found in work.execute(
        select(OutboxMail.id, OutboxMail.calendar, *texts).where(candidates)
    ).all():
        values = {column.key: _without(text, stand_ins) for column, text in zip(texts, found, strict=True)}
        values["calendar"] = _calendar_without(calendar, stand_ins)
        work.session.execute(update(OutboxMail).where(OutboxMail.id == id_).values(values))


def _without(text: str, stand_ins: dict[str, str]) -> str:
    longest_first = sorted(stand_ins, key=len, reverse=True)
    whole = re.compile("|".join(rf"(?<!\w){re.escape(spelt)}(?!\w)" for spelt in longest_first), re.IGNORECASE)
    by_case = {spelt.lower(): word for spelt, word in stand_ins.items()}
    return whole.sub(lambda found: by_case.get(found[0].lower(), ""), text)


def _calendar_without(calendar: str, stand_ins: dict[str, str]) -> str:
    lines = re.sub(r"\r?\n[ \t]", "", calendar)
    changed = _without(lines, stand_ins)
    if changed == lines:
        return calendar
    folded = (str(Contentline(line).to_ical(), "utf-8") for line in re.split(r"\r?\n", changed.rstrip("\r\n")))  # type: ignore[no-untyped-call]
    return "".join(f"{line}\r\n" for line in folded)


__all__ = ["Erasure", "erase", "preview", "refuse_by_administrator"]
