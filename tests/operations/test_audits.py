"""Audits on the programme: planned, changed, moved, carried on, concluded; what is refused, and what is kept."""

from dataclasses import replace
from datetime import date, time

import pytest
import time_machine
from sqlalchemy import select

from app.domain.certification.facts import AuditKind, Outcome
from app.domain.explained import RefusedError
from app.domain.programme.mode import AuditMode
from app.domain.programme.progress import AuditProgress
from app.domain.programme.team import Seat, TeamRole
from app.domain.programme.wish import When
from app.models.audit import Audit
from app.models.certificate import CertificateVerdict
from app.models.journal import JournalEntry
from app.models.outbox import OutboxMail
from app.operations import audits
from app.operations.conflict import ConflictError
from app.queries.audits import audit_of
from app.queries.slips import preview_of
from tests.stage import certificate, on_stage, plan, reread, site, wish

P = AuditProgress
PLANNED_ON = date(2026, 11, 10)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-05-04T10:00:00+02:00", tick=True):
        yield


@pytest.fixture
def held(app, cast):
    """A certificate of 2024-03-15 with its first surveillance held and the second planned."""
    with on_stage(app, cast.organisation) as w:
        row = certificate(w, granted=date(2024, 3, 15))
        first = wish(row.id, date(2025, 2, 20))
        audits.plan(w, first, progress=P.CLOSED, outcomes={row.id: Outcome.RECOMMENDED})
        plan(w, row.id, PLANNED_ON)
        return row.id


def refused(call, *arguments, **named):
    with pytest.raises(RefusedError) as caught:
        call(*arguments, **named)
    return caught.value


def test_references_count_by_kind_and_year_and_stay_when_the_day_moves(app, cast, held):
    with on_stage(app, cast.organisation) as w:
        assert plan(w, held, date(2027, 1, 11), kind=AuditKind.RECERTIFICATION).reference == "RA-2027-01"
        assert plan(w, None, date(2026, 6, 1), kind=AuditKind.INTERNAL).reference == "IA-2026-01"
        assert plan(w, None, date(2026, 7, 1), kind=AuditKind.INTERNAL).reference == "IA-2026-02"
    with on_stage(app, cast.organisation) as w:
        moved = audits.move(w, "IA-2026-02", 1, When(date(2027, 2, 1), date(2027, 2, 1)))
        assert (moved.reference, moved.starts_on.year) == ("IA-2026-02", 2027)
        assert plan(w, None, date(2026, 8, 3), kind=AuditKind.INTERNAL).reference == "IA-2026-03"


