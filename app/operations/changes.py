"""Ask for a change, decide on it, record that it was done and what was found afterwards."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.explained import Reason, RefusedError
from app.domain.itam import change as rules
from app.domain.itam.asset import normal_tag
from app.domain.itam.change import (
    CHANGE_MANAGEMENT,
    ChangeAction,
    ChangeNow,
    ChangeStatus,
    CheckKind,
    plain_hash,
)
from app.domain.itam.change_wish import Touched, Wish, refuse_wish
from app.domain.itam.version import normal_version
from app.models.asset import Asset
from app.models.change_request import ChangeAsset, ChangeRequest
from app.models.organisation import Organisation, Site
from app.operations import change_effects
from app.operations.change_mail import tell_asker, tell_deciders
from app.operations.conflict import ConflictError
from app.queries.changes import change_by, doers, now_of, software
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for: software and assets by the names that people call them."""

    action: ChangeAction
    title: str
    reason: str
    software: str = ""
    version: str = ""
    sha256: str = ""
    copies: int | None = None
    target: str = ""
    tags: tuple[str, ...] = ()
    to_site_id: int | None = None
    wanted_by: date | None = None
    is_emergency: bool = False


def ask(work: Work, asked: Asked) -> ChangeRequest:
    """Ask for a change; whoever may authorise it is told by mail. [ISO/IEC 19770-1:2017, 8.2]"""
    if work.actor_id is None:
        raise RefusedError(Reason("A change is asked for by a person.", CHANGE_MANAGEMENT))
    product_id = _product(work, asked.software)
    assets = _assets(work, asked.tags)
    version = normal_version(asked.version)
    wish = Wish(
        action=asked.action,
        title=asked.title,
        reason=asked.reason,
        has_product=product_id is not None,
        version=version,
        sha256=asked.sha256,
        copies=asked.copies,
        target=asked.target,
        has_site=asked.to_site_id is not None,
        wanted_by=asked.wanted_by,
        assets=tuple(Touched(each.tag, each.status) for each in assets),
    )
    refuse_wish(wish, work.today)
    _refuse_site(work, asked.to_site_id)
    change = ChangeRequest(
        reference=next_reference(work),
        action=asked.action,
        title=asked.title.strip(),
        reason=asked.reason.strip(),
        status=ChangeStatus.REQUESTED,
        is_emergency=asked.is_emergency,
        product_id=product_id,
        version=version,
        expected_sha256=plain_hash(asked.sha256),
        copies=asked.copies,
        target=asked.target.strip(),
        to_site_id=asked.to_site_id,
        wanted_by=asked.wanted_by,
        requested_by_id=work.actor_id,
        requested_at=work.now,
        assets=[ChangeAsset(asset_id=each.id) for each in assets],
    )
    work.add(change)
    tell_deciders(work, change)
    return change


def authorise(work: Work, reference: str, seen: int | None, note: str = "") -> ChangeRequest:
    """Authorise it; of an emergency that was done, what it brought is authorised too. [ISO/IEC 19770-1:2017, 8.2]"""
    change, now = _held(work, reference, seen)
    after = rules.authorise(now, _actor(work), work.today)
    _decide(work, change, after, note)
    if after.was_done:
        change_effects.back(work, change)
    tell_asker(work, change)
    return change


def refuse(work: Work, reference: str, seen: int | None, note: str) -> ChangeRequest:
    """Refuse it, with the reason. [ISO/IEC 19770-1:2017, 8.2]"""
    change, now = _held(work, reference, seen)
    _decide(work, change, rules.refuse(now, _actor(work), work.today, note), note)
    tell_asker(work, change)
    return change


def withdraw(work: Work, reference: str, seen: int | None) -> ChangeRequest:
    """Take a request back."""
    change, now = _held(work, reference, seen)
    change.status = rules.withdraw(now).status
    work.flush()
    return change


def do(work: Work, reference: str, seen: int | None, *, on: date, by: int, note: str = "") -> ChangeRequest:
    """Record it as done, and let the register say so: installations, versions, sites. [ISO/IEC 19770-1:2017, 8.2]"""
    change, now = _held(work, reference, seen)
    _refuse_outsider(work, by)
    after = rules.do(now, by, on, work.today)
    change.status, change.done_by_id, change.done_on = after.status, by, on
    change.done_note = note.strip()
    change_effects.carry_out(work, change, after)
    if after.is_outstanding:
        tell_deciders(work, change)
    return change


