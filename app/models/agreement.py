"""What a provider and a client have agreed: it belongs to the provider, and names the client."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.subscription.agreement import Standing
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.organisation import Organisation


class Agreement(Owned, Base):
    """Proposed by one side, accepted by the other, ended by either; `shares` are what the provider sees.

    `addressed_to` is what the provider typed: whether there is such an organisation is not told before it answers.
    """

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    addressed_to: Mapped[str] = mapped_column(String(60))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    standing: Mapped[Standing] = mapped_column(words(Standing))
    shares: Mapped[str] = mapped_column(String(200), default="")
    """The words of what the provider may see, in their order, with spaces between."""
    message: Mapped[str] = mapped_column(Text, default="")
    proposed_by_client: Mapped[bool] = mapped_column(default=False)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    client: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=client_id)
    organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys="Agreement.organisation_id")

    __table_args__ = (
        Index(None, "organisation_id", "client_id"),
        Index(None, "client_id"),
    )
    __mapper_args__ = {"version_id_col": version}
