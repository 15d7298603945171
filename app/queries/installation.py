"""What the installation itself stands at."""

from functools import lru_cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


@lru_cache
def migration_head() -> str | None:
    """The newest migration that this program brings."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def database_revision(session: Session) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    return MigrationContext.configure(session.connection()).get_current_revision()
