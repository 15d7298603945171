"""Clauses, controls and process areas of standards to tick, as a tree for each standard."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import SelectMultipleField

from app.catalogue import HEADS, Point, audited_standards, points_of
from app.domain.programme.scope import Numbered, expanded, in_short

_PART = "|"
_THEMES = {"Annex A": ("A.5", "A.6", "A.7", "A.8"), "Process areas": ("F", "L")}


@dataclass(frozen=True, slots=True)
class Box:
    """One box to tick; `depth` says how far below its head it stands."""

    value: str
    number: str
    title: str
    depth: int
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Head:
    """A clause of the first level, a theme or a kind of process area, with what is below it."""

    whole: Box
    parts: tuple[Box, ...]
    ticked: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A standard with its heads; `short` says what is ticked."""

    standard: str
    heads: tuple[Head, ...]
    ticked: int
    short: str


class PointsField(SelectMultipleField):  # type: ignore[misc]
    """Points of standards, each as its standard and number; drawn by `audits/_points.html`."""

    def __init__(self, *arguments: Any, standards: Collection[str] = (), **options: Any) -> None:
        super().__init__(*arguments, validate_choice=False, choices=[], **options)
        self.offer(standards or audited_standards())

    def offer(self, standards: Iterable[str]) -> None:
        """Say of which standards points are offered."""
        self.standards = tuple(standards)
        self.choices = [
            (_value(standard, point.number), f"{standard}, {point.number}")
            for standard in self.standards
            for point in points_of(standard)
        ]

    def tell(self, chosen: Iterable[Numbered]) -> None:
        """Tick these."""
        self.data = [_value(*each) for each in chosen]

    @property
    def chosen(self) -> frozenset[Numbered]:
        """What is ticked."""
        parted = (each.rpartition(_PART) for each in self.data or ())
        return frozenset((standard, number) for standard, _, number in parted)

    @property
    def trees(self) -> list[Tree]:
        """The trees to draw."""
        return trees(self.standards, self.chosen)


def trees(standards: Iterable[str], chosen: Collection[Numbered]) -> list[Tree]:
    """A tree for each standard that has points, with what is ticked."""
    found = []
    for standard in standards:
        points = points_of(standard)
        if points:
            ticked = set(expanded({number for named, number in chosen if named == standard}, _numbers(points)))
            heads = tuple(_heads(standard, points, ticked))
            leaves = sum(point.is_leaf and point.number in ticked for point in points)
            found.append(Tree(standard, heads, leaves, in_short(ticked, _numbers(points))))
    return found


def points_from(said: Iterable[str], standards: Collection[str]) -> frozenset[Numbered]:
    """The points that an address names, each as `standard|number,number`; what is not known is passed over."""
    found: set[Numbered] = set()
    for each in said:
        standard, _, listed = each.partition(_PART)
        if standard in standards:
            known = {point.number for point in points_of(standard)}
            found.update((standard, number) for number in listed.split(",") if number in known)
    return frozenset(found)


def in_words(chosen: Iterable[Numbered]) -> list[tuple[str, str]]:
    """What is chosen, by standard, in few words."""
    chosen = frozenset(chosen)
    standards = sorted({standard for standard, _ in chosen})
    return [
        (standard, in_short({number for named, number in chosen if named == standard}, _numbers(points_of(standard))))
        for standard in standards
    ]


def _heads(standard: str, points: tuple[Point, ...], ticked: set[str]) -> Iterable[Head]:
    tops = [(point.number, point.title) for point in points if point.group == "Clauses" and point.parent is None]
    groups = {point.group for point in points}
    for group, keys in _THEMES.items():
        if group in groups:
            tops += [(key, HEADS[key]) for key in keys]
    for number, title in tops:
        below = [point for point in points if point.number != number and expanded({number}, (point.number,))]
        leaves = [point for point in below if point.is_leaf] or [point for point in points if point.number == number]
        count = sum(point.number in ticked for point in leaves)
        whole = Box(_value(standard, number), number, title, 0, count == len(leaves))
        parts = tuple(
            Box(
                _value(standard, point.number),
                point.number,
                point.title,
                max(point.number.count(".") - number.count("."), 1),
                point.number in ticked,
            )
            for point in below
        )
        yield Head(whole, parts, count)


def _numbers(points: tuple[Point, ...]) -> list[str]:
    return [point.number for point in points]


def _value(standard: str, number: str) -> str:
    return f"{standard}{_PART}{number}"
