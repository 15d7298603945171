"""The secret address itself: no sign-in, only the secret; a calendar program asks it every few hours."""

from datetime import timedelta

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests

from app.domain.permission import Permission
from app.domain.secret import token_hash
from app.models.organisation import Organisation
from app.operations.throttle import Limit, network_of, spend
from app.queries.calendar import Choice
from app.queries.feeds import certificate_reference, feed_behind
from app.queries.verdicts import has_stale
from app.web.feeds.building import answer
from app.web.gate import Area, judge_what_changed
from app.work import Work

area = Area("feed", __name__, of_organisation=False)

FETCHES = Limit("feed", 60, timedelta(hours=1))
"""By address: far more than any calendar program asks."""
GUESSES = Limit("feed-guess", 30, timedelta(hours=1))
"""By network address: secrets that were wrong."""


@area.get("/feeds/<token>.ics", needs=Permission.PUBLIC)
def fetch(opened: Work, token: str) -> ResponseReturnValue:
    """The calendar behind a secret address; a revoked or unknown one is not there."""
    found = feed_behind(opened, token)
    if found is None:
        _spend(GUESSES, network_of(request.remote_addr))
        abort(404)
    feed, permissions = found
    whole = Permission.SEE_PROGRAMME in permissions
    _spend(FETCHES, token_hash(token))
    with opened.within(feed.organisation_id) as inside:
        stale = has_stale(inside)
    if stale:
        judge_what_changed(opened, feed.organisation_id)
    with opened.within(feed.organisation_id) as inside:
        slug = inside.session.scalars(select(Organisation.slug).where(Organisation.id == feed.organisation_id)).one()
        choice = Choice(
            certificate=certificate_reference(inside, feed.certificate_id),
            person_id=feed.person_id if feed.only_mine or not whole else None,
            with_limits=feed.with_limits and whole,
            dues_of=feed.person_id if feed.certificate_id is None else None,
            with_plan=Permission.SEE_PLAN in permissions
            and feed.with_limits
            and not feed.only_mine
            and feed.certificate_id is None,
        )
        response: Response = answer(
            inside, slug, choice, alarms=feed.with_alarms, file_name=slug, attachment=False, shared=f"-{feed.id}"
        )
    return response


def _spend(limit: Limit, subject: str) -> None:
    until = spend(limit, subject)
    if until is not None:
        raise TooManyRequests(retry_after=until)
