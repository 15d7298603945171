"""References that count up and are never given twice, not even after what had them is gone."""

from typing import Any

from sqlalchemy import select

from app.models.certificate import BodyNonconformity
from app.models.finding import Finding
from app.models.journal import JournalEntry
from app.models.organisation import Organisation
from app.work import Work
from app.work.journal import chain_of


def next_reference(work: Work, model: Any, stem: str, digits: int = 3) -> str:
    """The next of LP-001, LP-002 and so on: after the highest that is there or that the journal says was."""
    return _counted(work, (model,), stem, 1, digits)[0]


def next_nonconformity(work: Work, year: int) -> str:
    """The next of NC-2026-014: the nonconformities of the body and our own are counted together."""
    return _counted(work, (BodyNonconformity, Finding), f"NC-{year}-", 1)[0]


def next_references(work: Work, model: Any, stem: str, many: int) -> list[str]:
    """The next so many, for what comes in a file."""
    return _counted(work, (model,), stem, many)


def _counted(work: Work, models: tuple[Any, ...], stem: str, many: int, digits: int = 3) -> list[str]:
    # One at a time: two that ask at once must not be given the same.
    work.session.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))
    there = [
        each for model in models for each in work.all(select(model.reference).where(model.reference.startswith(stem)))
    ]
    # What is gone, and what a regraded finding was called before.
    gone = work.all(
        select(JournalEntry.reference)
        .where(
            JournalEntry.chain == chain_of(work.home),
            JournalEntry.noun.in_([model.__tablename__ for model in models]),
            JournalEntry.reference.startswith(stem),
        )
        .distinct()
    )
    numbers = [int(each.removeprefix(stem)) for each in (*there, *gone) if each.removeprefix(stem).isdecimal()]
    first = max(numbers, default=0) + 1
    return [f"{stem}{number:0{digits}}" for number in range(first, first + many)]
