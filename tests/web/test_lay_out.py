"""Laying out the programme: everything is proposed with its reasons; all or some are taken, once."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.permission import Role
from app.models.audit import Audit
from app.models.journal import JournalEntry
from app.models.organisation import BlackoutPeriod
from tests.cast import post, sign_in
from tests.stage import certificate, on_stage, plan, site


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2024-03-04T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def page(client, cast):
    sign_in(client, cast.quality_manager)
    return f"/o/{cast.organisation.slug}/programme/lay-out"


@pytest.fixture
def leap(app, cast):
    """A certificate decided on 29 February 2024, with a site in Munich."""
    with on_stage(app, cast.organisation) as w:
        return certificate(w, granted=date(2024, 2, 29), sites=(site(w).id,)).id


def offered(text):
    """The form as a browser would send it: what is ticked and every day."""
    fields = {
        name: unescape(value) for name, value in re.findall(r'type="date"[^>]*? name="([^"]+)" value="([^"]*)"', text)
    }
    fields |= {
        unescape(name): value
        for name, value in re.findall(r'type="date" id="[^"]*" name="([^"]+)" value="([^"]*)"', text)
    }
    taken = [unescape(key) for key in re.findall(r'name="take" value="([^"]+)"[^>]*checked', text)]
    kept = re.findall(r'type="hidden" name="(certificate|joined|plan_start)" value="([^"]*)"', text)
    sent = {unescape(name): value for name, value in fields.items() if name.startswith(("starts_on-", "ends_on-"))}
    sent |= {name: [value for each, value in kept if each == name] for name, _ in kept}
    return {**sent, "take": taken}


def on_programme(app, cast):
    with on_stage(app, cast.organisation) as w:
        return w.all(select(Audit).order_by(Audit.ends_on, Audit.id))


def test_a_decision_of_29_february_is_laid_out_with_its_reasons(client, leap, page):
    text = client.get(page).text
    for words in ("28 Feb 2025", "27 Feb 2027", "ISO/IEC 17021-1:2015, 9.1.3.3", "Internal 1", "Internal 6"):
        assert words in text, words
    sent = offered(text)
    kinds = sorted(key.split("@")[0] for key in sent["take"])
    assert sum(".surveillance." in key for key in kinds) == 2
    assert sum(".recertification." in key for key in kinds) == 1
    assert sum(".internal." in key for key in kinds) == 6


def test_all_are_taken_in_one_go_and_a_second_send_adds_none(app, client, cast, leap, page):
    sent = offered(client.get(page).text)
    answer = post(client, page, sent)
    assert answer.status_code == 303, answer.text
    found = on_programme(app, cast)
    assert len(found) == 9
    for audit in found:
        assert audit.ends_on.weekday() < 5
    first = next(each for each in found if each.kind is AuditKind.SURVEILLANCE)
    assert date(2024, 3, 1) <= first.ends_on <= date(2025, 2, 28)
    assert post(client, page, sent).status_code == 303
    assert len(on_programme(app, cast)) == 9
    with on_stage(app, cast.organisation) as w:
        assert w.organisation.internal_plan_starts_on == date(2024, 2, 29)
    assert "Nothing is left to propose" in client.get(page).text


def test_some_are_taken_and_the_rest_is_proposed_again(app, client, cast, leap, page):
    sent = offered(client.get(page).text)
    chosen = [key for key in sent["take"] if ".surveillance.1" in key]
    assert post(client, page, {**sent, "take": chosen}).status_code == 303
    assert [each.reference for each in on_programme(app, cast)] == ["SA-2025-01"]
    again = offered(client.get(page).text)["take"]
    assert not any(".surveillance.1@" in key for key in again)
    assert any(".surveillance.2@" in key for key in again)


def test_a_changed_day_is_checked_again(app, client, cast, leap, page):
    sent = offered(client.get(page).text)
    key = next(each for each in sent["take"] if ".surveillance.1" in each)
    late = {**sent, "take": [key], f"starts_on-{key}": "2025-03-03", f"ends_on-{key}": "2025-03-03"}
    answer = post(client, page, late)
    assert answer.status_code == 422
    assert "3 Mar 2025 is 3 days past the limit of 28 Feb 2025, so it needs a reason." in answer.text
    assert 'value="2025-03-03"' in answer.text
    assert on_programme(app, cast) == []
    assert post(client, page, {**late, "reason": "The body has no earlier day"}).status_code == 303
    assert [each.ends_on for each in on_programme(app, cast)] == [date(2025, 3, 3)]
    assert post(client, page, {**late, "reason": "The body has no earlier day"}).status_code == 303
    assert len(on_programme(app, cast)) == 1


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2025-02-30", "2025-02-30", "There is no such day."),
        ("2025-02-11", "2025-02-10", "It ends before it starts."),
        ("2024-02-28", "2024-02-28", "It would not count on 28 Feb 2024: its window opens on 1 Mar 2024."),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_row_and_nothing_is_kept(
    app, client, cast, leap, page, first, last, says
):
    sent = offered(client.get(page).text)
    key = next(each for each in sent["take"] if ".surveillance.1" in each)
    answer = post(client, page, {**sent, f"starts_on-{key}": first, f"ends_on-{key}": last})
    assert answer.status_code == 422
    assert says in answer.text
    assert on_programme(app, cast) == []


def test_nothing_ticked_is_said(client, leap, page):
    answer = post(client, page, {**offered(client.get(page).text), "take": []})
    assert answer.status_code == 422
    assert "Tick the audits to put on the programme." in answer.text


def test_what_is_there_already_is_not_proposed_twice(app, client, cast, leap, page):
    with on_stage(app, cast.organisation) as w:
        plan(w, leap, date(2024, 11, 5))
        plan(w, leap, date(2024, 6, 4), kind=AuditKind.INTERNAL)
    taken = offered(client.get(page).text)["take"]
    assert not any(".surveillance.1@" in key or ".internal.1@" in key for key in taken)


def test_a_day_gone_by_is_to_be_recorded_not_planned(app, client, cast, leap, page):
    with time_machine.travel("2026-11-23T10:00:00+01:00", tick=True):
        sign_in(client, cast.quality_manager)
        text = client.get(page).text
    assert "Record it, if it was held" in text
    assert "held=yes" in text
    assert "Record first what was held then" in text
    assert "This day has passed" in text


def test_the_start_of_the_internal_plan_is_asked_for_where_it_is_not_set(app, client, cast, leap, page):
    assert 'name="plan_start"' in client.get(page).text
    text = client.get(f"{page}?certificate=C-27001-1&plan_start=2024-08-31").text
    for day in ("28 Feb 2025", "31 Aug 2025", "28 Feb 2026", "31 Aug 2026", "28 Feb 2027", "31 Aug 2027"):
        assert day in text, day
    wrong = client.get(f"{page}?certificate=C-27001-1&plan_start=2024-02-30")
    assert wrong.status_code == 422
    assert "There is no such day." in wrong.text


class TestSeveral:
    @pytest.fixture
    def two(self, app, cast, leap):
        with on_stage(app, cast.organisation) as w:
            certificate(w, "C-20000-1", standard="ISO/IEC 20000-1", edition="2018", granted=date(2024, 1, 15))

    def test_the_page_asks_which(self, client, two, page):
        text = client.get(page).text
        assert "C-20000-1" in text
        assert "Proposed audits" not in text

    def test_alone_no_two_fall_on_one_day(self, client, two, page):
        text = client.get(f"{page}?certificate=C-27001-1&certificate=C-20000-1").text
        taken = offered(text)
        days = [taken[f"ends_on-{key}"] for key in taken["take"]]
        assert len(days) == len(set(days))
        assert not any("+" in key for key in taken["take"] if ".internal." not in key)

    def test_joined_one_audit_keeps_the_earliest_limit(self, app, client, cast, two, page):
        text = client.get(f"{page}?certificate=C-27001-1&certificate=C-20000-1&joined=yes").text
        assert "One integrated audit on" in text
        sent = offered(text)
        first = next(key for key in sent["take"] if ".surveillance.1" in key and "+" in key)
        assert date.fromisoformat(sent[f"ends_on-{first}"]) <= date(2025, 1, 15)
        assert post(client, page, sent).status_code == 303
        joint = [each for each in on_programme(app, cast) if each.kind is not AuditKind.INTERNAL]
        assert len(joint) == 3
        assert len([each for each in on_programme(app, cast) if each.kind is AuditKind.INTERNAL]) == 6
        assert post(client, page, sent).status_code == 303
        assert len(on_programme(app, cast)) == 9

    def test_a_certificate_of_another_organisation_is_none_here(self, app, client, cast, two, page):
        with on_stage(app, cast.elsewhere) as w:
            certificate(w, "C-9001-1", standard="ISO 9001", edition="2015")
        assert "C-9001-1" not in client.get(page).text
        assert "Proposed audits" not in client.get(f"{page}?certificate=C-9001-1").text


def test_without_a_certificate_it_says_what_to_do_first(client, page):
    assert "No certificate to lay out" in client.get(page).text


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.STAFF, Role.ASSESSOR])
def test_only_who_manages_the_programme_lays_it_out(client, cast, role):
    sign_in(client, cast.of(role))
    assert client.get(f"/o/{cast.organisation.slug}/programme/lay-out").status_code == 403


def test_blackout_periods_and_holidays_are_avoided(app, client, cast, leap, page):
    before = offered(client.get(page).text)
    key = next(each for each in before["take"] if ".surveillance.1" in each)
    day = date.fromisoformat(before[f"ends_on-{key}"])
    with on_stage(app, cast.organisation) as w:
        w.add(BlackoutPeriod(name="Move of the data centre", starts_on=day, ends_on=day))
    text = client.get(page).text
    assert offered(text)[f"ends_on-{key}"] != day.isoformat()
    assert "in the blackout period Move of the data centre" in text


def test_what_would_break_a_hard_rule_is_marked_and_not_ticked(app, client, cast):
    """Granted on 28 Feb 2024 with no surveillance since: the first is late whatever day is chosen."""
    with time_machine.travel("2026-12-30T10:00:00+01:00"):
        with on_stage(app, cast.organisation) as w:
            row = certificate(w, granted=date(2024, 2, 28))
            w.organisation.internal_plan_starts_on = date(2026, 12, 1)
            reference = row.reference
        sign_in(client, cast.quality_manager)
        text = client.get(f"/o/{cast.organisation.slug}/programme/lay-out?certificate={reference}").text
    rows = text.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")
    assert any("Breaks a hard rule" in each for each in rows)
    for each in rows:
        assert not ("Breaks a hard rule" in each and " checked" in each)
    internal = [each for each in rows if "Internal" in each]
    assert len(internal) == 2, "the certificate ends on 27 Feb 2027: the third half year begins long after"


def test_a_reason_is_kept_on_the_audits_that_need_it_alone(app, client, cast, page):
    with time_machine.travel("2026-12-30T10:00:00+01:00"):
        with on_stage(app, cast.organisation) as w:
            reference = certificate(w, "C-20000-1", granted=date(2026, 3, 2), standard="ISO/IEC 20000-1").reference
            w.organisation.internal_plan_starts_on = date(2026, 12, 1)
        sign_in(client, cast.quality_manager)
        text = client.get(f"{page}?certificate={reference}").text
        keys = re.findall(r'name="take" value="([^"]+)"', text)
        first, second = [each for each in keys if ".surveillance." in each][:2]
        days = dict(re.findall(r'name="((?:starts|ends)_on-[^"]+)" value="([^"]+)"', text))
        sent = {name: days[name] for key in (first, second) for name in (f"starts_on-{key}", f"ends_on-{key}")}
        sent |= {f"starts_on-{first}": "2027-03-10", f"ends_on-{first}": "2027-03-10", "take": [first, second]}
        sent |= {"certificate": reference, "reason": "The body has no team before."}
        assert post(client, page, sent).status_code == 303
    with on_stage(app, cast.organisation) as w:
        kept = w.all(select(JournalEntry.reason).where(JournalEntry.noun == "audit").order_by(JournalEntry.number))
    assert kept == ["The body has no team before.", ""]
