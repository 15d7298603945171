"""Both sides agree: what binds the client is done by somebody of it who does not belong to the seller."""

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.queries.consent import why_not
from app.work import Work


def refuse_seller(work: Work, seller_id: int, permission: Permission) -> None:
    """Refuse whoever acts for the client, the organisation of this work, and belongs to the seller."""
    if why := why_not(work, seller_id, permission):
        raise RefusedError(why)
