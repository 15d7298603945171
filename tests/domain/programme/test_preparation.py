"""An internal audit and a management review before an audit of the certification body: dated cases of rule B5."""

from datetime import date

import pytest

from app.domain.certification.facts import AuditFact, AuditKind, AuditStatus, Facts
from app.domain.programme.preparation import Ready, Review, next_external, preparations

K, S = AuditKind, AuditStatus
LAST, NEXT = date(2026, 3, 2), date(2027, 3, 2)
TODAY = date(2026, 11, 26)


def fact(name, kind, on, status=S.COMPLETED):
    return AuditFact(name, kind, on, status=status)


HELD, AHEAD = fact("SA-1", K.SURVEILLANCE, LAST), fact("SA-2", K.SURVEILLANCE, NEXT, S.PLANNED)


def before(*audits, reviews=(), audit="SA-2", today=TODAY, standard="ISO/IEC 27001:2022"):
    found = preparations(Facts(standard=standard, audits=(HELD, AHEAD, *audits)), reviews, audit, today)
    return {each.noun: each for each in found}


def test_where_nothing_lies_between_two_external_audits_both_are_missing_with_the_clause():
    found = before()
    internal, review = found["internal audit"], found["management review"]
    assert (internal.ready, review.ready) == (Ready.MISSING, Ready.MISSING)
    says = "is held or planned since SA-1 of 2 Mar 2026 before SA-2, which begins on 2 Mar 2027."
    assert internal.why[0].says == f"No internal audit {says}"
    assert review.why[0].says == f"No management review {says}"
    assert str(internal.why[0].clause) == "ISO/IEC 17021-1:2015, 9.6.2.2"


@pytest.mark.parametrize(
    ("on", "ready"),
    [
        (date(2026, 3, 2), Ready.MISSING),  # the last day of the external audit before is not since it
        (date(2026, 3, 3), Ready.HELD),
        (TODAY, Ready.HELD),
    ],
)
def test_what_was_held_since_the_external_audit_before_is_enough(on, ready):
    found = before(fact("IA-1", K.INTERNAL, on), reviews=[Review("MR-1", on, held=True)])
    assert {each.ready for each in found.values()} == {ready}


@pytest.mark.parametrize(
    ("on", "ready"),
    [(TODAY, Ready.PLANNED), (date(2027, 3, 1), Ready.PLANNED), (NEXT, Ready.MISSING)],
)
def test_what_is_planned_before_it_is_planned_and_not_yet_held(on, ready):
    found = before(fact("IA-1", K.INTERNAL, on, S.PLANNED), reviews=[Review("MR-1", on, held=False)])
    assert {each.ready for each in found.values()} == {ready}
    if ready is Ready.PLANNED:
        assert "not yet held; SA-2 begins on 2 Mar 2027." in found["management review"].why[0].says


def test_what_was_planned_and_never_reported_is_missing_and_named():
    found = before(fact("IA-1", K.INTERNAL, date(2026, 11, 25), S.PLANNED))["internal audit"]
    assert found.ready is Ready.MISSING
    assert found.why[1].says == "IA-1 was planned for 25 Nov 2026: nothing says that it was held."


def test_a_plan_presses_only_when_the_audit_is_at_the_door_and_a_gap_always():
    planned = fact("IA-1", K.INTERNAL, date(2027, 2, 26), S.PLANNED)
    assert not before(planned)["internal audit"].is_pressing(date(2027, 1, 30))
    assert before(planned)["internal audit"].is_pressing(date(2027, 1, 31))
    assert before()["internal audit"].is_pressing(TODAY)
    assert not before(fact("IA-1", K.INTERNAL, TODAY))["internal audit"].is_pressing(NEXT)


def test_once_the_audit_has_begun_a_plan_counts_no_longer():
    planned = fact("IA-1", K.INTERNAL, date(2027, 2, 26), S.PLANNED)
    found = before(planned, today=NEXT)["internal audit"]
    assert found.ready is Ready.MISSING
    assert found.why[0].says == "No internal audit was held since SA-1 of 2 Mar 2026 before SA-2 of 2 Mar 2027."


def test_a_review_of_another_standard_does_not_count_and_an_edition_does_not_matter():
    def ready(*standards):
        return before(reviews=[Review("MR-1", TODAY, True, standards)])["management review"].ready

    assert ready("ISO 9001:2015") is Ready.MISSING
    assert ready("ISO 9001:2015", "ISO/IEC 27001:2013") is Ready.HELD


def test_before_a_stage_2_one_of_each_at_any_time_is_enough():
    stage_2 = fact("S2", K.STAGE_2, date(2027, 1, 10), S.PLANNED)
    long_ago = fact("IA-1", K.INTERNAL, date(2026, 1, 10))
    found = before(stage_2, long_ago, audit="S2")
    assert found["internal audit"].ready is Ready.HELD
    assert str(found["management review"].why[0].clause) == "ISO/IEC 17021-1:2015, 9.3.1.2.3"


@pytest.mark.parametrize("kind", [K.STAGE_1, K.SPECIAL, K.TRANSITION, K.INTERNAL])
def test_nothing_is_asked_before_other_audits_or_cancelled_ones(kind):
    assert before(fact("X", kind, date(2027, 1, 10), S.PLANNED), audit="X") == {}
    assert before(fact("X", K.SURVEILLANCE, date(2027, 1, 10), S.CANCELLED), audit="X") == {}


def test_the_next_external_audit_is_the_first_that_lies_ahead():
    assert next_external(Facts(audits=(HELD, AHEAD)), TODAY) == "SA-2"
    assert next_external(Facts(audits=(HELD,)), TODAY) is None
