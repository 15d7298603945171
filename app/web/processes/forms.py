"""The form of a process: its shape."""

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.models.process import Process
from app.operations.processes import ProcessDetails
from app.web.assets.forms import chosen
from app.web.fields import JudgedField, TicksField, seen_version
from app.web.forms import PageForm
from app.web.points import PointsField


class ProcessForm(PageForm):
    """What is said of a process."""

    version = HiddenField()
    name = StringField("Name", [InputRequired("Give the process a name."), Length(max=200)])
    purpose = TextAreaField("Purpose", [Length(max=20_000)], render_kw={"rows": 3})
    owner = JudgedField("Owner", description="Who answers for it, and so does not audit it.")
    performers = TicksField(
        "People who work in it", validate_choice=False, description="They do not audit it either.", default=()
    )
    clauses = PointsField(
        "Clauses it serves", description="Its owner does not audit these clauses. Ticking one takes all below it."
    )

    def offer(self, people: list[tuple[int, str]]) -> None:
        """Fill the lists to choose from."""
        named = [(str(id_), name) for id_, name in people]
        self.owner.choices = [("", "Nobody yet"), *named]
        self.performers.choices = named

    def tell(self, row: Process) -> None:
        """Show what is kept."""
        self.version.data = str(row.version)
        self.name.data, self.purpose.data, self.owner.data = row.name, row.purpose, str(row.owner_id or "")
        self.performers.data = [str(each.person_id) for each in row.performers]
        self.clauses.tell((each.standard, each.clause) for each in row.clauses)

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> ProcessDetails:
        """What was typed."""
        return ProcessDetails(
            name=self.name.data or "",
            purpose=self.purpose.data or "",
            owner_id=chosen(self.owner.data),
            performers=frozenset(chosen(each) or 0 for each in self.performers.data or ()),
            clauses=self.clauses.chosen,
        )
