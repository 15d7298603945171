"""One asset with all that its page shows: whose it is, who answers for it, and what points at it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.dates import say
from app.domain.findings.concern import Concern
from app.domain.itam.asset import Ending
from app.domain.itam.inventory import Difference, Resolution
from app.domain.itam.ownership import Duty, GapFacts
from app.models.asset import Asset, AssetDuty, AssetOwnership
from app.models.attachment import Attachment
from app.models.audit import Audit, AuditAsset
from app.models.capacity import Cluster, ClusterHost, Placement, UsageRecord
from app.models.change_request import ChangeAsset, ChangeRequest
from app.models.finding import FindingLink
from app.models.inventory_check import InventoryCheck, InventoryLine
from app.models.licence import LicencePool, LicenceSeat
from app.models.organisation import Site
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.models.software import Installation, Product
from app.queries.finding_pointers import findings_about
from app.work import Work

MOST = 50
"""Of each noun, so many of what points at an asset are named; the others are counted."""


def asset_by_id(work: Work, asset_id: int, *, for_update: bool = False) -> Asset | None:
    """One asset with its site, custodian, ownerships and duties; locked until the end where it will be changed."""
    statement = (
        select(Asset)
        .where(Asset.id == asset_id)
        .options(
            joinedload(Asset.site),
            joinedload(Asset.custodian),
            selectinload(Asset.ownerships).joinedload(AssetOwnership.employee),
            selectinload(Asset.duties).joinedload(AssetDuty.employee),
        )
    )
    if for_update:
        statement = statement.with_for_update(of=Asset).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def asset_by_tag(work: Work, tag: str) -> Asset | None:
    """The asset of a tag."""
    return work.one_or_none(select(Asset).where(Asset.tag == tag))


def ownership_on(asset: Asset, day: date) -> AssetOwnership | None:
    """Whose an asset is on a day."""
    return next(
        (
            each
            for each in reversed(asset.ownerships)
            if each.starts_on <= day and (each.ends_on is None or each.ends_on >= day)
        ),
        None,
    )


def gap_facts(asset: Asset, today: date) -> GapFacts:
    """What the gaps of an asset are judged by."""
    owner = ownership_on(asset, today)
    return GapFacts(
        in_scope=asset.in_scope,
        is_gone=asset.status.is_gone,
        kind=owner.kind if owner else None,
        has_agreement=bool(owner and owner.agreement_signed_on and owner.may_wipe),
        held=[each.duty for each in asset.duties],
        left=[each.duty for each in asset.duties if each.employee and has_left(each.employee.left_on, today)],
        asset_kind=asset.kind,
        custodian_left=bool(asset.custodian and has_left(asset.custodian.left_on, today)),
    )


def has_left(left_on: date | None, today: date) -> bool:
    """Whether somebody works here no longer."""
    return left_on is not None and left_on <= today


@dataclass(frozen=True, slots=True)
class Pointing:
    """Something that points at an asset: its noun, its name, what it says, and what its page is found by."""

    noun: str
    name: str
    says: str
    key: object = None
    ended: bool = False
    """Whether it is of the past."""
    page: str = ""
    """The noun whose page it has, where that is another."""


@dataclass(frozen=True, slots=True)
class Pointers:
    """All that points at an asset, the first ones of each noun by name."""

    rows: list[Pointing]
    counts: dict[str, int]

    def of(self, noun: str) -> list[Pointing]:
        """Those of one noun."""
        return [each for each in self.rows if each.noun == noun]


NOUNS: tuple[tuple[str, Any, Any], ...] = (
    ("installation", Installation.id, Installation.asset_id),
    ("change request", ChangeAsset.id, ChangeAsset.asset_id),
    ("audit", AuditAsset.id, AuditAsset.asset_id),
    ("finding", FindingLink.id, FindingLink.asset_id),
    ("inventory check", InventoryLine.id, InventoryLine.asset_id),
    ("comparison", ReconciliationLine.id, ReconciliationLine.asset_id),
    ("seat", LicenceSeat.id, LicenceSeat.asset_id),
    ("place in a cluster", ClusterHost.id, ClusterHost.asset_id),
    ("usage record", UsageRecord.id, UsageRecord.asset_id),
)
"""What may point at an asset, and by which column; placements by two."""


def pointers_at(work: Work, asset: Asset) -> Pointers:
    """What points at an asset, in a fixed number of queries."""
    counts: dict[str, int] = {}
    for noun, id_, column in NOUNS:
        counts[noun] = work.session.scalar(select(func.count(id_)).where(column == asset.id)) or 0
    placed = or_(Placement.guest_id == asset.id, Placement.host_id == asset.id)
    counts["placement"] = work.session.scalar(select(func.count(Placement.id)).where(placed)) or 0
    rows = [*_installations(work, asset), *_changes(work, asset), *_checks(work, asset), *_comparisons(work, asset)]
    rows += [
        *_findings(work, asset),
        *_audits(work, asset),
        *_seats(work, asset),
        *_placements(work, asset),
        *_clusters(work, asset),
    ]
    return Pointers(rows, {noun: count for noun, count in counts.items() if count})


def ending_of(work: Work, asset: Asset, reason: str) -> Ending:
    """What the end of an asset is judged by; its duties are loaded."""
    there: Any = select(func.count(Installation.id)).where(
        Installation.asset_id == asset.id, Installation.removed_on.is_(None)
    )
    seats: Any = select(func.count(LicenceSeat.id)).where(
        LicenceSeat.asset_id == asset.id, or_(LicenceSeat.ends_on.is_(None), LicenceSeat.ends_on > work.today)
    )
    guests: Any = select(func.count(Placement.id)).where(
        Placement.host_id == asset.id, or_(Placement.ends_on.is_(None), Placement.ends_on > work.today)
    )
    return Ending(
        reason=reason,
        disposal_is_held=any(each.duty is Duty.DISPOSAL for each in asset.duties),
        installations=work.session.scalar(there) or 0,
        seats=work.session.scalar(seats) or 0,
        guests=work.session.scalar(guests) or 0,
    )


def photograph_of(work: Work, asset_id: int) -> Attachment | None:
    """The photograph of an asset: the latest, should there be two."""
    statement = select(Attachment).where(Attachment.asset_id == asset_id, Attachment.is_photograph.is_(True))
    return work.one_or_none(statement.order_by(Attachment.id.desc()).limit(1))


def open_sites(work: Work, also: int | None = None) -> list[Site]:
    """The sites that an asset may be at: those that are open, and the one where it is."""
    still = or_(Site.closed_on.is_(None), Site.closed_on > work.today, Site.id == also)
    return work.all(select(Site).where(still).order_by(Site.name))


def _installations(work: Work, asset: Asset) -> list[Pointing]:
    statement = (
        select(Installation)
        .where(Installation.asset_id == asset.id)
        .options(joinedload(Installation.product).joinedload(Product.publisher))
        .order_by(Installation.removed_on.is_not(None), Installation.found_on.desc(), Installation.id.desc())
        .limit(MOST)
    )
    return [
        Pointing(
            "installation",
            f"{each.product.label} {each.version}".strip(),
            f"{each.product.publisher.name}, {each.authorisation.label.lower()}",
            each.id,
            each.removed_on is not None and each.removed_on <= work.today,
        )
        for each in work.all(statement)
    ]


def _changes(work: Work, asset: Asset) -> list[Pointing]:
    statement: Any = (
        select(ChangeRequest.reference, ChangeRequest.title, ChangeRequest.status)
        .join(ChangeAsset, ChangeAsset.change_id == ChangeRequest.id)
        .where(ChangeAsset.asset_id == asset.id)
        .order_by(ChangeRequest.requested_at.desc(), ChangeRequest.id.desc())
        .limit(MOST)
    )
    return [
        Pointing("change request", reference, f"{title}, {status.label.lower()}", reference)
        for reference, title, status in work.execute(statement)
    ]


def _findings(work: Work, asset: Asset) -> list[Pointing]:
    return [
        Pointing("finding", each.reference, f"{each.grade.label}: {each.title}", each.reference, each.is_closed)
        for each in findings_about(work, Concern.ASSET, asset.id)
    ]


def _audits(work: Work, asset: Asset) -> list[Pointing]:
    statement: Any = (
        select(Audit.reference, Audit.kind, Audit.starts_on, AuditAsset.note)
        .join(AuditAsset, AuditAsset.audit_id == Audit.id)
        .where(AuditAsset.asset_id == asset.id)
        .order_by(Audit.starts_on.desc(), Audit.id.desc())
        .limit(MOST)
    )
    return [
        Pointing(
            "audit", reference, f"{kind.value.replace('-', ' ')}, {say(starts_on)}{note and f': {note}'}", reference
        )
        for reference, kind, starts_on, note in work.execute(statement)
    ]


def _checks(work: Work, asset: Asset) -> list[Pointing]:
    statement: Any = (
        select(InventoryCheck.reference, InventoryLine.found_at, InventoryLine.difference, InventoryLine.resolution)
        .join(InventoryCheck, InventoryLine.check_id == InventoryCheck.id)
        .where(InventoryLine.asset_id == asset.id)
        .order_by(InventoryCheck.started_at.desc(), InventoryCheck.id.desc())
        .limit(MOST)
    )
    return [
        Pointing("inventory check", reference, _counted(found, difference, resolution), reference)
        for reference, found, difference, resolution in work.execute(statement)
    ]


def _counted(found: datetime | None, difference: Difference | None, resolution: Resolution | None) -> str:
    if difference is None:
        return "found" if found else "not found yet"
    return difference.label.lower() + (f", {resolution.label.lower()}" if resolution else ", not resolved yet")


def _comparisons(work: Work, asset: Asset) -> list[Pointing]:
    statement: Any = (
        select(Reconciliation.reference, Reconciliation.kind, ReconciliationLine.finding, ReconciliationLine.settlement)
        .join(Reconciliation, ReconciliationLine.run_id == Reconciliation.id)
        .where(ReconciliationLine.asset_id == asset.id)
        .order_by(Reconciliation.run_at.desc(), ReconciliationLine.id.desc())
        .limit(MOST)
    )
    return [
        Pointing(
            "comparison",
            reference,
            f"{kind.label}: {finding.label.lower()}{', ' + settled.label.lower() if settled else ''}",
            reference,
        )
        for reference, kind, finding, settled in work.execute(statement)
    ]


def _seats(work: Work, asset: Asset) -> list[Pointing]:
    statement: Any = (
        select(LicencePool.reference, LicencePool.name, LicenceSeat.ends_on)
        .join(LicencePool, LicenceSeat.pool_id == LicencePool.id)
        .where(LicenceSeat.asset_id == asset.id)
        .order_by(LicenceSeat.ends_on.is_not(None), LicenceSeat.starts_on.desc(), LicenceSeat.id.desc())
        .limit(MOST)
    )
    return [
        Pointing("seat", reference, name, reference, ends_on is not None and ends_on < work.today)
        for reference, name, ends_on in work.execute(statement)
    ]


def _placements(work: Work, asset: Asset) -> list[Pointing]:
    statement = (
        select(Placement)
        .where(or_(Placement.guest_id == asset.id, Placement.host_id == asset.id))
        .options(joinedload(Placement.guest), joinedload(Placement.host), joinedload(Placement.cluster))
        .order_by(Placement.ends_on.is_not(None), Placement.starts_on.desc(), Placement.id.desc())
        .limit(MOST)
    )
    found = []
    for each in work.all(statement):
        ended = each.ends_on is not None and each.ends_on < work.today
        if each.guest_id != asset.id:
            found.append(Pointing("placement", each.guest.tag, f"{each.guest.name} runs on it", each.guest_id, ended))
        elif each.host is not None:
            found.append(Pointing("placement", each.host.tag, f"runs on {each.host.name}", each.host_id, ended))
        elif each.cluster is not None:
            says, page = "runs in this cluster", "place in a cluster"
            found.append(Pointing("placement", each.cluster.name, says, each.cluster_id, ended, page))
    return found


def _clusters(work: Work, asset: Asset) -> list[Pointing]:
    statement: Any = (
        select(Cluster.id, Cluster.name, ClusterHost.ends_on)
        .join(Cluster, ClusterHost.cluster_id == Cluster.id)
        .where(ClusterHost.asset_id == asset.id)
        .order_by(ClusterHost.starts_on.desc(), ClusterHost.id.desc())
        .limit(MOST)
    )
    return [
        Pointing(
            "place in a cluster", name, "is a host of this cluster", row_id, ends is not None and ends < work.today
        )
        for row_id, name, ends in work.execute(statement)
    ]
