"""What an import will do, worked out before anything is done: what it adds, changes and leaves, and what is wrong."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.domain.itam.batch import BatchKind
from app.domain.itam.import_fields import FIELDS
from app.domain.itam.rows import Conventions, Fault, Lines, Reading, Said


class Addition(NamedTuple):
    """A row that will be added: its line, what it is called, and its columns."""

    line: int
    label: str
    values: dict[str, Any]


class Difference(NamedTuple):
    """A field that will change, in words."""

    field: str
    old: str
    new: str


class Alteration(NamedTuple):
    """A row that will be changed: its line, what it is called, its id, its columns, and the same in words."""

    line: int
    label: str
    row_id: int
    old: dict[str, Any]
    new: dict[str, Any]
    differences: tuple[Difference, ...]


class Ownership(NamedTuple):
    """Whose an asset is: the line that says it, the id of an asset that is there already, and its columns."""

    line: int
    row_id: int | None
    values: dict[str, Any]


class NewProduct(NamedTuple):
    """A product that nobody has named before."""

    publisher: str
    name: str
    edition: str
    needs_licence: bool

    def __str__(self) -> str:
        return f"{self.name} {self.edition}".strip() + (f" ({self.publisher})" if self.publisher else "")


@dataclass(slots=True)
class Plan:
    """What the import of a file will do."""

    kind: BatchKind
    additions: list[Addition] = field(default_factory=list)
    alterations: list[Alteration] = field(default_factory=list)
    left: int = 0
    """Lines that say what the register knows already."""
    faults: list[Fault] = field(default_factory=list)
    products: list[NewProduct] = field(default_factory=list)
    """Those that will be added; an addition names one by its place, counted down from -1."""
    ownerships: list[Ownership] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is worth knowing and no reason to refuse."""

    @property
    def digest(self) -> str:
        """Changes with anything that the import would do: who saw the plan agreed to this and to nothing else."""
        held = hashlib.sha256(f"{self.kind} {self.left} {self.products}".encode())
        for added in self.additions:
            held.update(f"{added.line} {added.label}\n".encode())
        for changed in self.alterations:
            held.update(f"{changed.line} {changed.row_id} {changed.differences}\n".encode())
        return held.hexdigest()[:16]


class Reader:
    """Reads the lines of one kind, and keeps the faults in the order of the lines."""

    def __init__(self, lines: Lines, plan: Plan) -> None:
        self._conventions: Conventions = lines.conventions
        self._labels = {each.name: each.label for each in FIELDS[lines.kind]}
        if lines.kind is BatchKind.INSTALLATIONS:
            self._labels |= {"swid_tag": "SWID tag", "swid_tag_version": "Tag version"}
        self._plan = plan

    def read(self, said: Said) -> Reading:
        """The fields of a line, not read yet."""
        return Reading(said, self._conventions, self._labels, self._plan.faults)

    def differences(self, old: Mapping[str, Any], new: Mapping[str, Any], say: Mapping[str, str]) -> list[Difference]:
        """What of the new differs from the old, in words; `say` names the columns that are called otherwise."""
        return [
            Difference(
                say.get(name) or self._labels.get(name, name.replace("_", " ").capitalize()),
                said(old[name]),
                said(value),
            )
            for name, value in new.items()
            if old[name] != value
        ]


def said(value: Any) -> str:
    """A value as a preview shows it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    label = getattr(value, "label", None)
    return str(label if isinstance(label, str) else value).strip()
