"""The forms of an asset: their shape. What an asset may be is the rules'."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.itam.asset import NEXT, AssetKind, AssetStatus, Criticality
from app.domain.itam.ownership import Duty, OwnershipKind
from app.domain.money import amount_of
from app.models.asset import Asset
from app.models.organisation import Site
from app.operations.assets import AssetDetails
from app.operations.ownerships import Holder, OwnershipDetails
from app.web.fields import DayField, WholeField, row_id, seen_version
from app.web.forms import PageForm

TEXT = 20_000
BY_NUMBER = "The personnel number, or the name where one alone has it."


def _choices(kind: Any) -> list[tuple[str, str]]:
    return [(each.value, each.label) for each in kind]


def site_choices(sites: list[Site], none: str = "No site") -> list[tuple[str, str]]:
    """The sites to choose from."""
    return [("", none), *((str(each.id), each.name) for each in sites)]


def chosen(value: str | None) -> int | None:
    """The id that was chosen; -1, which is nobody's, for what can be no id."""
    if not value:
        return None
    try:
        return row_id(value)
    except ValueError:
        return -1


class AssetForm(PageForm):
    """What is said of an asset."""

    version = HiddenField()
    tag = StringField(
        "Tag",
        validators=[InputRequired("An asset has a tag: what stands on its label."), Length(max=40)],
        description="What stands on its label. No two assets have the same.",
        render_kw={"autocomplete": "off"},
    )
    name = StringField("Name", validators=[InputRequired("An asset has a name."), Length(max=200)])
    kind = SelectField("Kind", choices=_choices(AssetKind))
    criticality = SelectField("Criticality", choices=_choices(Criticality), default=Criticality.MEDIUM.value)
    maker = StringField("Maker", validators=[Length(max=120)])
    model = StringField("Model", validators=[Length(max=120)])
    serial = StringField("Serial number", validators=[Length(max=120)])
    site = SelectField("Site", validate_choice=False)
    custodian = StringField(
        "Custodian",
        validators=[Length(max=200)],
        description=BY_NUMBER,
        render_kw={"list": "employees", "autocomplete": "off"},
    )
    in_scope = BooleanField("The ITAM system covers it", default=True)
    scope_reason = StringField(
        "Reason of the scope",
        validators=[Length(max=2000)],
        description="Needed where the ITAM system does not cover it.",
    )
    cost = StringField(
        "Cost", validators=[Length(max=40)], description="As 1250.50.", render_kw={"inputmode": "decimal"}
    )
    currency = StringField("Currency", validators=[Length(max=3)], description="Three letters, such as EUR.")
    supplier = StringField("Supplier", validators=[Length(max=200)])
    purchase_order = StringField("Purchase order", validators=[Length(max=80)])
    purchased_on = DayField("Purchased on", validators=[Optional()])
    warranty_ends_on = DayField("Warranty ends on", validators=[Optional()], description="Its last day.")
    end_of_life_on = DayField(
        "End of life on", validators=[Optional()], description="The last day on which its maker supports it."
    )
    sockets = WholeField("Sockets", validators=[Optional()], description="Processors.")
    cores = WholeField("Cores", validators=[Optional()], description="Of all sockets together.")
    threads = WholeField("Threads", validators=[Optional()], description="Of all cores together.")
    keywords = StringField(
        "Keywords", validators=[Length(max=290)], description="Words to find it by, parted by spaces."
    )
    notes = TextAreaField("Notes", validators=[Length(max=TEXT)], render_kw={"rows": 3})

    def offer(self, sites: list[Site]) -> None:
        """Fill the lists to choose from."""
        self.site.choices = site_choices(sites)

    def tell(self, asset: Asset) -> None:
        """Show what is kept."""
        self.version.data = str(asset.version)
        for name in ("tag", "name", "maker", "model", "serial", "scope_reason", "supplier", "purchase_order", "notes"):
            self[name].data = getattr(asset, name)
        for name in ("in_scope", "purchased_on", "warranty_ends_on", "end_of_life_on", "sockets", "cores", "threads"):
            self[name].data = getattr(asset, name)
        self.kind.data, self.criticality.data = asset.kind.value, asset.criticality.value
        self.site.data = str(asset.site_id or "")
        self.custodian.data = asset.custodian.number if asset.custodian else ""
        self.cost.data = "" if asset.cost_minor is None else str(amount_of(asset.cost_minor, asset.currency))
        self.currency.data, self.keywords.data = asset.currency, asset.keywords.strip()

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> AssetDetails:
        """What was typed; where a word of a list is none of its words, what a new asset would be."""
        words = ("tag", "name", "serial", "maker", "model", "custodian", "scope_reason", "cost", "currency", "supplier")
        more = ("purchase_order", "keywords", "notes")
        values = ("purchased_on", "warranty_ends_on", "end_of_life_on", "sockets", "cores", "threads")
        said: dict[str, Any] = {name: self[name].data or "" for name in (*words, *more)}
        said |= {name: self[name].data for name in values}
        return AssetDetails(
            kind=next((each for each in AssetKind if each.value == self.kind.data), AssetKind.HARDWARE),
            site_id=chosen(self.site.data),
            criticality=next((each for each in Criticality if each.value == self.criticality.data), Criticality.MEDIUM),
            in_scope=bool(self.in_scope.data),
            **said,
        )


