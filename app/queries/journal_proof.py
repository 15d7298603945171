"""Whether the journal is what was written: every entry in its place, unaltered, up to the head of its chain.

The chain has no key: whoever may rewrite all of it could forge it whole. That is why its head is kept elsewhere too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.journal import JournalChain, JournalEntry
from app.models.organisation import Organisation
from app.work.journal import GENESIS, chain_of, digest

_COLUMNS = (
    JournalEntry.number,
    JournalEntry.at,
    JournalEntry.actor_id,
    JournalEntry.action,
    JournalEntry.noun,
    JournalEntry.noun_id,
    JournalEntry.reference,
    JournalEntry.changes,
    JournalEntry.reason,
    JournalEntry.previous,
    JournalEntry.hash,
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of proving one chain: whole, or the first fault and the entry at which it shows."""

    chain: str
    length: int
    head: str
    fault: str = ""
    number: int | None = None
    has_kept_head: bool = False
    """Whether a hash that was kept elsewhere is that of one of its entries."""

    @property
    def is_whole(self) -> bool:
        return not self.fault

    def __str__(self) -> str:
        if self.is_whole:
            return f"{self.chain}: whole, {self.length} {'entry' if self.length == 1 else 'entries'}, head {self.head}"
        return f"{self.chain}: {self.fault}"


def heads(session: Session) -> list[tuple[str, int, str]]:
    """Every chain with its length and the hash of its latest entry, to keep elsewhere."""
    rows = session.execute(select(JournalChain.name, JournalChain.length, JournalChain.head))
    return sorted(((name, length, head) for name, length, head in rows), key=_by_number)


def prove_all(session: Session, kept_head: str | None = None) -> Iterator[Proof]:
    """Prove every chain, and that every organisation has one; reads each entry once, in order."""
    chains = [name for name, _, _ in heads(session)]
    expected = [chain_of(None), *(chain_of(id_) for id_ in session.scalars(select(Organisation.id)))]
    for name in expected:
        if name not in chains:
            yield Proof(name, 0, "", fault="the chain itself is missing")
    for name in chains:
        yield prove(session, name, kept_head)
    strays = session.scalars(
        select(JournalEntry.chain).distinct().where(JournalEntry.chain.not_in(select(JournalChain.name)))
    )
    for name in strays.all():
        if name not in expected:
            yield Proof(name, 0, "", fault="there are entries of a chain that is not there")


def prove(session: Session, chain: str, kept_head: str | None = None) -> Proof:
    """Prove one chain: the first entry that is altered, missing or out of its order is named."""
    found = session.execute(
        select(JournalChain.length, JournalChain.head).where(JournalChain.name == chain)
    ).one_or_none()
    if found is None:
        return Proof(chain, 0, "", fault="there is no such chain")
    length, head = found
    kept = kept_head == GENESIS

    def fault(number: int, says: str) -> Proof:
        return Proof(chain, length, head, fault=says, number=number, has_kept_head=kept)

    # What is written while this reads lies beyond the length that was read first.
    statement = (
        select(*_COLUMNS)
        .where(JournalEntry.chain == chain, JournalEntry.number <= length)
        .order_by(JournalEntry.number)
        .execution_options(yield_per=5000)
    )
    expected, previous = 0, GENESIS
    row: Any
    for row in session.execute(statement):
        expected += 1
        number: int = row[0]
        if number != expected:
            first = f"entry {expected} is missing" if number > expected else f"entry {number} stands there twice"
            return fault(expected, first)
        kept = kept or row[10] == kept_head
        whole = digest(
            previous=row[9],
            chain=chain,
            number=number,
            at=row[1],
            actor_id=row[2],
            action=row[3],
            noun=row[4],
            noun_id=row[5],
            reference=row[6],
            changes=row[7],
            reason=row[8],
        )
        if whole != row[10]:
            return fault(number, f"entry {number} was altered: it does not give the hash that was written with it")
        if row[9] != previous:
            return fault(
                number,
                f"entry {number} does not follow entry {number - 1}: one of them was replaced or moved"
                if number > 1
                else "entry 1 is not the first that was written",
            )
        previous = row[10]
    if expected < length:
        gone = f"entry {length} is" if expected + 1 == length else f"entries {expected + 1} to {length} are"
        return fault(expected + 1, f"{gone} missing at the end")
    if previous != head:
        return fault(length, f"entry {length} is not the one that the head of the chain names")
    now, last = session.execute(
        select(
            select(JournalChain.length).where(JournalChain.name == chain).scalar_subquery(),
            select(func.max(JournalEntry.number)).where(JournalEntry.chain == chain).scalar_subquery(),
        )
    ).one()
    if (last or 0) > (now or 0):
        return fault((now or 0) + 1, f"entry {(now or 0) + 1} stands behind the head of the chain")
    return Proof(chain, length, head, has_kept_head=kept)


def _by_number(row: tuple[str, int, str]) -> tuple[bool, int]:
    number = row[0].rpartition("-")[2]
    return number.isdigit(), int(number) if number.isdigit() else 0
