"""The forms of the settings. What a form looks like stands here; what it may say, the operations know."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.certification.choices import CHOICES
from app.domain.certification.facts import (
    AuditDate,
    CycleSettings,
    Expiry,
    LateStage2,
    RecertificationYear,
    SecondSurveillance,
)
from app.models.organisation import BlackoutPeriod, Organisation, OwnEdition, Site
from app.operations.own_editions import EditionDetails
from app.operations.places import countries, subdivisions, time_zones
from app.operations.sites import SiteDetails
from app.web.fields import DayField, JudgedField, WholeField
from app.web.forms import PageForm

NEEDED = InputRequired("This is needed.")
NAME = Length(max=200, message="At most 200 characters.")


class SeenForm(PageForm):
    """A form that carries which version of a row its reader saw."""

    seen = HiddenField()


class PlaceForm(SeenForm):
    """Where: country, a part of it that keeps holidays of its own, time zone."""

    country = JudgedField("Country", [NEEDED], description="Whose public holidays are kept free of audits.")
    subdivision = StringField(
        "State or region",
        [Optional(), Length(max=10, message="At most 10 characters.")],
        description="Where it keeps public holidays of its own, by its code: BY for Bavaria, SCT for Scotland.",
    )
    time_zone = JudgedField("Time zone", [NEEDED])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country.choices = [("", "Choose"), *((code, name) for code, name in countries().items())]
        self.time_zone.choices = [("", "Choose"), *((zone, zone.replace("_", " ")) for zone in time_zones())]
        for field, known in ((self.country, countries()), (self.time_zone, time_zones())):
            if field.data and field.data not in known:
                field.choices = [*field.choices, (field.data, field.data)]
        parts = subdivisions(self.country.data or "")
        if parts:
            self.subdivision.description += f" Here: {', '.join(parts)}."

    @property
    def part(self) -> str | None:
        """The part of the country, if any."""
        return (self.subdivision.data or "").strip().upper() or None


class OrganisationForm(PlaceForm):
    """What an organisation says of itself."""

    name = StringField("Name", [NEEDED, NAME])
    internal_plan_starts_on = DayField(
        "Internal audits count from",
        [Optional()],
        description="Every six months from this day there is an internal audit in the plan.",
    )
    requires_second_factor = BooleanField(
        "Every member signs in with a second factor",
        description="Whoever has none is asked to set one up before anything of the organisation is shown.",
    )

    def tell(self, row: Organisation) -> None:
        self.seen.data = str(row.version)
        for name in _ORGANISATION:
            self[name].data = getattr(row, name)

    @property
    def details(self) -> dict[str, Any]:
        return {name: self[name].data for name in _ORGANISATION} | {"subdivision": self.part}


_ORGANISATION = (
    "name",
    "country",
    "subdivision",
    "time_zone",
    "requires_second_factor",
    "internal_plan_starts_on",
)


class SiteForm(PlaceForm):
    """A site."""

    name = StringField("Name", [NEEDED, NAME])
    address = TextAreaField("Address", [Optional(), Length(max=1000, message="At most 1000 characters.")])
    is_central = BooleanField(
        "Central function",
        description="The site from which the management system is run. There is one, and it is audited yearly.",
    )
    time_zone = JudgedField(
        "Time zone", [Optional()], description="Left open, it is that of the country, where it has a single one."
    )
    closed_on = DayField("Closed from", [Optional()], description="From this day on no audit is planned here.")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.time_zone.choices = [("", "That of the country"), *self.time_zone.choices[1:]]

    def tell(self, row: Site) -> None:
        for name in ("name", "address", "country", "subdivision", "time_zone", "is_central", "closed_on"):
            self[name].data = getattr(row, name)

    @property
    def details(self) -> SiteDetails:
        return SiteDetails(
            self.name.data,
            self.address.data or "",
            self.country.data,
            self.part,
            self.time_zone.data,
            bool(self.is_central.data),
            self.closed_on.data if "closed_on" in self else None,
        )


class BlackoutForm(SeenForm):
    """Days on which no audit is wanted."""

    name = StringField("Name", [NEEDED, NAME], description="What happens then: year end, stock count, works holiday.")
    starts_on = DayField("First day", [NEEDED])
    ends_on = DayField("Last day", [NEEDED])
    site_id = JudgedField("Where", [Optional()])

    def offer(self, sites: list[Site]) -> None:
        self.site_id.choices = [("", "Everywhere"), *((str(site.id), site.name) for site in sites)]

    def tell(self, row: BlackoutPeriod) -> None:
        self.name.data, self.starts_on.data, self.ends_on.data = row.name, row.starts_on, row.ends_on
        self.site_id.data = str(row.site_id) if row.site_id is not None else ""

    @property
    def details(self) -> dict[str, Any]:
        chosen = self.site_id.data or ""
        return {
            "name": self.name.data,
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "site_id": None if not chosen else int(chosen) if chosen.isdecimal() else -1,
        }


class EditionForm(SeenForm):
    """One's own word on an edition."""

    standard = StringField("Standard", [NEEDED, Length(max=80)], description="Without its edition: ISO/IEC 27001.")
    edition = StringField("Edition", [NEEDED, Length(max=20)], description="2022.")
    discipline = StringField("Discipline", [Optional(), Length(max=120)], description="Information security.")
    deadline = DayField(
        "Ends on", [Optional()], description="The last day of certificates to this edition. Empty: no end is known."
    )
    no_new_or_recert_after = DayField(
        "Last day of new certifications and renewals",
        [Optional()],
        description="A stage 2 or recertification audit to this edition ends on this day at the latest.",
    )
    source = TextAreaField(
        "Source",
        [Optional(), Length(max=1000)],
        description="Who set these days: a transition document, a letter of the certification body.",
    )

    def tell(self, row: OwnEdition) -> None:
        for name in ("standard", "edition", "discipline", "deadline", "no_new_or_recert_after", "source"):
            self[name].data = getattr(row, name)

    @property
    def details(self) -> EditionDetails:
        return EditionDetails(
            self.standard.data,
            self.edition.data,
            self.discipline.data or "",
            self.deadline.data,
            self.no_new_or_recert_after.data,
            self.source.data or "",
        )


