"""The register of documents: which version of each is in force, who approved it, and who has acknowledged it."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.catalogue import audited_standards, points_of
from app.domain.dates import say
from app.domain.document import Column, Serves, Shape, Table
from app.domain.explained import Clause
from app.domain.permission import Permission
from app.models.document import DocumentVersion
from app.queries.documents import Stand, document_stands, standards_spoken_of
from app.reports.report import Asked, Body, Choices, Option, Report, say_count
from app.work import Work

COLUMNS = (
    Column("Number"),
    Column("Title", breadth=6),
    Column("Owner", breadth=4),
    Column("Version in force"),
    Column("Standing", breadth=5),
    Column("Approved by", breadth=4),
    Column("Valid from", Shape.DAY),
    Column("Review by", Shape.DAY),
    Column("Acknowledged"),
)
CONTROL = "Control of documented information"
"""As our titles call the clause that asks for it, in whatever standard."""


def register_lines(stands: Iterable[Stand]) -> Iterator[tuple[Any, ...]]:
    """One line for each document, by number; an obsolete one shows the version that was valid last."""
    for stand in stands:
        document, valid = stand.document, stand.valid
        of = valid or (_last(stand) if document.withdrawn_on is not None else None)
        yield (
            document.reference,
            document.title,
            document.owner.label,
            valid.number if valid is not None else None,
            _standing(stand),
            of.approved_by.label if of is not None and of.approved_by is not None else None,
            of.valid_from if of is not None else None,
            stand.review_on,
            f"{stand.done} of {len(stand.lines)}" if stand.lines else None,
        )


def tell(work: Work, asked: Asked) -> Body:
    """One line a document, by number."""
    stands = asked.take(document_stands(work, standard=asked.values["standard"]))
    in_force = [each for each in stands if each.valid is not None]
    obsolete = sum(each.document.withdrawn_on is not None for each in stands)
    late = sum(each.is_review_late(work.today) for each in stands)
    owed = sum(len(each.waiting) for each in in_force)
    says = f"{say_count(len(stands), 'document')}; {len(in_force):,} in force, {obsolete:,} obsolete."
    says += f" {late:,} overdue for review." if late else ""
    says += f" {say_count(owed, 'acknowledgement')} still to come." if owed else ""
    return Body(says, (Table("Documents", COLUMNS, list(register_lines(stands)), "No document is recorded."),))


def _last(stand: Stand) -> DocumentVersion | None:
    return next((each for each in reversed(stand.document.versions) if each.approved_by_id is not None), None)


def _standing(stand: Stand) -> str:
    if stand.document.withdrawn_on is not None:
        return f"Obsolete since {say(stand.document.withdrawn_on)}"
    pending = stand.pending
    next_one = stand.standings[pending.number].label.lower() if pending is not None else ""
    if stand.valid is not None:
        return f"Valid; version {pending.number} {next_one}" if pending is not None else "Valid"
    return next_one.capitalize() if pending is not None else "Approved, not valid yet"


def _standards(work: Work) -> Choices:
    return [(each, each) for each in standards_spoken_of(work)]


REPORT = Report(
    "document-register",
    "Register of documents",
    "Shows which version of each document is in force, who approved it, its next review, and who acknowledged it.",
    (),
    tell,
    (Option("standard", "Standard", _standards),),
    Permission.MANAGE_DOCUMENTS,
    (
        Serves(
            "control of documented information",
            tuple(
                Clause(standard, point.number)
                for standard in audited_standards()
                for point in points_of(standard)
                if point.title == CONTROL
            ),
        ),
    ),
)
