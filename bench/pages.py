"""Pages over 2,000 certificates and 20,000 audits against a bare Flask page of fifty rows, under the same server."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import config
from app import create_app
from app.database import gather_statistics
from app.domain.secret import new_token, token_hash
from app.work import work
from bench.many import fill
from bench.target import Target
from tests.databases import open_database

PAGES = (
    ("The register", "/o/bench/certificates", 1 / 6),
    ("The dashboard", "/o/bench/", 1 / 10),
    ("The three-year timeline", "/o/bench/programme", 1 / 10),
)
CONNECTIONS = 4
SECONDS = 2.5
ROUNDS = 3


def measure() -> list[Target]:
    """Each page on each database, as a share of the bare page's requests per second."""
    targets = []
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, open_database(kind, Path(folder)) as database:
            database.reset()
            targets += _measure(kind, database.url, Path(folder))
    return targets


def _measure(kind: str, url: str, folder: Path) -> list[Target]:
    token, key = new_token(), "k" * 40
    settings = replace(config.from_environment(), secret_key=key, database_url=url, instance=folder)
    app = create_app(settings)
    with app.app_context():
        with work(None) as opened:
            fill(opened, token_hash(token))
        with work(None) as opened:
            # What the daily job does, and PostgreSQL within minutes.
            gather_statistics(opened.session)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = serializer.dumps({"_user_id": token, "_fresh": True})
    environment = {"DATABASE_URL": url, "SECRET_KEY": key, "TRIENNIUM_INSTANCE": str(folder)}
    with _served("app:create_app()", environment) as ours, _served("bench.bare:create()", environment) as bare:
        return [
            Target(
                f"{says} on {kind}, as a share of the bare page's requests per second",
                statistics.median(_rate(ours, path, cookie) / _rate(bare, "/", cookie) for _round in range(ROUNDS)),
                share,
                at_most=False,
            )
            for says, path, share in PAGES
        ]


@contextmanager
def _served(application: str, environment: dict[str, str]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", application]
    server = subprocess.Popen(  # noqa: S603 - its own words
        command, env={**os.environ, **environment, "HOST": "127.0.0.1", "PORT": str(port)}
    )
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int) -> None:
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


def _rate(port: int, path: str, cookie: str) -> float:
    """Requests per second over a few connections that stay open; every answer must be 200."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: triennium={cookie}\r\n\r\n".encode()
    counts = [0] * CONNECTIONS
    until = time.perf_counter() + SECONDS

    def ask(number: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as answers:
            while time.perf_counter() < until:
                connection.sendall(request)
                _read(answers, path)
                counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def _read(answers: object, path: str) -> None:
    status = answers.readline()  # type: ignore[attr-defined]
    if b" 200 " not in status:
        raise RuntimeError(f"{path}: {status!r}")
    length = 0
    while (line := answers.readline()) not in (b"\r\n", b""):  # type: ignore[attr-defined]
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    answers.read(length)  # type: ignore[attr-defined]