def test_two_organisations_count_for_themselves(app, cast, held):
    with on_stage(app, cast.elsewhere) as w:
        assert plan(w, None, date(2026, 6, 1), kind=AuditKind.INTERNAL).reference == "IA-2026-01"
    with on_stage(app, cast.organisation) as w:
        assert plan(w, None, date(2026, 6, 1), kind=AuditKind.INTERNAL).reference == "IA-2026-01"


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"when": When(date(2026, 6, 9), date(2026, 6, 8))}, "ends_on", "before it starts on 9 Jun 2026"),
        ({"when": When(date(1066, 6, 9), date(2026, 6, 8))}, "starts_on", "between 1980 and 2999"),
        ({"when": When(PLANNED_ON, PLANNED_ON, time(9), None)}, "ends_at", "Give both times"),
        ({"when": When(PLANNED_ON, PLANNED_ON, time(9), time(9))}, "ends_at", "not after its start"),
        ({"time_zone": "Mars/Base"}, "time_zone", "is not a time zone"),
        ({"mode": AuditMode.REMOTE}, "remote_agreement", "what both sides agreed"),
        ({"mode": AuditMode.HYBRID, "remote_agreement": "x"}, "remote_percent", "from 1 to 99"),
        ({"certificates": {}}, "certificates", "which certificate"),
        ({"certificates": {4711: AuditKind.SURVEILLANCE}}, "certificates", "no such certificate"),
        ({"sites": frozenset({4711})}, "sites", "no such site"),
        ({"team": (Seat(TeamRole.LEAD, person_id=4711),)}, "team", "Choose members"),
        ({"team": (Seat(TeamRole.LEAD, name=" "),)}, "team", "give the name"),
        ({"team": (Seat(TeamRole.LEAD, name="A"), Seat(TeamRole.LEAD, name="B"))}, "team", "one lead"),
        ({"team": (Seat(TeamRole.LEAD, name="A"), Seat(TeamRole.OBSERVER, name="a"))}, "team", "twice"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(app, cast, held, changes, field, says):
    with on_stage(app, cast.organisation) as w:
        error = refused(audits.plan, w, replace(wish(held, PLANNED_ON), **changes))
        assert (error.field, says in str(error)) == (field, True), str(error)


@pytest.mark.parametrize(
    ("kind", "served", "field"),
    [
        (AuditKind.INTERNAL, AuditKind.SURVEILLANCE, "certificates"),
        (AuditKind.SURVEILLANCE, AuditKind.INTERNAL, "certificates"),
        (AuditKind.SURVEILLANCE, AuditKind.RECERTIFICATION, "kind"),
    ],
)
def test_the_kind_fits_what_the_audit_is_to_its_certificates(app, cast, held, kind, served, field):
    with on_stage(app, cast.organisation) as w:
        assert refused(audits.plan, w, wish({held: served}, PLANNED_ON, kind=kind)).field == field


def test_a_site_and_a_member_of_another_organisation_are_none_here(app, cast, held):
    with on_stage(app, cast.elsewhere) as w:
        theirs, foreign = site(w, "Oslo", "NO", None).id, certificate(w).id
    with on_stage(app, cast.organisation) as w:
        assert refused(plan, w, held, PLANNED_ON, sites=frozenset({theirs})).field == "sites"
        assert refused(plan, w, foreign, PLANNED_ON).field == "certificates"
        stranger = (Seat(TeamRole.LEAD, person_id=cast.stranger.id),)
        assert refused(plan, w, held, PLANNED_ON, team=stranger).field == "team"


def test_an_audit_far_in_the_future_is_not_refused(app, cast, held):
    with on_stage(app, cast.organisation) as w:
        assert plan(w, held, date(2998, 12, 31)).reference == "SA-2998-01"


def test_the_time_zone_is_that_of_the_first_site_unless_said(app, cast, held):
    with on_stage(app, cast.organisation) as w:
        oslo = site(w, "Reykjavik", "IS", None, time_zone="Atlantic/Reykjavik").id
        assert plan(w, held, PLANNED_ON, sites=frozenset({oslo})).time_zone == "Atlantic/Reykjavik"
        assert plan(w, held, date(2026, 6, 1)).time_zone == "Europe/Berlin"


def test_a_move_past_a_limit_needs_a_reason_which_the_journal_keeps(app, cast, held):
    late = When(date(2027, 1, 12), date(2027, 1, 12))
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        error = refused(audits.move, w, "SA-2026-01", 1, late)
        assert error.field == "reason"
        assert "hard rule" in str(error)
        assert "2026" in str(error)
    assert reread(app, cast.organisation, "SA-2026-01").ends_on == PLANNED_ON
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        audits.move(w, "SA-2026-01", 1, late, reason="The body has nobody before January")
    with on_stage(app, cast.organisation) as w:
        entry = w.session.scalars(
            select(JournalEntry).where(JournalEntry.noun == "audit").order_by(JournalEntry.id.desc()).limit(1)
        ).one()
        assert entry.reason == "The body has nobody before January"
        assert entry.actor_id == cast.quality_manager.id
        assert '"ends_on":["2026-11-10","2027-01-12"]' in entry.changes


def test_a_move_within_the_limits_needs_none_and_raises_the_sequence_alone(app, cast, held):
    before = reread(app, cast.organisation, "SA-2026-01")
    with on_stage(app, cast.organisation) as w:
        audits.move(w, "SA-2026-01", 1, When(date(2026, 10, 6), date(2026, 10, 7)))
    after = reread(app, cast.organisation, "SA-2026-01")
    assert (after.uid, after.reference) == (before.uid, before.reference)
    assert after.sequence == before.sequence + 1
    assert after.changed_at > before.changed_at


def test_notes_are_nothing_an_attendee_hears_of(app, cast, held):
    with on_stage(app, cast.organisation) as w:
        audits.change(w, "SA-2026-01", 1, wish(held, PLANNED_ON, notes="Ask for parking", time_zone="Europe/Berlin"))
    after = reread(app, cast.organisation, "SA-2026-01")
    assert (after.sequence, after.notes, after.version) == (0, "Ask for parking", 2)


def test_saving_what_stands_there_changes_nothing(app, cast, held):
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, "SA-2026-01")
        audits.change(w, "SA-2026-01", 1, audits.wish_of(audit))
    assert reread(app, cast.organisation, "SA-2026-01").version == 1


