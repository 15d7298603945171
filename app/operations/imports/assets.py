"""Assets from a file, by their tags; as other programs export them too."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.itam.asset import (
    LONGEST_TAG,
    AssetFacts,
    AssetKind,
    AssetStatus,
    Criticality,
    found_by,
    normal_keywords,
    normal_tag,
    refuse_impossible,
    refuse_step,
    refuse_tag,
)
from app.domain.itam.rows import Lines, Reading
from app.domain.money import say_money
from app.models.asset import Asset
from app.operations.imports.lookup import Employees, Sites
from app.operations.imports.owning import Owners, difference
from app.operations.imports.plan import Addition, Alteration, Ownership, Plan, Reader
from app.work import Work

_TEXTS = {"name": 200, "serial": 120, "maker": 120, "model": 120, "supplier": 200, "purchase_order": 80}
_DAYS = ("purchased_on", "warranty_ends_on", "end_of_life_on")
_COUNTS = ("sockets", "cores", "threads")
_COLUMNS = (
    *("name", "kind", "status", "serial", "maker", "model", "site_id", "custodian_id", "criticality", "in_scope"),
    *("scope_reason", "cost_minor", "currency", "supplier", "purchase_order", *_DAYS, *_COUNTS, "keywords", "notes"),
)
_SEARCHED = ("name", "serial", "maker", "model", "keywords")
_STATUSES = (
    ("ready-to-deploy", AssetStatus.IN_STOCK),
    ("deployable", AssetStatus.IN_STOCK),
    ("available", AssetStatus.IN_STOCK),
    ("pending", AssetStatus.ORDERED),
    ("in-use", AssetStatus.DEPLOYED),
    ("active", AssetStatus.DEPLOYED),
    ("out-for-repair", AssetStatus.IN_MAINTENANCE),
    ("out-for-diagnostics", AssetStatus.IN_MAINTENANCE),
    ("broken---not-fixable", AssetStatus.RETIRED),
    ("undeployable", AssetStatus.RETIRED),
    ("archived", AssetStatus.RETIRED),
    ("lost/stolen", AssetStatus.LOST),
    ("stolen", AssetStatus.LOST),
)
"""Words of other programs."""
_KINDS = (
    ("vm", AssetKind.VIRTUAL_MACHINE),
    ("container", AssetKind.CONTAINER_IMAGE),
    ("cloud", AssetKind.CLOUD_SERVICE),
)


def plan(work: Work, lines: Lines) -> Plan:
    """What the lines add, change and leave; an empty cell changes nothing."""
    made = Plan(lines.kind)
    reader, sites, people = Reader(lines, made), Sites(work), Employees(work)
    owners = Owners(work, lines, people)
    rows = select(Asset.id, Asset.tag, *(getattr(Asset, name) for name in _COLUMNS))
    known = {tag: (row_id, dict(zip(_COLUMNS, rest, strict=True))) for row_id, tag, *rest in work.execute(rows)}
    seen: dict[str, int] = {}
    alike = {tag.casefold(): tag for tag in known}
    for said in lines.said:
        line = said[0]
        reading = reader.read(said)
        tag = _tag(reading)
        if tag is None:
            continue
        if tag in seen:
            reading.fault("tag", f"{tag} stands in line {seen[tag]} too.")
        seen.setdefault(tag, line)
        other = alike.setdefault(tag.casefold(), tag)
        if other != tag and tag not in known:
            made.notes.append(f"Line {line}: {tag} and {other} differ in large and small letters alone.")
        row_id, old = known.get(tag, (None, None))
        values = _values(reading, sites, people, old)
        if old is None:
            _complete(values, tag)
        _judge(work, reading, values, old)
        owned = owners.read(reading, row_id, values.get("purchased_on") or (old["purchased_on"] if old else None))
        if reading.is_faulty:
            continue
        if owned is not None:
            made.ownerships.append(Ownership(line, row_id, owned))
        if old is None or row_id is None:
            values |= {"tag": tag, "created_at": work.now, "version": 1}
            values["found_by"] = found_by(tag, *(values.get(name, "") for name in _SEARCHED))
            made.additions.append(Addition(line, f"{tag} {values['name']}", values))
            continue
        new = {name: value for name, value in values.items() if value != old[name]}
        if not new and owned is None:
            made.left += 1
            continue
        differences = tuple(reader.differences(*_shown(old, new, sites, people), _SAY))
        if owned is not None:
            differences = (*differences, difference(owned))
        if any(name in new for name in _SEARCHED):
            new["found_by"] = found_by(tag, *({**old, **new}[name] for name in _SEARCHED))
        made.alterations.append(Alteration(line, f"{tag} {old['name']}", row_id, {}, new, differences))
    return made


_SAY = {"site_id": "Site", "custodian_id": "Custodian", "cost_minor": "Cost", "scope_reason": "Reason of the scope"}


def _tag(reading: Reading) -> str | None:
    if not reading.required("tag"):
        return None
    tag = reading.text("tag", LONGEST_TAG)
    if tag is None:
        return None
    tag = normal_tag(tag)
    try:
        refuse_tag(tag)
    except RefusedError as refusal:
        reading.refused(refusal)
        return None
    return tag


def _values(reading: Reading, sites: Sites, people: Employees, old: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a line says, by columns."""
    for name, most in _TEXTS.items():
        reading.text(name, most)
    for name in _DAYS:
        reading.day(name)
    for name in _COUNTS:
        reading.whole(name, 1)
    reading.word("kind", AssetKind, _KINDS)
    reading.word("status", AssetStatus, _STATUSES)
    reading.word("criticality", Criticality)
    reading.yes("in_scope")
    reading.long_text("scope_reason")
    reading.long_text("notes")
    reading.money()
    keywords = reading.text("keywords", 280)
    site_id = reading.read("site", sites.named)
    holder = old["custodian_id"] if old else None
    custodian_id = reading.read("custodian", lambda name: people.named(name, holder))
    values = {name: value for name, value in reading.values.items() if name in _COLUMNS}
    if keywords is not None:
        values["keywords"] = normal_keywords(keywords)
    if site_id is not None:
        values["site_id"] = site_id
    if custodian_id is not None:
        values["custodian_id"] = custodian_id
    return values


