"""Quizzes: which questions are put, in which order their lines stand, and what an answer is given.

An answer holds the numbers of lines, from 0, as their author wrote them: the one chosen; of a multiple choice all that
were chosen; of a matching question for each line the line whose other side was chosen for it; of an ordering for each
line the place it was given. A number and a short text are kept as they were typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from app.domain.explained import RefusedError
from app.domain.training.question import QuestionKind, QuestionShape, plain_spelling, read_number

Key = TypeVar("Key", int, str)
Answer = list[int | None] | str | None

LONGEST_ANSWER = 500
"""Characters of a typed answer."""
_K = QuestionKind


def draw(seed: str, bank: Sequence[Key], drawn: int | None, *, shuffled: bool) -> list[Key]:
    """The questions of one attempt out of the bank: each once, alike for the same seed on every machine.

    Unless they are shuffled they stand as their author put them.
    """
    by_lot = sorted(bank, key=lambda each: _lot(seed, each))
    chosen = by_lot[: drawn if drawn is not None else len(bank)]
    return chosen if shuffled else [each for each in bank if each in set(chosen)]


def lines_in_order(seed: str, key: int | str, question: QuestionShape, *, shuffled: bool) -> list[int]:
    """In which order the lines of a question are shown; of a matching question its other sides.

    The lines of an ordering and the other sides of a matching question are shuffled always, and three or more never
    stand as they are right: of two, that would tell it. True and false always stand as they are.
    """
    count = len(question.options)
    as_written = list(range(count))
    telling = question.kind in (_K.ORDERING, _K.MATCHING)
    if question.kind is _K.TRUE_FALSE or not (shuffled or telling):
        return as_written
    order = sorted(as_written, key=lambda each: _lot(f"{seed}/{key}", each))
    return order[1:] + order[:1] if telling and order == as_written and count > 2 else order


def _lot(seed: str, key: int | str) -> str:
    # Not `random`: its draws may change from one Python to the next, and an attempt outlives an upgrade.
    return sha256(f"{seed}:{key}".encode()).hexdigest()


def is_answered(answer: Answer) -> bool:
    """Whether anything was said."""
    if isinstance(answer, str):
        return bool(answer.strip())
    return any(each is not None for each in answer or ())


def lacks(question: QuestionShape, answer: Answer) -> str:
    """Why an answer cannot be right, whatever is right: it is none, none to every line, or not what is asked for.

    Nothing where it can. This tells nobody what would be right.
    """
    if not is_answered(answer):
        return "not answered"
    if isinstance(answer, str):
        said = answer.strip()
        return f"“{said}” is no number" if question.kind is _K.NUMBER and read_number(said) is None else ""
    chosen = answer or []
    if question.kind in (_K.MATCHING, _K.ORDERING) and None in chosen:
        return "not answered in every line"
    if question.kind is _K.ORDERING:
        twice = next((each for each in chosen if each is not None and chosen.count(each) > 1), None)
        return "" if twice is None else f"place {twice + 1} is given twice"
    return ""


def is_right(question: QuestionShape, answer: Answer) -> bool:
    """Whether an answer is right; what is right in part is wrong, and so is what was not answered.

    Of a multiple choice all right lines are chosen and no other; of a matching question and of an ordering every line
    is right; a number lies within the tolerance, its ends included; of a short text neither case nor spaces matter.
    """
    kind, lines = question.kind, question.options
    if not is_answered(answer):
        return False
    if kind is _K.NUMBER:
        said = read_number(answer) if isinstance(answer, str) else None
        return said is not None and question.number is not None and abs(said - question.number) <= question.tolerance
    if kind is _K.SHORT_TEXT:
        return isinstance(answer, str) and plain_spelling(answer) in {plain_spelling(each.text) for each in lines}
    if isinstance(answer, str) or answer is None:
        return False
    if kind in (_K.MATCHING, _K.ORDERING):
        return answer == list(range(len(lines)))
    return {each for each in answer if each is not None} == {at for at, each in enumerate(lines) if each.is_right}


def points_for(question: QuestionShape, answer: Answer) -> int:
    """All points of the question, or none."""
    return question.points if is_right(question, answer) else 0


def fitting(question: QuestionShape, answer: Answer) -> Answer:
    """An answer as it is kept: refused where it names a line that there is not, or is too long; None for an empty one.

    Of a single choice one line counts.
    """
    if question.kind in (_K.NUMBER, _K.SHORT_TEXT):
        if answer is not None and not isinstance(answer, str):
            raise RefusedError("This question is answered in words or with a number.")
        said = (answer or "").strip()
        if len(said) > LONGEST_ANSWER:
            raise RefusedError(f"An answer has {LONGEST_ANSWER} characters at most.")
        return said or None
    if isinstance(answer, str):
        raise RefusedError("This question is answered by its lines.")
    chosen: list[int | None] = list(answer or ())
    if any(each is not None and not 0 <= each < len(question.options) for each in chosen):
        raise RefusedError("The question has no such line.")
    if question.kind in (_K.MATCHING, _K.ORDERING):
        if chosen and len(chosen) != len(question.options):
            raise RefusedError("Each line of the question has one answer.")
        return chosen if is_answered(chosen) else None
    named = sorted({each for each in chosen if each is not None})
    if question.kind is not _K.MULTIPLE and len(named) > 1:
        raise RefusedError("Choose one line.")
    return list(named) or None


def refuse_undrawn(drawn: Mapping[int, object], answered: Sequence[int]) -> None:
    """An attempt is answered by the questions that were drawn for it, and by no others."""
    if foreign := sorted(set(answered) - set(drawn)):
        what = "A question was" if len(foreign) == 1 else f"{len(foreign)} questions were"
        raise RefusedError(f"{what} answered that this attempt did not put. Nothing was saved.")


@dataclass(frozen=True, slots=True)
class Result:
    """How an attempt was marked."""

    points: int
    out_of: int
    pass_mark: int

    @property
    def per_cent(self) -> int:
        """Rounded down: nobody reads 80 per cent who did not reach it."""
        return self.points * 100 // self.out_of if self.out_of else 0

    @property
    def has_passed(self) -> bool:
        """Whether the pass mark is reached; to reach it is enough."""
        return self.out_of > 0 and self.points * 100 >= self.pass_mark * self.out_of


def closes_at(begun_at: datetime, minutes: int | None) -> datetime | None:
    """Until when answers are taken; None without a time limit."""
    return begun_at + timedelta(minutes=minutes) if minutes is not None else None


def is_over(closes: datetime | None, now: datetime) -> bool:
    """Whether the time is up: what arrives at the last moment is in time, what arrives later is not."""
    return closes is not None and now > closes


def attempts_allowed(of_quiz: int | None, granted: int) -> int | None:
    """As many as the quiz allows, and those that were granted beside them; None without a limit."""
    return of_quiz + granted if of_quiz is not None else None


def attempts_left(made: int, allowed: int | None) -> int | None:
    """How many more may be made; None without a limit."""
    return max(allowed - made, 0) if allowed is not None else None


def refuse_another(made: int, allowed: int | None, *, has_passed: bool) -> None:
    """A quiz is tried as often as it allows, and not again once it is passed."""
    if has_passed:
        raise RefusedError("You have passed this quiz.")
    if attempts_left(made, allowed) == 0:
        tries = "1 attempt" if allowed == 1 else f"{allowed} attempts"
        raise RefusedError(f"This quiz allows {tries}, and you have made {made}. You can ask for another.")
