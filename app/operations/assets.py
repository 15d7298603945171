"""Record assets, carry them through their life, and take away what was recorded by mistake."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.explained import Reason, Refusals, RefusedError
from app.domain.itam.asset import (
    LIFE_CYCLE,
    AssetFacts,
    AssetKind,
    AssetStatus,
    Criticality,
    found_by,
    normal_keywords,
    normal_tag,
    refuse_end,
    refuse_impossible,
    refuse_step,
    refuse_tag,
)
from app.domain.itam.ownership import OwnershipKind
from app.domain.money import in_minor
from app.models.asset import Asset, AssetOwnership
from app.models.attachment import Attachment
from app.models.organisation import Organisation, Site
from app.operations.attachments import detach
from app.operations.conflict import refuse_if_changed
from app.operations.employees import employee_named
from app.queries.asset_page import asset_by_tag, ending_of, pointers_at
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetDetails:
    """What is said of an asset; the custodian by number or name, the cost as it is written."""

    tag: str
    name: str
    kind: AssetKind
    serial: str = ""
    maker: str = ""
    model: str = ""
    site_id: int | None = None
    custodian: str = ""
    criticality: Criticality = Criticality.MEDIUM
    in_scope: bool = True
    scope_reason: str = ""
    cost: str = ""
    currency: str = ""
    supplier: str = ""
    purchase_order: str = ""
    purchased_on: date | None = None
    warranty_ends_on: date | None = None
    end_of_life_on: date | None = None
    sockets: int | None = None
    cores: int | None = None
    threads: int | None = None
    keywords: str = ""
    notes: str = ""


def create(
    work: Work, details: AssetDetails, status: AssetStatus = AssetStatus.IN_STOCK, *, is_ours: bool = False
) -> Asset:
    """Record an asset; `is_ours` records with it that it is owned, from the day of the purchase or from today on."""
    if status.is_gone:
        says = f"What is recorded is there, or will be: an asset becomes {status.label.lower()} afterwards."
        raise RefusedError(Reason(says, LIFE_CYCLE), "status")
    asset = Asset(status=status, created_at=work.now)
    _tell(work, asset, details)
    work.add(asset)
    if is_ours:
        since = details.purchased_on or work.today
        work.add(AssetOwnership(asset_id=asset.id, kind=OwnershipKind.OWNED, starts_on=since))
    return asset


def edit(work: Work, asset: Asset, details: AssetDetails, seen: int | None = None) -> None:
    """Change what is said of an asset that was loaded for update; who saw an older version is refused."""
    refuse_if_changed(asset, seen, asset.tag)
    _tell(work, asset, details)
    work.flush()


def step(work: Work, asset: Asset, wanted: AssetStatus, reason: str = "", seen: int | None = None) -> None:
    """Carry an asset, loaded for update, to another status; the journal keeps the reason.

    A loss says how, a disposal what became of the data, and is refused as long as software, seats or guests hang on it.
    """
    refuse_if_changed(asset, seen, asset.tag)
    refuse_step(asset.status, wanted)
    refuse_end(wanted, ending_of(work, asset, reason))
    if reason.strip():
        work.reason = reason.strip()
    asset.status = wanted
    work.flush()


def remove(work: Work, asset: Asset, reason: str) -> None:
    """Take away an asset that was recorded by mistake, with its files; refused while anything points at it."""
    pointers = pointers_at(work, asset)
    if pointers.counts:
        why = [Reason(f"{asset.tag} cannot be removed, because this points at it. An end of its life is a disposal.")]
        for noun, count in pointers.counts.items():
            named = [each.name for each in pointers.of(noun)][:5]
            more = f" and {count - len(named)} more" if count > len(named) else ""
            why.append(Reason(f"{noun.capitalize()}: {', '.join(named) + more if named else count}"))
        raise RefusedError(why)
    if not reason.strip():
        raise RefusedError("Say why it is removed: the journal keeps the reason.", "reason")
    work.reason = reason.strip()
    for file in work.all(select(Attachment).where(Attachment.asset_id == asset.id)):
        detach(work, file)
    for ownership in list(asset.ownerships):
        work.session.delete(ownership)
    work.session.delete(asset)
    work.flush()


def find_again(asset: Asset) -> None:
    """Keep what the free search looks through in step with what it is made of."""
    asset.found_by = found_by(asset.tag, asset.name, asset.serial, asset.maker, asset.model, asset.keywords)


def refuse(work: Work, asset: Asset | None, details: AssetDetails) -> None:
    """Refuse what no asset can be, or not this one, each at its field and all of it at once; nothing is changed."""
    _checked(work, asset or Asset(), details)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What the words of a form stand for."""

    tag: str
    cost_minor: int | None
    currency: str
    site_id: int | None
    custodian_id: int | None


