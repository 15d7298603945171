"""An agreement between a provider and a client: both sides made it, either ends it, and it says what is seen."""

from collections.abc import Iterable, Sequence

from app.domain.explained import Reason, RefusedError
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


BOTH_AGREE = Reason("Both sides agree: whoever belongs to the seller does not accept for the client.")
MOST_NAMED = 5
"""So many of those who may instead are named."""


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


def who_may(names: Sequence[str]) -> Reason:
    """Who agrees for the client instead; where there is nobody, what to do about it."""
    if not names:
        return Reason("Nobody else of the client may yet: invite somebody who does not belong to the seller.")
    shown = list(names[:MOST_NAMED])
    rest = len(names) - len(shown)
    if rest:
        shown.append(f"{rest} more")
    return Reason(f"{shown[0] if len(shown) == 1 else ', '.join(shown[:-1]) + ' or ' + shown[-1]} may.")


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
