"""What the organisation sold to its clients: offered, running, ended; added to, paused and ended from here."""

from app.web.subscriptions import offering, pages
from app.web.subscriptions.area import area

__all__ = ["area", "offering", "pages"]
