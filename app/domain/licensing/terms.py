"""Terms of a licence, each a yes, a no or a limit, against what the register knows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.explained import Reason, RefusedError
from app.domain.licensing.entitlement import Term, TermAnswer
from app.domain.licensing.metric import LICENSING

UNCHECKED = frozenset({Term.REMOTE_ACCESS, Term.DISASTER_RECOVERY})
"""What no record of the register says anything of."""


@dataclass(frozen=True, slots=True)
class TermFact:
    """What the contract says of one term."""

    term: Term
    answer: TermAnswer
    limit: int | None = None
    says: str = ""
    """In the contract's own words: for people to read, and judged by nobody."""
    site_ids: tuple[int, ...] = ()
    """Of the allowed sites: which ones; none: no site is named."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register knows of the use of a licence, each by the names of what does it."""

    sites: dict[str, int] = field(default_factory=dict)
    """Devices or seats by site."""
    site_names: Mapping[int, str] = field(default_factory=dict)
    """What the sites are called, by id."""
    own_site: str = ""
    """The only site that the entitlement is for."""
    virtual: Sequence[str] = ()
    """Virtual machines that have it."""
    of_customers: Sequence[str] = ()
    """Devices of customers that have it."""
    older: Sequence[str] = ()
    """Devices with an older version than was bought."""
    second: Sequence[str] = ()
    """Second devices of the same person."""
    transferred: int = 0
    """Units that were transferred away."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One term and what was found: kept, violated, or not to be checked here."""

    fact: TermFact
    is_violated: bool
    why: tuple[Reason, ...]
    is_checked: bool = True


def check(fact: TermFact, known: Facts) -> Finding:
    """Hold one term against the facts. [ISO/IEC 19770-1:2017, 8.4]"""
    if fact.term in UNCHECKED:
        says = "Nothing in the register says whether it is used so: check it by hand."
        return Finding(fact, False, (Reason(says, LICENSING),), is_checked=False)
    if fact.term is Term.ALLOWED_SITES:
        return _sites(fact, known)
    if fact.term is Term.TRANSFER:
        moved = [f"{known.transferred} units"] if known.transferred else []
        return _counted(fact, moved, known.transferred, "were transferred away")
    names, deed = {
        Term.VIRTUALISATION: (known.virtual, "virtual machines have it"),
        Term.SUB_LICENSING: (known.of_customers, "devices of customers have it"),
        Term.DOWNGRADE: (known.older, "devices have an older version than was bought"),
        Term.SECOND_USE: (known.second, "second devices of the same person have it"),
    }[fact.term]
    return _counted(fact, names, len(names), deed)


def _sites(fact: TermFact, known: Facts) -> Finding:
    """Named sites are the only ones, whether the contract allows or limits; a number limits how many of them."""
    if fact.answer is TermAnswer.NO:
        return _within(fact, known, {known.own_site} if known.own_site else set())
    if fact.says and not fact.site_ids and fact.limit is None:
        # Recorded when sites were written as prose: whether these words name sites, nobody but a reader can tell.
        says = "The contract says it in words and no site is chosen: choose the sites, or check it by hand."
        return Finding(fact, False, (Reason(says, LICENSING),), is_checked=False)
    used = sorted(known.sites)
    if fact.limit is not None and len(used) > fact.limit:
        return _broken(fact, f"It is used at {len(used)} sites ({', '.join(used)}); {fact.limit} are allowed.")
    if fact.site_ids:
        return _within(fact, known, {known.site_names[each] for each in fact.site_ids if each in known.site_names})
    if fact.limit is not None:
        return _kept(fact, f"It is used at {len(used)} sites; {fact.limit} are allowed.")
    return _kept(fact, "It may be used at every site.")


def _within(fact: TermFact, known: Facts, sites: Collection[str]) -> Finding:
    allowed = {name.casefold() for name in sites}
    outside = {name: count for name, count in sorted(known.sites.items()) if name.casefold() not in allowed}
    if not outside:
        return _kept(fact, "It is used at no other site than the allowed ones.")
    where = ", ".join(f"{name} ({count})" for name, count in outside.items())
    return _broken(fact, f"It is used at sites that the contract does not allow: {where}.")


def _counted(fact: TermFact, names: Sequence[str], count: int, deed: str) -> Finding:
    if fact.answer is TermAnswer.YES:
        return _kept(fact, f"The contract allows it: {count} {deed}." if count else "The contract allows it.")
    limit = 0 if fact.answer is TermAnswer.NO else fact.limit or 0
    allowed = "none is allowed" if limit == 0 else f"{limit} are allowed"
    if count <= limit:
        return _kept(fact, f"{count or 'No'} {deed}; {allowed}.")
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    return _broken(fact, f"{count} {deed}, and {allowed}: {shown}.")


def refuse_wordless(fact: TermFact) -> None:
    """A limit says how many; of the allowed sites, how many or which. Raises `RefusedError` at its field."""
    place = f"limit_{fact.term.value.replace('-', '_')}"
    if fact.answer is TermAnswer.NO and fact.site_ids:
        says = f"{fact.term.label}: “No” allows no site but the entitlement's own. Choose none, or say yes."
        raise RefusedError(Reason(says, LICENSING), "sites_allowed_sites")
    if fact.answer is not TermAnswer.LIMIT:
        return
    if fact.limit is not None and fact.limit < 0:
        raise RefusedError(Reason("A limit is no less than 0.", LICENSING), place)
    if fact.limit is None and not fact.site_ids:
        which = ", or choose the sites" if fact.term is Term.ALLOWED_SITES else ""
        raise RefusedError(Reason(f"{fact.term.label}: say how many the contract allows{which}.", LICENSING), place)


def _kept(fact: TermFact, says: str) -> Finding:
    return Finding(fact, False, (Reason(says, LICENSING),))


def _broken(fact: TermFact, says: str) -> Finding:
    return Finding(fact, True, (Reason(says, LICENSING),))
