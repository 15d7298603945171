"""Meridian ISO Services: the provider that supports all three organisations, by an agreement with each."""

from app.demonstration.support import support
from app.domain.permission import Role
from app.domain.subscription.agreement import USUAL, Share, Standing
from app.models.agreement import Agreement
from app.models.organisation import Organisation
from app.models.person import Person
from app.operations import organisations
from app.work import Work

ANSWERS = {"northwind": "ingrid", "fjordlicht": "sunniva", "harbour": "owen"}
"""Who accepted the agreement for each client."""


def meridian(work: Work, cast: dict[str, Person], clients: list[Organisation]) -> Organisation:
    """Carla, who manages quality at all three, works for it, and gives support."""
    organisation = organisations.found(
        work, name="Meridian ISO Services", country="DE", time_zone="Europe/Berlin", slug="meridian"
    )
    organisations.join(work, organisation, cast["carla"], frozenset({Role.PROVIDER_STAFF, Role.ADMINISTRATOR}))
    with work.within(organisation.id) as inside:
        for client in clients:
            inside.add(
                Agreement(
                    addressed_to=client.slug,
                    client_id=client.id,
                    standing=Standing.LIVE,
                    shares=" ".join(each.value for each in Share if each in USUAL),
                    proposed_by_id=cast["carla"].id,
                    proposed_at=inside.now,
                    answered_by_id=cast[ANSWERS[client.slug]].id,
                    answered_at=inside.now,
                )
            )
    support(work, organisation, cast["carla"], [(client, cast[ANSWERS[client.slug]]) for client in clients])
    return organisation
