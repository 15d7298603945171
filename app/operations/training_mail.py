"""Tell people by mail which courses were assigned to them: one mail a person and act, however many courses it holds."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from app.domain.dates import say
from app.operations import outbox
from app.queries.learners import Learner
from app.work import Work

Given = tuple[Learner, int, date | None]
"""Who is to take which course, and by when."""


def tell_assigned(work: Work, given: Iterable[Given], courses: Iterable[tuple[int, str, str]]) -> int:
    """Post a mail to everybody to whom something was assigned; gives how many. `courses` are all, in their order.

    Whoever was asked the same by the same days reads the same, so that many are told as fast as they are asked.
    """
    named = {id_: (reference, title) for id_, reference, title in courses}
    order = {id_: place for place, id_ in enumerate(named)}
    asked: dict[int, list[tuple[int, date | None]]] = defaultdict(list)
    people: dict[int, Learner] = {}
    for person, course_id, due_on in given:
        people[person.id] = person
        asked[person.id].append((course_id, due_on))
    alike: dict[tuple[tuple[int, date | None], ...], list[Learner]] = defaultdict(list)
    for id_, wanted in asked.items():
        alike[tuple(sorted(wanted, key=lambda each: order[each[0]]))].append(people[id_])
    told = 0
    for given_alike, whom in alike.items():
        rows = [(*named[course_id], say(due_on) if due_on is not None else "") for course_id, due_on in given_alike]
        title = f"{rows[0][1]} is assigned to you" if len(rows) == 1 else f"{len(rows)} courses are assigned to you"
        organisation = work.organisation
        told += outbox.post_alike(
            work,
            [(each.id, each.name, each.email) for each in whom],
            subject=f"{title} · {organisation.name}",
            template="training",
            context={"title": title, "courses": rows, "organisation": organisation.name, "slug": organisation.slug},
        )
    return told
