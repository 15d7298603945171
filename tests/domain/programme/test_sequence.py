"""Which audits wait for an earlier one, which limits an audit meets, and what should come before it."""

from datetime import date

import pytest

from app.domain.certification.facts import (
    AuditFact,
    AuditKind,
    AuditStatus,
    DecisionFact,
    DecisionKind,
    Facts,
    Outcome,
)
from app.domain.certification.verdict import Rule
from app.domain.programme.sequence import held_back, topics
from app.domain.programme.slack import limits_met

K, S = AuditKind, AuditStatus


def fact(id_, kind, on, status=S.COMPLETED, outcome=None):
    return AuditFact(id_, kind, on, status=status, outcome=outcome)


def why(facts, audit):
    return [reason.says for reason in held_back(facts, audit)]


STAGE_2 = fact("S2", K.STAGE_2, date(2026, 9, 1), S.PLANNED)


@pytest.mark.parametrize(
    ("stage_1", "says"),
    [
        (fact("S1", K.STAGE_1, date(2026, 7, 1), S.PLANNED), "S1 comes first: it is planned for 1 Jul 2026"),
        (fact("S1", K.STAGE_1, date(2026, 7, 1)), "whether it was ready is not recorded"),
        (fact("S1", K.STAGE_1, date(2026, 7, 1), outcome=Outcome.NOT_READY), "was not ready"),
    ],
)
def test_stage_2_waits_for_a_stage_1_that_was_ready(stage_1, says):
    assert says in why(Facts(audits=(stage_1, STAGE_2)), "S2")[0]


def test_a_ready_stage_1_frees_stage_2_and_the_latest_one_counts():
    refused = fact("S1a", K.STAGE_1, date(2026, 6, 1), outcome=Outcome.NOT_READY)
    ready = fact("S1b", K.STAGE_1, date(2026, 7, 1), outcome=Outcome.READY)
    assert why(Facts(audits=(refused, ready, STAGE_2)), "S2") == []


def test_a_cancelled_stage_1_holds_nothing_back():
    assert why(Facts(audits=(fact("S1", K.STAGE_1, date(2026, 7, 1), S.CANCELLED), STAGE_2)), "S2") == []


@pytest.mark.parametrize("kind", [K.SURVEILLANCE, K.RECERTIFICATION, K.SPECIAL])
def test_what_follows_stage_2_waits_until_it_was_recommended(kind):
    later = fact("X", kind, date(2027, 8, 1), S.PLANNED)
    failed = fact("S2", K.STAGE_2, date(2026, 9, 1), outcome=Outcome.NOT_RECOMMENDED)
    passed = fact("S2", K.STAGE_2, date(2026, 9, 1), outcome=Outcome.RECOMMENDED)
    assert "S2 of 1 Sep 2026 was not recommended" in why(Facts(audits=(failed, later)), "X")[0]
    assert why(Facts(audits=(STAGE_2, later)), "X")
    assert why(Facts(audits=(passed, later)), "X") == []


def test_the_decision_of_the_body_ends_the_waiting():
    later = fact("X", K.SURVEILLANCE, date(2027, 8, 1), S.PLANNED)
    silent = fact("S2", K.STAGE_2, date(2026, 9, 1))
    granted = DecisionFact(DecisionKind.GRANTED, date(2026, 9, 20))
    assert why(Facts(audits=(silent, later), decisions=(granted,)), "X") == []


def test_a_certificate_taken_over_without_stages_holds_nothing_back():
    assert why(Facts(audits=(fact("X", K.SURVEILLANCE, date(2027, 8, 1), S.PLANNED),)), "X") == []


def test_internal_audits_and_held_ones_never_wait():
    failed = fact("S2", K.STAGE_2, date(2026, 9, 1), outcome=Outcome.NOT_RECOMMENDED)
    internal = fact("I", K.INTERNAL, date(2026, 10, 1), S.PLANNED)
    held = fact("H", K.SURVEILLANCE, date(2026, 10, 1))
    facts = Facts(audits=(failed, internal, held))
    assert why(facts, "I") == why(facts, "H") == []


def test_every_surveillance_has_its_topics_with_their_clause():
    said, because = topics(K.SURVEILLANCE)
    assert len(said) == 8
    assert "9.6.2.2" in str(because[0])
    assert topics(K.INTERNAL) == ((), ())


class TestLimitsMet:
    """The limits of one audit, with the days between, as judged once it is held."""

    facts = Facts(
        decisions=(DecisionFact(DecisionKind.GRANTED, date(2024, 3, 15)),),
        audits=(
            fact("a1", K.SURVEILLANCE, date(2025, 2, 20)),
            fact("a2", K.SURVEILLANCE, date(2026, 3, 2), S.PLANNED),
            fact("a3", K.RECERTIFICATION, date(2026, 12, 14), S.PLANNED),
        ),
    )

    def met(self, audit):
        return {(each.rule, each.year): each.slack for each in limits_met(self.facts, audit)}

    def test_a_first_surveillance_meets_two_limits(self):
        assert self.met("a1") == {(Rule.FIRST_SURVEILLANCE, None): 23, (Rule.CALENDAR_YEAR, 2025): 314}

    def test_a_planned_one_meets_what_it_would_meet(self):
        assert self.met("a2") == {(Rule.SECOND_SURVEILLANCE, None): 13, (Rule.CALENDAR_YEAR, 2026): 304}

    def test_a_recertification_shows_the_days_left_for_the_decision(self):
        assert self.met("a3")[Rule.RECERTIFICATION, None] == 90

    def test_a_late_one_shows_how_late(self):
        late = Facts(decisions=self.facts.decisions, audits=(fact("a1", K.SURVEILLANCE, date(2025, 3, 20), S.PLANNED),))
        first = next(each for each in limits_met(late, "a1") if each.rule is Rule.FIRST_SURVEILLANCE)
        assert first.slack == -5
        assert first.why

    def test_an_internal_or_unknown_audit_meets_none(self):
        assert limits_met(self.facts, "nothing") == ()
