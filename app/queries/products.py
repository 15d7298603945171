"""Products as imports look them up: by publisher, name and edition, and by every name they were ever known under."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select

from app.domain.itam.product import ProductKey, folded_publisher, key_of
from app.models.software import Product, ProductAlias, Publisher
from app.work import Work


@dataclass(slots=True)
class ProductIndex:
    """All products of the organisation by the names they may be mentioned under."""

    by_key: dict[ProductKey, int] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    labels: dict[int, str] = field(default_factory=dict)
    publishers: dict[str, int] = field(default_factory=dict)
    """Folded name to id."""

    def find(self, key: ProductKey) -> int | None:
        """The product that is meant; None where there is none, or where several could be and no publisher is said."""
        found = self.by_key.get(key) or self.by_key.get(ProductKey("", key.name))
        if found is None and not key.publisher:
            same = self.by_name.get(key.name, set())
            return next(iter(same)) if len(same) == 1 else None
        return found

    def is_ambiguous(self, key: ProductKey) -> bool:
        """Whether several products of that name could be meant."""
        return not key.publisher and key not in self.by_key and len(self.by_name.get(key.name, ())) > 1


def product_index(work: Work) -> ProductIndex:
    """The names of all products, in three queries."""
    index = ProductIndex()
    products = select(Product.id, Publisher.name, Product.name, Product.edition).join(
        Publisher, Product.publisher_id == Publisher.id
    )
    for product_id, publisher, name, edition in work.execute(products.order_by(Product.id)):
        key = key_of(publisher, name, edition)
        index.by_key.setdefault(key, product_id)
        index.by_name[key.name].add(product_id)
        index.labels[product_id] = f"{name} {edition}".strip()
    for product_id, publisher, name in work.execute(
        select(ProductAlias.product_id, ProductAlias.publisher, ProductAlias.name)
    ):
        index.by_key[ProductKey(publisher, name)] = product_id
        index.by_name[name].add(product_id)
    for publisher_id, name in work.execute(select(Publisher.id, Publisher.name).order_by(Publisher.id)):
        index.publishers.setdefault(folded_publisher(name), publisher_id)
    return index
