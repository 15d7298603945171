"""Use by period: what was measured of which product, listed, drawn, recorded and corrected."""

from app.web.usage.area import area

from app.web.usage import changing, pages  # isort: skip

__all__ = ["area", "changing", "pages"]
