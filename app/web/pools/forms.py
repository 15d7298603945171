"""The form of a pool: its shape. What a pool may be is the rules'."""

from decimal import Decimal, InvalidOperation

from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.explained import RefusedError
from app.domain.licensing.metric import Metric
from app.domain.money import amount_of, in_minor
from app.models.licence import LicencePool
from app.operations.pools import PoolDetails
from app.queries.pools import products_to_cover, sites_named
from app.web.fields import TicksField, row_id, seen_version
from app.web.forms import PageForm
from app.work import Work

_THOUSAND = 1000


class PoolForm(PageForm):
    """What is said of a pool."""

    version = HiddenField()
    name = StringField("Name", validators=[InputRequired("Give the name."), Length(max=200)])
    products = TicksField(
        "Products",
        validate_choice=False,
        description="Of one publisher. Several are a suite: a device that has any or all of them counts once.",
    )
    metric = SelectField(
        "Metric",
        choices=[(each.value, f"{each.label}: {each.unit}") for each in Metric],
        description="What one unit of the licence counts, as the contract defines it.",
    )
    site = SelectField(
        "Site", validate_choice=False, description="Where only the use at one site counts, and what is bought for it."
    )
    factor = StringField(
        "Factor",
        default="1",
        validators=[Length(max=12)],
        description="Of cores and processors: 0.5 counts each half.",
        render_kw={"inputmode": "decimal"},
    )
    minimum_per_socket = IntegerField("Least cores a socket", validators=[Optional()], default=0)
    minimum_per_host = IntegerField(
        "Least units a host", validators=[Optional()], default=0, description="Cores or processors, as the metric is."
    )
    pack_size = IntegerField(
        "Pack size", validators=[Optional()], default=1, description="Units are bought in packs of so many."
    )
    unit_price = StringField(
        "Price of one more unit",
        validators=[Length(max=40)],
        description="As 1250.50. The true-up cost is worked out from it.",
        render_kw={"inputmode": "decimal"},
    )
    currency = StringField("Currency", validators=[Length(max=3)], description="Three letters, such as EUR.")
    notes = TextAreaField("Notes", validators=[Length(max=20_000)], render_kw={"rows": 3})

    def offer(self, work: Work) -> None:
        """Fill the lists to choose from."""
        self.products.choices = [(str(id_), name) for id_, name in products_to_cover(work)]
        self.site.choices = [("", "All sites"), *((str(id_), name) for id_, name in sites_named(work))]

    def tell(self, row: LicencePool) -> None:
        """Show what is kept."""
        self.version.data, self.name.data, self.metric.data = str(row.version), row.name, row.metric.value
        self.products.data = [str(each.product_id) for each in row.products]
        self.site.data = str(row.site_id or "")
        self.factor.data = f"{Decimal(row.factor_thousandths) / _THOUSAND:f}"
        self.minimum_per_socket.data, self.minimum_per_host.data = row.minimum_per_socket, row.minimum_per_host
        self.pack_size.data, self.currency.data, self.notes.data = row.pack_size, row.currency, row.notes
        price = row.unit_price_minor
        self.unit_price.data = "" if price is None else str(amount_of(price, row.currency))

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> PoolDetails:
        """What was typed; raises `RefusedError` for what is no number or no amount."""
        currency = (self.currency.data or "").strip().upper()
        price = (self.unit_price.data or "").strip()
        if price and not currency:
            raise RefusedError("Give the currency of the price.", "currency")
        return PoolDetails(
            name=self.name.data or "",
            metric=Metric(self.metric.data),
            product_ids=[_id(each) for each in self.products.data or ()],
            site_id=_id(self.site.data) if self.site.data else None,
            minimum_per_socket=self.minimum_per_socket.data or 0,
            minimum_per_host=self.minimum_per_host.data or 0,
            factor_thousandths=self._factor(),
            pack_size=1 if self.pack_size.data is None else self.pack_size.data,
            unit_price_minor=in_minor(price, currency, "unit_price") if price else None,
            currency=currency,
            notes=self.notes.data or "",
        )

    def _factor(self) -> int:
        said = (self.factor.data or "").strip() or "1"
        try:
            thousandths = Decimal(said) * _THOUSAND
        except InvalidOperation:
            raise RefusedError(f"“{said}” is no number. Write the factor as 0.5.", "factor") from None
        if not thousandths.is_finite() or thousandths != thousandths.to_integral_value():
            raise RefusedError("The factor has three decimals at most.", "factor")
        return int(thousandths) if abs(thousandths) < 10**9 else 10**9


def _id(value: str) -> int:
    """The id that was chosen; -1, which is nobody's, for what can be no id."""
    try:
        return row_id(value)
    except ValueError:
        return -1
