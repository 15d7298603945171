"""Questions: each kind has what it is marked by, or is refused."""

from decimal import Decimal

import pytest

from app.domain.explained import RefusedError
from app.domain.training.question import OptionShape as Line
from app.domain.training.question import QuestionKind as Kind
from app.domain.training.question import QuestionShape, read_number, refuse_question

RIGHT, WRONG = Line("Yes", is_right=True), Line("No")


@pytest.mark.parametrize(
    ("kind", "lines", "says"),
    [
        (Kind.SINGLE, (RIGHT,), "at least two lines"),
        (Kind.SINGLE, (WRONG, Line("Maybe")), "the one line that is right"),
        (Kind.SINGLE, (RIGHT, Line("Maybe", is_right=True)), "the one line that is right"),
        (Kind.SINGLE, (RIGHT, Line(" yes ")), "stands there twice"),
        (Kind.SINGLE, (RIGHT, Line(" ")), "without a text"),
        (Kind.SINGLE, tuple(Line(str(n), is_right=n == 1) for n in range(13)), "12 lines at most"),
        (Kind.MULTIPLE, (WRONG, Line("Maybe")), "at least one line that is right"),
        (Kind.TRUE_FALSE, (RIGHT, WRONG), "True and False"),
        (Kind.MATCHING, (Line("a", match="1"), Line("b")), "what it goes with"),
        (Kind.MATCHING, (Line("a", match="1"), Line("b", match="1")), "stands there twice"),
        (Kind.ORDERING, (Line("a"),), "at least two lines"),
        (Kind.SHORT_TEXT, (), "at least one spelling"),
        (Kind.NUMBER, (), "the number that is right"),
    ],
)
def test_a_question_that_cannot_be_marked_is_refused(kind, lines, says):
    with pytest.raises(RefusedError, match=says):
        refuse_question(QuestionShape(kind, "Is it so?", options=lines))


@pytest.mark.parametrize(
    ("kind", "lines", "number"),
    [
        (Kind.SINGLE, (RIGHT, WRONG), None),
        (Kind.MULTIPLE, (RIGHT, Line("Also", is_right=True)), None),
        (Kind.TRUE_FALSE, (Line("True"), Line("False", is_right=True)), None),
        (Kind.MATCHING, (Line("a", match="1"), Line("b", match="2")), None),
        (Kind.ORDERING, (Line("a"), Line("b")), None),
        (Kind.SHORT_TEXT, (Line("phishing"), Line("Phishing")), None),
        (Kind.NUMBER, (), Decimal(0)),
    ],
)
def test_a_question_of_each_kind_that_can_be_marked_is_taken(kind, lines, number):
    refuse_question(QuestionShape(kind, "Is it so?", options=lines, number=number))


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(RefusedError) as refused:
        refuse_question(QuestionShape(Kind.NUMBER, " ", points=0, number=Decimal(1), tolerance=Decimal(-1)))
    assert [refused.value.field, *(each.field for each in refused.value.besides)] == ["text", "points", "tolerance"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("\u22123", "-3"),
        ("1 000", "1000"),
        ("1e3", "1000"),
        ("1,000,000", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e9", None),
        ("1e9999999", None),
        ("1E+999999999", None),
        ("-1e999999999", None),
        ("1e-999999999", None),
        ("0e999999999", None),
        ("0.0000001", None),
        ("", None),
        ("twelve", None),
    ],
)
def test_a_number_is_read_as_a_person_writes_it(said, number):
    assert read_number(said) == (None if number is None else Decimal(number))
