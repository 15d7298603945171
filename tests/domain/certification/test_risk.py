"""Whether a certificate is safe: dated tables, each row with the sentence that names what endangers it."""

from datetime import date

import pytest

from app.domain.certification.cycle import judge
from app.domain.certification.digest import News, digest
from app.domain.certification.facts import Facts
from app.domain.certification.risk import Risk, next_risk_change_on, risk_of
from tests.domain.certification.making import (
    ISMS_2013,
    audit,
    change,
    day,
    decision,
    facts,
    granted,
    major,
    planned,
    stages,
)

D = "2024-03-15"
CERTIFIED = (*stages(D), granted(D))
S1 = audit("surveillance", "2025-02-20", "S1")
S2 = audit("surveillance", "2026-02-20", "S2")
SUSPENDED_TWICE = (
    *CERTIFIED,
    S1,
    decision("suspended", "2025-03-01"),
    decision("suspension-lifted", "2025-05-01"),
    decision("suspended", "2025-10-01"),
)


def said(of: Facts, on: str) -> tuple[Risk, str]:
    risk = risk_of(judge(of, day(on)))
    return risk.value, risk.why[0].says


@pytest.mark.parametrize(
    ("on", "risk", "says"),
    [
        ("2024-09-15", Risk.SAFE, "Surveillance is next, from 16 Mar 2024 to 15 Mar 2025."),
        ("2024-09-16", Risk.ATTENTION, "First surveillance is due by 15 Mar 2025, and nothing is planned yet"),
        ("2024-12-14", Risk.ATTENTION, "First surveillance is due by 15 Mar 2025, and nothing is planned yet"),
        ("2024-12-15", Risk.AT_RISK, "First surveillance is due by 15 Mar 2025, and nothing is planned that"),
        ("2025-03-15", Risk.AT_RISK, "First surveillance is due by 15 Mar 2025, and nothing is planned that"),
        ("2025-03-16", Risk.BROKEN, "First surveillance was due by 15 Mar 2025 and is overdue."),
        ("2027-03-15", Risk.BROKEN, "The last valid day was 14 Mar 2027; no renewal was decided by then."),
        ("2027-09-15", Risk.ENDED, "The last valid day was 14 Mar 2027; no renewal was decided by then."),
    ],
)
def test_a_certificate_for_which_nothing_is_planned(on: str, risk: Risk, says: str) -> None:
    value, sentence = said(facts(*CERTIFIED), on)
    assert (value, sentence[: len(says)]) == (risk, says)


@pytest.mark.parametrize(
    ("ends_on", "risk", "says"),
    [
        ("2025-03-01", Risk.SAFE, "Surveillance is next, from 16 Mar 2024 to 15 Mar 2025."),
        (
            "2025-03-02",
            Risk.ATTENTION,
            "First surveillance is due by 15 Mar 2025, and planned for 2 Mar 2025, with little room to move it.",
        ),
        (
            "2025-03-15",
            Risk.ATTENTION,
            "First surveillance is due by 15 Mar 2025, and planned for 15 Mar 2025, with little room to move it.",
        ),
        (
            "2025-03-16",
            Risk.AT_RISK,
            "First surveillance is due by 15 Mar 2025, and nothing is planned that would meet it.",
        ),
    ],
)
def test_a_planned_audit_with_little_slack_deserves_attention(ends_on: str, risk: Risk, says: str) -> None:
    assert said(facts(*CERTIFIED, planned("surveillance", ends_on)), "2025-01-10") == (risk, says)


def test_of_two_tight_plans_the_tighter_one_is_named() -> None:
    of = facts(*CERTIFIED, planned("surveillance", "2025-03-05"), planned("surveillance", "2026-03-12"))
    assert said(of, "2024-06-01")[1].startswith("Second surveillance is due by 15 Mar 2026, and planned for 12 Mar")


