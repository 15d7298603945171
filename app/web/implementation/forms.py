"""The forms of implementations: their shape."""

from collections.abc import Mapping, Sequence

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from app.domain.implementation.plan import USUAL_DAYS, Step
from app.models.implementation import ImplementationTask
from app.operations.implementations import LONGEST_TITLE, TaskDetails, Wish
from app.web.corrective_actions.taking import StepForm
from app.web.fields import DayField, JudgedField, TicksField, WholeField, seen_version

DAY = "Give the day, as 2027-03-14."


class LayOutForm(StepForm):
    """What an implementation is laid out from. What was shown is sent along: only that is kept."""

    shown = HiddenField()
    standard = JudgedField("Standard", [InputRequired("Choose a standard.")])
    certificate = JudgedField(
        "Certificate whose stage 1 it leads to", description="Its stage 1 is watched, if one is planned."
    )
    starts_on = DayField("First day", [InputRequired(DAY)])
    days = WholeField(
        "Days", [InputRequired("Give how many.")], default=USUAL_DAYS, description="Calendar days, from 1 to 366."
    )

    def offer(self, standards: Sequence[str], certificates: Sequence[tuple[int, str, str]]) -> None:
        """Fill the lists to choose from."""
        self.standard.choices = [("", "Choose"), *((each, each) for each in standards)]
        named = [(str(id_), f"{reference}, {standard}") for id_, reference, standard in certificates]
        self.certificate.choices = [("", "None"), *named]

    @property
    def wish(self) -> Wish:
        """What was chosen."""
        chosen = seen_version(self.certificate.data) if self.certificate.data else None
        return Wish(self.standard.data or "", self.starts_on.data, self.days.data, chosen)

    @property
    def stamp(self) -> str:
        """What a preview was shown of."""
        return repr(self.wish)


class TaskForm(StepForm):
    """What is said of a task."""

    title = StringField("What is to be done", [InputRequired("Say what is to be done."), Length(max=LONGEST_TITLE)])
    step = JudgedField("Step")
    owner = JudgedField("Owner")
    starts_on = DayField("First day", [InputRequired(DAY)])
    due_on = DayField("Last day", [InputRequired(DAY)])
    after = TicksField("It waits for", validate_choice=False)

    def offer(self, people: Sequence[tuple[int, str]], others: Mapping[int, str]) -> None:
        """Fill the lists to choose from."""
        self.step.choices = [(each.value, each.label) for each in Step]
        self.owner.choices = [("", "Nobody yet"), *((str(id_), name) for id_, name in people)]
        self.after.choices = [(str(id_), title) for id_, title in others.items()]

    def tell(self, task: ImplementationTask) -> None:
        """Show what is kept."""
        self.title.data, self.step.data = task.title, task.step.value
        self.owner.data = str(task.owner_id or "")
        self.starts_on.data, self.due_on.data = task.starts_on, task.due_on
        self.after.data = [str(each.after_id) for each in task.waits]

    @property
    def details(self) -> TaskDetails:
        """What was typed."""
        step = next((each for each in Step if each.value == self.step.data), Step.MANUALS)
        after = tuple(seen_version(each) or 0 for each in self.after.data or ())
        owner = (seen_version(self.owner.data) or 0) if self.owner.data else None
        return TaskDetails(step, self.title.data or "", self.starts_on.data, self.due_on.data, owner, after)
