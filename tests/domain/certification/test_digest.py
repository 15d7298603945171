"""A digest tells what is new, once, in the words of the verdict."""

from datetime import date, timedelta
from typing import Any

from app.domain.certification.cycle import judge
from app.domain.certification.digest import Digest, News, digest
from app.domain.certification.facts import (
    AuditFact,
    AuditKind,
    AuditStatus,
    DecisionFact,
    DecisionKind,
    Facts,
)

GRANTED = Facts(
    standard="ISO/IEC 27001:2022",
    decisions=(DecisionFact(DecisionKind.GRANTED, date(2024, 3, 15)),),
)
HELD = AuditFact("SA-2025-01", AuditKind.SURVEILLANCE, date(2025, 2, 20), status=AuditStatus.COMPLETED)
PLANNED = AuditFact("SA-2025-01", AuditKind.SURVEILLANCE, date(2025, 3, 10), status=AuditStatus.PLANNED)


def told(facts: Facts, on: date, seen: Any = None) -> Digest:
    return digest({"C-27001-1": judge(facts, on)}, seen)


def over(facts: Facts, first: date, last: date) -> dict[date, list[str]]:
    """What a quality manager would be told from day to day."""
    seen, news = None, {}
    day = first
    while day <= last:
        found = told(facts, day, seen)
        if found.has_news:
            news[day] = [f"{item.news.value}: {item.far}" for item in found.items if item.is_new]
        seen = found.seen
        day += timedelta(days=1)
    return news


def test_a_limit_is_told_90_30_and_7_days_before_and_when_it_ran_out() -> None:
    news = over(GRANTED, date(2024, 12, 1), date(2025, 4, 1))
    assert list(news) == [date(2024, 12, 15), date(2025, 2, 13), date(2025, 3, 8), date(2025, 3, 16)]
    assert news[date(2024, 12, 15)] == ["at-risk: ", "limit: 90 days left, nothing is planned"]
    assert news[date(2025, 3, 8)] == ["limit: 7 days left, nothing is planned"]
    assert news[date(2025, 3, 16)] == ["overdue: 1 day overdue"]


def test_days_without_a_runner_skip_nothing() -> None:
    before = told(GRANTED, date(2025, 1, 1)).seen
    found = told(GRANTED, date(2025, 2, 20), before)
    assert [item.far for item in found.items if item.is_new] == ["23 days left, nothing is planned"]


def test_a_kept_limit_is_not_told() -> None:
    facts = Facts(standard=GRANTED.standard, decisions=GRANTED.decisions, audits=(HELD,))
    assert not told(facts, date(2025, 3, 10)).has_news


def test_a_planned_audit_is_said_with_the_limit() -> None:
    facts = Facts(standard=GRANTED.standard, decisions=GRANTED.decisions, audits=(PLANNED,))
    [item] = told(facts, date(2025, 3, 8)).items
    assert item.far == "7 days left, an audit is planned"
    assert item.news is News.LIMIT


def test_a_cancelled_audit_makes_the_risk_new_again() -> None:
    facts = Facts(standard=GRANTED.standard, decisions=GRANTED.decisions, audits=(PLANNED,))
    before = told(facts, date(2025, 3, 1)).seen
    assert before["C-27001-1"]["risk"] != "at-risk"
    found = told(GRANTED, date(2025, 3, 2), before)
    assert [item.news for item in found.items if item.is_new] == [News.AT_RISK]
    assert found.subject == "C-27001-1 at risk"


def test_what_is_still_overdue_stands_below_what_is_new() -> None:
    on = date(2025, 10, 2)
    before = told(GRANTED, on - timedelta(days=1)).seen
    found = told(GRANTED, on, before)
    assert [(item.news, item.is_new) for item in found.items] == [(News.LIMIT, True), (News.OVERDUE, False)]
    assert found.subject == "A limit of C-27001-1 is near"


def test_each_sentence_is_the_verdicts_own_and_names_its_clause() -> None:
    verdict = judge(GRANTED, date(2025, 3, 20))
    [item] = digest({"C-27001-1": verdict}, None).items
    assert item.says == verdict.deadlines[0].why[0].says
    assert item.why[0].clause is not None


def test_the_subject_names_two_and_counts_the_rest() -> None:
    verdict = judge(GRANTED, date(2025, 3, 20))
    found = digest({f"C-{number}": verdict for number in range(1, 5)}, None)
    assert found.subject == "C-1, C-2 and 2 more overdue"


def test_nothing_to_tell_is_no_news() -> None:
    assert not digest({}, None).has_news
    assert not told(Facts(), date(2025, 1, 1)).has_news
