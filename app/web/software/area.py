"""The area itself, and what its pages look up."""

from flask import abort

from app.models.software import Installation, Product
from app.queries.installations import installation_by_id
from app.queries.software import product_by_id
from app.web.gate import Area
from app.work import Work

area = Area("software", __name__, url_prefix="/software")


def product_or_404(work: Work, product_id: int, *, for_update: bool = False) -> Product:
    """The product of an address."""
    found = product_by_id(work, product_id, for_update=for_update)
    if found is None:
        abort(404)
    return found


def installation_or_404(work: Work, installation_id: int, *, for_update: bool = False) -> Installation:
    """The installation of an address."""
    found = installation_by_id(work, installation_id, for_update=for_update)
    if found is None:
        abort(404)
    return found
