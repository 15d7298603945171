"""What a report is: its words, what it may be asked, and the one function that makes its document."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from app.catalogue import characteristics
from app.domain.document import Column, Document, Note, Notes, Serves, Table
from app.domain.explained import RefusedError
from app.domain.implementation.drawn import DrawnPlan
from app.domain.permission import Permission
from app.queries.journal import head_of
from app.work import Work

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Option:
    """Something that a report may be asked: one of a list, or a day where there is no list."""

    name: str
    label: str
    choices: Callable[[Work], Choices] | None = None
    all: str = "All"
    """What the list says where nothing is chosen; empty: something always is, and without a word the first."""


class Body(NamedTuple):
    """What the function of a report gives."""

    says: str
    tables: tuple[Table, ...]
    drawings: tuple[DrawnPlan, ...] = ()


@dataclass(slots=True)
class Asked:
    """What is asked of a report, and how much of it."""

    values: Mapping[str, str]
    day: date
    most: int | None
    """So many rows are looked at; None is all."""
    notes: Notes
    whole: bool = True

    def take(self, rows: Iterable[Any]) -> list[Any]:
        """The rows, no more than are asked for."""
        if self.most is None:
            return list(rows)
        taken = list(islice(rows, self.most + 1))
        if len(taken) > self.most:
            self.whole = False
        return taken[: self.most]


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the register."""

    name: str
    title: str
    is_for: str
    """What it is for, in one sentence."""
    serves: tuple[int, ...]
    """Which of the five characteristics of IT assets it is evidence of. [ISO/IEC 19770-1:2017]"""
    tell: Callable[[Work, Asked], Body]
    options: tuple[Option, ...] = ()
    needs: Permission = Permission.SEE_ASSETS
    serves_besides: tuple[Serves, ...] = ()
    """What else it is evidence of."""

    @property
    def evidence(self) -> tuple[Serves, ...]:
        """What it is evidence of, with the clauses."""
        of_assets = [Serves(each.topic, each.clauses) for each in characteristics() if each.number in self.serves]
        return (*of_assets, *self.serves_besides)


def asked_values(work: Work, report: Report, said: Mapping[str, str]) -> dict[str, str]:
    """What an address asks of a report, by option; raises `RefusedError` at the option that nothing answers."""
    found: dict[str, str] = {}
    for option in report.options:
        value = said.get(option.name, "").strip()
        if option.choices is None:
            found[option.name] = _day(value or work.today.isoformat(), option).isoformat()
            continue
        choices = [each for each, _ in option.choices(work)]
        if value and value not in choices:
            raise RefusedError(f"{option.label}: there is no “{value[:60]}”. Choose one of the list.", option.name)
        found[option.name] = value or (choices[0] if choices and not option.all else "")
    return found


def _day(value: str, option: Option) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise RefusedError(f"{option.label}: there is no such day. Write it as 2027-03-14.", option.name) from None


def document_of(
    work: Work, report: Report, values: Mapping[str, str], made_by: str, *, most: int | None = None
) -> Document:
    """A report of the organisation of the work, with no more than so many rows of each table; None is all."""
    days = [values[option.name] for option in report.options if option.choices is None]
    asked = Asked(values, date.fromisoformat(days[0]) if days else work.today, most, Notes())
    body = report.tell(work, asked)
    head = head_of(work)
    return Document(
        name=report.name,
        title=report.title,
        organisation=work.organisation.name,
        day=asked.day,
        made_on=work.today,
        made_by=made_by,
        says=body.says,
        serves=report.evidence,
        tables=body.tables,
        notes=asked.notes.all(),
        journal_entries=head.length,
        journal_head=head.head,
        narrowed=tuple(narrowed(work, report, values)),
        drawings=body.drawings,
        whole=asked.whole,
    )


SAID_OF_IT = (Column("What", breadth=2), Column("Said of it", breadth=8))
"""The head of a table of what is said of one thing."""


def document_on(
    work: Work,
    name: str,
    title: str,
    made_by: str,
    *,
    says: str,
    tables: tuple[Table, ...],
    narrowed: tuple[tuple[str, str], ...],
    notes: tuple[Note, ...] = (),
) -> Document:
    """The paper of one thing as it stands today: an audit's plan, a programme."""
    head = head_of(work)
    return Document(
        name=name,
        title=title,
        organisation=work.organisation.name,
        day=work.today,
        made_on=work.today,
        made_by=made_by,
        says=says,
        serves=(),
        tables=tables,
        notes=notes,
        journal_entries=head.length,
        journal_head=head.head,
        narrowed=narrowed,
    )


def file_name_of(document: Document, form: str) -> str:
    """What a report is called as a file: what it is, and the day that it tells of."""
    return f"{document.name}-{document.day.isoformat()}.{form}"


def narrowed(work: Work, report: Report, values: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """What was asked of a report by its lists, in the words of the pages."""
    for option in report.options:
        value = values.get(option.name, "")
        if value and option.choices is not None:
            yield option.label, dict(option.choices(work)).get(value, value)


def words_of(members: Iterable[Any]) -> Callable[[Work], Choices]:
    """The choices that an enumeration gives."""
    listed = [(each.value, each.label) for each in members]
    return lambda work: listed


def say_count(count: int, one: str, many: str | None = None) -> str:
    """A number of things in words: 1 asset, 1,250 assets."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


__all__ = [
    "SAID_OF_IT",
    "Asked",
    "Body",
    "Choices",
    "Option",
    "Report",
    "asked_values",
    "document_of",
    "document_on",
    "file_name_of",
    "narrowed",
    "say_count",
    "words_of",
]
