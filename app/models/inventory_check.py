"""Inventory checks: what was expected at a place, what was found there, and how each difference was resolved."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.itam.asset import AssetKind
from app.domain.itam.inventory import Difference, Resolution
from app.models.asset import Asset
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.organisation import Site
from app.models.person import Person


class InventoryCheck(Owned, Base):
    """A count of the assets of a site, or of a kind, or of all; never called an audit."""

    __tablename__ = "inventory_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200), default="")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[AssetKind | None] = mapped_column(words(AssetKind))
    started_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When counting ended and the differences were drawn up."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    site: Mapped[Site | None] = relationship(lazy="raise")
    started_by: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("organisation_id", "reference"),)


class InventoryLine(Owned, Base):
    """A tag of an inventory check: expected, found, or both."""

    __tablename__ = "inventory_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("inventory_check.id"))
    tag: Mapped[str] = mapped_column(String(40))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    is_expected: Mapped[bool]
    found_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    difference: Mapped[Difference | None] = mapped_column(words(Difference))
    resolution: Mapped[Resolution | None] = mapped_column(words(Resolution))
    resolution_note: Mapped[str] = mapped_column(Text, default="")
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    check: Mapped[InventoryCheck] = relationship(lazy="raise")
    asset: Mapped[Asset | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("check_id", "tag"),
        Index(None, "organisation_id", "check_id", "difference"),
        Index(None, "organisation_id", "asset_id"),
    )
