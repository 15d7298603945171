"""Help is there for everybody who is signed in, with every rule by its key."""

import pytest

from app.domain.certification.rulebook import RULEBOOK
from tests.cast import sign_in


@pytest.mark.one_database
def test_help_has_every_rule_with_its_clause_and_says_whose_word_counts(client, cast):
    page = sign_in(client, cast.staff).get("/help/").text
    for each in RULEBOOK:
        assert f'id="rule-{each.rule.value}"' in page
        assert str(each.clause or "–") in page
    assert "The written decision of your certification body overrides any computed date" in page
    assert "issues no certificate" in page


@pytest.mark.one_database
def test_help_is_for_those_who_are_signed_in(client, cast):
    assert client.get("/help/").status_code == 303
