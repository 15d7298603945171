"""The journal: append-only, hash-chained, one chain an organisation and one for the installation."""

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

_Big = BigInteger().with_variant(Integer, "sqlite")


class JournalChain(Base):
    """A chain and the hash of its latest entry; locked by whoever appends."""

    __tablename__ = "journal_chain"
    journalled = False

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    """`installation`, or `organisation-7`."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), unique=True)
    length: Mapped[int] = mapped_column(_Big, default=0)
    head: Mapped[str] = mapped_column(String(64))


class JournalEntry(Base):
    """What was done to one row, by whom and when. Ids of persons stand here, never names or mails.

    `changes` is canonical JSON text, `at` a fixed form of text: what was hashed is what is kept, to the byte.
    """

    __tablename__ = "journal_entry"
    journalled = False

    id: Mapped[int] = mapped_column(_Big, primary_key=True)
    chain: Mapped[str] = mapped_column(ForeignKey("journal_chain.name"))
    number: Mapped[int] = mapped_column(_Big)
    at: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(40))
    noun: Mapped[str] = mapped_column(String(40))
    noun_id: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str] = mapped_column(String(80), default="")
    changes: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("chain", "number"),
        Index(None, "chain", "noun", "noun_id"),
    )
