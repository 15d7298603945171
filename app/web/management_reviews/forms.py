"""The forms of a management review: their shape."""

from datetime import date

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.models.management_review import ManagementReview, ReviewTopic
from app.operations.conflict import stamp_of
from app.operations.management_reviews import LONGEST_TITLE, SAID, ReviewDetails
from app.web.assets.forms import chosen
from app.web.corrective_actions.taking import StepForm
from app.web.fields import DayField, JudgedField, TicksField, seen_version
from app.web.forms import PageForm

TEXT = 20_000
DAY = "Give the day, as 2027-03-14."
WHO = "Names and what they are, one a line. The names of people who are erased later are taken out."


class ReviewForm(PageForm):
    """What is said of a review beforehand."""

    version = HiddenField()
    title = StringField("Title", [Length(max=LONGEST_TITLE)], description="Such as Spring 2027.")
    held_on = DayField("Day", [InputRequired(DAY)], description="On which it is to be held.")
    period_starts_on = DayField(
        "Looks back to", [InputRequired(DAY)], description="What happened from then on is drawn from the data."
    )
    standards = TicksField(
        "Standards it serves",
        validate_choice=False,
        default=(),
        description="The agenda comes from them. Those of your certificates are ticked.",
    )
    chair = JudgedField("Chair")
    attendees = TextAreaField("Who sits in it", [Length(max=TEXT)], description=WHO, render_kw={"rows": 4})

    def offer(self, standards: list[str], people: list[tuple[int, str]]) -> None:
        """Fill the lists to choose from."""
        self.standards.choices = [(each, each) for each in standards]
        self.chair.choices = [("", "Nobody yet"), *((str(id_), name) for id_, name in people)]

    def tell(self, review: ManagementReview) -> None:
        """Show what is kept."""
        self.version.data = str(review.version)
        self.title.data, self.attendees.data = review.title, review.attendees
        self.held_on.data, self.period_starts_on.data = review.held_on, review.period_starts_on
        self.standards.data = review.standards.splitlines()
        self.chair.data = str(review.chair_id or "")

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> ReviewDetails:
        """What was typed."""
        held_on, starts_on = self.held_on.data, self.period_starts_on.data
        if not isinstance(held_on, date) or not isinstance(starts_on, date):
            raise TypeError("the form was not asked whether it is valid")
        return ReviewDetails(
            title=self.title.data or "",
            held_on=held_on,
            period_starts_on=starts_on,
            standards=tuple(self.standards.data or ()),
            chair_id=chosen(self.chair.data),
            attendees=self.attendees.data or "",
        )


class TopicForm(PageForm):
    """What was said to a point, and what was decided."""

    stamp = HiddenField()
    discussion = TextAreaField("Discussion", [Length(max=TEXT)], render_kw={"rows": 6})
    decision = TextAreaField(
        "Decision",
        [Length(max=TEXT)],
        description="What somebody is to do becomes an action of its own, with an owner and a day.",
        render_kw={"rows": 4},
    )

    def tell(self, topic: ReviewTopic) -> None:
        """Show what is kept."""
        self.stamp.data = stamp_of(topic, *SAID)
        self.discussion.data, self.decision.data = topic.discussion, topic.decision


class OwnTopicForm(StepForm):
    """A point of the organisation's own."""

    title = StringField("What the point is about", [InputRequired("Say what the point is about."), Length(max=200)])


class DecideForm(StepForm):
    """An action."""

    says = TextAreaField(
        "What is to be done", [InputRequired("Say what is to be done."), Length(max=TEXT)], render_kw={"rows": 3}
    )
    owner = JudgedField("Who does it", [InputRequired("Choose who does it.")])
    due_on = DayField("Due on", [InputRequired(DAY)])

    @property
    def owner_id(self) -> int | None:
        """Who does it."""
        return seen_version(self.owner.data)


class HoldForm(StepForm):
    """That it was held."""

    held_on = DayField("Held on", [InputRequired(DAY)])
    attendees = TextAreaField("Who sat in it", [Length(max=TEXT)], description=WHO, render_kw={"rows": 5})


class CloseForm(StepForm):
    """The conclusion."""

    conclusion = TextAreaField(
        "Conclusion",
        [Length(max=TEXT)],
        description="Whether the system still fits, suffices and works, and what is to change.",
        render_kw={"rows": 6},
    )


class CancelForm(StepForm):
    """Why it does not take place."""

    reason = TextAreaField("Why", [Length(max=TEXT)], render_kw={"rows": 3})
