"""Plan audits, change and move them, carry them from planned to closed, and keep what was concluded."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import select

from app.domain.certification.facts import AuditKind, Outcome
from app.domain.explained import RefusedError
from app.domain.programme import progress as steps
from app.domain.programme.agenda import days_along
from app.domain.programme.impartiality import refuse_new
from app.domain.programme.progress import AuditNow, AuditProgress
from app.domain.programme.team import Seat
from app.domain.programme.wish import When, Wish, check
from app.models.audit import Audit, AuditCertificate, AuditSite, TeamMember
from app.models.certificate import Certificate
from app.models.organisation import Membership, Organisation, Site
from app.operations import agenda, agenda_invitations, checklist
from app.operations.audit_mail import Deed, tell_team
from app.operations.audit_team import refuse_members_as_outsiders
from app.operations.competence import refuse_gaps
from app.operations.conflict import refuse_if_changed
from app.operations.frozen import refuse_if_frozen
from app.operations.places import check_zone
from app.operations.seat_gate import refuse_unseated_member, refuse_unseated_team
from app.operations.verdicts import judge_again
from app.queries.audits import audit_of
from app.queries.competence import team_gaps_at
from app.queries.impartiality import partialities_at
from app.queries.slips import PLANNED, Preview, Recorded, preview_of
from app.work import Work

PREFIX = {
    AuditKind.STAGE_1: "S1",
    AuditKind.STAGE_2: "S2",
    AuditKind.SURVEILLANCE: "SA",
    AuditKind.RECERTIFICATION: "RA",
    AuditKind.SPECIAL: "SP",
    AuditKind.TRANSITION: "TA",
    AuditKind.TRANSFER_REVIEW: "TR",
    AuditKind.INTERNAL: "IA",
}


def plan(
    work: Work,
    wish: Wish,
    *,
    reason: str = "",
    progress: AuditProgress = AuditProgress.PLANNED,
    outcomes: Mapping[int, Outcome | None] | None = None,
) -> Audit:
    """Put an audit on the programme; one that was held already may come as closed, with its conclusion."""
    audit = put_on(work, wish, reason=reason, progress=progress, outcomes=outcomes, twins=False)
    judge_again(work, list(wish.certificates))
    return audit


def put_on(
    work: Work,
    wish: Wish,
    *,
    reason: str = "",
    progress: AuditProgress = AuditProgress.PLANNED,
    outcomes: Mapping[int, Outcome | None] | None = None,
    twins: bool = True,
) -> Audit:
    """As `plan`, and leave it to the caller to judge the certificates once all audits are on."""
    wish = checked(work, wish)
    outcomes = outcomes or {}
    if progress is not AuditProgress.PLANNED:
        new = AuditNow("This audit", wish.kind, AuditProgress.PLANNED, wish.when.starts_on, wish.when.ends_on)
        new = replace(new, outcomes=tuple(outcomes.get(each) for each in wish.certificates))
        steps.step(new, progress, work.today, reason)
        for certificate_id, kind in wish.certificates.items():
            steps.conclude(new, kind, outcomes.get(certificate_id), work.today)
    refuse_unseated_team(work, wish)
    if not twins:
        refuse_twin(work, wish)
    if not progress.is_over:
        refuse_gaps(work, (), team_gaps_at(work, None, wish), "team")
    _weigh(work, None, wish, reason, Recorded(progress, outcomes))
    audit = Audit(
        reference=next_reference(work, wish.kind, wish.when.starts_on.year),
        uid=f"{uuid4()}@triennium",
        sequence=0,
        progress=progress,
        created_at=work.now,
        changed_at=work.now,
        audit_certificates=[],
        audit_sites=[],
        team=[],
    )
    _write(audit, wish)
    for served in audit.audit_certificates:
        served.outcome = outcomes.get(served.certificate_id)
    work.add(audit)
    if progress is AuditProgress.CONFIRMED:
        tell_team(work, audit, Deed.CONFIRMED)
    return audit


def change(work: Work, reference: str, seen: int, wish: Wish, *, reason: str = "") -> Audit:
    """Change what is said of an audit; whoever saw an older version is refused and shown both."""
    audit = _held(work, reference, seen)
    before = wish_of(audit)
    wish = checked(work, wish, before)
    if wish == before:
        return audit
    refuse_if_frozen(audit)
    if (wish.kind is AuditKind.INTERNAL) != (audit.kind is AuditKind.INTERNAL):
        raise RefusedError(
            "An internal audit cannot become one of the certification body: cancel it and plan another.", "kind"
        )
    if audit.progress.is_over and (wish.when, dict(wish.certificates)) != (before.when, dict(before.certificates)):
        _refuse_fixed(audit)
    refuse_unseated_team(work, wish, before)
    _weigh(work, audit, wish, reason)
    heard = before.heard_of != wish.heard_of
    partial = partialities_at(work, audit, wish)
    field = "starts_on" if wish.team == before.team else "team"
    refuse_new(partialities_at(work, audit), partial, field)
    if not audit.progress.is_held:
        refuse_gaps(work, team_gaps_at(work, audit), team_gaps_at(work, audit, wish), field)
    staying = {seat.key for seat in wish.team}
    parting = [each for each in audit.team if _seat(each).key not in staying]
    leaving = [each.id for each in parting]
    checklist.let_go(work, leaving)
    agenda.let_go(work, audit, leaving)
    was, then = (before.when.starts_on, before.when.ends_on), (wish.when.starts_on, wish.when.ends_on)
    agenda.move_along(work, audit, days_along(was, then))
    _write(audit, wish)
    _touch(work, audit, heard)
    agenda_invitations.mark_stale(work, audit.id)
    moved = wish.when != before.when and not audit.progress.is_over
    _tell_change(work, audit, before, parting, before.when if moved else None)
    judge_again(work, sorted(set(before.certificates) | set(wish.certificates)))
    return audit


def _tell_change(work: Work, audit: Audit, before: Wish, parting: list[TeamMember], was: When | None) -> None:
    """Who was invited and left is told so, who came is invited, and the others hear of other days."""
    there = {seat.key for seat in before.team}
    came = [each for each in audit.team if _seat(each).key not in there]
    invited = audit.progress in (AuditProgress.CONFIRMED, AuditProgress.IN_PROGRESS) and audit.ends_on >= work.today
    if invited:
        tell_team(work, audit, Deed.LEFT, parting)
        tell_team(work, audit, Deed.JOINED, came)
    if was is not None:
        tell_team(work, audit, Deed.MOVED, [each for each in audit.team if not (invited and each in came)], was=was)


def move(work: Work, reference: str, seen: int, when: When, *, reason: str = "") -> Audit:
    """Move an audit to other days; where that breaks a hard rule the journal keeps the reason."""
    audit = _held(work, reference, seen)
    return change(work, reference, audit.version, replace(wish_of(audit), when=when), reason=reason)


def take_step(work: Work, reference: str, to: AuditProgress, *, seen: int | None = None, reason: str = "") -> Audit:
    """Carry an audit on: confirm, begin, report, close, cancel or reopen it."""
    audit = _held(work, reference, seen)
    before = audit.progress
    refuse_unseated_member(work, audit)
    if to is not AuditProgress.CLOSED:
        refuse_if_frozen(audit)
    if before is AuditProgress.CANCELLED:
        # Days have passed since, and what was true of the team may be no longer.
        refuse_gaps(work, (), team_gaps_at(work, audit), "to")
    steps.step(now_of(audit), to, work.today, reason)
    wish = wish_of(audit)
    if AuditProgress.CANCELLED in (to, before):
        _weigh(work, audit, None if to is AuditProgress.CANCELLED else wish, reason)
    _give_reason(work, reason)
    audit.progress = to
    audit.cancelled_reason = reason.strip() if to is AuditProgress.CANCELLED else ""
    heard = {AuditProgress.PLANNED, AuditProgress.CONFIRMED, AuditProgress.CANCELLED}
    _touch(work, audit, to in heard and before in heard)
    if to is AuditProgress.CONFIRMED and before is AuditProgress.PLANNED and audit.ends_on >= work.today:
        # Nobody is invited to what is over.
        tell_team(work, audit, Deed.CONFIRMED)
    if to is AuditProgress.CANCELLED:
        tell_team(work, audit, Deed.CANCELLED)
        agenda.call_off(work, audit)
    judge_again(work, list(wish.certificates))
    return audit


def carry_on(work: Work, audit: Audit, to: AuditProgress) -> None:
    """The register says of an audit what its report does: once it has ended it goes on to this step, never back."""
    if audit.progress in steps.ORDER[: steps.ORDER.index(to)] and audit.ends_on <= work.today:
        audit.progress = to
        _touch(work, audit, False)
        judge_again(work, [each.certificate_id for each in audit.audit_certificates])


def conclude(work: Work, reference: str, outcomes: Mapping[int, Outcome | None], *, seen: int | None = None) -> Audit:
    """Record what the team concluded on each certificate. [ISO/IEC 17021-1:2015, 9.3.1.2 and 9.4.8]"""
    audit = _held(work, reference, seen)
    refuse_if_frozen(audit)
    now = now_of(audit)
    for served in audit.audit_certificates:
        if served.certificate_id in outcomes:
            outcome = outcomes[served.certificate_id]
            steps.conclude(now, served.kind, outcome, work.today)
            served.outcome = outcome
    _touch(work, audit, heard=False)
    judge_again(work, [served.certificate_id for served in audit.audit_certificates])
    return audit


def checked(work: Work, wish: Wish, before: Wish | None = None) -> Wish:
    """The wish with its blanks filled in, or a refusal at the field that cannot be so."""
    wish = check(wish)
    zone = wish.time_zone or _zone(work, wish.sites)
    check_zone(zone)
    if set(wish.certificates) - set(work.all(select(Certificate.id).where(Certificate.id.in_(wish.certificates)))):
        raise RefusedError("There is no such certificate in this organisation.", field="certificates")
    if wish.sites - set(work.all(select(Site.id).where(Site.id.in_(wish.sites)))):
        raise RefusedError("There is no such site in this organisation.", field="sites")
    # Whoever has left since stays on the audits they were on.
    new = _members(wish) - (_members(before) if before else set())
    members = select(Membership.person_id).where(Membership.person_id.in_(new), Membership.ended_at.is_(None))
    if new - set(work.all(members)):
        raise RefusedError("Choose members of this organisation, or give a name and an email address.", field="team")
    refuse_members_as_outsiders(work, wish, before)
    return replace(wish, time_zone=zone)


def refuse_twin(work: Work, wish: Wish) -> None:
    """A form that was sent twice plans one audit: whoever comes second waits here, and then finds the first."""
    _hold_home(work)
    alike = select(Audit.reference).where(
        Audit.kind == wish.kind,
        Audit.starts_on == wish.when.starts_on,
        Audit.ends_on == wish.when.ends_on,
        Audit.title == wish.title,
        Audit.progress != AuditProgress.CANCELLED,
    )
    for reference in work.all(alike.order_by(Audit.reference)):
        twin = audit_of(work, reference)
        if twin is not None and wish_of(twin) == wish:
            says = f"{reference} is the same audit, and is on the programme already. Give this one a title of its own."
            raise RefusedError(says, field="title")


def _hold_home(work: Work) -> None:
    """Hold the organisation until the work is done: what is counted or looked for stays so."""
    home = select(Organisation.id).where(Organisation.id == work.home)
    work.execute(home.with_for_update(key_share=True))


def _members(wish: Wish) -> set[int]:
    return {seat.person_id for seat in wish.team if seat.person_id is not None}


def _zone(work: Work, sites: Collection[int]) -> str:
    """The time zone of the first site, else the organisation's."""
    found = work.session.scalar(select(Site.time_zone).where(Site.id.in_(sites)).order_by(Site.id).limit(1))
    return found or work.organisation.time_zone


