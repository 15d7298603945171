"""Management reviews: who sat, what was looked at, what was decided."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.programme.review import ReviewProgress
from app.models.base import Base, Owned, words
from app.models.person import Person

if TYPE_CHECKING:
    from app.models.corrective_action import Action


class ManagementReview(Owned, Base):
    """A review of the management system by top management. [ISO 9001:2015, 9.3]"""

    __tablename__ = "management_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200), default="")
    held_on: Mapped[date]
    period_starts_on: Mapped[date]
    """It looks at what happened from then until it is held."""
    progress: Mapped[ReviewProgress] = mapped_column(words(ReviewProgress), default=ReviewProgress.PLANNED)
    standards: Mapped[str] = mapped_column(String(500), default="")
    """The standards that it serves, by name and edition, parted by line ends."""
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    attendees: Mapped[str] = mapped_column(Text, default="", info={"personal": True})
    conclusion: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    chair: Mapped[Person | None] = relationship(lazy="raise")
    topics: Mapped[list["ReviewTopic"]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="ReviewTopic.position, ReviewTopic.id",
        back_populates="review",
    )
    actions: Mapped[list["Action"]] = relationship(lazy="raise", order_by="Action.id", back_populates="review")

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "held_on"),
    )
    __mapper_args__ = {"version_id_col": version}


class ReviewTopic(Owned, Base):
    """A point of the agenda: what the data say of it, what was said, what was decided."""

    __tablename__ = "review_topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("management_review.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    """Which of the inputs it is; empty for a point of the organisation's own."""
    title: Mapped[str] = mapped_column(String(200))
    clauses: Mapped[str] = mapped_column(String(300), default="")
    drawn: Mapped[str] = mapped_column(Text, default="")
    """What the data said when it was held, as it was shown then."""
    discussion: Mapped[str] = mapped_column(Text, default="")
    decision: Mapped[str] = mapped_column(Text, default="")

    review: Mapped[ManagementReview] = relationship(lazy="raise", back_populates="topics")

    __table_args__ = (Index(None, "organisation_id", "review_id", "position"),)
