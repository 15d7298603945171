"""What is late beside the programme: implementations, reviews of documents, invoices. One question for all of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from app.domain.dates import say
from app.domain.documents.due import review_due
from app.domain.documents.version import Step
from app.domain.subscription.invoicing import InvoiceKind
from app.models.document import Document, DocumentVersion
from app.models.implementation import Implementation
from app.models.invoice import Invoice, Payment
from app.queries.implementations import Standing, implementations
from app.work import ACROSS, Work
from app.work.question import HOME, TODAY, Question, at_home

MOST = 200
"""So many documents and invoices are looked at, the oldest first."""


@dataclass(frozen=True, slots=True)
class Late:
    """Something that is late, and where it is seen."""

    noun: str
    """`implementation`, `document` or `invoice`: which page shows it."""
    reference: str
    key: int
    says: str
    since: date | None = None


def also_late(work: Work, *, documents: bool, invoices: bool) -> list[Late]:
    """Stage 1 in danger and late tasks first, then documents and invoices for those who may see them.

    One query where there is nothing of the kind; the plans are loaded only where one is under way.
    """
    rows = _ASKED.ask(work)
    found = []
    if any(part == "implementation" for part, *_ in rows):
        for each in implementations(work):
            found += [] if each.is_over else _of_plan(each)
    for part, reference, key, on, reviewed_on, months in rows:
        if part == "document" and documents:
            due_on = review_due(on, reviewed_on, months).value
            if due_on < work.today:
                found.append(Late("document", reference, key, "Its review was due", due_on))
        elif part == "invoice" and invoices:
            found.append(Late("invoice", reference, key, "Is to be paid", on))
    return found


def _of_plan(standing: Standing) -> list[Late]:
    row = standing.row
    found = []
    if standing.endangers_stage_1:
        found.append(Late("implementation", row.reference, row.id, standing.left.why[0].says))
    if standing.late:
        first = min(each.task.due_on for each in standing.expected.values() if each.is_late)
        tasks = "1 task is" if standing.late == 1 else f"{standing.late} tasks are"
        says = f"{tasks} late; it is expected to end on {say(standing.end.value)}"
        found.append(Late("implementation", row.reference, row.id, says, first))
    return found


def _part(name: str, of: Any, on: Any, reviewed_on: Any = None, months: Any = None) -> Any:
    return select(
        literal(name).label("part"),
        of.reference.label("reference"),
        of.id.label("key"),
        on.label("on"),
        (cast(None, Date) if reviewed_on is None else reviewed_on).label("reviewed_on"),
        (cast(None, Integer) if months is None else months).label("months"),
    )


_PLANS = (
    _part("implementation", Implementation, Implementation.starts_on)
    .where(*at_home(Implementation), Implementation.training_ended_on.is_(None))
    .limit(1)
)
_VALID_FROM: Any = func.max(DocumentVersion.valid_from)
_REVIEWS = (
    _part("document", Document, _VALID_FROM, Document.reviewed_on, Document.review_months)
    .join(DocumentVersion, DocumentVersion.document_id == Document.id)
    .where(
        *at_home(Document, DocumentVersion),
        Document.withdrawn_on.is_(None),
        DocumentVersion.step == Step.APPROVED,
        DocumentVersion.valid_from <= TODAY,
    )
    .group_by(Document.id, Document.reference, Document.reviewed_on, Document.review_months)
    .order_by(_VALID_FROM)
    .limit(MOST)
)
_NOTE = aliased(Invoice)
_PAID: Any = (
    select(func.coalesce(func.sum(Payment.amount_minor), 0))
    .where(Payment.invoice_id == Invoice.id, Payment.taken_back_at.is_(None))
    .scalar_subquery()
)
_CREDITED: Any = (
    select(func.coalesce(func.sum(_NOTE.net_minor + _NOTE.tax_minor), 0))
    .where(_NOTE.of_id == Invoice.id)
    .scalar_subquery()
)
_OWED = (
    _part("invoice", Invoice, Invoice.due_on)
    .where(
        Invoice.client_id == HOME,
        Invoice.kind == InvoiceKind.INVOICE,
        Invoice.due_on < TODAY,
        Invoice.net_minor + Invoice.tax_minor > _PAID + _CREDITED,
    )
    .order_by(Invoice.due_on, Invoice.id)
    .limit(MOST)
)
_ASKED = Question(
    union_all(*(select(part.subquery()) for part in (_PLANS, _REVIEWS, _OWED))).execution_options(
        **{ACROSS: "an invoice has two sides"}
    )
)
