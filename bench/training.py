"""A path of 10 courses for 2,000 people against a bare executemany of the rows; a page of the matrix against that of
100 people."""

import statistics
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask import Flask

import config
from app import create_app
from app.database import gather_statistics
from app.domain.permission import Role
from app.domain.training.course import Standing
from app.domain.training.due import Refreshing, Terms
from app.extensions import db
from app.models.course import Course, LearningPath, PathCourse
from app.models.organisation import Membership
from app.models.person import Person
from app.operations import organisations
from app.operations.training_assignments import Wish, assign, look
from app.queries.learners import LearnerFilters
from app.queries.training_matrix import training_matrix
from app.work import work
from bench.target import Target, median_time
from bench.written import Rows, bare_seconds, last_entry, rows_of
from tests.databases import Database, open_database

PEOPLE, FEW, COURSES, ON_PATH = 2_000, 100, 40, 10
ROUNDS = 3
TABLES = ("training_rule", "training_assignment", "journal_entry")


def measure() -> list[Target]:
    """On each database, the assignment as a multiple of the bare rows, and the page as a multiple of the small one."""
    targets = []
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, open_database(kind, Path(folder)) as database:
            settings = replace(
                config.from_environment(), secret_key="k" * 40, database_url=database.url, instance=Path(folder)
            )
            app = create_app(settings)
            ours, bare = [], []
            for _round in range(ROUNDS):
                taken, rows = _assign(app, database)
                ours.append(taken)
                _fill(app, database)
                bare.append(bare_seconds(app, kind, rows))
            says = f"A path of {ON_PATH} courses for {PEOPLE:,} people on {kind}, as a multiple of a bare executemany"
            targets.append(Target(says, statistics.median(ours) / statistics.median(bare), 3))
            pages = [_page(app, database, people) for people in (FEW, PEOPLE)]
            says = f"A page of the matrix of {PEOPLE:,} people × {COURSES} courses on {kind}, as a multiple of {FEW}"
            targets.append(Target(says, pages[1] / pages[0], 1.5))
    return targets


def _fill(app: Flask, database: Database, people: int = PEOPLE) -> tuple[int, int]:
    """An organisation of so many people with its courses and a path, always the same."""
    database.reset()
    with app.app_context():
        with work(None) as opened:
            home = organisations.found(opened, name="Bench", country="DE", time_zone="Europe/Berlin", slug="bench").id
        with work(home) as opened:
            person = {"created_at": opened.now, "theme": "system"}
            rows = [{**person, "name": f"Person {n:04}", "email": f"p{n}@bench.example"} for n in range(people)]
            ids = opened.insert_many(Person, rows)
            member = {"roles": frozenset({Role.STAFF}), "joined_at": opened.now, "owns_system": False}
            opened.insert_many(Membership, [{**member, "person_id": each} for each in ids])
            course = {"standing": Standing.PUBLISHED, "summary": "", "self_enrolment": False, "version": 1}
            made = opened.insert_many(
                Course, [{**course, "reference": f"TR-{n:03}", "title": f"Course {n}"} for n in range(COURSES)]
            )
            parts = [PathCourse(course_id=each, place=place) for place, each in enumerate(made[:ON_PATH])]
            path = opened.add(LearningPath(title="Path", courses=parts)).id
        with work(None) as opened:
            gather_statistics(opened.session)
    return home, path


def _assign(app: Flask, database: Database) -> tuple[float, Rows]:
    home, path = _fill(app, database)
    with app.app_context():
        before = last_entry()
        began = time.perf_counter()
        with work(home) as opened:
            terms = Terms(due_days=30, refreshing=Refreshing.LAST_COMPLETION, months=12)
            done = assign(opened, Wish(path_id=path, terms=terms, goes_on=True))
            if len(done.new) != PEOPLE * ON_PATH:
                raise RuntimeError(f"only {len(done.new)} assignments were made")
        taken = time.perf_counter() - began
        rows = rows_of(TABLES, before)
        db.engine.dispose()
    return taken, rows


def _page(app: Flask, database: Database, people: int) -> float:
    """Seconds that a page of the matrix takes where everybody was told to take every course."""
    home, _path = _fill(app, database, people)
    with app.app_context():
        with work(home) as opened:
            for course_id in [row[0] for row in training_matrix(opened, LearnerFilters(), None, 1).courses]:
                wish = Wish(course_id=course_id, terms=Terms(due_on=opened.today + timedelta(days=30)))
                assign(opened, wish, look(opened, wish).digest)
        with work(None) as opened:
            gather_statistics(opened.session)
        with work(home, writes=False) as opened:
            taken = median_time(lambda: training_matrix(opened, LearnerFilters(), None, 1))
        db.engine.dispose()
    return taken
