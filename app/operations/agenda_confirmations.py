"""Auditees are asked by mail for the items of an agenda that concern them, and confirm them at a secret address."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.programme.progress import AuditProgress
from app.domain.programme.team import TeamRole
from app.domain.secret import token_hash
from app.models.audit import Audit
from app.models.audit_plan import AgendaItem, AgendaPerson
from app.operations import agenda_invitations
from app.operations.frozen import refuse_if_frozen
from app.queries.audit_plan import Auditee, agenda_of, auditees_of
from app.queries.audits import audit_of
from app.work import ACROSS, Work

PAUSE = timedelta(minutes=10)
"""Who was asked is not asked again within this time: a button pressed twice sends one mail."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands behind a mailed address."""

    organisation: str
    audit: Audit
    auditee: Auditee
    today: date

    @property
    def open(self) -> list[AgendaPerson]:
        """What is still to be confirmed; what is past is asked of nobody."""
        return self.auditee.to_come(self.today)

    @property
    def stamp(self) -> str:
        """What was shown: who confirms something else than what stands there now is shown it again."""
        shown = [(item.id, item.version, person.confirmed_at is None) for item, person in self.auditee.at]
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:20]


def ask(work: Work, audit: Audit) -> list[str]:
    """Ask by mail all who have not confirmed an item that is still to come; gives their names.

    Who was asked before and has something else in the calendar now hears of that with them. The audit was loaded for
    update. [ISO 19011, 6.3.2.2]
    """
    refuse_if_frozen(audit)
    if _is_over(work, audit):
        raise RefusedError("The audit is over or cancelled: there is nothing left to confirm.")
    wanted = [each for each in auditees_of(agenda_of(work, audit.id)) if each.to_come(work.today)]
    if not wanted:
        raise RefusedError("Nobody has anything left to confirm: name auditees at the items of the agenda first.")
    reached = [each for each in wanted if each.email]
    if not reached:
        raise RefusedError("No auditee has an email address.")
    due = [each for each in reached if any(_is_due(work, person) for person in each.to_come(work.today))]
    if not due:
        raise RefusedError("Everybody who has not confirmed was asked within the last ten minutes.")
    agenda_invitations.invite(work, audit, due)
    others = agenda_invitations.tell_changes(work, audit)
    return [*(each.label for each in due), *others]


def asked_by(work: Work, token: str) -> tuple[int, str, str] | None:
    """The organisation and the audit behind a mailed secret, and its hash; None where it is wrong or old."""
    row = work.session.execute(
        select(AgendaPerson.organisation_id, Audit.reference)
        .join(AgendaItem, AgendaItem.id == AgendaPerson.item_id)
        .join(Audit, Audit.id == AgendaItem.audit_id)
        .where(AgendaPerson.token_hash == token_hash(token)),
        execution_options={ACROSS: "an auditee is found by their secret"},
    ).one_or_none()
    return (row[0], row[1], token_hash(token)) if row is not None else None


def behind(work: Work, reference: str, hashed: str, *, lock: bool = False) -> Asked | None:
    """What the secret of an auditee opens in the organisation of the work, as long as the audit is to come."""
    audit = audit_of(work, reference, lock=lock)
    if audit is None or audit.frozen_at is not None or _is_over(work, audit):
        return None
    for auditee in auditees_of(agenda_of(work, audit.id)):
        if any(person.token_hash == hashed for _, person in auditee.at):
            return Asked(work.organisation.name, audit, auditee, work.today)
    return None


@dataclass(frozen=True, slots=True)
class Over:
    """An audit that asks its auditees nothing any longer, and who led it."""

    organisation: str
    reference: str
    is_cancelled: bool
    leads: tuple[str, ...]


def over_behind(work: Work, reference: str) -> Over | None:
    """What is told to an auditee who kept the address of an audit that is over; None while it is to come."""
    audit = audit_of(work, reference)
    if audit is None or not (audit.frozen_at is not None or _is_over(work, audit)):
        return None
    leads = tuple(each.label for each in audit.team if each.role is TeamRole.LEAD)
    return Over(work.organisation.name, audit.reference, audit.progress is AuditProgress.CANCELLED, leads)


def confirm(work: Work, found: Asked, stamp: str) -> bool:
    """Keep that an auditee will be there; False where the agenda is not what they saw. The audit is held."""
    if stamp != found.stamp:
        return False
    for person in found.open:
        person.confirmed_at = work.now
    work.flush()
    return True


def _is_due(work: Work, person: AgendaPerson) -> bool:
    return person.asked_at is None or person.asked_at <= work.now - PAUSE


def _is_over(work: Work, audit: Audit) -> bool:
    return audit.progress.is_over or audit.ends_on < work.today
