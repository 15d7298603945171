"""Assets for the tests: recorded by the operations, in a few words each."""

from datetime import date
from typing import Any

from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.ownership import Duty
from app.models.asset import Asset
from app.models.employee import Employee
from app.operations import assets, employees, ownerships
from app.operations.assets import AssetDetails
from app.operations.employees import EmployeeDetails
from app.operations.ownerships import Holder
from app.queries.asset_page import asset_by_id
from app.work import Work


def equip(
    w: Work,
    tag: str = "NW-0001",
    name: str = "Laptop",
    kind: AssetKind = AssetKind.HARDWARE,
    status: AssetStatus = AssetStatus.DEPLOYED,
    *,
    is_ours: bool = True,
    **details: Any,
) -> Asset:
    """An asset that is ours and deployed."""
    return assets.create(w, AssetDetails(tag=tag, name=name, kind=kind, **details), status, is_ours=is_ours)


def employ(w: Work, number: str = "P-1", name: str = "Anna Berg", **details: Any) -> Employee:
    """Somebody who works here."""
    return employees.create(w, EmployeeDetails(number=number, name=name, **details))


def again(w: Work, asset_id: int) -> Asset:
    """The asset with its ownerships and duties, loaded for update."""
    found = asset_by_id(w, asset_id, for_update=True)
    assert found is not None
    return found


def answer_for(w: Work, asset_id: int, *duties: Duty, party: str = "IT operations") -> None:
    """Let a party answer for these duties of an asset, or for all."""
    ownerships.set_duties(w, again(w, asset_id), {duty: Holder(party=party) for duty in duties or tuple(Duty)})


LONG_AGO = date(2024, 3, 1)
