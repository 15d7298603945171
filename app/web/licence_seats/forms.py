"""The forms of seats: who gets one and for which days, and the last day of those that are checked in."""

import re
from typing import Any

from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.operations.seats import MOST_AT_ONCE, MOST_NOTE, Holder
from app.web.fields import LARGEST_ID, DayField, TicksField
from app.web.forms import PageForm

_KEY = re.compile(r"(person|device)-(\d{1,10})", re.ASCII)


def readable(key: str) -> bool:
    """Whether it names a person or a device at all."""
    found = _KEY.fullmatch(key)
    return found is not None and 0 < int(found[2]) <= LARGEST_ID


class CheckOutForm(PageForm):
    """Who gets a seat, from when until when."""

    holders = TicksField("Who is to have a seat", choices=[], validate_choice=False)
    starts_on = DayField("First day", validators=[InputRequired("Give the first day.")])
    ends_on = DayField("Last day", validators=[Optional()], description="Empty: until it is checked in.")
    note = StringField(
        "Note", validators=[Optional(), Length(max=MOST_NOTE, message=f"At most {MOST_NOTE} characters.")]
    )

    def validate_holders(self, field: Any) -> None:
        """Only people and devices hold seats; who they are, the operation looks up."""
        if len(field.data or ()) > MOST_AT_ONCE:
            raise ValidationError(f"At most {MOST_AT_ONCE} seats are checked out at once.")
        if not self.ticked:
            raise ValidationError("Tick who is to have a seat.")

    @property
    def ticked(self) -> list[str]:
        """What is ticked, as far as it can be anybody."""
        return [key for key in dict.fromkeys(self.holders.data or ()) if readable(key)][:MOST_AT_ONCE]

    @property
    def asked_holders(self) -> list[Holder]:
        """Who is ticked."""
        return [
            Holder(employee_id=int(key[7:])) if key.startswith("person") else Holder(asset_id=int(key[7:]))
            for key in self.ticked
        ]


class CheckInForm(PageForm):
    """When the seats are given back."""

    last_day = DayField(
        "Last day",
        validators=[InputRequired("Give the last day on which they are held.")],
        description="They are held through this day, and free from the day after.",
    )
