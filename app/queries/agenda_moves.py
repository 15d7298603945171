"""What becomes of the agenda of an audit that is moved: by how much it moves along, and who is asked anew."""

from dataclasses import dataclass, replace

from app.domain.dates import add_days
from app.domain.explained import Reason, RefusedError
from app.domain.programme.agenda import days_along, refuse_outside
from app.domain.programme.wish import When
from app.models.audit import Audit
from app.queries.audit_plan import agenda_of, auditees_of, slots_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class AgendaMove:
    """The agenda once the audit is on other days."""

    days: int
    """By which every item moves, backwards where it is less than nothing."""
    items: int
    asked: tuple[str, ...]
    """Who was asked or has confirmed, and is asked anew."""
    outside: tuple[Reason, ...]
    """The items that then lie outside the days of the audit."""

    @property
    def is_harmless(self) -> bool:
        return not (self.asked or self.outside)


def agenda_move(work: Work, audit: Audit, when: When) -> AgendaMove | None:
    """What other days do to the agenda; None where the days stay, or nothing is on the agenda."""
    was, then = (audit.starts_on, audit.ends_on), (when.starts_on, when.ends_on)
    items = agenda_of(work, audit.id) if was != then else []
    if not items:
        return None
    days = days_along(was, then)
    moved = [replace(each, held_on=add_days(each.held_on, days)) for each in slots_of(items)]
    outside: tuple[Reason, ...] = ()
    try:
        refuse_outside(moved, *then)
    except RefusedError as refusal:
        outside = tuple(refusal.why)
    asked = [each.label for each in auditees_of(items) if any(p.asked_at or p.confirmed_at for _, p in each.at)]
    return AgendaMove(days, len(items), tuple(asked) if days else (), outside)
