"""The mail viewer shows every mail to whoever sits at the machine, and is not there for anybody else."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.jobs import deliver_outbox
from app.operations import outbox
from app.web.dev_mail.showing import linked, restyled
from app.work import work
from tests.jobs.conftest import mails


@pytest.fixture
def mailed(app: Flask) -> int:
    """A mail to a person whose name tries to be more than a name."""
    with app.app_context():
        with work(None) as opened:
            outbox.post(
                opened,
                to_email="ada@example.org",
                to_name='<script>alert(1)</script> "Ada"',
                subject="A trial <b>",
                template="trial",
                context={},
                calendar="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
            )
        return mails()[0].id


def test_an_empty_viewer_says_what_it_is_for(client: FlaskClient) -> None:
    assert "No mail yet" in client.get("/dev/mail/").get_data(as_text=True)


def test_a_mail_is_listed_and_read_with_its_addresses_clickable(app: Flask, client: FlaskClient, mailed: int) -> None:
    listed = client.get("/dev/mail/").get_data(as_text=True)
    assert "ada@example.org" in listed
    assert "Waiting for the job runner" in listed
    shown = client.get(f"/dev/mail/{mailed}").get_data(as_text=True)
    assert '<a href="/healthz" rel="noreferrer">' in shown
    assert "<script>alert" not in shown
    with app.app_context():
        list(deliver_outbox.run())
    assert "Shown here only: no mail server is set" in client.get("/dev/mail/").get_data(as_text=True)


def test_the_layout_is_shown_under_the_same_policy(client: FlaskClient, mailed: int) -> None:
    page = client.get(f"/dev/mail/{mailed}/page")
    text = page.get_data(as_text=True)
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert " style=" not in text
    assert "<style" not in text
    assert "<script>alert" not in text
    assert "/static/img/mark.png" in text
    sheet = client.get(f"/dev/mail/{mailed}/page.css")
    assert sheet.mimetype == "text/css"
    for name in re.findall(r'class="([^"]*)"', text):
        own = [word for word in name.split() if re.fullmatch(r"s\d+", word)]
        assert all(f".{word} {{" in sheet.get_data(as_text=True) for word in own)


def test_the_calendar_entry_is_a_download(client: FlaskClient, mailed: int) -> None:
    entry = client.get(f"/dev/mail/{mailed}/invitation.ics")
    assert entry.mimetype == "text/calendar"
    assert entry.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("address", ["/dev/mail/99", "/dev/mail/99/page", "/dev/mail/99/page.css"])
def test_a_mail_that_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/dev/mail/", "/dev/mail/1", "/dev/mail/1/page", "/dev/mail/1/invitation.ics"])
def test_the_viewer_is_not_there_where_it_was_not_asked_for(
    make_app: Callable[..., Flask], mailed: int, address: str
) -> None:
    assert make_app(mail_viewer=False).test_client().get(address).status_code == 404


@pytest.mark.parametrize("remote", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "", None])
def test_nobody_else_on_the_network_sees_it(client: FlaskClient, mailed: int, remote: str | None) -> None:
    for address in ("/dev/mail/", f"/dev/mail/{mailed}"):
        assert client.get(address, environ_overrides={"REMOTE_ADDR": remote}).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via"])
def test_nobody_sees_it_through_a_proxy(client: FlaskClient, mailed: int, header: str) -> None:
    assert client.get("/dev/mail/", headers={header: "127.0.0.1"}).status_code == 404


def test_nobody_sees_it_by_a_name_pointed_here(client: FlaskClient, mailed: int) -> None:
    assert client.get("/dev/mail/", headers={"Host": "eve.example"}).status_code == 404


def test_this_machine_over_ipv6_sees_it(client: FlaskClient) -> None:
    assert client.get("/dev/mail/", environ_overrides={"REMOTE_ADDR": "::1"}).status_code == 200


def test_text_around_an_address_stays_text(app: Flask) -> None:
    own = app.extensions["settings"].public_url
    with app.app_context():
        assert linked(f"<b> {own}/o/x?a=1&b=2.") == (
            f'&lt;b&gt; <a href="/o/x?a=1&amp;b=2" rel="noreferrer">{own}/o/x?a=1&amp;b=2</a>.'
        )
        assert 'href="https://elsewhere.example/x"' in linked("see https://elsewhere.example/x, please")


def test_equal_styles_share_a_name(app: Flask) -> None:
    with app.test_request_context():
        page, sheet = restyled('<p style="a:b">x</p><p class="k" style="a:b">y</p></head>', 1)
    assert page.startswith('<p class="s0">x</p><p class="s0 k">y</p>')
    assert sheet.count(".s0") == 1
