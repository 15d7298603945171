"""The journal of an organisation as people read it: filtered, newest first, a page at a time.

Whoever reads says which tables are `unseen` by them (app/domain/journal_seen.py): of those no value is told or found.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, or_, select, tuple_, union_all

from app.domain.journal import MADE, NOT_SHOWN, Change, asked_row, noun_of, say_action, say_at, say_changes
from app.domain.journal_nouns import OWNERS, PART_OF, POINTERS, SHORT
from app.domain.journal_seen import is_nameless, is_open
from app.domain.journal_told import TOLD_BY
from app.models.journal import JournalChain, JournalEntry
from app.models.person import Person
from app.queries.journal_names import NAMED, PARTS
from app.queries.journal_parts import parts_of, rows_called
from app.work import Work
from app.work.journal import chain_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: every condition that is set has to hold."""

    noun: str = ""
    row: str = ""
    """The id of a row of that noun."""
    reference: str = ""
    person_id: int | None = None
    action: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is asked at all."""
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it reads."""

    number: int
    at: str
    who: str
    verb: str
    what: str
    changes: tuple[Change, ...]
    reason: str
    noun: str
    noun_id: str
    reference: str
    hash: str

    def __str__(self) -> str:
        return f"{self.who} {self.verb} {self.what}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries; `older` is the number to go on before, None on the last page."""

    lines: tuple[Line, ...]
    older: int | None


def head_of(work: Work) -> JournalChain:
    """The organisation's chain: how long it is, and the hash of its latest entry."""
    chain = work.one_or_none(select(JournalChain).where(JournalChain.name == chain_of(work.home)))
    if chain is None:
        raise LookupError(f"the journal has no chain {chain_of(work.home)}")
    return chain


def page_of(work: Work, wanted: Wanted, unseen: frozenset[str], before: int | None = None) -> Page:
    """The newest entries, or those before a number; found by the index, however far back."""
    statement = _asked(work, wanted, unseen).order_by(JournalEntry.number.desc()).limit(PAGE + 1)
    if before is not None:
        statement = statement.where(JournalEntry.number < before)
    entries = work.all(statement)
    shown = entries[:PAGE]
    return Page(tuple(lines_of(work, shown, unseen)), shown[-1].number if len(entries) > PAGE else None)


def count_of(work: Work, wanted: Wanted, unseen: frozenset[str]) -> int:
    """How many entries are as asked."""
    statement: Any = _asked(work, wanted, unseen).with_only_columns(func.count())
    return int(work.execute(statement).scalar_one())


def all_lines(work: Work, wanted: Wanted, unseen: frozenset[str]) -> Iterator[Line]:
    """Every entry, oldest first, some at a time."""
    after = 0
    while True:
        statement = (
            _asked(work, wanted, unseen).where(JournalEntry.number > after).order_by(JournalEntry.number).limit(500)
        )
        entries = work.all(statement)
        if not entries:
            return
        yield from lines_of(work, entries, unseen)
        after = entries[-1].number
        for entry in entries:
            work.session.expunge(entry)


def lines_of(work: Work, entries: Sequence[JournalEntry], unseen: frozenset[str]) -> list[Line]:
    """The entries in words; names of persons are looked up now, so that an erased person stays erased."""
    zone = work.organisation.time_zone
    loaded = [(entry, json.loads(entry.changes)) for entry in entries]
    names = _Names(work, loaded, unseen)
    lines = []
    for entry, changes in loaded:
        lines.append(
            Line(
                entry.number,
                say_at(entry.at, zone),
                names.of("person", entry.actor_id) if entry.actor_id is not None else "Triennium",
                say_action(entry.action, entry.noun, changes),
                names.object(entry, changes),
                say_changes(changes, names.of, zone, unseen=entry.noun in unseen),
                NOT_SHOWN if entry.reason and entry.noun in unseen else entry.reason,
                entry.noun,
                entry.noun_id,
                names.whole(entry, changes),
                entry.hash,
            )
        )
    return lines


def nouns_in(work: Work) -> list[str]:
    """The kinds of thing that this journal tells of."""
    statement = select(JournalEntry.noun).where(JournalEntry.chain == chain_of(work.home)).distinct()
    return sorted(work.all(statement), key=noun_of)


