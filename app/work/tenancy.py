"""Nothing leaks: every query is narrowed to the organisation of its work, every row written belongs to it.

Two nets hang one behind the other. The first narrows what the mapper sees. The second reads the SQL that is about to
be sent and refuses what the first one missed: bare tables, text, an EXISTS that stands alone.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from app.models.base import Base, Owned

ACROSS = "across_organisations"
"""The execution option of the few named queries that look one row up by a secret, or a person's own memberships."""

GUARDED = "guarded_for_tenancy"
"""The execution option of a connection that a work reads and writes by."""

READS = "only_reads"
"""The execution option of a connection whose work only reads: what it wrote would be undone without a word, or not."""

_WRITE = re.compile(r"\b(?:INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|UPDATE\s+\S+\s+SET)\b", re.IGNORECASE)

References = dict[Mapper[Any], set[int]]


class TenancyError(RuntimeError):
    """A query or a row that no organisation's work allows: a fault of the program, never of its user."""


def _narrow(state: ORMExecuteState) -> None:
    if state.is_column_load:
        # The row was found by a query that was narrowed; only its columns are read again.
        state.update_execution_options(**{ACROSS: "a row that is held already"})
        return
    work = state.session.info.get("work")
    if state.is_insert or state.is_update or state.is_delete:
        refuse_reader(work)
    if state.execution_options.get(ACROSS) or state.is_insert:
        return
    touches_owned = any(issubclass(mapper.class_, Owned) for mapper in state.all_mappers)
    if work is not None and work.organisation_id is not None:
        home: int = work.organisation_id
        criteria: Any = lambda owner: owner.organisation_id == home  # noqa: E731 - the loader wants a lambda
    elif work is not None and work.over is not None:
        several: list[int] = sorted(work.over) or [-1]
        criteria = lambda owner: owner.organisation_id.in_(several)  # noqa: E731
    elif touches_owned:
        raise TenancyError("a query of an organisation's rows needs a work that is open in one")
    else:
        return
    state.statement = state.statement.options(with_loader_criteria(Owned, criteria, include_aliases=True))


def refuse_reader(work: Any) -> None:
    """Refuse a write, of rows or of the journal, in a work that said it only reads."""
    if work is not None and not work.writes:
        raise TenancyError("a work that only reads has changed something; say that it writes")


def _owned_models() -> Iterable[Any]:
    return (mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Owned))


@lru_cache
def _sources() -> re.Pattern[str]:
    """Where a table of organisations' rows stands as a source of rows, and by which name."""
    names = "|".join(sorted(model.__tablename__ for model in _owned_models()))
    return re.compile(
        rf'(?:\bFROM|\bJOIN|\bUSING|,|\()\s*\(*"?(?P<table>{names})"?(?!["\w.])(?:\s+AS\s+"?(?P<name>\w+)"?)?',
        re.IGNORECASE,
    )


@lru_cache(maxsize=4096)
def unnarrowed(sql: str) -> str | None:
    """The first table of organisations' rows that a statement reads without naming whose; None where there is none."""
    if sql.startswith("INSERT INTO"):
        sql = sql.partition(" SELECT ")[2]
    elif sql.startswith(("DELETE FROM", "UPDATE ")):
        # The row that is written is checked at the flush, or narrowed as the bulk write that it is.
        sql = sql.partition(" WHERE ")[2]
    asked: dict[str, int] = {}
    for found in _sources().finditer(sql):
        name = found["name"] or found["table"]
        asked[name] = asked.get(name, 0) + 1
    for name, times in asked.items():
        said = re.findall(rf'(?<![\w"])"?{re.escape(name)}"?\.organisation_id (?:= |IN )\(*(?:\?|%\(|\$\d|:)', sql)
        if len(said) < times:
            return name
    return None


@lru_cache(maxsize=4096)
def is_write(sql: str) -> bool:
    """Whether a statement changes rows, by whatever it begins with; what it locks it does not change."""
    return _WRITE.search(sql) is not None


