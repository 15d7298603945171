"""Changes: asked for, decided on, done and checked, with the whole trail on one page."""

from app.web.changes.area import area

from app.web.changes import asking, register, steps  # isort: skip

__all__ = ["area", "asking", "register", "steps"]
