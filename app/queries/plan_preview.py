"""How a subscription stands before and after an act that is shown first: what is due, whose seat it is, who waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.domain.dates import say
from app.domain.programme.progress import AuditProgress
from app.domain.subscription.foreseen import Line, Sold
from app.domain.subscription.seats import SeatKind, levels
from app.models.audit import Audit
from app.models.person import Person
from app.models.seat import SeatAssignment
from app.models.subscription import Subscription
from app.queries.subscription_seats import offered, seats_of, suspensions, waiting_rows
from app.queries.subscriptions import dues_of, term_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class Suspended:
    """Whose seat is suspended, of which kind, and from when."""

    name: str
    kind: SeatKind
    day: date

    def __str__(self) -> str:
        return f"{self.name}: {self.kind.word} seat, from {say(self.day)}"


@dataclass(frozen=True, slots=True)
class Stands:
    """A subscription at one moment, with the seats that are suspended then; their holders are the client's to know."""

    sold: Sold
    suspended: Mapping[int, Suspended] = field(default_factory=dict)


def stands(work: Work, row: Subscription) -> Stands:
    """How it stands now."""
    sold = Sold(row.reference, term_of(row), tuple(dues_of(row)), row.currency, row.tax_rate, row.allowances)
    return Stands(sold, _suspended(work) if row.client_id == work.home else {})


def _suspended(work: Work) -> dict[int, Suspended]:
    found = {}
    for kind in SeatKind:
        days = suspensions(work, kind)
        people = select(SeatAssignment.id, Person).join(Person, Person.id == SeatAssignment.person_id)
        for key, person in work.execute(people.where(SeatAssignment.id.in_(days))):
            found[key] = Suspended(person.label, kind, days[key])
    return found


def suspended_by(before: Stands, after: Stands) -> list[Suspended]:
    """Whose seat is suspended by the act, or sooner than without it, the first day first."""
    found = []
    for key, now in after.suspended.items():
        was = before.suspended.get(key)
        if was is None or now.day < was.day:
            found.append(now)
    return sorted(found, key=lambda each: (each.day, each.name))


def freed_by(before: Stands, after: Stands) -> list[Line]:
    """Whose suspension falls away by the act, or begins later."""
    gone, later = [], []
    for key, was in before.suspended.items():
        now = after.suspended.get(key)
        if now is None:
            gone.append(str(was))
        elif now.day > was.day:
            later.append(f"{now}, and not from {say(was.day)} already")
    lines = []
    if gone:
        many = "1 suspension falls" if len(gone) == 1 else f"{len(gone)} suspensions fall"
        lines.append(Line("Suspended no more", f"{many} away.", each=tuple(sorted(gone))))
    if later:
        many = "1 suspension begins" if len(later) == 1 else f"{len(later)} suspensions begin"
        lines.append(Line("Suspended later", f"{many} later.", each=tuple(sorted(later))))
    return lines


def waiting_on(work: Work, kind: SeatKind, day: date) -> Line:
    """For whom of those who wait a seat is free on a day, by what is recorded now; nobody is given one by itself."""
    rows = waiting_rows(work, kind)
    if not rows:
        return Line("Waiting list", "Nobody waits for one.")
    since = max(day, work.today)
    held = seats_of(work, kind, since)
    free = max(levels(held.pools, held.assignments, since)[0].free - offered(work, kind), 0)
    served = [each.person.label for each in rows[:free]]
    if not served:
        return Line("Waiting list", f"{len(rows)} {_wait(len(rows))}, and none is free for them.")
    more = len(rows) - len(served)
    says = f"On {say(since)} a seat is free for {len(served)} of {len(rows)} who wait; {more} {_wait(more)} on."
    if not more:
        says = f"On {say(since)} a seat is free for {'the one who waits' if len(rows) == 1 else 'all who wait'}."
    return Line("Waiting list", f"{says} Whoever hands out seats gives it to them.", each=tuple(served))


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"


def audits_between(work: Work, first: date, last: date | None = None) -> tuple[str, ...]:
    """The audits on the programme that begin from one day on, through another where it is given; none cancelled."""
    wanted = select(Audit.reference, Audit.kind, Audit.starts_on).where(
        Audit.progress != AuditProgress.CANCELLED, Audit.starts_on >= first
    )
    if last is not None:
        wanted = wanted.where(Audit.starts_on <= last)
    rows = work.execute(wanted.order_by(Audit.starts_on, Audit.reference))
    return tuple(f"{reference}, {kind.label}: {say(starts_on)}" for reference, kind, starts_on in rows)
