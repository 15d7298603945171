"""Many rows of one table at once, as fast as the database takes them. The journal and tenancy stand before it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Date, Enum, bindparam, func, inspect, select
from sqlalchemy import insert as insert_statement
from sqlalchemy import update as update_statement
from sqlalchemy.orm import Session

from app.models.base import Base, UtcDateTime
from app.work.tenancy import ACROSS


def insert(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows and give their ids, in their order. A column that a row leaves out gets its default."""
    session.flush()
    table: Any = model.__table__
    ids = _take_ids(session, model, len(rows))
    send(session.connection(), table, [{**row, "id": row_id} for row_id, row in zip(ids, rows, strict=True)])
    return ids


def send(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that have their ids, or need none given back: put together column by column, and sent as they are."""
    names = sorted({name for row in rows for name in row})
    compiled = insert_statement(table).compile(dialect=connection.dialect, column_keys=names)
    places = compiled.positiontup if compiled.positional else list(compiled.params)
    columns = [_values(table.c[place], connection.dialect, rows) for place in places or ()]
    sent: list[Any] = list(zip(*columns, strict=True))
    if not compiled.positional:
        sent = [dict(zip(places or (), each, strict=True)) for each in sent]
    connection.exec_driver_sql(str(compiled), sent)


def _values(column: Any, dialect: Any, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The values of a column as the driver takes them, its default where a row says nothing."""
    name, default = column.name, _default(column)
    values = [row.get(name, default) for row in rows]
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return values
    if not isinstance(column.type, Enum | Date | UtcDateTime):
        return [process(value) for value in values]
    # There are few of them, said often.
    known = {value: process(value) for value in set(values)}
    return [known[value] for value in values]


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


def _default(column: Any) -> Any:
    default = column.default
    if default is None:
        return None
    if not default.is_scalar:
        raise NotImplementedError(f"{column} has a default that is made for each row")
    return default.arg
