"""The forms of who gives support: their shape."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.domain.subscription.support import WEEKDAYS, Hours, Terms, read_hours, write_hours, zone_names
from app.models.support import SupportPerson
from app.operations.support_people import PersonDetails
from app.web.corrective_actions.taking import StepForm
from app.web.fields import DayField, JudgedField, WholeField, seen_version
from app.web.forms import PageForm

DAYS = tuple(name.lower() for name in WEEKDAYS)
DAY = "Give the day, as 2027-03-14."


class PersonForm(PageForm):
    """How and when somebody gives support."""

    version = HiddenField()
    person = JudgedField("Who")
    time_zone = SelectField("Time zone", [InputRequired("Choose a time zone.")], validate_choice=False)
    minutes = WholeField("Minutes of a session", [InputRequired("Give how many.")])
    buffer_minutes = WholeField(
        "Minutes kept free before and after", [InputRequired("Give how many, perhaps 0.")], description="From 0 to 120."
    )
    notice_hours = WholeField(
        "Hours of notice",
        [InputRequired("Give how many, perhaps 0.")],
        description="So long before a session it is booked, moved or cancelled by the client at the latest.",
    )
    link = StringField(
        "Where sessions take place online",
        [Length(max=500)],
        description="An address that begins with https://. Each session may be given another.",
    )
    monday = StringField("Monday", [Length(max=200)])
    tuesday = StringField("Tuesday", [Length(max=200)])
    wednesday = StringField("Wednesday", [Length(max=200)])
    thursday = StringField("Thursday", [Length(max=200)])
    friday = StringField("Friday", [Length(max=200)])
    saturday = StringField("Saturday", [Length(max=200)])
    sunday = StringField("Sunday", [Length(max=200)])
    is_paused = BooleanField("Nothing more is booked with them", description="What is booked already stays.")

    def offer(self, people: Mapping[int, str]) -> None:
        """Fill the lists to choose from."""
        self.person.choices = [("", "Choose"), *((str(key), name) for key, name in people.items())]
        self.time_zone.choices = list(zone_names())

    def begin(self, time_zone: str) -> None:
        """What is usual."""
        self.time_zone.data = time_zone
        self.minutes.data, self.buffer_minutes.data, self.notice_hours.data = 45, 15, 24
        for name in DAYS[:5]:
            self[name].data = "09:00-12:00, 13:00-17:00"

    def tell(self, person: SupportPerson) -> None:
        """Show what is kept."""
        self.version.data, self.person.data = str(person.version), str(person.person_id)
        self.time_zone.data, self.minutes.data = person.time_zone, person.minutes
        self.buffer_minutes.data, self.notice_hours.data = person.buffer_minutes, person.notice_hours
        self.link.data, self.is_paused.data = person.link, person.is_paused
        kept = [Hours(each.weekday, each.starts_at, each.ends_at) for each in person.hours]
        for number, name in enumerate(DAYS):
            self[name].data = write_hours(each for each in kept if each.weekday == number)

    @property
    def week(self) -> list[Any]:
        """The fields of the hours, Monday first."""
        return [self[name] for name in DAYS]

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def person_id(self) -> int:
        """Who was chosen; 0 for nobody."""
        return seen_version(self.person.data) or 0

    @property
    def details(self) -> PersonDetails:
        """What was typed; raises `RefusedError` for hours that say none."""
        hours = [each for number, name in enumerate(DAYS) for each in read_hours(number, self[name].data or "", name)]
        terms = Terms(self.time_zone.data, self.minutes.data, self.buffer_minutes.data, self.notice_hours.data)
        return PersonDetails(terms, tuple(hours), (self.link.data or "").strip(), bool(self.is_paused.data))


class AbsenceForm(StepForm):
    """Days on which somebody gives no support."""

    first_on = DayField("First day", [InputRequired(DAY)])
    last_on = DayField("Last day", [InputRequired(DAY)])
    note = StringField("Note", [Length(max=200)], description="For your staff; clients see that nothing is free.")
