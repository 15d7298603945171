"""The form of a new calendar address."""

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.web.forms import PageForm


class SubscribeForm(PageForm):
    """What a calendar program is to be shown."""

    name = StringField(
        "Name",
        [InputRequired("Give the address a name, such as the calendar it is for."), Length(max=100)],
        description="So that you know later which calendar uses it: Phone, Outlook at work.",
    )
    only_mine = BooleanField("Only audits that I am in the team of")
    certificate = SelectField("Certificate", description="All certificates, or one of them.")
    with_limits = BooleanField("Limits, as all-day events with their reasons", default=True)
    with_alarms = BooleanField("Reminders before audits and limits", default=True)
