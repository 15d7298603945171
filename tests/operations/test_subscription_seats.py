"""Seats of the subscription: given, released, suspended and waited for; and what nobody does without one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.explained import RefusedError
from app.domain.findings.grading import FindingGrade
from app.domain.permission import Role
from app.domain.programme.team import Seat, TeamRole
from app.domain.subscription.seats import PoolSource, SeatKind, effective, levels
from app.jobs import seat_notices
from app.models.seat import SeatAssignment, SeatPool
from app.operations import (
    audit_plans,
    audit_reports,
    audits,
    checklist,
    erasure,
    findings,
    invitations,
    members,
    seat_pools,
    subscription_seats,
)
from app.operations.audit_plans import PlanDetails
from app.operations.audit_reports import ReportTexts
from app.operations.findings import FindingDetails
from app.operations.seat_pools import PoolDetails, SuspendsError
from app.queries.audits import audit_of
from app.queries.members import members_of
from app.queries.subscription_seats import assignment_rows, seats_of, waiting_rows, without_seat
from app.work import Work
from tests.audited import SECURITY, asked, internal_audit
from tests.cast import Cast, Member
from tests.certified import NOON
from tests.stage import on_stage, plan
from tests.web.mailbox import mails

KIND = SeatKind.AUDIT_MANAGER
TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def pool(
    w: Work, quantity: int = 2, starts_on: date = TODAY, ends_on: date | None = None, kind: SeatKind = KIND
) -> SeatPool:
    return seat_pools.record(
        w, PoolDetails(kind=kind, source=PoolSource.BOUGHT, quantity=quantity, starts_on=starts_on, ends_on=ends_on)
    )


def details_of(row: SeatPool, quantity: int, counts_from: date | None = None) -> PoolDetails:
    return PoolDetails(
        kind=row.kind,
        source=row.source,
        quantity=quantity,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        note=row.note,
        counts_from=counts_from,
    )


@contextmanager
def refused(says: str) -> Iterator[None]:
    with pytest.raises(RefusedError) as refusal:
        yield
    assert says in str(refusal.value)


def test_a_seat_is_given_once_and_only_to_members_while_one_is_free(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        with refused("No pool of audit-manager seats is recorded"):
            subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY)
        pool(w)
        for who in (cast.assessor, cast.stranger):
            with refused("An external assessor and people outside it take no seat."):
                subscription_seats.assign(w, KIND, [who.id], TODAY)
        subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY)
        with refused("Aud Lindqvist has an audit-manager seat from 1 Jun 2026 already."):
            subscription_seats.assign(w, KIND, [cast.auditor.id], date(2027, 1, 1))
        with refused("1 is free, and 2 are asked for"):
            subscription_seats.assign(w, KIND, [cast.staff.id, cast.quality_manager.id], TODAY)
        # One that begins later counts today for nobody, and takes a seat of a later day all the same.
        subscription_seats.assign(w, KIND, [cast.staff.id], date(2026, 9, 1))
        with refused("release them on 1 Sep 2026"):
            subscription_seats.assign(w, KIND, [cast.quality_manager.id], TODAY)
        subscription_seats.assign(w, KIND, [cast.quality_manager.id], TODAY, date(2026, 9, 1))
        with refused("is not after the first"):
            subscription_seats.assign(w, SeatKind.LMS, [cast.staff.id], TODAY, TODAY)
        assert [row.rank for row in assignment_rows(w, KIND)] == [1, 2, 3]


def test_a_seat_that_is_released_is_free_the_same_day_and_its_history_stays(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        pool(w, 1)
        (one,) = subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY)
        subscription_seats.release(w, [one], TODAY)
        (two,) = subscription_seats.assign(w, KIND, [cast.staff.id], TODAY)
        with refused("was released on 1 Jun 2026 already"):
            subscription_seats.release(w, [one, two], TODAY)
        rows = w.all(select(SeatAssignment).order_by(SeatAssignment.id))
        assert [(row.id, row.released_on) for row in rows] == [(one, TODAY), (two, None)]


def test_whoever_leaves_or_is_erased_leaves_their_seat_and_the_waiting_list(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.administrator) as w:
        pool(w)
        subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY)
        subscription_seats.assign(w, KIND, [cast.staff.id], date(2026, 9, 1))
        pool(w, 0, kind=SeatKind.LMS)
        for who in (cast.auditor, cast.staff):
            subscription_seats.wait(w, SeatKind.LMS, who.id)
        by_person = {row.person_id: row.id for row in members_of(w)}
        members.end(w, by_person[cast.auditor.id])
        erasure.erase(w, cast.staff.id)
        rows = w.all(select(SeatAssignment).order_by(SeatAssignment.id))
        assert [row.released_on for row in rows] == [TODAY, date(2026, 9, 1)]
        assert waiting_rows(w, SeatKind.LMS) == []
        membership = by_person[cast.quality_manager.id]
        subscription_seats.assign(w, KIND, [cast.quality_manager.id], TODAY)
        members.change_roles(w, membership, frozenset({Role.ASSESSOR}), date(2026, 12, 31))
        assert without_seat(w, [cast.quality_manager.id], KIND, TODAY, TODAY)


def test_a_pool_that_shrinks_suspends_the_last_in_line_tells_them_and_deletes_nothing(app: Flask, cast: Cast) -> None:
    july = date(2026, 7, 10)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = pool(w, 3)
        held = subscription_seats.assign(w, KIND, [cast.auditor.id, cast.asset_manager.id, cast.staff.id], TODAY)
        shrunk = details_of(row, quantity=1, counts_from=july)
        with pytest.raises(SuspendsError) as first:
            seat_pools.change(w, row.id, shrunk)
        assert [(each.name, each.day) for each in first.value.whom] == [
            (cast.asset_manager.name, july),
            (cast.staff.name, july),
        ]
        # The order is changed beforehand; and what was agreed to is nothing else than what would happen now.
        subscription_seats.reorder(w, KIND, [held[0], held[2], held[1]])
        shrunk = replace(shrunk, quantity=2)
        with pytest.raises(SuspendsError) as again:
            seat_pools.change(w, row.id, shrunk, agreed=first.value.stamp)
        assert [each.name for each in again.value.whom] == [cast.asset_manager.name]
        seat_pools.change(w, row.id, shrunk, agreed=again.value.stamp)
        held_now = seats_of(w, KIND)
        assert [(each.owned, each.assigned) for each in levels(held_now.pools, held_now.assignments, TODAY)] == [
            (3, 3), (2, 3),
        ]  # fmt: skip
        assert [each.id for each in effective(held_now.pools, held_now.assignments, july)] == [held[0], held[2]]
        with refused("none is free"):
            subscription_seats.assign(w, KIND, [cast.quality_manager.id], july)
    assert [(mail.to, mail.subject) for mail in mails(app)] == [
        (cast.asset_manager.email, "Your audit-manager seat is suspended from 10 Jul 2026 on · Alder Works")
    ]
    # Growing again lifts it, and is told too.
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        pool(w, 1, starts_on=july)
    assert mails(app)[-1].subject == "Your audit-manager seat is not suspended after all · Alder Works"


def test_time_alone_suspends_and_is_told_a_month_ahead_once_and_taken_back(app: Flask, cast: Cast) -> None:
    ends = date(2026, 9, 30)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        pool(w, 1, ends_on=ends)
        (one,) = subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY)
    begins = ends + timedelta(days=1)
    told: dict[date, str] = {}
    for days in range(-31, 3):
        day = begins + timedelta(days=days)
        now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        with app.app_context(), time_machine.travel(now, tick=False):
            list(seat_notices.run(now))
        for mail in mails(app)[len(told) :]:
            told[day] = mail.subject
    assert told == {
        begins - timedelta(days=30): "Your audit-manager seat is suspended from 1 Oct 2026 on · Alder Works"
    }
    with time_machine.travel("2026-10-02T09:00:00+00:00"), on_stage(app, cast.organisation, cast.quality_manager) as w:
        pool(w, 1, starts_on=w.today)
        assert not without_seat(w, [cast.auditor.id], KIND, w.today, w.today)
        subscription_seats.release(w, [one], w.today)
    assert [mail.subject for mail in mails(app)][1:] == [
        "Your audit-manager seat is not suspended after all · Alder Works"
    ]


def test_an_invitation_gives_its_seat_at_acceptance_or_a_place_on_the_list(app: Flask, cast: Cast) -> None:
    def invite(w: Work, name: str) -> str:
        invitations.invite(
            w,
            email=f"{name}@example.org",
            name=name,
            roles=frozenset({Role.AUDITOR}),
            access_until=None,
            seats=[KIND],
        )
        return name

    def accept(name: str, password: str = "kept") -> None:
        path = next(mail.path for mail in mails(app, f"{name}@example.org"))
        with on_stage(app, cast.organisation) as w, w.within(None) as outside:
            person = invitations.accept_as_new(outside, path.rpartition("/")[2], name=name, password_hash=password)
            assert person is not None

    with on_stage(app, cast.organisation, cast.administrator) as w:
        with refused("No pool of audit-manager seats is recorded"):
            invite(w, "early")
        pool(w)
        invite(w, "first")
        invite(w, "second")
        # What other invitations offer is not offered twice; who gives out the seats themself is free to do so.
        with refused("2 are free, and invitations offer 2"):
            invite(w, "third")
        subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY)
        with refused("An external assessor takes no seat."):
            invitations.invite(
                w,
                email="outside@example.org",
                name="Out",
                roles=frozenset({Role.ASSESSOR}),
                access_until=date(2026, 12, 31),
                seats=[KIND],
            )
    accept("first")
    accept("second")
    with on_stage(app, cast.organisation) as w:
        assert [row.person.name for row in assignment_rows(w, KIND)] == ["Aud Lindqvist", "first"]
        assert [row.person.name for row in waiting_rows(w, KIND)] == ["second"]
        assert {row.assigned_by_id for row in assignment_rows(w, KIND)} == {cast.administrator.id}


def test_the_waiting_list_is_left_with_a_seat(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        with refused("nobody needs one"):
            subscription_seats.wait(w, KIND, cast.auditor.id)
        pool(w)
        subscription_seats.wait(w, KIND, cast.auditor.id)
        with refused("is on the waiting list already"):
            subscription_seats.wait(w, KIND, cast.auditor.id)
        subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY)
        assert waiting_rows(w, KIND) == []
        with refused("has an audit-manager seat from 1 Jun 2026 already"):
            subscription_seats.wait(w, KIND, cast.auditor.id)
        assert not subscription_seats.stop_waiting(w, KIND, cast.auditor.id)


def test_whoever_has_no_seat_on_each_day_of_an_internal_audit_is_not_on_its_team(app: Flask, cast: Cast) -> None:
    day, lead = date(2026, 6, 10), Seat(TeamRole.LEAD, person_id=cast.auditor.id)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        # Before seats are counted everything works as before.
        earlier = plan(w, None, day, kind=AuditKind.INTERNAL, team=(lead,)).reference
        pool(w, 1, starts_on=date(2026, 6, 5))
        expert = (Seat(TeamRole.EXPERT, person_id=cast.staff.id), Seat(TeamRole.LEAD, name="Out", email="o@x.example"))
        plan(w, None, day, kind=AuditKind.INTERNAL, team=expert)
        plan(w, None, date(2026, 6, 4), kind=AuditKind.INTERNAL, team=(lead,), title="Before they are counted")
        says = "Aud Lindqvist has no audit-manager seat on 5 Jun 2026: without one nobody can work as an auditor."
        with refused(says):
            plan(w, None, date(2026, 6, 4), day, kind=AuditKind.INTERNAL, team=(lead,))
        subscription_seats.assign(w, KIND, [cast.auditor.id], date(2026, 6, 5), date(2026, 6, 12))
        plan(w, None, day, kind=AuditKind.INTERNAL, team=(lead,), title="Covered")
        with refused("on 12 Jun 2026"):
            plan(w, None, day, date(2026, 6, 12), kind=AuditKind.INTERNAL, team=(lead,))
        row = audit_of(w, earlier)
        assert row is not None
        wish = audits.wish_of(row)
        # Who is on it stays on it; other days are judged anew.
        audits.change(w, earlier, row.version, replace(wish, notes="Bring the keys."))
        with refused("on 12 Jun 2026"):
            when = replace(wish.when, starts_on=date(2026, 6, 12), ends_on=date(2026, 6, 12))
            audits.move(w, earlier, row.version, when)


def write_on(w: Work, reference: str, item_id: int) -> list[str]:
    """Try all that an auditor writes on an audit; gives what was refused."""
    audit = audit_of(w, reference, lock=True)
    assert audit is not None
    item = w.one_or_none(select(checklist.ChecklistItem).where(checklist.ChecklistItem.id == item_id))
    assert item is not None
    found = FindingDetails(
        grade=FindingGrade.OBSERVATION,
        statement="The shelf is bare.",
        raised_on=w.today,
        standard=SECURITY,
        clause="7.1",
    )
    versions = audit_reports.versions_of(w, audit.id)
    writing = {
        "answer": lambda: checklist.say(w, audit, item, {checklist.ItemField.NOTES: checklist.Said("Seen")}),
        "question": lambda: checklist.add_own(w, audit, SECURITY, "7.2", f"Who looks after it on {w.now}?"),
        "finding": lambda: findings.create(w, audit, found),
        "report": lambda: (
            audit_reports.write(w, versions[0], ReportTexts("It is well."))
            if versions
            else audit_reports.begin(w, audit)
        ),
        "plan": lambda: audit_plans.edit(w, audit, PlanDetails(objectives=f"As of {w.now}."), frozenset()),
    }
    refusals = {}
    for what, write in writing.items():
        try:
            write()
        except RefusedError as refusal:
            refusals[what] = str(refusal)
    assert all("without one nobody can work as an auditor" in each for each in refusals.values())
    return list(refusals)


def test_without_a_seat_that_counts_nobody_writes_on_an_internal_audit(app: Flask, cast: Cast) -> None:
    everything = ["answer", "question", "finding", "report", "plan"]
    with on_stage(app, cast.organisation) as w:
        reference = internal_audit(w, cast, TODAY).reference
        (item,) = asked(w, reference, 1)

    def wrote(who: Member) -> list[str]:
        with on_stage(app, cast.organisation, who) as w:
            return write_on(w, reference, item)

    assert wrote(cast.auditor) == []
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        pool_id = pool(w, 1).id
        (seat,) = subscription_seats.assign(w, KIND, [cast.auditor.id], TODAY)
    assert wrote(cast.auditor) == []
    assert wrote(cast.quality_manager) == everything
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = w.all(select(SeatPool))[0]
        seat_pools.change(w, pool_id, details_of(row, quantity=0), agreed=f"{seat}:2026-06-01")
    assert wrote(cast.auditor) == everything
    # What is outside an audit is nobody's work as an auditor.
    with on_stage(app, cast.organisation, cast.staff) as w:
        findings.create(
            w, None, FindingDetails(grade=FindingGrade.OBSERVATION, statement="The door stands open.", raised_on=TODAY)
        )
