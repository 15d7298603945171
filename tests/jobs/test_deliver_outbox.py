"""Each mail reaches the server once, a passing no is tried again, a lasting one is given up and said."""

import multiprocessing
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app import create_app
from app.extensions import db
from app.jobs import claims, deliver_outbox
from app.models.journal import JournalEntry
from app.models.outbox import OutboxMail
from app.work import now_utc, work
from config import Settings
from tests.cast import Cast
from tests.jobs.conftest import mails, post
from tests.mailserver import MailServer


def run() -> list[str]:
    return list(deliver_outbox.run())


def age(**columns: Any) -> None:
    """Change all rows as time or a killed runner would have."""
    with work(None) as opened:
        opened.session.execute(update(OutboxMail).values(columns))


def test_what_is_due_is_sent_once(mailing: Flask, server: MailServer) -> None:
    with mailing.app_context():
        post(3)
        assert run() == ["3 mails sent"]
        assert run() == []
        assert all(mail.sent_at is not None and mail.claimed_until is None for mail in mails())
        assert server.message_ids == {mail.message_id: 1 for mail in mails()}


def test_a_mail_that_is_not_due_waits(mailing: Flask, server: MailServer) -> None:
    with mailing.app_context():
        post()
        age(due_at=now_utc() + timedelta(minutes=1))
        assert run() == []
    assert not server.taken


def test_a_passing_no_is_tried_again_after_ever_longer_pauses(mailing: Flask, server: MailServer) -> None:
    server.data = "451 greylisted"
    pauses: list[float] = []
    with mailing.app_context():
        post()
        for _ in range(4):
            age(due_at=now_utc())
            assert run() == ["1 mail not taken yet, to be tried again"]
            [mail] = mails()
            assert mail.last_error == "451 greylisted"
            pauses.append(round((mail.due_at - now_utc()).total_seconds() / 60))
        assert pauses == [1, 2, 4, 8]
        server.data = ""
        age(due_at=now_utc())
        assert run() == ["1 mail sent"]
        [mail] = mails()
    assert (mail.attempts, mail.last_error) == (5, "")
    assert server.message_ids == {mail.message_id: 1}


def test_pauses_end_at_six_hours(mailing: Flask, server: MailServer) -> None:
    server.data = "451 greylisted"
    with mailing.app_context():
        post()
        age(attempts=500)
        run()
        [mail] = mails()
        assert timedelta(hours=5, minutes=59) < mail.due_at - now_utc() <= timedelta(hours=6)


def test_a_lasting_no_is_given_up_at_once_and_the_journal_says_so(
    mailing: Flask, server: MailServer, cast: Cast
) -> None:
    server.recipient = "550 no such person reader0@example.org"
    with mailing.app_context():
        post(organisation_id=cast.organisation.id)
        assert run() == ["1 mail given up; the journal says which"]
        assert run() == []
        [mail] = mails()
        assert mail.given_up_at is not None
        with work(None, writes=False) as reading:
            [entry] = reading.all(select(JournalEntry).where(JournalEntry.action == "given up"))
            assert entry.chain == f"organisation-{cast.organisation.id}"
            assert (entry.noun, entry.noun_id) == ("outbox_mail", str(mail.id))
            assert "550" in entry.changes
            assert "reader0" not in entry.changes


def test_what_failed_for_days_is_given_up(mailing: Flask, server: MailServer) -> None:
    server.data = "451 later"
    with mailing.app_context():
        post()
        age(created_at=now_utc() - timedelta(days=6))
        assert run() == ["1 mail given up; the journal says which"]


def test_a_mail_that_no_header_can_hold_holds_up_no_other(mailing: Flask, server: MailServer) -> None:
    with mailing.app_context():
        post(2)
        with work(None) as opened:
            opened.session.execute(update(OutboxMail).where(OutboxMail.id == 1).values(to_name="a\r\nBcc: eve@x.org"))
        assert run() == ["1 mail sent", "1 mail given up; the journal says which"]
    assert len(server.taken) == 1


