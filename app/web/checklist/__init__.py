"""The checklist of an audit: built, worked through by several at once, saved field by field."""

from app.web.checklist import building, page, saving
from app.web.checklist.area import area

__all__ = ["area", "building", "page", "saving"]
