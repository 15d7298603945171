"""Versions of a document: how each stands on a day, and the steps from a draft to what is valid."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.dates import say
from app.domain.explained import Clause, Reason, RefusedError
from app.domain.plausible import refuse_year

DOCUMENTED = Clause("ISO 9001:2015", "7.5.2")
"""Creating and updating documented information."""
CONTROL = Clause("ISO 9001:2015", "7.5.3")
"""Control of documented information."""
BY_ANOTHER = Reason("A version is approved by another person than those who wrote any of its text.", DOCUMENTED)


class Step(StrEnum):
    """How far a version has come; what is kept of it."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"


class Standing(StrEnum):
    """How a version stands on a day."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    TO_COME = "to-come"
    """Approved, and valid from a day that is to come."""
    VALID = "valid"
    OBSOLETE = "obsolete"

    @property
    def label(self) -> str:
        return {"in-review": "In review", "to-come": "Approved, not valid yet"}.get(self.value, self.value.capitalize())


@dataclass(frozen=True, slots=True)
class Version:
    """What the rules look at in a version."""

    number: int
    step: Step
    valid_from: date | None = None


def valid_on(versions: Iterable[Version], day: date, withdrawn_on: date | None = None) -> int | None:
    """The number of the version that is valid on a day: of those approved, the one that began to be valid last.

    Of two that are valid from the same day, the later counts. From the day on which a document is withdrawn none is
    valid. [ISO 9001:2015, 7.5.3]
    """
    if withdrawn_on is not None and withdrawn_on <= day:
        return None
    begun = [
        (each.valid_from, each.number)
        for each in versions
        if each.step is Step.APPROVED and each.valid_from is not None and each.valid_from <= day
    ]
    return max(begun)[1] if begun else None


def standings(versions: Iterable[Version], day: date, withdrawn_on: date | None = None) -> dict[int, Standing]:
    """How each version stands on a day, by number: obsolete is what was approved and is overtaken or withdrawn.

    Obsolete versions are kept and marked, so that nobody takes one for what is valid. [ISO 9001:2015, 7.5.3]
    """
    versions = tuple(versions)
    valid, is_gone = valid_on(versions, day, withdrawn_on), withdrawn_on is not None and withdrawn_on <= day
    found = {}
    for each in versions:
        if each.step is not Step.APPROVED:
            found[each.number] = Standing(each.step.value)
        elif each.number == valid:
            found[each.number] = Standing.VALID
        elif not is_gone and each.valid_from is not None and each.valid_from > day:
            found[each.number] = Standing.TO_COME
        else:
            found[each.number] = Standing.OBSOLETE
    return found


def refuse_change(step: Step) -> None:
    """Only a draft is changed: what is in review is read as it was sent, and what is approved stays as it is."""
    if step is Step.IN_REVIEW:
        raise RefusedError(Reason("It is in review: send it back first, then change it.", DOCUMENTED))
    if step is Step.APPROVED:
        raise RefusedError(Reason("It is approved and stays as it is: begin the next version.", CONTROL))


def refuse_sending(step: Step, body: str) -> None:
    """A draft is sent for review once there is something to read."""
    if step is not Step.DRAFT:
        raise RefusedError("Only a draft is sent for review.")
    if not body.strip():
        raise RefusedError("There is nothing to review yet: write its text first.", "body")


def refuse_judging(step: Step) -> None:
    """Only what is in review is approved or sent back."""
    if step is not Step.IN_REVIEW:
        raise RefusedError(Reason("Only what is in review is approved or sent back.", DOCUMENTED))


def refuse_approval(
    step: Step, written_by: Collection[int], approved_by: int | None, valid_from: date, today: date
) -> None:
    """What is in review is approved by another person than its writers, and valid from the day of the approval at the
    earliest. [ISO 9001:2015, 7.5.2]
    """
    refuse_judging(step)
    if approved_by is None or approved_by in written_by:
        raise RefusedError(BY_ANOTHER)
    refuse_year(valid_from, "valid_from")
    if valid_from < today:
        says = f"It is approved on {say(today)}: it cannot have been valid before."
        raise RefusedError(Reason(says, CONTROL), "valid_from")


def refuse_withdrawal(versions: Iterable[Version], day: date, withdrawn_on: date | None) -> None:
    """A document is withdrawn once, and only where a version of it is valid."""
    if withdrawn_on is not None:
        raise RefusedError(f"It was withdrawn on {say(withdrawn_on)} already.")
    if valid_on(versions, day) is None:
        raise RefusedError("No version of it is valid: there is nothing to withdraw.")
