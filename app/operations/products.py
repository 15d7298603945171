"""The catalogue of software: products recorded, edited, made one, and taken away; their releases."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.itam.product import folded_publisher, key_of
from app.domain.itam.version import normal_version, version_key
from app.models.capacity import UsageRecord
from app.models.change_request import ChangeRequest
from app.models.licence import PoolProduct
from app.models.organisation import Organisation
from app.models.software import Installation, Product, ProductAlias, Publisher, Release
from app.operations import device_counts
from app.operations.conflict import refuse_if_changed
from app.operations.installations import recount, uncount
from app.queries.product_pointers import pointers_at
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDetails:
    """What is said of a product."""

    publisher: str
    name: str
    edition: str = ""
    category: str = ""
    needs_licence: bool = True
    notes: str = ""


def create(work: Work, details: ProductDetails) -> Product:
    """Record a product; its publisher is found by name, or recorded with it."""
    row = Product(created_at=work.now)
    _tell(work, row, details)
    return work.add(row)


def edit(work: Work, row: Product, details: ProductDetails, seen: int | None = None) -> None:
    """Change what is said of a product that was loaded for update; its old name stays known as another one."""
    refuse_if_changed(row, seen, row.label)
    before = key_of(row.publisher.name, row.name, row.edition)
    _tell(work, row, details)
    work.flush()
    publisher = work.one_or_none(select(Publisher).where(Publisher.id == row.publisher_id))
    if publisher is not None and key_of(publisher.name, row.name, row.edition) != before:
        _know_as(work, row.id, *before)


def merge(work: Work, gone: Product, kept: Product, reason: str) -> int:
    """Make two products one: what was of the first is of the second, which is known by both names from now on.

    Both must have been loaded for update. Gives how many installations moved.
    """
    if gone.id == kept.id:
        raise RefusedError("Choose another product: this is the same.", "into")
    if not reason.strip():
        raise RefusedError("Say how you know that they are the same: the journal keeps the reason.", "reason")
    work.reason = reason.strip()
    columns = select(Installation.id, Installation.asset_id).where(Installation.product_id == gone.id)
    moved = list(work.execute(columns.with_for_update()))
    uncount(work, [row_id for row_id, _asset in moved])
    work.update_many(
        Installation, [(row_id, {"product_id": gone.id}, {"product_id": kept.id}) for row_id, _asset in moved]
    )
    for model in (ChangeRequest, UsageRecord):
        rows = [row_id for (row_id,) in work.execute(select(model.id).where(model.product_id == gone.id))]
        work.update_many(model, [(row_id, {"product_id": gone.id}, {"product_id": kept.id}) for row_id in rows])
    _move_parts(work, gone, kept)
    key = key_of(gone.publisher.name, gone.name, gone.edition)
    device_counts.forget(work, gone.id)
    work.flush()
    work.session.delete(gone)
    work.flush()
    _know_as(work, kept.id, *key)
    recount(work, {(asset_id, kept.id) for _row, asset_id in moved})
    return len(moved)


def _move_parts(work: Work, gone: Product, kept: Product) -> None:
    """Aliases, releases and places in pools move; what the other has already is dropped."""
    for alias in work.all(select(ProductAlias).where(ProductAlias.product_id == gone.id)):
        alias.product_id = kept.id
    known = {key for (key,) in work.execute(select(Release.version_key).where(Release.product_id == kept.id))}
    for release in work.all(select(Release).where(Release.product_id == gone.id)):
        if release.version_key in known:
            work.session.delete(release)
        else:
            release.product_id = kept.id
    pools = {
        pool_id for (pool_id,) in work.execute(select(PoolProduct.pool_id).where(PoolProduct.product_id == kept.id))
    }
    for place in work.all(select(PoolProduct).where(PoolProduct.product_id == gone.id)):
        if place.pool_id in pools:
            work.session.delete(place)
        else:
            place.product_id = kept.id


def forget_alias(work: Work, alias: ProductAlias) -> None:
    """Let another name be that of a product of its own again, in files to come."""
    work.session.delete(alias)
    work.flush()


def know_as(work: Work, product: Product, publisher: str, name: str) -> ProductAlias:
    """Remember another name of a product, for files to come."""
    if not name.strip():
        raise RefusedError("Give the other name.", "name")
    key = key_of(publisher, name)
    own = key_of(product.publisher.name, product.name, product.edition)
    if key == own:
        raise RefusedError("It is known by that name already.", "name")
    statement = select(ProductAlias).where(ProductAlias.publisher == key.publisher, ProductAlias.name == key.name)
    taken = work.one_or_none(statement.options(joinedload(ProductAlias.product)))
    if taken is not None:
        raise RefusedError(f"That is another name of {taken.product.label} already.", "name")
    return work.add(ProductAlias(product_id=product.id, publisher=key.publisher, name=key.name))


def _know_as(work: Work, product_id: int, publisher: str, name: str) -> None:
    statement = select(ProductAlias).where(ProductAlias.publisher == publisher, ProductAlias.name == name)
    found = work.one_or_none(statement)
    if found is None:
        work.add(ProductAlias(product_id=product_id, publisher=publisher, name=name))
    elif found.product_id != product_id:
        found.product_id = product_id
        work.flush()


def remove(work: Work, row: Product, reason: str) -> None:
    """Take away a product that was recorded by mistake; refused while anything points at it, with what does."""
    pointers = pointers_at(work, row.id)
    if pointers:
        says = f"{row.label} cannot be removed, because this points at it. Where it is another product, make them one."
        why = [Reason(says), *(Reason(f"{each.noun}: {each.says}") for each in pointers)]
        raise RefusedError(why)
    if not reason.strip():
        raise RefusedError("Say why it is removed: the journal keeps the reason.", "reason")
    work.reason = reason.strip()
    for model in (ProductAlias, Release):
        for each in work.all(select(model).where(model.product_id == row.id)):
            work.session.delete(each)
    device_counts.forget(work, row.id)
    work.flush()
    work.session.delete(row)
    work.flush()


def release(
    work: Work, product: Product, version: str, released_on: date | None, support_ends_on: date | None
) -> Release:
    """Say when a version came out and until when its publisher supports it."""
    written = normal_version(version)
    key = version_key(written)
    if not key:
        raise RefusedError("Give the version.", "version")
    if released_on is not None and support_ends_on is not None and support_ends_on < released_on:
        raise RefusedError(f"Support would end before it came out on {say(released_on)}.", "support_ends_on")
    found = work.one_or_none(select(Release).where(Release.product_id == product.id, Release.version_key == key))
    if found is None:
        found = Release(product_id=product.id, version=written, version_key=key)
        work.session.add(found)
    found.version, found.released_on, found.support_ends_on = written, released_on, support_ends_on
    work.flush()
    return found


def _tell(work: Work, row: Product, details: ProductDetails) -> None:
    name, edition = " ".join(details.name.split()), " ".join(details.edition.split())
    house = " ".join(details.publisher.split())
    if not house:
        raise RefusedError("Say who publishes it.", "publisher")
    if not name:
        raise RefusedError("Give the name.", "name")
    # One at a time: two that ask at once must not be given the same.
    work.session.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))
    with work.session.no_autoflush:
        publisher = _publisher(work, house)
        same = select(Product.id).where(
            Product.publisher_id == publisher.id,
            func.lower(Product.name) == name.lower(),
            func.lower(Product.edition) == edition.lower(),
            Product.id != (row.id or 0),
        )
        if work.execute(same.limit(1)).first() is not None:
            raise RefusedError(f"{publisher.name} has {f'{name} {edition}'.strip()} already.", "name")
    row.publisher_id, row.name, row.edition = publisher.id, name, edition
    row.category, row.needs_licence = " ".join(details.category.split()), details.needs_licence
    row.notes = details.notes.strip()


def _publisher(work: Work, name: str) -> Publisher:
    wanted = folded_publisher(name)
    exact = work.one_or_none(select(Publisher).where(Publisher.name == name))
    if exact is not None:
        return exact
    for row in work.all(select(Publisher).order_by(Publisher.id)):
        if folded_publisher(row.name) == wanted:
            return row
    return work.add(Publisher(name=name))
