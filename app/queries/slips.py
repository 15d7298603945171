"""What planning, moving or cancelling an audit would do: to each certificate, and to people, sites and closed days."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import or_, select

from app.domain.certification.facts import AuditFact, Facts, Outcome
from app.domain.certification.slip import Effect, Slip, SlipRow, preview
from app.domain.explained import Reason
from app.domain.programme.collisions import Booking, Collision, collisions
from app.domain.programme.team import TeamRole
from app.domain.programme.wish import Wish
from app.domain.training.competence import OnGap
from app.holidays import Blackout, ClosedDays, Place, closed_days
from app.models.audit import Audit, AuditProgress
from app.models.certificate import Certificate, CertificateSite
from app.models.organisation import BlackoutPeriod, Site
from app.models.person import Person
from app.queries.agenda_moves import AgendaMove, agenda_move
from app.queries.audits import booked
from app.queries.competence import team_gaps_at
from app.queries.facts import audit_status, facts_of
from app.queries.impartiality import partialities_at
from app.queries.sellers import Beyond, beyond_of
from app.work import Work

NEW = "this audit"
"""What an audit is called before it has a reference."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How a new audit comes on record: planned, or held already with what was concluded on each certificate."""

    progress: AuditProgress = AuditProgress.PLANNED
    outcomes: Mapping[int, Outcome | None] = field(default_factory=dict)


PLANNED = Recorded()


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens to one certificate."""

    certificate_id: int
    reference: str
    standard: str
    slip: Slip
    too_late: tuple[SlipRow, ...] = ()
    """Hard limits still ahead that nothing was planned for, and that this would be too late for."""

    @property
    def broken(self) -> tuple[Reason, ...]:
        """What it breaks that held, or could still have been held."""
        breaches = {(each.rule, each.year): each.why[0] for each in self.slip.new_breaches}
        late = {(row.deadline.rule, row.deadline.year): row.effect.why[0] for row in self.too_late}
        return tuple({**breaches, **late}.values())

    @property
    def worsens(self) -> bool:
        """Whether a limit fares worse, a warning is new, or something is left open."""
        rows = any(row.effect.value is Effect.OPEN or _is_later(row) for row in self.slip.rows)
        return rows or bool(self.slip.new_warnings)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change costs, before it is made."""

    consequences: tuple[Consequence, ...]
    collisions: tuple[Collision, ...]
    leaderless: bool = False
    """Whether a team is named and nobody of it leads, which was not so before."""
    agenda: AgendaMove | None = None
    """What becomes of the agenda; None where its days stay."""
    beyond: Beyond | None = None
    """Where the plan that was subscribed to does not include it."""
    gaps: tuple[Reason, ...] = ()
    """What the auditors of an internal audit would lack on its days, and did not before."""
    gaps_refuse: bool = False
    """Whether the organisation refuses such gaps, or only points them out."""
    partial: tuple[Reason, ...] = ()
    """What they would audit of their own, and did not before: it is refused."""

    @property
    def is_refused(self) -> bool:
        """Whether saving it would be refused, with or without a reason."""
        return bool(self.partial or (self.gaps and self.gaps_refuse))

    @property
    def breaks_hard_rule(self) -> bool:
        return any(each.broken for each in self.consequences)

    @property
    def is_harmless(self) -> bool:
        return (
            not self.collisions
            and not self.leaderless
            and self.beyond is None
            and not self.gaps
            and not self.partial
            and (self.agenda is None or self.agenda.is_harmless)
            and not any(each.broken or each.worsens for each in self.consequences)
        )

    @property
    def why_reason_is_needed(self) -> tuple[Reason, ...]:
        """What is broken, and that it needs a reason."""
        broken = [
            replace(reason, says=f"{each.reference}: {reason.says}")
            for each in self.consequences
            for reason in each.broken
        ]
        return (Reason("This breaks a hard rule, so it needs a reason; the journal keeps it."), *broken)


def _is_later(row: SlipRow) -> bool:
    late = row.effect.value is Effect.BROKEN and row.slack_after is not None
    return late and (row.slack_before is None or (row.slack_after or 0) < row.slack_before)


def _too_late(slip: Slip) -> tuple[SlipRow, ...]:
    return tuple(
        row
        for row in slip.rows
        if row.effect.value is Effect.BROKEN
        and row.slack_before is None
        and row.slack_after is not None
        and row.deadline.closes_on >= slip.on
        and row.deadline.hard
    )


def broken_by(facts: Facts, audit: AuditFact, on: date) -> tuple[Reason, ...]:
    """What an audit planned besides would break of a certificate, as its preview would say."""
    slip = preview(facts, replace(facts, audits=(*facts.audits, audit)), on)
    return Consequence(0, "", "", slip, _too_late(slip)).broken


