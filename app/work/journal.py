"""The journal: every change of a journalled row becomes an entry of a hash-chained, append-only trail.

Entries are gathered as changes are flushed, and chained at the commit: the head of a chain is locked last and
shortly, so many writers make one unbroken chain and never wait for each other in a circle.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import Connection, event, inspect, select, update
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, object_session

from app.domain.permission import Role
from app.models.base import Base, Owned
from app.models.journal import JournalChain, JournalEntry
from app.models.organisation import Organisation
from app.work import bulk
from app.work.tenancy import refuse_reader

INSTALLATION = "installation"
GENESIS = "0" * 64
NAMED = "journal_named"
"""The execution option of a bulk write that journals its rows itself."""
_KEEP = "…"
_quoted = json.encoder.encode_basestring


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry that waits for the commit."""

    organisation_id: int | None
    action: str
    noun: str
    noun_id: str
    reference: str
    changes: Mapping[str, Any] | str
    """By field, or written out already."""
    reason: str


Update = tuple[int, Mapping[str, Any], Mapping[str, Any]]
"""A row that is updated in bulk: its id, its old values and its new ones, by column."""


def chain_of(organisation_id: int | None) -> str:
    """The name of the chain of an organisation, or of the installation."""
    return INSTALLATION if organisation_id is None else f"organisation-{organisation_id}"


def digest(
    *,
    previous: str,
    chain: str,
    number: int,
    at: str,
    actor_id: int | None,
    action: str,
    noun: str,
    noun_id: str,
    reference: str,
    changes: str,
    reason: str,
) -> str:
    """The hash of an entry: over all that it holds and the hash of the entry before it."""
    # As `json.dumps` writes the list of all of them, which takes several times as long.
    said = (previous, chain, at, action, noun, noun_id, reference, changes, reason)
    previous, chain, at, action, noun, noun_id, reference, changes, reason = map(_quoted, said)
    actor = "null" if actor_id is None else actor_id
    named = f"{action},{noun},{noun_id},{reference},{changes},{reason}"
    whole = f"[{previous},{chain},{number},{at},{actor},{named}]"
    return hashlib.sha256(whole.encode()).hexdigest()


def record(
    session: Session,
    action: str,
    noun: str,
    noun_id: str,
    details: Mapping[str, Any],
    reference: str = "",
    reason: str = "",
) -> None:
    """Add an entry that no change of a row would show, such as a decision."""
    work = session.info["work"]
    _gather(session, Pending(work.organisation_id, action, noun, noun_id, reference, details, reason))


