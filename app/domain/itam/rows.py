"""What a line of a file says of one row of the register, and what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from app.domain.explained import Reason, RefusedError
from app.domain.itam.batch import BatchKind, InstallationSource
from app.domain.itam.values import DayOrder, DecimalSign, day_of, money_of, number_of, whole_of, word_of, yes_of
from app.domain.words import Word
from app.domain.writing import without_unseen

T = TypeVar("T")
W = TypeVar("W", bound=Word)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of a file: its number (0 for the file as a whole), the field in words, and why."""

    line: int
    field: str
    says: str
    place: str = ""
    """What stands there in a file without lines, such as the name of a tag in a zip."""

    @property
    def where(self) -> str:
        """Its line or its place, in words."""
        return self.place or (f"Line {self.line}" if self.line else "The file")

    def __str__(self) -> str:
        return f"{self.where}, {self.field}: {self.says}" if self.field else f"{self.where}: {self.says}"


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the lines of a file are meant where they do not say it themselves."""

    day_order: DayOrder | None = None
    decimal_sign: DecimalSign | None = None
    currency: str = ""
    """Of amounts that name none."""
    seen_on: date | None = None
    """The day on which a discovery was made, for lines without one."""


Said = tuple[int, Mapping[str, str]]
"""A line by our fields, with its number; what is empty is left out."""


@dataclass(slots=True)
class Lines:
    """The lines of a file of one kind, by our fields, and how they are meant."""

    kind: BatchKind
    said: list[Said]
    conventions: Conventions = Conventions()
    source: InstallationSource = InstallationSource.SPREADSHEET
    """Where installations were found."""
    faults: list[Fault] = field(default_factory=list)
    """Of the lines that could not be read at all."""
    places: dict[int, str] = field(default_factory=dict)
    """What stands at each number, in a file without lines."""
    notes: list[str] = field(default_factory=list)
    """What is worth knowing of the file."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a file of one kind alone says: its lines by our fields, and those that could not be read."""

    lines: list[Said]
    faults: list[Fault] = field(default_factory=list)
    conventions: Conventions = field(default_factory=Conventions)
    unread: tuple[str, ...] = ()
    """The columns that mean nothing here."""


def refuse_unless_whole(faults: Sequence[Fault], digest: str, agreed: str | None) -> None:
    """Refuse an import of which a line is faulty, or that would do something else than what somebody saw and agreed to.

    `digest` is of what it would do now, `agreed` of what was seen; None where nobody was shown anything.
    """
    if faults:
        count = f"{len(faults)} things are" if len(faults) > 1 else "One thing is"
        raise RefusedError(f"{count} wrong, so nothing was imported. {faults[0]}", "file")
    if agreed is not None and agreed != digest:
        says = "What is on record has changed since you saw what this import does. Look at it again."
        raise RefusedError(Reason(says), "agreed")


class Reading:
    """Reads the fields of one line; what cannot be read becomes a fault and is left out of `values`."""

    __slots__ = ("_faults", "_labels", "_line", "_said", "conventions", "is_faulty", "values")

    def __init__(self, said: Said, conventions: Conventions, labels: Mapping[str, str], faults: list[Fault]) -> None:
        self._line, self._said = said
        self._labels, self._faults = labels, faults
        self.conventions = conventions
        self.values: dict[str, Any] = {}
        self.is_faulty = False

    def fault(self, name: str, says: str) -> None:
        """Keep what is wrong with a field."""
        self.is_faulty = True
        self._faults.append(Fault(self._line, self._labels.get(name, ""), says))

    def refused(self, refusal: RefusedError, name: str = "") -> None:
        """Keep what a rule refused."""
        for each in (refusal, *refusal.besides):
            self.fault(each.field or name, each.why[0].says)

    def said(self, name: str) -> str:
        """What stands there, as it is."""
        return self._said.get(name, "")

    def required(self, *names: str) -> bool:
        """Whether all of these say something; a fault for each that does not."""
        missing = [name for name in names if not self._said.get(name)]
        for name in missing:
            self.fault(name, "It is empty.")
        return not missing

    def text(self, name: str, most: int) -> str | None:
        """A text on one line; None where nothing is said."""
        said = self._said.get(name)
        if not said:
            return None
        if not said.isprintable() or "  " in said:
            said = " ".join(without_unseen(said).split())
            if not said:
                self.fault(name, "It has only signs that nobody sees.")
                return None
        if len(said) > most:
            self.fault(name, f"It has {len(said)} signs; at most {most} are kept.")
            return None
        self.values[name] = said
        return said

    def long_text(self, name: str, most: int = 10_000) -> None:
        """A text of several lines."""
        said = self._said.get(name)
        if said and len(said) > most:
            self.fault(name, f"It has {len(said)} signs; at most {most} are kept.")
        elif said:
            self.values[name] = said

    def read(self, name: str, reader: Callable[[str], T]) -> T | None:
        """What a reader makes of a field; None where nothing is said or it cannot be read."""
        said = self._said.get(name)
        if not said:
            return None
        try:
            value = reader(said)
        except RefusedError as refusal:
            self.fault(name, refusal.why[0].says)
            return None
        self.values[name] = value
        return value

    def day(self, name: str) -> date | None:
        """A day."""
        return self.read(name, lambda said: day_of(said, self.conventions.day_order))

    def number(self, name: str) -> Decimal | None:
        """A number."""
        return self.read(name, lambda said: number_of(said, self.conventions.decimal_sign))

    def whole(self, name: str, least: int = 0) -> int | None:
        """A whole number."""
        return self.read(name, lambda said: whole_of(said, self.conventions.decimal_sign, least))

    def yes(self, name: str) -> bool | None:
        """Yes or no."""
        return self.read(name, yes_of)

    def word(self, name: str, words: type[W], also: Iterable[tuple[str, W]] = ()) -> W | None:
        """One of a list of ours."""
        return self.read(name, lambda said: word_of(said, words, also))

    def money(self) -> None:
        """The cost in minor units, and its currency."""
        said = self._said.get("cost")
        currency = (self._said.get("currency") or self.conventions.currency).strip().upper()
        if not said:
            return
        try:
            minor, code = money_of(said, currency, self.conventions.decimal_sign)
        except RefusedError as refusal:
            self.fault("cost", refusal.why[0].says)
            return
        self.values["cost_minor"], self.values["currency"] = minor, code
