"""Moving an audit: what it would cost is shown before it is saved, and a broken rule needs a reason."""

from datetime import date, time

import pytest
import time_machine
from sqlalchemy import select

from app.domain.programme.team import Seat, TeamRole
from app.models.journal import JournalEntry
from app.models.organisation import BlackoutPeriod, Site
from app.models.outbox import OutboxMail
from tests.cast import post, sign_in
from tests.stage import certificate, on_stage, plan, reread, site


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-05-04T10:00:00+02:00", tick=True):
        yield


@pytest.fixture
def page(app, client, cast):
    """The address of the move of a first surveillance that is due by 15 September 2026."""
    with on_stage(app, cast.organisation) as w:
        munich = site(w).id
        row = certificate(w, granted=date(2025, 9, 15), sites=(munich,))
        plan(
            w,
            row.id,
            date(2026, 8, 3),
            date(2026, 8, 4),
            sites=frozenset({munich}),
            starts_at=time(9),
            ends_at=time(16),
        )
        w.add(BlackoutPeriod(name="Year end", starts_on=date(2026, 8, 24), ends_on=date(2026, 8, 28)))
    sign_in(client, cast.quality_manager)
    return f"/o/{cast.organisation.slug}/audits/SA-2026-01/move"


def days(first, last=None, **more):
    return {"starts_on": first, "ends_on": last or first, "version": "1", "step": "save", **more}


def test_a_drag_names_the_first_day_and_the_length_stays(client, page):
    answer = client.get(f"{page}?starts_on=2026-09-01")
    assert answer.status_code == 200
    for words in (
        'value="2026-09-01"',
        'value="2026-09-02"',
        'value="09:00"',
        "What this would do",
        "No limit is newly broken, and nothing stands in the way.",
        "kept; 2 Sep 2026 is 13 days before the limit of 15 Sep 2026 (it was 42 days before it)",
        "42 days",
        "13 days",
    ):
        assert words in answer.text, words


def test_a_look_saves_nothing(app, client, cast, page):
    client.get(f"{page}?starts_on=2026-09-01")
    post(client, page, days("2026-09-01", step="preview"))
    assert reread(app, cast.organisation, "SA-2026-01").starts_on == date(2026, 8, 3)


def test_a_harmless_move_is_saved(app, client, cast, page):
    answer = post(client, page, days("2026-09-01", "2026-09-02", starts_at="10:00", ends_at="15:00"))
    assert answer.status_code == 303
    assert answer.location.endswith("/audits/SA-2026-01")
    audit = reread(app, cast.organisation, "SA-2026-01")
    assert (audit.starts_on, audit.ends_on, audit.starts_at) == (date(2026, 9, 1), date(2026, 9, 2), time(10))
    assert audit.sequence == 1


def test_past_its_limit_the_breach_is_shown_first_and_asks_for_a_reason(app, client, cast, page):
    shown = client.get(f"{page}?starts_on=2026-09-15").text
    assert "This breaks a hard rule." in shown
    assert "16 Sep 2026 is 1 day past the limit of 15 Sep 2026" in shown
    assert 'name="reason"' in shown
    refused = post(client, page, days("2026-09-15", "2026-09-16"))
    assert refused.status_code == 422
    assert "This breaks a hard rule, so it needs a reason; the journal keeps it." in refused.text
    assert reread(app, cast.organisation, "SA-2026-01").starts_on == date(2026, 8, 3)
    done = post(client, page, days("2026-09-15", "2026-09-16", reason="The lead auditor is ill"))
    assert done.status_code == 303
    with on_stage(app, cast.organisation) as w:
        latest = select(JournalEntry).where(JournalEntry.noun == "audit").order_by(JournalEntry.id.desc()).limit(1)
        assert w.session.scalars(latest).one().reason == "The lead auditor is ill"


def test_the_limit_itself_is_still_in_time(client, page):
    assert post(client, page, days("2026-09-14", "2026-09-15")).status_code == 303


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-08-29", "2026-08-31", "From 29 Aug 2026 to 29 Aug 2026"),
        ("2026-08-25", "2026-08-26", "From 25 Aug 2026 to 26 Aug 2026: blackout period Year end."),
        ("2026-08-15", "2026-08-15", "Saturday, weekend in DE (Munich)"),
    ],
)
def test_closed_days_are_told_and_need_a_second_word(client, page, first, last, says):
    answer = post(client, page, days(first, last))
    assert answer.status_code == 422
    if not says.startswith("From 29"):
        assert says in answer.text
    assert "all the same" in answer.text
    weighed = answer.text.split('name="weighed" type="hidden" value="')[1].split('"')[0]
    assert post(client, page, days(first, last, weighed=weighed)).status_code == 303


