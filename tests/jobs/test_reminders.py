"""Each quality manager gets one mail on a day on which something is new, and none on the others."""

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy import delete, select, update

from app.domain.permission import Role
from app.jobs import reminders
from app.models.organisation import Membership, Organisation
from app.models.outbox import JobRun, OutboxMail
from app.operations import organisations
from app.work import work
from tests.cast import Cast, add_person
from tests.jobs.conftest import mails
from tests.stage import certificate, on_stage

SPRING = datetime(2025, 2, 13, 9, 0, tzinfo=UTC)
"""Thirty days before the first surveillance of a certificate granted on 15 Mar 2024."""


def run(app: Flask, now: datetime) -> list[str]:
    with app.app_context(), time_machine.travel(now, tick=False):
        return list(reminders.run(now))


def certify(app: Flask, cast: Cast) -> None:
    with time_machine.travel(SPRING - timedelta(days=30), tick=False), on_stage(app, cast.organisation) as w:
        certificate(w)


def posted(app: Flask) -> list[OutboxMail]:
    with app.app_context():
        return mails()


def test_a_quality_manager_is_told_in_the_verdicts_own_words(app: Flask, cast: Cast) -> None:
    certify(app, cast)
    assert run(app, SPRING) == ["alder-works: 1 mail posted: C-27001-1 at risk"]
    [mail] = posted(app)
    assert (mail.to_email, mail.person_id) == (cast.quality_manager.email, cast.quality_manager.id)
    assert mail.organisation_id == cast.organisation.id
    assert mail.subject == "C-27001-1 at risk · Alder Works"
    for text in (mail.body, mail.html):
        assert "The first surveillance is due by 15 Mar 2025: 12 calendar months from the" in text
        assert "ISO/IEC 17021-1:2015, 9.1.3.3" in text
        assert "30 days left, nothing is planned" in text
        assert app.extensions["settings"].public_url + "/o/alder-works/" in text


def test_nobody_is_told_the_same_twice(app: Flask, cast: Cast) -> None:
    certify(app, cast)
    run(app, SPRING)
    assert run(app, SPRING + timedelta(hours=3)) == []
    for days in range(1, 23):
        assert run(app, SPRING + timedelta(days=days)) == []
    assert run(app, SPRING + timedelta(days=23)) == ["alder-works: 1 mail posted: A limit of C-27001-1 is near"]
    assert len(posted(app)) == 2


def test_two_runs_of_one_day_post_one_mail_even_where_the_mark_was_lost(app: Flask, cast: Cast) -> None:
    certify(app, cast)
    run(app, SPRING)
    with app.app_context(), work(None) as opened:
        opened.session.execute(delete(JobRun))
    run(app, SPRING)
    assert len(posted(app)) == 1


def test_it_waits_for_the_morning_of_the_organisation(app: Flask, cast: Cast) -> None:
    certify(app, cast)
    with app.app_context(), work(cast.organisation.id) as opened:
        opened.session.execute(
            update(Organisation).where(Organisation.id == cast.organisation.id).values(time_zone="Pacific/Auckland"),
            execution_options={"journal_named": True},
        )
    evening = datetime(2025, 2, 13, 16, 59, tzinfo=UTC)
    assert run(app, evening) == []
    assert len(run(app, evening + timedelta(minutes=1))) == 1


def test_who_left_is_told_nothing_and_who_comes_hears_what_nobody_was_told(app: Flask, cast: Cast) -> None:
    certify(app, cast)
    with on_stage(app, cast.organisation) as w:
        member = w.session.scalars(select(Membership).where(Membership.person_id == cast.quality_manager.id)).one()
        member.ended_at = w.now
    assert run(app, SPRING) == []
    with app.app_context(), work(None) as w:
        person = add_person(w, "Nora Newcomer")
        house = w.session.scalars(select(Organisation).where(Organisation.id == cast.organisation.id)).one()
        organisations.join(w, house, person, frozenset({Role.QUALITY_MANAGER}))
    assert len(run(app, SPRING + timedelta(days=1))) == 1
    assert [mail.to_name for mail in posted(app)] == ["Nora Newcomer"]
