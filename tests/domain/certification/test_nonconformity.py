"""What an open nonconformity of the certification body endangers, and which days it can have."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain import clauses
from app.domain.certification.cycle import judge
from app.domain.certification.facts import (
    AuditFact,
    AuditKind,
    DecisionFact,
    DecisionKind,
    Facts,
    Grade,
    NonconformityFact,
    Outcome,
    State,
)
from app.domain.certification.nonconformity import NonconformityDates, endangered_by, refuse_impossible_days
from app.domain.certification.verdict import Rule
from app.domain.explained import RefusedError

TODAY = date(2026, 6, 1)
STAGE_1 = AuditFact("S1", AuditKind.STAGE_1, date(2026, 1, 20), outcome=Outcome.READY)
STAGE_2 = AuditFact("S2", AuditKind.STAGE_2, date(2026, 3, 10), outcome=Outcome.RECOMMENDED)
GRANT = DecisionFact(DecisionKind.GRANTED, date(2023, 7, 1))
RECERTIFICATION = AuditFact("RA", AuditKind.RECERTIFICATION, date(2026, 5, 1))
SURVEILLANCE = AuditFact("SA", AuditKind.SURVEILLANCE, date(2026, 2, 1))


def endangered(facts: Facts, nonconformity: NonconformityFact) -> list[tuple[str, date | None]]:
    known = replace(facts, nonconformities=(nonconformity,))
    return [(each.rule.value, each.closes_on) for each in endangered_by(known, nonconformity, TODAY)]


APPLICATION = Facts(audits=(STAGE_1, STAGE_2))
CERTIFIED = Facts(audits=(SURVEILLANCE, RECERTIFICATION), decisions=(GRANT,))
MAJOR = NonconformityFact("n", "S2", Grade.MAJOR)


@pytest.mark.parametrize(
    ("facts", "nonconformity", "expected"),
    [
        (APPLICATION, MAJOR, [("stage-2-majors", date(2026, 9, 10)), ("decision-preconditions", None)]),
        (APPLICATION, replace(MAJOR, grade=Grade.MINOR), [("decision-preconditions", None)]),
        (APPLICATION, replace(MAJOR, grade=Grade.MINOR, plan_accepted_on=TODAY), []),
        (APPLICATION, replace(MAJOR, verified_on=TODAY), []),
        (APPLICATION, replace(MAJOR, audit="S1"), [("decision-preconditions", None)]),
        (APPLICATION, replace(MAJOR, audit="nowhere"), []),
        (CERTIFIED, replace(MAJOR, audit="RA"), [("recertification", date(2026, 6, 30))]),
        (CERTIFIED, replace(MAJOR, audit="SA"), [("recertification", date(2026, 6, 30))]),
        (
            replace(CERTIFIED, decisions=(replace(GRANT, decided_on=date(2023, 4, 1)),)),
            replace(MAJOR, audit="RA"),
            [("restoration", date(2026, 9, 30))],
        ),
        (
            replace(CERTIFIED, decisions=(GRANT, DecisionFact(DecisionKind.WITHDRAWN, date(2026, 5, 20)))),
            replace(MAJOR, audit="RA"),
            [],
        ),
    ],
)
def test_what_it_endangers(
    facts: Facts, nonconformity: NonconformityFact, expected: list[tuple[str, date | None]]
) -> None:
    assert endangered(facts, nonconformity) == expected


def test_the_reasons_name_the_clauses() -> None:
    known = replace(CERTIFIED, nonconformities=(replace(MAJOR, audit="RA"),))
    (found,) = endangered_by(known, known.nonconformities[0], TODAY)
    assert found.rule is Rule.RECERTIFICATION
    assert found.shown == "open"
    assert "9.6.3.2.2" in [reason.clause.number for reason in found.why if reason.clause]


DAYS = NonconformityDates(raised_on=date(2026, 3, 10))


@pytest.mark.parametrize(
    ("days", "field"),
    [
        (replace(DAYS, raised_on=date(2026, 3, 8)), "raised_on"),
        (replace(DAYS, raised_on=date(2026, 6, 2)), "raised_on"),
        (replace(DAYS, response_due_on=date(2026, 3, 9)), "response_due_on"),
        (replace(DAYS, plan_accepted_on=date(2026, 3, 9)), "plan_accepted_on"),
        (replace(DAYS, plan_accepted_on=date(2026, 6, 2)), "plan_accepted_on"),
        (replace(DAYS, verified_on=date(2026, 3, 9)), "verified_on"),
        (replace(DAYS, verified_on=date(2026, 6, 2)), "verified_on"),
        (replace(DAYS, plan_accepted_on=date(2026, 4, 2), verified_on=date(2026, 4, 1)), "verified_on"),
    ],
)
def test_days_that_cannot_be(days: NonconformityDates, field: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        refuse_impossible_days(days, date(2026, 3, 9), TODAY)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "days",
    [
        DAYS,
        replace(DAYS, raised_on=date(2026, 3, 9)),
        replace(DAYS, response_due_on=date(2027, 1, 1)),
        replace(DAYS, plan_accepted_on=TODAY, verified_on=TODAY),
        replace(DAYS, verified_on=date(2026, 3, 10)),
    ],
)
def test_days_that_can_be(days: NonconformityDates) -> None:
    refuse_impossible_days(days, date(2026, 3, 9), TODAY)


def test_a_major_that_nobody_verified_by_the_last_valid_day_is_why_the_certificate_expired() -> None:
    """W18 with an open major of the recertification audit: it counts as the body verifies it, and only so."""
    open_one = NonconformityFact("NC-1", "RA", Grade.MAJOR, plan_accepted_on=date(2026, 5, 20))
    for nonconformity, day, state, told in (
        (open_one, date(2026, 6, 30), State.ACTIVE, False),
        (open_one, date(2026, 7, 1), State.EXPIRED_RESTORABLE, True),
        (open_one, date(2027, 1, 1), State.LAPSED, True),
        (replace(open_one, verified_on=date(2026, 7, 5)), date(2026, 7, 10), State.EXPIRED_RESTORABLE, True),
        (replace(open_one, verified_on=date(2026, 6, 30)), date(2026, 7, 1), State.EXPIRED_RESTORABLE, False),
        (replace(open_one, grade=Grade.MINOR), date(2026, 7, 1), State.EXPIRED_RESTORABLE, False),
        (replace(open_one, audit="SA"), date(2026, 7, 1), State.EXPIRED_RESTORABLE, False),
    ):
        verdict = judge(replace(CERTIFIED, nonconformities=(nonconformity,)), day)
        assert verdict.state.value is state, day
        said = [
            each for each in verdict.state.why if "NC-1 of the recertification audit RA was not verified" in each.says
        ]
        assert bool(said) is told, day
        assert all(each.clause == clauses.NOT_RENEWED for each in said)
