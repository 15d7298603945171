"""What the metrics of licences need to know of machines: clusters, where a virtual machine runs, and measured use."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.itam.usage import UsageMetric
from app.models.asset import Asset
from app.models.base import Base, Owned, words


class Cluster(Owned, Base):
    """Hosts among which virtual machines may move by themselves."""

    __tablename__ = "cluster"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)


class ClusterHost(Owned, Base):
    """A host in a cluster, from a day on; the last day is included."""

    __tablename__ = "cluster_host"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("cluster.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    cluster: Mapped[Cluster] = relationship(lazy="raise")
    asset: Mapped[Asset] = relationship(lazy="raise")

    __table_args__ = (Index(None, "organisation_id", "cluster_id"), Index(None, "organisation_id", "asset_id"))


class Placement(Owned, Base):
    """Where a virtual machine runs, from a day on: on one host, or somewhere in a cluster. The last day is included."""

    __tablename__ = "placement"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    guest: Mapped[Asset] = relationship(lazy="raise", foreign_keys=[guest_id])
    host: Mapped[Asset | None] = relationship(lazy="raise", foreign_keys=[host_id])
    cluster: Mapped[Cluster | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "guest_id"),
        Index(None, "organisation_id", "host_id"),
        Index(None, "organisation_id", "cluster_id"),
        CheckConstraint("(host_id IS NULL) <> (cluster_id IS NULL)", name="one_home"),
    )


class UsageRecord(Owned, Base):
    """What was measured of a product in a period, both ends included, on an asset or of the whole organisation."""

    __tablename__ = "usage_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    metric: Mapped[UsageMetric] = mapped_column(words(UsageMetric))
    unit: Mapped[str] = mapped_column(String(40), default="")
    value: Mapped[Decimal] = mapped_column(Numeric(18, 4))
    """How many; of `last-used` nothing (0): the period itself is the answer."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(120), default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    __table_args__ = (
        Index(None, "organisation_id", "product_id", "metric", "starts_on"),
        Index(None, "organisation_id", "asset_id"),
        Index(None, "organisation_id", "batch_id"),
    )
