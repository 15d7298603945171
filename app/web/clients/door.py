"""The one door through which a provider reads rows of its clients: a live agreement with the share that is asked for.

Nothing else of this area opens a work of another organisation; tests/house/test_clients.py holds it to that.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from flask import abort
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from app.domain.subscription.agreement import Share
from app.operations.verdicts import refresh_stale
from app.queries.agreements import Passage, passage_to
from app.queries.portfolio import next_changes
from app.work import Work


def passage_or_404(work: Work, slug: str) -> Passage:
    """The live agreement with the client of an address; without one it is not there."""
    passage = passage_to(work, slug)
    if passage is None:
        abort(404)
    return passage


@contextmanager
def client_view(work: Work, slug: str, share: Share) -> Iterator[Work]:
    """A reading work of one client, where its live agreement has the share; otherwise it is not there."""
    passage = passage_or_404(work, slug)
    if share not in passage.shares:
        abort(404)
    if work.writes:
        raise PermissionError("a provider reads of its clients, and writes nothing")
    with work.within(passage.client_id) as theirs:
        yield theirs


@contextmanager
def clients_view(work: Work, passages: Sequence[Passage], share: Share) -> Iterator[Work]:
    """A reading work across those clients alone whose live agreement has the share."""
    if any(each.provider_id != work.home for each in passages):
        abort(404)
    with work.across({each.client_id for each in passages if share in each.shares}) as theirs:
        yield theirs


def judge_what_changed(work: Work, passages: Sequence[Passage]) -> None:
    """Judge what the passing of days has changed at those whose programme is seen; mostly the daily job was here."""
    with clients_view(work, passages, Share.PROGRAMME) as theirs:
        stale = [home for home, day in next_changes(theirs).items() if day <= work.today]
    for home in stale:
        # Where it fails, somebody else judged the same at the same moment.
        with suppress(DBAPIError, StaleDataError), work.aside(home) as judging:
            refresh_stale(judging)
