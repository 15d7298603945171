"""Many rows of one table at once, as fast as the database takes them. The journal and tenancy stand before it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, inspect, select
from sqlalchemy import insert as insert_statement
from sqlalchemy import update as update_statement
from sqlalchemy.orm import Session

from app.models.base import Base
from app.work.tenancy import ACROSS


def insert(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows and give their ids, in their order. A column that a row leaves out gets its default."""
    session.flush()
    table: Any = model.__table__
    ids = _take_ids(session, model, len(rows))
    names = {name for row in rows for name in row}
    missing = {name: _default(model, name) for name in names}
    filled = [{**missing, **row, "id": row_id} for row_id, row in zip(ids, rows, strict=True)]
    session.connection().execute(insert_statement(table), filled)
    return ids


def update(
    session: Session, model: type[Base], updates: Sequence[tuple[int, Mapping[str, Any], Mapping[str, Any]]], home: int
) -> None:
    """Write the new values of rows of one organisation, and forget what is loaded of those values."""
    table: Any = model.__table__
    counted = inspect(model).version_id_col
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row_id, _old, new in updates:
        names = tuple(sorted(new))
        alike[names].append({"row_id": row_id, "home": home, **{f"new_{name}": new[name] for name in names}})
    for names, rows in alike.items():
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        if counted is not None:
            values[counted.name] = counted + 1
        whose = (table.c.id == bindparam("row_id"), table.c.organisation_id == bindparam("home"))
        session.connection().execute(update_statement(model).where(*whose).values(values), rows)
    known, key = session.identity_map, inspect(model).identity_key_from_primary_key
    for row_id, _old, new in updates:
        held = known.get(key((row_id,)))
        if held is not None:
            session.expire(held, [*new, *([counted.name] if counted is not None else [])])


def _take_ids(session: Session, model: type[Base], count: int) -> list[int]:
    """Ids that nobody else is given: on SQLite a work that writes is alone, elsewhere a sequence counts them out."""
    table: Any = model.__table__
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        greatest = select(func.max(table.c.id))
        last = connection.execute(greatest, execution_options={ACROSS: "the last id of a table"}).scalar()
        return list(range((last or 0) + 1, (last or 0) + 1 + count))
    sequence = func.pg_get_serial_sequence(table.name, "id")
    taken = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
    return sorted(connection.scalars(taken))


def _default(model: type[Base], name: str) -> Any:
    default = model.__table__.c[name].default
    return default.arg if default is not None and default.is_scalar else None
