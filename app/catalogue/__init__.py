"""Standards, their editions and clauses, from the data files of this folder.

What an organisation says otherwise is an overlay of its own and stands in its database, not here.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.domain.certification.facts import EditionDeadline
from app.domain.explained import Clause

_FOLDER = Path(__file__).parent
_BINDING = ("high", "medium")
HEADS = {
    "A.5": "Organisation",
    "A.6": "People",
    "A.7": "Premises and equipment",
    "A.8": "Technology",
    "F": "Functional process areas",
    "L": "Life cycle process areas",
}
"""What stands above points whose head is no point itself, in words of our own."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a standard, by its full name (ISO/IEC 27001:2022), and when it ends, if that is known."""

    name: str
    replaces: str | None = None
    deadline: date | None = None
    no_new_or_recert_after: date | None = None
    confidence: str | None = None
    source: str | None = None
    note: str | None = None
    certifiable: bool = True
    """Whether an organisation is certified to it; not to what binds certification bodies alone."""

    @property
    def binds(self) -> bool:
        """Whether the deadline counts in the rules: dated, sourced, and of high or medium confidence."""
        return self.deadline is not None and self.source is not None and self.confidence in _BINDING


@dataclass(frozen=True, slots=True)
class ClauseTitle:
    """A clause of a standard with a short neutral title of our own."""

    number: str
    title: str

    @property
    def parent(self) -> str | None:
        """The number of the clause above: 9.2 for 9.2.1, none for 9."""
        return self.number.rpartition(".")[0] or None


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One of the five things that make IT assets special, and the clauses that control it."""

    number: int
    topic: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard as the catalogue knows it; `to_check` names what a person with a copy should compare."""

    name: str
    edition: str
    discipline: str
    certifiable: bool
    clauses: tuple[ClauseTitle, ...]
    to_check: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """Name and edition: ISO/IEC 27001:2022."""
        return f"{self.name}:{self.edition}"


@dataclass(frozen=True, slots=True)
class ProcessArea:
    """A process area of IT asset management, and in which tier it stands."""

    id: str
    name: str
    group: str
    """`functional` or `life cycle`."""
    tier: int


@lru_cache(maxsize=1)
def process_areas() -> tuple[ProcessArea, ...]:
    """The process areas by tier, then by number; the tiers are informative. [ISO/IEC 19770-1:2017, Annex B]"""
    record = _load("standards/iso-iec-19770-1-2017.yaml")
    found = (ProcessArea(**each) for each in record["process_areas"])
    return tuple(sorted(found, key=lambda area: (area.tier, area.id)))


@lru_cache(maxsize=1)
def editions() -> tuple[Edition, ...]:
    """Every edition that the catalogue knows, provisional deadlines included."""
    return tuple(Edition(name=row.pop("edition"), **row) for row in _load("editions.yaml"))


@lru_cache(maxsize=1)
def edition_deadlines() -> tuple[EditionDeadline, ...]:
    """The ends of editions that bind; provisional ones are left out. [IAF transition requirements]"""
    return tuple(
        EditionDeadline(edition.name, edition.deadline, edition.no_new_or_recert_after, edition.source)
        for edition in editions()
        if edition.deadline is not None and edition.binds
    )


@lru_cache(maxsize=1)
def standards() -> tuple[Standard, ...]:
    """The standards of which the catalogue holds the clauses, by name."""
    found = (_standard(_load(f"standards/{path.name}")) for path in sorted((_FOLDER / "standards").glob("*.yaml")))
    return tuple(sorted(found, key=lambda standard: standard.full_name))


@dataclass(frozen=True, slots=True)
class Point:
    """What an audit may take up of a standard: a clause, a control or a process area, by its number."""

    number: str
    title: str
    group: str
    """`Clauses`, or what the controls and process areas of the standard are called together."""
    parent: str | None = None
    """The point of the same list that holds it: 9.2 for 9.2.1."""
    is_leaf: bool = True
    """Whether no other point of the list is a part of it."""

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@lru_cache(maxsize=64)
def points_of(standard: str) -> tuple[Point, ...]:
    """The points of a standard by its full name, in their order; none for one that the catalogue does not hold.

    Clauses first; after them the controls of ISO/IEC 27001:2022, with short titles of our own like all the others, and
    the process areas of ISO/IEC 19770-1:2017.
    """
    record = _records().get(standard)
    if record is None:
        return ()
    listed = [(number, title, "Clauses") for number, title in record["clauses"]]
    annex = _load("controls.yaml")
    if standard == annex["standard"]:
        listed += [(number, title, "Annex A") for number, title in annex["controls"]]
    listed += [(area["id"], area["name"].capitalize(), "Process areas") for area in record.get("process_areas", ())]
    known = {number for number, _, _ in listed}
    above = {number: number.rpartition(".")[0] for number in known}
    holding = set(above.values())
    return tuple(
        Point(number, title, group, above[number] if above[number] in known else None, number not in holding)
        for number, title, group in listed
    )


@lru_cache(maxsize=1)
def audited_standards() -> tuple[str, ...]:
    """The standards against which an organisation is audited, by their full names."""
    return tuple(each.full_name for each in standards() if each.certifiable)


@lru_cache(maxsize=1)
def _records() -> dict[str, dict[str, Any]]:
    found = [_load(f"standards/{path.name}") for path in sorted((_FOLDER / "standards").glob("*.yaml"))]
    return {f"{record['name']}:{record['edition']}": record for record in found}


@lru_cache(maxsize=1)
def characteristics() -> tuple[Characteristic, ...]:
    """What an ITAM system must control beside what every management system does. [ISO/IEC 19770-1:2017]"""
    record = _load("standards/iso-iec-19770-1-2017.yaml")
    name = f"{record['name']}:{record['edition']}"
    return tuple(
        Characteristic(each["id"], each["topic"], tuple(Clause(name, number) for number in each["clauses"]))
        for each in record["characteristics"]
    )


def _standard(record: dict[str, Any]) -> Standard:
    return Standard(
        name=record["name"],
        edition=record["edition"],
        discipline=record["discipline"],
        certifiable=record["certifiable"],
        clauses=tuple(ClauseTitle(number, title) for number, title in record["clauses"]),
        to_check=tuple(record.get("to_check", ())),
    )


def _load(name: str) -> Any:
    return read_yaml(_FOLDER / name)


def read_yaml(path: Path) -> Any:
    """What a file of our own data says."""
    # The safe loader either way; the one in C, where there is one, reads all standards in a blink.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe one, as said above
