"""Which clients have something overdue: of those alone whose live agreement shows it."""

from collections.abc import Sequence

from app.domain.subscription.agreement import Share
from app.queries import clients as query
from app.queries.agreements import Passage, passages_to_clients
from app.web.clients.door import clients_view, judge_what_changed
from app.work import Work


def programmes_and_cases(
    work: Work, passages: Sequence[Passage]
) -> tuple[dict[int, query.Programme], dict[int, query.Cases]]:
    """How the programme and the nonconformities of each client stand, by the client's id; of those that share them."""
    with clients_view(work, passages, Share.PROGRAMME) as theirs:
        programmes = query.programmes(theirs)
    with clients_view(work, passages, Share.FINDINGS) as theirs:
        return programmes, query.cases(theirs)


def clients_overdue(work: Work) -> list[tuple[Passage, int]]:
    """The clients with audits, limits or nonconformities past their day, and how many of these each has."""
    passages = passages_to_clients(work)
    if not passages:
        return []
    judge_what_changed(work, passages)
    programmes, cases = programmes_and_cases(work, passages)
    counted = [
        (
            each,
            programmes.get(each.client_id, query.Programme()).overdue
            + cases.get(each.client_id, query.Cases()).overdue,
        )
        for each in passages
    ]
    return [each for each in counted if each[1]]
