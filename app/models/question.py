"""Questions of a quiz, each in the bank of its lesson."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.training.question import QuestionKind
from app.models.base import Base, Owned, words
from app.models.course import Lesson


class Question(Owned, Base):
    """A question; what it is marked by depends on its kind."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    place: Mapped[int]
    lasting_key: Mapped[str] = mapped_column(String(32))
    """The same from version to version, so that results can be compared over them."""
    kind: Mapped[QuestionKind] = mapped_column(words(QuestionKind))
    text: Mapped[str] = mapped_column(Text)
    points: Mapped[int] = mapped_column(default=1)
    feedback: Mapped[str] = mapped_column(Text, default="")
    """What a learner reads after answering, right or wrong."""
    number: Mapped[Decimal | None] = mapped_column(Numeric(15, 6))
    tolerance: Mapped[Decimal | None] = mapped_column(Numeric(15, 6))
    version: Mapped[int] = mapped_column()

    lesson: Mapped[Lesson] = relationship(lazy="raise", back_populates="questions")
    options: Mapped[list["QuestionOption"]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="QuestionOption.place, QuestionOption.id",
        back_populates="question",
    )

    __table_args__ = (Index(None, "organisation_id", "lesson_id", "place"),)
    __mapper_args__ = {"version_id_col": version}


class QuestionOption(Owned, Base):
    """A line of a question: a choice, a pair, a step in its right place, or a spelling that is accepted."""

    __tablename__ = "question_option"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    place: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))
    is_right: Mapped[bool] = mapped_column(default=False)
    match: Mapped[str] = mapped_column(String(500), default="")
    """Of a matching question: what the text goes with."""
    feedback: Mapped[str] = mapped_column(String(500), default="")
    """What a learner reads who chose it."""

    question: Mapped[Question] = relationship(lazy="raise", back_populates="options")

    __table_args__ = (Index(None, "organisation_id", "question_id", "place"),)
