"""Fields that several forms share: a day refused in words, ticks of a list, a choice that the rules judge."""

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.explained import RefusedError

LARGEST_ID = 2**31 - 1
MOST_PAGES = 100_000
MOST_DIGITS = 12


def row_id(value: Any) -> int:
    """The id of a row; raises `ValueError` for what can be none."""
    number = int(value)
    if not 0 < number <= LARGEST_ID:
        raise ValueError("no id of a row")
    return number


def seen_version(value: str | None) -> int | None:
    """The version of a row that a form was filled in for; None where it says none."""
    try:
        return row_id(value)
    except (TypeError, ValueError):
        return None


def read_version(value: str | None) -> int:
    """The version of the row that a form was opened with; who cannot say which is refused: it could be an old one."""
    version = seen_version(value)
    if version is None:
        raise RefusedError(
            "Nothing was saved: it could not be read which state of this you had open. Open the page again."
        )
    return version


def asked_page() -> int:
    """The page of a list that the address asks for, from 1."""
    return min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)


class DayField(DateField):  # type: ignore[misc]
    """A date; what is no day of the calendar is refused in words, and what was typed stays."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("There is no such day. Write it as 2027-03-14.") from None


class WholeField(IntegerField):  # type: ignore[misc]
    """A whole number; one that is longer than any that is kept is refused in words, and what was typed stays."""

    data: Any

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        said = valuelist[0].strip() if valuelist else ""
        self.data = None
        if len(said) > MOST_DIGITS:
            raise ValueError("That is more than can be kept.")
        if not said:
            return
        try:
            number = int(said)
        except ValueError:
            raise ValueError(f"“{said}” is no whole number. Write a whole number, such as 25.") from None
        if abs(number) > LARGEST_ID:
            raise ValueError("That is more than can be kept.")
        self.data = number


class TicksField(SelectMultipleField):  # type: ignore[misc]
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class JudgedField(SelectField):  # type: ignore[misc]
    """One of a list; a value that is not on it is left for the operation to refuse, in the rule's words."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, validate_choice=False, **options)


class DayOrderField(SelectField):  # type: ignore[misc]
    """What 01/02/2026 means in a file."""

    def __init__(self, label: str = "In 01/02/2026", validators: Any = None, **options: Any) -> None:
        choices = [
            ("", "Refuse it: it can be two days"),
            ("day-first", "The day is first"),
            ("month-first", "The month is first"),
        ]
        super().__init__(label, validators, choices=choices, default="", **options)