def _refuse_fixed(audit: Audit) -> None:
    state = "cancelled" if audit.progress is AuditProgress.CANCELLED else "held"
    raise RefusedError(
        f"{audit.reference} was {state}: its days and certificates stand. Reopen it to change them.", "starts_on"
    )


def _held(work: Work, reference: str, seen: int | None) -> Audit:
    """The audit, locked until the work is done, in the version that the visitor saw."""
    audit = audit_of(work, reference, lock=True)
    if audit is None:
        raise LookupError(f"there is no audit {reference}")
    refuse_if_changed(audit, seen, audit.reference)
    return audit


def _weigh(work: Work, audit: Audit | None, wish: Wish | None, reason: str, recorded: Recorded = PLANNED) -> Preview:
    """See what a change costs; what breaks a hard rule needs a reason, which the journal keeps."""
    found = preview_of(work, audit, wish, recorded)
    if found.breaks_hard_rule and not reason.strip():
        raise RefusedError(found.why_reason_is_needed, field="reason")
    _give_reason(work, reason)
    return found


def _give_reason(work: Work, reason: str) -> None:
    if reason.strip():
        work.reason = reason.strip()


def next_reference(work: Work, kind: AuditKind, year: int) -> str:
    """The next number of this kind and year, such as SA-2027-01; two who ask at once get two."""
    _hold_home(work)
    prefix = f"{PREFIX[kind]}-{year:04}-"
    taken = work.all(select(Audit.reference).where(Audit.reference.like(f"{prefix}%")))
    numbers = [int(each.removeprefix(prefix)) for each in taken if each.removeprefix(prefix).isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:02}"


