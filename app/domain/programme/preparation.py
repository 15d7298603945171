"""What should lie before an audit of the certification body: an internal audit and a management review."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain import clauses
from app.domain.certification.facts import AuditFact, AuditKind, AuditStatus, Facts
from app.domain.dates import add_days, say
from app.domain.explained import Reason

PREPARED = (AuditKind.STAGE_2, AuditKind.SURVEILLANCE, AuditKind.RECERTIFICATION)
"""The audits before which both are looked for."""
IMMINENT_DAYS = 30
INTERNAL_AUDIT, MANAGEMENT_REVIEW = "internal audit", "management review"


class Ready(StrEnum):
    """Whether what should come before an audit has come."""

    HELD = "held"
    PLANNED = "planned"
    MISSING = "missing"

    @property
    def label(self) -> str:
        return {"planned": "Planned, not yet held"}.get(self.value, self.value.capitalize())


@dataclass(frozen=True, slots=True)
class Review:
    """A management review that was held or is planned, and the standards it serves; none named: all of them."""

    reference: str
    on: date
    held: bool
    standards: tuple[str, ...] = ()

    def serves(self, standard: str | None) -> bool:
        """Whether it serves a standard, in whichever edition."""
        name = (standard or "").partition(":")[0]
        return not self.standards or name in {each.partition(":")[0] for each in self.standards}


@dataclass(frozen=True, slots=True)
class Preparation:
    """How one of the two stands before one audit of the certification body."""

    audit: str
    begins_on: date
    noun: str
    """`internal audit` or `management review`."""
    ready: Ready
    why: tuple[Reason, ...]

    def is_pressing(self, today: date) -> bool:
        """Whether somebody has to do something now: nothing is planned, or the audit is at the door."""
        near = self.begins_on <= add_days(today, IMMINENT_DAYS)
        return self.ready is Ready.MISSING or (self.ready is Ready.PLANNED and near)


@dataclass(frozen=True, slots=True)
class _Event:
    reference: str
    on: date
    held: bool


def preparations(facts: Facts, reviews: Iterable[Review], audit_id: str, today: date) -> tuple[Preparation, ...]:
    """Say whether an internal audit and a management review lie before an audit of the certification body.

    Before a stage 2 at least one of each is held; before a later audit one of each since the external audit before.
    While the audit lies ahead one that is planned before it may still be held; from its first day on only what was
    held counts. [ISO/IEC 17021-1:2015, 9.3.1.2.3 and 9.6.2.2]
    """
    audit = next((each for each in facts.audits if each.id == audit_id), None)
    if audit is None or audit.kind not in PREPARED or audit.status is AuditStatus.CANCELLED:
        return ()
    before = _external_before(facts, audit)
    internal = [
        _Event(each.id, each.ends_on, each.status is AuditStatus.COMPLETED)
        for each in facts.audits
        if each.kind is AuditKind.INTERNAL and each.status is not AuditStatus.CANCELLED
    ]
    reviewed = [_Event(each.reference, each.on, each.held) for each in reviews if each.serves(facts.standard)]
    return tuple(
        _preparation(audit, before, noun, events, today)
        for noun, events in ((INTERNAL_AUDIT, internal), (MANAGEMENT_REVIEW, reviewed))
    )


def next_external(facts: Facts, today: date) -> str | None:
    """The next audit of the certification body that is prepared for, of those that are planned and lie ahead."""
    ahead = [
        each
        for each in facts.audits
        if each.kind in PREPARED and each.status is AuditStatus.PLANNED and each.begins_on >= today
    ]
    return min(ahead, key=lambda each: (each.begins_on, each.id)).id if ahead else None


def _external_before(facts: Facts, audit: AuditFact) -> AuditFact | None:
    """The external audit before; none before a stage 2, which begins anew."""
    if audit.kind is AuditKind.STAGE_2:
        return None
    earlier = [
        each
        for each in facts.audits
        if each.kind in PREPARED and each.status is not AuditStatus.CANCELLED and each.ends_on < audit.begins_on
    ]
    return max(earlier, key=lambda each: (each.ends_on, each.id), default=None)


def _preparation(
    audit: AuditFact, before: AuditFact | None, noun: str, events: list[_Event], today: date
) -> Preparation:
    between = sorted(
        (each for each in events if (before is None or each.on > before.ends_on) and each.on < audit.begins_on),
        key=lambda each: (each.on, each.reference),
    )
    held = [each for each in between if each.held and each.on <= today]
    ahead = [each for each in between if not each.held and each.on >= today]
    passed = [each for each in between if not each.held and each.on < today]
    rule = _rule(audit)
    if held:
        says = f"The {noun} {held[-1].reference} was held on {say(held[-1].on)}, before {audit.id}."
        return Preparation(audit.id, audit.begins_on, noun, Ready.HELD, (Reason(says, rule.clause), rule))
    if ahead:
        says = (
            f"The {noun} {ahead[0].reference} is planned for {say(ahead[0].on)}, not yet held; "
            f"{audit.id} begins on {say(audit.begins_on)}."
        )
        return Preparation(audit.id, audit.begins_on, noun, Ready.PLANNED, (Reason(says, rule.clause), rule))
    since = f" since {before.id} of {say(before.ends_on)}" if before is not None else ""
    if audit.begins_on > today:
        says = f"No {noun} is held or planned{since} before {audit.id}, which begins on {say(audit.begins_on)}."
    else:
        says = f"No {noun} was held{since} before {audit.id} of {say(audit.begins_on)}."
    late = [
        Reason(f"{each.reference} was planned for {say(each.on)}: nothing says that it was held.") for each in passed
    ]
    return Preparation(audit.id, audit.begins_on, noun, Ready.MISSING, (Reason(says, rule.clause), *late, rule))


def _rule(audit: AuditFact) -> Reason:
    if audit.kind is AuditKind.STAGE_2:
        says = "The body looks before stage 2 whether internal audits and management review are planned and performed."
        return Reason(says, clauses.STAGE_1_CONCLUSIONS)
    says = "The body looks at the internal audits and the management review since its last audit."
    return Reason(says, clauses.SURVEILLANCE_CONTENT)
