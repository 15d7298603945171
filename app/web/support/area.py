"""The area, the session and the slot that an address names, and whose clock is shown."""

from datetime import UTC, date, datetime

from flask import abort, g, request
from flask import session as browser
from flask_login import current_user

from app.domain.dates import add_days
from app.domain.permission import Permission
from app.domain.subscription.support import FURTHEST, zone_names
from app.models.support import SupportBooking
from app.operations.support import Wanted
from app.queries.support import client_session
from app.web.gate import LARGEST_ID, Area, may
from app.work import Work

area = Area("support", __name__, url_prefix="/support")
ZONE = "support_zone"
"""Where the session of a browser keeps the time zone that its visitor chose."""


def session_or_404(work: Work, booking_id: int) -> SupportBooking:
    """A session of this organisation that the visitor takes part in; whoever keeps the plan sees all."""
    booking = client_session(work, booking_id)
    if booking is None or not (may(Permission.MANAGE_PLAN) or takes_part(booking)):
        abort(404)
    return booking


def takes_part(booking: SupportBooking) -> bool:
    """Whether the visitor booked a session, gives it, or is to do something after it."""
    people = {booking.booked_by_id, booking.support_person.person_id, *(each.owner_id for each in booking.actions)}
    return current_user.id in people


def changes(booking: SupportBooking) -> bool:
    """Whether the visitor may move or cancel a session: who booked it, and whoever keeps the plan."""
    return booking.booked_by_id == current_user.id or may(Permission.MANAGE_PLAN)


def zone_shown() -> str:
    """The visitor's own time zone, where they chose one; else the organisation's."""
    asked = request.args.get("zone", "")
    if asked in zone_names():
        browser[ZONE] = asked
    kept = str(browser.get(ZONE, ""))
    return kept if kept in zone_names() else str(g.organisation.time_zone)


def week_shown(today: date, usual: date | None = None) -> date:
    """A day of the week that is asked for, else the usual one; none before this week, none further than one books."""
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        asked = usual or today
    return min(max(asked, today), add_days(today, FURTHEST.days))


def wanted_or_404() -> Wanted:
    """The slot that an address names, or no page."""
    person = request.args.get("person", 0, type=int)
    try:
        starts_at = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        abort(404)
    if not 0 < person <= LARGEST_ID or starts_at.tzinfo is None or not 2000 < starts_at.year < 9000:
        abort(404)
    return Wanted(person, starts_at.astimezone(UTC))


def named(starts_at: datetime) -> str:
    """A moment as an address names it."""
    return starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
