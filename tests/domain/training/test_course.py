"""Courses: circles of prerequisites are named, and a version is published only with what its lessons need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import RefusedError
from app.domain.training.course import (
    KINDS,
    LessonShape,
    QuizSettings,
    refuse_circle,
    refuse_link,
    refuse_settings,
    refuse_unready,
)


@pytest.mark.parametrize(
    ("course", "wanted", "required", "circle"),
    [
        ("A", ["A"], {}, "A → A"),
        ("A", ["B"], {"B": ["A"]}, "A → B → A"),
        ("A", ["C", "B"], {"B": ["D", "C"], "C": [], "D": ["A"]}, "A → B → D → A"),
    ],
)
def test_a_circle_of_prerequisites_is_refused_by_its_name(course, wanted, required, circle):
    with pytest.raises(RefusedError) as refused:
        refuse_circle(course, wanted, required)
    assert circle in str(refused.value)
    assert refused.value.field == "prerequisites"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_what_is_not_refused_never_goes_in_a_circle(asked):
    required: dict[str, list[str]] = {}
    for first, second in asked:
        try:
            refuse_circle(str(first), [str(second)], required)
        except RefusedError:
            continue
        required.setdefault(str(first), []).append(str(second))
    left = {name: set(needs) for name, needs in required.items()}
    while free := [name for name, needs in left.items() if not needs & set(left)]:
        for name in free:
            del left[name]
    assert not left


TEXT = LessonShape("text", "Aims", body="Three.")


@pytest.mark.parametrize(
    ("lessons", "says"),
    [
        ([], ["A version without a lesson"]),
        ([LessonShape("text", "Empty", body="  ")], ["“Empty” has no text"]),
        (
            [TEXT, LessonShape("file", "Deed"), LessonShape("video", "Film")],
            ["“Deed” has no file", "“Film” has no video"],
        ),
        (
            [LessonShape("quiz", "Quiz", quiz=QuizSettings(80, drawn=5), questions=4)],
            ["“Quiz” draws 5 from its bank, and the bank holds 4 questions."],
        ),
        ([LessonShape("quiz", "Quiz", quiz=QuizSettings(80))], ["draws 1 from its bank, and the bank holds 0"]),
    ],
)
def test_what_lacks_something_is_not_published_and_all_of_it_is_told(lessons, says):
    with pytest.raises(RefusedError) as refused:
        refuse_unready(lessons)
    told = " ".join(reason.says for reason in refused.value.every_reason)
    assert all(each in told for each in says)


def test_what_has_all_it_needs_is_published():
    quiz = LessonShape("quiz", "Quiz", quiz=QuizSettings(80, drawn=5), questions=5)
    film = LessonShape("video", "Film", link="https://film.example/a")
    refuse_unready([TEXT, LessonShape("file", "Deed", file_name="deed.pdf"), film, quiz])
    assert [each.word for each in KINDS.values() if each.is_marked] == ["quiz"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "film.example/a", "ftp://film.example", "https://", "https://[", "https://a b"]
)
def test_a_link_that_is_no_page_of_the_web_is_refused(link):
    with pytest.raises(RefusedError):
        refuse_link(link)


def test_settings_of_a_quiz_are_refused_together():
    with pytest.raises(RefusedError) as refused:
        refuse_settings(QuizSettings(101, drawn=0, attempts=0, minutes=601))
    fields = [refused.value.field, *(each.field for each in refused.value.besides)]
    assert fields == ["pass_mark", "drawn", "attempts", "quiz_minutes"]
    refuse_settings(QuizSettings(100, drawn=1, attempts=1, minutes=1))
