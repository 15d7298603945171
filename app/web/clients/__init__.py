"""What a provider sees of its clients: what each of them ticked in a live agreement, and nothing else."""

from app.web.clients import pages
from app.web.clients.area import area

__all__ = ["area", "pages"]
