"""What people read of the rules and the choices is complete, and agrees with what the code does."""

from dataclasses import fields, replace

import pytest

from app.domain.certification.choices import CHOICES, check
from app.domain.certification.facts import CycleSettings
from app.domain.certification.rulebook import RULEBOOK
from app.domain.certification.rules import RULES
from app.domain.certification.verdict import Rule
from app.domain.explained import RefusedError


def test_every_rule_of_the_register_stands_in_the_rulebook():
    written = {each.rule.value for each in RULEBOOK}
    assert {function.__name__.replace("_", "-") for function in RULES} <= written
    assert {Rule.NOT_ON_RECORD.value, Rule.EARLY_RENEWAL.value, Rule.INTERNAL_PLAN.value} <= written
    assert len(written) == len(RULEBOOK)


def test_every_setting_of_the_cycle_is_a_choice_with_its_clause():
    assert [choice.name for choice in CHOICES] == [each.name for each in fields(CycleSettings)]
    assert all(choice.open.clause for choice in CHOICES)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.name)
def test_every_value_of_a_choice_can_be_said(choice):
    assert choice.say(choice.default)
    if choice.months is None:
        kind = type(choice.default)
        values = ("yes", "no") if kind is bool else [member.value for member in kind]
        assert {word for word, _ in choice.options} == set(values)
        assert [choice.say(word) for word in values]


def test_a_number_of_months_that_nobody_means_is_refused():
    check(CycleSettings())
    with pytest.raises(RefusedError) as refusal:
        check(replace(CycleSettings(), suspension_months=0))
    assert refusal.value.field == "suspension_months"