def record_inserted(session: Session, model: type[Base], ids: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the entries of rows that were inserted in bulk."""
    table, kept, reason = model.__tablename__, _kept_names(model), _reason_of(session)
    names = sorted({name for row in rows for name in row} & kept)
    columns = [_written(model, name, rows) for name in names]
    pending = session.info.setdefault("journal", [])
    for row_id, row, *said in zip(ids, rows, *columns, strict=True):
        changes = f"{{{','.join(filter(None, said))}}}"
        owner, reference = row.get("organisation_id"), str(row.get("reference", ""))
        pending.append(Pending(owner, "created", table, str(row_id), reference, changes, reason))


def _written(model: type[Base], name: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A column of new rows as their entries hold it; nothing where there is no value."""
    known: dict[Any, str] = {None: ""}

    def write(value: Any) -> str:
        return _CHANGES({name: [None, _shown(model, name, value)]})[1:-1] if value is not None else ""

    written: list[str] = []
    for row in rows:
        value = row.get(name)
        if isinstance(value, list | dict):
            written.append(write(value))
            continue
        said = known.get(value)
        if said is None:
            said = known[value] = write(value)
        written.append(said)
    return written


def record_updated(session: Session, model: type[Base], updates: Sequence[Update], owner: int) -> None:
    """Add the entries of rows that were updated in bulk; a row of which nothing changed has none."""
    table, kept, reason = model.__tablename__, _kept_names(model), _reason_of(session)
    pending = session.info.setdefault("journal", [])
    for row_id, old, new in updates:
        changes = {
            name: [_shown(model, name, old[name]), _shown(model, name, value)]
            for name, value in new.items()
            if name in kept and old[name] != value
        }
        if changes:
            pending.append(Pending(owner, "changed", table, str(row_id), "", changes, reason))


def _reason_of(session: Session) -> str:
    work = session.info.get("work")
    return work.reason if work is not None else ""


def forget(session: Session) -> None:
    """Drop what was gathered, at the end of a work."""
    session.info.pop("journal", None)


def _gather(session: Session, entry: Pending) -> None:
    work = session.info.get("work")
    refuse_reader(work)
    if work is not None and work.reason and not entry.reason:
        entry = replace(entry, reason=work.reason)
    session.info.setdefault("journal", []).append(entry)


@cache
def _kept_names(model: type[Base]) -> frozenset[str]:
    """The columns that the journal keeps: not whose row it is, nor the count of its changes."""
    counted = inspect(model).version_id_col
    return frozenset(
        column.name
        for column in model.__table__.columns
        if not column.info.get("unjournalled")
        and column.name not in ("id", "organisation_id")
        and column is not counted
    )


def _shown(model: type[Base], name: str, value: Any) -> Any:
    if value is None:
        return None
    return _KEEP if _is_personal(model, name) else _plain(value)


@cache
def _is_personal(model: type[Base], name: str) -> bool:
    return bool(model.__table__.columns[name].info.get("personal"))


def _plain(value: Any) -> Any:
    """A value as JSON can hold it, always the same way."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, frozenset):
        return [role.value for role in Role if role in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        # One way to write a number, however many zeros the database keeps behind it.
        return format(value.normalize(), "f")
    return value


_AS_IT_IS = frozenset({str, int, bool, float, dict, list, type(None)})
_CHANGES = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode


def _gather_row(action: str) -> Any:
    """A listener for each row as it is written: orphans and cascades come by here too."""

    def gather(mapper: Mapper[Any], _connection: Connection, row: Base) -> None:
        model, session = type(row), object_session(row)
        if not model.journalled or session is None:
            return
        changes = _changes(row, action)
        if not changes and action == "changed":
            return
        owner = row.id if isinstance(row, Organisation) else getattr(row, "organisation_id", None)
        key = "-".join(str(part) for part in mapper.primary_key_from_instance(row))
        reference = str(getattr(row, "reference", "") or "")
        _gather(session, Pending(owner, action, model.__tablename__, key, reference, changes, ""))

    return gather


def _changes(row: Base, action: str) -> dict[str, list[Any]]:
    model = type(row)
    state, kept = inspect(row), _kept_names(model)
    changes: dict[str, list[Any]] = {}
    for attribute in inspect(model).column_attrs:
        name = attribute.columns[0].name
        if name not in kept:
            continue
        history = state.attrs[attribute.key].history
        if action == "changed":
            if not history.has_changes():
                continue
            if not history.deleted:
                # Old values are always read before they are overwritten: this one was only marked, to count a version.
                continue
            old = history.deleted[0]
            new = history.added[0] if history.added else None
            if old == new:
                continue
        else:
            value = state.dict.get(attribute.key)
            old, new = (None, value) if action == "created" else (value, None)
            if value is None:
                continue
        changes[name] = [_shown(model, name, old), _shown(model, name, new)]
    return changes


def chain_pending(session: Session) -> None:
    """Write down what happened since the last time, by who acts now; at the end of a transaction it is done anyway."""
    session.flush()
    pending: list[Pending] | None = session.info.pop("journal", None)
    if not pending:
        return
    work = session.info["work"]
    by_chain: dict[str, list[Pending]] = {}
    for entry in pending:
        by_chain.setdefault(chain_of(entry.organisation_id), []).append(entry)
    connection = session.connection()
    # Chains are locked in one order everywhere, so two works that append to the same two cannot block each other.
    for chain in sorted(by_chain):
        _append(connection, chain, by_chain[chain], work.actor_id, work.now, work.reason)


def _append(
    connection: Connection, chain: str, pending: list[Pending], actor_id: int | None, now: datetime, reason: str
) -> None:
    found = connection.execute(
        select(JournalChain.length, JournalChain.head).where(JournalChain.name == chain).with_for_update()
    ).one_or_none()
    if found is None:
        raise LookupError(f"the journal has no chain {chain}")
    length, head = found
    at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    rows: list[dict[str, Any]] = []
    for entry in pending:
        length += 1
        values: dict[str, Any] = {
            "previous": head,
            "chain": chain,
            "number": length,
            "at": at,
            "actor_id": actor_id,
            "action": entry.action,
            "noun": entry.noun,
            "noun_id": entry.noun_id,
            "reference": entry.reference,
            "changes": entry.changes if isinstance(entry.changes, str) else _CHANGES(entry.changes),
            "reason": entry.reason or reason,
        }
        head = digest(**values)
        rows.append({**values, "hash": head})
    bulk.send(connection, JournalEntry.__table__, rows)
    connection.execute(update(JournalChain).where(JournalChain.name == chain).values(length=length, head=head))


def open_chain(session: Session, organisation_id: int | None) -> None:
    """Begin the chain of a new organisation."""
    session.add(JournalChain(name=chain_of(organisation_id), organisation_id=organisation_id, length=0, head=GENESIS))
    session.flush()


def _refuse_unnamed_bulk(state: ORMExecuteState) -> None:
    if state.is_select or state.execution_options.get(NAMED):
        return
    table = getattr(state.statement, "table", None)
    if table is None:
        if "work" in state.session.info:
            raise RuntimeError("a statement in plain text passes the journal by: say it with the models")
        return
    # By name: the table of a statement about a model is a copy with annotations.
    model = next((each.class_ for each in Base.registry.mappers if each.class_.__tablename__ == table.name), None)
    if model is None:
        return
    if model.journalled:
        raise RuntimeError(f"a bulk write to {table.name} must name itself to the journal")
    if issubclass(model, Owned) and (state.is_insert or not state.is_orm_statement):
        raise RuntimeError(f"a bulk write to {table.name} that no organisation narrows")


def _keep_old_values() -> None:
    """A column whose value was not loaded is read before it is overwritten, or the old value would be lost."""
    for mapper in Base.registry.mappers:
        for column in mapper.column_attrs:
            getattr(mapper.class_, column.key).impl.active_history = True


def _forget_undone(session: Session, _transaction: object) -> None:
    forget(session)


def _refuse_savepoint(session: Session, transaction: Any) -> None:
    if transaction.nested:
        raise RuntimeError("a savepoint could be undone behind the journal: use one work per transaction")


def listen() -> None:
    """Stand behind every session."""
    for moment, action in (("after_insert", "created"), ("after_update", "changed"), ("after_delete", "deleted")):
        event.listen(Base, moment, _gather_row(action), propagate=True)
    _keep_old_values()
    event.listen(Session, "after_soft_rollback", _forget_undone)
    event.listen(Session, "before_commit", chain_pending)
    event.listen(Session, "do_orm_execute", _refuse_unnamed_bulk)
    event.listen(Session, "after_transaction_create", _refuse_savepoint)
