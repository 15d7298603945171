"""Software: publishers, products, their releases, and what is installed where."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.itam.batch import InstallationSource
from app.domain.itam.change import Authorisation
from app.models.asset import Asset
from app.models.base import Base, Owned, UtcDateTime, words


class Publisher(Owned, Base):
    """Who publishes software."""

    __tablename__ = "publisher"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)


class Product(Owned, Base):
    """A product in one edition; its versions are releases."""

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    publisher_id: Mapped[int] = mapped_column(ForeignKey("publisher.id"))
    name: Mapped[str] = mapped_column(String(200))
    edition: Mapped[str] = mapped_column(String(80), default="")
    category: Mapped[str] = mapped_column(String(80), default="")
    needs_licence: Mapped[bool] = mapped_column(default=True)
    """Free software needs none, and is in no position."""
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    publisher: Mapped[Publisher] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("organisation_id", "publisher_id", "name", "edition"),
        Index(None, "organisation_id", "name"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def label(self) -> str:
        return f"{self.name} {self.edition}".strip()


class ProductAlias(Owned, Base):
    """Another name under which discovery knows a product, both parts folded to small letters and single spaces."""

    __tablename__ = "product_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    publisher: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(300))

    product: Mapped[Product] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("organisation_id", "publisher", "name"),
        Index(None, "organisation_id", "product_id"),
    )


class Release(Owned, Base):
    """A version of a product: when it came out, and until when its publisher supports it."""

    __tablename__ = "product_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    version: Mapped[str] = mapped_column(String(80))
    version_key: Mapped[str] = mapped_column(String(200))
    """Sorts as the version does: 1.10 after 1.9. See `domain/itam/version.py`."""
    released_on: Mapped[date | None]
    support_ends_on: Mapped[date | None]

    __table_args__ = (UniqueConstraint("organisation_id", "product_id", "version_key"),)


class Installation(Owned, Base):
    """A version of a product on an asset, from the day it was found until the day it was gone."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    version: Mapped[str] = mapped_column(String(80), default="")
    version_key: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[InstallationSource] = mapped_column(words(InstallationSource))
    found_on: Mapped[date]
    last_seen_on: Mapped[date | None]
    """The last day on which discovery saw it; none where it is known by authorisation alone."""
    removed_on: Mapped[date | None]
    """The first day on which it was gone."""
    counted_from: Mapped[date | None] = mapped_column(info={"unjournalled": True})
    counted_until: Mapped[date | None] = mapped_column(info={"unjournalled": True})
    """The days on which this row stands for its product on its asset, the second excluded: of several versions side by
    side only one does, so that a sum over rows counts devices. Both empty: never. Kept by `domain/licensing/counting`.
    """
    last_used_on: Mapped[date | None]
    authorisation: Mapped[Authorisation] = mapped_column(words(Authorisation))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change_request.id"))
    """The change request behind it."""
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_on: Mapped[date | None]
    accepted_reason: Mapped[str] = mapped_column(Text, default="")
    swid_tag: Mapped[str] = mapped_column(String(300), default="")
    swid_tag_version: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    asset: Mapped[Asset] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "asset_id", "product_id"),
        Index("ix_installation_counted", "organisation_id", "product_id", "counted_from", "counted_until", "asset_id"),
        Index(None, "organisation_id", "authorisation", "removed_on"),
        Index(None, "organisation_id", "change_id"),
        Index(None, "organisation_id", "batch_id"),
    )


class DeviceCount(Owned, Base):
    """By how many more devices, or fewer, have a product from a day on: summed up through a day, how many have it then.

    It says of all installations what their counted days say of each, and is kept with these in one transaction: a
    position over a million of them reads some thousand rows. Rows are only added, so that nobody waits for another;
    once a night those of one product and day become one. The journal leaves them out, for they follow from the others.
    """

    __tablename__ = "device_count"
    journalled = False

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    day: Mapped[date]
    devices: Mapped[int]

    __table_args__ = (Index(None, "organisation_id", "product_id", "day", "devices"),)
