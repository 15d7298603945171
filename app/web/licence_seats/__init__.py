"""Seats of licences: who holds which, checked out to people and devices and checked in, one or many at once."""

from app.web.licence_seats.area import area

from app.web.licence_seats import giving, pages, returning  # isort: skip

__all__ = ["area", "giving", "pages", "returning"]