def test_who_saw_an_older_version_is_refused_with_the_newer_one(app, cast, held):
    with on_stage(app, cast.organisation) as w:
        audits.change(w, "SA-2026-01", 1, wish(held, PLANNED_ON, title="First"))
    with on_stage(app, cast.organisation) as w:
        with pytest.raises(ConflictError) as caught:
            audits.change(w, "SA-2026-01", 1, wish(held, PLANNED_ON, title="Second"))
        assert caught.value.now.title == "First"
        with pytest.raises(ConflictError):
            audits.take_step(w, "SA-2026-01", P.CONFIRMED, seen=1)
    assert reread(app, cast.organisation, "SA-2026-01").title == "First"


def test_sites_team_and_certificates_are_taken_on_and_off(app, cast, held):
    with on_stage(app, cast.organisation) as w:
        munich, oslo = site(w).id, site(w, "Oslo", "NO", None).id
        other = certificate(w, "C-20000-1", standard="ISO/IEC 20000-1", edition="2018").id
        lead, out = (
            Seat(TeamRole.LEAD, person_id=cast.auditor.id),
            Seat(TeamRole.EXPERT, name="Ben", email="b@x.example"),
        )
        both = {held: AuditKind.SURVEILLANCE, other: AuditKind.SURVEILLANCE}
        audits.change(w, "SA-2026-01", 1, wish(both, PLANNED_ON, sites=frozenset({munich, oslo}), team=(lead, out)))
    with on_stage(app, cast.organisation) as w:
        expert = Seat(TeamRole.EXPERT, person_id=cast.auditor.id)
        audits.change(w, "SA-2026-01", 2, wish(held, PLANNED_ON, sites=frozenset({oslo}), team=(expert,)))
    audit = reread(app, cast.organisation, "SA-2026-01")
    assert [each.site_id for each in audit.audit_sites] == [oslo]
    assert [(each.role, each.label) for each in audit.team] == [(TeamRole.EXPERT, cast.auditor.name)]
    assert [each.certificate_id for each in audit.audit_certificates] == [held]


def test_the_verdict_follows_each_change(app, cast, held):
    def next_due():
        with on_stage(app, cast.organisation) as w:
            return w.one_or_none(select(CertificateVerdict.next_kind).where(CertificateVerdict.certificate_id == held))

    assert next_due() == "surveillance"
    with on_stage(app, cast.organisation) as w:
        when = When(date(2026, 5, 4), date(2026, 5, 4))
        audits.move(w, "SA-2026-01", 1, when)
        audits.conclude(w, "SA-2026-01", {held: Outcome.RECOMMENDED})
        audits.take_step(w, "SA-2026-01", P.CLOSED)
    assert next_due() == "recertification"


