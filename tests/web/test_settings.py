"""The settings: each section by an administrator alone, refused in words, judged anew, and never another's."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from app.domain.certification.facts import AuditKind, DecisionKind
from app.models.audit import Audit, AuditSite
from app.models.certificate import Certificate, CertificateVerdict, Decision
from app.models.organisation import BlackoutPeriod, Organisation, OwnEdition, Site
from app.models.person import Person
from app.operations.verdicts import judge_again
from app.work import work
from tests.cast import post, sign_in


@pytest.fixture
def url(cast):
    return f"/o/{cast.organisation.slug}/settings/"


@pytest.fixture
def admin(client, cast):
    return sign_in(client, cast.administrator)


@pytest.fixture
def certified(app, cast):
    """A certificate to ISO/IEC 27001:2022, granted half a year ago."""
    with app.app_context(), work(cast.organisation.id) as w:
        granted_on = w.today - timedelta(days=180)
        row = w.add(
            Certificate(
                reference="C-27001-1",
                standard="ISO/IEC 27001",
                first_edition="2022",
                edition="2022",
                created_at=w.now,
            )
        )
        w.add(Decision(certificate_id=row.id, kind=DecisionKind.GRANTED, decided_on=granted_on, recorded_at=w.now))
        judge_again(w)
        return granted_on


def only(app, cast, model, **conditions):
    with app.app_context(), work(cast.organisation.id, writes=False) as w:
        return w.one_or_none(select(model).filter_by(**conditions))


def told(answer):
    return " ".join(answer.get_data(as_text=True).split())


def seen(answer):
    """The version that the form of a page carries."""
    return answer.text.split('name="seen"')[1].split('value="')[1].split('"')[0]


ORGANISATION = {
    "name": "Alder & Sons",
    "country": "GB",
    "subdivision": "sct",
    "time_zone": "Europe/London",
    "internal_plan_starts_on": "2026-08-31",
}


def test_the_page_has_every_section(admin, url):
    page = told(admin.get(url))
    for title in ("Organisation", "Rules of the cycle", "Sites", "Blackout periods", "Standards and editions"):
        assert title in page


def test_the_organisation_is_changed(admin, app, cast, url):
    page = admin.get(url + "organisation")
    assert 'value="Alder Works"' in page.text
    answer = post(admin, url + "organisation", {**ORGANISATION, "seen": seen(page)})
    assert answer.status_code == 303
    row = only(app, cast, Organisation, id=cast.organisation.id)
    assert (row.name, row.country, row.subdivision, row.time_zone) == ("Alder & Sons", "GB", "SCT", "Europe/London")
    assert row.internal_plan_starts_on == date(2026, 8, 31)
    assert row.slug == cast.organisation.slug
    assert "Alder &amp; Sons" in admin.get(url).text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "This is needed."),
        ({"country": "XX"}, "XX is not the code of a country"),
        ({"subdivision": "BY"}, "BY is no part of United Kingdom"),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus is not a time zone"),
        ({"internal_plan_starts_on": "2026-02-30"}, "There is no such day"),
        ({"internal_plan_starts_on": "0026-02-03"}, "A year from"),
        ({"requires_second_factor": "y"}, "You have no second factor yourself"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_stays_typed(admin, app, cast, url, change, says):
    version = seen(admin.get(url + "organisation"))
    answer = post(admin, url + "organisation", {**ORGANISATION, **change, "seen": version})
    assert answer.status_code == 422
    assert says in told(answer)
    assert only(app, cast, Organisation, id=cast.organisation.id).name == "Alder Works"


def test_a_second_factor_is_required_by_whoever_has_one(admin, app, cast, url):
    with app.app_context(), work(None) as w:
        w.one_or_none(select(Person).where(Person.id == cast.administrator.id)).totp_confirmed_at = w.now
    version = seen(admin.get(url + "organisation"))
    answer = post(admin, url + "organisation", {**ORGANISATION, "requires_second_factor": "y", "seen": version})
    assert answer.status_code == 303
    assert only(app, cast, Organisation, id=cast.organisation.id).requires_second_factor


def test_who_has_no_second_factor_is_counted_beside_its_requirement(admin, url):
    page = unescape(admin.get(url + "organisation").text)
    assert re.search(r"\d+ of \d+ members have none\. You are one of them\. With their next page", page)


def test_the_second_of_two_administrators_is_shown_both_versions(admin, app, cast, url):
    version = seen(admin.get(url + "organisation"))
    with app.app_context(), work(cast.organisation.id) as w:
        w.organisation.name = "Alder Group"
    answer = post(admin, url + "organisation", {**ORGANISATION, "seen": version})
    page = told(answer)
    assert answer.status_code == 422
    assert "was changed by somebody else" in page
    assert "<td>Alder Group</td><td>Alder &amp; Sons</td>" in page
    assert only(app, cast, Organisation, id=cast.organisation.id).name == "Alder Group"
    # Having seen both, they may put theirs over it.
    assert post(admin, url + "organisation", {**ORGANISATION, "seen": seen(answer)}).status_code == 303
    assert only(app, cast, Organisation, id=cast.organisation.id).name == "Alder & Sons"


RULES = {
    "expiry": "anniversary",
    "audit_date": "last-day",
    "recertification_year": "audit",
    "second_surveillance": "warning",
    "max_early_months": "6",
    "suspension_months": "6",
    "restoration_months": "6",
    "restore_after_edition_deadline": "no",
    "long_gap_months": "18",
    "stage_interval_months": "6",
    "late_stage_2": "new-cycle",
}


def previewed(answer):
    return answer.text.split('name="previewed"')[1].split('value="')[1].split('"')[0]


def test_what_other_rules_would_change_is_said_before_they_are_saved(admin, app, cast, url, certified):
    page = admin.get(url + "rules")
    assert "ISO/IEC 17021-1:2015, 9.1.3.3" in page.text
    version = seen(page)
    before = only(app, cast, CertificateVerdict).valid_through
    # Saving at once shows the preview first.
    answer = post(admin, url + "rules", {**RULES, "seen": version, "step": "save"})
    assert answer.status_code == 200
    assert "1 certificate would be judged otherwise" in told(answer)
    assert "Last valid day" in answer.text
    assert only(app, cast, Organisation, id=cast.organisation.id).expiry == "day-before"
    mark = previewed(answer)
    answer = post(admin, url + "rules", {**RULES, "seen": version, "previewed": mark, "step": "save"})
    assert answer.status_code == 303
    assert only(app, cast, Organisation, id=cast.organisation.id).expiry == "anniversary"
    assert only(app, cast, CertificateVerdict).valid_through == before + timedelta(days=1)


def test_a_preview_of_other_rules_is_no_leave_to_save_these(admin, app, cast, url, certified):
    version = seen(admin.get(url + "rules"))
    mark = previewed(post(admin, url + "rules", {**RULES, "seen": version}))
    other = {**RULES, "audit_date": "first-day"}
    answer = post(admin, url + "rules", {**other, "seen": version, "previewed": mark, "step": "save"})
    assert answer.status_code == 200
    assert only(app, cast, Organisation, id=cast.organisation.id).audit_date == "last-day"


def test_rules_that_change_nothing_say_so(admin, url, certified):
    version = seen(admin.get(url + "rules"))
    assert "Nothing is chosen otherwise" in told(
        post(admin, url + "rules", {**RULES, "expiry": "day-before", "seen": version})
    )
    answer = post(admin, url + "rules", {**RULES, "expiry": "day-before", "max_early_months": "5", "seen": version})
    assert "No certificate would be judged otherwise" in told(answer)


@pytest.mark.parametrize("change", [{"suspension_months": "0"}, {"expiry": "never"}, {"long_gap_months": "x"}])
def test_a_rule_that_cannot_be_is_refused(admin, url, change):
    version = seen(admin.get(url + "rules"))
    assert post(admin, url + "rules", {**RULES, **change, "seen": version}).status_code == 422


def test_two_administrators_choose_rules(admin, app, cast, url):
    version = seen(admin.get(url + "rules"))
    mark = previewed(post(admin, url + "rules", {**RULES, "seen": version}))
    with app.app_context(), work(cast.organisation.id) as w:
        w.organisation.suspension_months = 9
    answer = post(admin, url + "rules", {**RULES, "seen": version, "previewed": mark, "step": "save"})
    assert answer.status_code == 422
    assert "Longest suspension" in told(answer)
    assert "<td>9</td><td>6</td>" in told(answer)


SITE = {"name": "Harbour", "address": "Kai 1", "country": "DE", "subdivision": "HH", "time_zone": "Europe/Berlin"}


def site_id(app, cast, name):
    return only(app, cast, Site, name=name).id


def test_a_site_is_added_changed_and_closed(admin, app, cast, url):
    assert "Europe/Berlin" in admin.get(url + "sites/new").text
    assert post(admin, url + "sites/new", {**SITE, "is_central": "y"}).status_code == 303
    assert post(admin, url + "sites/new", {**SITE, "name": "Quay", "is_central": "y"}).status_code == 303
    assert not only(app, cast, Site, name="Harbour").is_central
    address = f"{url}sites/{site_id(app, cast, 'Harbour')}"
    page = admin.get(address)
    answer = post(admin, address, {**SITE, "name": "Old harbour", "closed_on": "2026-12-31", "seen": seen(page)})
    assert answer.status_code == 303
    assert only(app, cast, Site, name="Old harbour").closed_on == date(2026, 12, 31)
    assert "Closed" in admin.get(url).text


def test_a_site_takes_the_time_zone_of_its_country(admin, app, cast, url):
    page = admin.get(url + "sites/new").text
    assert "DR Congo" in page
    assert "Isle of Man" in page
    assert 'value="HH"' not in page
    lyon = {"name": "Lyon", "country": "FR", "subdivision": "", "time_zone": ""}
    assert post(admin, url + "sites/new", lyon).status_code == 303
    assert only(app, cast, Site, name="Lyon").time_zone == "Europe/Paris"
    answer = post(admin, url + "sites/new", {**lyon, "name": "Boston", "country": "US"})
    assert answer.status_code == 422
    assert "time zones. Choose one." in told(answer)


def test_two_sites_have_two_names(admin, url):
    post(admin, url + "sites/new", SITE)
    answer = post(admin, url + "sites/new", {**SITE, "name": "harbour"})
    assert answer.status_code == 422
    assert "There is a site Harbour already." in told(answer)


def test_a_site_is_not_closed_before_the_audits_that_visit_it(admin, app, cast, url):
    post(admin, url + "sites/new", SITE)
    with app.app_context(), work(cast.organisation.id) as w:
        audit = w.add(
            Audit(
                reference="IA-2030-01",
                kind=AuditKind.INTERNAL,
                starts_on=date(2030, 5, 6),
                ends_on=date(2030, 5, 7),
                time_zone="UTC",
                uid="u",
                changed_at=w.now,
                created_at=w.now,
            )
        )
        w.add(AuditSite(audit_id=audit.id, site_id=w.one_or_none(select(Site.id))))
    address = f"{url}sites/{site_id(app, cast, 'Harbour')}"
    version = seen(admin.get(address))
    answer = post(admin, address, {**SITE, "closed_on": "2030-05-07", "seen": version})
    assert answer.status_code == 422
    assert "IA-2030-01 visits Harbour until 7 May 2030" in told(answer)
    assert post(admin, address, {**SITE, "closed_on": "2030-05-08", "seen": version}).status_code == 303


def test_the_second_to_change_a_site_is_shown_both_versions(admin, app, cast, url):
    post(admin, url + "sites/new", SITE)
    address = f"{url}sites/{site_id(app, cast, 'Harbour')}"
    version = seen(admin.get(address))
    assert post(admin, address, {**SITE, "name": "Quay", "seen": version}).status_code == 303
    answer = post(admin, address, {**SITE, "name": "Pier", "seen": version})
    assert answer.status_code == 422
    assert "<td>Quay</td><td>Pier</td>" in told(answer)


PERIOD = {"name": "Year end", "starts_on": "2026-12-21", "ends_on": "2027-01-06", "site_id": ""}


def test_a_blackout_period_is_added_changed_and_removed(admin, app, cast, url):
    post(admin, url + "sites/new", SITE)
    assert post(admin, url + "blackout-periods/new", PERIOD).status_code == 303
    row = only(app, cast, BlackoutPeriod)
    address = f"{url}blackout-periods/{row.id}"
    where = str(site_id(app, cast, "Harbour"))
    answer = post(admin, address, {**PERIOD, "site_id": where, "seen": seen(admin.get(address))})
    assert answer.status_code == 303
    assert "Harbour" in told(admin.get(url)).split("Blackout periods</h2>")[1].split("</section>")[0]
    assert "Remove the blackout period Year end?" in admin.get(address + "/remove").text
    assert post(admin, address + "/remove").status_code == 303
    assert only(app, cast, BlackoutPeriod) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ends_on": "2026-12-20"}, "It would end before it starts."),
        ({"site_id": "999"}, "There is no such site."),
        ({"site_id": "x"}, "There is no such site."),
        ({"starts_on": ""}, "This is needed."),
    ],
)
def test_a_blackout_period_that_cannot_be_is_refused(admin, url, change, says):
    answer = post(admin, url + "blackout-periods/new", {**PERIOD, **change})
    assert answer.status_code == 422
    assert says in told(answer)


EDITION = {
    "standard": "ISO/IEC 27001",
    "edition": "2022",
    "discipline": "",
    "deadline": "2026-12-31",
    "no_new_or_recert_after": "2026-06-30",
    "source": "Letter of the body",
}


def test_ones_own_word_on_an_edition_is_judged_by_and_taken_back(admin, app, cast, url, certified):
    before = only(app, cast, CertificateVerdict).effective_valid_through
    ends_on = (certified + timedelta(days=400)).isoformat()
    wish = {**EDITION, "deadline": ends_on, "no_new_or_recert_after": ""}
    assert "ISO/IEC 27001" in admin.get(url + "catalogue/new?of=ISO/IEC%2027001:2022").text
    assert post(admin, url + "catalogue/new", wish).status_code == 303
    assert only(app, cast, CertificateVerdict).effective_valid_through.isoformat() == ends_on
    assert "Our own word" in admin.get(url + "catalogue").text
    own = only(app, cast, OwnEdition)
    address = f"{url}catalogue/{own.id}"
    answer = post(admin, address, {**wish, "source": "Another letter", "seen": seen(admin.get(address))})
    assert answer.status_code == 303
    assert post(admin, address + "/remove").status_code == 303
    assert only(app, cast, CertificateVerdict).effective_valid_through == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"no_new_or_recert_after": "2027-01-01"}, "This comes after the end of the edition."),
        ({"deadline": ""}, "Without an end of the edition this has no meaning."),
        ({"source": ""}, "Say who set this day"),
        ({"standard": "ISO/IEC 27001:2022"}, "The standard without its edition"),
    ],
)
def test_a_word_on_an_edition_that_cannot_be_is_refused(admin, url, change, says):
    answer = post(admin, url + "catalogue/new", {**EDITION, **change})
    assert answer.status_code == 422
    assert says in told(answer)


def test_an_edition_that_a_certificate_needs_is_not_taken_back(admin, app, cast, url):
    post(admin, url + "catalogue/new", {**EDITION, "standard": "TISAX", "edition": "6"})
    with app.app_context(), work(cast.organisation.id) as w:
        w.add(Certificate(reference="C-TISAX-1", standard="TISAX", first_edition="6", edition="6", created_at=w.now))
    own = only(app, cast, OwnEdition)
    answer = post(admin, f"{url}catalogue/{own.id}/remove")
    assert answer.status_code == 422
    assert "C-TISAX-1 is certified to TISAX:6" in told(answer)


def test_a_dead_edition_shows_as_dead_and_an_unsure_one_as_provisional(admin, url):
    page = told(admin.get(url + "catalogue"))
    dead = page.split("ISO/IEC 27001:2013</th>")[1].split("</tr>")[0]
    assert "Ended" in dead
    assert "IAF MD 26 issue 2" in dead
    assert "Provisional" in page.split("ISO 14001:2015</th>")[1].split("</tr>")[0]


def test_an_edition_of_another_organisation_judges_nobody_here(app, cast, certified):
    before = only(app, cast, CertificateVerdict).effective_valid_through
    with app.app_context(), work(cast.elsewhere.id) as w:
        w.add(OwnEdition(standard="ISO/IEC 27001", edition="2022", deadline=certified, source="them"))
    with app.app_context(), work(cast.organisation.id) as w:
        judge_again(w)
    assert only(app, cast, CertificateVerdict).effective_valid_through == before


PATHS = ("sites/{site}", "blackout-periods/{period}", "blackout-periods/{period}/remove", "catalogue/{own}",
         "catalogue/{own}/remove")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_what_is_another_organisations_is_not_there(admin, app, cast, url, path):
    with app.app_context(), work(cast.elsewhere.id) as w:
        site = w.add(Site(name="Theirs", country="GB", time_zone="UTC"))
        period = w.add(BlackoutPeriod(name="Theirs", starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 2)))
        own = w.add(OwnEdition(standard="X", edition="1"))
    address = url + path.format(site=site.id, period=period.id, own=own.id)
    assert admin.get(address).status_code == 404
    assert post(admin, address, {**SITE, **PERIOD, **EDITION}).status_code == 404
    with app.app_context(), work(cast.elsewhere.id, writes=False) as w:
        assert w.one_or_none(select(Site.name)) == "Theirs"
        assert len(w.all(select(OwnEdition))) == 1
        assert len(w.all(select(BlackoutPeriod))) == 1


def test_a_blackout_period_does_not_name_another_organisations_site(admin, app, cast, url):
    with app.app_context(), work(cast.elsewhere.id) as w:
        theirs = w.add(Site(name="Theirs", country="GB", time_zone="UTC"))
    answer = post(admin, url + "blackout-periods/new", {**PERIOD, "site_id": str(theirs.id)})
    assert answer.status_code == 422
    assert "Theirs" not in answer.text


@pytest.mark.parametrize("path", ["", "organisation", "rules", "sites/new", "blackout-periods/new", "catalogue"])
def test_others_do_not_come_here(client, cast, url, path):
    assert sign_in(client, cast.quality_manager).get(url + path).status_code == 403
