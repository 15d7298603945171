"""Training as its manager sees it: people by courses, who is to take what, what was taken elsewhere, exemptions."""

from app.web.training import assigning, importing, matrix, person, rules
from app.web.training.area import area

__all__ = ["area", "assigning", "importing", "matrix", "person", "rules"]
