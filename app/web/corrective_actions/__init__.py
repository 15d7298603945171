"""Nonconformities to their end: the board and the list, the page of one with its whole chain, and its steps."""

from app.web.corrective_actions.area import area

from app.web.corrective_actions import board, deadlines, judging, opening, page, paper, steps  # isort: skip

__all__ = ["area", "board", "deadlines", "judging", "opening", "page", "paper", "steps"]
