"""Calendar addresses: made once, read without sign-in, revoked for good; and the files to download."""

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.certification.facts import AuditKind, DecisionKind
from app.models.audit import Audit, AuditProgress
from app.models.calendar_feed import CalendarFeed
from app.models.organisation import Membership
from app.operations import feeds, members
from app.operations.verdicts import judge_again
from app.work import work
from tests.cast import Cast, Member, post, sign_in
from tests.stories import add_audit, add_certificate, add_decision

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=True):
        yield


@pytest.fixture
def programme(app: Flask, cast: Cast) -> None:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        certificate = add_certificate(w)
        add_decision(w, certificate, date(2026, 3, 2), DecisionKind.GRANTED)
        add_audit(w, "SA-2027-01", AuditKind.SURVEILLANCE, date(2027, 2, 10), certificate, person_id=cast.auditor.id)
        add_audit(w, "IA-2026-01", AuditKind.INTERNAL, date(2026, 12, 8), certificate)
        add_audit(w, "SP-2026-01", AuditKind.SPECIAL, date(2026, 12, 1), certificate, progress=AuditProgress.CANCELLED)
        judge_again(w)
    with app.app_context(), work(cast.elsewhere.id, cast.stranger.id) as w:
        add_audit(w, "IA-2026-01", AuditKind.INTERNAL, date(2026, 12, 9), title="Foreign")


def subscribe(app: Flask, cast: Cast, person: Member, **choices: Any) -> str:
    with app.app_context(), work(cast.organisation.id, person.id) as w:
        _feed, token = feeds.subscribe(w, name="Phone", only_mine=choices.pop("only_mine", False), **choices)
    return f"/feeds/{token}.ics"


def summaries(raw: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(raw).walk("VEVENT")]


