"""Verdicts follow the days, and what has served its time is swept up."""

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.domain.permission import Role
from app.jobs import judge_certificates, sweep
from app.models.certificate import CertificateVerdict
from app.models.journal import JournalEntry
from app.models.organisation import Invitation
from app.models.outbox import JobRun, OutboxMail
from app.models.person import Attempt, PasswordReset, SignIn, SignInStage
from app.work import now_utc, work
from tests.cast import Cast
from tests.jobs.conftest import post
from tests.stage import certificate, on_stage

ON_TIME = datetime(2025, 3, 15, 9, 0, tzinfo=UTC)


def test_a_verdict_changes_on_the_day_on_which_it_must(app: Flask, cast: Cast) -> None:
    with time_machine.travel(ON_TIME, tick=False), on_stage(app, cast.organisation) as w:
        certificate(w)
    for day, expected in ((0, "at-risk"), (1, "broken")):
        now = ON_TIME + timedelta(days=day)
        with time_machine.travel(now, tick=False):
            with app.app_context():
                list(judge_certificates.run(now))
            with on_stage(app, cast.organisation) as w:
                assert w.session.scalars(select(CertificateVerdict.risk)).one() == expected


def test_what_has_served_its_time_goes_and_the_rest_stays(app: Flask, cast: Cast) -> None:
    now = now_utc()
    with app.app_context():
        with work(None) as w:
            for number, days in enumerate((200, 1)):
                ended = now - timedelta(days=days)
                w.add(
                    SignIn(
                        person_id=cast.auditor.id,
                        token_hash=f"{number:064}",
                        stage=SignInStage.COMPLETE,
                        began_at=ended - timedelta(hours=1),
                        expires_at=ended,
                    )
                )
                w.add(PasswordReset(person_id=cast.auditor.id, token_hash=f"{number:064}", expires_at=ended))
                w.add(Attempt(kind="trial", subject=str(number), window_began_at=ended, count=1))
                long_ago = now - timedelta(days=2 * days + 1)
                w.add(JobRun(job="x", period=str(number), claimed_until=ended, claimed_by="x", finished_at=long_ago))
        post(2)
        with work(None) as w:
            first = w.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).first()
            assert first is not None
            first.sent_at = now - timedelta(days=91)
        with work(cast.organisation.id) as w:
            for number, days in enumerate((31, 1)):
                w.add(
                    Invitation(
                        email=f"guest{number}@example.org",
                        name="A guest",
                        roles=frozenset({Role.STAFF}),
                        token_hash=f"{number:064}",
                        invited_by_id=cast.administrator.id,
                        invited_at=now - timedelta(days=40),
                        expires_at=now - timedelta(days=days),
                    )
                )
        says = list(sweep.run(now + timedelta(minutes=1)))
        assert says == [
            "removed 1 sign-ins, 2 password addresses, 1 counters, 1 old mails, 1 old runs",
            f"{cast.organisation.slug}: removed 1 invitations",
        ]
        with work(None, writes=False) as w:
            for model in (SignIn, Attempt, OutboxMail):
                assert w.session.scalar(select(func.count()).select_from(model)) == 1
            swept = w.all(select(JournalEntry).where(JournalEntry.action == "swept"))
            assert {entry.noun for entry in swept} == {"sign_in", "password_reset", "invitation"}
            assert not any("guest" in entry.changes for entry in swept)
