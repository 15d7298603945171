"""What was used in a period, spread over its days: how much of it counts by a day, and in which term."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from app.domain.dates import add_days, day_after, say
from app.domain.explained import Reason
from app.domain.licensing.allocation import Grant, Scope
from app.domain.licensing.entitlement import EntitlementFact
from app.domain.licensing.metric import LICENSING, say_parts

Term = tuple[date | None, date | None]
"""The first and the last day of a term; None: without."""


class Piece(NamedTuple):
    """What was used on some days, both included."""

    since: date
    until: date
    parts: int

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def spread(whole: Piece, terms: Iterable[Term], day: date) -> list[Piece]:
    """What was used in a period counts by the days of it: in a term those within it, on a day those up to it.

    A record says how much was used in its period, and not on which of its days: they count alike. So the pieces are cut
    where a term begins or ends and after the day, none lies in a term in part, and together they come to what counts
    through the day: from the last day of the period on, to all of it. [ISO/IEC 19770-4:2017]
    """
    last = min(whole.until, day)
    if last < whole.since:
        return []
    ends = {last}
    for first, final in terms:
        if first is not None and whole.since < first <= last:
            ends.add(add_days(first, -1))
        if final is not None and whole.since <= final < last:
            ends.add(final)
    found: list[Piece] = []
    since, counted = whole.since, 0
    for until in sorted(ends):
        through = whole.parts * ((until - whole.since).days + 1) // whole.days
        found.append(Piece(since, until, through - counted))
        since, counted = day_after(until), through
    return found


def spread_explained(whole: Piece, piece: Piece) -> tuple[Reason, ...]:
    """Why a piece of a period counts as much as it does."""
    if piece == whole:
        return (Reason("What was used in the period counts.", LICENSING),)
    says = f"{say_parts(whole.parts)} were used from {say(whole.since)} to {say(whole.until)}, and its days count alike"
    days = f"{piece.days} of {whole.days} days"
    return (Reason(f"{says}: {days} come to {say_parts(piece.parts)}.", LICENSING),)


def term_grant(fact: EntitlementFact, site_id: int | None, takers: Iterable[EntitlementFact], day: date) -> Grant:
    """What an entitlement to measured use covers on a day: use within its own term, also once that has ended."""
    taken = sum(each.quantity for each in takers if each.base_id == fact.id and each.takes_on(day))
    scope = Scope(site_id=site_id, starts_on=fact.starts_on, ends_on=fact.last_day)
    return Grant(fact.id, max(fact.quantity - taken, 0), scope, has_ended=not fact.is_active(day))


def terms_of(grants: Sequence[Grant]) -> tuple[Term, ...]:
    """The terms of these, by which what was used is cut."""
    return tuple(sorted({(each.scope.starts_on, each.scope.ends_on) for each in grants}, key=_order))


def _order(term: Term) -> tuple[date, date]:
    return term[0] or date.min, term[1] or date.max
