"""What a mail looks like when it leaves, and what each answer of a mail server means for it."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.models.outbox import OutboxMail
from app.outputs.mail import (
    DelayedMailError,
    Postman,
    RefusedMailError,
    ServerUnavailableError,
    UnfitMailError,
    compose,
)
from config import Settings
from tests.mailserver import dribbling_server, mail_server, silent_server

SENDER = "Triennium <triennium@example.org>"


def a_mail(**changes: Any) -> OutboxMail:
    told: dict[str, Any] = {
        "to_email": "ada@example.org",
        "to_name": "Ada Lovelace",
        "subject": "A trial",
        "body": "Good morning.\n",
        "html": "",
        "calendar": "",
        "message_id": "<abc@example.org>",
        "created_at": datetime(2027, 3, 14, 9, 30, tzinfo=UTC),
    }
    return OutboxMail(**{**told, **changes})


def a_postman(port: int, **changes: float) -> Postman:
    settings = Settings(
        secret_key="x" * 32,
        database_url="sqlite://",
        instance=Path("/nonexistent"),
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_starttls=False,
        mail_from=SENDER,
    )
    return Postman(settings, **changes)


def send(port: int, mail: OutboxMail | None = None, **changes: float) -> None:
    mail = mail or a_mail()
    with a_postman(port, **changes) as postman:
        postman.send(compose(mail, SENDER), mail.to_email)


def test_a_mail_says_who_when_and_that_no_person_wrote_it() -> None:
    message = compose(a_mail(), SENDER)
    assert message["From"] == SENDER
    assert message["To"] == "Ada Lovelace <ada@example.org>"
    assert message["Message-ID"] == "<abc@example.org>"
    assert message["Date"] == "Sun, 14 Mar 2027 09:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content() == "Good morning.\n"


def test_text_page_and_calendar_stand_side_by_side() -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    message = compose(a_mail(html='<p>Good morning.</p><img src="cid:mark">', calendar=calendar), SENDER)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
        "application/ics",
    ]
    invitation = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert invitation.get_param("method") == "REQUEST"
    mark = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert mark["Content-ID"] == "<mark>"


def test_each_of_several_calendars_is_a_part_with_its_own_method() -> None:
    made = [f"BEGIN:VCALENDAR\r\nMETHOD:{each}\r\nEND:VCALENDAR\r\n" for each in ("REQUEST", "CANCEL")]
    message = compose(a_mail(calendar="".join(made)), SENDER, [("plan.pdf", b"%PDF-")])
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert [(part.get_param("method"), part.get_filename()) for part in parts] == [
        ("REQUEST", None),
        ("REQUEST", "audit-1.ics"),
        ("CANCEL", "audit-2.ics"),
    ]
    assert parts[2].get_content().splitlines() == made[1].splitlines()
    assert [part.get_filename() for part in message.iter_attachments()][-1] == "plan.pdf"


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Müller",
        "李小龍",
        "Ångström, Anders",
        'Ada "the Countess"',
        "Ada (x) <y>",
        "",
        "Émilie-Éloïse de la Tour d’Auvergne",
    ],
)
def test_names_of_every_script_arrive(name: str) -> None:
    with mail_server() as server:
        send(server.port, a_mail(to_name=name, subject=f"Für {name}", body=f"{name}\n"))
    [message] = server.taken
    assert message["To"].addresses[0].display_name == name
    assert message["To"].addresses[0].addr_spec == "ada@example.org"
    assert message["Subject"].strip() == f"Für {name}".strip()
    assert message.get_content().strip() == name


def test_a_domain_of_another_script_is_sent_in_ascii() -> None:
    with mail_server() as server:
        send(server.port, a_mail(to_email="ada@bücher.example"))
    assert server.taken[0]["To"].addresses[0].addr_spec == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize("field", ["to_email", "to_name", "subject", "message_id"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x00"])
def test_nothing_can_add_a_header(field: str, end: str) -> None:
    with pytest.raises(UnfitMailError):
        compose(a_mail(**{field: f"ada@example.org{end}Bcc: eve@example.org"}), SENDER)


@pytest.mark.parametrize("address", ["ada", "ada@", "@example.org", "a b@example.org", "ada@exa mple.org", ""])
def test_an_address_that_is_none_is_not_sent_to(address: str) -> None:
    with pytest.raises(UnfitMailError):
        compose(a_mail(to_email=address), SENDER)


def test_several_mails_go_over_one_connection() -> None:
    with mail_server() as server, a_postman(server.port) as postman:
        for _ in range(3):
            postman.send(compose(a_mail(), SENDER), "ada@example.org")
        assert len(server.taken) == 3
        assert server.connections == 1


@pytest.mark.parametrize("answers", [{"recipient": "550 no such person"}, {"data": "554 not wanted"}])
def test_a_lasting_no_is_told_from_a_passing_one(answers: dict[str, str]) -> None:
    with (
        mail_server(**answers) as server,
        pytest.raises(RefusedMailError, match=r"no such person|not wanted") as refused,
    ):
        send(server.port)
    assert refused.value.code in (550, 554)


@pytest.mark.parametrize("answers", [{"recipient": "451 later"}, {"data": "451 later"}, {"data": "421 closing"}])
def test_a_passing_no_is_a_delay(answers: dict[str, str]) -> None:
    with mail_server(**answers) as server, pytest.raises(DelayedMailError, match=r"451 later|421 closing"):
        send(server.port)


def test_after_a_refusal_the_next_mail_goes_on_the_same_connection() -> None:
    with mail_server(recipient="550 no") as server, a_postman(server.port) as postman:
        with pytest.raises(RefusedMailError):
            postman.send(compose(a_mail(), SENDER), "ada@example.org")
        server.recipient = ""
        postman.send(compose(a_mail(), SENDER), "ada@example.org")
        assert len(server.taken) == 1


def test_a_server_that_hangs_up_after_the_data_may_have_taken_the_mail() -> None:
    with mail_server(hang_up=True) as server, a_postman(server.port) as postman:
        with pytest.raises(DelayedMailError):
            postman.send(compose(a_mail(), SENDER), "ada@example.org")
        server.hang_up = False
        postman.send(compose(a_mail(), SENDER), "ada@example.org")
    assert server.message_ids == {"<abc@example.org>": 2}


def test_a_slow_server_is_not_waited_for_without_end() -> None:
    with mail_server(slow=30) as server, pytest.raises(DelayedMailError, match="did not answer in time"):
        send(server.port, timeout=0.3)


def test_a_silent_server_cannot_be_used() -> None:
    with silent_server() as port, pytest.raises(ServerUnavailableError, match="did not answer in time"):
        send(port, timeout=0.3)


def test_no_server_cannot_be_used() -> None:
    with silent_server() as port:
        pass
    with pytest.raises(ServerUnavailableError):
        send(port)


def test_a_server_that_dribbles_is_cut_off() -> None:
    began = time.monotonic()
    with dribbling_server() as port, pytest.raises((DelayedMailError, ServerUnavailableError)):
        send(port, timeout=5, deadline=0.5)
    assert time.monotonic() - began < 4


def test_a_server_without_starttls_gets_nothing_in_the_clear() -> None:
    with mail_server() as server:
        settings = Settings(
            secret_key="x" * 32,
            database_url="sqlite://",
            instance=Path("/nonexistent"),
            smtp_host="127.0.0.1",
            smtp_port=server.port,
        )
        with pytest.raises(ServerUnavailableError, match="STARTTLS"), Postman(settings) as postman:
            postman.connect()
    assert not server.taken
