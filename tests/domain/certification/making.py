"""Facts in few words, for the tables of cases."""

from datetime import date
from typing import Any

from app.domain.certification.facts import (
    AuditFact,
    AuditKind,
    AuditStatus,
    ChangeFact,
    CycleSettings,
    DecisionFact,
    DecisionKind,
    EditionDeadline,
    Facts,
    Grade,
    NonconformityFact,
    Outcome,
)

ISMS_2013 = EditionDeadline("ISO/IEC 27001:2013", date(2025, 10, 31), date(2024, 4, 30), "IAF MD 26 issue 2")


def day(text: str) -> date:
    return date.fromisoformat(text)


def audit(
    kind: str,
    ends_on: str,
    id_: str | None = None,
    starts_on: str | None = None,
    status: str = "completed",
    outcome: str | None = None,
    counts: bool = False,
) -> AuditFact:
    return AuditFact(
        id=id_ or f"{kind} {ends_on}",
        kind=AuditKind(kind),
        ends_on=day(ends_on),
        starts_on=day(starts_on) if starts_on else None,
        status=AuditStatus(status),
        outcome=Outcome(outcome) if outcome else None,
        counts_as_surveillance=counts,
    )


def planned(kind: str, ends_on: str, id_: str | None = None) -> AuditFact:
    return audit(kind, ends_on, id_, status="planned")


def decision(kind: str, decided_on: str, valid_through: str | None = None, to: str | None = None) -> DecisionFact:
    return DecisionFact(DecisionKind(kind), day(decided_on), day(valid_through) if valid_through else None, to)


def granted(decided_on: str, valid_through: str | None = None) -> DecisionFact:
    return decision("granted", decided_on, valid_through)


def major(audit_id: str, verified_on: str | None = None, id_: str = "n1") -> NonconformityFact:
    return NonconformityFact(id_, audit_id, Grade.MAJOR, None, day(verified_on) if verified_on else None)


def minor(audit_id: str, plan_accepted_on: str | None = None, id_: str = "n2") -> NonconformityFact:
    return NonconformityFact(id_, audit_id, Grade.MINOR, day(plan_accepted_on) if plan_accepted_on else None)


def change(on: str, significant: bool = True) -> ChangeFact:
    return ChangeFact(day(on), significant)


def facts(
    *parts: Any, standard: str | None = None, editions: tuple[EditionDeadline, ...] = (), **settings: Any
) -> Facts:
    """Facts from audits, decisions, nonconformities and changes in any order; the rest are settings."""

    def of(kind: type) -> tuple[Any, ...]:
        return tuple(part for part in parts if isinstance(part, kind))

    return Facts(
        standard=standard,
        settings=CycleSettings(**settings),
        audits=of(AuditFact),
        decisions=of(DecisionFact),
        nonconformities=of(NonconformityFact),
        changes=of(ChangeFact),
        deviations=tuple(part for part in parts if type(part).__name__ == "DeviationFact"),
        editions=editions,
    )


def stages(before: str) -> tuple[AuditFact, AuditFact]:
    """A stage 1 and a stage 2 in the weeks before a decision, as a granted certificate has them."""
    from datetime import timedelta

    decided_on = day(before)
    return (
        AuditFact("stage 1", AuditKind.STAGE_1, decided_on - timedelta(days=60)),
        AuditFact("stage 2", AuditKind.STAGE_2, decided_on - timedelta(days=20)),
    )
