"""Record which assets an audit looked at, and take back what was recorded by mistake."""

from app.domain.explained import Clause, Reason, RefusedError
from app.domain.itam.asset import LONGEST_TAG, normal_tag
from app.domain.programme.impartiality import refuse_new
from app.domain.programme.progress import AuditProgress
from app.models.audit import Audit, AuditAsset
from app.operations.frozen import refuse_if_frozen
from app.operations.seat_gate import refuse_unseated_member
from app.queries.audit_assets import assets_at
from app.queries.impartiality import partialities_at
from app.queries.inventory_checks import assets_of_tags, tags_in_other_letters
from app.work import Work

MOST = 500
"""So many assets one audit looks at."""
INTERNAL_AUDIT = Clause("ISO/IEC 19770-1:2017", "9.2")


def look_at(work: Work, audit: Audit, typed: str, note: str = "") -> int:
    """Record the assets whose tags were typed, one a line, for an audit that was loaded for update; gives how many.

    What stands there already stays as it is. A tag that no asset has is refused, and nothing is recorded; so is an
    asset that one of the auditors of an internal audit answers for. [ISO/IEC 19770-1:2017, 9.2]
    """
    refuse_if_frozen(audit)
    refuse_unseated_member(work, audit)
    if audit.progress is AuditProgress.CANCELLED:
        raise RefusedError(Reason(f"{audit.reference} is cancelled: it looked at nothing.", INTERNAL_AUDIT), "tags")
    tags = list(dict.fromkeys(tag for tag in map(normal_tag, typed.splitlines()) if tag))
    if not tags:
        raise RefusedError("Type the tags of the assets, one a line.", "tags")
    there = {each.asset_id for each in assets_at(work, audit.id)}
    if len(tags) + len(there) > MOST:
        raise RefusedError(f"An audit looks at {MOST} assets at most.", "tags")
    known = assets_of_tags(work, tags)
    strange = [tag for tag in tags if tag not in known]
    meant = tags_in_other_letters(work, strange)
    missing = [tag[:LONGEST_TAG] for tag in strange if tag not in meant]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise RefusedError(f"No asset has the tag {', '.join(missing[:5])}{more}.", "tags")
    ids = dict.fromkeys(known[tag] if tag in known else meant[tag][1] for tag in tags)
    new = [asset_id for asset_id in ids if asset_id not in there]
    stood = partialities_at(work, audit)
    for asset_id in new:
        work.add(AuditAsset(audit_id=audit.id, asset_id=asset_id, note=note.strip()))
    refuse_new(stood, partialities_at(work, audit), "tags")
    return len(new)


def look_away(work: Work, audit: Audit, row: AuditAsset) -> None:
    """Take back that an audit, loaded for update, looked at an asset."""
    refuse_if_frozen(audit)
    refuse_unseated_member(work, audit)
    work.session.delete(row)
    work.flush()
