"""How migrations run: with the application's own database and models."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from app.extensions import db
from app.models.base import RoleSet, UtcDateTime

target = db.metadata


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in the database: a migration must outlive the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, RoleSet):
        return "sa.String(length=200)"
    return False


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """The queue makes tables of its own on PostgreSQL; they are none of ours."""
    return not (kind == "table" and (name or "").startswith("huey_"))


def run() -> None:
    """Run against the database of the application; each migration is one transaction where the database allows it."""
    with db.engine.connect() as connection:
        options = {**current_app.extensions["migrate"].configure_args}
        options.pop("compare_type", None)
        context.configure(
            connection=connection,
            target_metadata=target,
            compare_type=True,
            transaction_per_migration=True,
            render_item=render,
            include_name=is_ours,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
