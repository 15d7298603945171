"""The area of implementations, and what its pages share."""

from flask import abort, url_for

from app.models.implementation import Implementation, ImplementationTask
from app.queries.implementations import implementation_by
from app.web.gate import Area
from app.work import Work

area = Area("implementation", __name__, url_prefix="/implementation")

PLACES = {
    "training": ("Training", "my_training.show"),
    "audits": ("Audits", "audits.index"),
    "reviews": ("Management reviews", "management_reviews.index"),
    "assets": ("Assets", "assets.index"),
    "licences": ("Licences", "licences.position"),
    "findings": ("Nonconformities", "corrective_actions.index"),
}
"""Where a task is done: its name and its page."""


def row_or_404(work: Work, reference: str) -> Implementation:
    """The implementation, or nothing to see."""
    row = implementation_by(work, reference)
    if row is None:
        abort(404)
    return row


def task_or_404(row: Implementation, task_id: int) -> ImplementationTask:
    """A task of it, or nothing to see."""
    task = next((each for each in row.tasks if each.id == task_id), None)
    if task is None:
        abort(404)
    return task


def page_of(reference: str) -> str:
    """Where the plan is shown."""
    return url_for("implementation.show", reference=reference)
