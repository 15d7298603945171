"""Comparisons with other registers, finance first: run, read, decided, closed, and run again."""

from app.web.reconciliations import agreeing, deciding, page, starting
from app.web.reconciliations.area import area

__all__ = ["agreeing", "area", "deciding", "page", "starting"]
