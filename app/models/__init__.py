"""Columns, relationships and constraints; one noun a file. Importing this package knows every table."""

from app.models import attachment, audit, calendar_feed, certificate, journal, organisation, outbox, person
from app.models.base import Base

__all__ = [
    "Base",
    "attachment",
    "audit",
    "calendar_feed",
    "certificate",
    "journal",
    "organisation",
    "outbox",
    "person",
]
