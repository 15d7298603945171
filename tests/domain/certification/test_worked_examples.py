"""Each worked example of the rules gives the dates of its table."""

from typing import Any

import pytest

from app.catalogue import edition_deadlines
from app.domain.certification.answer import as_json
from app.domain.certification.cycle import judge
from app.domain.certification.reading import facts_from
from tests.domain.certification.examples import EXAMPLES, Example
from tests.domain.certification.making import day


def check(example: Example, answer: dict[str, Any]) -> None:
    """Compare what the example names with the answer."""
    if example.state:
        assert answer["state"] == example.state
    if example.valid_through:
        assert answer["valid_through"] == example.valid_through
    if example.effective:
        assert answer["effective_valid_through"] == example.effective
    following = answer["next_audit"] or {}
    for name in ("kind", "opens_on", "closes_on"):
        expected = getattr(example, "next_kind" if name == "kind" else name)
        if expected:
            assert following[name] == expected
    limits = {_name(row): (row["closes_on"], row["standing"]) for row in answer["deadlines"]}
    assert {name: limits.get(name) for name in example.limits} == example.limits
    if example.breaches is not None:
        assert {_name(breach): breach["since"] for breach in answer["breaches"]} == example.breaches
    warnings = {_name(warning): warning["since"] for warning in answer["warnings"]}
    assert {name: warnings.get(name) for name in example.warnings} == example.warnings
    if example.cycle:
        assert answer["cycle"] == example.cycle


def _name(row: dict[str, Any]) -> str:
    return f"{row['rule']} {row['year']}" if row["year"] else str(row["rule"])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_example_gives_the_dates_of_its_table(example: Example) -> None:
    facts = facts_from(example.facts, edition_deadlines())
    check(example, as_json(judge(facts, day(example.on))))