def preview_of(work: Work, audit: Audit | None, wish: Wish | None, recorded: Recorded = PLANNED) -> Preview:
    """What happens if the audit becomes what is wished: None for an audit is a new one, for a wish a cancelled one.

    A new one may come as `recorded`: held already, with its conclusions.
    """
    before = {each.certificate_id for each in audit.audit_certificates} if audit is not None else set()
    touched = before | set(wish.certificates if wish else ())
    facts = facts_of(work, touched)
    name = audit.reference if audit is not None else NEW
    names = select(Certificate.id, Certificate.reference, Certificate.standard + ":" + Certificate.edition)
    found = work.execute(names.where(Certificate.id.in_(touched)).order_by(Certificate.reference))
    consequences = []
    for id_, reference, standard in found:
        slip = preview(facts[id_], _after(facts[id_], id_, audit, wish, recorded), work.today)
        consequences.append(Consequence(id_, reference, standard, slip, _too_late(slip)))
    hit = collisions_of(work, name, wish, but=audit.reference if audit is not None else None) if wish else ()
    agenda = agenda_move(work, audit, wish.when) if audit is not None and wish is not None else None
    beyond = beyond_of(work, wish.kind, wish.when.starts_on, audit) if wish is not None else None
    return Preview(
        tuple(consequences),
        hit,
        wish is not None and _loses_its_lead(audit, wish),
        agenda,
        beyond,
        *_unfit(work, audit, wish, recorded),
    )


def _unfit(
    work: Work, audit: Audit | None, wish: Wish | None, recorded: Recorded
) -> tuple[tuple[Reason, ...], bool, tuple[Reason, ...]]:
    """Gaps in competence, whether they refuse, and who would audit their own work: what saving would find anew."""
    if wish is None:
        return (), False, ()
    gaps: tuple[Reason, ...] = ()
    if not (audit.progress if audit is not None else recorded.progress).is_over:
        gaps = _new(team_gaps_at(work, audit) if audit is not None else (), team_gaps_at(work, audit, wish))
    partial: tuple[Reason, ...] = ()
    if audit is not None:
        partial = _new(partialities_at(work, audit), partialities_at(work, audit, wish))
    return gaps, OnGap(work.organisation.competence_gap) is OnGap.REFUSE, partial


def _new(before: tuple[Reason, ...], after: tuple[Reason, ...]) -> tuple[Reason, ...]:
    stood = {reason.says for reason in before}
    return tuple(reason for reason in after if reason.says not in stood)


def _loses_its_lead(audit: Audit | None, wish: Wish) -> bool:
    led = audit is None or not audit.team or any(each.role is TeamRole.LEAD for each in audit.team)
    return bool(wish.team) and led and not any(seat.role is TeamRole.LEAD for seat in wish.team)


def _after(facts: Facts, certificate_id: int, audit: Audit | None, wish: Wish | None, recorded: Recorded) -> Facts:
    name = audit.reference if audit is not None else NEW
    others = tuple(each for each in facts.audits if each.id != name)
    known = next((each for each in facts.audits if each.id == name), None)
    if wish is None or certificate_id not in wish.certificates:
        return replace(facts, audits=others)
    if audit is not None:
        progress, outcome = audit.progress, known.outcome if known else None
        # What is cancelled and wished for again is planned again.
        progress = progress if progress.is_held else AuditProgress.PLANNED
    else:
        progress, outcome = recorded.progress, recorded.outcomes.get(certificate_id)
    fact = AuditFact(
        name,
        wish.certificates[certificate_id],
        wish.when.ends_on,
        wish.when.starts_on,
        outcome=outcome,
        status=audit_status(progress),
        counts_as_surveillance=certificate_id in wish.counts_as_surveillance,
    )
    return replace(facts, audits=(*others, fact))


def collisions_of(work: Work, name: str, wish: Wish, but: str | None = None) -> tuple[Collision, ...]:
    """Who, which sites and which closed days stand in the way of what is wished."""
    starts_on, ends_on = wish.when.starts_on, wish.when.ends_on
    ids = [seat.person_id for seat in wish.team if seat.person_id is not None]
    members = {person.id: person.label for person in work.all(select(Person).where(Person.id.in_(ids)))} if ids else {}
    people = tuple(
        (seat.key, members.get(seat.person_id, "") if seat.person_id is not None else seat.name) for seat in wish.team
    )
    # An audit that names no site is taken to visit those of its certificates, as its closed days are.
    sites = [(row.id, row.name) for row in _visited(work, wish.sites, wish.certificates)]
    wanted = Booking(name, starts_on, ends_on, people, tuple(sites))
    closed = closed_at(work, wish.sites, wish.certificates).between(starts_on, ends_on)
    return collisions(wanted, booked(work, starts_on, ends_on, but), closed)


def closed_at(work: Work, site_ids: Collection[int], certificate_ids: Collection[int] = ()) -> ClosedDays:
    """The closed days of these sites; without any, of the sites of the certificates, else of the organisation."""
    sites = _visited(work, site_ids, certificate_ids)
    home = work.organisation
    places = [Place(site.country, site.subdivision, site.name) for site in sites]
    periods = select(BlackoutPeriod).where(
        or_(BlackoutPeriod.site_id.is_(None), BlackoutPeriod.site_id.in_([site.id for site in sites]))
    )
    blackouts = [Blackout(each.name, each.starts_on, each.ends_on) for each in work.all(periods)]
    return closed_days(places or [Place(home.country, home.subdivision)], blackouts)


def _visited(work: Work, site_ids: Collection[int], certificate_ids: Collection[int]) -> list[Site]:
    """The sites that are named; where none is, the open sites of the certificates."""
    sites = work.all(select(Site).where(Site.id.in_(site_ids)).order_by(Site.id)) if site_ids else []
    if not sites and certificate_ids:
        within = select(CertificateSite.site_id).where(CertificateSite.certificate_id.in_(certificate_ids))
        sites = work.all(select(Site).where(Site.id.in_(within), Site.closed_on.is_(None)).order_by(Site.id))
    return sites
