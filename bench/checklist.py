"""A checklist of 400 questions against a bare Flask page of the same 400 rows, under the same server."""

import statistics
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import config
from app import create_app
from app.database import gather_statistics
from app.domain.certification.facts import AuditKind
from app.domain.permission import Role
from app.domain.programme.checklist import ItemSource, Question
from app.domain.programme.wish import When, Wish
from app.domain.secret import new_token, token_hash
from app.models.person import Person, SignIn, SignInStage
from app.operations import audits, checklist, organisations
from app.work import Work, work
from bench.pages import ROUNDS, _rate, _served
from bench.target import Target
from tests.databases import open_database

QUESTIONS = 400


def measure() -> list[Target]:
    """The page on each database, as a share of the bare page's requests per second."""
    targets = []
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, open_database(kind, Path(folder)) as database:
            database.reset()
            targets.append(_measure(kind, database.url, Path(folder)))
    return targets


def _measure(kind: str, url: str, folder: Path) -> Target:
    token, key = new_token(), "k" * 40
    app = create_app(replace(config.from_environment(), secret_key=key, database_url=url, instance=folder))
    with app.app_context():
        with work(None) as opened:
            path = _fill(opened, token_hash(token))
        with work(None) as opened:
            gather_statistics(opened.session)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = serializer.dumps({"_user_id": token, "_fresh": True})
    environment = {"DATABASE_URL": url, "SECRET_KEY": key, "TRIENNIUM_INSTANCE": str(folder)}
    with _served("app:create_app()", environment) as ours, _served("bench.bare:create()", environment) as bare:
        shares = [_rate(ours, path, cookie) / _rate(bare, "/long", cookie) for _round in range(ROUNDS)]
    says = f"A checklist of {QUESTIONS} questions on {kind}, as a share of the bare page's requests per second"
    return Target(says, statistics.median(shares), 1 / 6, at_most=False)


def _fill(opened: Work, secret: str) -> str:
    """An audit with its questions, and who may see it; gives the address of its checklist."""
    home = organisations.found(opened, name="Bench", country="DE", time_zone="Europe/Berlin")
    person = opened.add(Person(name="Bench", email="bench@bench.example", created_at=opened.now, theme="system"))
    organisations.join(opened, home, person, frozenset({Role.QUALITY_MANAGER}))
    opened.add(
        SignIn(
            person_id=person.id,
            token_hash=secret,
            stage=SignInStage.COMPLETE,
            address="192.0.2.7",
            browser="Bench",
            began_at=opened.now,
            expires_at=opened.now + timedelta(hours=12),
        )
    )
    with opened.within(home.id) as inside:
        audit = audits.plan(
            inside, Wish(kind=AuditKind.INTERNAL, when=When(inside.today, inside.today), certificates={})
        )
        questions = [
            Question(ItemSource.OWN, "", f"A.8.{n}", f"Is ‘Topic {n}’ in place and working? What shows it?")
            for n in range(QUESTIONS)
        ]
        checklist.add_questions(inside, audit, questions)
        return f"/o/{home.slug}/audits/{audit.reference}/checklist"
