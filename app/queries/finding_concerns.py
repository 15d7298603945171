"""What findings concern: found by what somebody typed, offered while they type, and shown with what matters."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from app.domain.findings.concern import Concern, parted
from app.domain.licensing.position import say_position
from app.models.asset import Asset
from app.models.change_request import ChangeRequest
from app.models.finding import Finding
from app.models.licence import Entitlement, LicencePool
from app.models.organisation import Site
from app.models.process import Process
from app.models.software import Installation, Product
from app.queries.asset_page import ownership_on
from app.queries.positions import positions_on
from app.work import Work

OFFERED = 6
"""So many of each kind are offered while somebody types."""
_C = Concern


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a finding may concern."""

    kind: Concern
    id: int
    name: str
    """As one types it."""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Concerned:
    """A link of a finding as its page shows it."""

    link_id: int
    thing: Thing
    key: object
    """What its page is found by."""


NAMED: dict[Concern, tuple[Any, tuple[Any, ...], Any]] = {
    _C.ASSET: (Asset, (Asset.tag,), Asset.name),
    _C.ENTITLEMENT: (Entitlement, (Entitlement.reference,), Entitlement.proof),
    _C.POOL: (LicencePool, (LicencePool.reference, LicencePool.name), LicencePool.name),
    _C.CHANGE: (ChangeRequest, (ChangeRequest.reference,), ChangeRequest.title),
    _C.PROCESS: (Process, (Process.reference, Process.name), Process.name),
    _C.SITE: (Site, (Site.name,), Site.country),
}
"""Of each kind but installations: the model, by what it is named, and what tells it from others."""


def named(work: Work, lines: Iterable[str]) -> dict[str, list[Thing]]:
    """What each line may mean: by tag, reference or name in large or small letters; one query a kind."""
    wanted = {line: parted(line) for line in lines}
    found: dict[str, list[Thing]] = {line: [] for line in wanted}
    for kind, (model, columns, _) in NAMED.items():
        asked = {line: name for line, (said, name) in wanted.items() if said in (None, kind) and name}
        if not asked:
            continue
        small = sorted({name.lower() for name in asked.values()} | {name.casefold() for name in asked.values()})
        typed = sorted(set(asked.values()))
        matches = or_(*(each.in_(typed) | func.lower(each).in_(small) for each in columns))
        for row in work.execute(select(model.id, *columns).where(matches)):
            for line, name in asked.items():
                if any(str(value).casefold() == name.casefold() for value in row[1:]):
                    found[line].append(Thing(kind, row[0], row[1]))
    for line, things in _installed(work, wanted).items():
        found[line] += things
    return found


def _installed(work: Work, wanted: dict[str, tuple[Concern | None, str]]) -> dict[str, list[Thing]]:
    """Installations by “product version on tag”: of several the one that is still there, or the latest."""
    asked = {
        line: name.casefold().rpartition(" on ")
        for line, (said, name) in wanted.items()
        if said in (None, _C.INSTALLATION) and " on " in name.casefold()
    }
    if not asked:
        return {}
    tags = sorted({tag for _, _, tag in asked.values()})
    rows = (
        select(Installation, Product.name, Product.edition, Asset.tag)
        .join(Asset, Installation.asset_id == Asset.id)
        .join(Product, Installation.product_id == Product.id)
        .where(func.lower(Asset.tag).in_(tags))
        .order_by(Installation.removed_on.is_(None), Installation.id)
    )
    by_name: dict[tuple[str, str], Thing] = {}
    for row, name, edition, tag in work.execute(rows):
        label = f"{name} {edition}".strip()
        thing = Thing(_C.INSTALLATION, row.id, installation_name(label, row.version, tag))
        by_name[label.casefold(), tag.casefold()] = thing
        by_name[f"{label} {row.version}".strip().casefold(), tag.casefold()] = thing
    found = {line: by_name.get((label.strip(), tag.strip())) for line, (label, _, tag) in asked.items()}
    return {line: [thing] for line, thing in found.items() if thing is not None}


def installation_name(label: str, version: str, tag: str) -> str:
    """How an installation is typed: Quill Office 3.1 on NW-0001."""
    return f"{f'{label} {version}'.strip()} on {tag}"


