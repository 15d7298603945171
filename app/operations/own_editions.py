"""An organisation's own word on editions of standards: it lies over the catalogue, and changes nobody else's."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from app.catalogue import editions, standards
from app.domain.explained import RefusedError
from app.domain.plausible import FIRST_YEAR, LAST_YEAR
from app.models.certificate import Certificate, Decision
from app.models.organisation import OwnEdition
from app.operations.conflict import refuse_if_restamped
from app.operations.verdicts import judge_again
from app.work import Work

SEEN = ("standard", "edition", "discipline", "deadline", "no_new_or_recert_after", "source")


@dataclass(frozen=True, slots=True)
class EditionDetails:
    """What is said of an edition, and by whom."""

    standard: str
    edition: str
    discipline: str
    deadline: date | None
    no_new_or_recert_after: date | None
    source: str


def add(work: Work, details: EditionDetails) -> OwnEdition:
    """Add an edition, or say otherwise of one that the catalogue knows; every certificate is judged anew."""
    _check(work, details, None)
    own = work.add(OwnEdition(**_columns(details)))
    judge_again(work)
    return own


def change(work: Work, own: OwnEdition, seen: str | None, details: EditionDetails) -> OwnEdition:
    """Change one's own word on an edition; every certificate is judged anew."""
    refuse_if_restamped(own, seen, SEEN, f"What is said of {own.full_name}")
    _check(work, details, own)
    if (details.standard, details.edition) != (own.standard, own.edition):
        _refuse_if_needed(work, own)
    for name, value in _columns(details).items():
        setattr(own, name, value)
    work.flush()
    judge_again(work)
    return own


def remove(work: Work, own: OwnEdition) -> None:
    """Take one's own word back; the catalogue's counts again."""
    _refuse_if_needed(work, own)
    work.session.delete(own)
    work.flush()
    judge_again(work)


def _columns(details: EditionDetails) -> dict[str, object]:
    return {
        "standard": " ".join(details.standard.split()),
        "edition": details.edition.strip(),
        "discipline": details.discipline.strip(),
        "deadline": details.deadline,
        "no_new_or_recert_after": details.no_new_or_recert_after,
        "source": details.source.strip(),
    }


def _check(work: Work, details: EditionDetails, own: OwnEdition | None) -> None:
    if ":" in details.standard:
        raise RefusedError("The standard without its edition: ISO/IEC 27001.", field="standard")
    for name in ("deadline", "no_new_or_recert_after"):
        day: date | None = getattr(details, name)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise RefusedError(f"A year from {FIRST_YEAR} to {LAST_YEAR}.", field=name)
    if details.no_new_or_recert_after is not None:
        if details.deadline is None:
            raise RefusedError("Without an end of the edition this has no meaning.", field="no_new_or_recert_after")
        if details.no_new_or_recert_after > details.deadline:
            raise RefusedError("This comes after the end of the edition.", field="no_new_or_recert_after")
    if details.deadline is not None and not details.source.strip():
        raise RefusedError("Say who set this day: a transition document, a letter of the body.", field="source")
    columns = _columns(details)
    twin = work.one_or_none(
        select(OwnEdition).where(OwnEdition.standard == columns["standard"], OwnEdition.edition == columns["edition"])
    )
    if twin is not None and twin is not own:
        raise RefusedError(f"You have said something of {twin.full_name} already; change that.", field="edition")


def _refuse_if_needed(work: Work, own: OwnEdition) -> None:
    known = {each.name for each in editions()} | {each.full_name for each in standards()}
    if own.full_name in known:
        return
    used = select(Certificate.reference).where(
        Certificate.standard == own.standard,
        or_(Certificate.first_edition == own.edition, Certificate.edition == own.edition),
    )
    moved = select(Certificate.reference).join(Certificate.decisions).where(Decision.to_edition == own.full_name)
    references = sorted({*work.all(used), *work.all(moved)})
    if references:
        raise RefusedError(f"{', '.join(references)} is certified to {own.full_name}, which nobody else knows.")