def test_what_was_held_keeps_its_days(app, cast, held):
    with on_stage(app, cast.organisation) as w:
        error = refused(audits.move, w, "SA-2025-01", 1, When(date(2025, 3, 3), date(2025, 3, 3)))
        assert "was held: its days and certificates stand" in str(error)


def test_an_audit_held_already_is_recorded_closed_with_its_conclusion(app, cast, held):
    with on_stage(app, cast.organisation) as w:
        error = refused(audits.plan, w, wish(held, date(2026, 3, 3)), progress=P.CLOSED)
        assert error.field == "outcome"
        future = refused(
            audits.plan, w, wish(held, PLANNED_ON), progress=P.CLOSED, outcomes={held: Outcome.RECOMMENDED}
        )
        assert "cannot be closed before it has ended" in str(future)


def test_an_audit_that_names_no_site_takes_up_the_sites_of_its_certificates(app, cast):
    with on_stage(app, cast.organisation) as w:
        munich, oslo = site(w), site(w, "Oslo", "NO", None)
        silent = certificate(w, sites=(munich.id, oslo.id))
        other = certificate(w, "C-9001-1", standard="ISO 9001", edition="2015", sites=(oslo.id,))
        plan(w, silent.id, PLANNED_ON)
        wanted = wish(other.id, PLANNED_ON, sites=frozenset({oslo.id}))
        (clash,) = preview_of(w, None, wanted).collisions
        assert clash.why[0].says == "Oslo is visited by SA-2026-01 on 10 Nov 2026."
        named = wish(silent.id, PLANNED_ON, sites=frozenset({munich.id}))
        audits.change(w, "SA-2026-01", 1, named)
        assert preview_of(w, None, wanted).collisions == ()
        munich.closed_on = date(2026, 1, 31)
        audits.change(w, "SA-2026-01", 2, wish(silent.id, PLANNED_ON))
        assert len(preview_of(w, None, wish(silent.id, PLANNED_ON)).collisions) == 1


class TestCourse:
    """From planned to closed, and cancelled."""

    def test_cancelling_what_a_limit_depends_on_keeps_its_reason_and_opens_the_limit(self, app, cast, held):
        with on_stage(app, cast.organisation) as w:
            audit = audit_of(w, "SA-2026-01")
            effects = [row.effect.value.value for row in preview_of(w, audit, None).consequences[0].slip.rows]
            assert "open" in effects
            assert refused(audits.take_step, w, "SA-2026-01", P.CANCELLED).field == "reason"
            audits.take_step(w, "SA-2026-01", P.CANCELLED, reason="The body withdrew its offer")
        audit = reread(app, cast.organisation, "SA-2026-01")
        assert (audit.progress, audit.cancelled_reason) == (P.CANCELLED, "The body withdrew its offer")
        assert audit.sequence == 1
        with on_stage(app, cast.organisation) as w:
            audits.take_step(w, "SA-2026-01", P.PLANNED, reason="They came back")
        audit = reread(app, cast.organisation, "SA-2026-01")
        assert (audit.progress, audit.cancelled_reason, audit.sequence) == (P.PLANNED, "", 2)

    def test_a_conclusion_of_a_stage_is_kept_for_each_certificate(self, app, cast):
        with on_stage(app, cast.organisation) as w:
            one, two = certificate(w, granted=None).id, certificate(w, "C-20000-1", granted=None).id
            both = {one: AuditKind.STAGE_1, two: AuditKind.STAGE_1}
            audits.plan(w, wish(both, date(2026, 5, 4), kind=AuditKind.STAGE_1))
            audits.conclude(w, "S1-2026-01", {one: Outcome.READY, two: Outcome.NOT_READY})
            assert refused(audits.conclude, w, "S1-2026-01", {one: Outcome.RECOMMENDED}).field == "outcome"
        audit = reread(app, cast.organisation, "S1-2026-01")
        assert {each.certificate_id: each.outcome for each in audit.audit_certificates} == {
            one: Outcome.READY,
            two: Outcome.NOT_READY,
        }


