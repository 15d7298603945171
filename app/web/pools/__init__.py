"""Licence pools: what is counted together, what was bought into it, and how it stands."""

from app.web.pools import changing, pages
from app.web.pools.area import area

__all__ = ["area", "changing", "pages"]