def _write(audit: Audit, wish: Wish) -> None:
    audit.kind, audit.title, audit.notes = wish.kind, wish.title, wish.notes
    audit.starts_on, audit.ends_on = wish.when.starts_on, wish.when.ends_on
    audit.starts_at, audit.ends_at = wish.when.starts_at, wish.when.ends_at
    audit.time_zone, audit.mode = wish.time_zone, wish.mode
    audit.remote_agreement, audit.remote_percent = wish.remote_agreement, wish.remote_percent
    served = {each.certificate_id: each for each in audit.audit_certificates}
    for certificate_id, kind in wish.certificates.items():
        row = served.pop(certificate_id, None)
        if row is None:
            row = AuditCertificate(certificate_id=certificate_id, kind=kind)
            audit.audit_certificates.append(row)
        row.kind, row.counts_as_surveillance = kind, certificate_id in wish.counts_as_surveillance
        if row.outcome is not None and row.outcome not in steps.conclusions_of(kind):
            row.outcome = None
    for gone in served.values():
        audit.audit_certificates.remove(gone)
    visited = {each.site_id: each for each in audit.audit_sites}
    audit.audit_sites.extend(AuditSite(site_id=each) for each in sorted(wish.sites - set(visited)))
    for site_id in set(visited) - wish.sites:
        audit.audit_sites.remove(visited[site_id])
    if tuple(map(_seat, audit.team)) != wish.team:
        # Who stays keeps their row, in whatever role: questions and items of the agenda point to it.
        kept = {_seat(each).key: each for each in audit.team}
        audit.team[:] = [_seated(kept.pop(seat.key, None), seat) for seat in wish.team]


