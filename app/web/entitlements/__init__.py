"""Entitlements: what was bought and on which terms, the list and the page of one, recorded, changed and given up."""

from app.web.entitlements.area import area

from app.web.entitlements import changing, pages  # isort: skip

__all__ = ["area", "changing", "pages"]
