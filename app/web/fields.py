"""Fields that several forms share: a day refused in words, ticks of a list, a choice that the rules judge."""

from collections.abc import Sequence
from typing import Any

from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class DayField(DateField):  # type: ignore[misc]
    """A date; what is no day of the calendar is refused in words, and what was typed stays."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("There is no such day. Write it as 2027-03-14.") from None


class TicksField(SelectMultipleField):  # type: ignore[misc]
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class JudgedField(SelectField):  # type: ignore[misc]
    """One of a list; a value that is not on it is left for the operation to refuse, in the rule's words."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, validate_choice=False, **options)
