"""How ready the clients are for stage 1: of those alone whose live agreement shares it."""

from collections.abc import Sequence

from app.domain.subscription.agreement import Share
from app.queries.agreements import Passage
from app.queries.readiness import Preparing, preparing
from app.web.clients.door import clients_view
from app.work import Work


def readiness_of_clients(work: Work, passages: Sequence[Passage]) -> dict[int, list[Preparing]]:
    """The implementations of each client whose stage 1 is still to come, by the client's id; of them all at once."""
    found: dict[int, list[Preparing]] = {}
    with clients_view(work, passages, Share.READINESS) as theirs:
        for each in preparing(theirs):
            found.setdefault(each.row.organisation_id, []).append(each)
    return found
