"""A provider with its clients for the tests: agreements that are live, and somebody who gives support."""

from datetime import time

from flask import Flask
from sqlalchemy import select

from app.domain.permission import Role
from app.domain.subscription.agreement import Standing
from app.domain.subscription.support import Hours, Terms
from app.models.agreement import Agreement
from app.models.person import Person
from app.operations import organisations, support_people
from app.operations.support_people import PersonDetails
from app.work import work
from tests.cast import Cast, House, Member
from tests.stage import on_stage


def agree(app: Flask, provider: House, client: House, by: Member) -> None:
    """An agreement that is live."""
    with on_stage(app, provider, by) as w:
        w.add(
            Agreement(
                addressed_to=client.slug,
                client_id=client.id,
                standing=Standing.LIVE,
                proposed_by_id=by.id,
                proposed_at=w.now,
            )
        )


def another_client(app: Flask, cast: Cast, slug: str = "cedar") -> House:
    """A further organisation, of which the asset manager of the cast is a member too, with the roles of staff."""
    with app.app_context(), work(None) as w:
        made = organisations.found(w, name="Cedar Mills", country="US", time_zone="America/New_York", slug=slug)
        person = w.session.scalars(select(Person).where(Person.id == cast.asset_manager.id)).one()
        organisations.join(w, made, person, frozenset({Role.STAFF}))
        return House(made.id, made.slug, made.name)


def gives_support(
    app: Flask, provider: House, who: Member, hours: tuple[tuple[int, str, str], ...], **terms: int
) -> int:
    """Somebody who gives support; hours as weekday, from and until. Gives the id of the support person."""
    kept = tuple(Hours(day, time.fromisoformat(first), time.fromisoformat(last)) for day, first, last in hours)
    with on_stage(app, provider, who) as w:
        said = {"minutes": 60, "buffer_minutes": 0, "notice_hours": 24, **terms}
        details = PersonDetails(Terms("Europe/London", **said), kept, link="https://meet.example/room")
        return support_people.set_up(w, who.id, details).id
