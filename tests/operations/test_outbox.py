"""A mail is posted in the transaction that causes it, and goes out after the commit alone."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.models.outbox import OutboxMail
from app.operations import outbox
from app.work import Work, work


def post(opened: Work, **changes: Any) -> OutboxMail | None:
    told: dict[str, Any] = {
        "to_email": "ada@example.org",
        "to_name": "Ada Lovelace",
        "subject": "A trial",
        "template": "trial",
        "context": {},
    }
    return outbox.post(opened, **{**told, **changes})


def posted() -> list[OutboxMail]:
    with work(None, writes=False) as reading:
        mails = reading.all(select(OutboxMail).order_by(OutboxMail.id))
        reading.session.expunge_all()
    return mails


def post_and_fail() -> None:
    with work(None) as opened:
        post(opened)
        raise ZeroDivisionError


def test_a_mail_is_kept_with_both_texts_and_a_message_id_of_its_own(app: Flask) -> None:
    with app.app_context():
        with work(None) as opened:
            post(opened)
            post(opened)
        first, second = posted()
    assert "Ada Lovelace" in first.body
    assert first.html.lstrip().startswith("<!doctype html>")
    assert app.extensions["settings"].public_url + "/healthz" in first.body
    assert first.message_id.endswith("@localhost>")
    assert first.message_id != second.message_id
    assert first.sent_at is None
    assert first.due_at == first.created_at


def test_a_mail_is_undone_with_what_caused_it(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            post_and_fail()
        assert posted() == []


def test_the_runner_is_woken_once_and_only_after_the_commit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setitem(app.extensions, outbox.POKE, lambda: woken.append(1))
    with app.app_context():
        with work(None) as opened:
            post(opened)
            post(opened)
            assert not woken
        assert woken == [1]
        with pytest.raises(ZeroDivisionError):
            post_and_fail()
        assert woken == [1]


def test_what_is_posted_once_is_posted_once(app: Flask) -> None:
    with app.app_context():
        for _ in range(2):
            with work(None) as opened:
                post(opened, once="digest of person 7 of 2027-03-14")
        with work(None) as opened:
            post(opened, once="digest of person 7 of 2027-03-15")
        assert len(posted()) == 2


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@example.org\nBcc: eve@example.org", "ada@example.org\r", "a b@example.org", "ada@x.org,eve@x.org"],
)
def test_what_is_no_mail_address_is_refused(app: Flask, address: str) -> None:
    with app.app_context(), pytest.raises(RefusedError), work(None) as opened:
        post(opened, to_email=address)


def test_line_ends_in_names_and_subjects_become_spaces(app: Flask) -> None:
    with app.app_context():
        with work(None) as opened:
            post(opened, subject="Audit\r\nBcc: eve@example.org", to_name="Zoë\u2028 Müller\n")
        [mail] = posted()
    assert mail.subject == "Audit Bcc: eve@example.org"
    assert mail.to_name == "Zoë Müller"


def test_names_are_text_in_the_html_of_a_mail(app: Flask) -> None:
    with app.app_context():
        with work(None) as opened:
            post(opened, to_name="<b>Ada</b> & Co")
        [mail] = posted()
    assert "&lt;b&gt;Ada&lt;/b&gt; &amp; Co" in mail.html
    assert "<b>Ada</b> & Co" in mail.body
