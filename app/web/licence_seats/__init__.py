"""Seats of licences: who holds them, over all pools; checked out to one or many, and checked in."""

from app.web.licence_seats.area import area

from app.web.licence_seats import giving, listed, taking  # isort: skip

__all__ = ["area", "giving", "listed", "taking"]
