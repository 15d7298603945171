"""Which step of an audit may follow which, and the words in which a step is refused."""

import itertools
from datetime import date

import pytest

from app.domain.certification.facts import AuditKind, Outcome
from app.domain.explained import RefusedError
from app.domain.programme.mode import AuditMode, check_mode
from app.domain.programme.progress import (
    ORDER,
    AuditNow,
    AuditProgress,
    conclude,
    may_follow,
    step,
    what_to_do,
)

P = AuditProgress
BEFORE, FIRST, BETWEEN, LAST = date(2027, 3, 1), date(2027, 3, 8), date(2027, 3, 9), date(2027, 3, 10)


def audit(progress: AuditProgress, kind: AuditKind = AuditKind.SURVEILLANCE, *outcomes: Outcome | None) -> AuditNow:
    return AuditNow("SA-2027-01", kind, progress, FIRST, LAST, outcomes)


def refusal(*arguments: object, **named: object) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        step(*arguments, **named)  # type: ignore[arg-type]
    return caught.value


def test_the_course_of_an_external_audit_from_planned_to_closed():
    days = {P.CONFIRMED: BEFORE, P.IN_PROGRESS: FIRST, P.REPORT_DRAFTED: LAST, P.CLOSED: LAST}
    for now, to in itertools.pairwise(ORDER):
        step(audit(now, AuditKind.SURVEILLANCE, Outcome.RECOMMENDED), to, days[to])


def test_what_may_follow():
    assert may_follow(P.PLANNED) == (P.CONFIRMED, P.IN_PROGRESS, P.REPORT_DRAFTED, P.CLOSED, P.CANCELLED)
    assert may_follow(P.IN_PROGRESS) == (P.REPORT_DRAFTED, P.CLOSED, P.CONFIRMED, P.CANCELLED)
    assert may_follow(P.CLOSED) == (P.REPORT_DRAFTED,)
    assert may_follow(P.CANCELLED) == (P.PLANNED,)


def test_a_later_step_may_be_taken_at_once_where_its_conditions_hold():
    step(audit(P.PLANNED, AuditKind.SURVEILLANCE, Outcome.RECOMMENDED), P.CLOSED, LAST)


@pytest.mark.parametrize(
    ("now", "to", "on", "says", "field"),
    [
        (P.PLANNED, P.PLANNED, BEFORE, "SA-2027-01 is planned already.", "to"),
        (P.PLANNED, P.IN_PROGRESS, BEFORE, "begins on 8 Mar 2027; it cannot be in progress before", "to"),
        (P.IN_PROGRESS, P.REPORT_DRAFTED, BETWEEN, "ends on 10 Mar 2027; it cannot be reported on before", "to"),
        (P.REPORT_DRAFTED, P.CLOSED, BETWEEN, "it cannot be closed before it has ended", "to"),
        (P.REPORT_DRAFTED, P.CLOSED, LAST, "without the conclusion of the audit team", "outcome"),
        (P.PLANNED, P.CANCELLED, BEFORE, "Say why SA-2027-01 is cancelled", "reason"),
        (P.CANCELLED, P.PLANNED, BEFORE, "Say why SA-2027-01 is reopened", "reason"),
        (P.CLOSED, P.REPORT_DRAFTED, LAST, "Say why SA-2027-01 is reopened", "reason"),
        (P.CANCELLED, P.CONFIRMED, BEFORE, "Reopen it as planned first", "to"),
        (P.CLOSED, P.CANCELLED, LAST, "What was held cannot be cancelled", "to"),
        (P.CLOSED, P.PLANNED, LAST, "one step at a time: to report drafted first", "to"),
    ],
)
def test_a_step_is_refused_in_words_at_its_field(now, to, on, says, field):
    refused = refusal(audit(now, AuditKind.SURVEILLANCE, None), to, on)
    assert says in str(refused)
    assert refused.field == field


def test_an_internal_audit_closes_without_a_conclusion():
    step(audit(P.REPORT_DRAFTED, AuditKind.INTERNAL, None), P.CLOSED, LAST)


