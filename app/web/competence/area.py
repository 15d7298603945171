"""The area of competence; its views register themselves on it."""

from flask import abort

from app.models.competence import CompetenceRequirement
from app.queries.competence import requirement_by
from app.web.gate import Area
from app.work import Work

area = Area("competence", __name__, url_prefix="/competence")


def requirement_or_404(work: Work, reference: str, *, lock: bool = False) -> CompetenceRequirement:
    """A requirement of the organisation."""
    found = requirement_by(work, reference, lock=lock)
    if found is None:
        abort(404)
    return found
