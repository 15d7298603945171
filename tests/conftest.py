"""What every test may ask for: the application on both databases, a client, a running server and a browser.

A test that asks for `app` (or for anything made of it) runs twice, on SQLite and on PostgreSQL, each time on a database
that holds nothing but what the migrations put there. `--database sqlite` runs one of them, for a quick look; the mark
`one_database` is for a test that the database is nothing to.
"""

import dataclasses
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import Engine, event
from werkzeug.serving import make_server

from app import create_app, demonstration
from app.extensions import db
from app.work import now_utc, work
from config import Settings
from tests.cast import Cast, assemble
from tests.databases import SECRET_KEY, Database, open_database

KINDS = ("sqlite", "postgresql")


@event.listens_for(Engine, "connect")
def _promise_no_order(connection: Any, _record: object) -> None:
    """Rows asked in no order come backwards on SQLite: PostgreSQL gives them as it likes, and that shows too late."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


# A busy machine is not a slow function.
hypothesis.settings.register_profile("triennium", deadline=None)
hypothesis.settings.load_profile("triennium")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, help="run on this database alone")
    parser.addoption("--write-access", action="store_true", help="write tests/access.txt anew")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        only = metafunc.config.getoption("--database")
        kinds = [only] if only else list(KINDS)
        if metafunc.definition.get_closest_marker("one_database"):
            kinds = kinds[:1]
        metafunc.parametrize("database", kinds, indirect=True, scope="session")


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine serves is nothing to the tests."""
    for name in ("DATABASE_URL", "TRIENNIUM_INSTANCE", "SECRET_KEY", "PUBLIC_URL", "HOST", "PORT", "SMTP_HOST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database of this worker; `app` empties it before each test."""
    with open_database(request.param, tmp_path_factory.mktemp(request.param)) as opened:
        yield opened


@pytest.fixture(scope="session")
def listening() -> Iterator[socket.socket]:
    """The socket of the running server, bound before the application is made: its address is a setting."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        yield bound


@pytest.fixture(scope="session")
def settings(database: Database, listening: socket.socket, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the application under test: like a first start, with the cheapest passwords there are."""
    host, port = listening.getsockname()
    return Settings(
        secret_key=SECRET_KEY,
        database_url=database.url,
        instance=tmp_path_factory.mktemp("instance"),
        host=host,
        port=port,
        public_url=f"http://{host}:{port}",
        mail_viewer=True,
        argon2_time_cost=1,
        argon2_memory_cost=8,
        argon2_parallelism=1,
        testing=True,
    )


@pytest.fixture(scope="session")
def _application(settings: Settings) -> Flask:
    """Made once a worker, so that its templates are compiled once."""
    return create_app(settings)


def let_go(app: Flask) -> None:
    """Close the connections of an application: they may lead to what is gone."""
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(_application: Flask, database: Database, settings: Settings) -> Flask:
    """The application on an empty database, with an empty instance folder. No context is pushed."""
    if not database.reset():
        let_go(_application)
    shutil.rmtree(settings.instance)
    settings.instance.mkdir()
    return _application


@pytest.fixture
def make_app(app: Flask, settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Make a further application on the same database, with other settings: `make_app(trusted_proxies=1)`."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        made.append(create_app(dataclasses.replace(settings, **changes)))
        return made[-1]

    yield make
    for each in made:
        let_go(each)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without scripts."""
    return app.test_client()


@pytest.fixture(scope="session")
def _casts(database: Database) -> dict[str, Cast]:
    """Those written so far on this database, by the name they are kept under."""
    return {}


@pytest.fixture
def cast(app: Flask, database: Database, _casts: dict[str, Cast]) -> Cast:
    """One person of each role in one organisation, and a stranger in another: see `tests/cast.py`.

    Most tests begin with them, so they are written once a day and worker, then brought back.
    """
    name = f"cast-{now_utc().date()}"
    if name not in _casts or not database.bring_back(name):
        _casts[name] = assemble(app)
        database.keep(name)
    return _casts[name]


@pytest.fixture
def demonstrate(app: Flask, database: Database, settings: Settings) -> Callable[[], None]:
    """Load the demonstration of today into the empty database: worked out once a day and worker, then brought back."""

    def load() -> None:
        name = f"demonstration-{now_utc().date()}"
        files = settings.instance.with_name(f"{settings.instance.name}-{database.kind}-{name}")
        let_go(app)
        if not database.bring_back(name):
            with app.app_context(), work(None) as w:
                demonstration.load(w)
            let_go(app)
            database.keep(name)
            shutil.copytree(settings.instance, files)
        shutil.copytree(files, settings.instance, dirs_exist_ok=True)

    return load


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The command line: `runner.invoke(args=["journal", "verify"])`."""
    return app.test_cli_runner()


@pytest.fixture
def environment(app: Flask, settings: Settings) -> dict[str, str]:
    """What a process of its own needs in its environment to serve the same database."""
    return {
        "DATABASE_URL": settings.database_url,
        "TRIENNIUM_INSTANCE": str(settings.instance),
        "SECRET_KEY": settings.secret_key,
        "ARGON2_TIME_COST": str(settings.argon2_time_cost),
        "ARGON2_MEMORY_KIB": str(settings.argon2_memory_cost),
        "ARGON2_PARALLELISM": str(settings.argon2_parallelism),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(Path.home()),
    }


@pytest.fixture(scope="session")
def _server(_application: Flask, settings: Settings, listening: socket.socket) -> Iterator[None]:
    server = make_server(settings.host, settings.port, _application, threaded=True, fd=listening.fileno())
    server.log_startup = lambda: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, name="live server", daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join()


@pytest.fixture
def live_server(app: Flask, _server: None, settings: Settings) -> str:
    """The address at which `app` is served over a real socket, by many threads."""
    return settings.public_url
