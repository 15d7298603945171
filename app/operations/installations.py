"""Software on assets: recorded, accepted, gone; and on which days a row stands for its product on its asset."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.explained import RefusedError
from app.domain.itam.batch import InstallationSource
from app.domain.itam.change import Authorisation
from app.domain.itam.installation import refuse_acceptance, refuse_finding, refuse_removal
from app.domain.itam.version import normal_version, version_key
from app.domain.licensing.counting import Counted, Presence, counted
from app.models.asset import Asset
from app.models.software import Installation, Product
from app.operations import device_counts
from app.work import Work

Pair = tuple[int, int]
"""An asset and a product, by id."""
_SOME = 400
_DAYS = ("counted_from", "counted_until")


def record(
    work: Work,
    asset: Asset,
    product: Product,
    *,
    version: str,
    found_on: date,
    source: InstallationSource = InstallationSource.MANUAL,
    authorisation: Authorisation = Authorisation.UNAUTHORISED,
    change_id: int | None = None,
) -> Installation:
    """Record that a version is on an asset; refused where the same is recorded there already.

    Nothing stands behind it unless `authorisation` says so, with the change request.
    """
    refuse_finding(found_on, work.today)
    if asset.status.is_gone:
        raise RefusedError(f"{asset.tag} is {asset.status.value}: nothing is installed on it.", "asset")
    version = normal_version(version)
    key = version_key(version)
    same = select(Installation.id).where(
        Installation.asset_id == asset.id,
        Installation.product_id == product.id,
        Installation.version_key == key,
        Installation.removed_on.is_(None),
    )
    if work.execute(same.limit(1)).first() is not None:
        says = f"{product.label} {version}".strip()
        raise RefusedError(f"{says} is recorded on {asset.tag} already.", "version")
    row = work.add(
        Installation(
            asset_id=asset.id,
            product_id=product.id,
            version=version,
            version_key=key,
            source=source,
            found_on=found_on,
            last_seen_on=None if source is InstallationSource.CHANGE else found_on,
            authorisation=authorisation,
            change_id=change_id,
        )
    )
    recount(work, [(asset.id, product.id)])
    return row


def accept(work: Work, installation: Installation, reason: str) -> None:
    """Accept what was found without an authorisation, with a reason. [ISO/IEC 19770-1:2017, 8.2]"""
    refuse_acceptance(installation.authorisation, installation.removed_on, reason, work.today)
    installation.authorisation = Authorisation.ACCEPTED
    installation.accepted_by_id, installation.accepted_on = work.actor_id, work.today
    installation.accepted_reason = reason.strip()
    work.flush()


def remove(work: Work, installation: Installation, day: date, reason: str = "") -> None:
    """Record that it is gone from a day on."""
    refuse_removal(installation.found_on, installation.last_seen_on, installation.removed_on, day, work.today)
    if reason.strip():
        work.reason = reason.strip()
    installation.removed_on = day
    work.flush()
    recount(work, [(installation.asset_id, installation.product_id)])


def accept_all(work: Work, ids: Collection[int], reason: str) -> int:
    """Accept several at once, each with an entry of its own; all or none. Gives how many."""
    rows = _ticked(work, ids)
    for row in rows:
        with _told(row):
            refuse_acceptance(row.authorisation, row.removed_on, reason, work.today)
    for row in rows:
        accept(work, row, reason)
    return len(rows)


def remove_all(work: Work, ids: Collection[int], day: date, reason: str = "") -> int:
    """Record that several are gone from a day on; all or none. Gives how many."""
    rows = _ticked(work, ids)
    for row in rows:
        with _told(row):
            refuse_removal(row.found_on, row.last_seen_on, row.removed_on, day, work.today)
    if reason.strip():
        work.reason = reason.strip()
    for row in rows:
        row.removed_on = day
    work.flush()
    recount(work, {(row.asset_id, row.product_id) for row in rows})
    return len(rows)


def _ticked(work: Work, ids: Collection[int]) -> list[Installation]:
    statement = (
        select(Installation)
        .where(Installation.id.in_(sorted(set(ids))))
        .options(joinedload(Installation.asset), joinedload(Installation.product))
        .order_by(Installation.id)
    )
    rows = work.all(statement)
    if not rows:
        raise RefusedError("Tick at least one line.", "ids")
    if len(rows) < len(set(ids)):
        raise RefusedError("Some of these are no longer there. Look at the list again.", "ids")
    return rows


@contextmanager
def _told(row: Installation) -> Iterator[None]:
    """Say of which row it was that something was refused."""
    try:
        yield
    except RefusedError as refusal:
        if refusal.field == "reason":
            raise
        said = f"{row.product.label} {row.version}".strip()
        raise RefusedError(f"{said} on {row.asset.tag}: {refusal.why[0].says} Nothing was changed.") from refusal


def recount(work: Work, pairs: Iterable[Pair]) -> int:
    """Keep right on which days each installation of these assets and products counts; gives how many rows changed.

    Whoever adds, removes or changes installations calls it, with the asset and the product of each.
    """
    work.flush()
    wanted = set(pairs)
    asked = iter(sorted({asset_id for asset_id, _ in wanted}))
    changed = 0
    while some := list(islice(asked, _SOME)):
        changed += _recount(work, some, wanted)
    return changed


def _recount(work: Work, asset_ids: list[int], wanted: set[Pair]) -> int:
    statement = (
        select(
            Installation.id,
            Installation.asset_id,
            Installation.product_id,
            Installation.found_on,
            Installation.removed_on,
            Installation.counted_from,
            Installation.counted_until,
        )
        .where(Installation.asset_id.in_(asset_ids))
        .order_by(Installation.id)
        .with_for_update()
    )
    before: dict[int, device_counts.Days] = {}
    of: dict[int, int] = {}
    there: dict[Pair, list[Presence[int]]] = defaultdict(list)
    for row_id, asset_id, product_id, found_on, removed_on, since, until in work.execute(statement):
        if (asset_id, product_id) in wanted:
            before[row_id], of[row_id] = (since, until), product_id
            there[asset_id, product_id].append(Presence(row_id, found_on, removed_on))
    right: dict[int, Counted | None] = {}
    for presences in there.values():
        right |= counted(presences)
    wrong = {
        row_id: days or device_counts.NEVER
        for row_id, days in right.items()
        if (days or device_counts.NEVER) != before[row_id]
    }
    _count(work, [(row_id, of[row_id], before[row_id], days) for row_id, days in wrong.items()])
    return len(wrong)


def uncount(work: Work, ids: Iterable[int]) -> None:
    """Let these count for nothing, because they are about to be of another product; `recount` lets them count again."""
    work.flush()
    asked = iter(sorted(set(ids)))
    while some := list(islice(asked, _SOME)):
        columns = select(
            Installation.id, Installation.product_id, Installation.counted_from, Installation.counted_until
        ).where(Installation.id.in_(some), Installation.counted_from.is_not(None))
        rows = work.execute(columns.order_by(Installation.id).with_for_update())
        _count(work, [(row_id, of, (since, until), device_counts.NEVER) for row_id, of, since, until in rows])


def _count(work: Work, changes: Collection[tuple[int, int, device_counts.Days, device_counts.Days]]) -> None:
    """Write the days on which installations count: of each its id, its product, the days before and those from now."""
    # They follow from the other columns, so the journal leaves them out.
    work.update_many(
        Installation,
        [
            (row_id, dict(zip(_DAYS, before, strict=True)), dict(zip(_DAYS, after, strict=True)))
            for row_id, _of, before, after in changes
        ],
    )
    device_counts.keep(work, [(of, before, after) for _row, of, before, after in changes])
