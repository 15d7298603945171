"""IT assets, whose they are, and who answers for what."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.itam.asset import AssetKind, AssetStatus, Criticality
from app.domain.itam.ownership import Duty, OwnershipKind
from app.models.base import Base, MinorUnits, Owned, UtcDateTime, words
from app.models.employee import Employee
from app.models.organisation import Site


class Asset(Owned, Base):
    """One IT asset. Its tag is what people call it, and what its label shows."""

    __tablename__ = "asset"

    id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[AssetKind] = mapped_column(words(AssetKind))
    status: Mapped[AssetStatus] = mapped_column(words(AssetStatus))
    serial: Mapped[str] = mapped_column(String(120), default="")
    maker: Mapped[str] = mapped_column(String(120), default="")
    model: Mapped[str] = mapped_column(String(120), default="")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    custodian_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    criticality: Mapped[Criticality] = mapped_column(words(Criticality), default=Criticality.MEDIUM)
    in_scope: Mapped[bool] = mapped_column(default=True)
    """Whether the ITAM system covers it; the reason stands in `scope_reason`, and must where it does not."""
    scope_reason: Mapped[str] = mapped_column(Text, default="")
    cost_minor: Mapped[int | None] = mapped_column(MinorUnits)
    """What it cost, in minor units of `currency`."""
    currency: Mapped[str] = mapped_column(String(3), default="")
    supplier: Mapped[str] = mapped_column(String(200), default="")
    purchase_order: Mapped[str] = mapped_column(String(80), default="")
    purchased_on: Mapped[date | None]
    warranty_ends_on: Mapped[date | None]
    """The last day of the warranty."""
    end_of_life_on: Mapped[date | None]
    """The last day on which its maker supports it."""
    sockets: Mapped[int | None]
    cores: Mapped[int | None]
    """All cores of all sockets; of a virtual machine, the virtual ones."""
    threads: Mapped[int | None]
    keywords: Mapped[str] = mapped_column(String(300), default="")
    """Free words to find it by, in small letters, each once, parted by spaces: ` finance laptop `."""
    notes: Mapped[str] = mapped_column(Text, default="")
    found_by: Mapped[str] = mapped_column(Text, default="", info={"unjournalled": True})
    """What a free search looks through, in small letters: kept with the columns that it is made of."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    site: Mapped[Site | None] = relationship(lazy="raise")
    custodian: Mapped[Employee | None] = relationship(lazy="raise")
    ownerships: Mapped[list["AssetOwnership"]] = relationship(
        lazy="raise", order_by="AssetOwnership.starts_on, AssetOwnership.id", back_populates="asset"
    )
    duties: Mapped[list["AssetDuty"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="AssetDuty.id", back_populates="asset"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "tag"),
        Index(None, "organisation_id", "status", "tag"),
        Index(None, "organisation_id", "kind", "tag"),
        Index(None, "organisation_id", "site_id", "tag"),
        Index(None, "organisation_id", "custodian_id", "tag"),
        Index(None, "organisation_id", "criticality", "tag"),
        Index(None, "organisation_id", "name", "tag"),
        Index(None, "organisation_id", "serial"),
        Index(None, "organisation_id", "purchase_order"),
        Index(None, "organisation_id", "warranty_ends_on", "tag"),
        Index(None, "organisation_id", "end_of_life_on", "tag"),
        # A free search reads every asset: from here, in the order of the page, without touching the rows.
        Index(None, "organisation_id", "tag", "found_by"),
    )
    __mapper_args__ = {"version_id_col": version}


class AssetOwnership(Owned, Base):
    """Whose an asset is, from a day on; the one without an end is in force."""

    __tablename__ = "asset_ownership"

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    kind: Mapped[OwnershipKind] = mapped_column(words(OwnershipKind))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day on which it held."""
    party: Mapped[str] = mapped_column(String(200), default="")
    """The lessor, the provider, or the customer."""
    contract: Mapped[str] = mapped_column(String(120), default="")
    """The reference of the contract."""
    tenant: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(120), default="")
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    """Whose own device it is."""
    agreement_signed_on: Mapped[date | None]
    """The day on which that person signed the agreement on own devices."""
    may_wipe: Mapped[str] = mapped_column(Text, default="")
    """What of the device the agreement lets us wipe."""

    asset: Mapped[Asset] = relationship(lazy="raise", back_populates="ownerships")
    employee: Mapped[Employee | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "organisation_id", "asset_id"),
        Index(None, "organisation_id", "kind", "ends_on"),
        Index(None, "organisation_id", "employee_id"),
    )


class AssetDuty(Owned, Base):
    """Who answers for one duty on one asset: an employee, or somebody else by name. No row is a gap."""

    __tablename__ = "asset_duty"

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    duty: Mapped[Duty] = mapped_column(words(Duty))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    party: Mapped[str] = mapped_column(String(200), default="")
    """A team, or a provider who answers for it by contract."""

    asset: Mapped[Asset] = relationship(lazy="raise", back_populates="duties")
    employee: Mapped[Employee | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("asset_id", "duty"),
        Index(None, "organisation_id", "asset_id", "duty"),
        Index(None, "organisation_id", "employee_id"),
    )