def offered(work: Work, words: str) -> list[Thing]:
    """What holds all the words, some of each kind; one query a kind."""
    terms = words.split()[:6]
    if not terms:
        return []
    found: list[Thing] = []
    for kind, (model, columns, says) in NAMED.items():
        looked_in = {each.key: each for each in (*columns, says)}.values()
        holds = [or_(*(each.icontains(term, autoescape=True) for each in looked_in)) for term in terms]
        statement = select(model.id, columns[0], says).where(*holds).order_by(columns[0]).limit(OFFERED)
        found += [Thing(kind, row[0], row[1], row[2] or "") for row in work.execute(statement)]
    columns = (Product.name, Product.edition, Installation.version, Asset.tag)
    statement = (
        select(Installation.id, *columns)
        .join(Asset, Installation.asset_id == Asset.id)
        .join(Product, Installation.product_id == Product.id)
        .where(Installation.removed_on.is_(None))
        .where(*(or_(*(each.icontains(term, autoescape=True) for each in columns)) for term in terms))
        .order_by(Product.name, Asset.tag)
        .limit(OFFERED)
    )
    for id_, name, edition, version, tag in work.execute(statement):
        found.append(Thing(_C.INSTALLATION, id_, installation_name(f"{name} {edition}".strip(), version, tag)))
    return found


def concerned(work: Work, finding: Finding) -> list[Concerned]:
    """What a finding concerns, each with what matters of it today; at most one query more than the finding took."""
    pools = [each.pool_id for each in finding.links if each.pool_id is not None]
    standing: dict[int, str] = {}
    if pools:
        lines = positions_on(work, work.today, pools[0] if len(pools) == 1 else 0)
        standing = {each.pool_id: say_position(each.position, each.metric) for each in lines if each.pool_id in pools}
    shown = []
    for link in finding.links:
        if link.asset is not None:
            owner = ownership_on(link.asset, work.today)
            whose = (
                f"{owner.kind.label.lower()}{f', {owner.party}' if owner.party else ''}" if owner else "no ownership"
            )
            says = f"{link.asset.name}, {whose}, {link.asset.status.label.lower()}"
            found = Concerned(link.id, Thing(_C.ASSET, link.asset.id, link.asset.tag, says), link.asset.id)
        elif link.entitlement is not None:
            row = link.entitlement
            says = f"{row.kind.label.lower()} of {row.quantity:,} in {row.pool.reference} {row.pool.name}"
            found = Concerned(link.id, Thing(_C.ENTITLEMENT, row.id, row.reference, says), row.reference)
        elif link.pool is not None:
            says = f"{link.pool.name}: {standing.get(link.pool.id, 'no position')}"
            found = Concerned(link.id, Thing(_C.POOL, link.pool.id, link.pool.reference, says), link.pool.reference)
        elif link.installation is not None:
            put = link.installation
            gone = ", gone" if put.removed_on is not None and put.removed_on <= work.today else ""
            name = installation_name(put.product.label, put.version, put.asset.tag)
            says = f"{put.product.publisher.name}, {put.authorisation.label.lower()}{gone}"
            found = Concerned(link.id, Thing(_C.INSTALLATION, put.id, name, says), put.id)
        elif link.site is not None:
            found = Concerned(link.id, Thing(_C.SITE, link.site.id, link.site.name, link.site.country), None)
        elif link.process is not None:
            whose = f", owned by {link.process.owner.label}" if link.process.owner else ""
            thing = Thing(_C.PROCESS, link.process.id, link.process.reference, f"{link.process.name}{whose}")
            found = Concerned(link.id, thing, link.process.reference)
        elif link.change is not None:
            says = f"{link.change.title}, {link.change.status.label.lower()}"
            thing = Thing(_C.CHANGE, link.change.id, link.change.reference, says)
            found = Concerned(link.id, thing, link.change.reference)
        else:
            raise LookupError(f"link {link.id} of a finding names nothing")
        shown.append(found)
    order = list(Concern)
    return sorted(shown, key=lambda each: (order.index(each.thing.kind), each.thing.name))


def by_kind(things: Iterable[Concerned]) -> dict[Concern, list[Concerned]]:
    """The same, parted by what they are."""
    found: dict[Concern, list[Concerned]] = defaultdict(list)
    for each in things:
        found[each.thing.kind].append(each)
    return dict(found)
