"""Processes: recorded, changed, and removed while nothing points at them."""

from dataclasses import dataclass
from operator import attrgetter

from sqlalchemy import select

from app.catalogue import points_of
from app.domain.explained import Reason, RefusedError
from app.domain.programme.scope import Numbered, expanded
from app.models.organisation import Membership
from app.models.process import Process, ProcessClause, ProcessPerformer
from app.operations.conflict import refuse_if_changed
from app.operations.references import next_reference
from app.queries.processes import pointers_at
from app.work import Work

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessDetails:
    """What is said of a process; people by the id of the person, clauses by standard and number."""

    name: str
    purpose: str = ""
    owner_id: int | None = None
    performers: frozenset[int] = frozenset()
    clauses: frozenset[Numbered] = frozenset()


def create(work: Work, details: ProcessDetails) -> Process:
    """Record a process that is audited."""
    row = Process(performers=[], clauses=[])
    reference = next_reference(work, Process, "P-", digits=2)
    _tell(work, row, details)
    row.reference = reference
    return work.add(row)


def edit(work: Work, row: Process, details: ProcessDetails, seen: int | None = None) -> None:
    """Change what is said of a process that was loaded for update; who saw an older version is refused."""
    refuse_if_changed(row, seen, row.reference)
    _tell(work, row, details)
    work.flush()


def remove(work: Work, row: Process) -> None:
    """Take away a process that was recorded by mistake; refused while an audit or a finding names it."""
    pointers = pointers_at(work, row.id)
    if pointers:
        why = [Reason(f"{row.reference} cannot be removed, because this points at it.")]
        for noun, names in pointers.items():
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            why.append(Reason(f"{noun}: {', '.join(names[:5])}{more}"))
        raise RefusedError(why)
    work.session.delete(row)
    work.flush()


def checked_points(chosen: frozenset[Numbered], field: str) -> frozenset[Numbered]:
    """What is chosen of standards, with all below it; refused where a standard has no such point."""
    found: set[Numbered] = set()
    for standard in sorted({standard for standard, _ in chosen}):
        numbers = {number for named, number in chosen if named == standard}
        known = [point.number for point in points_of(standard)]
        whole = expanded(numbers, known)
        if not known or any(not expanded({number}, known) for number in numbers):
            raise RefusedError(f"{standard} has no such clause: choose from the list.", field)
        found.update((standard, number) for number in whole)
    return frozenset(found)


def refuse_strangers(work: Work, people: frozenset[int], field: str) -> None:
    """Refuse people who are no members of the organisation."""
    members = select(Membership.person_id).where(Membership.person_id.in_(people), Membership.ended_at.is_(None))
    if people - set(work.all(members)):
        raise RefusedError("Choose members of this organisation from the list.", field)


def _tell(work: Work, row: Process, details: ProcessDetails) -> None:
    name = " ".join(details.name.split())
    if not name:
        raise RefusedError("Give the process a name.", "name")
    with work.session.no_autoflush:
        taken = work.all(select(Process).where(Process.name == name, Process.id != row.id))
        if taken:
            raise RefusedError(f"{taken[0].reference} is called {name} already.", "name")
        # Whoever has left since stays named until somebody takes their place.
        if details.owner_id is not None and details.owner_id != row.owner_id:
            refuse_strangers(work, frozenset({details.owner_id}), "owner")
        there = {each.person_id: each for each in row.performers}
        refuse_strangers(work, details.performers - set(there), "performers")
    clauses = checked_points(details.clauses, "clauses")
    row.name, row.purpose, row.owner_id = name[:LONGEST_NAME], details.purpose.strip(), details.owner_id
    for person_id in set(there) - details.performers:
        row.performers.remove(there[person_id])
    row.performers.extend(ProcessPerformer(person_id=each) for each in sorted(details.performers - set(there)))
    served = {(each.standard, each.clause): each for each in row.clauses}
    for point in set(served) - clauses:
        row.clauses.remove(served[point])
    new = [ProcessClause(standard=standard, clause=clause) for standard, clause in clauses - set(served)]
    row.clauses.extend(sorted(new, key=attrgetter("standard", "clause")))
