"""The area of seats, and what its pages share."""

from flask import current_app, url_for

from app.queries.seats import SeatRow
from app.web.gate import Area

area = Area("licence_seats", __name__, url_prefix="/seats")


def pool_url(reference: str) -> str | None:
    """The page of a pool, where there is one."""
    if "pools.show" not in current_app.view_functions:
        return None
    if not current_app.url_map.is_endpoint_expecting("pools.show", "reference"):
        return None
    return url_for("pools.show", reference=reference)


def holder_url(employee_id: int | None, asset_id: int | None) -> str:
    """The page of who holds a seat."""
    if employee_id is not None:
        return url_for("employees.show", employee_id=employee_id)
    return url_for("assets.show", asset_id=asset_id)


def url_of_holder(seat: SeatRow) -> str:
    """The same of a line of the list."""
    return holder_url(seat.employee_id, seat.asset_id)
