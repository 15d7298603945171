"""The area of the register of assets."""

from flask import abort

from app.models.asset import Asset
from app.queries.asset_page import asset_by_id
from app.web.gate import Area
from app.work import Work

area = Area("assets", __name__, url_prefix="/assets")


def asset_or_404(work: Work, asset_id: int, *, for_update: bool = False) -> Asset:
    """The asset of the address; 404 where the organisation has none."""
    asset = asset_by_id(work, asset_id, for_update=for_update)
    if asset is None:
        abort(404)
    return asset
