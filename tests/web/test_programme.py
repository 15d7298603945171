"""The three faces of the programme, the dashboard and the search: what they show, to whom, at what cost."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app.domain.certification.facts import AuditKind
from app.domain.certification.risk import Risk
from app.models.audit import AuditProgress
from app.models.organisation import BlackoutPeriod, Organisation
from app.operations.verdicts import judge_again
from app.queries.dashboard import Dashboard
from app.web.dashboard import standing_in_words
from app.work import work
from tests.cast import Cast, sign_in
from tests.stories import add_audit, add_certificate, add_decision

PAGES = ("", "programme", "programme/calendar", "programme/list", "programme/entries.json", "search?q=27001")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=True):
        yield


def tell(app: Flask, cast: Cast, certificates: int = 1) -> None:
    """So many certificates; of the first, surveillance is due on 2 March 2027 and planned for 10 February."""
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        for number in range(1, certificates + 1):
            certificate = add_certificate(w, f"C-27001-{number}")
            add_decision(w, certificate, date(2026, 3, 2))
            add_audit(
                w,
                f"SA-2027-{number:02d}",
                AuditKind.SURVEILLANCE,
                date(2027, 2, 10),
                certificate,
                ends_on=date(2027, 2, 11),
                title="Branch",
            )
        w.add(BlackoutPeriod(name="Change freeze", starts_on=date(2026, 12, 15), ends_on=date(2027, 1, 6)))
        judge_again(w)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_makes_the_same_queries_for_one_certificate_and_for_thirty(
    app: Flask, client: FlaskClient, cast: Cast, page: str
) -> None:
    sign_in(client, cast.quality_manager)
    address = f"/o/{cast.organisation.slug}/{page}"
    tell(app, cast, 1)
    with counted() as few:
        assert client.get(address).status_code == 200
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        for number in range(2, 31):
            certificate = add_certificate(w, f"C-27001-{number}")
            add_decision(w, certificate, date(2026, 3, 2))
            add_audit(w, f"SA-2027-{number:02d}", AuditKind.SURVEILLANCE, date(2027, 2, 10), certificate)
        judge_again(w)
    with counted() as many:
        assert client.get(address).status_code == 200
    assert len(many) == len(few)


@pytest.mark.parametrize("page", PAGES)
def test_an_organisation_with_nothing_says_what_to_do_next(client: FlaskClient, cast: Cast, page: str) -> None:
    sign_in(client, cast.quality_manager)
    answer = client.get(f"/o/{cast.organisation.slug}/{page}")
    assert answer.status_code == 200
    assert answer.is_json or "Traceback" not in answer.text


def test_nothing_of_another_organisation_shows(app: Flask, client: FlaskClient, cast: Cast) -> None:
    tell(app, cast)
    sign_in(client, cast.stranger)
    for page in PAGES:
        assert "SA-2027-01" not in client.get(f"/o/{cast.elsewhere.slug}/{page}").text
        assert client.get(f"/o/{cast.organisation.slug}/{page}").status_code == 404


def test_the_dashboard_says_what_is_safe_and_what_is_near(app: Flask, client: FlaskClient, cast: Cast) -> None:
    tell(app, cast)
    page = client.get(f"/o/{cast.organisation.slug}/", follow_redirects=False)
    assert page.status_code == 303
    sign_in(client, cast.quality_manager)
    page = client.get(f"/o/{cast.organisation.slug}/")
    assert "The certificate needs attention." in page.text
    assert "SA-2027-01" in page.text


@pytest.mark.parametrize(
    ("risks", "says"),
    [
        ({Risk.SAFE: 4}, "All 4 certificates are safe."),
        ({Risk.SAFE: 3, Risk.ATTENTION: 1}, "3 of 4 certificates are safe; 1 needs attention."),
        ({Risk.ATTENTION: 2}, "None of 2 certificates are safe; 2 need attention."),
        ({Risk.ATTENTION: 1}, "The certificate needs attention."),
        ({Risk.SAFE: 1, Risk.ENDED: 1}, "The certificate is safe."),
        ({Risk.BROKEN: 1}, "The certificate is not safe."),
    ],
)
def test_what_needs_attention_is_not_called_safe(risks: dict[Risk, int], says: str) -> None:
    found = Dashboard(Counter(risks), overdue=(), near=(), at_risk=(), all_standing=(), breaches=())
    assert standing_in_words(found) == says


def test_the_dashboard_names_the_certificate_at_risk_and_its_reason(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        add_decision(w, add_certificate(w), date(2025, 12, 20))
        add_audit(w, "IA-2026-01", AuditKind.INTERNAL, date(2026, 11, 3), progress=AuditProgress.CONFIRMED)
        judge_again(w)
    sign_in(client, cast.quality_manager)
    page = client.get(f"/o/{cast.organisation.slug}/").text
    assert "First surveillance is due by 20 Dec 2026, and nothing is planned that would meet it." in page
    assert "Internal audit has not been reported as held" in page


def test_few_certificates_show_as_rings_and_many_as_numbers(app: Flask, client: FlaskClient, cast: Cast) -> None:
    tell(app, cast, 3)
    sign_in(client, cast.quality_manager)
    page = client.get(f"/o/{cast.organisation.slug}/").text
    assert page.count('width="96"') == 3
    assert "C-27001-2: year 1 of 3" in page
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        for number in range(4, 11):
            add_decision(w, add_certificate(w, f"C-27001-{number}"), date(2026, 3, 2))
        judge_again(w)
    page = client.get(f"/o/{cast.organisation.slug}/").text
    assert 'width="96"' not in page
    assert '<span class="tally">10</span>' in page


def test_the_bell_counts_what_is_overdue_for_those_who_may_see_it(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        add_audit(w, "IA-2026-01", AuditKind.INTERNAL, date(2026, 11, 3), progress=AuditProgress.CONFIRMED)
        add_decision(w, add_certificate(w), date(2025, 3, 2))
        judge_again(w)
    sign_in(client, cast.quality_manager)
    dashboard = client.get(f"/o/{cast.organisation.slug}/").text
    overdue = dashboard.partition('id="overdue"')[2].partition("</section>")[0]
    assert "IA-2026-01" in overdue
    assert "First surveillance was due" in overdue
    assert 'aria-label="2 overdue"' in dashboard
    assert 'aria-label="2 overdue"' in client.get(f"/o/{cast.organisation.slug}/certificates").text
    sign_in(client, cast.staff)
    assert "overdue" not in client.get(f"/o/{cast.organisation.slug}/my-work").text


def test_the_passing_of_a_limit_shows_on_the_first_page_of_the_day(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        add_decision(w, add_certificate(w), date(2025, 12, 20))
        judge_again(w)
    sign_in(client, cast.quality_manager)
    assert "First surveillance was due" not in client.get(f"/o/{cast.organisation.slug}/").text
    with time_machine.travel("2026-12-20T23:30:00+00:00"):
        # Half past midnight in Berlin: the organisation's own day has begun.
        sign_in(client, cast.quality_manager)
        assert (
            "First surveillance was due by 20 Dec 2026 and is overdue."
            in client.get(f"/o/{cast.organisation.slug}/").text
        )


def test_staff_are_taken_to_their_own_work(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    answer = client.get(f"/o/{cast.organisation.slug}/")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/my-work")


def test_the_timeline_shows_each_certificate_as_a_drawing_and_as_a_table(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    tell(app, cast, 2)
    sign_in(client, cast.quality_manager)
    page = client.get(f"/o/{cast.organisation.slug}/programme").text
    assert page.count("<svg") >= 2
    assert "The timeline as a table" in page
    for reference in ("C-27001-1", "C-27001-2", "SA-2027-01", "SA-2027-02"):
        assert reference in page


def test_the_timeline_turns_its_pages_and_its_years(app: Flask, client: FlaskClient, cast: Cast) -> None:
    tell(app, cast, 21)
    sign_in(client, cast.quality_manager)
    here = f"/o/{cast.organisation.slug}/programme"
    # By reference, letter by letter: 9 is the last of 21.
    assert "C-27001-9" not in client.get(here).text
    assert "C-27001-9" in client.get(f"{here}?page=2").text
    assert "Programme: 2031 to 2033" in client.get(f"{here}?from=2031").text
    for nonsense in ("from=99999", "from=x", "page=-1", "page=9999999999", "page=zwei"):
        assert client.get(f"{here}?{nonsense}").status_code == 200


def test_the_month_lists_audits_limits_and_blackouts_without_a_script(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    tell(app, cast)
    sign_in(client, cast.quality_manager)
    here = f"/o/{cast.organisation.slug}/programme/calendar"
    february = client.get(f"{here}?month=2027-02").text
    assert "SA-2027-01" in february
    assert "Change freeze" not in february
    assert "Change freeze" in client.get(f"{here}?month=2026-12").text
    assert "Last day for the first surveillance" in client.get(f"{here}?month=2027-03").text
    assert "Nothing in May 2030" in client.get(f"{here}?month=2030-05").text
    assert client.get(f"{here}?month=nonsense").status_code == 200


@pytest.mark.parametrize(("setting", "word"), [("warning", "missed"), ("hard", "breached")])
def test_a_miss_that_is_a_warning_is_called_a_breach_nowhere(
    app: Flask, client: FlaskClient, cast: Cast, setting: str, word: str
) -> None:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        home = w.one_or_none(select(Organisation).where(Organisation.id == cast.organisation.id))
        assert home is not None
        home.second_surveillance = setting
        certificate = add_certificate(w)
        add_decision(w, certificate, date(2024, 3, 4))
        for number, (kind, day) in enumerate(
            (
                (AuditKind.STAGE_1, date(2024, 1, 10)),
                (AuditKind.STAGE_2, date(2024, 2, 14)),
                (AuditKind.SURVEILLANCE, date(2025, 2, 12)),
            )
        ):
            add_audit(w, f"EA-{number}", kind, day, certificate, progress=AuditProgress.CLOSED)
        add_audit(w, "EA-9", AuditKind.SURVEILLANCE, date(2026, 12, 10), certificate)
        judge_again(w)
    sign_in(client, cast.quality_manager)
    here = f"/o/{cast.organisation.slug}"
    span = "from=2026-03-01&until=2026-03-31"
    pages = [
        client.get(f"{here}/{page}").text.partition("<main")[2]
        for page in (
            f"programme/list?{span}",
            "programme/calendar?month=2026-03",
            "programme?from=2025",
            f"certificates/{certificate.reference}",
        )
    ]
    for page in pages:
        assert ("Missed, a warning" in page) is (word == "missed"), page
        assert ("Breached" in page) is (word == "breached"), page
    assert all(f"w-{word}" in page for page in pages[2:])
    (entry,) = (
        each
        for each in client.get(f"{here}/programme/entries.json?start=2026-03-01&end=2026-03-31").json or ()
        if "second surveillance" in each["title"]
    )
    assert entry["className"].endswith(f"entry-{word}")
    feed = client.get(f"{here}/calendar/certificates/{certificate.reference}.ics").text.replace("\r\n ", "")
    assert ("Not met in time: a warning\\, no breach" in feed) is (word == "missed")
    assert "Not met in time" in feed
    assert ('class="dues"' in client.get(f"{here}/").text.partition('id="overdue"')[2].partition("</section>")[0]) is (
        word == "breached"
    )


def test_only_who_may_move_gets_audits_that_can_be_dragged(app: Flask, client: FlaskClient, cast: Cast) -> None:
    tell(app, cast)
    span = "start=2027-02-01&end=2027-03-10"
    for person, draggable in ((cast.quality_manager, True), (cast.asset_manager, False)):
        sign_in(client, person)
        entries = client.get(f"/o/{cast.organisation.slug}/programme/entries.json?{span}").json
        audit = next(each for each in entries if each.get("id") == "SA-2027-01")
        assert (audit["start"], audit["end"]) == ("2027-02-10", "2027-02-12")
        assert audit["editable"] is draggable


def test_the_list_filters_by_days_kind_status_and_certificate(app: Flask, client: FlaskClient, cast: Cast) -> None:
    tell(app, cast, 2)
    sign_in(client, cast.quality_manager)
    here = f"/o/{cast.organisation.slug}/programme/list"
    whole = client.get(here).text
    assert "SA-2027-01" in whole
    assert "SA-2027-02" in whole
    one = client.get(f"{here}?certificate=C-27001-2").text
    assert "SA-2027-01" not in one
    assert "SA-2027-02" in one
    assert "SA-2027-01" not in client.get(f"{here}?progress=closed").text
    assert "SA-2027-01" not in client.get(f"{here}?kind=internal").text
    assert "SA-2027-01" not in client.get(f"{here}?until=2027-01-31").text
    backwards = client.get(f"{here}?from=2027-05-01&until=2027-01-31")
    assert "Until lies before From" in backwards.text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("27001-1", "C-27001-1"),
        ("sa-2027", "SA-2027-01"),
        ("branch", "SA-2027-01"),
        ("aud lindq", "Aud Lindqvist"),
    ],
)
def test_search_finds_certificates_audits_and_people(
    app: Flask, client: FlaskClient, cast: Cast, words: str, found: str
) -> None:
    tell(app, cast)
    sign_in(client, cast.quality_manager)
    assert found in client.get(f"/o/{cast.organisation.slug}/search", query_string={"q": words}).text


@pytest.mark.parametrize("words", ["%", "_", "'; drop table audit; --", "<script>alert(1)</script>", "x" * 5000])
def test_search_takes_every_word_literally(app: Flask, client: FlaskClient, cast: Cast, words: str) -> None:
    tell(app, cast)
    sign_in(client, cast.quality_manager)
    page = client.get(f"/o/{cast.organisation.slug}/search", query_string={"q": words})
    assert page.status_code == 200
    assert "Nothing was found" in page.text
    assert "<script>alert" not in page.text


def test_a_day_far_away_is_only_a_day(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.quality_manager)
    far = date(9999, 12, 31)
    for query in (f"from={far}&until={far}", f"from={far - timedelta(days=1)}", "until=0001-01-01"):
        assert client.get(f"/o/{cast.organisation.slug}/programme/list?{query}").status_code == 200
    assert client.get(f"/o/{cast.organisation.slug}/programme/calendar?month=9999-12").status_code == 200
    assert client.get(f"/o/{cast.organisation.slug}/programme/entries.json?start={far}").status_code == 200
