"""Completions: their certificates are revoked with a reason, and verified by anybody who has the number."""

from app.domain.training.completion import refuse_revoking
from app.models.completion import Completion
from app.operations.conflict import refuse_if_changed
from app.work import Work


def revoke(work: Work, completion: Completion, reason: str, seen: int | None = None) -> None:
    """Take back a completion that was loaded for update: it counts no more, and its number says so from now on."""
    refuse_if_changed(completion, seen, f"The completion of {completion.course.title}")
    refuse_revoking(reason, is_revoked=completion.revoked_at is not None)
    completion.revoked_at, completion.revoked_by_id = work.now, work.actor_id
    completion.revoked_reason = work.reason = reason.strip()
    work.flush()
