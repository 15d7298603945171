"""An agreement between a provider and a client: both sides made it, either ends it, and it says what is seen."""

from collections.abc import Iterable

from app.domain.explained import RefusedError
from app.domain.words import Word


class Share(Word):
    """What of a client its provider may see."""

    PROGRAMME = "programme"
    READINESS = "readiness"
    ALLOWANCES = "allowances"
    FINDINGS = "findings"
    ASSETS = "assets"
    LICENCES = "licences"

    @property
    def says(self) -> str:
        """What a client lets its provider see by ticking it."""
        return {
            "programme": "Certificates, their limits, and the audits with their days",
            "readiness": "How far the implementation is, and how ready we are for stage 1",
            "allowances": "What of the plan is used, planned and left",
            "findings": "Nonconformities: how many are open and overdue",
            "assets": "How many assets there are, and what is missing of them",
            "licences": "The licence position",
        }[self.value]


USUAL = frozenset({Share.PROGRAMME, Share.READINESS, Share.ALLOWANCES})
"""What is offered ticked; a client ticks what it likes."""


class Standing(Word):
    """How far an agreement is."""

    PROPOSED = "proposed"
    LIVE = "live"
    DECLINED = "declined"
    ENDED = "ended"


def refuse_answer(standing: Standing, proposed_by_client: bool, answering_as_client: bool) -> None:
    """An agreement is accepted or declined once, by the side that did not propose it."""
    if standing is not Standing.PROPOSED:
        raise RefusedError(f"This agreement is {standing.value} already.")
    if proposed_by_client == answering_as_client:
        raise RefusedError("The other side answers what one side proposed.")


def refuse_end(standing: Standing) -> None:
    """Either side ends an agreement that is live, or takes back or declines one that is proposed, once."""
    if standing in (Standing.ENDED, Standing.DECLINED):
        raise RefusedError(f"This agreement is {standing.value} already.")


def shares_of(words: Iterable[str]) -> frozenset[Share]:
    """The shares by their words; one that is none is refused."""
    try:
        return frozenset(Share(word) for word in words)
    except ValueError:
        raise RefusedError("Choose from the list what the provider may see.", "shares") from None
