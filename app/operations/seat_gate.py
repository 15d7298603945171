"""What nobody does without a seat of the subscription that counts on the day."""

from datetime import date

from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.explained import RefusedError
from app.domain.programme.wish import Wish
from app.domain.subscription.seats import SeatKind, why_without
from app.models.audit import Audit, TeamMember
from app.models.person import Person
from app.queries.impartiality import AUDITING
from app.queries.subscription_seats import without_seat
from app.work import Work


def refuse_without_seat(work: Work, person_id: int | None, kind: SeatKind, day: date) -> None:
    """Refuse somebody what needs a seat, on a day on which seats are counted and theirs is none that counts.

    Nobody in particular (a command, a job) needs none. [ISO/IEC 19770-1:2017, 8.4]
    """
    if person_id is None:
        return
    found = without_seat(work, [person_id], kind, day, day)
    if found:
        name = work.one_or_none(select(Person).where(Person.id == person_id))
        is_suspended = found[person_id][1]
        raise RefusedError(why_without(kind, name.label if name else "Somebody", day, is_suspended=is_suspended))


def refuse_unseated_auditor(work: Work, audit: Audit) -> None:
    """Refuse whoever acts in this work to write on an internal audit without an audit-manager seat today."""
    if audit.kind is AuditKind.INTERNAL:
        refuse_without_seat(work, work.actor_id, SeatKind.AUDIT_MANAGER, work.today)


def refuse_unseated_member(work: Work, audit: Audit) -> None:
    """Refuse whoever audits in the team of an internal audit to carry it on without a seat; who plans it needs none."""
    if audit.kind is not AuditKind.INTERNAL or work.actor_id is None:
        return
    audits = select(TeamMember.id).where(
        TeamMember.audit_id == audit.id, TeamMember.person_id == work.actor_id, TeamMember.role.in_(AUDITING)
    )
    if work.execute(audits.limit(1)).first() is not None:
        refuse_without_seat(work, work.actor_id, SeatKind.AUDIT_MANAGER, work.today)


def refuse_unseated_team(work: Work, wish: Wish, before: Wish | None = None) -> None:
    """Refuse auditors of an internal audit who have no seat on each of its days; technical experts and observers,
    and people outside the organisation, need none.

    Whoever was on the same team on the same days before stays on it.
    """
    if wish.kind is not AuditKind.INTERNAL:
        return
    people = _auditing(wish)
    if before is not None and before.kind is wish.kind and before.when == wish.when:
        people -= _auditing(before)
    found = without_seat(work, people, SeatKind.AUDIT_MANAGER, wish.when.starts_on, wish.when.ends_on)
    if not found:
        return
    names = {row.id: row.label for row in work.all(select(Person).where(Person.id.in_(found)))}
    why = [
        why_without(SeatKind.AUDIT_MANAGER, names[id_], day, is_suspended=is_suspended)
        for id_, (day, is_suspended) in sorted(found.items(), key=lambda each: names[each[0]])
    ]
    raise RefusedError(why, "team" if before is None or wish.team != before.team else "starts_on")


def _auditing(wish: Wish) -> set[int]:
    return {seat.person_id for seat in wish.team if seat.role in AUDITING and seat.person_id is not None}
