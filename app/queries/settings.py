"""What the settings show: sites, blackout periods and editions."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.catalogue import editions, standards
from app.models.organisation import BlackoutPeriod, OwnEdition, Site
from app.work import Work


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition as it counts here, and where that comes from."""

    name: str
    deadline: date | None
    no_new_or_recert_after: date | None
    source: str
    confidence: str
    note: str
    binds: bool
    own_id: int | None
    clauses: int

    def has_ended(self, today: date) -> bool:
        """Whether no certificate to it is valid any longer."""
        return self.binds and self.deadline is not None and self.deadline < today


def sites(work: Work) -> list[Site]:
    """Every site: the open ones first, the central one before the others."""
    order = (Site.closed_on.is_not(None), Site.is_central.desc(), Site.name)
    return work.all(select(Site).order_by(*order))


def site_by(work: Work, site_id: int) -> Site | None:
    """A site of the organisation."""
    return work.one_or_none(select(Site).where(Site.id == site_id).with_for_update())


def blackout_periods(work: Work) -> list[BlackoutPeriod]:
    """Every blackout period, by its first day."""
    wanted = select(BlackoutPeriod).options(joinedload(BlackoutPeriod.site)).order_by(BlackoutPeriod.starts_on)
    return work.all(wanted)


def blackout_period_by(work: Work, period_id: int) -> BlackoutPeriod | None:
    """A blackout period of the organisation."""
    return work.one_or_none(select(BlackoutPeriod).where(BlackoutPeriod.id == period_id).with_for_update())


def own_editions(work: Work) -> list[OwnEdition]:
    """What the organisation says of editions."""
    return work.all(select(OwnEdition).order_by(OwnEdition.standard, OwnEdition.edition))


def own_edition_by(work: Work, own_id: int) -> OwnEdition | None:
    """An edition of the organisation's own."""
    return work.one_or_none(select(OwnEdition).where(OwnEdition.id == own_id).with_for_update())


def catalogue_of(work: Work) -> list[EditionRow]:
    """Every edition, the catalogue's and one's own over it, by name; the newest edition of a standard first."""
    barred = {each.full_name for each in standards() if not each.certifiable}
    counted = {each.full_name: len(each.clauses) for each in standards()}
    found = {
        each.name: EditionRow(
            each.name,
            each.deadline,
            each.no_new_or_recert_after,
            each.source or "",
            each.confidence or "",
            each.note or "",
            each.binds,
            None,
            counted.get(each.name, 0),
        )
        for each in editions()
    }
    for name, clauses in counted.items():
        found.setdefault(name, EditionRow(name, None, None, "", "", "", False, None, clauses))
    for own in own_editions(work):
        clauses = counted.get(own.full_name, 0)
        found[own.full_name] = EditionRow(
            own.full_name,
            own.deadline,
            own.no_new_or_recert_after,
            own.source,
            "",
            "",
            own.deadline is not None,
            own.id,
            clauses,
        )
    # Nobody is certified to what certification bodies themselves work by.
    shown = {name: row for name, row in found.items() if name not in barred}
    newest_first = sorted(shown.values(), key=lambda each: each.name.rpartition(":")[2], reverse=True)
    return sorted(newest_first, key=lambda each: each.name.rpartition(":")[0])