def test_a_fault_of_the_program_holds_up_no_other(
    mailing: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose = deliver_outbox.compose

    def fail(mail: OutboxMail, sender: str, papers: Any) -> Any:
        if mail.id == 1:
            raise KeyError("unthought of")
        return compose(mail, sender, papers)

    monkeypatch.setattr(deliver_outbox, "compose", fail)
    with mailing.app_context():
        post(2)
        assert run() == ["1 mail sent", "1 mail not taken yet, to be tried again"]
        assert mails()[0].last_error


def test_without_a_server_nothing_is_lost_and_no_try_is_counted(make_app: Callable[..., Flask]) -> None:
    app = make_app(smtp_host="127.0.0.1", smtp_port=1, smtp_starttls=False)
    with app.app_context():
        post(2)
        [says] = run()
        assert says.startswith("the mail server cannot be used: ")
        assert says.endswith("; 2 mails waiting")
        assert [mail.attempts for mail in mails()] == [0, 0]
        age(created_at=now_utc() - timedelta(days=6))
        assert run()[-1] == "2 mails given up; the journal says which"


def test_without_a_server_mails_go_to_the_viewer(app: Flask) -> None:
    with app.app_context():
        post(2)
        assert run() == ["2 mails put into the mail viewer; no mail is sent, because SMTP_HOST is not set"]
        assert run() == []
        assert [mail.claimed_by for mail in mails()] == [deliver_outbox.VIEWER] * 2


def test_without_server_and_viewer_mails_wait(make_app: Callable[..., Flask]) -> None:
    with make_app(mail_viewer=False).app_context():
        post()
        assert run() == ["1 mail waiting; no mail is sent, because SMTP_HOST is not set"]
        assert mails()[0].sent_at is None


def test_a_claim_keeps_others_away_until_it_runs_out(mailing: Flask, server: MailServer) -> None:
    with mailing.app_context():
        post()
        assert deliver_outbox.claim("killed", timedelta(minutes=10)) is not None
        assert deliver_outbox.claim("other", timedelta(minutes=10)) is None
        assert run() == []
        age(claimed_until=now_utc() - timedelta(seconds=1))
        assert run() == ["1 mail sent"]
        assert mails()[0].attempts == 2


def test_a_yes_that_was_never_heard_brings_the_mail_again_with_the_same_message_id(
    mailing: Flask, server: MailServer
) -> None:
    server.hang_up = True
    with mailing.app_context():
        post()
        assert run() == ["1 mail not taken yet, to be tried again"]
        server.hang_up = False
        age(due_at=now_utc())
        assert run() == ["1 mail sent"]
        assert server.message_ids == {mails()[0].message_id: 2}


def test_a_runner_that_was_asked_to_stop_begins_no_further_mail(mailing: Flask, server: MailServer) -> None:
    mailing.extensions[deliver_outbox.STOPPING] = lambda: len(server.taken) >= 2
    with mailing.app_context():
        post(5)
        assert run() == ["2 mails sent"]


def test_the_text_of_a_mail_is_not_kept_once_it_was_taken(make_app: Callable[..., Flask], server: MailServer) -> None:
    app = make_app(smtp_host="127.0.0.1", smtp_port=server.port, smtp_starttls=False, mail_viewer=False)
    with app.app_context():
        post()
        assert run() == ["1 mail sent"]
        server.recipient = "550 no"
        post()
        assert run() == ["1 mail given up; the journal says which"]
        assert [(mail.subject, mail.body, mail.html, mail.calendar) for mail in mails()] == [
            ("A trial", "", "", "")
        ] * 2


def test_a_mail_that_was_erased_while_it_was_sent_is_no_trouble(mailing: Flask, server: MailServer) -> None:
    with mailing.app_context():
        post()
        mail = deliver_outbox.claim("runner", timedelta(minutes=1))
        assert mail is not None
        with work(None) as opened:
            opened.session.execute(delete(OutboxMail))
        deliver_outbox.mark_sent(mail)
        assert mails() == []


def _deliver(settings: Settings, start: datetime) -> None:
    app = create_app(settings)
    with app.app_context():
        time.sleep(max(0.0, (start - now_utc()).total_seconds()))
        list(deliver_outbox.run())
        db.engine.dispose()


def test_many_runners_at_once_send_each_mail_once(mailing: Flask, server: MailServer) -> None:
    with mailing.app_context():
        post(60)
        db.engine.dispose()
    start = now_utc() + timedelta(seconds=1)
    spawn = multiprocessing.get_context("fork")
    runners = [spawn.Process(target=_deliver, args=(mailing.extensions["settings"], start)) for _ in range(4)]
    for each in runners:
        each.start()
    for each in runners:
        each.join(60)
    assert [each.exitcode for each in runners] == [0] * 4
    with mailing.app_context():
        rows = mails()
        assert server.message_ids == {mail.message_id: 1 for mail in rows}
        assert all(mail.sent_at is not None and mail.attempts == 1 for mail in rows)
        assert len({mail.claimed_by for mail in rows}) > 1


def test_runner_names_differ() -> None:
    assert claims.runner_name() != claims.runner_name()
    assert len(claims.runner_name()) <= 80
