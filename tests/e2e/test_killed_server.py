"""Web server and job runner killed with -9 in the middle of writes and mails, many times: nothing is lost or halved.

Administrators invite guests without a pause. Each invitation is three things in one transaction: its row, its entry in
the journal, and its mail. An answer of 303 promises all three; a request whose answer never came left all or none.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import flask
import pytest
from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select, update

from app.domain.permission import Role
from app.extensions import db
from app.jobs import deliver_outbox
from app.models.journal import JournalChain, JournalEntry
from app.models.organisation import Invitation
from app.models.outbox import OutboxMail
from app.operations import organisations
from app.outputs.mail import Postman
from app.work import now_utc, work
from app.work.journal import GENESIS, digest
from config import ROOT, Settings
from tests.cast import Cast, House, Member, add_person, cookie_of, organisation_row
from tests.mailserver import MailServer, mail_server

WRITERS = 4
SECONDS = 20.0


@dataclass
class Tally:
    """What the writers were told."""

    answered: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    other: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Visitor:
    """An administrator with a browser that is signed in."""

    cookie: str
    token: str


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server(slow=0.01) as running:
        yield running


@pytest.fixture
def visitors(app: Flask, cast: Cast) -> list[Visitor]:
    """One for each writer, so that the limit of invitations an hour is met by none."""
    with app.app_context(), work(None) as w:
        house = organisation_row(w, cast.organisation)
        people = [add_person(w, f"Admin{number} Writer{number}") for number in range(WRITERS)]
        for person in people:
            organisations.join(w, house, person, frozenset({Role.ADMINISTRATOR}))
        members = [Member(person.id, person.name, person.email or "") for person in people]
    return [_visitor(app, member) for member in members]


def _visitor(app: Flask, member: Member) -> Visitor:
    cookie = cookie_of(app, member)["value"]
    kept = app.session_interface.get_signing_serializer(app).loads(cookie)  # type: ignore[attr-defined]
    with app.test_request_context():
        flask.session["csrf_token"] = kept["csrf_token"]
        return Visitor(f"{app.config['SESSION_COOKIE_NAME']}={cookie}", generate_csrf())


class Installation:
    """gunicorn and the runner as processes of their own, in the hands of somebody who kills them."""

    def __init__(self, environment: dict[str, str], server: MailServer) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._environment = {
            **environment,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(server.port),
            "SMTP_STARTTLS": "no",
        }
        self.kills = 0
        self._start()

    def _start(self) -> None:
        self._web = self._process("-m", "gunicorn", "-c", "gunicorn.conf.py")
        self._jobs = self._process("-m", "flask", "--app", "app", "jobs", "work")

    def _process(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self._environment,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

    def kill_worker(self, chance: random.Random) -> None:
        """One process of the web server dies; its siblings go on and gunicorn starts another."""
        found = subprocess.run(["pgrep", "-P", str(self._web.pid)], capture_output=True, text=True, check=False)
        workers = [int(line) for line in found.stdout.split()]
        if workers:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
                self.kills += 1

    def kill_runner(self) -> None:
        """The job runner dies and is started again."""
        self._end(self._jobs)
        self._jobs = self._process("-m", "flask", "--app", "app", "jobs", "work")

    def kill_all(self) -> None:
        """As if the machine had lost its power, and came back."""
        self.stop()
        self._start()

    def stop(self) -> None:
        self._end(self._web)
        self._end(self._jobs)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
            self.kills += 1
        process.wait()

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


@pytest.fixture
def installation(app: Flask, environment: dict[str, str], server: MailServer) -> Iterator[Installation]:
    running = Installation(environment, server)
    yield running
    running.stop()


def _invite_without_pause(
    port: int, slug: str, number: int, visitor: Visitor, over: threading.Event, tally: Tally
) -> None:
    count = 0
    while not over.is_set() and count < 55:
        email = f"writer{number}-{count}@guest.example"
        form = {"email": email, "name": f"Guest {count}", "roles": "staff", "csrf_token": visitor.token}
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.connect()
        except OSError:
            # Nothing was asked yet.
            time.sleep(0.05)
            continue
        count += 1
        try:
            headers = {"Cookie": visitor.cookie, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", f"/o/{slug}/settings/members/invite", urlencode(form), headers)
            status = connection.getresponse().status
        except (OSError, HTTPException):
            tally.unanswered.add(email)
        else:
            if status == 303:
                tally.answered.add(email)
            else:
                tally.other.append((email, status))
        finally:
            connection.close()


def _check_chains() -> int:
    """Recompute every hash of every chain; gives the number of entries."""
    count = 0
    with work(None, writes=False) as reading:
        for chain in reading.all(select(JournalChain)):
            previous = GENESIS
            entries = reading.all(
                select(JournalEntry).where(JournalEntry.chain == chain.name).order_by(JournalEntry.number)
            )
            for number, entry in enumerate(entries, start=1):
                assert (entry.number, entry.previous) == (number, previous), f"{chain.name} is broken at {number}"
                previous = digest(
                    previous=entry.previous,
                    chain=entry.chain,
                    number=entry.number,
                    at=entry.at,
                    actor_id=entry.actor_id,
                    action=entry.action,
                    noun=entry.noun,
                    noun_id=entry.noun_id,
                    reference=entry.reference,
                    changes=entry.changes,
                    reason=entry.reason,
                )
                assert entry.hash == previous, f"{chain.name} was altered at {number}"
            assert (chain.length, chain.head) == (len(entries), previous)
            count += len(entries)
    return count


def _whole(house: House) -> dict[str, tuple[int, int, int]]:
    """For each guest: how many rows, entries of the journal and mails there are."""
    with work(house.id, writes=False) as reading:
        rows = {row.id: row.email for row in reading.all(select(Invitation))}
        entered = [
            int(entry.noun_id)
            for entry in reading.all(
                select(JournalEntry).where(JournalEntry.noun == "invitation", JournalEntry.action == "created")
            )
        ]
        mailed = list(reading.session.scalars(select(OutboxMail.to_email)))
        assert set(entered) <= set(rows), "the journal tells of a row that is not there"
        emails = [*rows.values()]
        entries = [rows[id_] for id_ in entered]
    return {
        email: (emails.count(email), entries.count(email), mailed.count(email))
        for email in {*emails, *entries, *mailed}
    }


def _deliver_the_rest(settings: Settings) -> None:
    """The leases of the dead run out, and a runner that lives sends what they left."""
    with work(None) as opened:
        left = OutboxMail.sent_at.is_(None)
        opened.session.execute(update(OutboxMail).where(left).values(claimed_until=None, due_at=now_utc()))
    list(deliver_outbox.deliver(Postman(settings), settings.mail_from, lease=timedelta(minutes=1)))


@pytest.mark.slow
def test_nothing_is_lost_or_halved(
    make_app: Callable[..., Flask],
    app: Flask,
    cast: Cast,
    visitors: list[Visitor],
    installation: Installation,
    server: MailServer,
) -> None:
    mailing = make_app(smtp_host="127.0.0.1", smtp_port=server.port, smtp_starttls=False)
    with app.app_context():
        db.engine.dispose()
    chance = random.Random(20270314)
    until = time.monotonic() + 60
    while not installation.answers():
        assert time.monotonic() < until, "the web server did not start"
        time.sleep(0.1)

    over, tally = threading.Event(), Tally()
    writers = [
        threading.Thread(
            target=_invite_without_pause,
            args=(installation.port, cast.organisation.slug, number, visitor, over, tally),
        )
        for number, visitor in enumerate(visitors)
    ]
    for each in writers:
        each.start()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.2, 1.2))
        if not installation.answers():
            # Killing what has not risen yet would try nothing.
            continue
        what = chance.random()
        if what < 0.6:
            installation.kill_worker(chance)
        elif what < 0.9:
            installation.kill_runner()
        else:
            installation.kill_all()
    over.set()
    for each in writers:
        each.join(30)
    installation.stop()

    assert installation.kills >= 10
    assert tally.answered
    assert not tally.other, f"neither a yes nor silence: {tally.other[:3]}"
    with app.app_context():
        assert _check_chains() > len(tally.answered)
        found = _whole(cast.organisation)
        assert all(counts == (1, 1, 1) for counts in found.values()), "a write stands there by halves, or twice"
        assert tally.answered <= set(found), "a write that was answered is not there"
        assert set(found) <= tally.answered | tally.unanswered
        _deliver_the_rest(mailing.extensions["settings"])
        with work(None, writes=False) as reading:
            tries = {row.message_id: row.attempts for row in reading.all(select(OutboxMail))}
            assert all(row.sent_at is not None for row in reading.all(select(OutboxMail)))
        taken = server.message_ids
        assert set(taken) == set(tries), "a mail was lost, or came under another Message-ID"
        assert all(count <= tries[id_] for id_, count in taken.items())
        db.engine.dispose()
