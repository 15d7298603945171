"""Which column of somebody else's file means what: guessed from the names of the columns, and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.explained import Reason, RefusedError


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a column may mean."""

    name: str
    label: str
    required: bool = False
    heads: tuple[str, ...] = ()
    """Other names under which columns of other programs hold it, in small letters."""
    says: str = ""
    """What a cell of it looks like."""


Columns = Mapping[str, str]
"""The name of a field to the head of its column; a field without a column is left out."""


def guess(fields: Sequence[Field], head: Sequence[str], remembered: Columns | None = None) -> dict[str, str]:
    """The likely column of each field: as it was remembered, else by its name; each column means one thing at most."""
    free = list(head)
    found: dict[str, str] = {}
    for field in fields:
        kept = (remembered or {}).get(field.name)
        if kept in free:
            found[field.name] = kept
            free.remove(kept)
    wanting = [field for field in fields if field.name not in found]
    if remembered is not None and found:
        # Whoever mapped this source left the others out on purpose; what no line can do without is looked for.
        wanting = [field for field in wanting if field.required]
    folded = {_folded(each): each for each in reversed(free)}
    most = max((len(field.heads) for field in fields), default=0) + 2
    # The best name of every field goes before the second best of any.
    for place in range(most):
        for field in wanting:
            names = (field.label, field.name, *field.heads)
            if field.name in found or place >= len(names):
                continue
            column = folded.pop(_folded(names[place]), None)
            if column is not None:
                found[field.name] = column
    return found


def _folded(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def refuse_mapping(fields: Sequence[Field], head: Sequence[str], columns: Columns) -> None:
    """Refuse columns that cannot be meant: a field that is needed without one, one that is not there, one used twice.

    Raises `RefusedError` at `columns`, with a reason for each.
    """
    why: list[str] = []
    known = {field.name: field for field in fields}
    for field in fields:
        if field.required and not columns.get(field.name):
            why.append(f"{field.label} is needed. Choose its column.")
    used: dict[str, str] = {}
    for name, column in columns.items():
        if name not in known or not column:
            continue
        label = known[name].label
        if column not in head:
            why.append(f"{label}: there is no column “{column}” in this file.")
        elif column in used:
            why.append(f"“{column}” is chosen for both {used[column]} and {label}.")
        used[column] = label
    if why:
        raise RefusedError(tuple(Reason(each) for each in why), "columns")


def mapped(columns: Columns, head: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """A line by our fields; what is empty is left out."""
    places = {each: place for place, each in enumerate(head)}
    return {name: cells[places[column]] for name, column in columns.items() if column and cells[places[column]]}
