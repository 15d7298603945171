"""Put a programme that was laid out onto the books: all of what was accepted, or nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.dates import days_between, say, say_days
from app.domain.explained import Reason, RefusedError
from app.domain.programme.joining import Joint
from app.domain.programme.wish import When, Wish
from app.models.audit import Audit, AuditCertificate, AuditProgress
from app.models.certificate import CertificateSite
from app.models.organisation import Organisation, Site
from app.operations.audits import put_on
from app.operations.verdicts import judge_again
from app.queries.layouts import lay_out_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of it: the audits that are new, and how many were on the programme already."""

    new: list[Audit]
    already: int


class RowError(RefusedError):
    """A proposal that cannot be taken as it is, by its key."""

    def __init__(self, key: str, refused: RefusedError) -> None:
        super().__init__(refused.why, field=refused.field)
        self.key = key


def accept(
    work: Work,
    certificate_ids: Collection[int],
    days: Mapping[str, tuple[date, date]],
    *,
    plan_start: date | None = None,
    joined: bool = False,
    reason: str = "",
) -> Accepted:
    """Plan the accepted proposals, by their keys, on the days chosen; sent twice, it plans them once.

    A day that was changed is checked again: past a limit it needs a reason, before its window it would not count.
    """
    # Whoever sends the same form a second time waits here, and then finds everything on the programme.
    home = select(Organisation).where(Organisation.id == work.home)
    organisation = work.all(home.with_for_update(key_share=True).execution_options(populate_existing=True))[0]
    found = lay_out_of(work, certificate_ids, plan_start, joined=joined)
    if organisation.internal_plan_starts_on is None and plan_start is not None:
        organisation.internal_plan_starts_on = plan_start
    offered = {each.key: each for each in found.proposals if not each.is_past}
    new: list[Audit] = []
    for key, (starts_on, ends_on) in sorted(days.items(), key=lambda item: item[1]):
        proposal = offered.get(key)
        if proposal is None or _is_there(work, proposal, starts_on, ends_on):
            continue
        try:
            _check_window(proposal, ends_on, reason)
            new.append(_put_on(work, proposal, _wish(work, proposal, starts_on, ends_on), reason))
        except RefusedError as refused:
            raise RowError(key, refused) from refused
    judge_again(work, certificate_ids)
    return Accepted(new, len(days) - len(new))


def _put_on(work: Work, proposal: Joint, wish: Wish, reason: str) -> Audit:
    """Plan one of them; the reason is kept on those alone that need one."""
    late = proposal.closes_on is not None and wish.when.ends_on > proposal.closes_on
    before = work.reason
    try:
        if not late:
            try:
                return put_on(work, wish)
            except RefusedError as refused:
                if refused.field != "reason" or not reason.strip():
                    raise
        return put_on(work, wish, reason=reason)
    finally:
        work.flush()
        work.reason = before


def _wish(work: Work, proposal: Joint, starts_on: date, ends_on: date) -> Wish:
    served = {id_: each.kind for id_, each in proposal.members}
    within = select(CertificateSite.site_id).where(CertificateSite.certificate_id.in_(served))
    sites = work.all(select(Site.id).where(Site.id.in_(within), Site.closed_on.is_(None)))
    return Wish(kind=proposal.kind, when=When(starts_on, ends_on), certificates=served, sites=frozenset(sites))


def _check_window(proposal: Joint, ends_on: date, reason: str) -> None:
    """Refuse a day before the window, and one past the limit without a reason."""
    if proposal.opens_on is not None and ends_on < proposal.opens_on:
        says = f"It would not count on {say(ends_on)}: its window opens on {say(proposal.opens_on)}."
        raise RefusedError(says, field="ends_on")
    if proposal.closes_on is not None and ends_on > proposal.closes_on and not reason.strip():
        late = say_days(days_between(proposal.closes_on, ends_on))
        says = f"{say(ends_on)} is {late} past the limit of {say(proposal.closes_on)}, so it needs a reason."
        raise RefusedError((Reason(says), *proposal.why[:1]), field="reason")


def _is_there(work: Work, proposal: Joint, starts_on: date, ends_on: date) -> bool:
    """Whether the same audit is on the programme on the same days, however late they are."""
    certificate_id, kind = proposal.members[0][0], proposal.members[0][1].kind
    same = (
        select(Audit.id)
        .join(AuditCertificate, AuditCertificate.audit_id == Audit.id)
        .where(
            AuditCertificate.certificate_id == certificate_id,
            AuditCertificate.kind == kind,
            Audit.starts_on == starts_on,
            Audit.ends_on == ends_on,
            Audit.progress != AuditProgress.CANCELLED,
        )
    )
    return bool(work.all(same.limit(1)))


__all__ = ["Accepted", "RowError", "accept"]
