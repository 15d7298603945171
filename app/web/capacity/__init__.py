"""Capacity: clusters and hosts with what runs on them, as of a day, and how it came."""

from app.web.capacity.area import area

from app.web.capacity import changing, pages  # isort: skip

__all__ = ["area", "changing", "pages"]
