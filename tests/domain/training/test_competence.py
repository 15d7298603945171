"""Who meets what is asked of an auditor, day by day, and what is said where somebody does not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.domain.programme.team import TeamRole
from app.domain.training.competence import (
    Abilities,
    Auditing,
    EvidenceKind,
    Requirement,
    Shown,
    competent,
    gap_between,
    refuse_requirement,
    team_gaps,
)
from app.domain.training.status import Passed

d = date.fromisoformat
COURSE = Requirement("Auditor", team_role=TeamRole.AUDITOR, courses=((1, "TR-001 Internal auditing"),), id=7)
UNTIL_FEBRUARY = Abilities({1: [Passed(d("2026-03-01"), d("2027-02-28"))]}, {})


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "gap_on"),
    [
        ("2027-02-28", "2027-02-28", None),  # valid through that day
        ("2027-03-01", "2027-03-01", "2027-03-01"),
        ("2027-02-27", "2027-03-02", "2027-03-01"),  # runs out during the audit
        ("2026-02-28", "2026-02-28", "2026-02-28"),  # not passed yet
        ("2026-03-01", "2026-03-02", None),
    ],
)
def test_an_auditor_by_the_days_of_the_audit(starts_on: str, ends_on: str, gap_on: str | None) -> None:
    gap = gap_between(COURSE, UNTIL_FEBRUARY, d(starts_on), d(ends_on))
    assert (gap.value if gap else None) == (d(gap_on) if gap_on else None)


def test_renewing_lifts_it_and_the_reason_names_who_what_and_when() -> None:
    team = [Auditing(3, "Aud", TeamRole.AUDITOR, UNTIL_FEBRUARY)]
    (reason,) = team_gaps(team, [COURSE], ["ISO/IEC 27001:2022"], d("2027-03-01"), d("2027-03-01"))
    assert reason.says == (
        "Aud does not meet Auditor on 1 Mar 2027: TR-001 Internal auditing: valid through 28 Feb 2027 only."
    )
    renewed = Abilities({1: [*UNTIL_FEBRUARY.passed[1], Passed(d("2027-02-01"), d("2028-02-01"))]}, {})
    assert gap_between(COURSE, renewed, d("2027-02-27"), d("2027-03-02")) is None


def test_a_standard_counts_in_whatever_edition_and_a_place_for_itself_alone() -> None:
    lead = Requirement("Lead of 27001", None, TeamRole.LEAD, "ISO/IEC 27001", witnessed=1, id=8)
    nobody = Abilities({}, {})

    def gaps(role: TeamRole, *standards: str) -> int:
        return len(team_gaps([Auditing(3, "Aud", role, nobody)], [lead], standards, d("2027-03-01"), d("2027-03-01")))

    assert gaps(TeamRole.LEAD, "ISO/IEC 27001:2022") == 1
    assert gaps(TeamRole.LEAD, "ISO 9001:2015") == 0
    assert gaps(TeamRole.AUDITOR, "ISO/IEC 27001:2022") == 0
    assert gaps(TeamRole.OBSERVER, "ISO/IEC 27001:2022") == 0


def test_audits_witnessed_and_evidence_run_out_by_their_own_days() -> None:
    asked = Requirement("Lead", None, TeamRole.LEAD, witnessed=2, evidence="Certificate of an examiner", id=8)
    has = Abilities(
        {},
        {
            8: [
                Shown(EvidenceKind.WITNESSED, d("2026-01-01"), d("2027-01-31")),
                Shown(EvidenceKind.WITNESSED, d("2026-02-01"), None),
                Shown(EvidenceKind.WITNESSED, d("2026-03-01"), d("2027-06-30")),
                Shown(EvidenceKind.DOCUMENT, d("2026-01-01"), d("2028-12-31")),
            ]
        },
    )
    assert competent(asked, has, d("2026-03-01")).value.valid_until == d("2027-06-30")
    assert competent(asked, has, d("2027-06-30")).value.is_met
    assert [each.says for each in competent(asked, has, d("2027-07-01")).why] == ["1 of 2 audits witnessed."]
    assert len(competent(asked, has, d("2025-12-31")).why) == 2


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=6)


@given(SPANS, st.integers(0, 60), st.integers(0, 30))
def test_the_first_gap_is_the_first_day_without(spans: list[tuple[int, int]], start: int, length: int) -> None:
    zero = d("2027-02-01")
    passed = [Passed(zero + timedelta(first), zero + timedelta(first + more)) for first, more in spans]
    has = Abilities({1: passed}, {})
    days = [zero + timedelta(start + each) for each in range(length + 1)]
    without = [day for day in days if not any(each.on <= day <= (each.valid_until or day) for each in passed)]
    gap = gap_between(COURSE, has, days[0], days[-1])
    assert (gap.value if gap else None) == (without[0] if without else None)


@pytest.mark.parametrize(
    ("requirement", "field"),
    [
        (Requirement(" ", role=Role.STAFF, witnessed=1), "name"),
        (Requirement("A", witnessed=1), "subject"),
        (Requirement("A", role=Role.STAFF, team_role=TeamRole.LEAD, witnessed=1), "subject"),
        (Requirement("A", team_role=TeamRole.OBSERVER, witnessed=1), "subject"),
        (Requirement("A", role=Role.STAFF, standard="ISO 9001", witnessed=1), "standard"),
        (Requirement("A", role=Role.STAFF, witnessed=-1), "audits_witnessed"),
        (Requirement("A", role=Role.STAFF), "courses"),
    ],
)
def test_a_requirement_that_asks_nothing_of_nobody_is_refused(requirement: Requirement, field: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        refuse_requirement(requirement)
    assert refusal.value.field == field
