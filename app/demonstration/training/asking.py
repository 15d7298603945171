"""What Northwind asks of whom: by role, by site, by path and by name; again after a year, or from a fixed day."""

from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.telling import ago
from app.demonstration.training.staff import ROTTERDAM
from app.demonstration.training.writing import ASSETS, LICENCES, SECURITY
from app.domain.dates import add_days
from app.domain.permission import Role
from app.domain.training.due import Refreshing, Terms
from app.operations.training_assignments import Wish, assign

if TYPE_CHECKING:
    from datetime import date

    from app.demonstration.training import School

YEARLY = 12


def licence_day(today: "date") -> "date":
    """The fixed day of the course on licences: the last one was ten and a half months ago."""
    return ago(add_days(today, 45), months=YEARLY)


def asking(school: "School") -> None:
    """Rules from the beginning, and what was asked by name lately."""
    today = school.today
    school.on(ago(today, months=17, days=-4), "ingrid", partial(_rules, school, licence_day(today)))
    for names, key, asked_ago, due_in in (
        (("ingrid",), None, 180, -100),
        (("emilia",), None, 30, 40),
        (("luca",), LICENCES, 40, -10),
        (("tom",), LICENCES, 14, 21),
    ):
        school.on(ago(today, days=asked_ago), "ingrid", partial(_by_name, school, names, key, add_days(today, due_in)))


def _rules(school: "School", anchor: "date") -> None:
    yearly = Terms(due_days=30, refreshing=Refreshing.LAST_COMPLETION, months=YEARLY)
    fixed = Terms(due_days=30, refreshing=Refreshing.FIXED_DAY, months=YEARLY, anchor=anchor)
    ids, rotterdam = school.ids, school.sites[ROTTERDAM].id
    for wish in (
        Wish(course_id=ids[SECURITY], terms=yearly, goes_on=True),
        Wish(path_id=school.path_id, role=Role.AUDITOR, terms=Terms(due_days=60), goes_on=True),
        Wish(course_id=ids[ASSETS], site_id=rotterdam, terms=Terms(due_days=45), goes_on=True),
        Wish(course_id=ids[LICENCES], role=Role.ASSET_MANAGER, terms=fixed, goes_on=True),
    ):
        assign(school.work, wish)


def _by_name(school: "School", names: tuple[str, ...], key: str | None, due_on: "date") -> None:
    people = frozenset(school.cast[each].id for each in names)
    course_id, path_id = (school.ids[key], None) if key is not None else (None, school.path_id)
    wish = Wish(course_id=course_id, path_id=path_id, people=people, terms=Terms(due_on=due_on))
    assign(school.work, wish)