@pytest.mark.usefixtures("programme")
def test_the_address_shows_all_audits_and_limits_of_its_organisation_alone(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    answer = client.get(subscribe(app, cast, cast.quality_manager))
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    shown = summaries(answer.data)
    assert [words.split()[0] for words in shown[:3]] == ["SP-2026-01", "IA-2026-01", "SA-2027-01"]
    assert "Last day: first surveillance, C-27001-1" in shown
    assert "Foreign" not in answer.text


@pytest.mark.usefixtures("programme")
def test_an_unchanged_calendar_answers_304_and_any_change_a_new_one(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    address = subscribe(app, cast, cast.quality_manager)
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.data == b""
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        audit = w.session.scalars(select(Audit).where(Audit.reference == "SA-2027-01")).one()
        audit.ends_on += timedelta(days=1)
        audit.sequence += 1
    changed = client.get(address, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    (event,) = [e for e in icalendar.Calendar.from_ical(changed.data).walk("VEVENT") if "SA-2027" in e["SUMMARY"]]
    assert event["SEQUENCE"] == 1


@pytest.mark.usefixtures("programme")
def test_the_calendar_is_new_on_the_next_day(app: Flask, client: FlaskClient, cast: Cast) -> None:
    address = subscribe(app, cast, cast.quality_manager)
    etag = client.get(address).headers["ETag"]
    with time_machine.travel("2027-03-03T10:00:00+00:00"):
        later = client.get(address, headers={"If-None-Match": etag})
    assert later.status_code == 200
    (missed,) = [
        event
        for event in icalendar.Calendar.from_ical(later.data).walk("VEVENT")
        if event["SUMMARY"] == "Last day: first surveillance, C-27001-1"
    ]
    assert "Not met in time" in missed["DESCRIPTION"]
    assert missed["SEQUENCE"] > 0


@pytest.mark.usefixtures("programme")
def test_a_revoked_address_and_an_unknown_one_are_not_there(app: Flask, client: FlaskClient, cast: Cast) -> None:
    address = subscribe(app, cast, cast.quality_manager)
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        feed_id = w.all(select(CalendarFeed.id))[0]
    sign_in(client, cast.auditor)
    assert post(client, f"/o/{cast.organisation.slug}/calendar/{feed_id}/revoke").status_code == 404
    assert client.get(address).status_code == 200
    sign_in(client, cast.quality_manager)
    assert post(client, f"/o/{cast.organisation.slug}/calendar/{feed_id}/revoke").status_code == 303
    assert client.get(address).status_code == 404
    assert client.get("/feeds/never-was.ics").status_code == 404


@pytest.mark.usefixtures("programme")
def test_an_address_dies_with_the_membership(app: Flask, client: FlaskClient, cast: Cast) -> None:
    address = subscribe(app, cast, cast.auditor)
    with app.app_context(), work(cast.organisation.id, cast.administrator.id) as w:
        membership = w.session.scalars(select(Membership).where(Membership.person_id == cast.auditor.id)).one()
        members.end(w, membership.id)
    assert client.get(address).status_code == 404
    with app.app_context(), work(cast.organisation.id, cast.administrator.id) as w:
        members.bring_back(w, membership.id)
    assert client.get(address).status_code == 404, "who comes back subscribes anew"
    assert client.get(subscribe(app, cast, cast.auditor)).status_code == 200


@pytest.mark.usefixtures("programme")
def test_who_may_not_see_the_programme_gets_their_own_audits_alone(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert summaries(client.get(subscribe(app, cast, cast.staff)).data) == []
    mine = summaries(client.get(subscribe(app, cast, cast.auditor, only_mine=True)).data)
    assert mine == ["SA-2027-01 Surveillance audit (C-27001-1)"]


@pytest.mark.usefixtures("programme")
def test_too_many_wrong_secrets_are_answered_429_with_a_time(client: FlaskClient) -> None:
    answers = [client.get(f"/feeds/guess-{number}.ics") for number in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {404}
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"]


@pytest.mark.usefixtures("programme")
def test_the_secret_is_shown_once_and_only_its_hash_is_kept(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.quality_manager)
    here = f"/o/{cast.organisation.slug}/calendar/"
    made = post(client, here, {"name": "Phone", "with_limits": "y", "certificate": ""})
    assert made.status_code == 303
    page = client.get(here).text
    token = page.split("/feeds/")[1].split(".ics")[0]
    assert client.get(f"/feeds/{token}.ics").status_code == 200
    assert token not in client.get(here).text
    with app.app_context(), work(cast.organisation.id) as w:
        (feed,) = w.all(select(CalendarFeed))
        assert token not in repr(vars(feed))


@pytest.mark.usefixtures("programme")
def test_the_address_is_the_one_of_the_settings_whatever_the_browser_calls_the_server(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    sign_in(client, cast.quality_manager)
    place = f"/o/{cast.organisation.slug}/calendar/"
    # The client of the tests calls the server localhost; the settings name its address.
    assert post(client, place, {"name": "Phone", "certificate": ""}).status_code == 303
    page = client.get(place).text
    assert f"{app.extensions['settings'].public_url}/feeds/" in page
    assert "localhost/feeds/" not in page


@pytest.mark.usefixtures("programme")
def test_an_address_without_a_name_comes_back_filled_in(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.quality_manager)
    refused = post(client, f"/o/{cast.organisation.slug}/calendar/", {"certificate": "C-27001-1", "only_mine": "y"})
    assert refused.status_code == 422
    assert "Give the address a name" in refused.text
    assert '<option selected value="C-27001-1">' in refused.text


@pytest.mark.usefixtures("programme")
@pytest.mark.parametrize(
    ("path", "count"), [("programme.ics", 8), ("certificates/C-27001-1.ics", 8), ("audits/SA-2027-01.ics", 1)]
)
def test_downloads_are_attachments(client: FlaskClient, cast: Cast, path: str, count: int) -> None:
    sign_in(client, cast.quality_manager)
    answer = client.get(f"/o/{cast.organisation.slug}/calendar/{path}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(summaries(answer.data)) == count


@pytest.mark.usefixtures("programme")
@pytest.mark.parametrize("path", ["certificates/C-9001-9.ics", "audits/SA-1999-01.ics"])
def test_a_download_of_what_is_not_there_is_404(client: FlaskClient, cast: Cast, path: str) -> None:
    sign_in(client, cast.quality_manager)
    assert client.get(f"/o/{cast.organisation.slug}/calendar/{path}").status_code == 404
