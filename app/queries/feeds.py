"""Calendar addresses: a person's own, and the one behind a secret."""

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.permission import Permission, granted
from app.domain.secret import token_hash
from app.models.calendar_feed import CalendarFeed
from app.models.certificate import Certificate
from app.models.organisation import Membership, Organisation
from app.work import ACROSS, Work, today_in


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """An address in the list of its owner."""

    feed: CalendarFeed
    certificate: str | None


def own_feeds(work: Work) -> list[OwnFeed]:
    """The live addresses of the person, newest first."""
    statement = (
        select(CalendarFeed, Certificate.reference)
        .outerjoin(Certificate, CalendarFeed.certificate_id == Certificate.id)
        .where(CalendarFeed.person_id == work.actor_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.created_at.desc(), CalendarFeed.id.desc())
    )
    return [OwnFeed(feed, certificate) for feed, certificate in work.execute(statement)]


def feed_behind(work: Work, token: str) -> tuple[CalendarFeed, frozenset[Permission]] | None:
    """The feed of a secret, and what its owner may do; None where it gives nothing (any more).

    An address dies with the membership of its owner: what they may no longer see, their calendar may not either.
    """
    row = work.session.execute(
        select(CalendarFeed, Membership, Organisation.time_zone)
        .join(
            Membership,
            (Membership.person_id == CalendarFeed.person_id)
            & (Membership.organisation_id == CalendarFeed.organisation_id),
        )
        .join(Organisation, Organisation.id == CalendarFeed.organisation_id)
        .where(
            CalendarFeed.token_hash == token_hash(token),
            CalendarFeed.revoked_at.is_(None),
            Membership.ended_at.is_(None),
        ),
        execution_options={ACROSS: "a feed is found by its secret"},
    ).one_or_none()
    if row is None:
        return None
    feed, membership, zone = row
    if membership.access_until is not None and membership.access_until < today_in(zone, work.now):
        return None
    permissions = granted(membership.roles)
    if Permission.SUBSCRIBE not in permissions:
        return None
    return feed, permissions


def certificate_reference(work: Work, certificate_id: int | None) -> str | None:
    """The reference of the certificate that a feed is limited to."""
    if certificate_id is None:
        return None
    return work.one_or_none(select(Certificate.reference).where(Certificate.id == certificate_id))
