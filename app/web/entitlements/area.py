"""The address under which the pages of entitlements stand."""

from flask import abort

from app.models.licence import Entitlement
from app.queries.entitlements import entitlement_by
from app.web.gate import Area
from app.work import Work

area = Area("entitlements", __name__, url_prefix="/licences/entitlements")


def entitlement_or_404(work: Work, reference: str, *, for_update: bool = False) -> Entitlement:
    """The entitlement of an address; 404 where the organisation has none of that reference."""
    found = entitlement_by(work, reference, for_update=for_update)
    if found is None:
        abort(404)
    return found
