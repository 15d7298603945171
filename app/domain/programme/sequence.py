"""Which audits wait for the conclusion of an earlier one, and what an audit should be prepared for."""

from app.domain import clauses
from app.domain.certification.facts import AuditFact, AuditKind, AuditStatus, DecisionKind, Facts, Outcome
from app.domain.dates import say
from app.domain.explained import Reason

_CERTIFIED = (DecisionKind.GRANTED, DecisionKind.RESTORED, DecisionKind.RENEWED, DecisionKind.TRANSFERRED)
_GATED = frozenset(
    {AuditKind.STAGE_2, AuditKind.SURVEILLANCE, AuditKind.RECERTIFICATION, AuditKind.SPECIAL, AuditKind.TRANSITION}
)


def held_back(facts: Facts, audit_id: str) -> tuple[Reason, ...]:
    """Say why an audit still waits for an earlier one; empty where it is free to go ahead.

    A stage 2 waits until stage 1 was ready; what comes after a stage 2 waits until that was recommended. A decision of
    the body ends the waiting. [ISO/IEC 17021-1:2015, 9.3.1.2 and 9.1.3.2]
    """
    audit = next((each for each in facts.audits if each.id == audit_id), None)
    if audit is None or audit.status is not AuditStatus.PLANNED or audit.kind not in _GATED:
        return ()
    gates = (AuditKind.STAGE_1,) if audit.kind is AuditKind.STAGE_2 else (AuditKind.STAGE_2, AuditKind.RECERTIFICATION)
    gate = _latest_before(facts, audit, gates)
    if gate is None or _decided_since(facts, gate):
        return ()
    if gate.kind is AuditKind.RECERTIFICATION and gate.status is AuditStatus.PLANNED:
        # The certificate in force carries what is planned until then.
        return ()
    return _waits_for(gate)


def _latest_before(facts: Facts, audit: AuditFact, kinds: tuple[AuditKind, ...]) -> AuditFact | None:
    earlier = (
        each
        for each in facts.audits
        if each.kind in kinds
        and each.id != audit.id
        and each.status is not AuditStatus.CANCELLED
        and each.ends_on <= audit.ends_on
    )
    return max(earlier, key=lambda each: (each.ends_on, each.begins_on), default=None)


def _decided_since(facts: Facts, gate: AuditFact) -> bool:
    return any(each.kind in _CERTIFIED and each.decided_on >= gate.ends_on for each in facts.decisions)


def _waits_for(gate: AuditFact) -> tuple[Reason, ...]:
    stage_1 = gate.kind is AuditKind.STAGE_1
    clause, good = (clauses.STAGE_1_CONCLUSIONS, Outcome.READY) if stage_1 else (clauses.PROGRAMME, Outcome.RECOMMENDED)
    wanted = "ready" if stage_1 else "recommended"
    if gate.status is AuditStatus.PLANNED:
        says = f"{gate.id} comes first: it is planned for {say(gate.ends_on)} and has no conclusion yet."
    elif gate.outcome is None:
        says = f"{gate.id} was held on {say(gate.ends_on)}; whether it was {wanted} is not recorded."
    elif gate.outcome is good:
        return ()
    elif stage_1:
        says = f"{gate.id} of {say(gate.ends_on)} was not ready: the areas of concern come first."
    else:
        says = f"{gate.id} of {say(gate.ends_on)} was not recommended: certification comes first."
    return (Reason(says, clause),)


_STAGE_1 = (
    "The documented management system and the conditions of the sites",
    "Whether the staff understand the standard, and readiness for stage 2",
    "Scope, processes, sites, and the law that applies",
    "Whether internal audits and management review are planned and performed",
    "What stage 2 needs: days, people, focus",
)
_SURVEILLANCE = (
    "Internal audits and management review",
    "Actions on the nonconformities of the last audit",
    "Complaints",
    "Effectiveness of the system against its objectives",
    "Progress of planned improvement",
    "Continuing operational control",
    "Changes",
    "Use of marks and references to the certification",
)


def topics(kind: AuditKind) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """What an audit of this kind covers at least, and where that stands; both empty where no rule says.

    [ISO/IEC 17021-1:2015, 9.3.1.2 and 9.6.2.2]
    """
    if kind is AuditKind.STAGE_1:
        return _STAGE_1, (
            Reason("What stage 1 looks at, to see whether stage 2 can follow.", clauses.STAGE_1_CONCLUSIONS),
        )
    if kind is AuditKind.SURVEILLANCE:
        return _SURVEILLANCE, (Reason("Every surveillance covers at least these.", clauses.SURVEILLANCE_CONTENT),)
    return (), ()
