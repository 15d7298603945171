"""The programme as it could be laid out: every audit still to come of some certificates, each on a sensible day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select

from app.domain.certification.cycle import judge
from app.domain.certification.facts import AuditFact, AuditKind, AuditStatus, Facts
from app.domain.dates import add_days, days_between
from app.domain.explained import Reason
from app.domain.programme.joining import Joint, apart, together
from app.domain.programme.layout import LayoutSettings, Proposal, lay_out
from app.holidays import ClosedDays
from app.models.audit import Audit, AuditProgress
from app.models.certificate import Certificate
from app.queries.facts import facts_of
from app.queries.slips import broken_by, closed_at
from app.work import Work

OFFERED = 100


@dataclass(frozen=True, slots=True)
class Layout:
    """What is proposed, and from when the internal audits count."""

    proposals: tuple[Joint, ...]
    plan_start: date
    broken: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    """What a proposal breaks, by its key: each comes as early as it can, and that may be too late all the same."""


def certificates_to_lay_out(work: Work, references: Collection[str] = ()) -> list[Certificate]:
    """The certificates to choose from: those named first, and as many more as a page can hold."""
    named = work.all(
        select(Certificate).where(Certificate.reference.in_(references)).order_by(Certificate.reference).limit(OFFERED)
    )
    ids = {row.id for row in named}
    more = work.all(select(Certificate).order_by(Certificate.reference).limit(OFFERED))
    return [*named, *(row for row in more if row.id not in ids)][:OFFERED]


def lay_out_of(
    work: Work, certificate_ids: Collection[int], plan_start: date | None = None, *, joined: bool = False
) -> Layout:
    """Propose every audit that is neither held nor planned for these certificates."""
    facts = facts_of(work, certificate_ids)
    plan_start = plan_start or work.organisation.internal_plan_starts_on or _first_day(work, facts)
    settings = LayoutSettings(plan_start=plan_start)
    taken = _taken(work, certificate_ids)
    everywhere = closed_at(work, (), certificate_ids)

    def closed_anywhere(day: date) -> str | None:
        return everywhere(day) or taken.get(day)

    if joined:
        joints = together(facts, work.today, settings, closed_anywhere)
        return Layout(joints, plan_start, _broken(facts, joints, work.today))
    proposals: dict[int, tuple[Proposal, ...]] = {}
    for id_, known in sorted(facts.items()):
        at_its_sites = closed_at(work, (), [id_])

        def closed(day: date, sites: ClosedDays = at_its_sites) -> str | None:
            return sites(day) or taken.get(day)

        proposals[id_] = lay_out(known, work.today, settings, closed)
        for each in proposals[id_]:
            # Two external audits on one day are not sensible unless they are one audit.
            if each.target and each.starts_on and each.kind is not AuditKind.INTERNAL:
                taken.update(dict.fromkeys(_days(each.starts_on, each.target.value), "taken by another audit"))
    joints = apart(proposals, closed_anywhere)
    return Layout(joints, plan_start, _broken(facts, joints, work.today))


def _broken(facts: Mapping[int, Facts], joints: Sequence[Joint], on: date) -> dict[str, tuple[Reason, ...]]:
    """Each proposal is weighed after those before it, as they would be put on the programme."""
    so_far = dict(facts)
    found: dict[str, tuple[Reason, ...]] = {}
    for joint in joints:
        if joint.ends_on is None or joint.is_past or joint.kind is AuditKind.INTERNAL:
            continue
        reasons: list[Reason] = []
        for id_, member in joint.members:
            audit = AuditFact(joint.key, member.kind, joint.ends_on, joint.starts_on, AuditStatus.PLANNED)
            reasons += broken_by(so_far[id_], audit, on)
            so_far[id_] = replace(so_far[id_], audits=(*so_far[id_].audits, audit))
        if reasons:
            found[joint.key] = tuple(reasons)
    return found


def _first_day(work: Work, facts: dict[int, Facts]) -> date:
    """Where no start of the internal plan is set: the earliest beginning of the cycles, else today."""
    cycles = (judge(known, work.today).cycle for known in facts.values())
    return min((cycle.began_on for cycle in cycles if cycle is not None), default=work.today)


def _taken(work: Work, certificate_ids: Collection[int]) -> dict[date, str]:
    """The days of all audits still to come; those of the certificates themselves are known to the rules."""
    coming = select(Audit.reference, Audit.starts_on, Audit.ends_on).where(
        Audit.ends_on >= work.today,
        Audit.progress != AuditProgress.CANCELLED,
    )
    return {
        day: f"taken by {reference}"
        for reference, starts_on, ends_on in work.execute(coming.order_by(Audit.starts_on).limit(1000))
        for day in _days(starts_on, min(ends_on, add_days(starts_on, 60)))
    }


def _days(starts_on: date, ends_on: date) -> list[date]:
    return [add_days(starts_on, count) for count in range(days_between(starts_on, ends_on) + 1)]
