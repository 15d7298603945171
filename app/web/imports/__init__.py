"""Imports: choose a file, say which column means what, see what it will do, and then let it."""

from app.web.imports import register, steps
from app.web.imports.area import area

__all__ = ["area", "register", "steps"]
