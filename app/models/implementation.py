"""Implementations: the plan that leads to a stage 1, its tasks, and which of them wait for which."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.implementation.plan import Step
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.certificate import Certificate
from app.models.person import Person


class Implementation(Owned, Base):
    """The way to one standard: three steps over so many days."""

    __tablename__ = "implementation"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    standard: Mapped[str] = mapped_column(String(80))
    """By name and edition."""
    starts_on: Mapped[date]
    days: Mapped[int]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    """Whose stage 1 it leads to."""
    manuals_ended_on: Mapped[date | None]
    delivery_ended_on: Mapped[date | None]
    training_ended_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    certificate: Mapped[Certificate | None] = relationship(lazy="raise")
    tasks: Mapped[list["ImplementationTask"]] = relationship(
        lazy="raise",
        order_by="ImplementationTask.starts_on, ImplementationTask.due_on, ImplementationTask.id",
        back_populates="implementation",
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        CheckConstraint("days >= 1", name="days"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def ended(self) -> dict[Step, date]:
        """The steps that have ended, and when."""
        days = {
            Step.MANUALS: self.manuals_ended_on,
            Step.DELIVERY: self.delivery_ended_on,
            Step.TRAINING: self.training_ended_on,
        }
        return {step: day for step, day in days.items() if day is not None}


class ImplementationTask(Owned, Base):
    """What somebody does between two days."""

    __tablename__ = "implementation_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    implementation_id: Mapped[int] = mapped_column(ForeignKey("implementation.id"))
    step: Mapped[Step] = mapped_column(words(Step))
    title: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[date]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(40), default="")
    """The part of the product in which it is done."""
    version: Mapped[int] = mapped_column()

    implementation: Mapped[Implementation] = relationship(lazy="raise", back_populates="tasks")
    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=owner_id)
    waits: Mapped[list["TaskDependency"]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        foreign_keys="TaskDependency.task_id",
        order_by="TaskDependency.id",
    )

    __table_args__ = (
        Index(None, "organisation_id", "implementation_id"),
        Index(None, "organisation_id", "owner_id", "done_on"),
        CheckConstraint("due_on >= starts_on", name="order"),
    )
    __mapper_args__ = {"version_id_col": version}


class TaskDependency(Owned, Base):
    """A task waits for another one of the same plan."""

    __tablename__ = "task_dependency"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("implementation_task.id"))
    after_id: Mapped[int] = mapped_column(ForeignKey("implementation_task.id"))

    __table_args__ = (
        UniqueConstraint("task_id", "after_id"),
        Index(None, "organisation_id", "task_id"),
        Index(None, "organisation_id", "after_id"),
        CheckConstraint("task_id <> after_id", name="another"),
    )
