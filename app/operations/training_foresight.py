"""What is known before training is assigned, beside its rows: the seats that it needs, the rules that ask the same."""

from dataclasses import dataclass
from datetime import date

from app.domain.subscription.seats import SeatKind, levels
from app.models.training_assignment import TrainingRule
from app.operations.training_assignments import Preview, Wish, courses_of
from app.queries.subscription_seats import is_counted, seats_of, without_seat
from app.queries.training_matrix import rules_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class SeatsNeeded:
    """Seats to take courses from today through the last day by which any is due, or today where none has a day.

    `needed` are those of people who have none on all of these days, `free` as many as are free on each of them.
    """

    needed: int
    free: int
    last: date
    who: tuple[str, ...]
    """The names of those without one."""

    @property
    def lacking(self) -> int:
        return max(0, self.needed - self.free)


def seats_needed(work: Work, preview: Preview) -> SeatsNeeded | None:
    """The seats that an assignment needs against those that are free; None where seats are not counted."""
    days = [due_on for _, _, due_on in preview.due if due_on is not None]
    last = max([work.today, *days])
    if not is_counted(work, SeatKind.LMS, last):
        return None
    people = {each.id: each.name for each, _, _ in preview.due}
    without = without_seat(work, people, SeatKind.LMS, work.today, last)
    held = seats_of(work, SeatKind.LMS, work.today)
    free = min(each.free for each in levels(held.pools, held.assignments, work.today, last))
    return SeatsNeeded(len(without), free, last, tuple(people[id_] for id_ in people if id_ in without))


def rules_alike(work: Work, wish: Wish, preview: Preview) -> list[TrainingRule]:
    """The rules in force that ask the same already, of the same people or of more."""
    if not wish.goes_on or wish.people:
        return []
    wanted = {id_ for id_, _, _ in preview.courses}
    found = []
    for rule in rules_of(work):
        in_force = rule.ended_on is None or rule.ended_on > work.today
        if not in_force or rule.role not in (None, wish.role) or rule.site_id not in (None, wish.site_id):
            continue
        asked = {id_ for id_, _, _ in courses_of(work, rule.course_id, rule.path_id, strictly=False)}
        if wanted <= asked:
            found.append(rule)
    return found
