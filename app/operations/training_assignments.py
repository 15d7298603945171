"""Tell people what to take: by name, by role, by site, one course or a path; look first, then do it."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.domain.explained import Reason, RefusedError
from app.domain.permission import Role
from app.domain.training.course import Standing
from app.domain.training.due import Terms, first_due, refuse_terms
from app.models.course import Course, LearningPath
from app.models.organisation import Organisation, Site
from app.models.training_assignment import TrainingAssignment, TrainingRule
from app.operations.references import next_reference
from app.operations.training_mail import Given, tell_assigned
from app.operations.unswept import unswept
from app.queries.learners import Learner, LearnerFilters, learners
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be taken by whom: either people by name, or all of a role and a site (of everybody without both).

    One course or one path. With `goes_on` a rule is kept that catches those who join later too.
    """

    course_id: int | None = None
    path_id: int | None = None
    people: frozenset[int] = frozenset()
    role: Role | None = None
    site_id: int | None = None
    terms: Terms = field(default_factory=Terms)
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What an assignment will do: the rows that it adds, those it brings back, and what is assigned already."""

    people: tuple[Learner, ...]
    courses: tuple[tuple[int, str, str], ...]
    """Id, reference and title, in the order of the path."""
    new: tuple[tuple[Learner, int], ...]
    back: tuple[tuple[Learner, int], ...]
    """Taken back before, and assigned again by name."""
    there: tuple[tuple[Learner, int, bool], ...]
    """What is on record already and stays as it is, and whether it was taken back."""
    due: tuple[Given, ...] = ()
    """What is assigned, `new` and `back` together, with the day by which it is due for the first time."""

    @property
    def left(self) -> int:
        """How many are left as they are."""
        return len(self.there)

    @property
    def digest(self) -> str:
        """Changes with whatever it would do: who saw it agreed to this and to nothing else."""
        pairs = [*((each.id, course) for each, course in self.new), (0, 0), *((e.id, c) for e, c in self.back)]
        return hashlib.sha256(repr(pairs).encode()).hexdigest()[:16]

    @property
    def by_course(self) -> list[tuple[str, str, int]]:
        """Of each course: reference, title, and for how many people it is new."""
        counts = Counter(course for _, course in (*self.new, *self.back))
        return [(reference, title, counts[id_]) for id_, reference, title in self.courses]


def look(work: Work, wish: Wish) -> Preview:
    """What the assignment will do; writes nothing. Refused where it says nothing that can be done."""
    refuse_terms(wish.terms)
    courses = courses_of(work, wish.course_id, wish.path_id)
    people = _people(work, wish)
    if not people:
        raise RefusedError("There is nobody of whom this can be asked.", "people" if wish.people else "role")
    known = _there(work, [id_ for id_, _, _ in courses])
    new, back, there = [], [], []
    for person in people:
        for course_id, _, _ in courses:
            row = known.get((person.id, course_id))
            if row is None:
                new.append((person, course_id))
            elif row[1] is not None and wish.people:
                back.append((person, course_id))
            else:
                there.append((person, course_id, row[1] is not None))
    due = tuple((each, id_, first_due(wish.terms, each.joined_on, work.today)) for each, id_ in (*new, *back))
    return Preview(tuple(people), tuple(courses), tuple(new), tuple(back), tuple(there), due)


def assign(work: Work, wish: Wish, agreed: str | None = None) -> Preview:
    """Assign it. `agreed` is the digest of the preview that somebody saw: refused where it has changed since."""
    with unswept():
        return _assigned(work, wish, agreed)


def _assigned(work: Work, wish: Wish, agreed: str | None) -> Preview:
    _one_at_a_time(work)
    preview = look(work, wish)
    if agreed is not None and agreed != preview.digest:
        says = "What this assigns has changed since you looked, such as by somebody who joined. Look at it again."
        raise RefusedError(Reason(says), "agreed")
    rule_id = _keep_rule(work, wish).id if wish.goes_on and not wish.people else None
    work.insert_many(TrainingAssignment, _rows(work, preview.new, wish.terms, rule_id))
    if preview.back:
        _bring_back(work, preview.back, wish.terms)
    # Nobody is told what they did themselves.
    told = [each for each in preview.due if each[0].id != work.actor_id]
    tell_assigned(work, told, preview.courses)
    return preview


def apply_rules(work: Work, only: int | None = None) -> int:
    """Assign what the rules ask of whoever they catch by now, or of one person; gives how many assignments it made.

    What somebody took back stays so, and what is assigned already stays as it is.
    """
    in_force = or_(TrainingRule.ended_on.is_(None), TrainingRule.ended_on > work.today)
    rules = work.all(select(TrainingRule).where(in_force).order_by(TrainingRule.id))
    if not rules:
        return 0
    _one_at_a_time(work)
    made = 0
    wanted = frozenset({only}) if only is not None else None
    everybody = learners(work, LearnerFilters(people=wanted))
    there = set(_there(work, None, wanted))
    given: list[Given] = []
    named: dict[int, tuple[int, str, str]] = {}
    for rule in rules:
        of_rule = courses_of(work, rule.course_id, rule.path_id, strictly=False)
        named |= {each[0]: each for each in of_rule}
        courses = [id_ for id_, _, _ in of_rule]
        caught = [each for each in everybody if catches(rule, each)]
        pairs = [(each, course) for each in caught for course in courses if (each.id, course) not in there]
        there |= {(each.id, course) for each, course in pairs}
        rows = _rows(work, pairs, terms_of(rule), rule.id, rule.starts_on)
        made += len(work.insert_many(TrainingAssignment, rows))
        given += [(person, id_, row["due_on"]) for (person, id_), row in zip(pairs, rows, strict=True)]
    tell_assigned(work, given, named.values())
    return made


def catches(rule: TrainingRule, person: Learner) -> bool:
    """Whether a rule is for a person."""
    return (rule.role is None or rule.role in person.roles) and (rule.site_id in (None, person.site_id))


def end_rule(work: Work, reference: str, *, takes_back: bool) -> TrainingRule:
    """A rule catches nobody any more; what it assigned stays, or is taken back with it."""
    rule = work.one_or_none(select(TrainingRule).where(TrainingRule.reference == reference).with_for_update())
    if rule is None:
        raise LookupError(f"there is no rule {reference}")
    if rule.ended_on is not None:
        raise RefusedError("The rule has ended already.")
    rule.ended_on = work.today
    work.flush()
    if takes_back:
        statement: Any = select(TrainingAssignment.id).where(
            TrainingAssignment.rule_id == rule.id, TrainingAssignment.withdrawn_on.is_(None)
        )
        ids = list(work.session.scalars(statement.with_for_update()))
        work.update_many(
            TrainingAssignment, [(id_, {"withdrawn_on": None}, {"withdrawn_on": work.today}) for id_ in ids]
        )
    return rule


def take_back(work: Work, assignment: TrainingAssignment) -> None:
    """Somebody need not take a course after all: it is no longer asked of them, by no rule either."""
    if assignment.withdrawn_on is not None:
        raise RefusedError("It was taken back already.")
    assignment.withdrawn_on = work.today
    work.flush()


def terms_of(row: TrainingRule | TrainingAssignment) -> Terms:
    """When a course is due by a rule or an assignment."""
    days = row.due_days if isinstance(row, TrainingRule) else None
    return Terms(row.due_on, days, row.refreshing, row.months, row.anchor, row.early_days)


def courses_of(
    work: Work, course_id: int | None, path_id: int | None, *, strictly: bool = True
) -> list[tuple[int, str, str]]:
    """The published courses that are named, in the order of the path; refused where there are none, if `strictly`."""
    if (course_id is None) == (path_id is None):
        raise RefusedError("Choose a course or a path.", "what")
    if course_id is not None:
        rows = work.all(select(Course).where(Course.id == course_id))
    else:
        path = work.one_or_none(
            select(LearningPath).options(selectinload(LearningPath.courses)).where(LearningPath.id == path_id)
        )
        ids = [each.course_id for each in path.courses] if path is not None and path.retired_at is None else []
        by_id = {each.id: each for each in work.all(select(Course).where(Course.id.in_(ids)))}
        rows = [by_id[id_] for id_ in ids if id_ in by_id]
    found = [(each.id, each.reference, each.title) for each in rows if each.standing is Standing.PUBLISHED]
    if strictly and not found:
        raise RefusedError("Choose a course that is published, or a path with one.", "what")
    return found


def _people(work: Work, wish: Wish) -> list[Learner]:
    if wish.people:
        found = learners(work, LearnerFilters(people=wish.people))
        if len(found) != len(wish.people):
            raise RefusedError("Choose members of this organisation from the list.", "people")
        return found
    if wish.site_id is not None and work.one_or_none(select(Site).where(Site.id == wish.site_id)) is None:
        raise RefusedError("There is no such site in this organisation.", "site")
    return learners(work, LearnerFilters(role=wish.role, site_id=wish.site_id))


def _there(
    work: Work, courses: Collection[int] | None, people: Collection[int] | None = None
) -> dict[tuple[int, int], tuple[int, date | None]]:
    statement: Any = select(
        TrainingAssignment.person_id,
        TrainingAssignment.course_id,
        TrainingAssignment.id,
        TrainingAssignment.withdrawn_on,
    )
    if courses is not None:
        statement = statement.where(TrainingAssignment.course_id.in_(courses))
    if people is not None:
        statement = statement.where(TrainingAssignment.person_id.in_(people))
    return {(person, course): (id_, gone) for person, course, id_, gone in work.execute(statement)}


def _rows(
    work: Work, pairs: Iterable[tuple[Learner, int]], terms: Terms, rule_id: int | None, since: date | None = None
) -> list[dict[str, Any]]:
    """The columns of each assignment; who was there when a rule was made has its days from then."""
    alike = {"rule_id": rule_id, "assigned_on": work.today, "assigned_by_id": work.actor_id, **_again(terms)}
    return [
        {
            "person_id": person.id,
            "course_id": course_id,
            "due_on": first_due(terms, person.joined_on, since or work.today),
            **alike,
        }
        for person, course_id in pairs
    ]


def _again(terms: Terms) -> dict[str, Any]:
    return {
        "refreshing": terms.refreshing,
        "months": terms.months,
        "anchor": terms.anchor,
        "early_days": terms.early_days,
        "withdrawn_on": None,
    }


def _bring_back(work: Work, pairs: Iterable[tuple[Learner, int]], terms: Terms) -> None:
    wanted = {(person.id, course_id): person for person, course_id in pairs}
    people, courses = {each for each, _ in wanted}, {each for _, each in wanted}
    statement = select(TrainingAssignment).where(
        TrainingAssignment.person_id.in_(people), TrainingAssignment.course_id.in_(courses)
    )
    for row in work.all(statement.with_for_update()):
        person = wanted.get((row.person_id, row.course_id))
        if person is None:
            continue
        row.rule_id, row.assigned_on, row.assigned_by_id = None, work.today, work.actor_id
        row.due_on = first_due(terms, person.joined_on, work.today)
        for name, value in _again(terms).items():
            setattr(row, name, value)
    work.flush()


def _keep_rule(work: Work, wish: Wish) -> TrainingRule:
    terms = wish.terms
    return work.add(
        TrainingRule(
            reference=next_reference(work, TrainingRule, "TA-"),
            role=wish.role,
            site_id=wish.site_id,
            course_id=wish.course_id,
            path_id=wish.path_id,
            due_on=terms.due_on,
            due_days=terms.due_days,
            refreshing=terms.refreshing,
            months=terms.months,
            anchor=terms.anchor,
            early_days=terms.early_days,
            starts_on=work.today,
            made_by_id=work.actor_id,
        )
    )


def _one_at_a_time(work: Work) -> None:
    """Two that assign at once must not both add the same row."""
    home = select(Organisation.id).where(Organisation.id == work.home)
    work.session.execute(home.with_for_update(key_share=True))
