"""Agreements of a provider with its clients, read by either side: the row belongs to the provider."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.domain.subscription.agreement import Share, Standing, shares_of
from app.models.agreement import Agreement
from app.models.organisation import Organisation
from app.work import ACROSS, Work


@dataclass(frozen=True, slots=True)
class Passage:
    """A live agreement as the gate of both sides reads it: who, and what the provider may see."""

    agreement_id: int
    provider_id: int
    provider: str
    client_id: int
    client: str
    client_slug: str
    shares: frozenset[Share]


def passages_to_clients(work: Work) -> list[Passage]:
    """The clients of the organisation of this work, by name: those whose agreement is live."""
    return _passages(work, Agreement.organisation_id == work.home)


def passage_to(work: Work, slug: str) -> Passage | None:
    """The one client with this address; None where no agreement with it is live."""
    return next((each for each in passages_to_clients(work) if each.client_slug == slug), None)


def providers_of(work: Work) -> list[Passage]:
    """The providers that the organisation of this work has a live agreement with, by the client's name."""
    return _passages(work, Agreement.client_id == work.home)


def _passages(work: Work, whose: object) -> list[Passage]:
    provider, client = aliased(Organisation), aliased(Organisation)
    statement = (
        select(
            Agreement.id,
            Agreement.organisation_id,
            provider.name,
            Agreement.client_id,
            client.name,
            client.slug,
            Agreement.shares,
        )
        .join(provider, provider.id == Agreement.organisation_id)
        .join(client, client.id == Agreement.client_id)
        .where(whose, Agreement.standing == Standing.LIVE)  # type: ignore[arg-type]
        .order_by(client.name, provider.name, Agreement.id)
        .execution_options(**{ACROSS: "an agreement has two sides"})
    )
    return [
        Passage(key, home, provider_name, client_id, client_name, slug, shares_of(words.split()))
        for key, home, provider_name, client_id, client_name, slug, words in work.execute(statement)
        if client_id is not None
    ]


def agreements_made(work: Work) -> list[Agreement]:
    """All agreements of the provider of this work, the newest first."""
    statement = select(Agreement).order_by(Agreement.proposed_at.desc(), Agreement.id.desc())
    return work.all(statement.where(Agreement.organisation_id == work.home))


def agreements_offered(work: Work) -> list[tuple[Agreement, str]]:
    """All agreements that name the organisation of this work as the client, with the provider's name, newest first."""
    statement = (
        select(Agreement, Organisation.name)
        .join(Organisation, Organisation.id == Agreement.organisation_id)
        .where(Agreement.client_id == work.home)
        .order_by(Agreement.proposed_at.desc(), Agreement.id.desc())
        .execution_options(**{ACROSS: "an agreement has two sides"})
    )
    return [(agreement, name) for agreement, name in work.execute(statement)]
