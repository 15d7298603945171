"""The register of audits, the page of one, planning and changing it, its course and its conclusion."""

from contextlib import contextmanager
from datetime import date

import pytest
import time_machine
from sqlalchemy import event

from app.domain.certification.facts import AuditKind, Outcome
from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.domain.programme.mode import AuditMode
from app.domain.programme.progress import AuditProgress
from app.domain.programme.team import Seat, TeamRole
from app.extensions import db
from app.models.audit import Audit, AuditCertificate, AuditSite, TeamMember
from app.operations import audits
from tests.cast import post, sign_in
from tests.stage import certificate, on_stage, plan, reread, site, wish


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-05-04T10:00:00+02:00", tick=True):
        yield


@pytest.fixture
def here(app, cast):
    """A certificate, a site, one audit held and one planned with a team; gives their ids."""
    with on_stage(app, cast.organisation) as w:
        munich = site(w).id
        first = certificate(w, sites=(munich,)).id
        held = wish(first, date(2025, 2, 20), sites=frozenset({munich}))
        audits.plan(w, held, progress=AuditProgress.CLOSED, outcomes={first: Outcome.RECOMMENDED})
        team = (
            Seat(TeamRole.LEAD, person_id=cast.auditor.id),
            Seat(TeamRole.OBSERVER, person_id=cast.assessor.id),
            Seat(TeamRole.EXPERT, name="Ben Out", email="ben@outside.example"),
        )
        plan(w, first, date(2026, 11, 10), date(2026, 11, 11), sites=frozenset({munich}), team=team, notes="Ask early.")
    return {"site": munich, "certificate": first}


def url(cast, path=""):
    return f"/o/{cast.organisation.slug}/audits{path}"


def filled(here, **changes):
    """The fields of an audit as a browser sends them."""
    return {
        "kind": "surveillance",
        "certificates-0-certificate": str(here["certificate"]),
        "certificates-0-kind": "",
        "starts_on": "2026-10-06",
        "ends_on": "2026-10-07",
        "mode": "on-site",
        "time_zone": "",
        "step": "save",
        **changes,
    }


@contextmanager
def counted(app):
    """Count the statements sent to the database."""
    said = []

    def hear(_connection, _cursor, statement, *_rest):
        said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


