"""The plan that the organisation has subscribed to: what is promised, used, planned, left and owed."""

from app.web.plan import acts, overview
from app.web.plan.area import area

__all__ = ["acts", "area", "overview"]
