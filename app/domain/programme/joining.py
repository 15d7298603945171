"""One programme for several certificates: audits whose windows overlap may be held as one integrated audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain import clauses
from app.domain.certification.facts import AuditFact, AuditKind, AuditStatus, Facts
from app.domain.dates import add_days, days_between, say
from app.domain.explained import Reason
from app.domain.programme.free_days import ClosedDays, nearest
from app.domain.programme.layout import LayoutSettings, Proposal, lay_out

FURTHEST = 183
"""Days between two targets beyond which an overlap of windows is no reason to hold the audits together."""

_ROUNDS = 60
_TOGETHER = frozenset({AuditKind.SURVEILLANCE, AuditKind.RECERTIFICATION})


@dataclass(frozen=True, slots=True)
class Joint:
    """An audit proposed for one or several certificates; `members` says what it is to each, by its id."""

    kind: AuditKind
    number: int
    members: tuple[tuple[int, Proposal], ...]
    opens_on: date | None
    closes_on: date | None
    starts_on: date | None
    ends_on: date | None
    is_past: bool
    why: tuple[Reason, ...]

    @property
    def key(self) -> str:
        """What tells this proposal from every other one, whatever days are chosen for it."""
        served = "+".join(f"{id_}.{proposal.kind.value}.{proposal.number}" for id_, proposal in self.members)
        return f"{served}@{self.closes_on.isoformat() if self.closes_on else 'open'}"


def alone(certificate_id: int, proposal: Proposal) -> Joint:
    """A proposal for one certificate."""
    return Joint(
        proposal.kind,
        proposal.number,
        ((certificate_id, proposal),),
        proposal.opens_on,
        proposal.closes_on,
        proposal.starts_on,
        proposal.target.value if proposal.target else None,
        proposal.is_past,
        proposal.why,
    )


def together(facts: Mapping[int, Facts], on: date, settings: LayoutSettings, closed: ClosedDays) -> tuple[Joint, ...]:
    """One programme for several certificates, with integrated audits wherever windows overlap.

    Each audit falls on a day that satisfies every certificate it serves: no rule lets an alignment extend any limit.
    Once its day is set the rest is laid out anew, for an earlier audit moves the windows after it. [IAF MD 11]
    """
    known = dict(facts)
    found: list[Joint] = []
    laid = {id_: lay_out(each, on, settings, closed) for id_, each in known.items()}
    fixed = [alone(id_, each) for id_, several in laid.items() for each in several if _stands_alone(each)]
    for number in range(_ROUNDS):
        waiting = {id_: next((each for each in several if _is_open(each)), None) for id_, several in laid.items()}
        first = sorted(((id_, each) for id_, each in waiting.items() if each), key=lambda one: _order(*one))
        if not first:
            break
        joint = alone(*first[0])
        for other in first[1:]:
            joint = _with(joint, *other, closed) or joint
        found.append(joint)
        for id_, each in joint.members:
            planned = AuditFact(f"joint {number}", each.kind, joint.ends_on or on, joint.starts_on, AuditStatus.PLANNED)
            known[id_] = replace(known[id_], audits=(*known[id_].audits, planned))
            laid[id_] = lay_out(known[id_], on, settings, closed)
    internal = {
        id_: [each for each in several if each.kind is AuditKind.INTERNAL and not _stands_alone(each)]
        for id_, several in laid.items()
    }
    return _in_order([*found, *fixed, *each_half_year(internal, closed)])


def apart(proposals: Mapping[int, Sequence[Proposal]], closed: ClosedDays) -> tuple[Joint, ...]:
    """The external audits of several certificates each for itself, and one internal audit for all in a half year."""
    external = [
        alone(id_, each)
        for id_, several in proposals.items()
        for each in several
        if each.kind is not AuditKind.INTERNAL
    ]
    internal = {
        id_: [each for each in several if each.kind is AuditKind.INTERNAL] for id_, several in proposals.items()
    }
    return _in_order([*external, *each_half_year(internal, closed)])


def each_half_year(proposals: Mapping[int, Sequence[Proposal]], closed: ClosedDays) -> list[Joint]:
    """The internal audits of one half year are one audit for all certificates."""
    waiting = sorted(
        ((id_, each) for id_, several in proposals.items() for each in several), key=lambda one: _order(*one)
    )
    found: list[Joint] = []
    while waiting:
        joint = alone(*waiting.pop(0))
        for other in list(waiting):
            wider = _with(joint, *other, closed)
            if wider is not None:
                joint = wider
                waiting.remove(other)
        found.append(joint)
    return found


def _stands_alone(proposal: Proposal) -> bool:
    return proposal.is_past or proposal.target is None


def _is_open(proposal: Proposal) -> bool:
    return proposal.kind is not AuditKind.INTERNAL and not _stands_alone(proposal)


def _in_order(found: Sequence[Joint]) -> tuple[Joint, ...]:
    return tuple(sorted(found, key=lambda each: (each.ends_on or each.closes_on or date.max, each.kind.value)))


def _order(certificate_id: int, proposal: Proposal) -> tuple[date, str, int]:
    day = proposal.target.value if proposal.target else proposal.closes_on
    return day or date.max, proposal.kind.value, certificate_id


def _with(joint: Joint, certificate_id: int, proposal: Proposal, closed: ClosedDays) -> Joint | None:
    """The joint with one more certificate on a common day, or None where they do not go together."""
    if any(id_ == certificate_id for id_, _ in joint.members) or proposal.target is None or joint.ends_on is None:
        return None
    if joint.is_past or proposal.is_past:
        return None
    internal = AuditKind.INTERNAL in (joint.kind, proposal.kind)
    if internal and (joint.kind, joint.number) != (proposal.kind, proposal.number):
        return None
    if not internal and joint.kind is not proposal.kind and not {joint.kind, proposal.kind} <= _TOGETHER:
        return None
    if abs(days_between(joint.ends_on, proposal.target.value)) > FURTHEST:
        return None
    opens_on = max((day for day in (joint.opens_on, proposal.opens_on) if day), default=None)
    closes_on = min((day for day in (joint.closes_on, proposal.closes_on) if day), default=None)
    length = max(_length(joint.starts_on, joint.ends_on), _length(proposal.starts_on, proposal.target.value))
    ideal = min(joint.ends_on, proposal.target.value)
    days = nearest(ideal, opens_on or ideal, closes_on or add_days(ideal, FURTHEST), length, closed)
    if days is None:
        return None
    members = (*joint.members, (certificate_id, proposal))
    kinds = {each.kind for _, each in members}
    kind = AuditKind.RECERTIFICATION if kinds == _TOGETHER else proposal.kind
    return Joint(
        kind,
        joint.number,
        members,
        opens_on,
        closes_on,
        *days,
        False,
        _why(members, closes_on, days[1], internal),
    )


def _length(starts_on: date | None, ends_on: date) -> int:
    return days_between(starts_on or ends_on, ends_on) + 1


def _why(
    members: Sequence[tuple[int, Proposal]], closes_on: date | None, on: date, internal: bool
) -> tuple[Reason, ...]:
    if internal:
        return members[0][1].why
    limit = f" The earliest of their limits holds for it: {say(closes_on)}." if closes_on else ""
    says = f"One integrated audit on {say(on)}: the windows of its certificates overlap.{limit}"
    each = dict.fromkeys(reason for _, proposal in members for reason in proposal.why)
    return (Reason(says, clauses.INTEGRATED_AUDITS), *each)
