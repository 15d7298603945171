"""The editions that an organisation can be certified to: the catalogue's, and over them its own word."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.catalogue import editions, standards
from app.domain.dates import say
from app.models.organisation import OwnEdition
from app.work import Work


@dataclass(frozen=True, slots=True)
class EditionChoice:
    """An edition of a standard by its full name, and the last day of its certificates where one binds."""

    name: str
    deadline: date | None = None
    ended: bool = False
    provisional: bool = False

    @property
    def standard(self) -> str:
        return self.name.rpartition(":")[0]

    @property
    def edition(self) -> str:
        return self.name.rpartition(":")[2]

    @property
    def label(self) -> str:
        if self.deadline is None or self.provisional:
            return self.name
        return f"{self.name} ({'ended' if self.ended else 'ends'} {say(self.deadline)})"


def editions_on_offer(work: Work) -> list[EditionChoice]:
    """Every edition known, by standard, the newest first; whatever is not here is refused."""
    # An audit is carried out under the standard for certification bodies; nobody is certified to it.
    barred = {each.full_name for each in standards() if not each.certifiable}
    found = {
        each.name: EditionChoice(
            each.name,
            each.deadline,
            each.binds and each.deadline is not None and each.deadline < work.today,
            not each.binds,
        )
        for each in editions()
        if each.certifiable and each.name not in barred
    }
    for standard in standards():
        if standard.certifiable:
            found.setdefault(standard.full_name, EditionChoice(standard.full_name))
    for own in work.all(select(OwnEdition)):
        ended = own.deadline is not None and own.deadline < work.today
        found[own.full_name] = EditionChoice(own.full_name, own.deadline, ended)
    newest_first = sorted(found.values(), key=lambda each: each.edition, reverse=True)
    return sorted(newest_first, key=lambda each: each.standard)


def edition_named(work: Work, name: str) -> EditionChoice | None:
    """The edition of that full name; None where nobody knows it."""
    return next((each for each in editions_on_offer(work) if each.name == name), None)
