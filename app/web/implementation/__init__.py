"""Implementations: the way to stage 1 in three steps, drawn and as a table."""

from app.web.implementation import laying_out, pages, tasks
from app.web.implementation.area import area

__all__ = ["area", "laying_out", "pages", "tasks"]
