"""The `Work` itself: opened by the gate for a request, and by `with work(...)` for commands, jobs and tests."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, Result, Select, insert, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import Base
from app.models.organisation import Organisation
from app.work import bulk, journal, tenancy
from app.work.tenancy import ACROSS, GUARDED, READS

_log = logging.getLogger(__name__)
_MANY = 500
"""From so many rows on, their ids are taken first and the rows sent without waiting for an answer to each."""
T = TypeVar("T")
R = TypeVar("R", bound=Base)


def now_utc() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today_in(time_zone: str, now: datetime) -> date:
    """The organisation's day: the calendar date in its own time zone."""
    return now.astimezone(ZoneInfo(time_zone)).date()


@dataclass(slots=True)
class Work:
    """Who does what, where and when, in one transaction.

    `organisation_id` None is the installation itself: persons and sign-ins, and no organisation's rows.
    `over` names the organisations of a read-only work that spans several.
    """

    session: Session
    organisation_id: int | None
    actor_id: int | None
    now: datetime
    today: date
    over: frozenset[int] | None = None
    writes: bool = True
    """A work that only reads refuses every change; it would be undone at the end without a word."""
    reason: str = ""
    """Why this is done, in the actor's words; every journal entry of the transaction carries it."""
    after_commit: list[Any] = field(default_factory=list)

    @property
    def organisation(self) -> Organisation:
        """The organisation of this work."""
        return self.session.scalars(select(Organisation).where(Organisation.id == self.home)).one()

    @property
    def home(self) -> int:
        """The id of the organisation; an installation's work has none."""
        if self.organisation_id is None:
            raise LookupError("this work belongs to no organisation")
        return self.organisation_id

    def add(self, row: R) -> R:
        """Keep a new row and give it its id."""
        self.session.add(row)
        self.session.flush()
        return row

    def all(self, statement: Select[T]) -> list[T]:
        """The rows, each once, eager collections included."""
        return list(self.session.scalars(statement).unique())

    def one_or_none(self, statement: Select[T]) -> T | None:
        """The one row, or None."""
        return self.session.scalars(statement).unique().one_or_none()

    def execute(self, statement: Executable) -> Result[*tuple[Any, ...]]:
        """Rows of columns, for lists that need no objects."""
        return self.session.execute(statement)

    def flush(self) -> None:
        """Send the changes to the database; the commit comes once, at the end of the work."""
        self.session.flush()

    @contextmanager
    def within(self, organisation_id: int | None) -> Iterator["Work"]:
        """A work of another organisation, or of the installation, in the same transaction.

        For what founds an organisation, accepts an invitation or erases a person; never for reading around.
        """
        self.session.flush()
        zone = None
        if organisation_id is not None:
            zone = self.session.scalar(select(Organisation.time_zone).where(Organisation.id == organisation_id))
        inner = Work(
            self.session,
            organisation_id,
            self.actor_id,
            self.now,
            today_in(zone or "UTC", self.now),
            writes=self.writes,
            reason=self.reason,
            after_commit=self.after_commit,
        )
        self.session.info["work"] = inner
        try:
            yield inner
            self.session.flush()
        finally:
            self.session.info["work"] = self

    @contextmanager
    def across(self, organisation_ids: Collection[int]) -> Iterator["Work"]:
        """A work that reads over several organisations, in the same transaction: for a portfolio."""
        self.session.flush()
        over = frozenset(organisation_ids)
        inner = Work(self.session, None, self.actor_id, self.now, self.today, over, writes=False)
        self.session.info["work"] = inner
        try:
            yield inner
        finally:
            self.session.info["work"] = self

    @contextmanager
    def writing(self, actor_id: int | None = None) -> Iterator["Work"]:
        """End what this work has read, and go on in one that writes, committed at the end of the block.

        For what takes long before it may write, such as verifying a password: nobody waits for its lock meanwhile.
        What was read before may have changed since, so the block looks again.
        """
        if self.writes:
            raise RuntimeError("this work writes already")
        begin(self.session, writes=True)
        inner = Work(self.session, self.organisation_id, actor_id or self.actor_id, now_utc(), self.today)
        self.session.info["work"] = inner
        try:
            yield inner
            close_work(inner, commit=True)
        except BaseException:
            close_work(inner, commit=False)
            raise
        finally:
            begin(self.session, writes=False)
            self.session.info["work"] = self

    @contextmanager
    def aside(self, organisation_id: int) -> Iterator["Work"]:
        """A writing work of its own, by nobody, while this one only reads; what this reads afterwards has it.

        For what the passing of days has changed, and has to be judged before it is shown.
        """
        if self.writes:
            raise RuntimeError("a work that writes has a transaction already: write in that")
        session = self.session
        session.commit()
        session.info.pop("work", None)
        begin(session, writes=True)
        opened = open_work(session, organisation_id, None, now=self.now)
        try:
            try:
                yield opened
            except BaseException:
                close_work(opened, commit=False)
                raise
            close_work(opened, commit=True)
        finally:
            begin(session, writes=False)
            session.info["work"] = self

    def record(
        self,
        action: str,
        noun: str,
        noun_id: int | str,
        details: Mapping[str, Any] | None = None,
        *,
        reference: str = "",
        reason: str = "",
    ) -> None:
        """Write a decision or an authorisation to the journal that no change of a row would show."""
        journal.record(self.session, action, noun, str(noun_id), dict(details or {}), reference, reason)

    def insert_many(self, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert many rows at once, each with its journal entry; gives their ids in the order of the rows."""
        if not rows:
            return []
        keeper = {"organisation_id": self.organisation_id} if hasattr(model, "organisation_id") else {}
        filled = [{**keeper, **row} for row in rows]
        tenancy.refuse_reader(self)
        if any(row.get("organisation_id", self.organisation_id) != self.organisation_id for row in filled):
            raise PermissionError("a row of another organisation")
        asked: dict[Any, set[int]] = {}
        for _attribute, column, target in tenancy.pointers(model):
            asked.setdefault(target, set()).update(row[column] for row in filled if row.get(column) is not None)
        tenancy.refuse_foreign(self.session, self.home, {target: ids for target, ids in asked.items() if ids})
        if len(filled) < _MANY:
            statement = insert(model).returning(model.__table__.c.id, sort_by_parameter_order=True)
            ids = list(self.session.scalars(statement, filled, execution_options={journal.NAMED: True}))
        else:
            ids = bulk.insert(self.session, model, filled)
        if model.journalled:
            journal.record_inserted(self.session, model, ids, filled)
        return ids

    def update_many(self, model: type[Base], updates: Sequence[journal.Update]) -> None:
        """Update many rows at once, each with its journal entry: of each its id, its old values and its new ones.

        The rows must have been read for update in this work, or what another wrote in between would be lost; what is
        loaded of them is read anew.
        """
        if not updates:
            return
        if not self.writes:
            raise tenancy.TenancyError("a work that only reads")
        asked: dict[Any, set[int]] = {}
        for _attribute, column, target in tenancy.pointers(model):
            asked.setdefault(target, set()).update(new[column] for _, _, new in updates if new.get(column) is not None)
        tenancy.refuse_foreign(self.session, self.home, {target: ids for target, ids in asked.items() if ids})
        self.session.flush()
        bulk.update(self.session, model, updates, self.home)
        if model.journalled:
            journal.record_updated(self.session, model, updates, self.home)


def begin(session: Session, *, writes: bool) -> None:
    """Start the transaction; on SQLite one that will write takes its lock at once, or it could fail halfway."""
    if session.in_transaction():
        # Something was looked up before; its transaction began without the lock and without the guard.
        session.rollback()
    begun = "IMMEDIATE" if writes else "DEFERRED"
    session.connection(execution_options={"sqlite_begin": begun, GUARDED: True, READS: not writes})


@contextmanager
def work(
    organisation_id: int | None,
    actor_id: int | None = None,
    *,
    writes: bool = True,
    over: Collection[int] | None = None,
    now: datetime | None = None,
    today: date | None = None,
) -> Iterator[Work]:
    """Open a work, commit it at the end, and undo all of it where anything fails.

    `over` gives a read-only work across the named organisations, for a portfolio.
    """
    session = cast(Session, db.session())
    if "work" in session.info:
        raise RuntimeError("a work is open already: `within` gives one of another organisation in its transaction")
    writes = writes and over is None
    session.rollback()
    # What an earlier work loaded may have been changed since, by somebody else.
    session.expunge_all()
    begin(session, writes=writes)
    opened = open_work(session, organisation_id, actor_id, over=over, now=now, today=today, writes=writes)
    try:
        yield opened
        # One that only read is committed too: what it loaded stays loaded, and a change that it made comes to light.
        close_work(opened, commit=True)
    except BaseException:
        close_work(opened, commit=False)
        raise


def open_work(
    session: Session,
    organisation_id: int | None,
    actor_id: int | None,
    *,
    over: Collection[int] | None = None,
    now: datetime | None = None,
    today: date | None = None,
    time_zone: str | None = None,
    writes: bool = True,
) -> Work:
    """Bind the session to an organisation; the transaction has begun already."""
    now = now or now_utc()
    if today is None:
        if time_zone is None and organisation_id is not None:
            time_zone = session.scalar(select(Organisation.time_zone).where(Organisation.id == organisation_id))
            if time_zone is None:
                raise LookupError(f"there is no organisation {organisation_id}")
        today = today_in(time_zone or "UTC", now)
    spanned = frozenset(over) if over is not None else None
    opened = Work(session, organisation_id, actor_id, now, today, spanned, writes and over is None)
    session.info["work"] = opened
    return opened


def close_work(opened: Work, *, commit: bool) -> None:
    """Commit or undo, unbind the session, and then let the effects go out."""
    session = opened.session
    try:
        if commit:
            session.commit()
        else:
            session.rollback()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("work", None)
        journal.forget(session)
    if commit:
        for effect in opened.after_commit:
            try:
                effect()
            except Exception:
                # The work is done and kept: an effect that fails must not make it look as if it were not.
                _log.exception("an effect failed after its work was committed")


__all__ = ["ACROSS", "Work", "begin", "close_work", "now_utc", "open_work", "today_in", "work"]
