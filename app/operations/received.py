"""An entry that a page sends twice, after a lost answer, is made once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.explained import RefusedError
from app.models.base import JsonValue
from app.models.received_entry import ReceivedEntry
from app.work import Work
from app.work.journal import NAMED

LONGEST_KEY = 40


@dataclass(frozen=True, slots=True)
class Received:
    """What came of an entry: the reference or id of what was made, and whether it had come before."""

    result: str
    again: bool


def once(work: Work, key: str, deed: str, said: Mapping[str, JsonValue], do: Callable[[], str]) -> Received:
    """Do what an entry asks, unless the same person sent the same entry before; then give what came of it then.

    `key` is an id of the page's own making, `deed` what is asked for, `said` all that the entry says. The row goes
    first, so that of two that come at once the second waits for the first. An entry that is refused leaves nothing
    behind, since its request is undone. The same key with other words is refused: it is another entry.
    """
    if not key or len(key) > LONGEST_KEY or work.actor_id is None:
        raise RefusedError("The page sent an entry without its number. Load the page again, and send it once more.")
    fingerprint = sha256(json.dumps([deed, dict(said)], sort_keys=True, default=str).encode()).hexdigest()
    values = {
        "organisation_id": work.home,
        "person_id": work.actor_id,
        "key": key,
        "deed": deed,
        "fingerprint": fingerprint,
        "result": "",
        "received_at": work.now,
    }
    dialect = work.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(ReceivedEntry).values(**values).on_conflict_do_nothing()
    named = statement.returning(ReceivedEntry.id).execution_options(**{NAMED: True})
    is_new = work.execute(named).first() is not None
    mine = select(ReceivedEntry).where(ReceivedEntry.key == key, ReceivedEntry.person_id == work.actor_id)
    entry = work.one_or_none(mine.execution_options(populate_existing=True))
    if entry is None:
        raise LookupError("the row of an entry is gone")
    if not is_new:
        if entry.fingerprint != fingerprint:
            raise RefusedError("An entry with this number came before and said something else. Load the page again.")
        return Received(entry.result, again=True)
    entry.result = do()
    work.flush()
    return Received(entry.result, again=False)
