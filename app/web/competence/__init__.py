"""Competence: what is asked of roles and of places in audit teams, who meets it on which day, and the gaps."""

from app.web.competence import evidence, matrix, requirements
from app.web.competence.area import area

__all__ = ["area", "evidence", "matrix", "requirements"]