def _seated(row: TeamMember | None, seat: Seat) -> TeamMember:
    row = row or TeamMember(person_id=seat.person_id)
    outside = seat.person_id is None
    row.role = seat.role
    row.outside_name, row.outside_email = (seat.name.strip(), seat.email.strip()) if outside else ("", "")
    return row


def _seat(member: TeamMember) -> Seat:
    return Seat(member.role, member.person_id, member.outside_name, member.outside_email)


def _touch(work: Work, audit: Audit, heard: bool) -> None:
    audit.changed_at = work.now
    if heard:
        audit.sequence += 1
    work.flush()


def wish_of(audit: Audit) -> Wish:
    """What is said of an audit now."""
    return Wish(
        kind=audit.kind,
        when=When(audit.starts_on, audit.ends_on, audit.starts_at, audit.ends_at),
        certificates={each.certificate_id: each.kind for each in audit.audit_certificates},
        counts_as_surveillance=frozenset(
            each.certificate_id for each in audit.audit_certificates if each.counts_as_surveillance
        ),
        title=audit.title,
        time_zone=audit.time_zone,
        mode=audit.mode,
        remote_agreement=audit.remote_agreement,
        remote_percent=audit.remote_percent,
        sites=frozenset(each.site_id for each in audit.audit_sites),
        team=tuple(map(_seat, audit.team)),
        notes=audit.notes,
    )


def now_of(audit: Audit) -> AuditNow:
    """What the steps ask of an audit."""
    outcomes = tuple(each.outcome for each in audit.audit_certificates)
    return AuditNow(audit.reference, audit.kind, audit.progress, audit.starts_on, audit.ends_on, outcomes)


__all__ = [
    "carry_on",
    "change",
    "conclude",
    "move",
    "next_reference",
    "plan",
    "put_on",
    "take_step",
    "wish_of",
]
