"""How quizzes are drawn and marked, and until when what was passed counts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.share import per_cent
from app.domain.training.completion import SIGNS, Worth, last_valid_day, new_number, read_number, worth
from app.domain.training.marking import (
    Result,
    attempts_allowed,
    attempts_left,
    closes_at,
    draw,
    fitting,
    is_over,
    is_right,
    lacks,
    lines_in_order,
    points_for,
    refuse_another,
    refuse_undrawn,
)
from app.domain.training.progress import progress_of
from app.domain.training.question import OptionShape, QuestionKind, QuestionShape

K = QuestionKind


def asked(kind: QuestionKind, *texts: str, right: tuple[int, ...] = (), number: str = "0", within: str = "0"):
    options = tuple(OptionShape(text, at in right, f"goes with {text}") for at, text in enumerate(texts))
    return QuestionShape(kind, "?", 3, options, Decimal(number), Decimal(within))


SINGLE = asked(K.SINGLE, "a", "b", "c", right=(1,))
MULTIPLE = asked(K.MULTIPLE, "a", "b", "c", right=(0, 2))
CHOICE = asked(K.TRUE_FALSE, "True", "False", right=(1,))
PAIRS = asked(K.MATCHING, "a", "b", "c")
STEPS = asked(K.ORDERING, "plan", "do", "check", "act")
NUMBER = asked(K.NUMBER, number="19.5", within="0.5")
WORDS = asked(K.SHORT_TEXT, "entitlement", "Licence right")


@pytest.mark.parametrize(
    ("question", "answer", "says"),
    [
        (SINGLE, [0], ""),
        (SINGLE, None, "not answered"),
        (MULTIPLE, [], "not answered"),
        (PAIRS, [2, 1, 0], ""),
        (PAIRS, [2, None, 0], "not answered in every line"),
        (STEPS, [3, 2, 1, 0], ""),
        (STEPS, [3, 2, 2, 0], "place 3 is given twice"),
        (STEPS, [3, None, 3, 0], "not answered in every line"),
        (STEPS, [None] * 4, "not answered"),
        (NUMBER, "19,5", ""),
        (NUMBER, "twenty", "“twenty” is no number"),
        (WORDS, "anything", ""),
        (WORDS, "  ", "not answered"),
    ],
)
def test_what_an_answer_lacks_before_it_could_be_right_is_said(question, answer, says):
    assert lacks(question, answer) == says


@pytest.mark.parametrize(
    ("question", "answer", "right"),
    [
        (SINGLE, [1], True),
        (SINGLE, [0], False),
        (SINGLE, None, False),
        (MULTIPLE, [0, 2], True),
        (MULTIPLE, [2, 0], True),
        (MULTIPLE, [0], False),
        (MULTIPLE, [0, 1, 2], False),
        (CHOICE, [1], True),
        (CHOICE, [0], False),
        (PAIRS, [0, 1, 2], True),
        (PAIRS, [1, 0, 2], False),
        (PAIRS, [0, 1, None], False),
        (STEPS, [0, 1, 2, 3], True),
        (STEPS, [0, 1, 3, 2], False),
        (STEPS, [0, 0, 0, 0], False),
        (NUMBER, "19", True),
        (NUMBER, "20,0", True),
        (NUMBER, "20.000001", False),
        (NUMBER, "−19.5", False),
        (NUMBER, "about 19", False),
        (NUMBER, "nan", False),
        (WORDS, "  ENTITLEMENT ", True),
        (WORDS, "licence  right", True),
        (WORDS, "entitlements", False),
        (WORDS, "", False),
    ],
)
def test_an_answer_is_right_as_a_whole_or_wrong(question, answer, right) -> None:
    assert is_right(question, answer) is right
    assert points_for(question, answer) == (3 if right else 0)


@given(st.text(min_size=1, max_size=20), st.integers(0, 30), st.none() | st.integers(1, 40), st.booleans())
def test_a_draw_holds_each_question_once_and_is_the_same_again(seed, count, drawn, shuffled) -> None:
    bank = list(range(100, 100 + count))
    chosen = draw(seed, bank, drawn, shuffled=shuffled)
    assert chosen == draw(seed, bank, drawn, shuffled=shuffled)
    assert len(chosen) == len(set(chosen)) == min(count, drawn if drawn is not None else count)
    assert set(chosen) <= set(bank)
    if not shuffled:
        assert chosen == sorted(chosen)


def test_every_question_of_a_bank_comes_up_about_as_often_as_every_other() -> None:
    counts = dict.fromkeys(range(10), 0)
    for number in range(2000):
        for each in draw(f"seed {number}", list(counts), 3, shuffled=True):
            counts[each] += 1
    assert all(500 <= count <= 700 for count in counts.values())


@given(st.text(max_size=10), st.integers(1, 10_000), st.sampled_from([SINGLE, MULTIPLE, CHOICE, PAIRS, STEPS]))
def test_lines_stand_each_once_and_never_tell_what_is_right(seed, key, question) -> None:
    order = lines_in_order(seed, key, question, shuffled=True)
    assert sorted(order) == list(range(len(question.options)))
    unshuffled = lines_in_order(seed, key, question, shuffled=False)
    if question.kind in (K.MATCHING, K.ORDERING):
        assert sorted(order) not in (order, unshuffled)
    else:
        assert unshuffled == sorted(order)


@pytest.mark.parametrize("kind", [K.ORDERING, K.MATCHING])
def test_of_two_lines_each_stands_first_about_as_often(kind) -> None:
    two = asked(kind, "a", "b")
    as_right = sum(lines_in_order(str(each), each, two, shuffled=True) == [0, 1] for each in range(1000))
    assert 400 < as_right < 600


def test_true_and_false_stand_as_they_are() -> None:
    assert all(lines_in_order(str(each), each, CHOICE, shuffled=True) == [0, 1] for each in range(20))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (SINGLE, [3]),
        (SINGLE, [-1]),
        (SINGLE, [0, 1]),
        (PAIRS, [0, 1]),
        (STEPS, "plan"),
        (NUMBER, [1]),
        (WORDS, "x" * 501),
    ],
)
def test_an_answer_that_the_question_cannot_have_is_refused(question, answer) -> None:
    with pytest.raises(RefusedError):
        fitting(question, answer)


def test_an_answer_is_kept_as_it_counts() -> None:
    assert fitting(MULTIPLE, [2, None, 0, 2]) == [0, 2]
    assert fitting(PAIRS, [None, None, None]) is None
    assert fitting(PAIRS, [2, None, 0]) == [2, None, 0]
    assert fitting(WORDS, "  so ") == "so"
    assert fitting(NUMBER, " ") is None


def test_a_question_that_was_not_drawn_cannot_be_answered() -> None:
    refuse_undrawn({7: 1, 8: 1}, [7])
    with pytest.raises(RefusedError, match="did not put"):
        refuse_undrawn({7: 1, 8: 1}, [7, 9])


@pytest.mark.parametrize(
    ("points", "out_of", "mark", "per_cent", "passes"),
    [
        (4, 5, 80, 80, True),
        (3, 5, 80, 60, False),
        (2, 3, 67, 66, False),
        (2, 3, 66, 66, True),
        (0, 3, 0, 0, True),
        (0, 0, 0, 0, False),
    ],
)
def test_the_pass_mark_is_reached_or_not_and_never_rounded_up_to(points, out_of, mark, per_cent, passes) -> None:
    result = Result(points, out_of, mark)
    assert (result.per_cent, result.has_passed) == (per_cent, passes)


@pytest.mark.parametrize(
    ("part", "whole", "says"), [(8, 12, 67), (1, 8, 13), (1, 3, 33), (5, 1000, 1), (4, 1000, 0), (7, 7, 100), (0, 0, 0)]
)
def test_a_share_is_rounded_and_a_half_of_a_hundredth_up(part, whole, says) -> None:
    assert per_cent(part, whole) == says


def test_the_last_moment_is_in_time_and_the_next_is_not() -> None:
    begun = datetime(2026, 12, 31, 23, 50, tzinfo=UTC)
    closes = closes_at(begun, 20)
    assert closes == datetime(2027, 1, 1, 0, 10, tzinfo=UTC)
    assert not is_over(closes, closes)
    assert is_over(closes, closes + timedelta(microseconds=1))
    assert closes_at(begun, None) is None
    assert not is_over(None, datetime.max.replace(tzinfo=UTC))


def test_a_quiz_is_tried_as_often_as_it_allows() -> None:
    assert (attempts_allowed(3, 2), attempts_allowed(None, 2)) == (5, None)
    assert [attempts_left(made, 3) for made in (2, 3, 4)] == [1, 0, 0]
    assert attempts_left(1000, None) is None
    refuse_another(2, 3, has_passed=False)
    refuse_another(1000, None, has_passed=False)
    with pytest.raises(RefusedError, match="allows 3 attempts"):
        refuse_another(3, 3, has_passed=False)
    with pytest.raises(RefusedError, match="passed"):
        refuse_another(1, None, has_passed=True)


@pytest.mark.parametrize(
    ("completed_on", "months", "last"),
    [
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 12, 31), 12, date(2027, 12, 30)),
        (date(2026, 5, 4), None, None),
    ],
)
def test_a_completion_counts_through_the_day_before_its_anniversary(completed_on, months, last) -> None:
    assert last_valid_day(completed_on, months) == last


def test_a_certificate_is_valid_on_its_last_day_and_expired_on_the_next() -> None:
    last = date(2027, 2, 28)
    assert worth(last, last, is_revoked=False) is Worth.VALID
    assert worth(last, date(2027, 3, 1), is_revoked=False) is Worth.EXPIRED
    assert worth(last, last, is_revoked=True) is Worth.REVOKED
    assert worth(None, date.max, is_revoked=False) is Worth.VALID


def test_a_number_is_read_as_it_is_typed() -> None:
    number = new_number()
    assert read_number(number) == number
    assert read_number(f"  {number.lower().replace('-', ' ')} ") == number
    assert read_number(number[:-1]) is None
    assert read_number(number[:-1] + "O") is None
    assert read_number("") is None
    assert len({new_number() for _ in range(100)}) == 100
    assert not {"0", "O", "1", "I"} & set(SIGNS)


@pytest.mark.parametrize(
    ("done", "count", "following"),
    [
        ((), 0, 1),
        ((1,), 1, 2),
        ((3,), 1, 4),
        ((1, 3), 2, 4),
        ((4,), 1, 1),
        ((1, 2, 4), 3, 3),
        ((1, 2, 3, 4), 4, None),
        ((9,), 0, 1),
    ],
)
def test_one_goes_on_after_what_was_done_last(done, count, following) -> None:
    progress = progress_of([1, 2, 3, 4], done)
    assert (progress.done, progress.lessons, progress.next_id) == (count, 4, following)
