"""Questions of a quiz: their kinds, and what each must have before it can be put and marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from app.domain.explained import Refusals, RefusedError

MOST_OPTIONS = 12
MOST_POINTS = 100
LONGEST_OPTION = 500
LARGEST_NUMBER = Decimal(10) ** 9
MOST_DECIMALS = 6


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true-false"
    MATCHING = "matching"
    ORDERING = "ordering"
    NUMBER = "number"
    SHORT_TEXT = "short-text"

    @property
    def label(self) -> str:
        return {
            QuestionKind.SINGLE: "Single choice",
            QuestionKind.MULTIPLE: "Multiple choice",
            QuestionKind.TRUE_FALSE: "True or false",
            QuestionKind.SHORT_TEXT: "Short text",
        }.get(self, self.value.capitalize())

    @property
    def has_right_options(self) -> bool:
        """Whether some of its options are right and others wrong."""
        return self in (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE)


TRUE, FALSE = "True", "False"


@dataclass(frozen=True, slots=True)
class OptionShape:
    """A line of a question: a choice, a pair, a step in its right place, or a spelling that is accepted."""

    text: str
    is_right: bool = False
    match: str = ""
    """What a pair's left side goes with."""


@dataclass(frozen=True, slots=True)
class QuestionShape:
    """A question as its author wrote it.

    Of an ordering the options stand in the right order; of a short text they are the accepted spellings.
    """

    kind: QuestionKind
    text: str
    points: int = 1
    options: tuple[OptionShape, ...] = ()
    number: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    """The answer may be so far from the number, on either side."""


MOST_DIGITS = 20
"""More digits before or behind the point than any number that is meant."""


def read_number(said: str) -> Decimal | None:
    """A number as a person writes it: a decimal point or comma, spaces between thousands; None for anything else."""
    plain = "".join(said.split()).replace("\u2212", "-")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    # How large it is comes first: nothing can be computed with a number of a million digits.
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS or abs(number) >= LARGEST_NUMBER:
        return None
    return number if number == round(number, MOST_DECIMALS) else None


def say_number(number: Decimal) -> str:
    """A number without the zeros that a database adds behind its decimals."""
    return f"{number.normalize():f}"


def plain_spelling(said: str) -> str:
    """What two spellings have in common that count as one: neither case nor spaces matter."""
    return " ".join(said.split()).casefold()


def refuse_question(question: QuestionShape) -> None:
    """A question has a text, points, and what its kind is marked by."""
    all_refused = Refusals()
    with all_refused.noted():
        if not question.text.strip():
            raise RefusedError("Write the question.", "text")
    with all_refused.noted():
        if not 1 <= question.points <= MOST_POINTS:
            raise RefusedError(f"A question gives 1 to {MOST_POINTS} points.", "points")
    with all_refused.noted():
        _refuse_answers(question)
    all_refused.tell()


def _refuse_answers(question: QuestionShape) -> None:
    kind, options = question.kind, question.options
    if kind is QuestionKind.NUMBER:
        if question.number is None:
            raise RefusedError("Write the number that is right.", "number")
        if question.tolerance < 0:
            raise RefusedError("A tolerance is zero or more.", "tolerance")
        return
    if len(options) > MOST_OPTIONS:
        raise RefusedError(f"A question has {MOST_OPTIONS} lines at most.", "options")
    if any(not each.text.strip() for each in options):
        raise RefusedError("A line without a text cannot be chosen.", "options")
    if any(max(len(each.text), len(each.match)) > LONGEST_OPTION for each in options):
        raise RefusedError(f"A line has {LONGEST_OPTION} characters at most.", "options")
    if kind is QuestionKind.SHORT_TEXT:
        if not options:
            raise RefusedError("Write at least one spelling that is accepted.", "options")
        return
    if len(options) < 2:
        raise RefusedError("Write at least two lines.", "options")
    _refuse_twice([each.text for each in options])
    right = sum(each.is_right for each in options)
    if kind in (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE) and right != 1:
        raise RefusedError("Mark the one line that is right.", "options")
    if kind is QuestionKind.TRUE_FALSE and {each.text for each in options} != {TRUE, FALSE}:
        raise RefusedError("The lines are True and False.", "options")
    if kind is QuestionKind.MULTIPLE and not right:
        raise RefusedError("Mark at least one line that is right.", "options")
    if kind is QuestionKind.MATCHING:
        if any(not each.match.strip() for each in options):
            raise RefusedError("Each line needs what it goes with.", "options")
        _refuse_twice([each.match for each in options])


def _refuse_twice(texts: Sequence[str]) -> None:
    """Two lines that read the same cannot be told apart."""
    seen: set[str] = set()
    for each in texts:
        plain = plain_spelling(each)
        if plain in seen:
            raise RefusedError(f"“{each.strip()}” stands there twice: nobody could tell which is meant.", "options")
        seen.add(plain)