def check(
    work: Work, reference: str, seen: int | None, *, on: date, kind: CheckKind, value: str = "", note: str = ""
) -> ChangeRequest:
    """Record what was read afterwards. [ISO/IEC 19770-1:2017, 8.5]"""
    change, now = _held(work, reference, seen)
    after = rules.check(now, _actor(work), on, work.today, kind, value)
    change.status, change.checked_by_id, change.checked_on = after.status, after.checked_by, on
    change.check_kind, change.check_note = kind, note.strip()
    change.check_value = {CheckKind.VERSION: normal_version(value), CheckKind.HASH: plain_hash(value)}.get(kind, "")
    work.flush()
    return change


def undo(work: Work, reference: str, seen: int | None, *, on: date, note: str = "") -> ChangeRequest:
    """Record that it was taken back, and let the register say so. [ISO/IEC 19770-1:2017, 8.2]"""
    change, now = _held(work, reference, seen)
    after = rules.undo(now, _actor(work), on, work.today)
    change.undone_by_id, change.undone_on, change.undone_note = after.undone_by, on, note.strip()
    change_effects.take_back(work, change)
    return change


def next_reference(work: Work) -> str:
    """The next number of this year, such as CR-2026-014; two who ask at once get two."""
    home = select(Organisation.id).where(Organisation.id == work.home)
    work.execute(home.with_for_update(key_share=True))
    stem = f"CR-{work.today.year:04}-"
    taken = work.all(select(ChangeRequest.reference).where(ChangeRequest.reference.startswith(stem)))
    numbers = [int(each.removeprefix(stem)) for each in taken if each.removeprefix(stem).isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1:03}"


def _held(work: Work, reference: str, seen: int | None) -> tuple[ChangeRequest, ChangeNow]:
    """The request, locked until the work is done, as the visitor saw it: the second of two who decide is told."""
    change = change_by(work, reference, for_update=True)
    if change is None:
        raise LookupError(f"there is no change {reference}")
    if seen is not None and seen != change.row_version:
        raise ConflictError(change, change.reference)
    return change, now_of(work, change)


def _decide(work: Work, change: ChangeRequest, after: ChangeNow, note: str) -> None:
    change.status, change.decided_by_id, change.decided_at = after.status, after.decided_by, work.now
    change.decision_note = note.strip()
    work.flush()


def _actor(work: Work) -> int:
    if work.actor_id is None:
        raise RefusedError(Reason("A person answers for this step, by name.", CHANGE_MANAGEMENT))
    return work.actor_id


def _product(work: Work, name: str) -> int | None:
    wanted = _folded(name)
    if not wanted:
        return None
    found = [each for each in software(work) if wanted in map(_folded, each.names)]
    if not found:
        says = f"The catalogue has no software “{name.strip()}”. Choose one of the list, or have it recorded first."
        raise RefusedError(says, "software")
    if len(found) > 1:
        publishers = " or ".join(sorted(each.publisher for each in found))
        raise RefusedError(
            f"There are several “{name.strip()}”. Put the publisher before it: {publishers}.", "software"
        )
    return found[0].id


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _assets(work: Work, tags: tuple[str, ...]) -> list[Asset]:
    """The assets by their tags. A tag may hold spaces, and spaces may part tags: the whole is looked for first."""
    whole = [normal_tag(tag) for tag in tags]
    found = _by_tag(work, whole + [word for tag in whole for word in tag.split()])
    parted = ([tag] if tag in found else tag.split() for tag in whole)
    wanted = list(dict.fromkeys(tag for several in parted for tag in several))
    unknown = [tag for tag in wanted if tag not in found]
    if unknown:
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        raise RefusedError(f"The register has no asset {', '.join(unknown[:5])}{more}.", "assets")
    return [found[tag] for tag in wanted]


def _by_tag(work: Work, tags: list[str]) -> dict[str, Asset]:
    wanted = sorted(set(tags))
    found: dict[str, Asset] = {}
    for start in range(0, len(wanted), 500):
        some = work.all(select(Asset).where(Asset.tag.in_(wanted[start : start + 500])))
        found |= {asset.tag: asset for asset in some}
    return found


def _refuse_site(work: Work, site_id: int | None) -> None:
    if site_id is None:
        return
    open_ones = select(Site.id).where(Site.id == site_id, Site.closed_on.is_(None) | (Site.closed_on > work.today))
    if work.one_or_none(open_ones) is None:
        raise RefusedError("There is no open site of this kind in this organisation.", "to_site")


def _refuse_outsider(work: Work, person_id: int) -> None:
    if person_id not in {id_ for id_, _ in doers(work)}:
        raise RefusedError("Choose a member of this organisation.", "done_by")
