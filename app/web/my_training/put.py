"""Questions as an attempt puts them, and answers as a form sends them.

A form names lines by where they stand on the page, never by how their author wrote them: that would tell what is right.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.training.marking import Answer, is_answered, is_right, lacks, lines_in_order
from app.domain.training.question import QuestionKind, QuestionShape, read_number, say_number
from app.models.enrolment import AttemptAnswer, QuizAttempt
from app.models.question import Question
from app.queries.lesson_shapes import question_shape

_NAMED = re.compile(r"q-(\d{1,10})(?:-\d{1,3})?")
_K = QuestionKind


@dataclass(frozen=True, slots=True)
class Put:
    """One question of an attempt, with its lines in the order in which they stand, and what was answered."""

    row: AttemptAnswer
    question: Question
    shape: QuestionShape
    order: list[int]
    answer: Answer

    @property
    def name(self) -> str:
        """What its fields are called; one of several lines has the number of its row behind it."""
        return f"q-{self.question.id}"

    @property
    def is_right(self) -> bool:
        return is_right(self.shape, self.answer)

    @property
    def is_answered(self) -> bool:
        return is_answered(self.answer)

    @property
    def lacks(self) -> str:
        """What the answer lacks before it could be right."""
        return lacks(self.shape, self.answer)

    def has(self, line: int) -> bool:
        """Whether a line of a choice is chosen."""
        return not isinstance(self.answer, str) and line in (self.answer or ())

    def given(self, line: int) -> int | None:
        """What was given to a line of a matching question or an ordering."""
        return None if self.answer is None or isinstance(self.answer, str) else self.answer[line]

    def in_words(self, answer: Answer) -> list[str]:
        """An answer line by line, as people read it."""
        lines = self.shape.options
        if answer is None or isinstance(answer, str):
            number = read_number(answer or "") if self.question.kind is _K.NUMBER else None
            return [say_number(number)] if number is not None else [answer] if answer else []
        if self.question.kind is _K.MATCHING:
            return [
                f"{line.text}: {lines[each].match if each is not None else '–'}"
                for line, each in zip(lines, answer, strict=True)
            ]
        if self.question.kind is _K.ORDERING:
            placed = sorted((each, at) for at, each in enumerate(answer) if each is not None)
            return [f"{place + 1}. {lines[at].text}" for place, at in placed]
        return [lines[each].text for each in answer if each is not None]

    @property
    def right_in_words(self) -> list[str]:
        """What would have been right."""
        lines = self.shape.options
        if self.question.kind is _K.NUMBER:
            number, within = (say_number(each) for each in (self.shape.number or Decimal(0), self.shape.tolerance))
            return [number if within == "0" else f"{number}, or up to {within} more or less"]
        if self.question.kind is _K.SHORT_TEXT:
            return [each.text for each in lines]
        if self.question.kind.has_right_options:
            return [each.text for each in lines if each.is_right]
        return self.in_words(list(range(len(lines))))

    def feedback(self, *, tells: bool) -> list[str]:
        """What the author says to each line that was chosen, and to the question once it may `tell` what is right."""
        chosen = self.answer if self.question.kind.has_right_options and isinstance(self.answer, list) else []
        said = [self.question.options[each].feedback for each in chosen if each is not None]
        if tells or self.is_right:
            said.append(self.question.feedback)
        return [each for each in said if each.strip()]


def questions_put(attempt: QuizAttempt, said: dict[int, Answer] | None = None) -> list[Put]:
    """The questions of an attempt in their order, with what was saved, or with what a refused form said."""
    found = []
    for row in attempt.answers:
        shape = question_shape(row.question)
        order = lines_in_order(attempt.seed, row.question_id, shape, shuffled=attempt.lesson.shuffled)
        answer = row.answer if said is None else said.get(row.question_id, row.answer)
        found.append(Put(row, row.question, shape, order, answer))
    return found


def named_in(form: Iterable[str]) -> set[int]:
    """The questions that a form answers, drawn or not."""
    return {int(found[1]) for name in form if (found := _NAMED.fullmatch(name))}


def answers_in(put: Iterable[Put], form: "MultiDict[str, str]") -> dict[int, Answer]:
    """What a form answers to the questions that were put; a line that does not stand there is refused by the rules."""
    return {each.question.id: _answer(each, form) for each in put}


def _answer(put: Put, form: "MultiDict[str, str]") -> Answer:
    kind, count = put.question.kind, len(put.order)
    if kind in (_K.NUMBER, _K.SHORT_TEXT):
        return form.get(put.name, "")
    if kind is _K.MATCHING:
        said = [_place(form.get(f"{put.name}-{at}")) for at in range(count)]
        return [None if each is None else _line(put, each) for each in said]
    if kind is _K.ORDERING:
        answer: list[int | None] = [None] * count
        for at, line in enumerate(put.order):
            answer[line] = _place(form.get(f"{put.name}-{at}"))
        return answer
    chosen = [_place(each) for each in form.getlist(put.name)]
    return [_line(put, each) for each in chosen if each is not None]


def _place(said: Any) -> int | None:
    """The number of a row; None where nothing was chosen, and -1, which no question has, for what is no number."""
    if not said:
        return None
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else -1


def _line(put: Put, place: int) -> int:
    """The line, as its author wrote it, that stands at a place of the page."""
    return put.order[place] if 0 <= place < len(put.order) else -1
