"""Count what is there, draw up how it differs from the register, and resolve each difference."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.domain.explained import Reason, RefusedError
from app.domain.itam.asset import LONGEST_TAG, AssetKind, AssetStatus, normal_tag
from app.domain.itam.inventory import (
    VERIFICATION,
    Difference,
    Known,
    Resolution,
    back_to,
    difference_of,
    refuse_resolution,
)
from app.models.asset import Asset
from app.models.inventory_check import InventoryCheck, InventoryLine
from app.models.organisation import Organisation, Site
from app.operations import assets
from app.operations.assets import AssetDetails
from app.queries.asset_page import asset_by_id, asset_by_tag
from app.queries.inventory_checks import (
    assets_of_tags,
    check_lines,
    expected_assets,
    lines_of_tags,
    lines_to_judge,
    tags_in_other_letters,
)
from app.work import Work

MOST_AT_ONCE = 5000
"""Tags that are counted in one go; a longer list is pasted in parts."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of the tags that were typed."""

    found: tuple[str, ...] = ()
    """Expected, and found now."""
    again: tuple[str, ...] = ()
    """Found before already."""
    unexpected: tuple[str, ...] = ()
    """Known, and not expected here."""
    unknown: tuple[str, ...] = ()
    """Of no asset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionDetails:
    """What is done about a difference; the site, the status and the new asset only where the resolution wants them."""

    resolution: Resolution
    note: str = ""
    site_id: int | None = None
    status: AssetStatus | None = None
    name: str = ""
    kind: AssetKind = AssetKind.HARDWARE


def start(work: Work, title: str = "", site_id: int | None = None, kind: AssetKind | None = None) -> InventoryCheck:
    """Start an inventory check: what the register has at the site, of the kind, is expected.

    [ISO/IEC 19770-1:2017, 8.3]
    """
    if site_id is not None and not work.all(select(Site.id).where(Site.id == site_id)):
        raise RefusedError("Choose a site from the list.", "site")
    if work.actor_id is None:
        raise LookupError("an inventory check is started by a person")
    check = work.add(
        InventoryCheck(
            reference=_next_reference(work),
            title=" ".join(title.split()),
            site_id=site_id,
            kind=kind,
            started_by_id=work.actor_id,
            started_at=work.now,
        )
    )
    work.insert_many(
        InventoryLine,
        [_line(check, tag, asset_id, is_expected=True) for asset_id, tag in expected_assets(work, site_id, kind)],
    )
    return check


def count(work: Work, check: InventoryCheck, typed: str) -> Counted:
    """Count the tags that were typed, one a line, in a check that was loaded for update."""
    _refuse_counted(check)
    tags = _tags(typed)
    lines = lines_of_tags(work, check, tags)
    known = assets_of_tags(work, [tag for tag in tags if tag not in lines])
    strange = [tag for tag in tags if tag not in lines and tag not in known]
    meant = tags_in_other_letters(work, strange)
    lines |= lines_of_tags(work, check, [tag for tag, _id in meant.values() if tag not in lines])
    known |= dict(meant.values())
    sorted_out: dict[str, list[str]] = {"found": [], "again": [], "unexpected": [], "unknown": []}
    fresh: list[dict[str, object]] = []
    for tag in dict.fromkeys(meant[each][0] if each in meant else each for each in tags):
        line = lines.get(tag)
        if line is None:
            fresh.append(
                {
                    **_line(check, tag, known.get(tag), is_expected=False),
                    "found_at": work.now,
                    "found_by_id": work.actor_id,
                }
            )
            sorted_out["unexpected" if tag in known else "unknown"].append(tag)
        elif line.found_at is not None:
            sorted_out["again"].append(tag)
        else:
            line.found_at, line.found_by_id = work.now, work.actor_id
            sorted_out["found"].append(tag)
    work.flush()
    work.insert_many(InventoryLine, fresh)
    return Counted(**{name: tuple(those) for name, those in sorted_out.items()})


def uncount(work: Work, check: InventoryCheck, tag: str) -> None:
    """Take back one tag that was counted by mistake, in a check that was loaded for update."""
    _refuse_counted(check)
    line = lines_of_tags(work, check, [tag]).get(tag)
    if line is None or line.found_at is None:
        raise RefusedError(f"{tag} is not among what was found.", "tag")
    if line.is_expected:
        line.found_at = line.found_by_id = None
    else:
        work.session.delete(line)
    work.flush()


def end_counting(work: Work, check: InventoryCheck) -> None:
    """End the counting of a check that was loaded for update, and draw up how it differs from the register now."""
    _refuse_counted(check)
    for line in lines_to_judge(work, check):
        found = difference_of(
            is_expected=line.is_expected,
            is_found=line.found_at is not None,
            known=known_of(line.asset),
            site_id=check.site_id,
        )
        line.difference = found.value if found else None
    check.counted_at = work.now
    work.flush()


def known_of(asset: Asset | None) -> Known | None:
    """What the register says of a counted asset; its site is loaded."""
    return None if asset is None else Known(asset.status, asset.site_id, asset.site.name if asset.site else "")


def resolve(work: Work, check: InventoryCheck, line: InventoryLine, details: ResolutionDetails) -> None:
    """Resolve one difference, with all that it changes in the register; the line was loaded for update."""
    if check.counted_at is None or line.difference is None:
        raise RefusedError(f"{line.tag} has no difference to resolve.")
    if line.resolution is not None:
        raise RefusedError(f"{line.tag} is resolved already: {line.resolution.label.lower()}.")
    asset = asset_by_id(work, line.asset_id, for_update=True) if line.asset_id is not None else None
    refuse_resolution(line.difference, details.resolution, details.note, asset.status if asset else None)
    work.reason = details.note.strip() or f"Inventory check {check.reference}: {details.resolution.label.lower()}."
    if details.resolution is Resolution.DECLARED_LOST and asset is not None:
        assets.step(work, asset, AssetStatus.LOST, details.note)
    elif details.resolution is Resolution.RECORDED:
        line.asset_id = _record(work, check, line, details)
    elif details.resolution is Resolution.REGISTER_CORRECTED and asset is not None:
        _correct(work, check, line, details)
    line.resolution, line.resolution_note = details.resolution, details.note.strip()
    line.resolved_by_id, line.resolved_at = work.actor_id, work.now
    work.flush()


def close(work: Work, check: InventoryCheck) -> None:
    """Close a check, loaded for update, all of whose differences are resolved; it is kept as it is for good."""
    if check.counted_at is None:
        raise RefusedError(
            Reason("Counting has not ended. End it first: then the differences are drawn up.", VERIFICATION)
        )
    if check.closed_at is not None:
        raise RefusedError(f"{check.reference} is closed already.")
    rows, total = check_lines(work, check, "open")
    if total:
        named = ", ".join(row.tag for row in rows[:10])
        more = f" and {total - 10} more" if total > 10 else ""
        is_are = "difference is" if total == 1 else "differences are"
        raise RefusedError(Reason(f"{total} {is_are} not resolved: {named}{more}.", VERIFICATION))
    check.closed_at = work.now
    work.flush()


def _correct(work: Work, check: InventoryCheck, line: InventoryLine, details: ResolutionDetails) -> None:
    """Bring the register to what was seen: the site of what was elsewhere or is missing, the status of what is back."""
    asset = line.asset
    if asset is None:
        return
    if line.difference is Difference.NOT_EXPECTED:
        offered = back_to(asset.status)
        if details.status not in offered:
            says = ", ".join(each.label.lower() for each in offered)
            raise RefusedError(f"Say what it is again: {says}.", "status")
        assets.step(work, asset, details.status, work.reason)
        if check.site_id is not None:
            asset.site_id = check.site_id
    elif line.difference is Difference.ELSEWHERE:
        asset.site_id = check.site_id
    else:
        if details.site_id is None or details.site_id == asset.site_id:
            raise RefusedError("Say at which other site it is.", "site")
        if not work.all(select(Site.id).where(Site.id == details.site_id)):
            raise RefusedError("Choose a site from the list.", "site")
        asset.site_id = details.site_id


def _record(work: Work, check: InventoryCheck, line: InventoryLine, details: ResolutionDetails) -> int:
    """Record the unknown asset, or take the one that was recorded under this tag since."""
    since = asset_by_tag(work, line.tag)
    if since is not None:
        return since.id
    told = AssetDetails(tag=line.tag, name=details.name, kind=details.kind, site_id=check.site_id)
    return assets.create(work, told, AssetStatus.IN_STOCK).id


def _line(check: InventoryCheck, tag: str, asset_id: int | None, *, is_expected: bool) -> dict[str, object]:
    return {
        "check_id": check.id,
        "tag": tag,
        "asset_id": asset_id,
        "is_expected": is_expected,
        "resolution_note": "",
    }


def _tags(typed: str) -> Sequence[str]:
    """The tags of the lines, each once."""
    tags = list(dict.fromkeys(tag for line in typed.splitlines() if (tag := normal_tag(line))))
    if not tags:
        raise RefusedError("Type or scan a tag.", "tags")
    if len(tags) > MOST_AT_ONCE:
        raise RefusedError(f"These are {len(tags)} tags. Count {MOST_AT_ONCE} at most in one go.", "tags")
    wrong = next((tag for tag in tags if len(tag) > LONGEST_TAG or not tag.isprintable()), None)
    if wrong is not None:
        raise RefusedError(
            f"“{wrong[:60]}” is no tag: it has {LONGEST_TAG} signs at most. Nothing was counted.", "tags"
        )
    return tags


def _refuse_counted(check: InventoryCheck) -> None:
    if check.counted_at is not None:
        raise RefusedError(Reason("Counting has ended, and the differences are drawn up.", VERIFICATION), "tags")


def _next_reference(work: Work) -> str:
    # One at a time: two that ask at once must not be given the same.
    work.session.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))
    stem = f"IC-{work.today.year}-"
    taken = work.all(select(InventoryCheck.reference).where(InventoryCheck.reference.startswith(stem)))
    numbers = [int(each.removeprefix(stem)) for each in taken if each.removeprefix(stem).isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1:02}"
