"""The form of a pool: its shape. What a pool may be is the rules'."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from wtforms import FieldList, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.explained import RefusedError
from app.domain.licensing.metric import Metric, say_parts
from app.domain.money import currency_of
from app.models.licence import LicencePool
from app.operations.pools import PoolDetails
from app.web.assets.forms import chosen
from app.web.fields import JudgedField, WholeField, seen_version
from app.web.forms import PageForm
from app.web.licence_fields import amount_shown, minor_of, sites_to_choose

_SPARE = 3
_LOOK = {"list": "product-labels", "autocomplete": "off"}


class PoolForm(PageForm):
    """What is said of a pool."""

    version = HiddenField()
    name = StringField("Name", validators=[InputRequired("Give the name."), Length(max=200)])
    products = FieldList(
        StringField("Product", validators=[Length(max=500)], render_kw=_LOOK),
        "Products that it covers",
        min_entries=_SPARE,
        max_entries=200,
        description="Of one publisher. A suite covers several: a device with all of them counts once.",
    )
    metric = SelectField("Metric", choices=[(each.value, each.label) for each in Metric])
    site = JudgedField(
        "Only at the site", validators=[Optional()], description="Use and entitlements of other sites do not count."
    )
    minimum_per_socket = WholeField(
        "Minimum per socket", validators=[Optional()], description="Cores that the contract counts a socket at least."
    )
    minimum_per_host = WholeField(
        "Minimum per host", validators=[Optional()], description="What the contract counts a host at least."
    )
    factor = StringField("Factor", validators=[Length(max=20)], description="The core or processor factor, as 0.5.")
    pack_size = WholeField("Pack size", validators=[Optional()], description="Units are bought in packs of so many.")
    unit_price = StringField(
        "Price of a further unit",
        validators=[Length(max=40)],
        description="As 1250.50. For the cost of what is missing.",
        render_kw={"inputmode": "decimal"},
    )
    currency = StringField("Currency", validators=[Length(max=3)], description="Three letters, such as EUR.")
    notes = TextAreaField("Notes", validators=[Length(max=20_000)], render_kw={"rows": 3})

    def offer(self, products: Sequence[tuple[int, str]], sites: Sequence[tuple[int, str]]) -> None:
        """Fill the lists to choose from."""
        self._products = products
        self.site.choices = sites_to_choose(sites, "All sites")

    def tell(self, pool: LicencePool) -> None:
        """Show what is kept."""
        self.version.data, self.name.data, self.metric.data = str(pool.version), pool.name, pool.metric.value
        self.site.data = str(pool.site_id or "")
        self.minimum_per_socket.data = pool.minimum_per_socket or None
        self.minimum_per_host.data = pool.minimum_per_host or None
        factor = say_parts(pool.factor_thousandths * 10).replace(",", "")
        self.factor.data = "" if pool.factor_thousandths == 1000 else factor
        self.pack_size.data = None if pool.pack_size == 1 else pool.pack_size
        self.unit_price.data = amount_shown(pool.unit_price_minor, pool.currency)
        self.currency.data, self.notes.data = pool.currency, pool.notes
        while self.products.entries:
            self.products.pop_entry()
        for each in pool.products:
            self.products.append_entry(f"{each.product.publisher.name}: {each.product.label}".strip())
        for _ in range(_SPARE):
            self.products.append_entry("")

    def cover(self, product_id: int | None) -> None:
        """Begin with a product that an address names."""
        label = dict(self._products).get(product_id or 0)
        if label:
            self.products[0].data = label
            self.name.data = self.name.data or label.partition(": ")[2]

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> PoolDetails:
        """What was typed; raises `RefusedError` for what can be none."""
        currency = currency_of(self.currency.data)
        pack = self.pack_size.data
        return PoolDetails(
            name=self.name.data or "",
            metric=Metric(self.metric.data),
            product_ids=self._chosen(),
            site_id=chosen(self.site.data),
            minimum_per_socket=self.minimum_per_socket.data or 0,
            minimum_per_host=self.minimum_per_host.data or 0,
            factor_thousandths=_thousandths(self.factor.data or ""),
            pack_size=1 if pack is None else pack,
            unit_price_minor=minor_of(self.unit_price.data, currency, "unit_price"),
            currency=currency,
            notes=self.notes.data or "",
        )

    def _chosen(self) -> list[int]:
        """The products by their labels, by their names where one alone has it, or by their numbers."""
        named: dict[str, set[int]] = defaultdict(set)
        for product_id, label in self._products:
            publisher, _, name = label.partition(": ")
            for way in (label, name, f"{publisher} {name}", f"{name} ({publisher})"):
                named[" ".join(way.casefold().split())].add(product_id)
        known = {way: min(ids) for way, ids in named.items() if len(ids) == 1}
        ids = {id_ for id_, _ in self._products}
        found = []
        for entry in self.products.entries:
            said = " ".join((entry.data or "").split())
            if not said:
                continue
            number = int(said) if said.isascii() and said.isdecimal() and len(said) < 11 else 0
            id_ = known.get(said.casefold()) or (number if number in ids else None)
            if id_ is None:
                several = len(named.get(said.casefold(), ())) > 1
                says = (
                    "is the name of several products: give the publisher, as Acme: Writer."
                    if several
                    else ("is no product of the catalogue that needs a licence.")
                )
                raise RefusedError(f"“{said}” {says}", "products")
            found.append(id_)
        return found


def _thousandths(said: str) -> int:
    if not said.strip():
        return 1000
    try:
        factor = Decimal(said.strip().replace(",", "."))
        thousandths = factor.scaleb(3) if factor.is_finite() else None
    except InvalidOperation:
        thousandths = None
    if thousandths is None or thousandths != thousandths.to_integral_value() or not 0 < thousandths <= 1_000_000:
        raise RefusedError("Write the factor with three decimals at most, from 0.001 to 1000, as 0.5.", "factor")
    return int(thousandths)
