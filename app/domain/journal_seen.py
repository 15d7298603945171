"""What of the journal only some of its readers see: values that the pages of a thing show to one permission alone."""

from collections.abc import Iterable

from app.domain.journal_nouns import POINTERS
from app.domain.permission import Permission

_TRAINING = frozenset({Permission.MANAGE_TRAINING})
_DOCUMENTS = frozenset({Permission.MANAGE_DOCUMENTS})
_PLAN = frozenset({Permission.SEE_PLAN, Permission.SELL_PLANS})

SHOWN_TO: dict[str, frozenset[Permission]] = {
    "question": _TRAINING,
    "question_option": _TRAINING,
    "quiz_attempt": _TRAINING,
    "attempt_request": _TRAINING,
    "attempt_answer": _TRAINING,
    "competence_evidence": _TRAINING,
    "training_exemption": _TRAINING,
    "document": _DOCUMENTS,
    "document_version": _DOCUMENTS,
    "plan": _PLAN,
    "subscription": _PLAN,
    "subscription_pause": _PLAN,
    "subscription_addition": _PLAN,
    "invoice": _PLAN,
    "invoice_line": _PLAN,
    "payment": _PLAN,
    "agreement": _PLAN | {Permission.MANAGE_SETTINGS},
}
"""Rows whose values, and the reasons given for them, the journal shows to nobody without one of the permissions; that
they changed, it tells every reader.

What a question holds would answer the quiz; what a colleague answered, and how it was marked, is theirs. What is still
being written of a document is read by who writes and approves it, and what was agreed and paid by whom it concerns."""

OPEN_NAMES = frozenset({"document", "document_version", "subscription", "invoice"})
"""Of these the name is a number that we gave, which says nothing of what they hold."""


def unseen_by(permissions: Iterable[Permission]) -> frozenset[str]:
    """The tables whose values the journal keeps from who may do this."""
    held = frozenset(permissions)
    return frozenset(noun for noun, needs in SHOWN_TO.items() if not needs & held)


def is_nameless(noun: str, unseen: frozenset[str]) -> bool:
    """Whether not even the name of a row is told: it would say what the row holds."""
    return noun in unseen and noun not in OPEN_NAMES


def is_open(field: str) -> bool:
    """Whether a field is told to every reader: where a thing belongs says nothing of what it holds."""
    return field in POINTERS