class TestRegister:
    def test_it_lists_what_is_to_come_with_the_next_one_in_words(self, client, cast, here):
        page = sign_in(client, cast.quality_manager).get(url(cast)).text
        assert "1 audit. Next: SA-2026-01 on 10 Nov 2026." in page
        assert "SA-2025-01" not in page
        assert "Aud Lindqvist" in page
        assert "and 2 more" in page

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("progress=any", {"SA-2025-01", "SA-2026-01"}),
            ("progress=held", {"SA-2025-01"}),
            ("progress=closed", {"SA-2025-01"}),
            ("progress=any&kind=internal", set()),
            ("progress=any&kind=surveillance", {"SA-2025-01", "SA-2026-01"}),
            ("progress=any&until=2025-12-31", {"SA-2025-01"}),
            ("progress=any&since=2026-11-11", {"SA-2026-01"}),
            ("progress=any&since=2026-11-12", set()),
            ("progress=any&person=9999", set()),
            ("progress=any&kind=nonsense&since=never&site=x&page=-3", {"SA-2025-01", "SA-2026-01"}),
            ("overdue=yes", set()),
        ],
    )
    def test_filters(self, client, cast, here, asked, found):
        page = sign_in(client, cast.auditor).get(url(cast, f"?{asked}")).text
        assert {each for each in ("SA-2025-01", "SA-2026-01") if each in page} == found

    def test_filters_by_certificate_site_and_person(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        for name, value in (("certificate", here["certificate"]), ("site", here["site"]), ("person", cast.auditor.id)):
            assert "SA-2026-01" in client.get(url(cast, f"?{name}={value}")).text
            assert "SA-2026-01" not in client.get(url(cast, f"?{name}=999")).text

    def test_an_audit_whose_day_passed_is_overdue(self, app, client, cast, here):
        with on_stage(app, cast.organisation) as w:
            plan(w, None, date(2026, 5, 1), kind=AuditKind.INTERNAL)
        page = sign_in(client, cast.quality_manager).get(url(cast, "?overdue=yes")).text
        assert "1 audit overdue" in page
        assert "IA-2026-01" in page
        assert "SA-2026-01" not in page

    def test_what_waits_shows_as_held_back_with_the_reason(self, app, client, cast):
        with on_stage(app, cast.organisation) as w:
            new = certificate(w, granted=None).id
            plan(w, new, date(2026, 6, 9), kind=AuditKind.STAGE_1)
            plan(w, new, date(2026, 8, 4), kind=AuditKind.STAGE_2)
        page = sign_in(client, cast.quality_manager).get(url(cast)).text
        assert page.count("Held back") == 1
        assert "S1-2026-01 comes first: it is planned for 9 Jun 2026 and has no conclusion yet." in page

    def test_the_number_of_queries_does_not_depend_on_how_many_audits(self, app, client, cast, here):
        sign_in(client, cast.quality_manager)

        def queries():
            with counted(app) as said:
                assert client.get(url(cast)).status_code == 200
            return len(said)

        many(app, cast, here, 5)
        few = queries()
        many(app, cast, here, 200)
        assert queries() == few
        page = client.get(url(cast, "?page=5")).text
        assert "206 audits, page 5 of 5" in page

    def test_an_empty_register_says_what_to_do_next(self, client, cast):
        page = sign_in(client, cast.quality_manager).get(url(cast)).text
        assert "No audit to come" in page
        assert "Lay out the programme" in page

    def test_nothing_of_another_organisation(self, app, client, cast, here):
        with on_stage(app, cast.elsewhere) as w:
            plan(w, None, date(2027, 2, 1), kind=AuditKind.INTERNAL)
        assert "IA-2027-01" not in sign_in(client, cast.quality_manager).get(url(cast, "?progress=any")).text
        assert client.get(f"/o/{cast.elsewhere.slug}/audits").status_code == 404
        assert client.get(url(cast, "/IA-2027-01")).status_code == 404


def many(app, cast, here, count):
    """Put many planned audits there at once."""
    with on_stage(app, cast.organisation) as w:
        start = len(w.all(db.select(Audit.id)))
        base = {"kind": AuditKind.SURVEILLANCE, "progress": AuditProgress.PLANNED, "time_zone": "Europe/Berlin"}
        ids = w.insert_many(
            Audit,
            [
                {
                    **base,
                    "reference": f"SA-2027-{start + n}",
                    "title": "",
                    "starts_on": date(2027, 1, 4),
                    "ends_on": date(2027, 1, 5),
                    "mode": "on-site",
                    "remote_agreement": "",
                    "notes": "",
                    "cancelled_reason": "",
                    "uid": f"bulk-{start + n}",
                    "sequence": 0,
                    "created_at": w.now,
                    "changed_at": w.now,
                    "version": 1,
                }
                for n in range(count)
            ],
        )
        surveillance = {"kind": AuditKind.SURVEILLANCE, "counts_as_surveillance": False}
        rows = [{"audit_id": each, "certificate_id": here["certificate"], **surveillance} for each in ids]
        w.insert_many(AuditCertificate, rows)
        w.insert_many(AuditSite, [{"audit_id": each, "site_id": here["site"]} for each in ids])
        lead = {"role": TeamRole.LEAD, "person_id": cast.auditor.id, "outside_name": "", "outside_email": ""}
        w.insert_many(TeamMember, [{"audit_id": each, **lead} for each in ids])


class TestPage:
    def test_it_says_what_the_audit_is_and_what_depends_on_it(self, client, cast, here):
        page = sign_in(client, cast.quality_manager).get(url(cast, "/SA-2026-01")).text
        for words in (
            "Surveillance",
            "Whole days",
            "Europe/Berlin",
            "Munich",
            "Aud Lindqvist",
            "Ben Out",
            "ben@outside.example",
            "Ask early.",
            "50 days to spare",
            "Use of marks and references to the certification",
            "ISO/IEC 17021-1:2015, 9.6.2.2",
            "No internal audit is held or planned",
            "No management review is held or planned",
        ):
            assert words in page, words

    def test_the_remote_agreement_and_its_share_are_shown(self, app, client, cast, here):
        with on_stage(app, cast.organisation) as w:
            plan(w, None, date(2026, 6, 9), kind=AuditKind.INTERNAL, **REMOTE)
        page = sign_in(client, cast.quality_manager).get(url(cast, "/IA-2026-01")).text
        assert "Hybrid, 40 % remote" in page
        assert "Video call, nothing recorded" in page
        assert "It serves no certificate" in page

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (Role.QUALITY_MANAGER, 200),
            (Role.AUDITOR, 200),
            (Role.ADMINISTRATOR, 200),
            (Role.ASSESSOR, 200),
            (Role.STAFF, 404),
        ],
    )
    def test_who_may_not_see_the_programme_sees_only_audits_they_are_on(self, client, cast, here, role, status):
        sign_in(client, cast.of(role))
        assert client.get(url(cast, "/SA-2026-01")).status_code == status
        assert client.get(url(cast, "/SA-2025-01")).status_code == (404 if role in (Role.ASSESSOR, Role.STAFF) else 200)

    def test_an_assessor_is_shown_no_link_that_would_not_work(self, client, cast, here):
        page = sign_in(client, cast.assessor).get(url(cast, "/SA-2026-01")).text
        assert "/certificates/" not in page
        assert "/move" not in page
        assert url(cast, "/SA-2026-01/step") not in page

    def test_a_stranger_finds_nothing(self, client, cast, here):
        assert sign_in(client, cast.stranger).get(url(cast, "/SA-2026-01")).status_code == 404


