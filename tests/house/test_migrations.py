"""The migrations make what the models describe, and each can be undone."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from app import create_app
from app.domain.licensing.entitlement import Term, TermAnswer
from app.domain.licensing.metric import Metric
from app.extensions import db
from app.models.licence import EntitlementTerm
from app.operations.organisations import found
from app.queries.installation import MIGRATIONS
from app.work import work
from tests.bought import bought, pool
from tests.cast import add_person
from tests.inventory import product
from tests.rows import fill
from tests.stage import site


@pytest.fixture
def empty(database, settings) -> Iterator[Flask]:
    """The application on a database without a single table."""
    app = create_app(dataclasses.replace(settings, database_url=database.make_empty()))
    with app.app_context():
        yield app
        db.engine.dispose()


def test_the_migrations_make_what_the_models_describe(empty):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, db.metadata) == []


def test_each_migration_can_be_undone_and_done_again(empty):
    upgrade()
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade()
    assert "journal_entry" in inspect(db.engine).get_table_names()


def test_each_migration_is_undone_and_done_again_over_rows(empty):
    upgrade()
    with work(None) as w:
        home = found(w, name="Alder", country="DE", time_zone="UTC")
        person = add_person(w, "Pat Example")
    with work(home.id) as w:
        fill(w, person.id)
    revisions = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    # The tables themselves go with the first; the rows are those of the second and later ones.
    for revision in revisions[1:]:
        db.session.remove()
        downgrade(revision=revision)
        if revision >= "0002":
            assert kept() == {"certificate": 1, "audit": 1, "organisation": 1, "person": 1}
    db.session.remove()
    upgrade()
    assert kept() == {"certificate": 1, "audit": 1, "organisation": 1, "person": 1}
    assert journal_is_guarded(db.engine.dialect.name)


def test_sites_that_were_written_become_chosen_where_each_line_is_one(empty):
    upgrade()
    with work(None) as w:
        home = found(w, name="Alder", country="DE", time_zone="UTC")
    with work(home.id) as w:
        port = site(w, "Hamburg, port").id
        oslo = site(w, "Oslo").id
        base = bought(w, pool(w, "LP-1", Metric.DEVICE, product(w)), 5, "EN-1").id
        term = {"entitlement_id": base, "answer": TermAnswer.YES}
        w.add(EntitlementTerm(term=Term.ALLOWED_SITES, says="Annex 2.", site_ids=[oslo, port], **term))
        w.add(EntitlementTerm(term=Term.TRANSFER, says="Oslo", **term))
    db.session.remove()
    downgrade(revision="0013")
    write = text("UPDATE entitlement_term SET says = :written WHERE term = 'allowed-sites'")
    says = text("SELECT says FROM entitlement_term ORDER BY id")
    with db.engine.connect() as connection:
        assert connection.execute(says).scalars().all() == ["Oslo\nHamburg, port\nAnnex 2.", "Oslo"]
    for written, chosen, left in (
        ("Oslo\nHamburg, port\nAnnex 2.", [], "Oslo\nHamburg, port\nAnnex 2."),
        ("oslo\n\n Hamburg,  port", [port, oslo], ""),
    ):
        with db.engine.begin() as connection:
            connection.execute(write, {"written": written})
        upgrade()
        with work(home.id) as w:
            terms = w.all(select(EntitlementTerm).order_by(EntitlementTerm.id))
            assert [(each.site_ids, each.says) for each in terms] == [(chosen, left), ([], "Oslo")]
        db.session.remove()
        downgrade(revision="0013")


@pytest.mark.parametrize(("setting", "hard"), [("warning", False), ("hard", True)])
def test_limits_of_before_come_to_know_whether_their_miss_is_a_warning(empty, setting, hard):
    filled("0015")
    said("UPDATE certificate_deadline SET rule = 'second-surveillance'")
    said(f"UPDATE organisation SET second_surveillance = '{setting}'")
    downgrade(revision="0014")
    upgrade()
    assert [bool(row.hard) for row in said("SELECT hard FROM certificate_deadline")] == [hard]
    assert all(row.next_change_on == row.judged_on for row in said("SELECT * FROM certificate_verdict"))


def test_an_amount_that_the_smaller_column_cannot_hold_is_forgotten_on_the_way_back(empty):
    filled("0016")
    said(f"UPDATE asset SET cost_minor = {10**15}")
    said("UPDATE entitlement SET cost_minor = 125050")
    downgrade(revision="0015")
    upgrade()
    assert [row.cost_minor for row in said("SELECT cost_minor FROM asset")] == [None]
    assert [row.cost_minor for row in said("SELECT cost_minor FROM entitlement")] == [125050]


def filled(revision: str) -> None:
    """One row of each table, at a revision."""
    upgrade()
    with work(None) as w:
        home = found(w, name="Alder", country="DE", time_zone="UTC")
        person = add_person(w, "Pat Example")
    with work(home.id) as w:
        fill(w, person.id)
    db.session.remove()
    downgrade(revision=revision)


def said(statement: str) -> list[Any]:
    """The rows that a statement answers with."""
    with db.engine.begin() as connection:
        answer = connection.execute(text(statement))
        return list(answer) if answer.returns_rows else []


def kept() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in ("certificate", "audit", "organisation", "person")
        }


def journal_is_guarded(kind: str) -> bool:
    """Whether the triggers stand again."""
    with db.engine.connect() as connection:
        if kind == "sqlite":
            found_ = connection.execute(text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"))
        else:
            found_ = connection.execute(text("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"))
        return found_.scalar_one() >= 6
