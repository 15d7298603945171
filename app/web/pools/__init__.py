"""Licence pools: what is counted together, the list and the page of one, recorded and changed."""

from app.web.pools.area import area

from app.web.pools import changing, pages  # isort: skip

__all__ = ["area", "changing", "pages"]