class TestMail:
    """Whoever is on the team hears that an audit was confirmed, moved or cancelled."""

    def mails(self, app, cast):
        with on_stage(app, cast.organisation) as w:
            return [
                (m.to_email, m.subject, m.body) for m in w.session.scalars(select(OutboxMail).order_by(OutboxMail.id))
            ]

    @pytest.fixture
    def team(self, app, cast, held):
        seats = (
            Seat(TeamRole.LEAD, person_id=cast.auditor.id),
            Seat(TeamRole.EXPERT, name="Ben Out", email="ben@outside.example"),
            Seat(TeamRole.OBSERVER, name="No Mail"),
            Seat(TeamRole.OBSERVER, person_id=cast.quality_manager.id),
        )
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            plan(w, held, date(2026, 9, 8), team=seats)
        return "SA-2026-02"

    def test_planning_alone_tells_nobody(self, app, cast, team):
        assert self.mails(app, cast) == []

    def test_each_deed_tells_everybody_but_who_did_it(self, app, cast, team):
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            audits.take_step(w, team, P.CONFIRMED)
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            audits.move(w, team, 2, When(date(2026, 9, 15), date(2026, 9, 16)))
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            audits.take_step(w, team, P.CANCELLED, reason="Replaced by the integrated audit")
        found = self.mails(app, cast)
        assert [(to, subject) for to, subject, _ in found] == [
            (to, subject)
            for subject in (
                "SA-2026-02 was confirmed: 8 Sep 2026",
                "SA-2026-02 was moved: 15 Sep 2026 to 16 Sep 2026",
                "SA-2026-02 was cancelled: 15 Sep 2026 to 16 Sep 2026",
            )
            for to in (cast.auditor.email, "ben@outside.example")
        ]
        assert "Before: 8 Sep 2026" in found[2][2]
        assert "/audits/SA-2026-02" in found[2][2]
        assert "/audits/" not in found[3][2]
        assert "Reason: Replaced by the integrated audit" in found[5][2]

    def test_the_mail_carries_the_event_and_its_cancellation(self, app, cast, team):
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            audits.take_step(w, team, P.CONFIRMED)
            audits.take_step(w, team, P.CANCELLED, reason="Replaced")
        uid = reread(app, cast.organisation, team).uid
        with on_stage(app, cast.organisation) as w:
            mails = w.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
            first, last = mails[0].calendar, mails[-1].calendar
        for calendar, method, sequence in ((first, "REQUEST", 1), (last, "CANCEL", 2)):
            assert f"METHOD:{method}" in calendar
            assert f"SEQUENCE:{sequence}" in calendar
            assert f"UID:{uid}" in calendar

    def test_who_leaves_or_joins_a_confirmed_audit_is_told_and_nobody_else(self, app, cast, team):
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            audits.take_step(w, team, P.CONFIRMED)
            w.session.execute(OutboxMail.__table__.delete())
            now = audits.wish_of(audit_of(w, team))
            seats = (now.team[0], Seat(TeamRole.EXPERT, person_id=cast.staff.id), *now.team[2:])
            audits.change(w, team, 2, replace(now, team=seats))
            rows = w.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
            found = [(m.to_email, m.subject, "METHOD:CANCEL" in m.calendar) for m in rows]
            assert found == [
                ("ben@outside.example", f"{team}: you are no longer on the team, 8 Sep 2026", True),
                (cast.staff.email, f"{team}: you are on the team, 8 Sep 2026", False),
            ]
            assert "STATUS:CANCELLED" in rows[0].calendar
            for row, there in zip(rows, (True, False), strict=True):
                assert ("mailto:ben@outside.example" in row.calendar.replace("\r\n ", "")) is there


def test_no_audit_of_another_organisation_is_found(app, cast, held):
    with on_stage(app, cast.elsewhere) as w:
        assert w.all(select(Audit)) == []
        with pytest.raises(LookupError):
            audits.take_step(w, "SA-2026-01", P.CONFIRMED)
