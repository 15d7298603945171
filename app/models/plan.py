"""Plans that a seller offers, as data that it edits."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.subscription.plan import Allowances
from app.models.base import Base, MinorUnits, Owned


class Terms:
    """What a plan promises for which price: copied into each subscription, so that what was sold stays as sold."""

    name: Mapped[str] = mapped_column(String(120))
    months: Mapped[int]
    price_minor: Mapped[int] = mapped_column(MinorUnits)
    """The whole price without tax."""
    currency: Mapped[str] = mapped_column(String(3))
    tax_rate: Mapped[int] = mapped_column(default=0)
    """Hundredths of a per cent: 1900 is 19 %."""
    audit_manager_seats: Mapped[int] = mapped_column(default=0)
    lms_seats: Mapped[int] = mapped_column(default=0)
    registration_audits: Mapped[int] = mapped_column(default=0)
    surveillance_audits: Mapped[int] = mapped_column(default=0)
    internal_audits: Mapped[int] = mapped_column(default=0)
    implementation_days: Mapped[int | None]
    support_sessions: Mapped[int | None]
    """None: as many as are wanted."""
    audit_manager_seat_minor: Mapped[int] = mapped_column(MinorUnits, default=0)
    """What one seat more costs for a month."""
    lms_seat_minor: Mapped[int] = mapped_column(MinorUnits, default=0)

    @property
    def allowances(self) -> Allowances:
        """What it promises."""
        return Allowances(
            self.audit_manager_seats,
            self.lms_seats,
            self.registration_audits,
            self.surveillance_audits,
            self.internal_audits,
            self.implementation_days,
            self.support_sessions,
        )


class Plan(Terms, Owned, Base):
    """A plan as its seller offers it; once retired it is offered no more, and what was sold goes on."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    summary: Mapped[str] = mapped_column(Text, default="")
    retired_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("price_minor >= 0 AND months >= 1", name="price"),
        Index(None, "organisation_id", "retired_on"),
    )
    __mapper_args__ = {"version_id_col": version}
