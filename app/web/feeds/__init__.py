"""Calendars: addresses to subscribe to, and files to download."""

from app.web.feeds import addresses, downloads
from app.web.feeds.areas import area

__all__ = ["addresses", "area", "downloads"]
