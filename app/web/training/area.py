"""The area of training; its views register themselves on it."""

from flask import abort

from app.queries.learners import Learner, learner
from app.web.gate import Area
from app.work import Work

area = Area("training", __name__, url_prefix="/training")


def learner_or_404(work: Work, person_id: int) -> Learner:
    """A member who may take training."""
    found = learner(work, person_id)
    if found is None:
        abort(404)
    return found
