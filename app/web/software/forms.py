"""The forms of the catalogue: their shape. What may be is the rules'."""

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.models.software import Product
from app.operations.products import ProductDetails
from app.web.fields import DayField, seen_version
from app.web.forms import PageForm


class ProductForm(PageForm):
    """What is said of a product."""

    version = HiddenField()
    publisher = StringField(
        "Publisher",
        validators=[InputRequired("Say who publishes it."), Length(max=200)],
        render_kw={"list": "publishers", "autocomplete": "off"},
    )
    name = StringField(
        "Name", validators=[InputRequired("Give the name."), Length(max=200)], description="Without version."
    )
    edition = StringField("Edition", validators=[Length(max=80)], description="Such as Standard or Enterprise.")
    category = StringField(
        "Category", validators=[Length(max=80)], render_kw={"list": "categories", "autocomplete": "off"}
    )
    needs_licence = BooleanField(
        "It needs a licence", default=True, description="Free software needs none, and is in no licence position."
    )
    notes = TextAreaField("Notes", validators=[Length(max=20_000)])

    @property
    def details(self) -> ProductDetails:
        return ProductDetails(
            publisher=self.publisher.data or "",
            name=self.name.data or "",
            edition=self.edition.data or "",
            category=self.category.data or "",
            needs_licence=bool(self.needs_licence.data),
            notes=self.notes.data or "",
        )

    @property
    def seen(self) -> int | None:
        return seen_version(self.version.data)

    def tell(self, row: Product) -> None:
        """Fill the form with what is on record."""
        self.version.data, self.publisher.data = str(row.version), row.publisher.name
        self.name.data, self.edition.data, self.category.data = row.name, row.edition, row.category
        self.needs_licence.data, self.notes.data = row.needs_licence, row.notes


class MergeForm(PageForm):
    """Which product it is in truth, and how that is known."""

    into = StringField(
        "It is in truth",
        validators=[InputRequired("Say which product it is."), Length(max=300)],
        description="The number of the other product; type a part of its name to find it.",
        render_kw={"list": "products", "autocomplete": "off", "inputmode": "numeric"},
    )
    reason = StringField(
        "How you know", validators=[InputRequired("Say how you know: the journal keeps it."), Length(max=500)]
    )


class AliasForm(PageForm):
    """Another name of a product."""

    publisher = StringField(
        "Publisher", validators=[Length(max=200)], description="Empty: whoever it is said to be of."
    )
    name = StringField("Name", validators=[InputRequired("Give the other name."), Length(max=290)])


class ReleaseForm(PageForm):
    """When a version came out, and until when it is supported."""

    version = StringField("Version", validators=[InputRequired("Give the version."), Length(max=80)])
    released_on = DayField("Came out on", validators=[Optional()])
    support_ends_on = DayField("Supported until", validators=[Optional()], description="The last day.")


class InstallationForm(PageForm):
    """What was found on which asset."""

    asset = StringField(
        "Asset",
        validators=[InputRequired("Say on which asset."), Length(max=120)],
        description="Its tag or serial number.",
    )
    product = StringField(
        "Product",
        validators=[InputRequired("Say which product."), Length(max=300)],
        description="Its number; type a part of its name to find it.",
        render_kw={"list": "products", "autocomplete": "off"},
    )
    version = StringField("Version", validators=[Length(max=80)])
    found_on = DayField("Found on", validators=[InputRequired("Say on which day.")])


class AcceptForm(PageForm):
    """Why something may stay that nobody authorised."""

    reason = StringField("Why it may stay", validators=[Length(max=500)])


class RemovalForm(PageForm):
    """From which day on something is gone."""

    removed_on = DayField("Gone since", validators=[Optional()], description="The first day on which it was gone.")
    reason = StringField("Why", validators=[Length(max=500)])