def _complete(values: dict[str, Any], tag: str) -> None:
    """What a new asset has where its line does not say: its model as a name, hardware, deployed where it is held."""
    values.setdefault("name", " ".join(filter(None, (values.get("maker"), values.get("model")))) or tag)
    values.setdefault("kind", AssetKind.HARDWARE)
    is_held = values.get("custodian_id") is not None
    if values.get("status") in (None, AssetStatus.IN_STOCK) and is_held:
        values["status"] = AssetStatus.DEPLOYED
    values.setdefault("status", AssetStatus.IN_STOCK)


def _judge(work: Work, reading: Reading, values: dict[str, Any], old: Mapping[str, Any] | None) -> None:
    """Hold a line against the rules that hold for the form of one asset too."""
    whole = {**(old or {}), **values}
    status = values.get("status")
    try:
        if status is not None and old is not None and status is not old["status"]:
            if status is AssetStatus.IN_STOCK and whole.get("custodian_id") is not None and old["status"].is_in_use:
                # Other programs call what is handed out ready to deploy.
                del values["status"]
            else:
                refuse_step(old["status"], status)
        if values.get("status") is not None and values["status"].is_gone and (old is None or not old["status"].is_gone):
            says = "An asset is lost or disposed of on its own page, where it is said what became of the data on it."
            raise RefusedError(says, "status")
        refuse_impossible(
            AssetFacts(
                in_scope=whole.get("in_scope", True),
                scope_reason=whole.get("scope_reason", ""),
                cost_minor=whole.get("cost_minor"),
                purchased_on=whole.get("purchased_on"),
                warranty_ends_on=whole.get("warranty_ends_on"),
                sockets=whole.get("sockets"),
                cores=whole.get("cores"),
                threads=whole.get("threads"),
            ),
            work.today,
        )
    except RefusedError as refusal:
        reading.refused(refusal)


def _shown(
    old: Mapping[str, Any], new: Mapping[str, Any], sites: Sites, people: Employees
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides as people read them."""

    def told(values: Mapping[str, Any], currency: str) -> dict[str, Any]:
        said = dict(values)
        if "site_id" in said:
            said["site_id"] = sites.names.get(said["site_id"])
        if "custodian_id" in said:
            said["custodian_id"] = people.names.get(said["custodian_id"])
        if said.get("cost_minor") is not None and currency:
            said["cost_minor"] = say_money(said["cost_minor"], currency)
        return said

    # An amount is said with its currency.
    plain = {name: value for name, value in new.items() if name != "currency" or "cost_minor" not in new}
    return told(old, old["currency"]), told(plain, new.get("currency", old["currency"]))
