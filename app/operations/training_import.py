"""Past completions from a file: all of it in one transaction, or nothing and every faulty line by its number."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.dates import say
from app.domain.itam.rows import Fault, Reading, Told, refuse_unless_whole
from app.domain.training.completion import last_valid_day
from app.domain.training.completion_fields import COMPLETIONS
from app.models.completion import Completion
from app.models.course import Course
from app.models.organisation import Organisation
from app.queries.learners import learners
from app.work import Work


@dataclass(slots=True)
class CompletionPlan:
    """What the import of a file will do."""

    additions: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    """The line, what it says in words, and its columns."""
    left: int = 0
    """Lines that are on record already."""
    faults: list[Fault] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Changes with anything that the import would do."""
        said = [(line, label, values["valid_until"]) for line, label, values in self.additions]
        return hashlib.sha256(repr((said, self.left)).encode()).hexdigest()[:16]


def plan(work: Work, told: Told) -> CompletionPlan:
    """What a file adds and leaves, and every line that is faulty; writes nothing.

    People are found by their email address in any case, courses by their reference or their title.
    """
    made = CompletionPlan(faults=list(told.faults))
    people = {each.email.casefold(): each for each in learners(work) if each.email}
    courses: dict[str, list[tuple[int, str, int | None]]] = defaultdict(list)
    for id_, reference, title, months in work.execute(
        select(Course.id, Course.reference, Course.title, Course.valid_months)
    ):
        for name in {reference.casefold(), _folded(title)}:
            courses[name].append((id_, reference, months))
    row = Completion
    there: dict[tuple[int, int, date], bool] = {}
    for person_id, course_id, on, is_revoked in work.execute(
        select(row.person_id, row.course_id, row.completed_on, row.revoked_at.is_not(None))
    ):
        there[person_id, course_id, on] = is_revoked and there.get((person_id, course_id, on), True)
    labels = {each.name: each.label for each in COMPLETIONS}
    seen: dict[tuple[int, int, date], int] = {}
    for said in told.lines:
        line = said[0]
        reading = Reading(said, told.conventions, labels, made.faults)
        reading.required("email", "course", "completed_on")
        person = people.get(reading.said("email").strip().casefold())
        if reading.said("email") and person is None:
            reading.fault("email", f"“{reading.said('email')}” is the address of no member who may take training.")
        named = courses.get(_folded(reading.said("course")), [])
        if reading.said("course") and len(named) != 1:
            what = "is the title of several courses: write the reference" if named else "is no course of yours"
            reading.fault("course", f"“{reading.said('course')}” {what}.")
        done, until = reading.day("completed_on"), reading.day("valid_until")
        reading.text("provider", 200)
        reading.long_text("evidence")
        if done is not None and done > work.today:
            reading.fault("completed_on", f"{say(done)} has not come yet.")
        if done is not None and until is not None and until < done:
            reading.fault("valid_until", f"{say(until)} comes before the completion.")
        if reading.is_faulty or person is None or done is None:
            continue
        course_id, reference, months = named[0]
        key = (person.id, course_id, done)
        if key in seen:
            reading.fault("email", f"The same person, course and day stand in line {seen[key]} too.")
            continue
        seen[key] = line
        if there.get(key):
            reading.fault("completed_on", "This completion was revoked. Record it by hand if it holds after all.")
            continue
        if key in there:
            made.left += 1
            continue
        values = {
            "person_id": person.id,
            "course_id": course_id,
            "completed_on": done,
            "valid_until": until or last_valid_day(done, months),
            "provider": reading.values.get("provider", ""),
            "evidence": reading.values.get("evidence", ""),
            "recorded_at": work.now,
            "recorded_by_id": work.actor_id,
            "version": 1,
        }
        made.additions.append((line, f"{person.name}, {reference}, {say(done)}", values))
    made.faults.sort(key=lambda fault: fault.line)
    return made


def carry_out(work: Work, told: Told, agreed: str | None = None) -> CompletionPlan:
    """Import a file: all of it, or nothing where a line is faulty. `agreed` is the digest of the plan somebody saw."""
    # One at a time: two who send the same file must not both add it.
    home = select(Organisation.id).where(Organisation.id == work.home)
    work.session.execute(home.with_for_update(key_share=True))
    made = plan(work, told)
    refuse_unless_whole(made.faults, made.digest, agreed)
    work.insert_many(Completion, [values for _, _, values in made.additions])
    return made


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