REMOTE = {"mode": AuditMode.HYBRID, "remote_agreement": "Video call, nothing recorded", "remote_percent": 40}


class TestPlanning:
    def test_a_harmless_audit_is_planned_at_once(self, app, client, cast, here):
        sign_in(client, cast.quality_manager)
        answer = post(client, url(cast, "/new"), filled(here, title="Autumn", sites=[str(here["site"])]))
        assert answer.status_code == 303, answer.text
        assert answer.location.endswith("/audits/SA-2026-02")
        audit = reread(app, cast.organisation, "SA-2026-02")
        assert (audit.title, audit.starts_on, audit.ends_on) == ("Autumn", date(2026, 10, 6), date(2026, 10, 7))
        assert audit.time_zone == "Europe/Berlin"

    def test_the_same_form_sent_twice_plans_one_audit(self, app, client, cast, here):
        sign_in(client, cast.quality_manager)
        assert post(client, url(cast, "/new"), filled(here)).status_code == 303
        again = post(client, url(cast, "/new"), filled(here))
        assert again.status_code == 422
        assert "SA-2026-02 is the same audit" in again.text
        assert client.get(url(cast, "/SA-2026-03")).status_code == 404
        assert post(client, url(cast, "/new"), filled(here, title="Another")).status_code in (303, 422)

    def test_asked_what_it_would_do_it_shows_and_saves_nothing(self, app, client, cast, here):
        sign_in(client, cast.quality_manager)
        answer = post(client, url(cast, "/new"), filled(here, step="preview"))
        assert answer.status_code == 200
        assert "What this would do" in answer.text
        assert "No limit is newly broken" in answer.text
        assert client.get(url(cast, "/SA-2026-02")).status_code == 404

    def test_what_is_late_of_a_soft_limit_is_a_warning_in_the_preview(self, app, client, cast):
        """Granted on 28 Feb 2024: the second surveillance belongs before 28 Feb 2026, the year 2026 is the limit."""
        with on_stage(app, cast.organisation) as w:
            served = certificate(w, granted=date(2024, 2, 28)).id
            held = wish(served, date(2025, 1, 17))
            audits.plan(w, held, progress=AuditProgress.CLOSED, outcomes={served: Outcome.RECOMMENDED})
        sign_in(client, cast.quality_manager)
        sent = filled({"certificate": served}, starts_on="2026-12-10", ends_on="2026-12-10", step="preview")
        page = post(client, url(cast, "/new"), sent).text
        assert "Late, a warning" in page
        assert "</i>Broken" not in page

    def test_what_was_held_is_weighed_as_held(self, app, client, cast):
        """Granted on 28 Feb 2024, first surveillance due by 28 Feb 2025: held on 17 Jan 2025, it was met."""
        with on_stage(app, cast.organisation) as w:
            served = certificate(w, granted=date(2024, 2, 28)).id
            plan(w, served, date(2026, 12, 10))
        sign_in(client, cast.quality_manager)
        sent = filled({"certificate": served}, starts_on="2025-01-17", ends_on="2025-01-17")
        planned = post(client, url(cast, "/new"), {**sent, "step": "preview"}).text
        assert "No limit is newly broken" in planned
        assert "Broken already" in planned
        sent |= {"held": "y", "outcome": "recommended", "step": "preview"}
        held = post(client, url(cast, "/new"), sent).text
        assert "met on 17 Jan 2025, 42 days before the limit of 28 Feb 2025" in held
        assert "Broken already" not in held
        assert "Mended" in held
        saved = post(client, url(cast, "/new"), {**sent, "step": "save"}, follow_redirects=True)
        assert "SA-2025-01 is on record." in saved.text

    def test_what_stands_in_the_way_is_shown_before_it_is_saved(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        sent = filled(here, starts_on="2026-11-07", ends_on="2026-11-10", sites=[str(here["site"])])
        sent |= {"team-0-role": "auditor", "team-0-person": str(cast.auditor.id)}
        answer = post(client, url(cast, "/new"), sent)
        assert answer.status_code == 422
        for words in (
            "Aud Lindqvist is on the team of SA-2026-01 on 10 Nov 2026.",
            "Munich is visited by SA-2026-01 on 10 Nov 2026.",
            "Saturday, weekend in DE (Munich)",
        ):
            assert words in answer.text
        weighed = answer.text.split('name="weighed" type="hidden" value="')[1].split('"')[0]
        assert post(client, url(cast, "/new"), {**sent, "weighed": weighed}).status_code == 303

    def test_a_public_holiday_of_the_country_of_the_site_is_told(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        sent = filled(here, starts_on="2027-01-06", ends_on="2027-01-06", sites=[str(here["site"])], step="preview")
        assert "Epiphany, public holiday in DE (Munich)" in post(client, url(cast, "/new"), sent).text

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"starts_on": "2026-02-30"}, "There is no such day."),
            ({"ends_on": ""}, "Give the last day."),
            ({"ends_on": "2026-10-01"}, "It ends on 1 Oct 2026, before it starts on 6 Oct 2026."),
            ({"starts_at": "25:00"}, "There is no such time."),
            ({"starts_at": "09:00"}, "Give both times, or none for whole days."),
            ({"mode": "remote"}, "Say what both sides agreed on the remote part"),
            ({"mode": "hybrid", "remote_agreement": "Agreed"}, "from 1 to 99 per cent"),
            ({"mode": "hybrid", "remote_agreement": "Agreed", "remote_percent": "ninety"}, "no whole number"),
            ({"certificates-0-certificate": ""}, "Say which certificate the audit is for."),
            ({"certificates-0-certificate": "777"}, "Not a valid choice"),
            ({"sites": ["777"]}, "not a valid choice"),
            ({"kind": "tea-party"}, "Not a valid choice"),
            (
                {"team-0-role": "auditor", "team-0-name": "B", "team-0-email": "no mail"},
                "This is not an email address.",
            ),
            ({"title": "x" * 201}, "cannot be longer than 200"),
        ],
    )
    def test_what_cannot_be_is_refused_and_what_was_typed_stays(self, client, cast, here, changes, says):
        sign_in(client, cast.quality_manager)
        answer = post(client, url(cast, "/new"), filled(here, notes="Typed with care", **changes))
        assert answer.status_code == 422
        assert says in answer.text
        assert "Typed with care" in answer.text
        assert "error-summary" in answer.text

    def test_a_team_without_a_lead_is_told_before_it_is_saved(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        sent = filled(here) | {"team-0-role": "auditor", "team-0-person": str(cast.auditor.id)}
        answer = post(client, url(cast, "/new"), sent)
        assert answer.status_code == 422
        assert "Nobody leads the team." in answer.text
        assert post(client, url(cast, "/new"), sent | {"team-0-role": TeamRole.LEAD.value}).status_code == 303

    def test_more_rows_come_while_the_first_are_empty(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        assert 'name="team-2-name"' in client.get(url(cast, "/new")).text
        empty = {
            f"{rows}-{n}-{name}": "" for n in range(3) for rows, name in (("certificates", "kind"), ("team", "name"))
        }
        answer = post(client, url(cast, "/new"), filled(here, step="more") | empty)
        assert 'name="team-4-name"' in answer.text
        assert 'name="certificates-4-kind"' in answer.text

    def test_the_distance_of_an_audit_is_told_from_the_same_day_everywhere(self, app, client, cast, here):
        with on_stage(app, cast.organisation) as w:
            team = (Seat(TeamRole.LEAD, person_id=cast.auditor.id),)
            plan(w, None, date(2026, 5, 14), date(2026, 5, 15), kind=AuditKind.INTERNAL, team=team)
        sign_in(client, cast.auditor)
        for page in ("audits", "audits/IA-2026-01", "my-work"):
            text = client.get(f"/o/{cast.organisation.slug}/{page}").text
            assert "in 10 days" in text, page
            assert "in 11 days" not in text, page

    def test_more_rows_keep_what_was_typed(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        sent = filled(here, step="more", notes="Typed with care")
        sent |= {f"team-{n}-name": f"Person {n}" for n in range(3)} | {f"team-{n}-role": "auditor" for n in range(3)}
        answer = post(client, url(cast, "/new"), sent)
        assert answer.status_code == 200
        assert 'name="team-3-name"' in answer.text
        assert "Typed with care" in answer.text

    def test_a_link_may_say_that_the_audit_was_held(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        page = client.get(url(cast, "/new?kind=surveillance&starts_on=2025-02-20&held=yes")).text
        assert "Record an audit that was held" in page
        assert "Record the audit" in page
        assert "Record the audit" not in client.get(url(cast, "/new?kind=surveillance")).text

    def test_an_audit_held_already_needs_its_conclusion(self, app, client, cast, here):
        sign_in(client, cast.quality_manager)
        sent = filled(here, starts_on="2026-03-03", ends_on="2026-03-04", held="y")
        answer = post(client, url(cast, "/new"), sent)
        assert answer.status_code == 422
        assert "without the conclusion of the audit team" in answer.text
        assert post(client, url(cast, "/new"), {**sent, "outcome": "recommended"}).status_code == 303
        audit = reread(app, cast.organisation, "SA-2026-02")
        assert audit.progress is AuditProgress.CLOSED
        assert audit.audit_certificates[0].outcome is Outcome.RECOMMENDED

    def test_the_link_of_a_calendar_fills_the_form_in(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        page = client.get(url(cast, "/new?certificate=C-27001-1&kind=recertification&starts_on=2027-01-11")).text
        assert '<option selected value="recertification">' in page
        assert f'<option selected value="{here["certificate"]}">' in page
        assert 'value="2027-01-11"' in page

    @pytest.mark.parametrize("path", ["/new", "/SA-2026-01/edit", "/SA-2026-01/move"])
    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.STAFF, Role.ASSESSOR, Role.ASSET_MANAGER])
    def test_only_who_manages_the_programme_plans(self, client, cast, here, role, path):
        sign_in(client, cast.of(role))
        assert client.get(url(cast, path)).status_code == 403
        assert post(client, url(cast, path), filled(here)).status_code == 403


class TestTwoEditors:
    """The second is shown both versions field by field, chooses, and nothing is overwritten silently."""

    def conflict(self, app, client, cast, here):
        sign_in(client, cast.quality_manager)
        theirs = filled(here, version="1", title="Theirs", starts_on="2026-11-10", ends_on="2026-11-11", notes="N")
        assert post(client, url(cast, "/SA-2026-01/edit"), theirs).status_code == 303
        mine = {**theirs, "title": "Mine", "notes": "My notes"}
        return mine, post(client, url(cast, "/SA-2026-01/edit"), mine)

    def test_the_second_sees_both_and_nothing_is_saved(self, app, client, cast, here):
        _, answer = self.conflict(app, client, cast, here)
        assert answer.status_code == 422
        for words in ("Somebody else changed SA-2026-01", "Quentin Marsh saved it", "Theirs", "Mine", "My notes"):
            assert words in answer.text
        assert 'name="version" type="hidden" value="2"' in answer.text
        assert reread(app, cast.organisation, "SA-2026-01").title == "Theirs"

    def test_each_field_is_chosen(self, app, client, cast, here):
        mine, _ = self.conflict(app, client, cast, here)
        chosen = {**mine, "version": "2", "differs": ["title", "notes"], "choose-title": "theirs"}
        undecided = post(client, url(cast, "/SA-2026-01/edit"), chosen)
        assert undecided.status_code == 422
        answer = post(client, url(cast, "/SA-2026-01/edit"), {**chosen, "choose-notes": "mine"})
        assert answer.status_code == 303, answer.text
        audit = reread(app, cast.organisation, "SA-2026-01")
        assert (audit.title, audit.notes, audit.version) == ("Theirs", "My notes", 3)

    def test_a_version_that_is_no_number_is_no_form_of_ours(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        assert post(client, url(cast, "/SA-2026-01/edit"), filled(here, version="x")).status_code == 400


class TestCourse:
    def step(self, client, cast, to, **more):
        return post(client, url(cast, "/SA-2026-01/step"), {"to": to, "version": "1", **more})

    def test_a_step_is_one_click(self, app, client, cast, here):
        sign_in(client, cast.quality_manager)
        assert self.step(client, cast, "confirmed").status_code == 303
        assert reread(app, cast.organisation, "SA-2026-01").progress is AuditProgress.CONFIRMED

    def test_a_refused_step_says_why(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        answer = self.step(client, cast, "in-progress")
        assert answer.status_code == 422
        assert "SA-2026-01 begins on 10 Nov 2026; it cannot be in progress before." in answer.text

    def test_an_older_version_takes_no_step(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        assert self.step(client, cast, "confirmed").status_code == 303
        answer = self.step(client, cast, "cancelled", reason="No")
        assert answer.status_code == 422
        assert "changed by somebody else" in answer.text

    def test_cancelling_shows_what_it_costs_and_asks_for_the_reason(self, app, client, cast, here):
        sign_in(client, cast.quality_manager)
        page = client.get(url(cast, "/SA-2026-01/step?to=cancelled")).text
        assert "nothing is planned any more that would meet the limit of 31 Dec 2026" in page
        assert self.step(client, cast, "cancelled").status_code == 422
        assert self.step(client, cast, "cancelled", reason="The body withdrew").status_code == 303
        assert reread(app, cast.organisation, "SA-2026-01").cancelled_reason == "The body withdrew"
        assert "The body withdrew" in client.get(url(cast, "/SA-2026-01")).text

    def test_there_is_no_step_of_another_name(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        assert self.step(client, cast, "eaten").status_code == 404

    def test_an_auditor_carries_the_audit_they_are_on_and_nothing_else(self, app, client, cast, here):
        sign_in(client, cast.auditor)
        assert self.step(client, cast, "confirmed").status_code == 403
        assert self.step(client, cast, "cancelled", reason="No").status_code == 403
        with time_machine.travel("2026-11-11T10:00:00+01:00"):
            sign_in(client, cast.auditor)
            assert self.step(client, cast, "in-progress").status_code == 303
            drafted = {"to": "report-drafted", "version": "2"}
            assert post(client, url(cast, "/SA-2026-01/step"), drafted).status_code == 303
        assert reread(app, cast.organisation, "SA-2026-01").progress is AuditProgress.REPORT_DRAFTED

    def test_an_auditor_who_is_not_on_it_takes_no_step(self, app, client, cast, here):
        with on_stage(app, cast.organisation) as w:
            plan(w, None, date(2026, 5, 4), kind=AuditKind.INTERNAL)
        sign_in(client, cast.auditor)
        sent = {"to": "in-progress", "version": "1"}
        assert post(client, url(cast, "/IA-2026-01/step"), sent).status_code == 403

    def test_external_audits_are_concluded_by_the_programme_internal_ones_in_their_report(
        self, app, client, cast, here
    ):
        with on_stage(app, cast.organisation) as w:
            lead = (Seat(TeamRole.LEAD, person_id=cast.auditor.id),)
            plan(w, here["certificate"], date(2026, 5, 4), kind=AuditKind.INTERNAL, team=lead)
        sign_in(client, cast.auditor)
        assert client.get(url(cast, "/SA-2026-01/conclusion")).status_code == 403
        assert client.get(url(cast, "/IA-2026-01/conclusion")).status_code == 403
        sign_in(client, cast.quality_manager)
        page = client.get(url(cast, "/IA-2026-01")).text
        assert "Record the conclusion" not in page
        assert "In its report" in page
        sent = {"version": "1", f"outcome-{here['certificate']}": "recommended"}
        answer = post(client, url(cast, "/IA-2026-01/conclusion"), sent)
        assert answer.location.endswith("/IA-2026-01/report")
        assert reread(app, cast.organisation, "IA-2026-01").audit_certificates[0].outcome is None
        with on_stage(app, cast.organisation) as w, pytest.raises(RefusedError, match="stands in its report"):
            audits.conclude(w, "IA-2026-01", {here["certificate"]: Outcome.RECOMMENDED})

    def test_closing_without_a_conclusion_shows_the_way_to_it(self, app, client, cast, here):
        with on_stage(app, cast.organisation) as w:
            plan(w, here["certificate"], date(2026, 3, 3))
        sign_in(client, cast.quality_manager)
        answer = post(client, url(cast, "/SA-2026-02/step"), {"to": "closed", "version": "1"})
        assert answer.status_code == 422
        assert url(cast, "/SA-2026-02/conclusion") in answer.text

    def test_a_conclusion_before_the_end_is_refused(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        sent = {"version": "1", f"outcome-{here['certificate']}": "recommended"}
        answer = post(client, url(cast, "/SA-2026-01/conclusion"), sent)
        assert answer.status_code == 422
        assert "SA-2026-01 ends on 11 Nov 2026; it has no conclusion before." in answer.text

    def test_a_conclusion_that_is_none_is_no_form_of_ours(self, client, cast, here):
        sign_in(client, cast.quality_manager)
        sent = {"version": "1", f"outcome-{here['certificate']}": "brilliant"}
        assert post(client, url(cast, "/SA-2026-01/conclusion"), sent).status_code == 400


class TestMyWork:
    def page(self, client, cast, who):
        return sign_in(client, who).get(f"/o/{cast.organisation.slug}/my-work")

    def test_it_lists_ones_own_with_what_to_do(self, client, cast, here):
        page = self.page(client, cast, cast.auditor).text
        assert "1 audit is yours. The next begins on 10 Nov 2026." in page
        assert "Lead auditor" in page
        assert "Keep 10 Nov 2026 free" in page

    def test_an_assessor_sees_theirs_alone(self, client, cast, here):
        page = self.page(client, cast, cast.assessor).text
        assert "SA-2026-01" in page
        assert "SA-2025-01" not in page

    @pytest.mark.parametrize("role", [Role.STAFF, Role.QUALITY_MANAGER, Role.ADMINISTRATOR])
    def test_who_is_on_none_reads_what_would_stand_here(self, client, cast, here, role):
        answer = self.page(client, cast, cast.of(role))
        assert answer.status_code == 200
        assert "Nothing is yours yet" in answer.text
