"""Keep the certification body's nonconformities, with the body's own dates; they feed the rules on decisions."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.certification.facts import Grade
from app.domain.certification.nonconformity import NonconformityDates, refuse_impossible_days
from app.domain.explained import RefusedError
from app.models.attachment import Attachment
from app.models.certificate import BodyNonconformity
from app.operations.attachments import detach
from app.operations.conflict import refuse_if_changed
from app.operations.corrective_actions import drop_behind, follow_body
from app.operations.references import next_nonconformity
from app.operations.verdicts import judge_again
from app.queries.nonconformities import RaisingAudit, raising_audits
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class NonconformityDetails:
    """What the body wrote; `raised_at` names the audit and the certificate: S2-2026-01/C-27001-1."""

    raised_at: str
    grade: Grade
    statement: str
    raised_on: date
    body_reference: str = ""
    clause: str = ""
    response_due_on: date | None = None
    plan_accepted_on: date | None = None
    verified_on: date | None = None

    @property
    def days(self) -> NonconformityDates:
        """Its days, as the rules read them."""
        return NonconformityDates(
            raised_on=self.raised_on,
            response_due_on=self.response_due_on,
            plan_accepted_on=self.plan_accepted_on,
            verified_on=self.verified_on,
        )


def create(work: Work, details: NonconformityDetails) -> BodyNonconformity:
    """Record a nonconformity of the certification body; its reference counts within the year it was raised in."""
    raising = _raising(work, details)
    row = BodyNonconformity(reference=next_nonconformity(work, details.raised_on.year))
    _tell(row, details, raising)
    work.add(row)
    judge_again(work, [row.certificate_id])
    return row


def edit(work: Work, row: BodyNonconformity, details: NonconformityDetails, seen: int | None = None) -> None:
    """Change what is kept of a nonconformity that was loaded for update; who saw an older version is refused."""
    refuse_if_changed(row, seen, row.reference)
    raising, before = _raising(work, details), row.certificate_id
    _tell(row, details, raising)
    work.flush()
    judge_again(work, {before, row.certificate_id})
    follow_body(work, row)


def remove(work: Work, row: BodyNonconformity, reason: str) -> None:
    """Take back a nonconformity that was recorded by mistake, with its files; the journal keeps it and why."""
    if not reason.strip():
        raise RefusedError("Say why it is removed: the journal keeps the reason.", "reason")
    work.reason = reason.strip()
    certificate_id = row.certificate_id
    drop_behind(work, row)
    for file in work.all(select(Attachment).where(Attachment.nonconformity_id == row.id)):
        detach(work, file)
    work.session.delete(row)
    judge_again(work, [certificate_id])


def _tell(row: BodyNonconformity, details: NonconformityDetails, raising: RaisingAudit) -> None:
    row.certificate_id, row.audit_id = raising.certificate_id, raising.audit_id
    row.body_reference, row.clause = details.body_reference.strip(), details.clause.strip()
    row.grade, row.statement = details.grade, details.statement.strip()
    row.raised_on, row.response_due_on = details.raised_on, details.response_due_on
    row.plan_accepted_on, row.verified_on = details.plan_accepted_on, details.verified_on


def _raising(work: Work, details: NonconformityDetails) -> RaisingAudit:
    found = next((each for each in raising_audits(work) if each.key == details.raised_at), None)
    if found is None:
        raise RefusedError("Choose the audit that raised it, one that has begun.", "raised_at")
    if not details.statement.strip():
        raise RefusedError("Write down what the certification body stated.", "statement")
    refuse_impossible_days(details.days, found.starts_on, work.today)
    return found
