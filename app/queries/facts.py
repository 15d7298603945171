"""From rows to facts: what the database knows of certificates, in the form that the rules judge."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from app.catalogue import edition_deadlines
from app.domain.certification.facts import (
    AuditDate,
    AuditFact,
    AuditStatus,
    ChangeFact,
    CycleSettings,
    DecisionFact,
    DeviationFact,
    EditionDeadline,
    Expiry,
    Facts,
    LateStage2,
    NonconformityFact,
    RecertificationYear,
    SecondSurveillance,
)
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.certificate import BodyNonconformity, Certificate, Decision, Deviation, SignificantChange
from app.models.organisation import Organisation, OwnEdition
from app.work import Work

ALL = None
"""In the place of ids: every certificate of the organisation."""


def settings_of(organisation: Organisation) -> CycleSettings:
    """The organisation's choices where the standards leave room."""
    return CycleSettings(
        expiry=Expiry(organisation.expiry),
        audit_date=AuditDate(organisation.audit_date),
        recertification_year=RecertificationYear(organisation.recertification_year),
        second_surveillance=SecondSurveillance(organisation.second_surveillance),
        max_early_months=organisation.max_early_months,
        suspension_months=organisation.suspension_months,
        restoration_months=organisation.restoration_months,
        restore_after_edition_deadline=organisation.restore_after_edition_deadline,
        long_gap_months=organisation.long_gap_months,
        stage_interval_months=organisation.stage_interval_months,
        late_stage_2=LateStage2(organisation.late_stage_2),
    )


def editions_of(work: Work) -> tuple[EditionDeadline, ...]:
    """The deadlines of editions: the catalogue's, and over them the organisation's own word."""
    known = {each.edition: each for each in edition_deadlines()}
    for own in work.all(select(OwnEdition)):
        known.pop(own.full_name, None)
        if own.deadline is not None:
            known[own.full_name] = EditionDeadline(own.full_name, own.deadline, own.no_new_or_recert_after)
    return tuple(known.values())


def audit_status(progress: AuditProgress) -> AuditStatus:
    """What the rules care about: report drafted and closed audits were held, the others are planned or cancelled."""
    if progress is AuditProgress.CANCELLED:
        return AuditStatus.CANCELLED
    return AuditStatus.COMPLETED if progress.is_held else AuditStatus.PLANNED


def facts_of(work: Work, certificate_ids: Collection[int] | None = ALL) -> dict[int, Facts]:
    """The facts of these certificates (or of all), by id; the number of queries does not depend on how many."""
    wanted = select(Certificate.id, Certificate.standard, Certificate.first_edition)
    certificates = work.execute(_chosen(wanted, Certificate.id, certificate_ids)).all()
    if not certificates:
        return {}
    audits = _audits(work, certificate_ids)
    decisions: dict[int, list[DecisionFact]] = defaultdict(list)
    rows: Any = select(
        Decision.certificate_id, Decision.kind, Decision.decided_on, Decision.valid_through, Decision.to_edition
    ).order_by(Decision.id)
    for row in work.execute(_chosen(rows, Decision.certificate_id, certificate_ids)):
        decisions[row[0]].append(DecisionFact(row[1], row[2], row[3], row[4]))
    nonconformities = _nonconformities(work, certificate_ids)
    changes: dict[int, list[ChangeFact]] = defaultdict(list)
    rows = select(SignificantChange.certificate_id, SignificantChange.changed_on, SignificantChange.significant)
    for row in work.execute(_chosen(rows, SignificantChange.certificate_id, certificate_ids)):
        changes[row[0]].append(ChangeFact(row[1], row[2]))
    deviations: dict[int, list[DeviationFact]] = defaultdict(list)
    rows = select(Deviation.certificate_id, Deviation.rule, Deviation.justification, Deviation.year)
    for row in work.execute(_chosen(rows, Deviation.certificate_id, certificate_ids)):
        deviations[row[0]].append(DeviationFact(row[1], row[2], row[3]))
    settings, editions = settings_of(work.organisation), editions_of(work)
    return {
        id_: Facts(
            standard=f"{standard}:{edition}",
            settings=settings,
            audits=tuple(audits[id_]),
            decisions=tuple(decisions[id_]),
            nonconformities=tuple(nonconformities[id_]),
            changes=tuple(changes[id_]),
            deviations=tuple(deviations[id_]),
            editions=editions,
        )
        for id_, standard, edition in certificates
    }


def _chosen(statement: Any, column: Any, certificate_ids: Collection[int] | None) -> Any:
    return statement if certificate_ids is None else statement.where(column.in_(certificate_ids))


def _audits(work: Work, certificate_ids: Collection[int] | None) -> dict[int, list[AuditFact]]:
    statement = (
        select(
            AuditCertificate.certificate_id,
            Audit.reference,
            AuditCertificate.kind,
            Audit.ends_on,
            Audit.starts_on,
            Audit.progress,
            AuditCertificate.outcome,
            AuditCertificate.counts_as_surveillance,
        )
        .join(Audit, AuditCertificate.audit_id == Audit.id)
        .order_by(Audit.id)
    )
    statement = _chosen(statement, AuditCertificate.certificate_id, certificate_ids)
    found: dict[int, list[AuditFact]] = defaultdict(list)
    for row in work.execute(statement):
        found[row[0]].append(AuditFact(row[1], row[2], row[3], row[4], audit_status(row[5]), row[6], row[7]))
    return found


def _nonconformities(work: Work, certificate_ids: Collection[int] | None) -> dict[int, list[NonconformityFact]]:
    statement = (
        select(
            BodyNonconformity.certificate_id,
            BodyNonconformity.reference,
            Audit.reference,
            BodyNonconformity.grade,
            BodyNonconformity.plan_accepted_on,
            BodyNonconformity.verified_on,
            BodyNonconformity.response_due_on,
        )
        .join(Audit, BodyNonconformity.audit_id == Audit.id)
        .order_by(BodyNonconformity.id)
    )
    statement = _chosen(statement, BodyNonconformity.certificate_id, certificate_ids)
    found: dict[int, list[NonconformityFact]] = defaultdict(list)
    for row in work.execute(statement):
        found[row[0]].append(NonconformityFact(*row[1:]))
    return found
