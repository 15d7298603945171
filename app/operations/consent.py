"""Both sides agree: what binds the client is done by somebody of it who does not belong to the seller."""

from app.domain.permission import Permission
from app.domain.subscription.agreement import seller_refused
from app.queries.consent import belongs_to, who_agrees
from app.work import Work


def refuse_seller(work: Work, seller_id: int, permission: Permission) -> None:
    """Refuse whoever acts for the client, the organisation of this work, and belongs to the seller."""
    if belongs_to(work, seller_id):
        raise seller_refused(who_agrees(work, seller_id, permission))
