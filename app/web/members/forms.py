"""The forms for members and invitations."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, EmailField, HiddenField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.permission import Role
from app.domain.subscription.seats import SeatKind
from app.web.fields import DayOrderField, TicksField
from app.web.forms import PageForm

NEEDED = InputRequired("This is needed.")
DOES = {
    Role.QUALITY_MANAGER: "records certificates, lays out and moves audits, authorises changes",
    Role.AUDITOR: "works on the audits they are assigned to",
    Role.ASSET_MANAGER: "keeps assets, software and licences; reconciles them with other registers",
    Role.STAFF: "sees what is their own, and asks for changes",
    Role.ASSESSOR: "reads the audits they are invited to, until a day",
    Role.ADMINISTRATOR: "members, settings, journal",
    Role.PROVIDER_STAFF: "plans sold to clients, invoices, support",
}


class RolesField(SelectMultipleField):  # type: ignore[misc]
    """Check boxes, one a role, with what it is for."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str = "", validators: Any = None, **options: Any) -> None:
        choices = [SelectChoice(role.value, f"{role.label}: {DOES[role]}") for role in Role]
        super().__init__(label, validators, choices=choices, **options)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles chosen."""
        return frozenset(Role(value) for value in self.data or ())


def _roles() -> RolesField:
    return RolesField("Roles", [InputRequired("Choose at least one role.")])


def _access_until() -> DateField:
    says = "For an external assessor: the last day on which they may look in."
    return DateField("Access until", [Optional()], description=says)


class RolesForm(PageForm):
    """What a member is."""

    seen = HiddenField()
    roles = _roles()
    access_until = _access_until()
    owns_system = BooleanField(
        "Owns the management system",
        description="They sign the reports of internal audits beside the lead auditor. It grants nothing else.",
    )


class InviteForm(PageForm):
    """Whom to invite, and as what."""

    email = EmailField("Email address", [NEEDED, Length(max=254)], render_kw={"autocomplete": "off"})
    name = StringField("Name", [NEEDED, Length(max=200)], render_kw={"autocomplete": "off"})
    roles = _roles()
    access_until = _access_until()
    seats = TicksField(
        "Seats",
        [Optional()],
        choices=[],
        description="Only one that is free today can be offered. They have it from the day on which they accept; where "
        "it was given to somebody else meanwhile, they wait for one.",
    )

    def offer(self, kinds: Iterable[tuple[SeatKind, int]]) -> None:
        """The kinds of seats that are counted, with how many are free today; without any there is nothing to tick."""
        self.seats.choices = [(kind.value, f"{kind.label} ({free} free today)") for kind, free in kinds]
        if not self.seats.choices:
            del self.seats

    @property
    def offered(self) -> list[SeatKind]:
        """The kinds ticked."""
        return [SeatKind(each) for each in self.seats.data or ()] if "seats" in self else []


class ImportForm(PageForm):
    """A file of people."""

    file: Any = FileField(
        "File",
        [InputRequired("Choose a file.")],
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx"},
        description="CSV or XLSX with a column for E-mail, and others for Name, Roles (such as “Auditor; Staff”), "
        "Seats (“LMS; Audit-manager”) and Access until. For members an empty cell changes nothing.",
    )
    day_order = DayOrderField()
