"""Invoices and credit notes as they were issued, which the database refuses to change or delete; and payments."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.subscription.invoicing import InvoiceKind
from app.models.base import Base, JsonValue, MinorUnits, Owned, UtcDateTime, words
from app.models.organisation import Organisation


class InvoiceSeries(Owned, Base):
    """The last number that a seller gave in a year; whoever issues holds it until the invoice is kept."""

    __tablename__ = "invoice_series"
    journalled = False

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    last_number: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("organisation_id", "year"),)


class Invoice(Owned, Base):
    """An invoice, or a credit note of one: the seller's, for a client. Nothing of it changes once it is issued.

    Amounts are minor units, those of a credit note positive too. Who issued it to whom is kept as it was said then.
    """

    __tablename__ = "invoice"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    serial: Mapped[int]
    kind: Mapped[InvoiceKind] = mapped_column(words(InvoiceKind))
    client_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscription.id"))
    of_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"))
    """Of a credit note: the invoice that it takes from."""
    issued_on: Mapped[date]
    due_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    net_minor: Mapped[int] = mapped_column(MinorUnits)
    tax_minor: Mapped[int] = mapped_column(MinorUnits)
    taxes: Mapped[JsonValue] = mapped_column(JSON)
    """For each rate what it was charged on, the tax, and how it was worked out."""
    line_count: Mapped[int]
    """How many lines it has: no further one is taken."""
    seller_name: Mapped[str] = mapped_column(String(200))
    client_name: Mapped[str] = mapped_column(String(200))
    sender: Mapped[str] = mapped_column(Text, default="")
    """The seller's address, tax number and the like, as printed."""
    recipient: Mapped[str] = mapped_column(Text, default="")
    """The client's address, as printed."""
    terms: Mapped[str] = mapped_column(Text, default="")
    """Where and how to pay."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What is said besides; of a credit note, why."""
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    lines: Mapped[list["InvoiceLine"]] = relationship(lazy="raise", order_by="InvoiceLine.place", viewonly=True)
    payments: Mapped[list["Payment"]] = relationship(lazy="raise", order_by="Payment.id", viewonly=True)
    of: Mapped["Invoice | None"] = relationship(lazy="raise", remote_side="Invoice.id", viewonly=True)
    credits: Mapped[list["Invoice"]] = relationship(lazy="raise", order_by="Invoice.id", viewonly=True)
    client: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=client_id, viewonly=True)

    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        UniqueConstraint("organisation_id", "year", "serial"),
        Index(None, "organisation_id", "client_id"),
        Index(None, "organisation_id", "of_id"),
        Index(None, "client_id"),
    )

    @property
    def gross_minor(self) -> int:
        """With tax."""
        return self.net_minor + self.tax_minor

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit note."""
        return self.kind is InvoiceKind.CREDIT_NOTE


class InvoiceLine(Owned, Base):
    """A line of an invoice; of a credit note, what it takes from a line of the invoice."""

    __tablename__ = "invoice_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    place: Mapped[int]
    label: Mapped[str] = mapped_column(String(300))
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    tax_rate: Mapped[int] = mapped_column(default=0)
    """Hundredths of a per cent."""
    due_key: Mapped[str] = mapped_column(String(80), default="")
    """Which amount of the subscription it charges; empty for a line of one's own."""
    of_line_id: Mapped[int | None] = mapped_column(ForeignKey("invoice_line.id"))

    __table_args__ = (UniqueConstraint("organisation_id", "invoice_id", "place"),)


class Payment(Owned, Base):
    """Money that came in for an invoice or, negative, went back; a mistake is taken back, never deleted."""

    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    received_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(MinorUnits)
    note: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_on: Mapped[date | None]
    take_back_reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (Index(None, "organisation_id", "invoice_id"),)
