"""What the address asks the register for, and the address that asks the same."""

from enum import StrEnum
from typing import Any, TypeVar

from flask import request, url_for

from app.domain.itam.asset import AssetKind, AssetStatus, Criticality
from app.domain.itam.ownership import Gap, OwnershipKind
from app.queries.assets import ORDERS, AssetFilters
from app.web.fields import row_id

E = TypeVar("E", bound=StrEnum)
NAMES = (
    *("q", "kind", "status", "site", "custodian", "criticality", "scope", "ownership", "keyword"),
    *("warranty", "end_of_life", "gap"),
)
"""What an address may name, in the order of the form."""
MOST_DAYS = 36_500
MOST_TEXT = 200


def asked_filters() -> AssetFilters:
    """What is asked for; a filter that names nothing asks for everything."""
    said = request.args
    gap = said.get("gap")
    return AssetFilters(
        text=said.get("q", "").strip()[:MOST_TEXT] or None,
        kind=_member(AssetKind, said.get("kind")),
        status=_member(AssetStatus, said.get("status")),
        site_id=said.get("site", type=row_id),
        custodian_id=said.get("custodian", type=row_id),
        criticality=_member(Criticality, said.get("criticality")),
        in_scope={"in": True, "out": False}.get(said.get("scope", "")),
        ownership=_member(OwnershipKind, said.get("ownership")),
        keyword=said.get("keyword", "").strip()[:MOST_TEXT] or None,
        warranty_within=_days("warranty"),
        end_of_life_within=_days("end_of_life"),
        gap=gap if gap == "any" or _member(Gap, gap) else None,
        order=next((each for each in ORDERS if each == said.get("order")), ORDERS[0]),
        descending=said.get("direction") == "down",
    )


def asked() -> dict[str, Any]:
    """The filters of the address as they were said, for the addresses of other pages of the same list."""
    return {name: request.args[name][:MOST_TEXT] for name in NAMES if request.args.get(name)}


def address(endpoint: str, wanted: AssetFilters, **more: Any) -> str:
    """The address of the same list, with something said besides."""
    order = wanted.order if wanted.order != ORDERS[0] or wanted.descending else None
    said = {**asked(), "order": order, "direction": "down" if wanted.descending else None, **more}
    return url_for(endpoint, **{name: value for name, value in said.items() if value is not None})


def sort_address(endpoint: str, wanted: AssetFilters, order: str) -> str:
    """The address that sorts by a column: the other way round where it sorts by that already."""
    turned = wanted.order == order and not wanted.descending
    return address(endpoint, wanted, order=order, direction="down" if turned else None)


def _days(name: str) -> int | None:
    days = request.args.get(name, type=int)
    return days if days is not None and 0 <= days <= MOST_DAYS else None


def _member(kind: type[E], value: str | None) -> E | None:
    return next((each for each in kind if each.value == value), None)
