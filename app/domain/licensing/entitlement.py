"""What was bought, on which terms, and how much of it counts on a day."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.dates import add_days, say
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.licensing.metric import LICENSING
from app.domain.words import Word

_SEPARATORS = re.compile(r"[\s./\\_\-\u2010-\u2015\u2212]")


class EntitlementKind(Word):
    """How an entitlement came to be."""

    PURCHASE = "purchase"
    SUBSCRIPTION = "subscription"
    UPGRADE = "upgrade"
    """Consumes as many units of the entitlement it rests on."""
    TRANSFER = "transfer"
    """Came from another entity of ours; as many units left there."""

    @property
    def takes(self) -> bool:
        """Whether it takes its units from another entitlement."""
        return self in (EntitlementKind.UPGRADE, EntitlementKind.TRANSFER)


class Term(Word):
    """What a licence may allow, forbid or limit, and what can be checked."""

    ALLOWED_SITES = "allowed-sites"
    VIRTUALISATION = "virtualisation"
    SUB_LICENSING = "sub-licensing"
    DOWNGRADE = "downgrade"
    SECOND_USE = "second-use"
    TRANSFER = "transfer"
    REMOTE_ACCESS = "remote-access"
    DISASTER_RECOVERY = "disaster-recovery"


class TermAnswer(Word):
    """What the contract says of a term."""

    YES = "yes"
    NO = "no"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class EntitlementFact:
    """An entitlement, as far as it is counted."""

    id: int
    reference: str
    kind: EntitlementKind
    quantity: int
    starts_on: date
    ends_on: date | None = None
    retired_on: date | None = None
    base_id: int | None = None
    rests_until: date | None = None
    """The last day on which all counts that it rests on; None: that has no end, or it rests on nothing."""

    @property
    def last_day(self) -> date | None:
        """The last day on which it counts: its own, or the day before it, or what it rests on, was given up."""
        given_up = add_days(self.retired_on, -1) if self.retired_on is not None else None
        return min((day for day in (self.ends_on, given_up, self.rests_until) if day is not None), default=None)

    def is_active(self, day: date) -> bool:
        """From its first day through its last; what was taken from another counts no longer than that."""
        last = self.last_day
        return self.starts_on <= day and (last is None or day <= last)

    def takes_on(self, day: date) -> bool:
        """Whether it takes its units from its base on that day.

        A transfer has taken them for good. An upgrade for as long as it runs; given up, it takes its base with it.
        """
        if self.base_id is None or not self.kind.takes or self.starts_on > day:
            return False
        return self.kind is EntitlementKind.TRANSFER or self.ends_on is None or day <= self.ends_on


def rested(fact: EntitlementFact, bases: Mapping[int, EntitlementFact]) -> EntitlementFact:
    """An entitlement that knows how long what it rests on counts: its base, what that rests on, and so on.

    `bases` are these, by their ids. Only upgrades and transfers rest on anything. [ISO/IEC 19770-1:2017, 8.4]
    """
    last: date | None = None
    seen = {fact.id}
    step = fact
    while step.kind.takes and step.base_id is not None and step.base_id in bases and step.base_id not in seen:
        step = bases[step.base_id]
        seen.add(step.id)
        own = replace(step, rests_until=None).last_day
        last = min((day for day in (last, own) if day is not None), default=None)
    return replace(fact, rests_until=last)


def units_on(fact: EntitlementFact, takers: Iterable[EntitlementFact], day: date) -> Explained[int]:
    """How many units of an entitlement count on a day: all, less what upgrades and transfers took from it.

    It counts from its first day through its last; from the day after, it counts as none. What was taken from another
    entitlement counts no longer than that one, whenever it was recorded: it ends with it, and is given up with it.
    [ISO/IEC 19770-1:2017, 8.4]
    """
    if fact.starts_on > day:
        return _none(f"It counts from {say(fact.starts_on)} on.")
    if fact.retired_on is not None and day >= fact.retired_on:
        return _none(f"It was given up on {say(fact.retired_on)}, and counts as none from that day on.")
    if fact.ends_on is not None and day > fact.ends_on:
        return _none(f"Its last day was {say(fact.ends_on)}: from the day after, it counts as none.")
    through = f"through {say(fact.ends_on)}" if fact.ends_on else "for good"
    if fact.rests_until is not None and day > fact.rests_until:
        says = f"What it was taken from counted through {say(fact.rests_until)}, and it counts no longer than that."
        return _none(says)
    why = [Reason(f"{fact.quantity} from {say(fact.starts_on)} {through}.", LICENSING)]
    if fact.rests_until is not None and (fact.ends_on is None or fact.rests_until < fact.ends_on):
        says = f"What it was taken from counts through {say(fact.rests_until)}: from the day after, neither counts."
        why.append(Reason(says, LICENSING))
    left = fact.quantity
    for taker in takers:
        if taker.base_id == fact.id and taker.takes_on(day):
            left -= taker.quantity
            verb = "upgraded" if taker.kind is EntitlementKind.UPGRADE else "transferred"
            says = f"{taker.quantity} of them were {verb} by {taker.reference} on {say(taker.starts_on)}"
            why.append(Reason(f"{says}, and count there.", LICENSING))
    return Explained(max(left, 0), tuple(why))


def refuse_impossible(
    fact: EntitlementFact,
    bases: Mapping[int, EntitlementFact],
    others_of_base: Sequence[EntitlementFact],
    own_takers: Sequence[EntitlementFact],
) -> None:
    """Refuse what no entitlement can be; `bases` holds the base, its base and so on, by their ids.

    What was upgraded or transferred counts no longer than what it came from. Raises `RefusedError` at the field that
    is wrong. [ISO/IEC 19770-1:2017, 8.4]
    """
    if fact.quantity < 1:
        raise RefusedError(Reason("An entitlement is for at least one whole unit.", LICENSING), "quantity")
    if fact.ends_on is not None and fact.ends_on < fact.starts_on:
        says = f"It would end on {say(fact.ends_on)}, before it starts on {say(fact.starts_on)}."
        raise RefusedError(Reason(says, LICENSING), "ends_on")
    if fact.kind is EntitlementKind.SUBSCRIPTION and fact.ends_on is None:
        says = "A subscription has a last day. For one without an end, record a purchase."
        raise RefusedError(Reason(says, LICENSING), "ends_on")
    if fact.retired_on is not None and fact.retired_on < fact.starts_on:
        says = f"It was given up on {say(fact.retired_on)} already, before this start."
        raise RefusedError(Reason(says, LICENSING), "starts_on")
    _refuse_base(fact, bases, others_of_base)
    _refuse_taken_beyond(fact, own_takers)


def _refuse_base(
    fact: EntitlementFact, bases: Mapping[int, EntitlementFact], others_of_base: Sequence[EntitlementFact]
) -> None:
    if not fact.kind.takes:
        if fact.base_id is not None:
            says = f"A {fact.kind.label.lower()} rests on no other entitlement: only upgrades and transfers do."
            raise RefusedError(Reason(says, LICENSING), "base")
        return
    noun = "An upgrade" if fact.kind is EntitlementKind.UPGRADE else "A transfer"
    base = bases.get(fact.base_id) if fact.base_id is not None else None
    if base is None:
        raise RefusedError(Reason(f"{noun} takes its units from another entitlement: say which.", LICENSING), "base")
    way, step = [fact.reference or "this one"], base
    seen: set[int] = set()
    while step is not None:
        way.append(step.reference)
        if step.id == fact.id or step.id in seen:
            says = f"That is a circle: {' rests on '.join(way)}. Something must have been bought first."
            raise RefusedError(Reason(says, LICENSING), "base")
        seen.add(step.id)
        step = bases.get(step.base_id) if step.base_id is not None else None  # type: ignore[assignment]
    if not base.is_active(fact.starts_on):
        says = f"{base.reference} does not count on {say(fact.starts_on)}: there is nothing to take from it that day."
        raise RefusedError(Reason(says, LICENSING), "starts_on")
    if _outlasts(fact, base) and base.ends_on is not None:
        verb = "upgraded" if fact.kind is EntitlementKind.UPGRADE else "transferred"
        says = f"{base.reference} counts through {say(base.ends_on)}, and what is {verb} from it counts no longer"
        raise RefusedError(Reason(f"{says}: give that day or an earlier one as the last day.", LICENSING), "ends_on")
    left, day = _least_left(base, [*others_of_base, fact])
    if left < 0:
        free = fact.quantity + left
        says = f"{base.reference} has {max(free, 0)} of its {base.quantity} units left on {say(day)}"
        verb = "upgraded" if fact.kind is EntitlementKind.UPGRADE else "transferred"
        raise RefusedError(Reason(f"{says}: no more can be {verb}.", LICENSING), "quantity")


def _refuse_taken_beyond(fact: EntitlementFact, takers: Sequence[EntitlementFact]) -> None:
    if not takers:
        return
    left, day = _least_left(fact, takers)
    if left < 0:
        names = ", ".join(each.reference for each in takers if each.takes_on(day))
        says = f"{fact.quantity - left} units were taken from it by {names}: it cannot have fewer."
        raise RefusedError(Reason(says, LICENSING), "quantity")
    for taker in takers:
        if taker.starts_on < fact.starts_on or (fact.ends_on is not None and taker.starts_on > fact.ends_on):
            says = f"{taker.reference} took units from it on {say(taker.starts_on)}: it must count on that day."
            field = "starts_on" if taker.starts_on < fact.starts_on else "ends_on"
            raise RefusedError(Reason(says, LICENSING), field)
        if _outlasts(taker, fact):
            through = f"through {say(taker.ends_on)}" if taker.ends_on else "for good"
            says = f"{taker.reference} took units from it and counts {through}, which is longer than this would"
            todo = f"{says}: give {taker.reference} an earlier last day first."
            raise RefusedError(Reason(todo, LICENSING), "ends_on")


def _outlasts(taker: EntitlementFact, base: EntitlementFact) -> bool:
    """Whether units that were taken would count on days on which they count nowhere in what they came from."""
    return base.ends_on is not None and (taker.ends_on is None or taker.ends_on > base.ends_on)


def _least_left(base: EntitlementFact, takers: Sequence[EntitlementFact]) -> tuple[int, date]:
    """The least that is left of a base on any day, and the first such day; what was given up stays taken."""
    days = sorted({max(taker.starts_on, base.starts_on) for taker in takers}) or [base.starts_on]
    left = [(base.quantity - sum(each.quantity for each in takers if each.takes_on(day)), day) for day in days]
    return min(left)


def folded_proof(proof: str) -> str:
    """A proof as it is compared: capitals, spaces, hyphens, dots and slashes make no other proof of it."""
    return _SEPARATORS.sub("", proof.casefold()) or proof.strip()


def refuse_same_proof(
    fact: EntitlementFact, proof: str, others: Iterable[EntitlementFact], bases: Mapping[int, EntitlementFact]
) -> None:
    """One proof is not entered twice in a pool for the same days: it would count what was bought once as two.

    `others` are those of the pool with the same proof. What an entitlement rests on may have the same proof, for it
    counts there no longer. Raises `RefusedError` at `proof`. [ISO/IEC 19770-1:2017, 8.4]
    """
    for other in others:
        related = other.id in bases or other.base_id == fact.id or (fact.base_id and other.base_id == fact.base_id)
        if other.id == fact.id or related:
            continue
        begins = fact.ends_on is None or other.starts_on <= fact.ends_on
        ends = other.ends_on is None or fact.starts_on <= other.ends_on
        if begins and ends:
            says = f"The proof {proof} stands at {other.reference} already, for days that overlap with these"
            raise RefusedError(Reason(f"{says}: one proof counts once.", LICENSING), "proof")


def _none(says: str) -> Explained[int]:
    return Explained(0, (Reason(says, LICENSING),))
