"""What the lines of a file point at: assets by tag or serial, sites by name, employees by number or name."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetStatus
from app.domain.itam.product import LONGEST, LONGEST_EDITION, key_of
from app.domain.itam.rows import Reading
from app.models.asset import Asset
from app.models.employee import Employee
from app.models.organisation import Site
from app.operations.imports.plan import NewProduct, Plan
from app.queries.products import product_index
from app.work import Work


class AssetRef(NamedTuple):
    """An asset, as far as a line needs to know it."""

    id: int
    tag: str
    status: AssetStatus


class Assets:
    """Every asset by its tag, else by its serial number; large and small letters are alike where only one fits."""

    def __init__(self, work: Work) -> None:
        self._exact: dict[str, AssetRef] = {}
        self._tags: dict[str, list[AssetRef]] = defaultdict(list)
        self._serials: dict[str, list[AssetRef]] = defaultdict(list)
        columns = select(Asset.id, Asset.tag, Asset.status, Asset.serial)
        for row_id, tag, status, serial in work.execute(columns):
            ref = AssetRef(row_id, tag, status)
            self._exact[tag] = ref
            self._tags[tag.casefold()].append(ref)
            if serial:
                self._serials[serial.casefold()].append(ref)

    def named(self, name: str) -> AssetRef:
        """The asset that is meant; raises `RefusedError` for none and for several."""
        found = self._exact.get(name)
        if found is not None:
            return found
        folded = name.casefold()
        several = self._tags.get(folded) or self._serials.get(folded)
        if several is None:
            raise RefusedError(f"No asset has the tag or the serial number “{name}”. Record it first.")
        if len(several) > 1:
            tags = ", ".join(each.tag for each in several[:5])
            raise RefusedError(f"“{name}” can be several assets: {tags}. Give the tag.")
        return several[0]


class Sites:
    """Every site by its name."""

    def __init__(self, work: Work) -> None:
        rows = list(work.execute(select(Site.id, Site.name, Site.closed_on)))
        self._ids = {name.casefold(): (row_id, closed_on) for row_id, name, closed_on in rows}
        self.names = {row_id: name for row_id, name, _ in rows}
        self._today = work.today

    def named(self, name: str) -> int:
        """The site that is meant; raises `RefusedError` for none and for one that is closed."""
        found = self._ids.get(" ".join(name.casefold().split()))
        if found is None:
            raise RefusedError(f"No site is called “{name}”. An administrator adds sites in the settings.")
        row_id: int = found[0]
        closed_on = found[1]
        if closed_on is not None and closed_on <= self._today:
            raise RefusedError(f"{name} is closed.")
        return row_id


class Employees:
    """Every employee by number, else by name."""

    def __init__(self, work: Work) -> None:
        self._numbers: dict[str, tuple[int, date | None]] = {}
        self._names: dict[str, list[tuple[int, date | None]]] = defaultdict(list)
        self.names: dict[int, str] = {}
        for row_id, number, name, left_on in work.execute(
            select(Employee.id, Employee.number, Employee.name, Employee.left_on)
        ):
            self._numbers[number] = (row_id, left_on)
            self._names[name.casefold()].append((row_id, left_on))
            self.names[row_id] = name
        self._today = work.today

    def named(self, name: str, unless_left: int | None = None) -> int:
        """The employee that is meant; raises `RefusedError` for none, for several, and for one who has left."""
        wanted = " ".join(name.split())
        found = [self._numbers[wanted]] if wanted in self._numbers else self._names.get(wanted.casefold(), [])
        if not found:
            raise RefusedError(f"No employee has the number or the name “{wanted}”. Import or record them first.")
        if len(found) > 1:
            raise RefusedError(f"Several employees are called {wanted}. Give the number.")
        row_id, left_on = found[0]
        if left_on is not None and left_on <= self._today and row_id != unless_left:
            raise RefusedError(f"{wanted} has left, and can take nothing over.")
        return row_id


class Products:
    """Every product by each of its names; one that nobody has named before is added by the plan."""

    def __init__(self, work: Work, plan: Plan) -> None:
        self._index = product_index(work)
        self._plan = plan
        self._found: dict[tuple[str, str, str], int] = {}
        self._new: dict[object, int] = {}

    def of(self, reading: Reading, *, needs_licence: bool = True, adds: bool = True) -> int | None:
        """The product of a line: its id, or its place among the new ones counted down from -1; None for a fault."""
        name = reading.text("product", LONGEST)
        publisher = reading.text("publisher", LONGEST) or ""
        edition = reading.text("edition", LONGEST_EDITION) or ""
        if name is None:
            return None
        said = (publisher, name, edition)
        if said in self._found:
            return self._found[said]
        key = key_of(publisher, name, edition)
        found = self._index.find(key)
        if found is None and self._index.is_ambiguous(key):
            reading.fault("product", f"Several publishers have a product called “{name}”. Give the publisher.")
            return None
        if found is None and not adds:
            reading.fault("product", f"No product is called “{name}”. Record it first.")
            return None
        if found is None:
            found = self._new.get(key)
        if found is None:
            self._plan.products.append(NewProduct(publisher, name, edition, needs_licence))
            found = self._new[key] = -len(self._plan.products)
        self._found[said] = found
        return found

    def label(self, product_id: int) -> str:
        """What a product is called."""
        if product_id < 0:
            new = self._plan.products[-product_id - 1]
            return f"{new.name} {new.edition}".strip()
        return self._index.labels.get(product_id, "")
