"""script/run serves, keeps both processes up, ends cleanly, and says in one line what is wrong."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

RUN = Path(__file__).parents[2] / "script" / "run"

pytestmark = pytest.mark.slow


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TRIENNIUM_INSTANCE": str(tmp_path / "an instance"),
        "PORT": str(port),
        "DEMONSTRATION": "no",
        "WEB_CONCURRENCY": "1",
    }


class Running:
    """A started script/run and what it prints."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self.env = env
        self.process = subprocess.Popen(
            [RUN],
            env=env,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Tests that run in the background have Ctrl-C ignored, and what they start would inherit it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def wait_until_it_serves(self) -> str:
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                return "".join(lines)
        raise AssertionError("".join(lines))

    def children(self, command: str) -> list[psutil.Process]:
        found = []
        for child in psutil.Process(self.process.pid).children():
            # One that has just ended has no command any longer.
            with contextlib.suppress(psutil.NoSuchProcess):
                if command in " ".join(child.cmdline()):
                    found.append(child)
        return found

    def stop(self, sent: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(sent)
        return self.process.wait(timeout=30)

    def answer(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.env['PORT']}{path}", timeout=10) as response:
            return response.status


@pytest.fixture
def start(env: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], Running]]:
    started: list[Running] = []

    def start() -> Running:
        started.append(Running(env, tmp_path))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.process.terminate()
            running.process.wait(timeout=30)
        running.process.stdout.close()


def eventually(happens: Callable[[], bool], within: float = 30) -> None:
    until = time.monotonic() + within
    while not happens():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)


def refused(env: dict[str, str], **changes: str) -> str:
    done = subprocess.run([RUN], env={**env, **changes}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_it_serves_from_any_folder_and_a_second_start_keeps_what_there_is(start, env, tmp_path):
    first = start()
    assert f"http://127.0.0.1:{env['PORT']}\n" in first.wait_until_it_serves()
    assert first.answer("/healthz") == 200
    assert first.answer("/readyz") == 200
    assert first.stop() == 0
    key = (tmp_path / "an instance" / "secret_key").read_text()

    second = start()
    second.wait_until_it_serves()
    assert second.answer("/readyz") == 200
    assert second.stop(signal.SIGTERM) == 0
    assert (tmp_path / "an instance" / "secret_key").read_text() == key


def test_a_killed_job_runner_is_started_again_and_nothing_outlives_the_script(start):
    running = start()
    running.wait_until_it_serves()
    (jobs,) = running.children("jobs work")
    (web,) = running.children("gunicorn")
    jobs.kill()
    eventually(lambda: [child.pid for child in running.children("jobs work")] not in ([], [jobs.pid]))
    assert running.answer("/healthz") == 200
    (jobs,) = running.children("jobs work")

    running.process.kill()
    eventually(lambda: not any(process.is_running() for process in (web, jobs)))


def test_a_killed_web_server_ends_it_with_a_plain_line(start):
    running = start()
    running.wait_until_it_serves()
    (web,) = running.children("gunicorn")
    (jobs,) = running.children("jobs work")
    web.kill()
    assert running.process.wait(timeout=30) == 1
    assert "the web server has ended" in running.process.stdout.read()
    assert not jobs.is_running()


def test_a_port_in_use_is_named(env):
    with socket.create_server(("127.0.0.1", int(env["PORT"]))):
        assert f"port {env['PORT']} on 127.0.0.1 is in use" in refused(env)


def test_a_setting_that_cannot_be_right_is_named(env):
    assert "WEB_CONCURRENCY: expected a whole number" in refused(env, WEB_CONCURRENCY="many")


def test_an_instance_folder_that_cannot_be_made_is_named(env):
    assert "/proc/nowhere cannot be written" in refused(env, TRIENNIUM_INSTANCE="/proc/nowhere")


def test_a_database_newer_than_the_code_is_refused(env, tmp_path):
    with sqlite3.connect(tmp_path / "newer.sqlite3") as newer:
        newer.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        newer.execute("INSERT INTO alembic_version VALUES ('9999')")
    newer.close()
    assert "the database is newer than this code" in refused(env, DATABASE_URL=f"sqlite:///{tmp_path}/newer.sqlite3")


def test_a_database_that_does_not_answer_is_told_with_its_reason(env):
    said = refused(env, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert re.search(r"could not be made ready: .*Connection refused", said)


def test_without_python_3_11_it_says_so(env, tmp_path):
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("bash", "env", "dirname", "readlink", "flock", "cat"):
        (bare / tool).symlink_to(next(Path(p) / tool for p in env["PATH"].split(":") if (Path(p) / tool).exists()))
    assert refused(env, PATH=str(bare)) == "script/run: Python 3.11 or later is needed and was not found.\n"


def test_settings_are_shown_without_secrets(env):
    shown = subprocess.run(
        [sys.executable, RUN.parents[1] / "config.py"], env=env, capture_output=True, text=True, check=True
    ).stdout
    assert f"port={env['PORT']}" in shown
    assert "secret" not in shown
