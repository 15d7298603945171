"""The forms of a client's support sessions: their shape."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.web.corrective_actions.taking import StepForm

TEXT = 5_000


class BookForm(StepForm):
    """What a session is to be about."""

    agenda = TextAreaField(
        "Agenda",
        [InputRequired("Say what the session is to be about."), Length(max=TEXT)],
        description="What you want to talk through, so that it can be prepared. Both sides have it in their calendars.",
        render_kw={"rows": 5},
    )


class CancelForm(StepForm):
    """Why a session does not take place."""

    reason = TextAreaField("Why", [Length(max=TEXT)], render_kw={"rows": 3})