def _refuse_what_is_sent(
    connection: Connection, _cursor: Any, sql: str, _parameters: Any, context: Any, _many: bool
) -> None:
    options = context.execution_options if context is not None else connection.get_execution_options()
    if options.get(READS) and is_write(sql):
        raise TenancyError(f"a work that only reads would send this; say that it writes: {sql}")
    if not options.get(GUARDED) or options.get(ACROSS):
        return
    table = unnarrowed(sql)
    if table is not None:
        raise TenancyError(f"this would read {table} of every organisation; say {ACROSS} where that is meant: {sql}")


def _refuse_strangers(session: Session, _flush: UOWTransaction, _instances: object) -> None:
    work = session.info.get("work")
    written = [*session.new, *session.dirty, *session.deleted]
    if work is None:
        if any(isinstance(row, Base) and (row.journalled or isinstance(row, Owned)) for row in written):
            raise TenancyError(f"a {type(written[0]).__name__} is written outside a work")
        return
    if session.new or session.deleted or any(map(session.is_modified, session.dirty)):
        refuse_reader(work)
    for row in written:
        if not isinstance(row, Owned):
            continue
        if work.organisation_id is None:
            raise TenancyError(f"a {type(row).__name__} is written outside the work of an organisation")
        if row.organisation_id is None and row in session.new:
            row.organisation_id = work.organisation_id
        elif row.organisation_id != work.organisation_id:
            raise TenancyError(f"a {type(row).__name__} of another organisation")
        if row not in session.new and inspect(row).attrs.organisation_id.history.deleted:
            raise TenancyError(f"a {type(row).__name__} was taken from another organisation")


def _pointers(model: type[Base]) -> tuple[tuple[str, str, Mapper[Any]], ...]:
    """The columns of a model that point at rows of organisations: attribute, column, and what is pointed at."""
    by_table = {owned.__tablename__: inspect(owned) for owned in _owned_models()}
    mapper = inspect(model)
    return tuple(
        (mapper.get_property_by_column(column).key, column.name, by_table[key.column.table.name])
        for column in mapper.local_table.columns
        for key in column.foreign_keys
        if key.column.table.name in by_table
    )


pointers = lru_cache(_pointers)


def _refuse_foreign_references(session: Session, _flush: UOWTransaction) -> None:
    work = session.info.get("work")
    if work is None or work.organisation_id is None:
        return
    asked: References = {}
    fresh = {(type(row), row.id) for row in session.new if isinstance(row, Owned) and hasattr(row, "id")}
    for row in [*session.new, *session.dirty]:
        if not isinstance(row, Base):
            continue
        for attribute, _column, target in pointers(type(row)):
            value = inspect(row).dict.get(attribute)
            if value is None or (target.class_, value) in fresh:
                continue
            if row not in session.new and not inspect(row).attrs[attribute].history.has_changes():
                continue
            asked.setdefault(target, set()).add(value)
    refuse_foreign(session, work.organisation_id, asked)


def refuse_foreign(session: Session, home: int, asked: References) -> None:
    """Refuse to point at a row of another organisation, whatever the form that named it said."""
    for target, ids in asked.items():
        known = session.identity_map
        unknown = sorted(
            value
            for value in ids
            if getattr(known.get(target.identity_key_from_primary_key((value,))), "organisation_id", None) != home
        )
        table = target.local_table
        for start in range(0, len(unknown), 1000):
            some = unknown[start : start + 1000]
            own = select(table.c.id).where(table.c.id.in_(some), table.c.organisation_id == home)
            if len(session.connection().execute(own).all()) < len(some):
                raise TenancyError(f"this points at a {target.class_.__name__} that is not of this organisation")


def listen() -> None:
    """Stand behind every session."""
    event.listen(Session, "do_orm_execute", _narrow)
    event.listen(Session, "before_flush", _refuse_strangers)
    event.listen(Session, "after_flush", _refuse_foreign_references)
    event.listen(Engine, "before_cursor_execute", _refuse_what_is_sent)


__all__ = [
    "ACROSS",
    "GUARDED",
    "READS",
    "TenancyError",
    "is_write",
    "listen",
    "pointers",
    "refuse_foreign",
    "refuse_reader",
    "unnarrowed",
]
