"""Nonconformities for the tests: a finding with its case, brought as far as a test wants it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.domain.findings.case import CauseSaid
from app.domain.findings.corrective_action import ActionKind, CauseMethod
from app.domain.findings.grading import FindingGrade
from app.models.corrective_action import Action, CorrectiveAction
from app.models.finding import Finding
from app.operations import actions
from app.operations import corrective_actions as cases
from app.operations.actions import Planned
from app.operations.references import next_nonconformity
from app.queries.corrective_actions import case_by
from app.work import Work, work
from tests.cast import Cast, House, Member, post

RAISED = date(2026, 5, 18)
STANDARD = "ISO/IEC 27001:2022"
CAUSE = CauseSaid(
    CauseMethod.FIVE_WHYS, "Nobody owns the review of access rights.", ("It was forgotten.", "No one was named.")
)


@contextmanager
def acting(app: Flask, house: House, who: Member) -> Iterator[Work]:
    """A work of somebody of the cast."""
    with app.app_context(), work(house.id, who.id) as w:
        yield w


def finding(w: Work, grade: FindingGrade = FindingGrade.MAJOR, **told: Any) -> Finding:
    """A finding of our own, as an auditor would have written it down."""
    row = {
        "title": "Access rights are not reviewed",
        "standard": STANDARD,
        "clause": "A.5.18",
        "statement": "Access rights of 12 people who left were still open.",
        "evidence": "List of accounts of 12 May.",
        "raised_on": RAISED,
        **told,
    }
    return w.add(Finding(reference=next_nonconformity(w, row["raised_on"].year), grade=grade, **row))


def opened(w: Work, grade: FindingGrade = FindingGrade.MAJOR, **told: Any) -> CorrectiveAction:
    """A finding of our own with its case."""
    return cases.open_case(w, finding(w, grade, **told))


def fresh(w: Work, reference: str) -> CorrectiveAction:
    """A case as the database has it."""
    w.session.expire_all()
    found = case_by(w, reference)
    assert found is not None
    return found


def owned(w: Work, owner: Member, **told: Any) -> str:
    """A case that somebody answers for; gives its reference."""
    reference = opened(w, **told).reference
    cases.assign(w, reference, None, owner.id)
    return reference


def planned(w: Work, owner: Member, doer: Member, due_on: date = date(2026, 7, 1), **told: Any) -> str:
    """The same, contained, explained, looked for similar cases, with one action."""
    reference = owned(w, owner, **told)
    w.session.expire_all()
    cases.contain(w, reference, None, says="The accounts were locked.", on=None)
    cases.explain(w, reference, None, CAUSE)
    cases.look(w, reference, None, [], "All other systems use one sign-in.")
    act(w, reference, doer, due_on)
    return reference


def act(w: Work, reference: str, doer: Member, due_on: date = date(2026, 7, 1)) -> Action:
    """An action of the plan."""
    w.session.expire_all()
    told = Planned(kind=ActionKind.CORRECTIVE, says="Name an owner of the review.", owner_id=doer.id, due_on=due_on)
    return actions.plan(w, reference, None, told)


def implemented(app: Flask, cast: Cast) -> tuple[str, str]:
    """Answered by the asset manager, accepted, and its one action done by staff; gives case and action."""
    house = cast.organisation
    with acting(app, house, cast.asset_manager) as w:
        reference = planned(w, cast.asset_manager, cast.staff)
        w.session.expire_all()
        cases.answer(w, reference, None)
    with acting(app, house, cast.quality_manager) as w:
        cases.accept(w, reference, None)
    with acting(app, house, cast.staff) as w:
        action = fresh(w, reference).actions[0].reference
        actions.do(w, action, None, on=w.today, note="The owner is named.")
    return reference, action


def send(client: FlaskClient, url: str, data: dict[str, Any] | None = None) -> Any:
    """Send the form of a step as its page would: with the number of its entry."""
    return post(client, url, {"entry_key": str(uuid4()), **(data or {})})


def later(day: date) -> Any:
    """Travel to noon of a day."""
    return time_machine.travel(f"{day.isoformat()}T12:00:00+00:00", tick=True)
