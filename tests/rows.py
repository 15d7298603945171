"""One row of every table, made from the columns themselves: a table that comes later is in it without a word."""

from datetime import UTC, date, datetime, time
from hashlib import sha256
from itertools import count
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Enum, Integer, Numeric, Time, inspect

from app.domain.permission import Role
from app.models.attachment import PLACES
from app.models.base import Base, Owned, RoleSet, UtcDateTime
from app.models.finding import CONCERNS
from app.work import Work

_numbers = count(1)
LEFT_EMPTY = {
    "attachment": set(PLACES) - {"certificate_id"},
    "placement": {"cluster_id"},
    "licence_seat": {"asset_id"},
    "support_booking": {"cancelled_at", "cancelled_by_id"},
    "support_action": {"done_on", "done_by_id"},
    "payment": {"taken_back_by_id", "taken_back_at", "taken_back_on"},
    "seat_pool": {"ends_on"},
    "seat_assignment": {"released_on"},
    "asset_ownership": {"ends_on"},
    "finding_link": set(CONCERNS) - {"asset_id"},
    "corrective_action": {"nonconformity_id"},
    "action": {"review_id"},
    "training_rule": {"path_id", "ended_on"},
    "competence_requirement": {"role", "retired_on"},
}
"""Columns that a check of the table wants empty."""
OF_ANOTHER = {("course_prerequisite", "required_id"), ("task_dependency", "after_id")}
"""Pointers that never lead to the row from which they come: no course requires itself, and no task waits for itself."""
MEANT = {
    "weekday": 1,
    "country": "DE",
    "subdivision": None,
    "time_zone": "Europe/Berlin",
    "standard": "ISO/IEC 27001",
    "first_edition": "2022",
    "edition": "2022",
    "to_edition": None,
    "rule": "calendar-year",
    "year": 2026,
    "risk": "safe",
    "detail": {},
    "asked": {},
    "totals": {},
    "taxes": [],
    "ours": {},
    "theirs": {},
    "differences": [],
    "candidates": [],
    "next_kind": "surveillance",
    "sha256": sha256(b"example").hexdigest(),
    "media_type": "text/plain",
    "kind": "text",
}
"""What a column means, where the database alone would take anything."""


def models(*, owned: bool) -> list[type[Base]]:
    """The models in an order in which their rows can be written."""
    by_table = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    found = [by_table[table.name] for table in Base.metadata.sorted_tables if table.name in by_table]
    return [model for model in found if issubclass(model, Owned) is owned]


def fill(work: Work, person_id: int) -> dict[str, Any]:
    """Write a row of every table of the organisation of the work; gives them by the name of the table."""
    made: dict[str, Any] = {"organisation": work.organisation}
    for model in models(owned=True):
        row = _row(model, made, person_id)
        for table, name in OF_ANOTHER:
            if table == model.__tablename__:
                (key,) = model.__table__.columns[name].foreign_keys
                (other,) = (each for each in models(owned=True) if each.__table__ is key.column.table)
                setattr(row, name, work.add(_row(other, made, person_id)).id)
        made[model.__tablename__] = work.add(row)
    del made["organisation"]
    return made


def _row(model: type[Base], made: dict[str, Any], person_id: int) -> Base:
    return model(
        **{
            column.key: _value(column, made, person_id)
            for column in model.__table__.columns
            if column.name not in ("id", "organisation_id")
            and column is not inspect(model).version_id_col
            and column.name not in LEFT_EMPTY.get(model.__tablename__, ())
        }
    )


def _value(column: Column[Any], made: dict[str, Any], person_id: int) -> Any:
    for key in column.foreign_keys:
        table = key.column.table.name
        return person_id if table == "person" else made[table].id if table in made else None
    kind = column.type
    if column.name in MEANT and not isinstance(kind, Enum):
        return MEANT[column.name]
    number = next(_numbers)
    if isinstance(kind, RoleSet):
        return frozenset({Role.STAFF})
    if isinstance(kind, UtcDateTime | DateTime):
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class))  # type: ignore[arg-type]
    if isinstance(kind, Date):
        return date(2026, 1, 2)
    if isinstance(kind, Time):
        return time(9, 30)
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer | Numeric):
        return number
    length = getattr(kind, "length", None) or 40
    return f"{column.name} {number}"[:length]
