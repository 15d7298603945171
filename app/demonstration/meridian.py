"""Meridian ISO Services: the provider that sells plans to all three organisations and supports them, as agreed."""

from app.demonstration.cast import acting
from app.demonstration.invoices import invoices
from app.demonstration.plans import plans
from app.demonstration.support import support
from app.demonstration.telling import ago
from app.domain.permission import Role
from app.domain.subscription.agreement import USUAL, Share
from app.models.organisation import Organisation
from app.models.person import Person
from app.operations import agreements, organisations
from app.work import Work

ANSWERS = {"northwind": "ingrid", "fjordlicht": "sunniva", "harbour": "owen"}
"""Who books the sessions of each client."""
AGREED = {
    "northwind": ("jonas", USUAL | {Share.FINDINGS}),
    "fjordlicht": ("sunniva", USUAL),
    "harbour": ("owen", USUAL),
}
"""Who accepted the agreement for each client, and what it lets Meridian see."""


def meridian(work: Work, cast: dict[str, Person], clients: list[Organisation]) -> Organisation:
    """Carla, who manages quality at all three, works for it, and gives support."""
    organisation = organisations.found(
        work, name="Meridian ISO Services", country="DE", time_zone="Europe/Berlin", slug="meridian"
    )
    organisations.join(work, organisation, cast["carla"], frozenset({Role.PROVIDER_STAFF, Role.ADMINISTRATOR}))
    for client in clients:
        who, shares = AGREED[client.slug]
        with work.within(organisation.id) as ours, acting(ours, cast["carla"], ago(ours.today, months=38, days=3)):
            proposed = agreements.propose_to_client(ours, client.slug, USUAL, "As we said at our last meeting.").id
        with work.within(client.id) as theirs, acting(theirs, cast[who], ago(theirs.today, months=38)):
            agreements.accept_as_client(theirs, proposed, shares)
    with work.within(organisation.id) as ours:
        by_slug = {client.slug: client for client in clients}
        plans(ours, cast, by_slug)
        invoices(ours, cast["carla"], by_slug)
    support(work, organisation, cast["carla"], [(client, cast[ANSWERS[client.slug]]) for client in clients])
    return organisation
