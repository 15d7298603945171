"""What of the journal only some of its readers see: values that the pages of a thing show to one permission alone."""

from collections.abc import Iterable

from app.domain.journal_nouns import POINTERS
from app.domain.permission import Permission

SHOWN_TO: dict[str, Permission] = {
    "question": Permission.MANAGE_TRAINING,
    "question_option": Permission.MANAGE_TRAINING,
    "quiz_attempt": Permission.MANAGE_TRAINING,
    "attempt_request": Permission.MANAGE_TRAINING,
    "attempt_answer": Permission.MANAGE_TRAINING,
}
"""Rows whose values the journal shows to nobody without the permission; that they changed, it tells every reader.

What a question holds would answer the quiz; what a colleague answered, and how it was marked, is theirs."""


def unseen_by(permissions: Iterable[Permission]) -> frozenset[str]:
    """The tables whose values the journal keeps from who may do this."""
    held = frozenset(permissions)
    return frozenset(noun for noun, needs in SHOWN_TO.items() if needs not in held)


def is_open(field: str) -> bool:
    """Whether a field is told to every reader: where a thing belongs says nothing of what it holds."""
    return field in POINTERS
