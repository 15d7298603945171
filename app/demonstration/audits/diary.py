"""Who does what on which day: written down in any order, done in the order of the days."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from app.demonstration.cast import acting
from app.domain.certification.facts import AuditKind
from app.models.audit import Audit
from app.models.person import Person
from app.queries.audits import audit_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person of the story does on a day."""

    on: date
    by: str
    do: Callable[[], object]


@dataclass(slots=True)
class Diary:
    """The deeds of the story, the audits it is about by their title, and the references of what came of them."""

    work: Work
    cast: dict[str, Person]
    deeds: list[Deed] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    """Of findings and actions, by the word by which the story calls them."""
    audits: dict[str, Audit] = field(init=False)

    def __post_init__(self) -> None:
        internal = select(Audit).where(Audit.kind == AuditKind.INTERNAL)
        self.audits = {audit.title: audit for audit in self.work.all(internal)}

    @property
    def today(self) -> date:
        """The day on which the story is told."""
        return self.work.today

    def on(self, day: date, by: str, do: Callable[[], object]) -> None:
        """Somebody does something on a day, or on the Friday before a weekend."""
        self.deeds.append(Deed(day - timedelta(days=max(day.weekday() - 4, 0)), by, do))

    def held(self, title: str) -> Audit:
        """An audit with all its parts, held until the work is done."""
        audit = audit_of(self.work, self.audits[title].reference, lock=True)
        if audit is None:
            raise LookupError(f"the story has no audit “{title}”")
        return audit

    def tell(self) -> None:
        """Let them all do it, the oldest first."""
        for deed in sorted(self.deeds, key=lambda each: each.on):
            with acting(self.work, self.cast[deed.by], deed.on):
                deed.do()
