"""Management reviews: planned, held with what the data say, talked through, closed, and printed."""

from app.web.management_reviews import pages, steps
from app.web.management_reviews.area import area

__all__ = ["area", "pages", "steps"]
