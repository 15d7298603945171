"""The form of an employee: its shape."""

from typing import Any

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.models.employee import Employee
from app.models.organisation import Site
from app.operations.employees import EmployeeDetails
from app.web.assets.forms import chosen, site_choices
from app.web.fields import DayField, seen_version
from app.web.forms import PageForm


class EmployeeForm(PageForm):
    """What is said of an employee."""

    version = HiddenField()
    number = StringField(
        "Number",
        validators=[InputRequired("Give the personnel number, or whatever tells people apart."), Length(max=40)],
        description="The personnel number: other registers are compared by it.",
    )
    name = StringField("Name", validators=[InputRequired("Give the name."), Length(max=200)])
    email = StringField("Email address", validators=[Length(max=254)], render_kw={"inputmode": "email"})
    department = StringField("Department", validators=[Length(max=120)])
    site = SelectField("Site", validate_choice=False)
    person = SelectField(
        "Member", validate_choice=False, description="Who also signs in here: the member that they are."
    )
    left_on = DayField(
        "Left on", validators=[Optional()], description="The first day on which they no longer work here."
    )

    def offer(self, sites: list[Site], members: list[tuple[int, str]]) -> None:
        """Fill the lists to choose from."""
        self.site.choices = site_choices(sites)
        self.person.choices = [("", "Does not sign in"), *((str(id_), name) for id_, name in members)]

    def tell(self, row: Employee) -> None:
        """Show what is kept."""
        self.version.data = str(row.version)
        for name in ("number", "name", "email", "department", "left_on"):
            self[name].data = getattr(row, name)
        self.site.data, self.person.data = str(row.site_id or ""), str(row.person_id or "")

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> EmployeeDetails:
        """What was typed."""
        said: dict[str, Any] = {name: self[name].data or "" for name in ("number", "name", "email", "department")}
        return EmployeeDetails(
            **said,
            site_id=chosen(self.site.data),
            person_id=chosen(self.person.data),
            left_on=self.left_on.data,
        )
