"""The agenda of an audit: its items are added, changed and removed; what is changed has to be confirmed anew."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.domain.dates import add_days
from app.domain.explained import Refusals, RefusedError
from app.domain.programme.agenda import AgendaSide, refuse_backwards
from app.models.audit import Audit
from app.models.audit_plan import AgendaItem, AgendaPerson
from app.models.organisation import Site
from app.operations.agenda_invitations import mark_stale, tell_changes
from app.operations.conflict import refuse_if_changed
from app.operations.frozen import refuse_if_frozen
from app.operations.persons import normal_email
from app.operations.seat_gate import refuse_unseated_member
from app.queries.audit_plan import agenda_of, auditees_on_offer
from app.work import Work

MOST_OUTSIDE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaDetails:
    """What is said of an item: `auditors` are of the team, `members` are persons, `outside` are names and mails."""

    held_on: date
    starts_at: time
    ends_at: time
    title: str
    covers: str = ""
    place: str = ""
    site_id: int | None = None
    auditors: frozenset[int] = frozenset()
    members: frozenset[int] = frozenset()
    outside: tuple[tuple[str, str], ...] = ()


def add(work: Work, audit: Audit, details: AgendaDetails) -> AgendaItem:
    """Put an item on the agenda of an audit that was loaded for update."""
    refuse_if_frozen(audit)
    refuse_unseated_member(work, audit)
    outside = _checked(work, audit, details, frozenset())
    item = AgendaItem(audit_id=audit.id, people=[])
    _write(item, details)
    work.add(item)
    _seat(work, audit, item, details, outside)
    mark_stale(work, audit.id)
    return item


def change(work: Work, audit: Audit, item: AgendaItem, details: AgendaDetails, seen: int | None = None) -> AgendaItem:
    """Change an item; who saw an older version is refused. What was confirmed has to be confirmed anew.

    Who only comes in beside the others changes nothing for them: their confirmation stands.
    """
    refuse_if_changed(item, seen, f"“{item.title}”")
    refuse_if_frozen(audit)
    refuse_unseated_member(work, audit)
    there = frozenset(each.person_id for each in item.people if each.person_id is not None)
    outside = _checked(work, audit, details, there)
    before = _told(item)
    _write(item, details)
    _seat(work, audit, item, details, outside)
    if _told(item) != before:
        for each in item.people:
            each.asked_at = each.confirmed_at = None
    work.flush()
    mark_stale(work, audit.id)
    return item


def remove(work: Work, audit: Audit, item: AgendaItem) -> None:
    """Take an item off the agenda."""
    refuse_if_frozen(audit)
    refuse_unseated_member(work, audit)
    _hand_on(work, audit, item.people)
    work.session.delete(item)
    work.flush()
    mark_stale(work, audit.id)


def let_go(work: Work, audit: Audit, member_ids: Collection[int]) -> None:
    """Take those who leave the team off the agenda; what their auditees confirmed has to be confirmed anew."""
    if not member_ids:
        return
    for item in agenda_of(work, audit.id):
        leaving = [each for each in item.people if each.team_member_id in member_ids]
        for each in leaving:
            item.people.remove(each)
        if leaving:
            for each in item.people:
                each.asked_at = each.confirmed_at = None
    work.flush()
    mark_stale(work, audit.id)


def move_along(work: Work, audit: Audit, days: int) -> None:
    """Move every item by as many days as its audit; whoever confirmed one is asked anew."""
    if not days:
        return
    for item in agenda_of(work, audit.id):
        item.held_on = add_days(item.held_on, days)
        for each in item.people:
            each.asked_at = each.confirmed_at = None
    work.flush()
    mark_stale(work, audit.id)


def call_off(work: Work, audit: Audit) -> None:
    """Tell all who were invited that the audit is cancelled; if it is taken up again they are asked anew."""
    for item in agenda_of(work, audit.id):
        for each in item.people:
            each.asked_at = each.confirmed_at = None
    tell_changes(work, audit)


def _checked(work: Work, audit: Audit, details: AgendaDetails, there: frozenset[int]) -> dict[str, str]:
    """Refuse what an item cannot say; gives those from outside by their mail."""
    refusals = Refusals()
    with refusals.noted():
        if not details.title.strip():
            raise RefusedError("Say what the item is about.", "title")
    with refusals.noted():
        refuse_backwards(details.starts_at, details.ends_at)
    site = select(Site.id).where(Site.id == details.site_id)
    with refusals.noted():
        if details.site_id is not None and work.one_or_none(site) is None:
            raise RefusedError("Choose a site from the list.", "site")
    with refusals.noted():
        if details.auditors - {each.id for each in audit.team}:
            raise RefusedError("Choose auditors from the team of the audit.", "auditors")
    offered = {each.id: each for each in auditees_on_offer(work, there)}
    with refusals.noted():
        if details.members - offered.keys():
            raise RefusedError("Choose auditees from the list.", "members")
    outside: dict[str, str] = {}
    with refusals.noted():
        if len(details.outside) > MOST_OUTSIDE:
            raise RefusedError(f"No more than {MOST_OUTSIDE} people from outside can be at one item.", "outside")
        addresses = {(each.email or "").lower(): each for each in offered.values()}
        for name, email in details.outside:
            email = normal_email(email, "outside")
            if email in addresses:
                raise RefusedError(f"{addresses[email].label} is a member: tick their name instead.", "outside")
            outside[email] = name.strip()
    with refusals.noted():
        _refuse_both_sides(audit, details, outside)
    refusals.tell()
    return outside


def _refuse_both_sides(audit: Audit, details: AgendaDetails, outside: Iterable[str]) -> None:
    """Nobody is audited by themselves. [ISO 19011, 4 e)]"""
    for member in audit.team:
        if member.id not in details.auditors:
            continue
        if member.person_id is not None and member.person_id in details.members:
            raise RefusedError(f"{member.label} audits this item, and cannot be audited in it.", "members")
        if member.outside_email and member.outside_email.lower() in outside:
            raise RefusedError(f"{member.label} audits this item, and cannot be audited in it.", "outside")


def _write(item: AgendaItem, details: AgendaDetails) -> None:
    item.held_on, item.starts_at, item.ends_at = details.held_on, details.starts_at, details.ends_at
    item.title, item.covers = details.title.strip(), details.covers.strip()
    item.place, item.site_id = details.place.strip(), details.site_id


def _told(item: AgendaItem) -> tuple[object, ...]:
    """What an auditee confirms: all that is said of an item, and who audits."""
    said = (item.held_on, item.starts_at, item.ends_at, item.title, item.covers, item.place, item.site_id)
    return (*said, frozenset(each.team_member_id for each in item.people if each.side is AgendaSide.AUDITOR))


def _seat(work: Work, audit: Audit, item: AgendaItem, details: AgendaDetails, outside: dict[str, str]) -> None:
    """Let those be at an item who are wanted; who is there already keeps their row, and what they confirmed."""
    wanted: dict[object, AgendaPerson] = {}
    for member_id in sorted(details.auditors):
        wanted[AgendaSide.AUDITOR, member_id] = AgendaPerson(side=AgendaSide.AUDITOR, team_member_id=member_id)
    for person_id in sorted(details.members):
        wanted[AgendaSide.AUDITEE, person_id] = AgendaPerson(side=AgendaSide.AUDITEE, person_id=person_id)
    for email, name in outside.items():
        wanted[AgendaSide.AUDITEE, email] = AgendaPerson(
            side=AgendaSide.AUDITEE, outside_name=name, outside_email=email
        )
    there = {(each.side, each.team_member_id or each.person_id or each.outside_email): each for each in item.people}
    leaving = [row for key, row in there.items() if key not in wanted]
    _hand_on(work, audit, leaving)
    for row in leaving:
        item.people.remove(row)
    for key, row in wanted.items():
        if key not in there:
            item.people.append(row)
        elif row.outside_name:
            there[key].outside_name = row.outside_name
    if leaving or wanted.keys() - there.keys():
        # The version rises with its people too, so that a second editor is told.
        flag_modified(item, "title")
    work.flush()


def _hand_on(work: Work, audit: Audit, leaving: Collection[AgendaPerson]) -> None:
    """Keep the mailed address of who leaves one item and stays at another: it stands on another of their rows."""
    carried = {each.key: each for each in leaving if each.token_hash}
    if not carried:
        return
    gone = {each.id for each in leaving}
    hashes = {key: row.token_hash for key, row in carried.items()}
    for row in carried.values():
        row.token_hash = None
    work.flush()
    for item in agenda_of(work, audit.id):
        for other in item.people:
            if other.side is AgendaSide.AUDITEE and other.id not in gone and other.key in hashes:
                other.token_hash = hashes.pop(other.key)
    work.flush()
