"""Certificates: the register, the page of one, and everything that is recorded on it."""

from app.web.certificates import circumstances, deciding, page, recording, register
from app.web.certificates.area import area

__all__ = ["area", "circumstances", "deciding", "page", "recording", "register"]
