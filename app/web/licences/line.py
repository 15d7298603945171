"""One line of the position: each number with its reasons, and the rows behind it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.findings.concern import Concern
from app.domain.licensing.metric import PARTS, say_parts
from app.domain.licensing.position import Position, say_position
from app.domain.money import say_money
from app.domain.permission import Permission
from app.models.software import Product
from app.outputs.drawing.stand import Stand, draw_stand
from app.queries.finding_pointers import findings_about
from app.queries.licence_notices import terms_on
from app.queries.needed_rows import Needed
from app.queries.pools import pool_by, sites_named
from app.queries.position_history import history_of
from app.queries.position_names import (
    Idle,
    Installed,
    NamedAsset,
    assets_named,
    employees_named,
    idle_on,
    installed_on,
    use_on,
)
from app.queries.position_rows import Behind, behind, position_without, products_of, say_terms
from app.queries.usage import counted_by_product
from app.web.exporting import sheet_response
from app.web.fields import asked_page
from app.web.gate import may
from app.web.licences.area import Day, area, asked_day
from app.work import Work

T = TypeVar("T")
ROUNDED = "To whole units, or whole packs: one that is covered in part alone is not covered."
PAGE = 50
CHUNK = 500
DAYS = 90
MOST_DAYS = 3650
FACES = (
    ("demand", "What needs it"),
    ("covered", "What is covered"),
    ("short", "What is short"),
    ("entitled", "What is entitled"),
    ("unused", "Unused"),
    ("months", "Over the months"),
)
NEEDS = ("demand", "covered", "short")
_NEEDED = ("What", "Name", "Site", "Custodian", "Units", "Covered", "Covered by", "Bare", "Takes no unit", "Installed",
           "Why")  # fmt: skip
HEADS = {
    **dict.fromkeys(NEEDS, _NEEDED),
    "entitled": ("Entitlement", "Kind", "Quantity", "Runs", "Site", "Version through", "Proof", "Counts", "Covers",
                 "To spare", "Covered in its term", "Why"),
    "unused": ("Asset", "Name", "Site", "Custodian", "Last used", "Installed"),
    "months": ("On", "Entitled", "Demand", "Covered", "Shortfall", "Surplus", "How it stands"),
}  # fmt: skip


class Names(NamedTuple):
    """What the rows of a page are called, and what is installed there."""

    assets: dict[int, NamedAsset]
    employees: dict[int, str]
    products: dict[int, Product]
    installed: dict[int, list[Installed]]


class Saving(NamedTuple):
    """What removing all unused would change: the position worked out anew without them."""

    position: Position
    units: int
    cost_minor: int | None
    """What the true-up would cost less; None where no price is known."""


def _usage_of(row: Needed, tag: str | None) -> str:
    """The records of use that a measured row comes from."""
    days: dict[str, Any] = {"from": row.starts_on, "until": row.ends_on or row.starts_on}
    return url_for("usage.index", product=row.product_id, asset=tag, **days)


@area.get("/position/<reference>", needs=Permission.SEE_ASSETS)
def line(work: Work, reference: str) -> ResponseReturnValue:
    """One pool on a day."""
    found, day = _found(work, reference)
    face, days = _face(), _days()
    idle = idle_on(work, found.pool.id, found.day, days) if face == "unused" else []
    months = history_of(work, found.pool.id, found.day) if face == "months" else []
    rows: Sequence[Any] = {"entitled": found.entitlements, "unused": idle, "months": months}.get(
        face, _needed(found, face)
    )
    pages = max(1, -(-len(rows) // PAGE))
    page = min(asked_page(), pages)
    # The drawing and its table belong together.
    shown = rows if face == "months" else rows[(page - 1) * PAGE : page * PAGE]
    products = {each.id: each for each in products_of(work, found.pool.id)}
    pool = found.pool
    content = render_template(
        "licences/line.html",
        found=found,
        pool=pool,
        position=found.position,
        sentence=say_position(found.position, pool.metric),
        day=day,
        face=face,
        sides=[(name, label, _address(found, day, face=name)) for name, label in FACES],
        side={name: _address(found, day, face=name) for name, _ in FACES},
        needs=NEEDS,
        counted={"demand": "units", "covered": "covered", "short": "bare"}.get(face),
        rounded=_rounded(found).get(face, 0),
        days=days,
        shown=shown,
        total=len(rows),
        page=page,
        pages=pages,
        products=products,
        used=counted_by_product(work, products),
        usage_of=_usage_of,
        names=_names(work, found, shown, products) if face in (*NEEDS, "unused") else None,
        saving=_saving(work, found, idle) if face == "unused" else None,
        use=use_on(work, found.pool.id, found.day) if face == "unused" else None,
        unknown=sum(each.last_used_on is None for each in idle),
        terms=terms_on(work, found.day, pool.id) if face == "entitled" else [],
        drawn=draw_stand([Stand(on, at.entitled, at.demand, at.allocated) for on, at in months], found.day)
        if months
        else None,
        says=lambda at: say_position(at, pool.metric),
        parts=say_parts,
        about=findings_about(work, Concern.POOL, pool.id),
        rounding=ROUNDED,
        site_of=_site_of(work),
        runs=say_terms,
        money=lambda minor: say_money(minor, pool.currency),
        link=lambda number: _address(found, day, face=face, days=days, page=number),
        export=lambda sheet: _address(found, day, endpoint="licences.export_line", face=face, days=days, sheet=sheet),
        journal_url=url_for("journal.index", noun="licence_pool", reference=pool.reference)
        if may(Permission.READ_JOURNAL)
        else None,
    )
    return content, 422 if day.fault else 200


@area.get("/position/<reference>/export/<any(csv,xlsx):sheet>", needs=Permission.SEE_ASSETS)
def export_line(work: Work, reference: str, sheet: str) -> ResponseReturnValue:
    """The rows behind a number as a file."""
    found, day = _found(work, reference)
    if day.fault:
        return render_template("licences/no_day.html", day=day), 422
    face = _face()
    if face in NEEDS:
        cells = _needed_cells(work, found, face)
    else:
        cells = {"entitled": _entitled_cells, "unused": _idle_cells, "months": _month_cells}[face](work, found)
    name = f"{found.pool.reference}-{face}-on-{found.day.isoformat()}"
    return sheet_response(work, name, sheet, f"{found.pool.reference} {face}", HEADS[face], cells)


def _found(work: Work, reference: str) -> tuple[Behind, Day]:
    pool = pool_by(work, reference)
    if pool is None:
        abort(404)
    day = asked_day(work)
    return behind(work, pool, day.on), day


def _needed(found: Behind, face: str) -> Sequence[Needed]:
    """The rows behind the demand, behind what is covered, or behind what is short."""
    if face == "demand":
        return found.rows
    return [row for row in found.rows if (row.covered if face == "covered" else row.bare)]


def _rounded(found: Behind) -> dict[str, int]:
    return {"demand": found.rounded, "covered": found.rounded_covered, "short": found.rounded_bare}


def _face() -> str:
    said = request.args.get("rows")
    return next((name for name, _ in FACES if name == said), "demand")


def _days() -> int:
    return min(max(request.args.get("days", DAYS, type=int), 1), MOST_DAYS)


def _address(found: Behind, day: Day, *, endpoint: str = "licences.line", face: str, **more: Any) -> str:
    said = {"on": day.on.isoformat(), "rows": face if face != "demand" else None, **more}
    if said.get("days") == DAYS or face != "unused":
        said.pop("days", None)
    known = {name: value for name, value in said.items() if value is not None}
    return url_for(endpoint, reference=found.pool.reference, **known)


def _names(work: Work, found: Behind, rows: Iterable[Needed | Idle], products: dict[int, Product]) -> Names:
    rows = list(rows)
    needed = [each for each in rows if isinstance(each, Needed)]
    guests = {guest for each in needed for guest in each.guests[:CHUNK]}
    ids = {each.asset_id for each in rows if each.asset_id is not None} | guests
    people = {each.employee_id for each in needed if each.employee_id is not None}
    return Names(
        assets_named(work, ids),
        employees_named(work, people),
        products,
        installed_on(work, found.pool.id, ids, found.day),
    )


def _saving(work: Work, found: Behind, idle: Iterable[Idle]) -> Saving:
    after = position_without(work, found, (each.asset_id for each in idle))
    before, now = found.position.cost_minor, after.cost_minor
    cost = None if before is None or now is None else before - now
    return Saving(after, found.position.demand - after.demand, cost)


def _site_of(work: Work) -> Callable[[Needed], str]:
    """The site that a row counts at, where its need hangs on one: of a seat, that of whoever holds it."""
    named = dict(sites_named(work))
    return lambda row: ", ".join(sorted(named[each] for each in row.need.use.sites if each in named))


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _needed_cells(work: Work, found: Behind, face: str) -> Iterator[list[Any]]:
    products = {each.id: each for each in products_of(work, found.pool.id)}
    site_of = _site_of(work)
    for some in _chunks(_needed(found, face)):
        names = _names(work, found, some, products)
        for row in some:
            asset = names.assets.get(row.asset_id or 0)
            product = names.products.get(row.product_id or 0)
            on = [each for id_ in (row.asset_id, *row.guests) for each in names.installed.get(id_ or 0, ())]
            what = asset.tag if asset else names.employees.get(row.employee_id or 0, product.label if product else "")
            period = f"{row.starts_on} to {row.ends_on or 'now'}" if row.starts_on else ""
            yield [
                what,
                asset.name if asset else period,
                (asset.site if asset else "") or site_of(row),
                asset.custodian if asset else "",
                *_parts(row.units, row.covered),
                ", ".join(found.references[each.key] for each in row.shares if each.key in found.references),
                *_parts(row.bare, row.free),
                "; ".join(each.label for each in on),
                " ".join(each.says for each in row.why),
            ]
    whole = _rounded(found)
    if whole[face]:
        # Of rows that are left out, what was rounded is not told either.
        units, covered, bare = (whole[name] if face in ("demand", name) else 0 for name in NEEDS)
        yield ["Rounded", "", "", "", *_parts(units, covered), "", *_parts(bare, 0), "", ROUNDED]


def _parts(*values: int) -> Iterator[int | float]:
    """Parts as numbers that a spreadsheet adds up."""
    return (value // PARTS if value % PARTS == 0 else value / PARTS for value in values)


def _entitled_cells(_work: Work, found: Behind) -> Iterator[list[Any]]:
    for each in found.entitlements:
        row = each.row
        yield [
            row.reference,
            row.kind.label,
            row.quantity,
            say_terms(row),
            row.site.name if row.site else "All",
            row.version_through,
            row.proof,
            each.counts.value,
            *_parts(each.covers, each.spare, each.covered_then),
            " ".join(reason.says for reason in each.counts.why),
        ]
    if found.part_of_unit:
        yield ["Rounded", *[""] * 6, 0, *_parts(-found.part_of_unit, found.part_of_unit, 0), ROUNDED]


def _month_cells(work: Work, found: Behind) -> Iterator[list[Any]]:
    for on, at in history_of(work, found.pool.id, found.day):
        numbers = [at.entitled, at.demand, at.allocated, at.shortfall, at.surplus]
        yield [on.isoformat(), *numbers, say_position(at, found.pool.metric)]


def _idle_cells(work: Work, found: Behind) -> Iterator[list[Any]]:
    for some in _chunks(idle_on(work, found.pool.id, found.day, _days())):
        names = _names(work, found, some, {})
        for row in some:
            asset = names.assets[row.asset_id]
            on = names.installed.get(row.asset_id, ())
            last = row.last_used_on.isoformat() if row.last_used_on else "not recorded"
            yield [asset.tag, asset.name, asset.site, asset.custodian, last, "; ".join(each.label for each in on)]
