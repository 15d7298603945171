"""The area, and the review that an address names."""

from flask import abort

from app.models.management_review import ManagementReview, ReviewTopic
from app.queries.management_reviews import review_by, topic_of
from app.web.gate import Area
from app.work import Work

area = Area("management_reviews", __name__, url_prefix="/management-reviews")


def review_or_404(work: Work, reference: str, *, for_update: bool = False) -> ManagementReview:
    """The review, or no page."""
    review = review_by(work, reference, for_update=for_update)
    if review is None:
        abort(404)
    return review


def topic_or_404(review: ManagementReview, topic_id: int) -> ReviewTopic:
    """A point of its agenda, or no page."""
    topic = topic_of(review, topic_id)
    if topic is None:
        abort(404)
    return topic
