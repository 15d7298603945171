"""What every table shares: names of constraints, the owner of a row, timestamps, and whether the journal keeps it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, ForeignKey, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from app.domain.permission import Role

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """A table. Its rows are journalled unless it says otherwise.

    A column with `info={"personal": True}` holds a name or an email address: the journal says that it changed, never
    what it held. A column with `info={"unjournalled": True}` is a convenience that the journal leaves out.
    """

    metadata = MetaData(naming_convention=NAMES)
    journalled: ClassVar[bool] = True


class Owned:
    """A row that belongs to one organisation, and is seen by no other.

    Its indexes begin with the organisation: each query names it, and a planner that had to choose between an index on
    the organisation and one on what is looked for would often choose the worse.
    """

    @declared_attr
    @classmethod
    def organisation_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("organisation.id"))


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class RoleSet(TypeDecorator[frozenset[Role]]):
    """The roles of a member, kept as their words in a fixed order."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: Iterable[Role] | None, dialect: Dialect) -> str | None:
        return None if value is None else " ".join(role.value for role in Role if role in set(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Role] | None:
        return None if value is None else frozenset(Role(word) for word in value.split())


MinorUnits = BigInteger().with_variant(Integer, "sqlite")
"""A column of an amount of money: 64 bits on every database, which SQLite calls an integer like any other."""


def words(kind: type[StrEnum]) -> Enum:
    """A column type that keeps the words of an enumeration, alike on every database."""
    return Enum(
        kind, native_enum=False, length=40, values_callable=lambda members: [member.value for member in members]
    )


JsonValue = Any