def actions_in(work: Work) -> list[str]:
    """What was ever done, the three that happen to every row first."""
    statement = select(JournalEntry.action).where(JournalEntry.chain == chain_of(work.home)).distinct()
    order = list(MADE)
    return sorted(work.all(statement), key=lambda action: (action not in order, action))


def actors_in(work: Work) -> list[tuple[int, str]]:
    """The persons who ever did something here, by name."""
    acted = (
        select(JournalEntry.actor_id)
        .where(JournalEntry.chain == chain_of(work.home), JournalEntry.actor_id.is_not(None))
        .distinct()
    )
    people = work.all(select(Person).where(Person.id.in_(acted)))
    return sorted(((person.id, person.label) for person in people), key=lambda each: each[1].casefold())


def _asked(work: Work, wanted: Wanted, unseen: frozenset[str]) -> Select[Any]:
    zone = ZoneInfo(work.organisation.time_zone)
    statement: Select[Any] = select(JournalEntry).where(JournalEntry.chain == chain_of(work.home))
    if wanted.noun:
        statement = statement.where(JournalEntry.noun == wanted.noun)
    if wanted.row:
        statement = statement.where(JournalEntry.noun_id == wanted.row)
    if wanted.reference:
        statement = statement.where(_about(work, wanted.reference, unseen))
    if wanted.person_id is not None:
        statement = statement.where(JournalEntry.actor_id == wanted.person_id)
    if wanted.action:
        statement = statement.where(JournalEntry.action == wanted.action)
    if wanted.since:
        statement = statement.where(JournalEntry.at >= _text_of(wanted.since, zone))
    if wanted.until and wanted.until < date.max:
        statement = statement.where(JournalEntry.at < _text_of(wanted.until + timedelta(days=1), zone))
    if wanted.text:
        said = (JournalEntry.changes, JournalEntry.reason, JournalEntry.reference)
        *held, in_reference = (column.icontains(wanted.text, autoescape=True) for column in said)
        found = or_(*held)
        if unseen:
            found = and_(JournalEntry.noun.not_in(unseen), found)
        statement = statement.where(or_(found, in_reference))
    return statement


def _about(work: Work, reference: str, unseen: frozenset[str]) -> Any:
    """The entries of a thing, of its parts and of theirs, also of those that are gone."""
    mine = select(JournalEntry.id).where(JournalEntry.chain == chain_of(work.home))
    found = [mine.where(JournalEntry.reference == reference)]
    for noun, id_ in work.execute(rows_called(reference)):
        if is_nameless(noun, unseen):
            continue
        found.append(mine.where(_one_of(noun, [str(id_)])))
        found += [mine.where(_one_of(part, ids)) for part, ids in parts_of(noun, id_)]
        found.append(mine.where(_was_part(work, noun, id_)))
    # Each finds its entries by the index; as one condition with many alternatives they would be looked through.
    return JournalEntry.id.in_(union_all(*found))


def _one_of(noun: str, ids: Any) -> Any:
    return and_(JournalEntry.noun == noun, JournalEntry.noun_id.in_(ids))


def _was_part(work: Work, noun: str, id_: int) -> Any:
    """Every row that ever named this one as what it is part of: its entries, whatever became of it."""
    named = [
        JournalEntry.changes.contains(f'"{field}":[{pair}]')
        for field, pointed in POINTERS.items()
        if pointed == noun and field in OWNERS
        for pair in (f"null,{id_}", f"{id_},null")
    ]
    rows = select(JournalEntry.noun, JournalEntry.noun_id).where(JournalEntry.chain == chain_of(work.home), or_(*named))
    return tuple_(JournalEntry.noun, JournalEntry.noun_id).in_(rows)


