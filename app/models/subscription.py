"""What an organisation has subscribed to: it belongs to the seller, and names the client (perhaps the same)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.subscription.plan import Allowance
from app.models.base import Base, MinorUnits, Owned, UtcDateTime, words
from app.models.organisation import Organisation
from app.models.plan import Terms


class Subscription(Terms, Owned, Base):
    """An organisation on a plan from a day: the seller offers it, the client accepts; its terms stay as sold."""

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    client_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("subscription.id"))
    """What it continues: the term before, or what it replaced at an upgrade."""
    starts_on: Mapped[date]
    deposit_minor: Mapped[int] = mapped_column(MinorUnits, default=0)
    first_due_on: Mapped[date | None]
    """The day of the first instalment where payment is deferred."""
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the client turned it down; or who offered it took it back, and then the reason says so."""
    ended_on: Mapped[date | None]
    """Its last day, where it ends before its term."""
    end_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    client: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=client_id)
    pauses: Mapped[list["SubscriptionPause"]] = relationship(lazy="raise", order_by="SubscriptionPause.starts_on")
    additions: Mapped[list["SubscriptionAddition"]] = relationship(
        lazy="raise", order_by="SubscriptionAddition.starts_on"
    )

    __table_args__ = (
        Index(None, "organisation_id", "client_id"),
        Index(None, "client_id"),
        Index(None, "organisation_id", "reference", unique=True),
        CheckConstraint("price_minor >= 0 AND months >= 1", name="price"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def turned_down(self) -> str:
        """How an offer was closed: by who made it, which has a reason, or by the client; empty where it was not."""
        return "" if self.declined_at is None else "withdrawn" if self.end_reason else "declined"


class SubscriptionPause(Owned, Base):
    """Whole months in which a subscription rests: nothing of it is due or promised, and its end moves as far."""

    __tablename__ = "subscription_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"))
    starts_on: Mapped[date]
    months: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index(None, "organisation_id", "subscription_id"),)


class SubscriptionAddition(Owned, Base):
    """What was bought besides: seats by the month from a day, or more of what the plan counts, for a price."""

    __tablename__ = "subscription_addition"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"))
    what: Mapped[Allowance] = mapped_column(words(Allowance))
    quantity: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    monthly_minor: Mapped[int] = mapped_column(MinorUnits, default=0)
    """The price of one seat for one month; charged by the day where it begins or ends within a month."""
    once_minor: Mapped[int] = mapped_column(MinorUnits, default=0)
    """The price of all of it together, due on its first day."""
    note: Mapped[str] = mapped_column(String(200), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "organisation_id", "subscription_id"),
        CheckConstraint("quantity >= 1", name="quantity"),
    )
