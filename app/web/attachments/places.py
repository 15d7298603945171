"""What a file may be on: how the address finds it, its page, and who may see and change what lies there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.dates import say
from app.domain.findings.corrective_action import Stage
from app.domain.permission import Permission
from app.domain.programme.review import refuse_over
from app.models.asset import Asset
from app.models.attachment import Attachment
from app.models.audit import Audit
from app.models.certificate import BodyNonconformity, Certificate, Decision
from app.models.change_request import ChangeRequest
from app.models.checklist import ChecklistItem
from app.models.competence import CompetenceEvidence
from app.models.completion import Completion
from app.models.corrective_action import Action, CorrectiveAction
from app.models.course import Course
from app.models.document import Document
from app.models.finding import Finding
from app.models.licence import Entitlement
from app.models.management_review import ManagementReview
from app.models.reconciliation import Reconciliation
from app.operations.attachments import Place
from app.operations.findings import refuse_fixed
from app.operations.frozen import refuse_if_frozen
from app.operations.seat_gate import refuse_unseated_auditor, refuse_unseated_member
from app.queries.management_reviews import review_by
from app.web.actions.access import does
from app.web.actions.access import sees as sees_action
from app.web.audits.access import may_attach, may_work_on
from app.web.audits.access import sees as sees_audit
from app.web.corrective_actions.access import carries
from app.web.corrective_actions.access import sees as sees_case
from app.web.findings.access import may_change, may_see
from app.web.gate import LARGEST_ID, may
from app.work import Work

Rule = Callable[[Any], bool]


def _holds(permission: Permission) -> Rule:
    """Whoever has the permission, for every thing of the kind."""
    return lambda row: may(permission)


def _sees_change(row: ChangeRequest) -> bool:
    """Who sees assets sees every request; everybody else their own."""
    return may(Permission.SEE_ASSETS) or (may(Permission.REQUEST_CHANGE) and row.requested_by_id == current_user.id)


def _changes_change(row: ChangeRequest) -> bool:
    """Who asks, and who manages assets or authorises."""
    if may(Permission.MANAGE_ASSETS) or may(Permission.AUTHORISE_CHANGE):
        return True
    return may(Permission.REQUEST_CHANGE) and row.requested_by_id == current_user.id


def _changes_case(row: CorrectiveAction) -> bool:
    """Who carries it on, until it is closed: then its files stay as they are."""
    return row.stage is not Stage.CLOSED and carries(row)


def _held_audit(work: Work, row: Audit) -> None:
    """Refuses a change of the files of an audit once its report is signed, and to who audits without a seat."""
    refuse_unseated_member(work, _unfrozen(work, row.id))


def _held_with_its_audit(work: Work, row: ChecklistItem) -> None:
    """The same for what lies on a question, and to who has no seat."""
    refuse_unseated_auditor(work, _unfrozen(work, row.audit_id))


def _unfrozen(work: Work, audit_id: int) -> Audit:
    """The audit as the database has it, locked; refused once its report is signed."""
    statement = select(Audit).where(Audit.id == audit_id).with_for_update()
    audit = work.one_or_none(statement.execution_options(populate_existing=True))
    if audit is None:
        abort(404)
    refuse_if_frozen(audit)
    return audit


def _held_review(work: Work, row: ManagementReview) -> None:
    """Refuses a change of the files of a management review that is closed or cancelled."""
    review = review_by(work, row.reference, for_update=True)
    if review is not None:
        refuse_over(review.progress)


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of thing that files may be on."""

    word: str
    """What the address calls it; the column of the attachment is named for it."""
    model: Any
    key: str
    """By which of its columns the address names it."""
    page: str
    """The endpoint that shows it."""
    argument: str
    seen_by: Rule
    changed_by: Rule
    title: Callable[[Any], str] = lambda row: str(row.reference)
    shown_at: Callable[[Any], Any] = lambda row: row.reference
    """What the address of its page names it by."""
    options: tuple[Any, ...] = ()
    opened_at: Callable[[Any], dict[str, Any]] = lambda row: {}
    """What else its address says, so that its page comes back with this thing open."""
    is_evidence: bool = False
    """Whether photographs that lie here are scaled, and freed of where and with what they were taken."""
    held: Callable[[Work, Any], None] = lambda work, row: None
    """Refuses a change of the files where the thing may not change any longer."""

    @property
    def column(self) -> str:
        return f"{self.word}_id"

    def find(self, work: Work, *conditions: Any) -> Any:
        """The one row; None where the organisation has none, or there is no page for such a thing."""
        if self.page not in current_app.view_functions:
            return None
        return work.one_or_none(select(self.model).where(*conditions).options(*self.options))


@dataclass(frozen=True, slots=True)
class Where:
    """What a file is on: for the row, in words, and its page."""

    noun: Noun
    row: Any

    @property
    def place(self) -> Place:
        return Place(**{self.noun.column: self.row.id})

    @property
    def title(self) -> str:
        return self.noun.title(self.row)

    @property
    def url(self) -> str:
        named = {self.noun.argument: self.noun.shown_at(self.row), **self.noun.opened_at(self.row)}
        return url_for(self.noun.page, **named)

    @property
    def may_see(self) -> bool:
        """Whether the visitor may fetch the files that lie here."""
        return self.noun.seen_by(self.row)

    @property
    def may_change(self) -> bool:
        """Whether the visitor may add files here and take them away."""
        return self.noun.changed_by(self.row)


