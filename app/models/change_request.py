"""Requests to do something to software or assets, and what came of them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.itam.change import ChangeAction, ChangeStatus, CheckKind
from app.models.asset import Asset
from app.models.base import Base, Owned, UtcDateTime, words
from app.models.organisation import Site
from app.models.person import Person
from app.models.software import Product


class ChangeRequest(Owned, Base):
    """What is asked for, who authorised it, who did it, and what was checked afterwards."""

    __tablename__ = "change_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    action: Mapped[ChangeAction] = mapped_column(words(ChangeAction))
    title: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[ChangeStatus] = mapped_column(words(ChangeStatus))
    is_emergency: Mapped[bool] = mapped_column(default=False)
    """Done at once, and authorised afterwards."""
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    version: Mapped[str] = mapped_column(String(80), default="")
    """The version that it brings; of a row that was changed by two at once, see `row_version`."""
    expected_sha256: Mapped[str] = mapped_column(String(64), default="")
    """The hash of what it brings, where that is known beforehand."""
    copies: Mapped[int | None]
    """How many copies are made or handed on."""
    target: Mapped[str] = mapped_column(String(200), default="")
    """Where the copies go."""
    to_site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    wanted_by: Mapped[date | None]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who authorised or refused it."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(Text, default="")
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_on: Mapped[date | None]
    done_note: Mapped[str] = mapped_column(Text, default="")
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_on: Mapped[date | None]
    check_kind: Mapped[CheckKind | None] = mapped_column(words(CheckKind))
    check_value: Mapped[str] = mapped_column(String(200), default="")
    """The version or the hash that was read."""
    check_note: Mapped[str] = mapped_column(Text, default="")
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who took back an emergency change that was refused afterwards."""
    undone_on: Mapped[date | None]
    undone_note: Mapped[str] = mapped_column(Text, default="")
    row_version: Mapped[int] = mapped_column()

    product: Mapped[Product | None] = relationship(lazy="raise")
    to_site: Mapped[Site | None] = relationship(lazy="raise")
    requested_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[requested_by_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])
    done_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[done_by_id])
    checked_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[checked_by_id])
    undone_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[undone_by_id])
    assets: Mapped[list["ChangeAsset"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ChangeAsset.id", back_populates="change"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "status", "requested_at"),
        Index(None, "organisation_id", "product_id"),
    )
    __mapper_args__ = {"version_id_col": row_version}


class ChangeAsset(Owned, Base):
    """An asset that a change touches."""

    __tablename__ = "change_asset"

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    from_site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    """Of a move that was done: where the asset had been."""

    change: Mapped[ChangeRequest] = relationship(lazy="raise", back_populates="assets")
    asset: Mapped[Asset] = relationship(lazy="raise")
    from_site: Mapped[Site | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("change_id", "asset_id"),
        Index(None, "organisation_id", "change_id"),
        Index(None, "organisation_id", "asset_id"),
    )