def _field(name: str) -> Any:
    choice = next(each for each in CHOICES if each.name == name)
    if choice.months:
        least, most = choice.months
        limits = NumberRange(least, most, f"From {least} to {most} months.")
        return WholeField(f"{choice.label}, in months", [NEEDED, limits])
    return RadioField(choice.label, [NEEDED], choices=list(choice.options))


class RulesForm(SeenForm):
    """Where the standards leave room."""

    previewed = HiddenField()
    expiry = _field("expiry")
    audit_date = _field("audit_date")
    recertification_year = _field("recertification_year")
    second_surveillance = _field("second_surveillance")
    max_early_months = _field("max_early_months")
    suspension_months = _field("suspension_months")
    restoration_months = _field("restoration_months")
    restore_after_edition_deadline = _field("restore_after_edition_deadline")
    long_gap_months = _field("long_gap_months")
    stage_interval_months = _field("stage_interval_months")
    late_stage_2 = _field("late_stage_2")

    def tell(self, row: Organisation) -> None:
        self.seen.data = str(row.version)
        for choice in CHOICES:
            value = getattr(row, choice.name)
            self[choice.name].data = ("yes" if value else "no") if isinstance(value, bool) else value

    @property
    def settings(self) -> CycleSettings:
        return CycleSettings(
            expiry=Expiry(self.expiry.data),
            audit_date=AuditDate(self.audit_date.data),
            recertification_year=RecertificationYear(self.recertification_year.data),
            second_surveillance=SecondSurveillance(self.second_surveillance.data),
            max_early_months=self.max_early_months.data,
            suspension_months=self.suspension_months.data,
            restoration_months=self.restoration_months.data,
            restore_after_edition_deadline=self.restore_after_edition_deadline.data == "yes",
            long_gap_months=self.long_gap_months.data,
            stage_interval_months=self.stage_interval_months.data,
            late_stage_2=LateStage2(self.late_stage_2.data),
        )


__all__ = ["BlackoutForm", "EditionForm", "OrganisationForm", "RulesForm", "SiteForm"]
