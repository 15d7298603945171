"""By when a nonconformity is answered and acted on: the organisation's days, the body's, the rules', and more time."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import clauses
from app.domain.certification.nonconformity import Endangered
from app.domain.certification.verdict import Rule
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.findings.case import CaseNow, corrective_clause
from app.domain.findings.corrective_action import DueKind, Stage
from app.domain.findings.deadlines import (
    Extension,
    GradeDays,
    Limits,
    ask_extension,
    decide_extension,
    due_days,
    limits_of,
    why_due,
)
from app.domain.findings.grading import FindingGrade

OWNER, LEAD = 1, 2
TODAY = date(2026, 3, 9)
DAYS = GradeDays(30, 60)
NOW = CaseNow(
    reference="NC-2026-014",
    grade=FindingGrade.MAJOR,
    clause=corrective_clause("ISO 9001:2015"),
    stage=Stage.ROOT_CAUSE,
    raised_on=date(2026, 3, 2),
    answer_due_on=date(2026, 4, 1),
    action_due_on=date(2026, 5, 1),
    owner=OWNER,
)
SIX_MONTHS = Endangered(
    Rule.STAGE_2_MAJORS, date(2026, 4, 20), None, (Reason("Six months after the stage 2.", clauses.STAGE_2_MAJORS),)
)
DECISION = Endangered(
    Rule.DECISION_PRECONDITIONS, None, None, (Reason("No decision before.", clauses.BEFORE_DECISION),)
)


@pytest.mark.parametrize(
    ("response", "endangered", "answer", "action", "says"),
    [
        (None, (), date(2026, 4, 1), date(2026, 5, 1), "a choice of the organisation, in its settings"),
        (date(2026, 3, 20), (), date(2026, 3, 20), date(2026, 5, 1), "wants its answer by 20 Mar 2026"),
        (date(2026, 6, 1), (DECISION,), date(2026, 4, 1), date(2026, 5, 1), "a choice of the organisation"),
        (None, (DECISION, SIX_MONTHS), date(2026, 4, 1), date(2026, 4, 20), "a choice of the organisation"),
        (
            date(2026, 6, 1),
            (replace(SIX_MONTHS, closes_on=date(2026, 3, 25)),),
            date(2026, 3, 25),
            date(2026, 3, 25),
            "Six months after the stage 2.",
        ),
    ],
)
def test_whichever_is_earlier_counts_and_says_why(
    response: date | None, endangered: tuple[Endangered, ...], answer: date, action: date, says: str
) -> None:
    found = due_days(FindingGrade.MAJOR, NOW.raised_on, DAYS, limits_of(response, endangered))
    assert (found.answer.value, found.action.value) == (answer, action)
    assert says in " ".join(str(each) for each in found.answer.why)


def test_the_rule_that_ends_sooner_is_named_with_its_clause() -> None:
    found = due_days(FindingGrade.MAJOR, NOW.raised_on, DAYS, limits_of(None, (SIX_MONTHS,)))
    assert found.action.why[0].clause == clauses.STAGE_2_MAJORS
    assert "would have ended later, on 1 May 2026" in found.action.why[1].says


@given(st.integers(1, 400), st.integers(1, 400), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_no_deadline_lies_beyond_what_the_body_or_a_rule_allows(answer: int, action: int, last: date) -> None:
    limits = limits_of(None, (replace(SIX_MONTHS, closes_on=last),))
    found = due_days(FindingGrade.MINOR, NOW.raised_on, GradeDays(answer, action), limits)
    assert max(found.answer.value, found.action.value) <= last


def test_every_putting_off_stays_with_the_deadline() -> None:
    put_off = [Extension(DueKind.ANSWER, date(2026, 4, 1), date(2026, 4, 15), "Holidays.", "Quentin Marsh")]
    told = why_due(FindingGrade.MAJOR, NOW.raised_on, DueKind.ANSWER, date(2026, 4, 15), Limits(), put_off)
    assert "within 30 days of 2 Mar 2026" in told.why[0].says
    assert told.why[1].says == "Put off from 1 Apr 2026 to 15 Apr 2026, approved by Quentin Marsh: Holidays."


LIMIT = Explained(date(2026, 4, 20), (Reason("The last valid day.", clauses.RECERTIFICATION_MAJORS),))


@pytest.mark.parametrize(
    ("now", "by", "to_on", "reason", "limits", "asked", "words"),
    [
        (NOW, LEAD, date(2026, 4, 10), "x", Limits(), False, "Only who answers"),
        (NOW, OWNER, date(2026, 4, 1), "x", Limits(), False, "give a later day"),
        (NOW, OWNER, date(2026, 4, 10), " ", Limits(), False, "Say why more time"),
        (NOW, OWNER, date(2026, 4, 10), "x", Limits(), True, "nobody has decided"),
        (NOW, OWNER, date(2026, 5, 2), "x", Limits(), False, "cannot be due later than they are"),
        (NOW, OWNER, date(2026, 4, 21), "x", Limits(LIMIT, LIMIT), False, "beyond 20 Apr 2026.*The last valid day"),
        (replace(NOW, stage=Stage.CLOSED), OWNER, date(2026, 4, 10), "x", Limits(), False, "is closed"),
        (replace(NOW, answered_on=TODAY), OWNER, date(2026, 4, 10), "x", Limits(), False, "The answer is given"),
    ],
)
def test_more_time_is_asked_for_by_the_owner_with_a_reason_within_what_can_be_put_off(
    now: CaseNow, by: int, to_on: date, reason: str, limits: Limits, asked: bool, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        ask_extension(now, DueKind.ANSWER, to_on, reason, by, TODAY, limits=limits, is_asked=asked)


def test_another_person_grants_it_with_a_note() -> None:
    ask_extension(NOW, DueKind.ANSWER, date(2026, 4, 10), "Holidays.", OWNER, TODAY, limits=Limits(), is_asked=False)

    def decide(by: int, note: str, from_on: date = NOW.answer_due_on, limits: Limits | None = None) -> CaseNow:
        return decide_extension(
            NOW, DueKind.ANSWER, from_on, date(2026, 4, 25), OWNER, by, note, approve=True, limits=limits or Limits()
        )

    assert decide(LEAD, "Fair.").answer_due_on == date(2026, 4, 25)
    for by, note, from_on, limits, words in (
        (OWNER, "Fair.", NOW.answer_due_on, None, "Nobody grants more time to themselves"),
        (LEAD, " ", NOW.answer_due_on, None, "the note stays"),
        (LEAD, "Fair.", date(2026, 3, 30), None, "was moved to 1 Apr 2026"),
        (LEAD, "Fair.", NOW.answer_due_on, Limits(LIMIT, LIMIT), "beyond 20 Apr 2026"),
    ):
        with pytest.raises(RefusedError, match=words):
            decide(by, note, from_on, limits)
