"""Manuals and documents: written, approved, distributed, acknowledged, compared, put against the clauses."""

from app.web.documents import editing, papers, register, steps
from app.web.documents.area import area

__all__ = ["area", "editing", "papers", "register", "steps"]
