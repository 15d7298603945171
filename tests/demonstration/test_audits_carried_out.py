"""The demonstration's internal audits: planned, worked through, and what they found, at every stage of its way."""

from collections import Counter

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import demonstration
from app.domain.findings.case import CaseNow
from app.domain.findings.closing import why_not_closed
from app.domain.findings.corrective_action import CauseMethod, Effectiveness, Stage, StepKind
from app.domain.findings.grading import FindingGrade
from app.models.audit import Audit, AuditProgress
from app.models.checklist import ChecklistItem
from app.models.corrective_action import Action, CorrectiveAction, CorrectiveStep
from app.models.finding import Finding
from app.models.journal import JournalEntry
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.process import Process
from app.queries.audits import audit_of
from app.queries.corrective_actions import case_by, now_of
from app.queries.impartiality import partialities_at
from app.work import Work, work
from tests.demonstration.test_demonstration import DAYS


def load(app: Flask) -> int:
    with work(None) as w:
        demonstration.load(w)
        return w.session.scalars(select(Organisation.id).where(Organisation.slug == "northwind")).one()


def cases_of(w: Work) -> list[CaseNow]:
    found = [case_by(w, reference) for reference in w.all(select(CorrectiveAction.reference))]
    return [now_of(case) for case in found if case is not None]


@pytest.mark.parametrize("day", DAYS)
def test_every_stage_and_every_grade_is_there_on_any_day(app: Flask, day: str) -> None:
    with time_machine.travel(f"{day}T10:00:00+00:00"), app.app_context(), work(load(app), writes=False) as w:
        found = w.all(select(Finding).options(selectinload(Finding.links)))
        assert {each.grade for each in found} == set(FindingGrade)
        major = next(each for each in found if each.grade is FindingGrade.MAJOR)
        assert len([link for link in major.links if link.asset_id is not None]) == 2
        assert any(link.entitlement_id for link in major.links)
        assert any(each.repeats_id for each in found)
        assert all(each.raised_on <= w.today for each in found)

        cases = cases_of(w)
        assert {each.stage for each in cases} == set(Stage)
        assert any(each.is_overdue(w.today) for each in cases)
        assert any(each.awaits_acceptance for each in cases)
        assert {each.effectiveness for each in cases if each.is_closed} == {Effectiveness.EFFECTIVE}
        methods = w.all(select(CorrectiveAction.cause_method))
        assert {CauseMethod.FIVE_WHYS, CauseMethod.CAUSE_AND_EFFECT} <= set(methods)
        steps = set(w.all(select(CorrectiveStep.kind)))
        assert {StepKind.REFUSED, StepKind.REOPENED, StepKind.EXTENDED, StepKind.EFFECTIVE} <= steps
        people = {row.email: row.id for row in w.execute(select(Person.id, Person.email))}
        waiting = [each for each in cases if each.stage is Stage.VERIFICATION]
        mateo = people["mateo@northwind.example"]
        assert [bool(why_not_closed(each, mateo, w.today)) for each in waiting].count(False) == 1
        assert any(each.done_on is None and each.due_on < w.today for each in w.all(select(Action)))


@pytest.mark.parametrize("day", DAYS)
def test_audits_that_are_over_have_a_verdict_on_each_question_and_one_is_going_on(app: Flask, day: str) -> None:
    with time_machine.travel(f"{day}T10:00:00+00:00"), app.app_context(), work(load(app), writes=False) as w:
        counts = Counter(w.all(select(Audit.progress).where(Audit.title != "")))
        assert counts[AuditProgress.IN_PROGRESS] == 1
        going_on = w.all(select(Audit.id).where(Audit.progress == AuditProgress.IN_PROGRESS))[0]
        items = w.all(select(ChecklistItem))
        assert len({each.audit_id for each in items}) == 3
        open_ones = [each for each in items if not each.result.is_assessed]
        assert {each.audit_id for each in open_ones} == {going_on}
        assert any(each.result.is_assessed for each in items if each.audit_id == going_on)
        assert len(w.all(select(Process))) == 8
        for reference in w.all(select(Audit.reference)):
            audit = audit_of(w, reference)
            assert audit is not None
            assert partialities_at(w, audit) == ()


def test_people_of_the_story_did_it_in_their_own_names_and_in_the_order_of_the_days(app: Flask) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00"), app.app_context(), work(load(app), writes=False) as w:
        told = select(JournalEntry).where(JournalEntry.noun.in_(("finding", "action", "corrective_action")))
        entries = w.all(told.order_by(JournalEntry.number))
        assert len({each.actor_id for each in entries}) >= 5
        assert None not in {each.actor_id for each in entries}
        assert [each.at for each in entries] == sorted(each.at for each in entries)