def _text_of(day: date, zone: ZoneInfo) -> str:
    try:
        moment = datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        moment = datetime.combine(day, time(), UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


class _Names:
    """The names of all rows that some entries speak of, looked up once for all of them."""

    def __init__(
        self, work: Work, loaded: Iterable[tuple[JournalEntry, dict[str, Any]]], unseen: frozenset[str]
    ) -> None:
        self._unseen = unseen
        loaded = list(loaded)
        wanted: dict[str, set[Any]] = defaultdict(set)
        parts: dict[str, set[int]] = defaultdict(set)
        for entry, changes in loaded:
            if entry.actor_id is not None:
                wanted["person"].add(entry.actor_id)
            for field, value in changes.items():
                if field in POINTERS:
                    held = [each for one in _values(value) for each in _values(one)]
                    wanted[POINTERS[field]].update(each for each in held if isinstance(each, int))
                for pointed in _asked_rows(field, value):
                    wanted[pointed[0]].add(pointed[1])
            if entry.noun in NAMED and entry.noun_id.isdigit():
                wanted[entry.noun].add(int(entry.noun_id))
            if entry.noun in PART_OF and PART_OF[entry.noun] not in changes and entry.noun_id.isdigit():
                parts[entry.noun].add(int(entry.noun_id))
        self._whole: dict[tuple[str, int], int] = {}
        for noun, ids in parts.items():
            id_column, whole_column = PARTS[noun]
            for id_, whole in work.execute(select(id_column, whole_column).where(id_column.in_(ids))):
                self._whole[noun, id_] = whole
                wanted[POINTERS[PART_OF[noun]]].add(whole)
        self._known: dict[tuple[str, int], str] = {}
        for noun, ids in wanted.items():
            if noun == "person":
                for person in work.all(select(Person).where(Person.id.in_(ids))):
                    self._known[noun, person.id] = person.label
            elif noun in NAMED and not is_nameless(noun, unseen):
                id_column, name_column = NAMED[noun]
                for id_, name in work.execute(select(id_column, name_column).where(id_column.in_(ids))):
                    self._known[noun, id_] = name

    def of(self, noun: str, id_: Any) -> str:
        """The name of a row; a row that is gone keeps its number."""
        return self._known.get((noun, id_)) or f"{noun_of(noun)} {id_}"

    def whole(self, entry: JournalEntry, changes: dict[str, Any]) -> str:
        """The reference under which all entries about the same thing are found; empty where there is none."""
        if entry.reference or POINTERS.get(PART_OF.get(entry.noun, "")) not in ("certificate", "audit", "asset"):
            return entry.reference
        field = PART_OF[entry.noun]
        held = [each for each in _values(changes.get(field)) if each is not None]
        id_ = held[0] if held else self._whole.get((entry.noun, int(entry.noun_id)))
        return self._known.get((POINTERS[field], id_ or 0), "")

    def _part(self, entry: JournalEntry, changes: dict[str, Any]) -> str:
        """What tells a part from the others of its whole: what the entry says of it, else its name."""
        noun = entry.noun
        said = SHORT.get(noun) or noun_of(noun)
        for field in TOLD_BY.get(noun, ()):
            if noun in self._unseen and not is_open(field):
                continue
            held = [each for each in _values(changes.get(field)) if each is not None]
            if held:
                told = self.of(POINTERS[field], held[-1]) if field in POINTERS else str(held[-1]).replace("-", " ")
                return f"{said} {told}" if field in POINTERS else f"{said} “{told}”"
        known = self._known.get((noun, int(entry.noun_id))) if entry.noun_id.isdigit() else None
        return f"{said} “{known}”" if known else said

    def object(self, entry: JournalEntry, changes: dict[str, Any]) -> str:
        """What an entry is about: by its reference, by what it is part of, or by its name."""
        noun = noun_of(entry.noun)
        if entry.reference:
            return entry.reference if entry.noun in ("audit", "certificate") else f"{noun} {entry.reference}"
        if entry.noun == "organisation":
            return "the organisation"
        id_ = int(entry.noun_id) if entry.noun_id.isdigit() else None
        if entry.noun in PART_OF:
            field = PART_OF[entry.noun]
            held = [each for each in _values(changes.get(field)) if each is not None] or [
                self._whole.get((entry.noun, id_ or 0))
            ]
            if held[0] is not None:
                return f"{self._part(entry, changes)} of {self.of(POINTERS[field], held[0])}"
        if (entry.noun, id_) in self._known:
            return f"{noun} {self._known[entry.noun, id_ or 0]}"
        said = None if entry.noun in self._unseen else _name_in(changes)
        named = [each for each in _values(said) if isinstance(each, str)]
        return f"{noun} {named[-1]}" if named else f"{noun} {entry.noun_id}"


def _name_in(changes: dict[str, Any]) -> Any:
    return changes.get("name") or changes.get("edition") or changes.get("file_name")


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _asked_rows(field: str, value: Any) -> Iterator[tuple[str, int]]:
    for held in _values(value) if field == "asked" else ():
        if isinstance(held, dict):
            yield from (row for name, each in held.items() if (row := asked_row(name, each)))
