"""What a checklist asks, in which order, and what must be there before its audit is reported on."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.programme.checklist import (
    VERDICTS,
    ClauseResult,
    ItemSource,
    Question,
    clause_order,
    new_among,
    refuse_unassessed,
    refuse_verdict,
)
from app.domain.programme.questions import on_clause


@dataclass
class Item:
    result: ClauseResult
    clause: str = "7.2"
    question: str = "Is it met?"
    evidence: str = ""
    notes: str = ""


CONFORMS, MINOR, MAJOR = ClauseResult.CONFORMS, ClauseResult.MINOR, ClauseResult.MAJOR
OPEN, NOT_APPLICABLE = ClauseResult.NOT_ASSESSED, ClauseResult.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([Item(OPEN)], "1 question of the checklist is not assessed yet: 7.2."),
        (
            [Item(OPEN, clause) for clause in ("4.1", "4.2", "4.3", "4.4", "5.1")],
            "5 questions of the checklist are not assessed yet: 4.1, 4.2, 4.3 and 2 more.",
        ),
        ([Item(MAJOR)], "1 question of the checklist is said not to be met without the evidence for it: 7.2."),
        ([Item(MINOR, evidence="  ")], "1 question of the checklist is said not to be met without"),
        ([Item(NOT_APPLICABLE)], "1 question of the checklist is said not to apply without a note why: 7.2."),
        ([Item(OPEN, "", "Who keeps the keys?")], "not assessed yet: “Who keeps the keys?”."),
    ],
)
def test_an_audit_is_not_reported_on_while_questions_are_open(items: list[Item], words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_unassessed([Item(CONFORMS), *items])
    assert words in str(refused.value.why[0].says)
    assert len(refused.value.why) == 1


def test_every_lack_is_named_at_once() -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_unassessed([Item(OPEN), Item(MAJOR), Item(NOT_APPLICABLE)])
    assert len(refused.value.why) == 3


def test_what_is_assessed_may_be_reported_on() -> None:
    refuse_unassessed([])
    refuse_unassessed(
        [
            *(Item(each) for each in ClauseResult if each not in (OPEN, MINOR, MAJOR, NOT_APPLICABLE)),
            Item(MINOR, evidence="Three of five records lack it."),
            Item(NOT_APPLICABLE, notes="Nothing is developed here."),
        ]
    )


@pytest.mark.parametrize(
    ("result", "before", "notes", "reason", "field"),
    [
        (NOT_APPLICABLE, OPEN, "", "", "notes"),
        (NOT_APPLICABLE, OPEN, "Nothing is developed.", "", None),
        (OPEN, CONFORMS, "", "", "reason"),
        (OPEN, CONFORMS, "", "The record was of another site.", None),
        (OPEN, OPEN, "", "", None),
        # Evidence is written after the verdict: it is asked for before the report.
        (MAJOR, OPEN, "", "", None),
    ],
)
def test_a_verdict_that_needs_words_is_refused_without_them(
    result: ClauseResult, before: ClauseResult, notes: str, reason: str, field: str | None
) -> None:
    if field is None:
        refuse_verdict(result, before, notes, reason)
        return
    with pytest.raises(RefusedError) as refused:
        refuse_verdict(result, before, notes, reason)
    assert refused.value.field == field


def test_clauses_stand_in_the_order_of_the_standard() -> None:
    mixed = ["A.8.2", "10.1", "4.10", "A.5.1", "4.2", "A.8.13", "", "4.2.1", "F3"]
    assert sorted(mixed, key=clause_order) == ["", "4.2", "4.2.1", "4.10", "10.1", "A.5.1", "A.8.2", "A.8.13", "F3"]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["", "4.1"]), st.sampled_from("xyz")), max_size=30))
def test_nothing_is_asked_twice_however_often_it_is_built(rows: list[tuple[str, str, str]]) -> None:
    offered = [Question(ItemSource.OWN, standard, clause, f" {words}  there?") for standard, clause, words in rows]
    first = new_among(offered, [])
    keys = [each.key for each in first]
    assert len(keys) == len(set(keys)) == len(set(rows))
    assert new_among(offered, keys) == []


def test_the_same_words_otherwise_spaced_are_the_same_question() -> None:
    one = on_clause("ISO/IEC 27001:2022", "7.2", "Competence")
    assert one.question == "Is ‘Competence’ (7.2) met? What shows it?"
    again = Question(ItemSource.TEMPLATE, one.standard, "7.2 ", "is ‘competence’  (7.2) met?\nWhat shows it")
    assert new_among([again], [one.key]) == []


def test_each_verdict_has_a_key_and_the_open_one_the_last() -> None:
    assert set(VERDICTS) == set(ClauseResult)
    assert len(VERDICTS) == 8
    assert VERDICTS[-1] is OPEN