def _checked(work: Work, asset: Asset, details: AssetDetails) -> _Checked:
    refusals = Refusals()
    tag, currency = normal_tag(details.tag), details.currency.strip().upper()
    cost: int | None = None
    site_id: int | None = None
    custodian = None
    with refusals.noted():
        refuse_tag(tag)
        _refuse_taken(work, asset, tag)
    with refusals.noted():
        if not details.name.strip():
            raise RefusedError("An asset has a name.", "name")
    with refusals.noted():
        site_id = _site(work, asset, details.site_id)
    with refusals.noted():
        custodian = employee_named(work, details.custodian, "custodian", unless_left=asset.custodian_id)
    with refusals.noted():
        cost = _cost(details.cost, currency)
    with refusals.noted():
        refuse_impossible(
            AssetFacts(
                in_scope=details.in_scope,
                scope_reason=details.scope_reason,
                cost_minor=cost,
                purchased_on=details.purchased_on,
                warranty_ends_on=details.warranty_ends_on,
                sockets=details.sockets,
                cores=details.cores,
                threads=details.threads,
            ),
            work.today,
        )
    refusals.tell()
    return _Checked(tag, cost, currency if cost is not None else "", site_id, custodian.id if custodian else None)


def _cost(cost: str, currency: str) -> int | None:
    if not cost.strip():
        return None
    if len(currency) != 3 or not currency.isalpha() or not currency.isascii():
        raise RefusedError("Give the currency of the cost as three letters, such as EUR.", "currency")
    return in_minor(cost, currency, "cost")


def _tell(work: Work, asset: Asset, details: AssetDetails) -> None:
    found = _checked(work, asset, details)
    asset.tag, asset.name, asset.kind = found.tag, " ".join(details.name.split()), details.kind
    asset.serial, asset.maker, asset.model = details.serial.strip(), details.maker.strip(), details.model.strip()
    asset.site_id, asset.custodian_id = found.site_id, found.custodian_id
    asset.criticality = details.criticality
    asset.in_scope, asset.scope_reason = details.in_scope, details.scope_reason.strip()
    asset.cost_minor, asset.currency = found.cost_minor, found.currency
    asset.supplier, asset.purchase_order = details.supplier.strip(), details.purchase_order.strip()
    asset.purchased_on, asset.warranty_ends_on = details.purchased_on, details.warranty_ends_on
    asset.end_of_life_on = details.end_of_life_on
    asset.sockets, asset.cores, asset.threads = details.sockets, details.cores, details.threads
    asset.keywords, asset.notes = normal_keywords(details.keywords), details.notes.strip()
    find_again(asset)


def _refuse_taken(work: Work, asset: Asset, tag: str) -> None:
    if tag == asset.tag:
        return
    # One at a time: two that ask at once must not be given the same.
    work.session.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))
    with work.session.no_autoflush:
        other = asset_by_tag(work, tag)
    if other is not None and other.id != asset.id:
        raise RefusedError(f"{tag} is the tag of another asset: {other.name}.", "tag")


def _site(work: Work, asset: Asset, site_id: int | None) -> int | None:
    if site_id is None or site_id == asset.site_id:
        return site_id
    with work.session.no_autoflush:
        site = work.one_or_none(select(Site).where(Site.id == site_id))
    if site is None:
        raise RefusedError("Choose a site from the list.", "site")
    if site.closed_on is not None and site.closed_on <= work.today:
        raise RefusedError(f"{site.name} is closed. Choose a site that is open.", "site")
    return site.id