class NewAssetForm(AssetForm):
    """The same, with where it is in its life and whether it is ours."""

    status = SelectField(
        "Status",
        choices=[(each.value, each.label) for each in AssetStatus if not each.is_gone],
        default=AssetStatus.IN_STOCK.value,
    )
    is_ours = BooleanField(
        "It is owned",
        default=True,
        description="From the day of the purchase, or from today on. What is somebody else's is said on its page.",
    )

    def fill_in(self, said: Mapping[str, str]) -> None:
        """Begin with what an address says, such as a row that only another register has; the site by its name."""
        texts = ("tag", "name", "maker", "model", "serial", "cost", "currency", "supplier", "purchase_order")
        for name in texts:
            if said.get(name):
                self[name].data = said[name][:200]
        with suppress(ValueError):
            self.purchased_on.data = date.fromisoformat(said.get("purchased_on", ""))
        site = said.get("site", "").casefold()
        found = next((value for value, name in self.site.choices if site and name.casefold() == site), None)
        self.site.data = found or self.site.data


class StepForm(PageForm):
    """Where an asset goes next in its life."""

    version = HiddenField()
    status = SelectField("It becomes", validate_choice=False)
    reason = TextAreaField(
        "Reason",
        validators=[Length(max=2000)],
        description="Needed for a loss: how, and what data was on it. Needed for a disposal: what became of it and of"
        " the data on it. The journal keeps it.",
        render_kw={"rows": 3},
    )

    def offer(self, asset: Asset) -> None:
        """Fill the list with what may follow."""
        self.status.choices = [(each.value, each.label) for each in NEXT[asset.status]]

    @property
    def wanted(self) -> AssetStatus | None:
        """The status that was chosen; None where it is none."""
        return next((each for each in AssetStatus if each.value == self.status.data), None)


class OwnershipForm(PageForm):
    """Whose an asset is, from a day on."""

    kind = SelectField("Whose it is", choices=_choices(OwnershipKind))
    starts_on = DayField("From", validators=[InputRequired("Give the day, as 2027-03-14.")])
    party = StringField(
        "Party",
        validators=[Length(max=200)],
        description="Needed for all but what is owned and an own device: the lessor, the provider or the customer.",
    )
    contract = StringField(
        "Contract",
        validators=[Length(max=120)],
        description="Needed where it is leased or a provider's.",
    )
    tenant = StringField("Tenant", validators=[Length(max=120)], description="Or account. Needed for a cloud.")
    region = StringField("Region", validators=[Length(max=120)], description="Needed for a cloud: where it runs.")
    employee = StringField(
        "Employee",
        validators=[Length(max=200)],
        description=f"Needed for an own device: whose it is. {BY_NUMBER}",
        render_kw={"list": "employees", "autocomplete": "off"},
    )
    agreement_signed_on = DayField(
        "Agreement signed on",
        validators=[Optional()],
        description="Needed for an own device.",
    )
    may_wipe = TextAreaField(
        "What may be wiped",
        validators=[Length(max=2000)],
        description="Needed for an own device: what the agreement lets us wipe.",
        render_kw={"rows": 2},
    )

    @property
    def details(self) -> OwnershipDetails:
        """What was typed."""
        return OwnershipDetails(
            kind=OwnershipKind(self.kind.data),
            starts_on=self.starts_on.data,
            party=self.party.data or "",
            contract=self.contract.data or "",
            tenant=self.tenant.data or "",
            region=self.region.data or "",
            employee=self.employee.data or "",
            agreement_signed_on=self.agreement_signed_on.data,
            may_wipe=self.may_wipe.data or "",
        )


def _holder(duty: Duty) -> tuple[StringField, StringField]:
    return (
        StringField(
            f"Employee for {duty.value}",
            validators=[Length(max=200)],
            render_kw={"list": "employees", "autocomplete": "off"},
        ),
        StringField(f"Or a party for {duty.value}", validators=[Length(max=200)]),
    )


class DutiesForm(PageForm):
    """Who answers for each duty: an employee, or a party by name."""

    seen = HiddenField()
    security_employee, security_party = _holder(Duty.SECURITY)
    patching_employee, patching_party = _holder(Duty.PATCHING)
    licensing_employee, licensing_party = _holder(Duty.LICENSING)
    disposal_employee, disposal_party = _holder(Duty.DISPOSAL)

    def tell(self, asset: Asset) -> None:
        """Show what is kept."""
        for each in asset.duties:
            self[f"{each.duty.value}_employee"].data = each.employee.number if each.employee else ""
            self[f"{each.duty.value}_party"].data = each.party

    @property
    def holders(self) -> dict[Duty, Holder]:
        """What was typed."""
        return {
            duty: Holder(self[f"{duty.value}_employee"].data or "", self[f"{duty.value}_party"].data or "")
            for duty in Duty
        }


class PhotographForm(PageForm):
    """One picture."""

    file = FileField(
        "Photograph",
        render_kw={"accept": "image/jpeg,image/png,image/webp,image/heic,.heic,.heif"},
        description="JPEG, PNG, WebP or HEIC. It is kept small, without the place and the camera that it names.",
    )
