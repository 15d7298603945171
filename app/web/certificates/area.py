"""The area itself, apart from its routes, so that each file of routes can register with it."""

from flask import abort

from app.models.certificate import Certificate
from app.queries.certificates import certificate_by
from app.web.gate import Area
from app.work import Work

area = Area("certificates", __name__, url_prefix="/certificates")


def certificate_or_404(work: Work, reference: str, *, for_update: bool = False) -> Certificate:
    """The certificate of the address; another organisation's is not there."""
    certificate = certificate_by(work, reference, for_update=for_update)
    if certificate is None:
        abort(404)
    return certificate
