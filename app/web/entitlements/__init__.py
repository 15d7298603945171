"""Entitlements: what was bought, on which terms, from when to when, and what of it counts."""

from app.web.entitlements import changing, ending, pages
from app.web.entitlements.area import area

__all__ = ["area", "changing", "ending", "pages"]
