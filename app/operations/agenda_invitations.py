"""Auditees have their items in their calendars: what changes or ends there is told to them, and to nobody else.

An auditor works on an agenda item by item. Each change marks the audit's invitations as stale, and once nothing has
changed for a while everybody concerned gets one mail of all that is different for them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import func, select, update

from app.domain.dates import say
from app.domain.programme.agenda import AgendaSide
from app.domain.programme.progress import AuditProgress
from app.domain.secret import new_token, token_hash
from app.models.agenda_invitation import AgendaInvitation
from app.models.audit import Audit
from app.models.audit_plan import AgendaItem
from app.operations import outbox
from app.queries.audit_plan import Auditee, agenda_of, auditees_of
from app.work import ACROSS, Work

CALENDAR = "calendar_of_agenda"
"""The extension of the application that makes the calendar part of a mail."""
QUIET = timedelta(minutes=5)
"""So long nothing of an agenda must have changed before its auditees are told: several changes make one mail."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item that somebody is wanted at, the version for their calendar, and whether it was added or changed."""

    item: AgendaItem
    sequence: int
    news: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one auditee has in their calendar from now on, and what no longer."""

    entries: tuple[Entry, ...]
    gone: tuple[AgendaInvitation, ...]

    @property
    def is_news(self) -> bool:
        return bool(self.gone) or any(each.news for each in self.entries)


def mark_stale(work: Work, audit_id: int) -> None:
    """Say that the agenda is no longer what its auditees were told; whether it is for each is looked at later."""
    stale = update(AgendaInvitation).where(
        AgendaInvitation.audit_id == audit_id, AgendaInvitation.cancelled_at.is_(None)
    )
    work.execute(stale.values(stale_since=work.now))


def due(work: Work) -> list[tuple[int, str]]:
    """The audits, with their organisations, whose agenda changed and has been quiet since."""
    statement = (
        select(AgendaInvitation.organisation_id, Audit.reference)
        .join(Audit, Audit.id == AgendaInvitation.audit_id)
        .where(AgendaInvitation.stale_since.is_not(None))
        .group_by(AgendaInvitation.organisation_id, Audit.reference)
        .having(func.max(AgendaInvitation.stale_since) <= work.now - QUIET)
        .order_by(func.max(AgendaInvitation.stale_since))
        .limit(100)
    )
    rows = work.session.execute(statement, execution_options={ACROSS: "the runner tells everybody"})
    return [(row[0], row[1]) for row in rows]


def tell_changes(work: Work, audit: Audit) -> list[str]:
    """Tell all who were invited what has changed for them since; gives their names. The audit was loaded for update.

    Nobody hears of what is over, and who was never asked waits to be asked. [RFC 5546, 3.2.2 and 3.2.5]
    """
    rows = _rows(work, audit)
    told = []
    if audit.progress is AuditProgress.CANCELLED or not (audit.progress.is_over or audit.ends_on < work.today):
        is_off = audit.progress is AuditProgress.CANCELLED
        wanted = {} if is_off else {each.whom: each for each in auditees_of(agenda_of(work, audit.id))}
        for whom, theirs in rows.items():
            if all(row.cancelled_at is not None for row in theirs):
                continue
            auditee, newest = wanted.get(whom), theirs[-1]
            notice = _notice(work, audit, auditee, theirs)
            if notice.is_news:
                if auditee is None or not auditee.email:
                    auditee = Auditee(whom, newest.name, newest.email, newest.person_id, ())
                _post(work, audit, auditee, notice, theirs, again=True)
                told.append(auditee.label)
    for row in (each for theirs in rows.values() for each in theirs):
        row.stale_since = None
    work.flush()
    return told


def invite(work: Work, audit: Audit, auditees: Sequence[Auditee]) -> None:
    """Send each all their items that are to come, whether they have them already or not."""
    rows = _rows(work, audit)
    for auditee in auditees:
        theirs = rows.get(auditee.whom, [])
        again = any(row.cancelled_at is None for row in theirs)
        _post(work, audit, auditee, _notice(work, audit, auditee, theirs), theirs, again=again, everything=True)


def uid_of(audit: Audit, item_id: int) -> str:
    """Of the calendar event of an item: never changes."""
    return f"agenda-{item_id}-{audit.uid}"


def _rows(work: Work, audit: Audit) -> dict[str, list[AgendaInvitation]]:
    found: dict[str, list[AgendaInvitation]] = defaultdict(list)
    statement = select(AgendaInvitation).where(AgendaInvitation.audit_id == audit.id).order_by(AgendaInvitation.id)
    for row in work.all(statement):
        found[row.whom].append(row)
    return found


def _notice(work: Work, audit: Audit, auditee: Auditee | None, theirs: Sequence[AgendaInvitation]) -> Notice:
    known = {row.item_id: row for row in theirs}
    at = [item for item, _ in auditee.at] if auditee is not None and auditee.email else []
    entries = []
    for item in at:
        if item.held_on < work.today:
            continue
        row, newest = known.get(item.id), item.version - 1
        if row is None:
            entries.append(Entry(item, newest, "added"))
        elif row.cancelled_at is None and row.said == _said(audit, item):
            entries.append(Entry(item, row.sequence))
        else:
            news = "changed" if row.cancelled_at is None else "added"
            entries.append(Entry(item, max(newest, row.sequence + 1), news))
    there = {item.id for item in at}
    gone = [
        row for row in theirs if row.cancelled_at is None and row.held_on >= work.today and row.item_id not in there
    ]
    return Notice(tuple(entries), tuple(gone))


def _post(
    work: Work,
    audit: Audit,
    auditee: Auditee,
    notice: Notice,
    theirs: Sequence[AgendaInvitation],
    *,
    again: bool,
    everything: bool = False,
) -> None:
    token = _give_address(work, auditee) if notice.entries else ""
    for row in notice.gone:
        row.sequence, row.cancelled_at = row.sequence + 1, work.now
    known = {row.item_id: row for row in theirs}
    for entry in notice.entries:
        row = known.get(entry.item.id) or AgendaInvitation(audit_id=audit.id, item_id=entry.item.id, whom=auditee.whom)
        row.email, row.name, row.person_id = auditee.email, auditee.label, auditee.person_id
        row.title, row.held_on, row.time_zone = entry.item.title, entry.item.held_on, audit.time_zone
        row.starts_at, row.ends_at = entry.item.starts_at, entry.item.ends_at
        row.said, row.sequence = _said(audit, entry.item), entry.sequence
        row.cancelled_at = row.stale_since = None
        work.add(row)
    make = current_app.extensions.get(CALENDAR)
    address = outbox.link("agenda.confirm", token=token) if token else ""
    entered = [each for each in notice.entries if everything or each.news]
    organisation = work.organisation.name
    is_off = audit.progress is AuditProgress.CANCELLED
    outbox.post(
        work,
        to_email=auditee.email,
        to_name=auditee.label,
        subject=_subject(audit, organisation, notice, again and notice.is_news),
        template="agenda",
        context={
            "audit": audit,
            "days": _days(audit.starts_on, audit.ends_on),
            "organisation": organisation,
            "entries": notice.entries,
            "gone": notice.gone,
            "again": again and notice.is_news,
            "is_off": is_off,
            "token": token,
        },
        person_id=auditee.person_id,
        calendar=str(make(work, audit, auditee, entered, notice.gone, address)) if make is not None else "",
        plan_of=audit.reference if notice.entries else "",
    )


def _give_address(work: Work, auditee: Auditee) -> str:
    """One address for all their items; that of an earlier mail no longer works."""
    token = new_token()
    for _, person in auditee.at:
        person.token_hash = None
    work.flush()
    auditee.at[0][1].token_hash = token_hash(token)
    for person in auditee.open:
        person.asked_at = work.now
    work.flush()
    return token


def _subject(audit: Audit, organisation: str, notice: Notice, again: bool) -> str:
    if audit.progress is AuditProgress.CANCELLED:
        return f"{audit.reference}: the audit at {organisation} was cancelled"
    if not notice.entries:
        return f"{audit.reference}: you are no longer wanted at the audit at {organisation}"
    if again:
        return f"{audit.reference}: your part of the audit at {organisation} has changed"
    return f"{audit.reference}: please confirm your part of the audit at {organisation}"


def _said(audit: Audit, item: AgendaItem) -> str:
    """The hash of what an auditee reads of an item: who else is audited is nothing to them."""
    auditors = sorted(each.team_member_id or 0 for each in item.people if each.side is AgendaSide.AUDITOR)
    when = (item.held_on, item.starts_at, item.ends_at, audit.time_zone)
    said = (*map(str, when), item.title, item.covers, item.place, item.site_id, auditors)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _days(first: date, last: date) -> str:
    return f"on {say(first)}" if first == last else f"from {say(first)} to {say(last)}"
