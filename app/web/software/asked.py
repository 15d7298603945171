"""What the addresses of the lists ask for, and the addresses that ask the same."""

from typing import Any

from flask import request, url_for

from app.domain.itam.batch import InstallationSource
from app.domain.itam.change import Authorisation
from app.queries.installations import INSTALLATION_ORDERS, InstallationFilters
from app.queries.software import ORDERS, SoftwareFilters
from app.web.fields import row_id

STANDINGS = (("installed", "Installed"), ("nowhere", "Installed nowhere"), ("unauthorised", "With unauthorised"))
_MOST = 200
_NAMES = ("q", "publisher", "category", "licence", "standing", "source", "version", "authorisation", "removed", "order",
          "direction")  # fmt: skip


def asked_software() -> SoftwareFilters:
    """Which products are asked for; a filter that names nothing asks for everything."""
    said = request.args
    return SoftwareFilters(
        text=said.get("q", "").strip()[:_MOST] or None,
        publisher_id=said.get("publisher", type=row_id),
        category=said.get("category", "").strip()[:_MOST] or None,
        needs_licence={"yes": True, "no": False}.get(said.get("licence", "")),
        standing=next((word for word, _ in STANDINGS if word == said.get("standing")), None),
        order=next((each for each in ORDERS if each == said.get("order")), "product"),
        descending=said.get("direction") == "down",
    )


def asked_installations(product_id: int | None = None, *, unauthorised: bool = False) -> InstallationFilters:
    """Which installations are asked for."""
    said = request.args
    asked = next((each for each in Authorisation if each.value == said.get("authorisation")), None)
    version = said.get("version")
    return InstallationFilters(
        product_id=product_id,
        text=said.get("q", "").strip()[:_MOST] or None,
        version_key=version[:_MOST] if version is not None and version != "any" else None,
        authorisation=Authorisation.UNAUTHORISED if unauthorised else asked,
        publisher_id=said.get("publisher", type=row_id),
        source=next((each.value for each in InstallationSource if each.value == said.get("source")), None),
        with_removed=said.get("removed") == "yes" and not unauthorised,
        order=next(
            (each for each in INSTALLATION_ORDERS if each == said.get("order")), "found" if unauthorised else "asset"
        ),
        descending=said.get("direction") == "down",
    )


def kept() -> dict[str, str]:
    """The filters of the address as they were said."""
    return {name: request.args[name][:_MOST] for name in _NAMES if request.args.get(name)}


def address(endpoint: str, **more: Any) -> str:
    """The address of the same list, with something said besides."""
    said: dict[str, Any] = {**kept(), **more}
    return url_for(endpoint, **{name: value for name, value in said.items() if value is not None})


def turned(endpoint: str, wanted: Any, order: str, **more: Any) -> str:
    """The address that sorts by a column: the other way round where it sorts by that already."""
    is_turned = wanted.order == order and not wanted.descending
    return address(endpoint, order=order, direction="down" if is_turned else None, page=None, **more)