def test_what_was_weighed_is_what_is_saved(client, page):
    answer = post(client, page, days("2026-08-15"))
    weighed = answer.text.split('name="weighed" type="hidden" value="')[1].split('"')[0]
    assert post(client, page, days("2026-08-16", weighed=weighed)).status_code == 422


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (days("2026-02-30"), "There is no such day."),
        (days("2026-09-02", "2026-09-01"), "It ends on 1 Sep 2026, before it starts on 2 Sep 2026."),
        (days("", "2026-09-01"), "Give the first day."),
        (days("0001-01-01", "2026-09-01"), "Choose a day between 1980 and 2999."),
        (days("9999-12-31"), "Choose a day between 1980 and 2999."),
    ],
)
def test_impossible_days_are_refused_at_their_field(client, page, sent, says):
    answer = post(client, page, sent)
    assert answer.status_code == 422
    assert says in answer.text


@pytest.mark.parametrize("drag", ["nonsense", "2026-02-30", "9999-12-31", ""])
def test_a_drag_to_nowhere_is_refused_in_words(client, page, drag):
    answer = client.get(f"{page}?starts_on={drag}")
    assert answer.status_code in (200, 422)
    assert "What this would do" not in answer.text


def test_the_second_of_two_who_move_it_is_shown_where_it_stands_now(app, client, cast, page):
    assert post(client, page, days("2026-08-11", "2026-08-12")).status_code == 303
    answer = post(client, page, days("2026-08-18", "2026-08-19"))
    assert answer.status_code == 422
    assert "Somebody else changed SA-2026-01" in answer.text
    assert "Quentin Marsh saved it" in answer.text
    assert reread(app, cast.organisation, "SA-2026-01").starts_on == date(2026, 8, 11)
    assert post(client, page, days("2026-08-18", "2026-08-19", version="2")).status_code == 303


def test_what_was_cancelled_does_not_move(client, cast, page):
    step = page.replace("/move", "/step")
    post(client, step, {"to": "cancelled", "version": "1", "reason": "Gone"})
    assert "Reopen it to move it." in client.get(page).text
    assert post(client, page, days("2026-08-11", version="2")).status_code == 422


def test_once_moved_past_its_limit_the_certificate_is_at_risk_everywhere(client, cast, page):
    sent = days("2026-10-12", "2026-10-14", reason="The body has no team before.")
    assert post(client, page, sent).status_code == 303
    says = (
        "The surveillance is planned past its limit by 29 days: SA-2026-01 on 14 Oct 2026, "
        "first surveillance by 15 Sep 2026."
    )
    home = f"/o/{cast.organisation.slug}"
    dashboard = client.get(f"{home}/").text
    assert says in dashboard.partition('id="at-risk"')[2].partition("</section>")[0]
    assert 'aria-label="Nothing overdue, 1 certificate at risk"' in dashboard
    shown = client.get(f"{home}/certificates/C-27001-1").text
    assert says in shown.partition('id="warnings"')[2].partition("</section>")[0]
    assert "Breaches of this cycle" not in shown


def test_the_form_says_whom_a_mail_would_reach(app, client, cast):
    with on_stage(app, cast.organisation) as w:
        row = certificate(w, "C-20000-1", granted=date(2025, 9, 15))
        team = (Seat(TeamRole.LEAD, name="Ben Out", email="ben@outside.example"),)
        plan(w, row.id, date(2026, 8, 10), team=team)
        plan(w, row.id, date(2026, 4, 10), team=team)
    sign_in(client, cast.quality_manager)
    home = f"/o/{cast.organisation.slug}/audits"
    for reference in ("SA-2026-01", "SA-2026-02"):
        assert "Ben Out (ben@outside.example)" in client.get(f"{home}/{reference}/move").text
    assert "Ben Out (ben@outside.example)" in client.get(f"{home}/SA-2026-01/step?to=confirmed").text
    past = f"{home}/SA-2026-02/step"
    assert "Ben Out (ben@outside.example)" not in client.get(f"{past}?to=confirmed").text
    assert post(client, past, {"to": "confirmed", "version": "1"}).status_code == 303
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(OutboxMail)) == []


def test_without_a_site_the_sites_of_the_certificates_are_looked_at(app, client, cast, page):
    with on_stage(app, cast.organisation) as w:
        within = w.all(select(Site.id))[0]
        plan(w, certificate(w, "C-20000-1", sites=(within,)).id, date(2026, 8, 11))
    shown = client.get(f"/o/{cast.organisation.slug}/audits/SA-2026-02/move?starts_on=2026-08-03").text
    assert "Munich is visited by SA-2026-01" in shown
