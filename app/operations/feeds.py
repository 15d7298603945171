"""Give a person a secret address for their calendar program, and take it back."""

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.secret import new_token, token_hash
from app.models.calendar_feed import CalendarFeed
from app.models.certificate import Certificate
from app.work import Work

MOST = 20
"""Live addresses a person may have in one organisation."""


def subscribe(
    work: Work,
    *,
    name: str,
    only_mine: bool,
    certificate: str | None = None,
    with_limits: bool = True,
    with_alarms: bool = True,
) -> tuple[CalendarFeed, str]:
    """Make an address; its secret is given back once and kept nowhere."""
    if work.actor_id is None:
        raise LookupError("an address belongs to a person")
    live = work.all(
        select(CalendarFeed.id).where(CalendarFeed.person_id == work.actor_id, CalendarFeed.revoked_at.is_(None))
    )
    if len(live) >= MOST:
        raise RefusedError(f"You have {MOST} addresses already. Revoke one that no calendar uses any more.")
    certificate_id = None
    if certificate:
        certificate_id = work.one_or_none(select(Certificate.id).where(Certificate.reference == certificate))
        if certificate_id is None:
            raise RefusedError(f"There is no certificate {certificate}.", field="certificate")
    token = new_token()
    feed = work.add(
        CalendarFeed(
            person_id=work.actor_id,
            name=name,
            token_hash=token_hash(token),
            only_mine=only_mine,
            certificate_id=certificate_id,
            with_limits=with_limits,
            with_alarms=with_alarms,
            created_at=work.now,
        )
    )
    return feed, token


def revoke(work: Work, feed_id: int) -> CalendarFeed | None:
    """Take one of one's own addresses back; from then on it answers as if it had never been."""
    feed = work.one_or_none(
        select(CalendarFeed).where(CalendarFeed.id == feed_id, CalendarFeed.person_id == work.actor_id)
    )
    if feed is not None and feed.revoked_at is None:
        feed.revoked_at = work.now
        work.flush()
    return feed


def revoke_all(work: Work, person_id: int) -> None:
    """Take back every address of somebody who leaves: who comes back subscribes anew."""
    live = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    for feed in work.all(live):
        feed.revoked_at = work.now
    work.flush()
