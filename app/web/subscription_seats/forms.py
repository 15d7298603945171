"""The forms of seats: their shape. What may be is the rules'."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.domain.subscription.seats import PoolSource, SeatKind
from app.models.seat import SeatPool
from app.operations.seat_pools import MOST_NOTE, PoolDetails
from app.operations.subscription_seats import MOST_AT_ONCE
from app.web.fields import LARGEST_ID, DayField, TicksField, WholeField, read_version
from app.web.forms import PageForm

KINDS = [(each.value, each.label) for each in SeatKind]


TYPED = ("version", "quantity", "counts_from", "source", "starts_on", "ends_on", "note")
"""What the form of a pool carries to the page of the order of suspension, and back."""


class PoolForm(PageForm):
    """What is said of a pool."""

    version = HiddenField()
    agreed = HiddenField()
    kind = SelectField("Kind", choices=KINDS, validators=[InputRequired("Choose the kind.")])
    source = SelectField(
        "How it came",
        choices=[(each.value, each.label) for each in PoolSource],
        validators=[InputRequired("Choose how it came.")],
    )
    quantity = WholeField(
        "Seats",
        validators=[InputRequired("Give how many.")],
        description="0 for a pool that was recorded by mistake: none is deleted.",
    )
    counts_from = DayField(
        "The changed number counts from",
        validators=[Optional()],
        description="Up to the day before, the former number counts. Empty: the new one counts all along.",
    )
    starts_on = DayField("First day", validators=[InputRequired("Give the first day.")])
    ends_on = DayField("Last day", validators=[Optional()], description="Empty: without end.")
    note = StringField(
        "Note",
        validators=[Optional(), Length(max=MOST_NOTE, message=f"At most {MOST_NOTE} characters.")],
        description="Such as the order or the plan.",
    )

    def tell(self, row: SeatPool) -> None:
        """Show what is kept."""
        self.version.data, self.source.data = str(row.version), row.source.value
        self.quantity.data, self.starts_on.data, self.ends_on.data = row.quantity, row.starts_on, row.ends_on
        self.note.data = row.note

    @property
    def seen(self) -> int:
        """The version that the visitor saw."""
        return read_version(self.version.data)

    def details(self, kind: SeatKind | None = None) -> PoolDetails:
        """What was typed; a pool that is there keeps its kind."""
        return PoolDetails(
            kind=kind or SeatKind(self.kind.data),
            source=PoolSource(self.source.data),
            quantity=self.quantity.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            note=self.note.data or "",
            counts_from=self.counts_from.data if "counts_from" in self else None,
        )


class AssignForm(PageForm):
    """Who gets a seat, and from when."""

    people = TicksField("Who is to have a seat", choices=[], validate_choice=False)
    from_on = DayField("First day", validators=[InputRequired("Give the first day.")])
    released_on = DayField(
        "Released on", validators=[Optional()], description="On this day it is free again. Empty: until it is released."
    )

    def validate_people(self, field: Any) -> None:
        """Only members hold seats; who they are, the operation looks up."""
        if len(field.data or ()) > MOST_AT_ONCE:
            raise ValidationError(f"At most {MOST_AT_ONCE} seats are assigned at once.")
        if not self.ticked:
            raise ValidationError("Tick who is to have a seat.")

    @property
    def ticked(self) -> list[int]:
        """Who is ticked, as far as it can be anybody."""
        return readable(self.people.data or ())[:MOST_AT_ONCE]


class ReleaseForm(PageForm):
    """When the seats are released."""

    day = DayField(
        "Released on",
        validators=[InputRequired("Give the day of the release.")],
        description="On this day they are free again, for somebody else.",
    )


def readable(said: Sequence[str]) -> list[int]:
    """The ids that are such at all, each once."""
    ids = [int(each) for each in said if each.isascii() and each.isdecimal() and len(each) < 11]
    return list(dict.fromkeys(each for each in ids if 0 < each <= LARGEST_ID))
