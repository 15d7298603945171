"""How many support sessions of a client count in a term."""

from datetime import date

from sqlalchemy import select

from app.domain.subscription.support import counted, days_of
from app.models.organisation import Organisation
from app.models.support import SupportBooking
from app.work import ACROSS, Work


def sessions_counted(work: Work, client_id: int, seller_id: int, first: date, last: date) -> tuple[int, int]:
    """How many sessions that begin within these days are used, and how many are planned; none that was cancelled."""
    zone = work.session.scalars(select(Organisation.time_zone).where(Organisation.id == client_id)).one()
    term, row = days_of(first, last, zone), SupportBooking
    statement = select(row.starts_at).where(
        row.client_id == client_id,
        row.organisation_id == seller_id,
        row.cancelled_at.is_(None),
        row.starts_at >= term.starts_at,
        row.starts_at < term.ends_at,
    )
    return counted(work.all(statement.execution_options(**{ACROSS: "a session has two sides"})), work.now)
