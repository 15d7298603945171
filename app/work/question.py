"""Questions that are put together once and asked on every page.

Putting a query together, narrowing it and looking up what it was compiled to costs more than most answers. A question
is a statement of columns that says itself whose rows it means, by `home`, and when, by `today`. The net that reads the
SQL on its way out refuses one that does not.
"""

from typing import Any

from sqlalchemy import Date, Integer, bindparam
from sqlalchemy.sql.elements import ColumnElement

from app.work.unit import Work

HOME: Any = bindparam("home", type_=Integer)
TODAY: Any = bindparam("today", type_=Date)


def at_home(*models: Any) -> list[ColumnElement[bool]]:
    """The conditions that narrow these tables to the organisation of the work."""
    return [model.organisation_id == HOME for model in models]


class Question:
    """A statement of columns, kept for good; what it was compiled to is found by it alone."""

    __slots__ = ("_says_today", "_statement")

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._says_today = "today" in statement.compile().params

    def ask(self, work: Work, **values: Any) -> list[Any]:
        """All rows of the answer. What the work has not flushed yet is not in it."""
        values["home"] = work.home
        if self._says_today:
            values["today"] = work.today
        return list(work.session.connection().execute(self._statement, values).all())
