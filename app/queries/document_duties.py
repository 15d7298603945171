"""What waits for a person among the documents: versions to acknowledge or to approve, and reviews that are due."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from app.domain.dates import add_days
from app.domain.documents.due import REVIEW_MARKS
from app.domain.documents.version import Step
from app.domain.findings.reminding import MARKS
from app.queries.case_duties import Duty
from app.queries.document_writers import writers_of
from app.queries.documents import Stand, document_stands
from app.work import Work


class Deed(Enum):
    """What is to be done with a document, in the words of the pages and mails."""

    ACKNOWLEDGE = "Read it, and acknowledge it"
    APPROVE = "Approve it, or send it back"
    REVIEW = "Review it: is it right as it is?"


@dataclass(frozen=True, slots=True)
class DocumentDuty:
    """A version of a document that waits for somebody, and by when; an approval has no day."""

    person_id: int
    reference: str
    title: str
    number: int
    deed: Deed
    due_on: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.due_on is not None and self.due_on < today


def own_documents(work: Work, person_id: int, *, approves: bool) -> list[DocumentDuty]:
    """The documents that wait for a person, what is due first on top; a fixed number of queries.

    A review waits for the owner from 30 days before its day on. Who `approves` finds every version in review that
    they did not write themselves.
    """
    stands = document_stands(work, withdrawn=False)
    until = add_days(work.today, max(REVIEW_MARKS))
    found = [each for stand in stands for each in _dated(stand, until) if each.person_id == person_id]
    if approves:
        found += _approvals(work, stands, person_id)
    return sorted(found, key=lambda each: (each.due_on or date.max, each.reference, each.deed.name))


def document_duties(work: Work, until: date) -> list[tuple[int, Duty]]:
    """What is to be acknowledged, and what is to be reviewed by a day, with whose it is."""
    return [
        (each.person_id, _duty(each))
        for stand in document_stands(work, withdrawn=False)
        for each in _dated(stand, until)
    ]


def _dated(stand: Stand, until: date) -> list[DocumentDuty]:
    document, valid = stand.document, stand.valid
    if valid is None:
        return []
    found = [
        DocumentDuty(line.person_id, document.reference, document.title, valid.number, Deed.ACKNOWLEDGE, line.due_on)
        for line in stand.waiting
    ]
    if stand.review_on is not None and stand.review_on <= until:
        found.append(
            DocumentDuty(
                document.owner_id, document.reference, document.title, valid.number, Deed.REVIEW, stand.review_on
            )
        )
    return found


def _approvals(work: Work, stands: list[Stand], person_id: int) -> list[DocumentDuty]:
    sent = {
        each.pending.id: (each.document, each.pending)
        for each in stands
        if each.pending is not None and each.pending.step is Step.IN_REVIEW
    }
    writers = writers_of(work, [version for _, version in sent.values()])
    return [
        DocumentDuty(person_id, document.reference, document.title, version.number, Deed.APPROVE)
        for key, (document, version) in sent.items()
        if person_id not in {each.id for each in writers[key]}
    ]


def _duty(waits: DocumentDuty) -> Duty:
    is_review = waits.deed is Deed.REVIEW
    return Duty(
        "documents.show",
        waits.reference,
        waits.title if is_review else f"{waits.title}, version {waits.number}",
        waits.deed.value,
        waits.due_on,
        part="review" if is_review else f"version {waits.number}",
        marks=REVIEW_MARKS if is_review else MARKS,
    )