_PROGRAMME = (_holds(Permission.SEE_PROGRAMME), _holds(Permission.MANAGE_PROGRAMME))
_COMPETENCE = (_holds(Permission.MANAGE_TRAINING), _holds(Permission.MANAGE_TRAINING))
_ASSETS = (_holds(Permission.SEE_ASSETS), _holds(Permission.MANAGE_ASSETS))
_TRAINING = (_holds(Permission.MANAGE_TRAINING), _holds(Permission.MANAGE_TRAINING))
_DOCUMENTS = (_holds(Permission.MANAGE_DOCUMENTS), _holds(Permission.MANAGE_DOCUMENTS))

NOUNS: tuple[Noun, ...] = (
    Noun("certificate", Certificate, "reference", "certificates.show", "reference", *_PROGRAMME),
    Noun(
        "decision",
        Decision,
        "id",
        "certificates.show",
        "reference",
        *_PROGRAMME,
        title=lambda row: f"the decision of {say(row.decided_on)} on {row.certificate.reference}",
        shown_at=lambda row: row.certificate.reference,
        options=(joinedload(Decision.certificate),),
    ),
    Noun(
        "audit",
        Audit,
        "reference",
        "audits.show",
        "reference",
        sees_audit,
        may_attach,
        options=(selectinload(Audit.team),),
        held=_held_audit,
    ),
    Noun("nonconformity", BodyNonconformity, "reference", "nonconformities.show", "reference", *_PROGRAMME),
    Noun(
        "asset",
        Asset,
        "id",
        "assets.show",
        "asset_id",
        *_ASSETS,
        title=lambda row: str(row.tag),
        shown_at=lambda row: row.id,
    ),
    Noun("entitlement", Entitlement, "reference", "entitlements.show", "reference", *_ASSETS),
    Noun("change", ChangeRequest, "reference", "changes.show", "reference", _sees_change, _changes_change),
    Noun(
        "case",
        CorrectiveAction,
        "reference",
        "corrective_actions.show",
        "reference",
        sees_case,
        _changes_case,
        options=(selectinload(CorrectiveAction.actions),),
        is_evidence=True,
    ),
    Noun(
        "action",
        Action,
        "reference",
        "actions.show",
        "reference",
        sees_action,
        does,
        options=(joinedload(Action.case),),
        is_evidence=True,
    ),
    Noun("reconciliation", Reconciliation, "reference", "reconciliations.show", "reference", *_ASSETS),
    Noun(
        "finding",
        Finding,
        "reference",
        "findings.show",
        "reference",
        may_see,
        may_change,
        options=(joinedload(Finding.audit).selectinload(Audit.team),),
        is_evidence=True,
        held=refuse_fixed,
    ),
    Noun(
        "item",
        ChecklistItem,
        "id",
        "checklist.show",
        "reference",
        lambda row: sees_audit(row.audit),
        lambda row: may_work_on(row.audit),
        title=lambda row: f"question {row.position} of {row.audit.reference}",
        shown_at=lambda row: row.audit.reference,
        opened_at=lambda row: {"item": row.id, "_anchor": f"item-{row.id}"},
        options=(joinedload(ChecklistItem.audit).selectinload(Audit.team),),
        is_evidence=True,
        held=_held_with_its_audit,
    ),
    Noun(
        "evidence",
        CompetenceEvidence,
        "id",
        "competence.show",
        "competence_evidence_id",
        *_COMPETENCE,
        title=lambda row: str(row.says),
        shown_at=lambda row: row.id,
    ),
    Noun(
        "review",
        ManagementReview,
        "reference",
        "management_reviews.show",
        "reference",
        *_PROGRAMME,
        held=_held_review,
    ),
    Noun(
        "completion",
        Completion,
        "id",
        "completions.show",
        "completion_id",
        lambda row: row.person_id == current_user.id or may(Permission.MANAGE_TRAINING),
        _holds(Permission.MANAGE_TRAINING),
        title=lambda row: f"the completion of {row.course.title} by {row.person.label}",
        shown_at=lambda row: row.id,
        options=(joinedload(Completion.course), joinedload(Completion.person)),
    ),
    Noun("document", Document, "reference", "documents.show", "reference", *_DOCUMENTS),
    Noun("course", Course, "reference", "courses.show", "reference", *_TRAINING),
)


def where(work: Work, word: str, key: str) -> Where:
    """What the address names, for who may see it; 404 where the organisation has nothing of that name."""
    noun = next((each for each in NOUNS if each.word == word), None)
    if noun is None:
        abort(404)
    if noun.key == "id" and not (key.isascii() and key.isdecimal() and len(key) < 11 and int(key) <= LARGEST_ID):
        abort(404)
    row = noun.find(work, getattr(noun.model, noun.key) == (int(key) if noun.key == "id" else key))
    if row is None:
        abort(404)
    return Where(noun, row)


def where_is(work: Work, attachment: Attachment) -> Where:
    """What a file is on."""
    noun = next(each for each in NOUNS if getattr(attachment, each.column) is not None)
    row = noun.find(work, noun.model.id == getattr(attachment, noun.column))
    if row is None:
        abort(404)
    return Where(noun, row)
