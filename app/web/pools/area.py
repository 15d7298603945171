"""The address under which the pages of pools stand."""

from flask import abort

from app.models.licence import LicencePool
from app.queries.pools import pool_by
from app.web.gate import Area
from app.work import Work

area = Area("pools", __name__, url_prefix="/licences/pools")


def pool_or_404(work: Work, reference: str, *, for_update: bool = False) -> LicencePool:
    """The pool of an address; 404 where the organisation has none of that reference."""
    found = pool_by(work, reference, for_update=for_update)
    if found is None:
        abort(404)
    return found
