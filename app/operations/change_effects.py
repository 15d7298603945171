"""What a change that was done does to the register: installations, versions, sites, and back again."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.explained import Reason, RefusedError
from app.domain.itam.asset import AssetStatus, refuse_step
from app.domain.itam.batch import InstallationSource
from app.domain.itam.change import CHANGE_MANAGEMENT, Authorisation, ChangeAction, ChangeNow
from app.domain.itam.change_effect import Effect, Present, installed, modified, removed
from app.domain.itam.version import version_key
from app.models.asset import Asset
from app.models.change_request import ChangeRequest
from app.models.software import Installation
from app.operations.installations import recount
from app.work import Work

_A = ChangeAction


def carry_out(work: Work, change: ChangeRequest, now: ChangeNow) -> None:
    """Let the register say what was done. The assets and the product of the change are loaded.

    Copies are kept on the request alone, and so is what was modified of an asset that is no software.
    """
    _hold(work, change)
    if change.action is _A.MOVE:
        _move(change)
    elif change.product_id is not None and change.action in (_A.INSTALL, _A.MODIFY, _A.REMOVE):
        _install(work, change, now.is_authorised)
    elif change.action is _A.REMOVE:
        for touched in change.assets:
            _step(touched.asset, AssetStatus.RETIRED)
    work.flush()


def back(work: Work, change: ChangeRequest) -> None:
    """An emergency change was authorised afterwards: it stands behind what it brought."""
    for row in _of_change(work, change):
        if row.authorisation is Authorisation.UNAUTHORISED:
            row.authorisation = Authorisation.AUTHORISED
    work.flush()


def take_back(work: Work, change: ChangeRequest) -> None:
    """Undo what was done: what it brought goes, what it took returns, what it moved is where it was."""
    if change.undone_on is None or change.done_on is None:
        raise LookupError(f"{change.reference} was not undone")
    _hold(work, change)
    if change.action is _A.MOVE:
        for touched in change.assets:
            if touched.asset.site_id == change.to_site_id:
                touched.asset.site_id = touched.from_site_id
    elif change.product_id is not None and change.action in (_A.INSTALL, _A.MODIFY, _A.REMOVE):
        _uninstall(work, change, change.done_on, change.undone_on)
    elif change.action is _A.REMOVE:
        for touched in change.assets:
            if touched.asset.status is AssetStatus.RETIRED:
                _step(touched.asset, AssetStatus.IN_STOCK)
    work.flush()


def _hold(work: Work, change: ChangeRequest) -> None:
    """Hold the assets as they are now: of two changes to one asset, the second waits and finds what the first did."""
    ids = sorted(each.asset_id for each in change.assets)
    held = select(Asset).where(Asset.id.in_(ids)).order_by(Asset.id).with_for_update()
    work.all(held.execution_options(populate_existing=True))


def _move(change: ChangeRequest) -> None:
    for touched in change.assets:
        touched.from_site_id = touched.asset.site_id
        touched.asset.site_id = change.to_site_id


def _step(asset: Asset, to: AssetStatus) -> None:
    try:
        refuse_step(asset.status, to)
    except RefusedError as refusal:
        says = f"{asset.tag}: {' '.join(reason.says for reason in refusal.why)}"
        raise RefusedError(Reason(says, CHANGE_MANAGEMENT)) from refusal
    asset.status = to


def _install(work: Work, change: ChangeRequest, is_authorised: bool) -> None:
    if change.done_on is None or change.product is None:
        raise LookupError(f"{change.reference} was not done")
    there = _present(work, change)
    new: list[dict[str, Any]] = []
    for touched in change.assets:
        rows = there[touched.asset_id]
        name = f"{change.product.label} on {touched.asset.tag}"
        effect = _effect(change, name, rows, change.done_on)
        by_id = {row.id: row for row in rows}
        for key in effect.backed:
            by_id[key].change_id = change.id
            if is_authorised:
                by_id[key].authorisation = Authorisation.AUTHORISED
        for key in effect.gone:
            by_id[key].removed_on = change.done_on
        if effect.brings:
            new.append(_row(change, touched.asset_id, change.done_on, is_authorised))
    work.flush()
    work.insert_many(Installation, new)
    recount(work, _pairs(change))


def _effect(change: ChangeRequest, name: str, rows: Iterable[Installation], on: date) -> Effect:
    present = [Present(row.id, row.version, row.found_on, row.last_seen_on, row.authorisation) for row in rows]
    if change.action is _A.INSTALL:
        return installed(present, change.version)
    if change.action is _A.MODIFY:
        return modified(name, present, change.version, on)
    return removed(name, present, change.version, on)


def _uninstall(work: Work, change: ChangeRequest, done_on: date, undone_on: date) -> None:
    """What it brought is gone from the day on, and what it had taken is there again from that day."""
    for row in _of_change(work, change):
        if row.removed_on is None:
            row.removed_on = max(undone_on, row.found_on)
    if change.action is not _A.INSTALL:
        taken = work.all(
            select(Installation)
            .where(Installation.asset_id.in_([each.asset_id for each in change.assets]))
            .where(Installation.product_id == change.product_id, Installation.removed_on == done_on)
            .order_by(Installation.id)
        )
        work.flush()
        work.insert_many(
            Installation,
            [
                {
                    "asset_id": row.asset_id,
                    "product_id": row.product_id,
                    "version": row.version,
                    "version_key": row.version_key,
                    "source": InstallationSource.CHANGE,
                    "found_on": undone_on,
                    "authorisation": row.authorisation,
                    "change_id": row.change_id,
                    "accepted_by_id": row.accepted_by_id,
                    "accepted_on": row.accepted_on,
                    "accepted_reason": row.accepted_reason,
                    "sha256": row.sha256,
                }
                for row in taken
                if row.change_id != change.id and (change.action is _A.MODIFY or _named(change, row))
            ],
        )
    recount(work, _pairs(change))


def _named(change: ChangeRequest, row: Installation) -> bool:
    return not change.version or row.version_key == version_key(change.version)


def _present(work: Work, change: ChangeRequest) -> dict[int, list[Installation]]:
    rows: dict[int, list[Installation]] = defaultdict(list)
    statement = (
        select(Installation)
        .where(Installation.asset_id.in_([each.asset_id for each in change.assets]))
        .where(Installation.product_id == change.product_id, Installation.removed_on.is_(None))
        .order_by(Installation.id)
        .with_for_update()
    )
    for row in work.all(statement):
        rows[row.asset_id].append(row)
    return rows


def _of_change(work: Work, change: ChangeRequest) -> list[Installation]:
    statement = select(Installation).where(Installation.change_id == change.id).order_by(Installation.id)
    return work.all(statement.with_for_update())


def _row(change: ChangeRequest, asset_id: int, found_on: date, is_authorised: bool) -> dict[str, Any]:
    return {
        "asset_id": asset_id,
        "product_id": change.product_id,
        "version": change.version,
        "version_key": version_key(change.version),
        "source": InstallationSource.CHANGE,
        "found_on": found_on,
        "authorisation": Authorisation.AUTHORISED if is_authorised else Authorisation.UNAUTHORISED,
        "change_id": change.id,
        "sha256": change.expected_sha256,
    }


def _pairs(change: ChangeRequest) -> list[tuple[int, int]]:
    return [(each.asset_id, change.product_id) for each in change.assets if change.product_id is not None]
