"""Settings: which providers the organisation works with, and what each of them sees."""

from app.web.agreements import pages
from app.web.agreements.area import area

__all__ = ["area", "pages"]
