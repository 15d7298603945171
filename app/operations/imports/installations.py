"""Installations from a file, a tag of software or a bill of materials: by asset, product and version."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from app.domain.dates import say
from app.domain.itam.change import Authorisation
from app.domain.itam.rows import Lines, Reading
from app.domain.itam.version import normal_version, version_key
from app.domain.licensing.counting import Presence, counted
from app.models.software import Installation
from app.operations.imports.lookup import AssetRef, Assets, Products
from app.operations.imports.plan import Addition, Alteration, Plan, Reader
from app.work import Work

_AT_ONCE = 5_000
_DAYS = ("found_on", "last_seen_on", "last_used_on", "removed_on")


class Known(NamedTuple):
    """An installation that the register has."""

    id: int
    asset_id: int
    product_id: int
    version: str
    version_key: str
    found_on: date
    last_seen_on: date | None
    last_used_on: date | None
    removed_on: date | None
    swid_tag: str
    swid_tag_version: int | None
    sha256: str


class Line(NamedTuple):
    """What a line says, read."""

    number: int
    asset: AssetRef
    product_id: int
    version: str
    version_key: str
    values: dict[str, Any]


def plan(work: Work, lines: Lines, *, lock: bool = False) -> Plan:
    """What the lines add, change and leave: an empty cell changes nothing, and what is not there is not removed."""
    made = Plan(lines.kind)
    reader, assets, products = Reader(lines, made), Assets(work), Products(work, made)
    read: list[Line] = []
    for said in lines.said:
        reading = reader.read(said)
        found = _line(reading, said[0], assets, products, work.today)
        if found is not None and not reading.is_faulty:
            read.append(found)
    known = _known(work, {line.asset.id for line in read}, lock)
    _Planner(work, lines, made, products, known).plan(read)
    return made


def _line(reading: Reading, number: int, assets: Assets, products: Products, today: date) -> Line | None:
    if not reading.required("asset", "product"):
        return None
    asset = reading.read("asset", assets.named)
    if asset is not None and asset.status.is_gone:
        reading.fault("asset", f"{asset.tag} is {asset.status.value}: nothing is installed on it.")
    product_id = products.of(reading, needs_licence=reading.said("needs_licence") != "no")
    version = normal_version(reading.text("version", 80) or "")
    values: dict[str, Any] = {name: day for name in _DAYS if (day := reading.day(name)) is not None}
    for name, day in values.items():
        if day > today:
            reading.fault(name, f"{say(day)} is still to come.")
    found, removed = values.get("found_on"), values.get("removed_on")
    if found is not None and removed is not None and removed < found:
        reading.fault("removed_on", f"It would be gone before it was found on {say(found)}.")
    sha256 = reading.text("sha256", 64)
    if sha256 is not None:
        values["sha256"] = sha256.lower()
    swid = reading.text("swid_tag", 300)
    if swid is not None:
        values["swid_tag"] = swid
        values["swid_tag_version"] = reading.whole("swid_tag_version") or 0
    if asset is None or product_id is None:
        return None
    return Line(number, asset, product_id, version, version_key(version), values)


def _known(work: Work, asset_ids: set[int], lock: bool) -> list[Known]:
    columns = select(*(getattr(Installation, name) for name in Known._fields)).order_by(Installation.id)
    if lock:
        columns = columns.with_for_update()
    return [
        Known(*row)
        for some in _some(sorted(asset_ids))
        for row in work.execute(columns.where(Installation.asset_id.in_(some)))
    ]


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


class _Planner:
    """Holds each line against what the register knows of its asset."""

    def __init__(self, work: Work, lines: Lines, made: Plan, products: Products, known: list[Known]) -> None:
        self._made, self._products, self._reader = made, products, Reader(lines, made)
        self._seen_on = lines.conventions.seen_on or work.today
        self._source = lines.source
        self._there: dict[tuple[int, int, str], Known] = {}
        self._tags: dict[tuple[int, str], Known] = {}
        for each in known:
            place = each.asset_id, each.product_id, each.version_key
            # What is there goes before what is gone; of those that are gone, the latest.
            if place not in self._there or self._there[place].removed_on is not None:
                self._there[place] = each
            if each.swid_tag and each.removed_on is None:
                self._tags[each.asset_id, each.swid_tag] = each
        self._pairs = {(each.asset_id, each.product_id) for each in known}
        self._said: dict[tuple[int, int, str], Line] = {}

    def plan(self, lines: list[Line]) -> None:
        made = self._made
        for line in lines:
            place = line.asset.id, line.product_id, line.version_key
            before = self._said.get(place)
            if before is not None:
                self._twice(before, line)
                continue
            self._said[place] = line
            known = self._tags.get((line.asset.id, line.values["swid_tag"])) if "swid_tag" in line.values else None
            if known is not None and not self._is_later(known, line):
                continue
            known = known or self._there.get(place)
            if known is not None and known.removed_on is not None and "removed_on" not in line.values:
                # A file that is not newer than the removal says nothing of it; a newer one says that it is there again.
                if line.values.get("last_seen_on", self._seen_on) <= known.removed_on:
                    made.left += 1
                    continue
                known = None
            if known is None:
                made.additions.append(self._added(line))
            else:
                self._held_against(known, line)
        self._count()

    def _count(self) -> None:
        """Say of what stands alone on its asset on which days it counts; the rest is counted when it is written."""
        alone = Counter((each.values["asset_id"], each.values["product_id"]) for each in self._made.additions)
        for _line, _label, values in self._made.additions:
            pair = values["asset_id"], values["product_id"]
            if alone[pair] == 1 and pair not in self._pairs:
                days = counted([Presence(0, values["found_on"], values.get("removed_on"))])[0] or (None, None)
                values["counted_from"], values["counted_until"] = days

    def _twice(self, before: Line, line: Line) -> None:
        if before.values == line.values:
            self._made.left += 1
            return
        says = f"Line {before.number} says something else of the same version on {line.asset.tag}."
        self._reader.read((line.number, {})).fault("version", says)

    def _is_later(self, known: Known, line: Line) -> bool:
        """Whether a tag replaces the one on record; the same tag never means another release.

        [ISO/IEC 19770-2:2015, 8]
        """
        ours, theirs = known.swid_tag_version or 0, line.values["swid_tag_version"]
        if theirs < ours:
            self._made.left += 1
            tag = line.values["swid_tag"]
            self._made.notes.append(f"{tag} on {line.asset.tag}: tag version {ours} is on record, {theirs} is older.")
            return False
        if theirs == ours and (known.product_id, known.version_key) != (line.product_id, line.version_key):
            says = (
                f"The tag {known.swid_tag} stands for {self._products.label(known.product_id)} {known.version} already."
            )
            self._reader.read((line.number, {})).fault("product", says)
            return False
        return True

    def _added(self, line: Line) -> Addition:
        values = line.values
        row = {
            "asset_id": line.asset.id,
            "product_id": line.product_id,
            "version": line.version,
            "version_key": line.version_key,
            "source": self._source,
            "found_on": values.get("found_on") or values.get("last_seen_on") or self._seen_on,
            "authorisation": Authorisation.UNAUTHORISED,
            **values,
        }
        if "last_seen_on" not in values:
            row["last_seen_on"] = (
                values["removed_on"] if "removed_on" in values else max(self._seen_on, row["found_on"])
            )
        if "removed_on" in values and row["found_on"] > values["removed_on"]:
            row["found_on"] = values["removed_on"]
        label = f"{self._products.label(line.product_id)} {line.version}".rstrip()
        return Addition(line.number, f"{label} on {line.asset.tag}", row)

    def _held_against(self, known: Known, line: Line) -> None:
        new: dict[str, Any] = {}
        for name in ("product_id", "version"):
            if getattr(line, name) != getattr(known, name) and ("swid_tag" in line.values):
                new[name] = getattr(line, name)
        if "version" in new:
            new["version_key"] = line.version_key
        for name, value in line.values.items():
            old = getattr(known, name)
            later = name in ("last_seen_on", "last_used_on") and old is not None and old >= value
            if value != old and not later:
                new[name] = value
        is_there = known.removed_on is None and "removed_on" not in line.values
        is_later = known.last_seen_on is None or known.last_seen_on < self._seen_on
        if is_there and is_later and "last_seen_on" not in line.values:
            new["last_seen_on"] = self._seen_on
        if not new:
            self._made.left += 1
            return
        found_on, removed_on = (new.get(name, getattr(known, name)) for name in ("found_on", "removed_on"))
        if removed_on is not None and removed_on < found_on:
            says = f"It is on record from {say(known.found_on)} on: it cannot be gone before."
            self._reader.read((line.number, {})).fault("removed_on", says)
            return
        old = {name: getattr(known, name) for name in new}
        old_said, new_said = dict(old), dict(new)
        for each in (old_said, new_said):
            each.pop("version_key", None)
            if "product_id" in each:
                each["product_id"] = self._products.label(each["product_id"])
        differences = self._reader.differences(old_said, new_said, _SAY)
        label = f"{self._products.label(known.product_id)} {known.version}".rstrip()
        self._made.alterations.append(
            Alteration(line.number, f"{label} on {line.asset.tag}", known.id, old, new, tuple(differences))
        )


_SAY = {"product_id": "Product", "swid_tag": "SWID tag", "swid_tag_version": "Tag version"}
