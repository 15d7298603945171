"""The plan of an implementation by hand: how it is laid out, what is late, what that moves, and stage 1."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.implementation import templates
from app.domain.explained import RefusedError
from app.domain.implementation.plan import (
    Pattern,
    Step,
    Task,
    before_stage_1,
    end_of,
    expect,
    lay_out,
    refuse_circle,
    refuse_done,
)
from app.domain.implementation.readiness import Part, of_courses, of_manuals, of_record, of_tasks, refuse_end, score
from app.domain.programme.free_days import Blackout, closed_days

MAY = date(2026, 5, 1)
CHAIN = (
    Pattern("a", Step.MANUALS, "Write", 4),
    Pattern("b", Step.DELIVERY, "Hand out", 2, ("a",)),
    Pattern("c", Step.TRAINING, "Train", 4, ("b",)),
    Pattern("d", Step.TRAINING, "Choose", 1, ("a",)),
)
WRITE = Task(1, "Write", date(2026, 5, 1), date(2026, 5, 4))
HAND_OUT = Task(2, "Hand out", date(2026, 5, 5), date(2026, 5, 6), None, (1,))
TRAIN = Task(3, "Train", date(2026, 5, 7), date(2026, 5, 10), None, (2,))


@pytest.mark.parametrize(
    ("days", "laid"),
    [
        (10, {"a": (1, 4), "b": (5, 6), "c": (7, 10), "d": (5, 5)}),
        (20, {"a": (1, 8), "b": (9, 12), "c": (13, 20), "d": (9, 10)}),
        (1, {"a": (1, 1), "b": (1, 1), "c": (1, 1), "d": (1, 1)}),
    ],
)
def test_a_template_is_stretched_over_its_days(days: int, laid: dict[str, tuple[int, int]]) -> None:
    found = {each.pattern.key: (each.starts_on.day, each.due_on.day) for each in lay_out(CHAIN, MAY, days)}
    assert found == laid


@given(st.sampled_from(sorted(templates())), st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 366))
def test_no_task_begins_or_ends_on_a_closed_day_if_one_is_free(standard: str, starts_on: date, days: int) -> None:
    last = starts_on + timedelta(days=days - 1)
    closed = closed_days(blackouts=[Blackout(starts_on + timedelta(days=20), starts_on + timedelta(days=33), "fair")])
    laid = lay_out(templates()[standard], starts_on, days, closed)
    by_key = {each.pattern.key: each for each in laid}
    is_any_free = any(closed(starts_on + timedelta(days=each)) is None for each in range(days))
    for each in laid:
        assert starts_on <= each.starts_on <= each.due_on <= last
        assert all(by_key[before].due_on <= each.starts_on for before in each.pattern.after)
        if is_any_free:
            assert closed(each.starts_on) is None
            assert closed(each.due_on) is None


def test_what_moved_a_task_is_said() -> None:
    # The first of May 2026 is a Friday.
    laid = {each.pattern.key: each for each in lay_out(CHAIN, MAY, 20, closed_days())}
    assert (laid["a"].starts_on, laid["a"].due_on) == (MAY, date(2026, 5, 7))
    assert any("Saturday" in str(reason) or "Sunday" in str(reason) for each in laid.values() for reason in each.why)


@given(st.sampled_from(sorted(templates())), st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 366))
def test_every_plan_begins_and_ends_on_its_days_and_nothing_begins_before_what_it_waits_for(
    standard: str, starts_on: date, days: int
) -> None:
    laid = lay_out(templates()[standard], starts_on, days)
    by_key = {each.pattern.key: each for each in laid}
    assert min(each.starts_on for each in laid) == starts_on
    assert max(each.due_on for each in laid) == starts_on + timedelta(days=days - 1)
    for each in laid:
        assert each.starts_on <= each.due_on
        for before in each.pattern.after:
            assert by_key[before].due_on <= each.starts_on
    # As long as nothing is late, it is expected as it was laid out.
    numbers = {each.pattern.key: number for number, each in enumerate(laid)}
    tasks = [
        Task(
            numbers[each.pattern.key],
            "",
            each.starts_on,
            each.due_on,
            None,
            tuple(numbers[key] for key in each.pattern.after),
        )
        for each in laid
    ]
    for expected in expect(tasks, starts_on).values():
        assert (expected.begins_on, expected.ends_on) == (expected.task.starts_on, expected.task.due_on)
        assert not expected.is_late


@pytest.mark.parametrize("days", [None, 0, 367])
def test_a_length_that_no_implementation_has_is_refused(days: int | None) -> None:
    with pytest.raises(RefusedError, match="From 1 to 366 days"):
        lay_out(CHAIN, MAY, days)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "done", "late", "ends"),
    [
        # Nothing is late on the last day; on the next one the first is, and moves what waits for it.
        (4, {}, [], (4, 6, 10)),
        (6, {}, [1], (6, 8, 12)),
        (9, {}, [1, 2], (9, 11, 15)),
        # Done late: what waits begins on the next day; what was done early moves nothing back.
        (9, {1: 8}, [2], (8, 10, 14)),
        (9, {1: 3, 2: 5}, [], (3, 5, 10)),
    ],
)
def test_what_is_late_moves_what_waits_for_it(
    today: int, done: dict[int, int], late: list[int], ends: tuple[int, int, int]
) -> None:
    tasks = [
        Task(
            each.key,
            each.title,
            each.starts_on,
            each.due_on,
            date(2026, 5, done[each.key]) if each.key in done else None,
            each.after,
        )
        for each in (WRITE, HAND_OUT, TRAIN)
    ]
    found = expect(tasks, date(2026, 5, today))
    assert [key for key, each in found.items() if each.is_late] == late
    assert tuple(found[key].ends_on.day for key in (1, 2, 3)) == ends
    end = end_of(found.values(), date(2026, 5, 10))
    assert end.value == date(2026, 5, max(ends))
    assert ("later than the plan" in end.why[0].says) is (max(ends) > 10)


def test_the_end_is_held_against_stage_1() -> None:
    end = date(2026, 5, 13)
    assert before_stage_1(end, None).value is None
    safe = before_stage_1(end, ("S1-2026-01", date(2026, 5, 14)))
    assert (safe.value, "1 day before stage 1 (S1-2026-01)" in safe.why[0].says) == (1, True)
    late = before_stage_1(end, ("S1-2026-01", date(2026, 5, 12)))
    assert late.value == -1
    assert "move stage 1 by at least 2 days" in late.why[0].says


def test_a_circle_is_refused_and_named() -> None:
    tasks = (WRITE, HAND_OUT, TRAIN)
    with pytest.raises(RefusedError, match="Write waits for Train waits for Hand out waits for Write"):
        refuse_circle(tasks, 1, (3,))
    with pytest.raises(RefusedError, match="Write waits for Write"):
        refuse_circle(tasks, 1, (1,))
    refuse_circle(tasks, 3, (1, 2))
    with pytest.raises(RefusedError, match="not done yet: Write"):
        refuse_done(tasks, 2)


def test_readiness_is_a_hundred_only_where_every_part_is_whole() -> None:
    whole = [of_tasks(Step.MANUALS, 5, 5), of_courses(2, 2, ()), of_record("Internal audit", True, "Held.")]
    assert score(whole).value == 100
    assert score([*whole, of_record("Management review", False, "None.")]).value == 75
    assert score([*whole[:1], of_courses(2, 3, ["Tom"])]).value == 83
    # A thousand of which one is missing is not a hundred, and nothing at all is not ready.
    assert score([Part("Courses passed", 999, 1000, ())]).value == 99
    # 38.88 is 39, and a half goes up; each part by itself is rounded alike.
    nine = [Part("Tasks", 7, 18, ()), Part("Courses passed", 7, 18, ())]
    assert [each.percent for each in nine] == [39, 39]
    assert score(nine).value == 39
    assert score([Part("Tasks", 1, 8, ())]).value == 13
    assert score(nine).why[0].says.startswith("Each of the 2 parts counts the same")
    assert of_courses(0, 0, ()).is_whole is False


def test_a_step_ends_after_the_one_before_and_with_all_that_it_needs() -> None:
    done = [of_tasks(Step.TRAINING, 3, 3)]
    with pytest.raises(RefusedError, match="“Manuals created” has not ended yet"):
        refuse_end(Step.TRAINING, (), done)
    before = (Step.MANUALS, Step.DELIVERY)
    with pytest.raises(RefusedError, match="Not passed by Tom"):
        refuse_end(Step.TRAINING, before, [*done, of_courses(2, 3, ["Tom"])])
    refuse_end(Step.TRAINING, before, done)


def test_manuals_count_once_they_are_handed_out_and_name_who_has_not_acknowledged() -> None:
    part = of_manuals([("DOC-001 Manual, version 2", 2, ["Tom"]), ("DOC-002 Policy, version 1", 3, [])])
    assert (part.done, part.of, part.is_whole) == (5, 6, False)
    assert [each.says for each in part.why][1:] == ["DOC-001 Manual, version 2: not by Tom."]
    assert of_manuals([("DOC-001 Manual, version 2", 3, [])]).is_whole
    assert not of_manuals([]).is_whole
    assert not of_manuals([("DOC-001 Manual, version 1", 0, [])]).is_whole
