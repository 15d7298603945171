"""Nothing leaks: every query is narrowed to the organisation of its work, every row written belongs to it."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from app.models.base import Owned

ACROSS = "across_organisations"
"""The execution option of the few named queries that look one row up by a secret, or a person's own memberships."""


class TenancyError(RuntimeError):
    """A query or a row that no organisation's work allows: a fault of the program, never of its user."""


def _narrow(state: ORMExecuteState) -> None:
    if state.execution_options.get(ACROSS) or state.is_column_load or state.is_insert:
        return
    work = state.session.info.get("work")
    touches_owned = any(issubclass(mapper.class_, Owned) for mapper in state.all_mappers)
    if work is not None and work.organisation_id is not None:
        home: int = work.organisation_id
        criteria: Any = lambda owner: owner.organisation_id == home  # noqa: E731 - the loader wants a lambda
    elif work is not None and work.over is not None:
        if state.is_select is False:
            raise TenancyError("a work over several organisations only reads")
        several: list[int] = sorted(work.over) or [-1]
        criteria = lambda owner: owner.organisation_id.in_(several)  # noqa: E731
    elif touches_owned:
        raise TenancyError("a query of an organisation's rows needs a work that is open in one")
    else:
        return
    state.statement = state.statement.options(with_loader_criteria(Owned, criteria, include_aliases=True))


def _refuse_strangers(session: Session, _flush: UOWTransaction, _instances: object) -> None:
    work = session.info.get("work")
    if work is not None and work.over is not None and (session.new or session.dirty or session.deleted):
        raise TenancyError("a work over several organisations only reads")
    for row in [*session.new, *session.dirty, *session.deleted]:
        if not isinstance(row, Owned):
            continue
        if work is None or work.organisation_id is None:
            raise TenancyError(f"a {type(row).__name__} is written outside the work of an organisation")
        if row.organisation_id is None and row in session.new:
            row.organisation_id = work.organisation_id
        elif row.organisation_id != work.organisation_id:
            raise TenancyError(f"a {type(row).__name__} of another organisation")


def listen() -> None:
    """Stand behind every session."""
    event.listen(Session, "do_orm_execute", _narrow)
    event.listen(Session, "before_flush", _refuse_strangers)


__all__ = ["ACROSS", "TenancyError", "listen"]
