"""Meridian ISO Services: the consultancy that the three others are clients of, each showing it what it likes."""

from app.demonstration.cast import acting
from app.demonstration.telling import ago
from app.domain.permission import Role
from app.domain.subscription.agreement import USUAL, Share
from app.models.organisation import Organisation
from app.models.person import Person
from app.operations import agreements, organisations
from app.work import Work

CLIENTS = (
    ("northwind", "jonas", USUAL | {Share.FINDINGS}),
    ("fjordlicht", "sunniva", USUAL),
    ("harbour", "owen", USUAL),
)
"""Each client, who decides there, and what it lets Meridian see."""


def meridian(work: Work, cast: dict[str, Person], clients: dict[str, Organisation]) -> Organisation:
    """Meridian proposed an agreement to each of the three, and each accepted it with its own ticks."""
    organisation = organisations.found(
        work, name="Meridian ISO Services", country="DE", time_zone="Europe/Berlin", slug="meridian"
    )
    roles = frozenset({Role.PROVIDER_STAFF, Role.ADMINISTRATOR})
    organisations.join(work, organisation, cast["carla"], roles)
    for slug, who, shares in CLIENTS:
        with work.within(organisation.id) as ours, acting(ours, cast["carla"], ago(ours.today, months=2, days=3)):
            proposed = agreements.propose_to_client(ours, slug, USUAL, "As we agreed at our last meeting.").id
        with work.within(clients[slug].id) as theirs, acting(theirs, cast[who], ago(theirs.today, months=2)):
            agreements.accept_as_client(theirs, proposed, shares)
    return organisation