def test_an_integrated_audit_closes_only_with_every_conclusion():
    both = (Outcome.RECOMMENDED, None)
    assert "9.4.8.3" in str(refusal(audit(P.REPORT_DRAFTED, AuditKind.SURVEILLANCE, *both), P.CLOSED, LAST))


def test_with_a_reason_what_was_closed_and_cancelled_opens_again():
    step(audit(P.CLOSED), P.REPORT_DRAFTED, LAST, "The letter says otherwise")
    step(audit(P.CANCELLED), P.PLANNED, BEFORE, "The body found a day")


@pytest.mark.parametrize(
    ("progress", "kind", "outcome", "on", "says"),
    [
        (P.IN_PROGRESS, AuditKind.STAGE_1, Outcome.READY, FIRST, "has no conclusion before"),
        (P.CANCELLED, AuditKind.STAGE_1, Outcome.READY, LAST, "is cancelled and has no conclusion"),
        (P.CLOSED, AuditKind.STAGE_1, Outcome.RECOMMENDED, LAST, "A stage 1 is ready or not ready"),
        (P.CLOSED, AuditKind.STAGE_2, Outcome.READY, LAST, "A stage 1 is ready or not ready"),
        (P.CLOSED, AuditKind.STAGE_2, None, LAST, "reopen it to take its conclusion back"),
    ],
)
def test_a_conclusion_is_refused_in_words(progress, kind, outcome, on, says):
    with pytest.raises(RefusedError, match=says):
        conclude(audit(progress, kind), kind, outcome, on)


def test_a_conclusion_of_the_right_kind_is_taken():
    conclude(audit(P.REPORT_DRAFTED, AuditKind.STAGE_1), AuditKind.STAGE_1, Outcome.NOT_READY, LAST)
    conclude(audit(P.CLOSED, AuditKind.STAGE_2), AuditKind.STAGE_2, Outcome.RECOMMENDED, LAST)
    conclude(audit(P.REPORT_DRAFTED, AuditKind.STAGE_2), AuditKind.STAGE_2, None, LAST)


def test_each_progress_has_something_to_do_in_words():
    says = {each: what_to_do(each, AuditKind.INTERNAL, FIRST, LAST, BEFORE) for each in P}
    assert says[P.PLANNED] == "Keep 8 Mar 2027 free: it is planned and not confirmed yet."
    assert says[P.CONFIRMED] == "Prepare for 8 Mar 2027."
    assert what_to_do(P.CONFIRMED, AuditKind.INTERNAL, FIRST, LAST, BETWEEN) == "It is on: set it in progress."
    assert "It ended on 10 Mar 2027" in what_to_do(P.CONFIRMED, AuditKind.INTERNAL, FIRST, LAST, date(2027, 4, 1))
    assert "Wait for the conclusion" in what_to_do(P.REPORT_DRAFTED, AuditKind.SURVEILLANCE, FIRST, LAST, LAST)


class TestMode:
    """A remote part is agreed by both sides, and its extent is recorded. [IAF MD 4:2025]"""

    def test_on_site_has_no_share(self):
        assert check_mode(AuditMode.ON_SITE, "", None) is None

    def test_remote_is_remote_altogether(self):
        assert check_mode(AuditMode.REMOTE, "Video call, nothing recorded", None) == 100

    def test_a_hybrid_audit_keeps_its_share(self):
        assert check_mode(AuditMode.HYBRID, "Video call, nothing recorded", 30) == 30

    @pytest.mark.parametrize(
        ("mode", "agreement", "percent", "field"),
        [
            (AuditMode.REMOTE, "  ", 100, "remote_agreement"),
            (AuditMode.HYBRID, "", 30, "remote_agreement"),
            (AuditMode.HYBRID, "agreed", None, "remote_percent"),
            (AuditMode.HYBRID, "agreed", 0, "remote_percent"),
            (AuditMode.HYBRID, "agreed", 100, "remote_percent"),
            (AuditMode.REMOTE, "agreed", 40, "remote_percent"),
            (AuditMode.ON_SITE, "", 40, "remote_percent"),
        ],
    )
    def test_what_is_missing_is_refused_at_its_field(self, mode, agreement, percent, field):
        with pytest.raises(RefusedError) as caught:
            check_mode(mode, agreement, percent)
        assert caught.value.field == field
