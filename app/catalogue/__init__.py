"""Standards, their editions and clauses, from the data files of this folder."""

from app.domain.certification.facts import EditionDeadline


def edition_deadlines() -> tuple[EditionDeadline, ...]:
    """The dated ends of editions that the catalogue knows."""
    return ()
