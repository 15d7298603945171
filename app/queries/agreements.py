"""Agreements of a provider with its clients, read by either side: the row belongs to the provider."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
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


def _passages(work: Work, whose: ColumnElement[bool]) -> list[Passage]:
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
        .where(whose, Agreement.standing == Standing.LIVE)
        .order_by(client.name, provider.name, Agreement.id)
        .execution_options(**{ACROSS: "an agreement has two sides"})
    )
    return [
        Passage(key, home, provider_name, client_id, client_name, slug, shares_of(words.split()))
        for key, home, provider_name, client_id, client_name, slug, words in work.execute(statement)
        if client_id is not None
    ]


def agreements_made(work: Work) -> list[tuple[Agreement, str]]:
    """All agreements of the provider of this work with the client's name, the newest first.

    Until it has answered, an organisation is called by the address that was typed.
    """
    return [row for row in _sided(work, Agreement.organisation_id == work.home) if not _is_own_letter(row[0])]


def agreements_offered(work: Work) -> list[tuple[Agreement, str]]:
    """All agreements in which the organisation of this work is the client, with the provider's name, newest first.

    Until it has answered, an organisation is called by the address that was typed.
    """
    letter = and_(Agreement.organisation_id == work.home, Agreement.client_id.is_(None))
    rows = _sided(work, or_(Agreement.client_id == work.home, letter))
    return [row for row in rows if row[0].client_id is not None or _is_own_letter(row[0])]


def _is_own_letter(agreement: Agreement) -> bool:
    """A client's proposal to an address that nobody has stands in its own books."""
    return agreement.client_id is None and agreement.proposed_by_client


def _sided(work: Work, whose: ColumnElement[bool]) -> list[tuple[Agreement, str]]:
    provider, client = aliased(Organisation), aliased(Organisation)
    statement = (
        select(Agreement, provider.name, client.name)
        .join(provider, provider.id == Agreement.organisation_id)
        .outerjoin(client, client.id == Agreement.client_id)
        .where(whose)
        .order_by(Agreement.proposed_at.desc(), Agreement.id.desc())
        .execution_options(**{ACROSS: "an agreement has two sides"})
    )
    found = []
    for row, provider_name, client_name in work.execute(statement):
        is_client = row.client_id == work.home or _is_own_letter(row)
        told = row.answered_at is not None or row.proposed_by_client != is_client
        name = (provider_name if is_client else client_name) if told else row.addressed_to
        found.append((row, name))
    return found
