"""What belongs to a thing that the journal tells of: its parts, theirs, and so on."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, String, cast, literal, select, union_all

from app.domain.journal_nouns import OWNERS, POINTERS
from app.models.base import Base
from app.queries.journal_names import NAMED

_WHOLES = sorted(
    # A number, such as that of a version, is no name that anything is asked for by.
    {noun for field in OWNERS if (noun := POINTERS.get(field, "")) in NAMED and isinstance(NAMED[noun][1].type, String)}
)


def rows_called(reference: str) -> Any:
    """A query for what is called so and may have parts: the table and the id of each."""
    named = (select(literal(noun), NAMED[noun][0]).where(NAMED[noun][1] == reference) for noun in _WHOLES)
    return union_all(*named)


def parts_of(noun: str, id_: int) -> Iterator[tuple[str, Select[str]]]:
    """The parts of a row by their table, each with a query for their ids as the journal writes them."""
    followed = {noun}
    level: list[tuple[str, Any]] = [(noun, [id_])]
    while level:
        below = []
        for whole, ids in level:
            for model, column in _OWNED.get(whole, ()):
                # What is reached twice is followed once; what has no parts may be reached by several ways.
                if (part := model.__tablename__) not in followed:
                    held = getattr(model, column).in_(ids)
                    yield part, select(cast(model.id, String)).where(held)
                    below.append((part, select(model.id).where(held)))
        followed |= {part for part, _ in below if part in _OWNED}
        level = [each for each in below if each[0] in _OWNED]


def _owned() -> dict[str, list[tuple[Any, str]]]:
    """By table: the journalled models that are a part of its rows, each with the column that says so."""
    found: dict[str, list[tuple[Any, str]]] = {}
    for mapper in Base.registry.mappers:
        model = mapper.class_
        for column in model.__table__.columns if model.journalled else ():
            if column.name in OWNERS:
                for key in column.foreign_keys:
                    found.setdefault(key.column.table.name, []).append((model, column.name))
    return found


_OWNED = _owned()
