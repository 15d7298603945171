"""The portfolio: all of one's organisations on one page, in a fixed number of queries."""

from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.domain.permission import Role
from app.extensions import db
from app.models.certificate import CertificateVerdict
from app.models.organisation import Organisation
from app.models.person import Person
from app.operations import organisations
from app.work import work
from tests.cast import Cast, House, Member, add_person, sign_in
from tests.certified import NOON, applied, certified


@pytest.fixture(autouse=True)
def _on_a_known_day():
    with time_machine.travel(NOON, tick=False):
        yield


def joined(app: Flask, house: House, person: Member, *roles: Role) -> None:
    with app.app_context(), work(house.id) as w:
        row = w.session.scalars(select(Person).where(Person.id == person.id)).one()
        organisations.join(w, w.organisation, row, frozenset(roles))


def page(client: FlaskClient, url: str = "/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_one_organisation_opens_at_once(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.quality_manager)
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (303, "/o/alder-works/")
    assert "Alder Works" in page(client, "/?all")


def test_who_belongs_nowhere_is_told_what_to_do(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context(), work(None) as w:
        person = add_person(w, "Lone Wolfe")
        alone = Member(person.id, person.name, person.email or "")
    text = page(sign_in(client, alone))
    assert "You belong to no organisation" in text
    assert "flask --app app organisation found" in text


def test_only_an_administrator_is_told_of_the_command_line(app: Flask, cast: Cast) -> None:
    for who, told in ((cast.administrator, True), (cast.quality_manager, False), (cast.staff, False)):
        assert ("organisation found" in page(sign_in(app.test_client(), who), "/?all")) is told
    # Who sells is there for clients, however much else they may do.
    assert "organisation found" not in page(sign_in(app.test_client(), cast.stranger), "/?all")


def test_the_account_and_the_help_keep_the_menu_of_where_one_was(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.quality_manager)
    assert "/o/alder-works/audits" not in page(client, "/account/")
    page(client, "/o/alder-works/audits")
    for url in ("/account/", "/help/"):
        assert "/o/alder-works/audits" in page(client, url)
    assert "All organisations" in page(client, "/?all")
    with client.session_transaction() as session:
        session["last_place"] = cast.elsewhere.slug
    assert f"/o/{cast.elsewhere.slug}/" not in page(client, "/account/")


def test_what_is_at_risk_stands_out_over_all_organisations(app: Flask, client: FlaskClient, cast: Cast) -> None:
    joined(app, cast.elsewhere, cast.quality_manager, Role.QUALITY_MANAGER)
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        certified(w, date(2025, 3, 14))
    with app.app_context(), work(cast.elsewhere.id, cast.stranger.id) as w:
        certified(w, date(2026, 3, 14))
    text = page(sign_in(client, cast.quality_manager))
    assert "Alder Works, C-27001-1" in text
    assert "1 of 2 organisations is safe; look at Alder Works." in text
    # One that has no certificate is neither safe nor in danger, and is said to be there.
    with app.app_context(), work(None) as w:
        third = organisations.found(w, name="Cedar Mills", country="US", time_zone="America/New_York", slug="cedar")
        house = House(third.id, third.slug, third.name)
    joined(app, house, cast.quality_manager, Role.QUALITY_MANAGER)
    text = page(client)
    assert "1 of 2 organisations with certificates, of 3 in all, is safe; look at Alder Works." in text
    assert "/o/birch-hosting/" in text
    assert "last day for the first surveillance" in text


def test_what_one_may_not_see_is_not_counted(app: Flask, client: FlaskClient, cast: Cast) -> None:
    joined(app, cast.elsewhere, cast.auditor, Role.STAFF)
    with app.app_context(), work(cast.elsewhere.id, cast.stranger.id) as w:
        certified(w, date(2025, 3, 14))
    text = page(sign_in(client, cast.auditor))
    assert "Birch Hosting" in text
    assert "C-27001-1" not in text


def test_a_verdict_that_the_days_have_changed_is_judged_first(app: Flask, client: FlaskClient, cast: Cast) -> None:
    joined(app, cast.elsewhere, cast.quality_manager, Role.QUALITY_MANAGER)
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        certified(w, date(2026, 3, 14))
    with time_machine.travel(NOON + timedelta(days=400), tick=False):
        text = page(sign_in(client, cast.quality_manager))
        with app.app_context(), work(cast.organisation.id, writes=False) as w:
            assert w.all(select(CertificateVerdict.judged_on)) == [w.today]
    assert "look at Alder Works" in text


def test_the_number_of_queries_does_not_depend_on_the_number_of_organisations(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    joined(app, cast.elsewhere, cast.quality_manager, Role.QUALITY_MANAGER)
    sign_in(client, cast.quality_manager)

    def queries() -> int:
        sent: list[str] = []

        def note(_connection, _cursor, statement: str, *_rest) -> None:
            sent.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        page(client)
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    queries()
    few = queries()
    with app.app_context(), work(None) as w:
        person = w.session.scalars(select(Person).where(Person.id == cast.quality_manager.id)).one()
        for number in range(8):
            house: Organisation = organisations.found(
                w, name=f"Client {number}", country="DE", time_zone="Europe/Berlin"
            )
            organisations.join(w, house, person, frozenset({Role.QUALITY_MANAGER}))
            with w.within(house.id) as inside:
                certified(inside, date(2025, 3, 14))
    assert queries() == few


def test_overdue_is_what_the_bell_counts_and_an_application_is_no_certificate(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    joined(app, cast.elsewhere, cast.quality_manager, Role.QUALITY_MANAGER)
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        certified(w, date(2025, 3, 14))
        applied(w)
    with app.app_context(), work(cast.elsewhere.id, cast.quality_manager.id) as w:
        applied(w)
    everything = page(sign_in(client, cast.quality_manager))
    rows = everything.partition("<tbody>")[2].split("</tr>")
    here = next(each for each in rows if cast.organisation.name in each)
    there = next(each for each in rows if cast.elsewhere.name in each)
    assert 'data-label="Overdue">1<' in here
    assert "Applicant" in here
    assert "Applicant" in there
    assert "Safe" not in there
    assert 'aria-label="1 overdue"' in page(client, f"/o/{cast.organisation.slug}/")
    first = page(client, f"/o/{cast.organisation.slug}/")
    assert "The certificate is not safe; 1 application is under way." in first
    elsewhere = page(client, f"/o/{cast.elsewhere.slug}/")
    assert "No certificate is granted yet; 1 application is under way." in elsewhere
