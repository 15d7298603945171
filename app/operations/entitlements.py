"""Entitlements: recorded with their terms, changed, given up and taken away, never so that seats lose their cover."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.findings.concern import Concern
from app.domain.itam.version import normal_version, version_key
from app.domain.licensing.entitlement import (
    EntitlementFact,
    EntitlementKind,
    folded_proof,
    refuse_impossible,
    refuse_same_proof,
)
from app.domain.licensing.metric import LICENSING
from app.domain.licensing.seat import refuse_bare
from app.domain.licensing.terms import TermFact, refuse_wordless
from app.models.licence import Entitlement, EntitlementTerm, LicencePool
from app.models.organisation import Site
from app.models.software import Publisher
from app.operations.conflict import refuse_if_changed
from app.operations.pools import lock
from app.operations.references import next_reference
from app.queries.finding_pointers import references_about
from app.queries.licence_pointers import files_on, runs_of
from app.queries.seat_facts import Supply, fact_of, facts_where, supply_of
from app.work import Work

_TEXTS = ("supplier", "purchase_order", "invoice", "contract", "proof", "notes")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementDetails:
    """What is said of an entitlement; the cost in minor units of its currency."""

    kind: EntitlementKind
    quantity: int
    starts_on: date
    ends_on: date | None = None
    base: str = ""
    """Of an upgrade or a transfer: the reference of what it takes its units from."""
    site_id: int | None = None
    version_through: str = ""
    may_downgrade: bool = True
    second_use: bool = False
    maintained_until: date | None = None
    cost_minor: int | None = None
    currency: str = ""
    supplier: str = ""
    purchase_order: str = ""
    invoice: str = ""
    contract: str = ""
    proof: str = ""
    renewal_notice_by: date | None = None
    notes: str = ""
    terms: Sequence[TermFact] = ()


def details_of(row: Entitlement) -> EntitlementDetails:
    """What is said of an entitlement that was loaded with its base and its terms."""
    same = (
        *("kind", "quantity", "starts_on", "ends_on", "site_id", "version_through", "may_downgrade", "second_use"),
        *("maintained_until", "cost_minor", "currency", "renewal_notice_by", *_TEXTS),
    )
    return EntitlementDetails(
        **{name: getattr(row, name) for name in same},
        base=row.base.reference if row.base else "",
        terms=tuple(_fact_of_term(each) for each in row.terms),
    )


def create(work: Work, pool_id: int, details: EntitlementDetails) -> Entitlement:
    """Record what was bought into a pool. [ISO/IEC 19770-1:2017, 8.4]"""
    row = Entitlement(created_at=work.now, pool_id=pool_id, terms=[], reference="")
    before = _hold(work, pool_id, None, details)
    _tell(work, row, details)
    row.reference = next_reference(work, Entitlement, "E-")
    work.add(row)
    _refuse_bare(work, before)
    return row


def edit(work: Work, row: Entitlement, details: EntitlementDetails, seen: int | None = None) -> None:
    """Change an entitlement that was loaded for update with its terms; seats that are covered stay covered."""
    refuse_if_changed(row, seen, row.reference)
    before = _hold(work, row.pool_id, row, details)
    _tell(work, row, details)
    work.flush()
    _refuse_bare(work, before)


def retire(work: Work, row: Entitlement, on: date, reason: str) -> None:
    """Give an entitlement up from a day on: sold, returned, or ended before its time."""
    why = reason.strip()
    if not why:
        raise RefusedError("Say why it is given up: the journal keeps the reason.", "reason")
    if row.retired_on is not None:
        raise RefusedError(f"It was given up on {say(row.retired_on)} already.", "retired_on")
    if on < row.starts_on:
        raise RefusedError(f"It counts from {say(row.starts_on)}: it cannot be given up before.", "retired_on")
    if row.ends_on is not None and on > row.ends_on:
        raise RefusedError(f"Its last day is {say(row.ends_on)}: it need not be given up after.", "retired_on")
    before = _hold(work, row.pool_id, row, None)
    work.reason = why
    row.retired_on, row.retired_reason = on, why
    work.flush()
    _refuse_bare(work, before, "retired_on")


def reinstate(work: Work, row: Entitlement, reason: str) -> None:
    """Take back that it was given up, where that was recorded by mistake."""
    if not reason.strip():
        raise RefusedError("Say why: the journal keeps the reason.", "reason")
    if row.retired_on is None:
        raise RefusedError("It was not given up.", "reason")
    lock(work, row.pool_id)
    if row.proof:
        _refuse_proof(work, fact_of(row), row.pool_id, row.proof, _bases(work, row.base_id))
    work.reason = reason.strip()
    row.retired_on, row.retired_reason = None, ""
    work.flush()


def remove(work: Work, row: Entitlement, reason: str) -> None:
    """Take away an entitlement that was recorded by mistake; refused while anything points at it, with what does."""
    if not reason.strip():
        raise RefusedError("Say why: the journal keeps the reason.", "reason")
    takers = facts_where(work, Entitlement.base_id == row.id)
    files, runs = files_on(work, row.id), runs_of(work, row.id)
    why = [Reason(f"{row.reference} cannot be removed, because this points at it.")]
    if takers:
        why.append(Reason(f"Rests on it: {', '.join(each.reference for each in takers)}."))
    if runs:
        why.append(Reason(f"Comparisons: {', '.join(each.reference for each in runs)}."))
    found = references_about(work, Concern.ENTITLEMENT, row.id)
    if found:
        why.append(Reason(f"Findings: {', '.join(found)}."))
    if files:
        why.append(Reason(f"Files: {files}. Remove them first."))
    if len(why) > 1:
        raise RefusedError(why)
    before = _hold(work, row.pool_id, row, None)
    work.reason = reason.strip()
    work.session.delete(row)
    work.flush()
    _refuse_bare(work, before)


Before = list[tuple[LicencePool, Supply]]


def _hold(work: Work, pool_id: int, row: Entitlement | None, details: EntitlementDetails | None) -> Before:
    """Hold every pool whose supply may change, in one order, and say how each stands before."""
    pools = {pool_id}
    # What was taken from it counts no longer than it does: those pools may lose, too.
    ids = {row.base_id, *_resting_on(work, row.id)} - {None} if row is not None else set()
    wanted: list[Any] = [Entitlement.id.in_(ids)] if ids else []
    if details is not None and details.base.strip():
        wanted.append(Entitlement.reference == details.base.strip().upper())
    for condition in wanted:
        pools.update(pool for (pool,) in work.execute(select(Entitlement.pool_id).where(condition)))
    before: Before = []
    for each in sorted(pools):
        pool = lock(work, each)
        before.append((pool, supply_of(work, pool)))
    return before


def _resting_on(work: Work, entitlement_id: int) -> set[int]:
    """What was taken from an entitlement, what was taken from that, and so on."""
    found: set[int] = set()
    wanted = {entitlement_id}
    while wanted:
        rows = work.execute(select(Entitlement.id).where(Entitlement.base_id.in_(wanted)))
        wanted = {id_ for (id_,) in rows} - found
        found |= wanted
    return found


def _refuse_bare(work: Work, before: Before, field: str | None = None) -> None:
    for pool, supply in before:
        if supply.held:
            refuse_bare(supply.granted, supply_of(work, pool).granted, supply.held, work.today, field)


def _tell(work: Work, row: Entitlement, details: EntitlementDetails) -> None:
    pool = work.one_or_none(select(LicencePool).where(LicencePool.id == row.pool_id))
    assert pool is not None  # noqa: S101 - it is held
    with work.session.no_autoflush:
        base_id = _base(work, details.base, pool)
        fact = EntitlementFact(
            row.id or 0,
            row.reference or "This one",
            details.kind,
            details.quantity,
            details.starts_on,
            details.ends_on,
            row.retired_on,
            base_id,
        )
        bases = _bases(work, base_id)
        siblings = facts_where(work, Entitlement.base_id == base_id, Entitlement.id != fact.id) if base_id else []
        takers = facts_where(work, Entitlement.base_id == row.id) if row.id else []
        refuse_impossible(fact, bases, siblings, takers)
        if details.proof.strip():
            _refuse_proof(work, fact, row.pool_id, details.proof.strip(), bases)
        _refuse_place(work, pool, details.site_id)
    if details.cost_minor is not None and details.cost_minor < 0:
        raise RefusedError("A cost is no less than 0.", "cost")
    if details.cost_minor is not None and not details.currency:
        raise RefusedError("Give the currency of the cost.", "currency")
    if details.maintained_until is not None and details.maintained_until < details.starts_on:
        raise RefusedError("Maintenance ends before the entitlement starts.", "maintained_until")
    if details.renewal_notice_by is not None and details.ends_on is None:
        raise RefusedError("Notice is given of what ends: give the last day, too.", "renewal_notice_by")
    if details.renewal_notice_by is not None and details.ends_on and details.renewal_notice_by > details.ends_on:
        raise RefusedError("Notice cannot be given after the last day.", "renewal_notice_by")
    row.kind, row.quantity, row.base_id = details.kind, details.quantity, base_id
    row.starts_on, row.ends_on, row.site_id = details.starts_on, details.ends_on, details.site_id
    row.version_through = normal_version(details.version_through)
    row.version_through_key = version_key(details.version_through)
    row.may_downgrade, row.second_use = details.may_downgrade, details.second_use
    row.maintained_until, row.renewal_notice_by = details.maintained_until, details.renewal_notice_by
    row.cost_minor = details.cost_minor
    row.currency = details.currency if details.cost_minor is not None else ""
    for name in _TEXTS:
        setattr(row, name, getattr(details, name).strip())
    _agree(work, row, details.terms)


def _refuse_proof(
    work: Work, fact: EntitlementFact, pool_id: int, proof: str, bases: Mapping[int, EntitlementFact]
) -> None:
    proofs = select(Entitlement.id, Entitlement.proof).where(Entitlement.pool_id == pool_id, Entitlement.proof != "")
    wanted = folded_proof(proof)
    ids = [id_ for id_, other in work.execute(proofs) if id_ != fact.id and folded_proof(other) == wanted]
    same = facts_where(work, Entitlement.id.in_(ids)) if ids else []
    # What was given up by then is out of the count: the same proof may have been taken back and booked anew.
    refuse_same_proof(
        fact, proof, [each for each in same if not each.retired_on or each.retired_on > fact.starts_on], bases
    )


def _refuse_place(work: Work, pool: LicencePool, site_id: int | None) -> None:
    if site_id is None:
        return
    if not work.all(select(Site.id).where(Site.id == site_id)):
        raise RefusedError("Choose a site from the list.", "site")
    if pool.site_id is not None and pool.site_id != site_id:
        says = f"{pool.reference} counts one site alone, and this is another: it would cover nothing."
        raise RefusedError(Reason(says, LICENSING), "site")


def _base(work: Work, said: str, pool: LicencePool) -> int | None:
    """What it takes its units from: a licence of one publisher is upgraded to none of another."""
    reference = said.strip()
    if not reference:
        return None
    columns = select(Entitlement.id, LicencePool.publisher_id, LicencePool.reference, Publisher.name)
    statement = columns.join(LicencePool, LicencePool.id == Entitlement.pool_id).join(
        Publisher, Publisher.id == LicencePool.publisher_id
    )
    found = list(work.execute(statement.where(Entitlement.reference == reference.upper())))
    if not found:
        raise RefusedError(f"There is no entitlement {reference}.", "base")
    ((base_id, publisher_id, pool_reference, publisher),) = found
    if publisher_id != pool.publisher_id:
        says = f"{reference.upper()} is of {pool_reference}, a pool of {publisher}, and {pool.reference} is not"
        raise RefusedError(Reason(f"{says}: units are taken from a licence of the same publisher.", LICENSING), "base")
    return int(base_id)


def _bases(work: Work, base_id: int | None) -> dict[int, EntitlementFact]:
    """The base, what it rests on, and so on; a circle ends where it began."""
    found: dict[int, EntitlementFact] = {}
    while base_id is not None and base_id not in found:
        for each in facts_where(work, Entitlement.id == base_id):
            found[each.id] = each
        base_id = found[base_id].base_id if base_id in found else None
    return found


def _fact_of_term(row: EntitlementTerm) -> TermFact:
    return TermFact(row.term, row.answer, row.limit, row.says, tuple(row.site_ids))


def _agree(work: Work, row: Entitlement, terms: Iterable[TermFact]) -> None:
    """Let its terms be these; what is not among them is no longer said."""
    said = {each.term: _fact_of_term(each) for each in row.terms}
    wanted: Mapping[Any, TermFact] = {
        each.term: replace(each, says=each.says.strip(), site_ids=tuple(sorted(set(each.site_ids)))) for each in terms
    }
    for term, fact in wanted.items():
        # What stands already is no new saying: an older term is not in the way of another change.
        if fact != said.get(term):
            refuse_wordless(fact)
            _refuse_sites(work, fact)
    if row.id and said != wanted:
        # Its version counts what is said in its terms, too: of two who change them, the second is refused.
        flag_modified(row, "notes")
    row.terms = [each for each in row.terms if each.term in wanted]
    there = {each.term: each for each in row.terms}
    for term, fact in wanted.items():
        told = {"answer": fact.answer, "limit": fact.limit, "says": fact.says, "site_ids": list(fact.site_ids)}
        kept = there.get(term)
        if kept is None:
            row.terms.append(EntitlementTerm(term=term, **told))
            continue
        for name, value in told.items():
            if getattr(kept, name) != value:
                setattr(kept, name, value)


def _refuse_sites(work: Work, fact: TermFact) -> None:
    if not fact.site_ids:
        return
    known = set(work.all(select(Site.id).where(Site.id.in_(fact.site_ids))))
    if set(fact.site_ids) - known:
        raise RefusedError("There is no such site. Choose among the sites of the organisation.", "sites_allowed_sites")
