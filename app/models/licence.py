"""Licences: pools of what counts alike, the entitlements in them, their terms, and the seats that are checked out."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.licensing.entitlement import EntitlementKind, Term, TermAnswer
from app.domain.licensing.metric import Metric
from app.models.asset import Asset
from app.models.base import Base, JsonValue, MinorUnits, Owned, UtcDateTime, words
from app.models.employee import Employee
from app.models.organisation import Site
from app.models.person import Person
from app.models.software import Product, Publisher


class LicencePool(Owned, Base):
    """What is counted together: some products of one publisher, by one metric, everywhere or at one site."""

    __tablename__ = "licence_pool"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    publisher_id: Mapped[int] = mapped_column(ForeignKey("publisher.id"))
    metric: Mapped[Metric] = mapped_column(words(Metric))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    """The only site whose use and whose entitlements count; none: all of them."""
    minimum_per_socket: Mapped[int] = mapped_column(default=0)
    minimum_per_host: Mapped[int] = mapped_column(default=0)
    factor_thousandths: Mapped[int] = mapped_column(default=1000)
    """The core or processor factor: 500 for 0.5."""
    pack_size: Mapped[int] = mapped_column(default=1)
    """Units are bought in packs of so many, and needed in whole packs."""
    unit_price_minor: Mapped[int | None] = mapped_column(MinorUnits)
    """What one further unit would cost, for the true-up."""
    currency: Mapped[str] = mapped_column(String(3), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    publisher: Mapped[Publisher] = relationship(lazy="raise")
    site: Mapped[Site | None] = relationship(lazy="raise")
    products: Mapped[list["PoolProduct"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PoolProduct.id", back_populates="pool"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "publisher_id"),
        Index(None, "organisation_id", "name"),
    )
    __mapper_args__ = {"version_id_col": version}


class PoolProduct(Owned, Base):
    """A product that a pool covers; a suite covers several, and one device with all of them counts once."""

    __tablename__ = "pool_product"

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("licence_pool.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))

    pool: Mapped[LicencePool] = relationship(lazy="raise", back_populates="products")
    product: Mapped[Product] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("pool_id", "product_id"),
        Index(None, "organisation_id", "pool_id"),
        Index(None, "organisation_id", "product_id"),
    )


class Entitlement(Owned, Base):
    """What was bought: so many units of a pool, from a day on, for good or until a day, both included."""

    __tablename__ = "entitlement"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    pool_id: Mapped[int] = mapped_column(ForeignKey("licence_pool.id"))
    kind: Mapped[EntitlementKind] = mapped_column(words(EntitlementKind))
    quantity: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day; from the day after, it counts as none."""
    base_id: Mapped[int | None] = mapped_column(ForeignKey("entitlement.id"))
    """Of an upgrade or a transfer: the entitlement that it consumes, unit by unit."""
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    """The only site at which it may be used; none: all of the pool's."""
    version_through: Mapped[str] = mapped_column(String(80), default="")
    """The newest version that it covers: 16 covers 16.3; empty covers all."""
    version_through_key: Mapped[str] = mapped_column(String(200), default="")
    may_downgrade: Mapped[bool] = mapped_column(default=True)
    """Whether it covers older versions than the one bought."""
    second_use: Mapped[bool] = mapped_column(default=False)
    """Whether the same person's second device needs no further unit."""
    maintained_until: Mapped[date | None]
    """Until then every version that comes out is covered too."""
    retired_on: Mapped[date | None]
    """From then on it was sold or given up."""
    retired_reason: Mapped[str] = mapped_column(Text, default="")
    cost_minor: Mapped[int | None] = mapped_column(MinorUnits)
    currency: Mapped[str] = mapped_column(String(3), default="")
    supplier: Mapped[str] = mapped_column(String(200), default="")
    purchase_order: Mapped[str] = mapped_column(String(80), default="")
    invoice: Mapped[str] = mapped_column(String(80), default="")
    contract: Mapped[str] = mapped_column(String(120), default="")
    proof: Mapped[str] = mapped_column(String(120), default="")
    """The number of the proof of entitlement; one proof is not entered twice for the same days."""
    renewal_notice_by: Mapped[date | None]
    """The last day on which a renewal can be cancelled or asked for."""
    notes: Mapped[str] = mapped_column(Text, default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    pool: Mapped[LicencePool] = relationship(lazy="raise")
    site: Mapped[Site | None] = relationship(lazy="raise")
    base: Mapped["Entitlement | None"] = relationship(lazy="raise", remote_side=[id])
    terms: Mapped[list["EntitlementTerm"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="EntitlementTerm.id", back_populates="entitlement"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        Index(None, "organisation_id", "pool_id", "starts_on"),
        Index(None, "organisation_id", "base_id"),
        Index(None, "organisation_id", "ends_on"),
        Index(None, "organisation_id", "proof"),
        Index(None, "organisation_id", "purchase_order"),
        Index(None, "organisation_id", "batch_id"),
        CheckConstraint("quantity > 0", name="positive"),
    )
    __mapper_args__ = {"version_id_col": version}


class EntitlementTerm(Owned, Base):
    """What the contract of an entitlement says of one term."""

    __tablename__ = "entitlement_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlement.id"))
    term: Mapped[Term] = mapped_column(words(Term))
    answer: Mapped[TermAnswer] = mapped_column(words(TermAnswer))
    limit: Mapped[int | None]
    says: Mapped[str] = mapped_column(Text, default="")
    """In the contract's own words."""
    site_ids: Mapped[JsonValue] = mapped_column(JSON, default=list)
    """Of the allowed sites: the ids of those that it names. A site is closed, and never deleted."""

    entitlement: Mapped[Entitlement] = relationship(lazy="raise", back_populates="terms")

    __table_args__ = (
        UniqueConstraint("entitlement_id", "term"),
        Index(None, "organisation_id", "entitlement_id"),
    )


class LicenceSeat(Owned, Base):
    """A seat of a pool that is checked out to an employee or to a device, until it is checked in."""

    __tablename__ = "licence_seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("licence_pool.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day on which it was held; none: held."""
    checked_out_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(200), default="")

    pool: Mapped[LicencePool] = relationship(lazy="raise")
    employee: Mapped[Employee | None] = relationship(lazy="raise")
    asset: Mapped[Asset | None] = relationship(lazy="raise")
    checked_out_by: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "pool_id", "ends_on"),
        Index(None, "organisation_id", "employee_id"),
        Index(None, "organisation_id", "asset_id"),
        CheckConstraint("(employee_id IS NULL) <> (asset_id IS NULL)", name="one_holder"),
    )
