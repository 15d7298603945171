"""The forms of the diary: their shape."""

from datetime import UTC, datetime

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.explained import RefusedError
from app.operations.support import Wanted
from app.web.corrective_actions.taking import StepForm
from app.web.fields import DayField, JudgedField, row_id, seen_version

TEXT = 20_000


class WriteUpForm(StepForm):
    """Where a session takes place, and what was said."""

    link = StringField(
        "Online at", [Length(max=500)], description="An address that begins with https://. A new one is told to both."
    )
    notes = TextAreaField("Notes", [Length(max=TEXT)], description="The client reads them too.", render_kw={"rows": 10})


class CallOffForm(StepForm):
    """Why a session cannot be given."""

    reason = TextAreaField("Why", [InputRequired("Say why: the client reads it."), Length(max=TEXT)])


class PutOffForm(StepForm):
    """To which slot a session is moved."""

    slot = JudgedField("Free slot", [InputRequired("Choose a slot.")])

    @property
    def wanted(self) -> Wanted:
        """The slot that was chosen; what says none is nobody's."""
        person, _, at = str(self.slot.data or "").partition(" ")
        try:
            starts_at = datetime.fromisoformat(at)
            if starts_at.tzinfo is not None and 2000 < starts_at.year < 9000:
                return Wanted(row_id(person), starts_at.astimezone(UTC))
        except ValueError:
            pass
        raise RefusedError("Choose a slot of the list.", "slot")


class ActionForm(StepForm):
    """What is to be done after a session."""

    says = TextAreaField("What is to be done", [InputRequired("Say what is to be done."), Length(max=TEXT)])
    owner = JudgedField("Who does it", [InputRequired("Choose who does it.")])
    due_on = DayField("Due on", [InputRequired("Give the day, as 2027-03-14.")])

    @property
    def owner_id(self) -> int:
        """Who does it; 0 for nobody."""
        return seen_version(self.owner.data) or 0
