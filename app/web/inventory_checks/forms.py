"""The forms of an inventory check: their shape."""

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.inventory import Difference, Resolution, back_to, resolutions_of
from app.models.inventory_check import InventoryLine
from app.models.organisation import Site
from app.operations.inventory_checks import ResolutionDetails
from app.web.assets.forms import chosen, site_choices
from app.web.fields import JudgedField
from app.web.forms import PageForm

MOST_TYPED = 400_000


class StartForm(PageForm):
    """Where and what is counted."""

    title = StringField("Title", validators=[Length(max=200)], description="Such as: yearly count of the store.")
    site = SelectField("Site", validate_choice=False, description="What the register has there is expected.")
    kind = JudgedField(
        "Kind",
        choices=[("", "Hardware, data media and documents"), *((each.value, each.label) for each in AssetKind)],
    )

    def offer(self, sites: list[Site]) -> None:
        """Fill the lists to choose from."""
        self.site.choices = site_choices(sites, "Everywhere")

    @property
    def site_id(self) -> int | None:
        """The site that was chosen."""
        return chosen(self.site.data)

    @property
    def wanted_kind(self) -> AssetKind | None:
        """The kind that was chosen; None for all that can be counted."""
        return next((each for each in AssetKind if each.value == self.kind.data), None)


class CountForm(PageForm):
    """One tag after another, or many at once."""

    tags = TextAreaField(
        "Tags",
        validators=[InputRequired("Type or scan a tag."), Length(max=MOST_TYPED)],
        description="Type or scan one tag after another; each on a line of its own. A list can be pasted.",
        render_kw={
            "rows": 3,
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
            "data-scan": "",
        },
    )


class TagForm(PageForm):
    """One tag that was counted by mistake."""

    tag = HiddenField()


class ResolveForm(PageForm):
    """What is done about a difference."""

    resolution = SelectField("What is done about it", validate_choice=False)
    site = SelectField("It is at", validate_choice=False, description="Where the register is to have it.")
    status = SelectField("It becomes", validate_choice=False)
    name = StringField("Name", validators=[Length(max=200)], description="Of the asset that is recorded.")
    kind = SelectField(
        "Kind", choices=[(each.value, each.label) for each in AssetKind], default=AssetKind.HARDWARE.value
    )
    note = TextAreaField(
        "Reason",
        validators=[Length(max=2000)],
        description="The journal keeps it.",
        render_kw={"rows": 2},
    )

    def offer(self, line: InventoryLine, sites: list[Site]) -> None:
        """Leave what fits the difference of the line."""
        status = line.asset.status if line.asset else None
        difference = line.difference or Difference.MISSING
        self.resolution.choices = [(each.value, each.label) for each in resolutions_of(difference, status)]
        if difference is Difference.MISSING:
            self.site.choices = site_choices(sites, "Choose where it is")
        else:
            del self.site
        if difference is Difference.NOT_EXPECTED and status is not None and back_to(status):
            self.status.choices = [(each.value, each.label) for each in back_to(status)]
        else:
            del self.status
        if difference is not Difference.UNKNOWN:
            for unasked in ("name", "kind"):
                if unasked in self:
                    del self[unasked]

    @property
    def details(self) -> ResolutionDetails | None:
        """What was chosen; None where no resolution was."""
        resolution = next((each for each in Resolution if each.value == self.resolution.data), None)
        if resolution is None:
            return None
        status = self.status.data if "status" in self else None
        kind = self.kind.data if "kind" in self else None
        return ResolutionDetails(
            resolution=resolution,
            note=self.note.data or "",
            site_id=chosen(self.site.data) if "site" in self else None,
            status=next((each for each in AssetStatus if each.value == status), None),
            name=(self.name.data or "") if "name" in self else "",
            kind=next((each for each in AssetKind if each.value == kind), AssetKind.HARDWARE),
        )


class ResolveTogetherForm(ResolveForm):
    """What is done about several differences of one kind at once."""

    name = None
    kind = None

    def offer_together(self, lines: list[InventoryLine], sites: list[Site]) -> None:
        """Leave what fits every one of the lines; an unknown asset is recorded by itself, for it needs a name."""
        self.offer(lines[0], sites)
        fits = [set(dict(self._fitting(line))) for line in lines]
        common = set.intersection(*fits) - {Resolution.RECORDED.value}
        self.resolution.choices = [each for each in self._fitting(lines[0]) if each[0] in common]
        if "status" in self:
            back = set.intersection(*({*back_to(line.asset.status)} if line.asset else set() for line in lines))
            self.status.choices = [(each.value, each.label) for each in AssetStatus if each in back]

    def _fitting(self, line: InventoryLine) -> list[tuple[str, str]]:
        status = line.asset.status if line.asset else None
        return [(each.value, each.label) for each in resolutions_of(line.difference or Difference.MISSING, status)]
