"""Support in the demonstration: a consultant with hours and a holiday, sessions of clients before and ahead."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from app.demonstration.cast import acting
from app.domain.dates import add_days
from app.domain.explained import RefusedError
from app.domain.subscription.support import Absence, Hours, Terms, next_free
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.support import SupportBooking
from app.operations import support as sessions
from app.operations import support_people, support_sessions
from app.operations.support import Wanted
from app.operations.support_people import PersonDetails
from app.queries.support import own_diaries
from app.work import Work

LINK = "https://meet.meridian.example/support"
MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(17))


def support(work: Work, provider: Organisation, giver: Person, clients: Sequence[tuple[Organisation, Person]]) -> None:
    """One consultant gives support on weekdays; the first client was helped three weeks ago, and all book ahead."""
    with work.within(provider.id) as inside, acting(inside, giver, add_days(inside.today, -40)):
        weekdays = tuple(Hours(day, *span) for day in range(5) for span in (MORNING, AFTERNOON))
        person = support_people.set_up(
            inside, giver.id, PersonDetails(Terms("Europe/Berlin", 45, 15, 24), weekdays, LINK)
        )
        away = add_days(inside.today, 60)
        support_people.add_absence(inside, person.id, Absence(away, add_days(away, 4)), "Holiday")
    first, booker = clients[0]
    held = _book(work, first, booker, "How the scope of the system is worded.", days_ago=24)
    with work.within(provider.id) as inside, acting(inside, giver, inside.today):
        notes = "The scope names the data centre and leaves the offices out. The interfaces are still to be listed."
        support_sessions.write_up(inside, held.reference, None, LINK, notes)
        due = add_days(inside.today, 9)
        support_sessions.add_action(inside, held.reference, "List the interfaces of the scope.", booker.id, due)
        mine = "Send the template of the statement of applicability."
        action = support_sessions.add_action(inside, held.reference, mine, giver.id, due)
        support_sessions.finish(inside, held.reference, action.id)
    agendas = ("What the surveillance will look at.", "Objectives for next year.", "Getting the certificate restored.")
    for (client, person_there), agenda in zip(clients, agendas, strict=False):
        _book(work, client, person_there, agenda, ahead=timedelta(days=3))


def _book(
    work: Work,
    client: Organisation,
    booker: Person,
    agenda: str,
    *,
    days_ago: int = 0,
    ahead: timedelta = timedelta(days=1),
) -> SupportBooking:
    """The next free slot of a client, asked for so many days ago."""
    with work.within(client.id) as inside, acting(inside, booker, add_days(inside.today, -days_ago)):
        after: datetime = inside.now + ahead
        slot = next_free(own_diaries(inside), after, inside.now)
        if slot is None:
            raise RefusedError("The demonstration finds no free slot.")
        return sessions.book(inside, Wanted(slot.person_id, slot.span.starts_at), agenda)
