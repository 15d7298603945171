"""Support for a client: its sessions, the free slots by week, booking, moving and cancelling."""

from app.web.support import booking, pages
from app.web.support.area import area

__all__ = ["area", "booking", "pages"]
