"""The matrix as it is drawn: sections of heads and rows, a column for each standard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.catalogue import HEADS, Point
from app.domain.programme.checklist import clause_order
from app.domain.programme.coverage import Cell, Coverage, Tally, tally
from app.domain.programme.scope import ways_up
from app.queries.coverage import NOUNS, Covered


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in one cell: a point with how it stands; both None where the standard has no such point."""

    point: Point | None
    cell: Cell | None


@dataclass(frozen=True, slots=True)
class Total:
    """What a standard has below a head, and the value that a form takes for what is missing of it."""

    tally: Tally
    missing: str


@dataclass(frozen=True, slots=True)
class Block:
    """A head with its rows; a total and an entry for each standard of the section."""

    number: str
    title: str
    totals: tuple[Total, ...]
    rows: tuple[tuple[str, tuple[Entry, ...]], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Clauses, controls or process areas, with the standards that have any."""

    title: str
    noun: str
    standards: tuple[Covered, ...]
    blocks: tuple[Block, ...]


def sections_of(standards: Sequence[Covered], state: Coverage | None) -> list[Section]:
    """The sections that have something to show; with a state, only what stands so."""
    found = []
    for group, noun in NOUNS.items():
        having = tuple(each for each in standards if group in each.groups)
        blocks = tuple(block for block in _blocks(group, having, state) if block.rows)
        if blocks:
            found.append(Section(group, noun, having, blocks))
    return found


def _blocks(group: str, standards: Sequence[Covered], state: Coverage | None) -> Iterable[Block]:
    points = [{each.number: each for each in one.points if each.group == group} for one in standards]
    leaves = sorted({number for of_one in points for number, each in of_one.items() if each.is_leaf}, key=clause_order)
    for head in dict.fromkeys(ways_up(number)[-1] for number in leaves):
        below = [number for number in leaves if ways_up(number)[-1] == head]
        drawn = [(number, _entries(number, standards, points, state)) for number in below]
        rows = tuple((number, entries) for number, entries in drawn if any(entry.cell for entry in entries))
        totals = tuple(_total(one, of_one, below) for one, of_one in zip(standards, points, strict=True))
        title = HEADS.get(head) or next((of_one[head].title for of_one in points if head in of_one), "")
        yield Block(head, title, totals, rows)


def _entries(
    number: str, standards: Sequence[Covered], points: Sequence[dict[str, Point]], state: Coverage | None
) -> tuple[Entry, ...]:
    found = []
    for one, of_one in zip(standards, points, strict=True):
        cell = one.cells.get(number) if number in of_one else None
        kept = cell if cell is not None and state in (None, cell.state) else None
        found.append(Entry(of_one.get(number), kept))
    return tuple(found)


def _total(one: Covered, points: dict[str, Point], numbers: Sequence[str]) -> Total:
    own = [number for number in numbers if number in points and points[number].is_leaf]
    missing = one.missing(own)
    return Total(tally(one.cells[number] for number in own), f"{one.standard}|{','.join(missing)}" if missing else "")