@pytest.mark.parametrize(
    ("on", "risk", "says"),
    [
        ("2025-04-01", Risk.AT_RISK, "It is suspended; this must be resolved by 1 Sep 2025."),
        ("2025-11-01", Risk.AT_RISK, "It is suspended; this must be resolved by 1 Apr 2026."),
        ("2026-04-01", Risk.AT_RISK, "It is suspended; this must be resolved by 1 Apr 2026."),
        ("2026-04-02", Risk.BROKEN, "End of the suspension was due by 1 Apr 2026 and is overdue."),
    ],
)
def test_a_suspended_certificate_names_the_limit_of_the_open_suspension(on: str, risk: Risk, says: str) -> None:
    assert said(facts(*SUSPENDED_TWICE, S2), on) == (risk, says)


@pytest.mark.parametrize(
    ("parts", "on", "says"),
    [
        (
            (S1, decision("suspended", "2025-03-01"), decision("suspension-lifted", "2025-09-10")),
            "2025-09-15",
            "The rule on end of the suspension was broken in this cycle, since 2 Sep 2025.",
        ),
        (
            (audit("surveillance", "2025-03-20"),),
            "2025-04-01",
            "The rule on first surveillance was broken in this cycle, since 16 Mar 2025.",
        ),
        (
            (major("stage 2", "2024-09-01"), S1),
            "2025-03-01",
            "The rule on conditions before a decision was broken in this cycle, since 15 Mar 2024.",
        ),
    ],
)
def test_what_was_settled_late_is_no_longer_overdue(parts: tuple[object, ...], on: str, says: str) -> None:
    of = facts(*CERTIFIED, *parts)
    assert said(of, on) == (Risk.ATTENTION, says)
    assert not any(item.news is News.OVERDUE for item in digest({"C-27001-1": judge(of, day(on))}, {}).items)


def test_a_transition_decided_late_without_an_audit_is_no_longer_overdue() -> None:
    moved = decision("transitioned", "2025-11-20", to="ISO/IEC 27001:2022")
    of = facts(
        *stages("2023-09-20"),
        granted("2023-09-20"),
        audit("surveillance", "2024-06-10"),
        audit("surveillance", "2025-06-10"),
        moved,
        standard="ISO/IEC 27001:2013",
        editions=(ISMS_2013,),
    )
    assert said(of, "2025-12-01")[0] is Risk.ATTENTION


@pytest.mark.parametrize(
    ("parts", "on", "risk", "says"),
    [
        ((), "2024-01-01", Risk.SAFE, "Stage 1 is next."),
        (stages(D), "2024-03-01", Risk.SAFE, "Surveillance is next."),
        (
            (*stages(D), change("2024-02-01")),
            "2024-03-01",
            Risk.ATTENTION,
            "Warning on repeat of stage 1 since 1 Feb 2024.",
        ),
        ((*CERTIFIED, decision("withdrawn", "2025-01-10")), "2025-01-10", Risk.ENDED, "Withdrawn by the decision of"),
        (
            (*CERTIFIED, S1, S2),
            "2026-03-20",
            Risk.SAFE,
            "Recertification is next, from 15 Mar 2026 to 14 Mar 2027.",
        ),
    ],
)
def test_other_standings(parts: tuple[object, ...], on: str, risk: Risk, says: str) -> None:
    value, sentence = said(facts(*parts), on)
    assert (value, sentence[: len(says)]) == (risk, says)


@pytest.mark.parametrize("parts", [CERTIFIED, (*CERTIFIED, planned("surveillance", "2025-03-10")), SUSPENDED_TWICE])
def test_the_risk_stays_until_the_day_it_says(parts: tuple[object, ...]) -> None:
    of = facts(*parts)
    on, end = day("2024-03-15"), day("2027-10-01")
    while on < end:
        now = judge(of, on)
        until = next_risk_change_on(now) or end
        last = date.fromordinal(min(until, end).toordinal() - 1)
        assert risk_of(judge(of, last)).why[0].says == risk_of(now).why[0].says
        on = until
