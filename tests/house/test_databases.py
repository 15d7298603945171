"""Each test begins on a database that holds nothing but what the migrations put there."""

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.operations.organisations import found
from app.work import work

pytestmark = pytest.mark.parametrize("turn", [1, 2])


def count(table: str) -> int:
    return db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_nothing_is_left_of_the_test_before_and_ids_begin_at_one(app, turn):
    with app.app_context():
        assert count("organisation") == 0
        assert count("journal_entry") == 0
        assert count("journal_chain") == 1
        with work(None) as w:
            assert found(w, name="Northwind", country="DE", time_zone="Europe/Berlin").id == 1
        assert count("journal_entry") > 0


def test_the_triggers_stand(app, turn):
    with app.app_context():
        with work(None) as w:
            found(w, name="Northwind", country="DE", time_zone="Europe/Berlin")
        with pytest.raises(DBAPIError, match=r"journal"):
            db.session.execute(text("DELETE FROM journal_entry"))


def test_a_test_may_take_the_triggers_down(app, turn):
    with app.app_context():
        on = "" if db.engine.dialect.name == "sqlite" else " ON journal_entry"
        db.session.execute(text(f"DROP TRIGGER journal_entry_no_delete{on}"))
        db.session.commit()


def test_a_connection_left_open_holds_nothing_up(app, database, turn):
    with app.app_context():
        connection = db.engine.connect()
        connection.execute(text("SELECT * FROM organisation"))
        database.reset()
        connection.invalidate()


def test_a_database_that_was_restarted_costs_nobody_an_error(app, client, database, turn):
    assert client.get("/readyz").status_code == 200
    if database.kind == "postgresql":
        with psycopg.connect(database.url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    assert client.get("/readyz").status_code == 200


def test_a_further_database_is_empty(database, turn):
    engine = create_engine(database.make_empty())
    assert inspect(engine).get_table_names() == []
    engine.dispose()
