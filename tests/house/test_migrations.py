"""The migrations make what the models describe, and each can be undone."""

import dataclasses
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.extensions import db


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
