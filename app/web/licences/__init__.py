"""The licence position: how every pool stands on any day, and the rows behind each number."""

from app.web.licences import line, position, terms
from app.web.licences.area import area

__all__ = ["area", "line", "position", "terms"]
