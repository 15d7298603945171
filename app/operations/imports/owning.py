"""Whose the assets of a file are: recorded with them, and never a change of what is on record already."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.itam.ownership import FIELDS, OwnershipFacts, OwnershipKind, refuse_incomplete
from app.domain.itam.rows import Lines, Reading
from app.models.asset import AssetOwnership
from app.operations.imports.lookup import Employees
from app.operations.imports.plan import Difference, Plan
from app.work import Work

COLUMNS = {
    "party": "owner_party",
    "contract": "owner_contract",
    "tenant": "cloud_tenant",
    "region": "cloud_region",
    "employee": "device_owner",
    "agreement_signed_on": "agreement_signed_on",
    "may_wipe": "may_wipe",
}
"""What is said of an ownership, and the field of a file that says it."""
_LONGEST = {"party": 200, "contract": 120, "tenant": 120, "region": 120}
_ON_ITS_PAGE = "A change of ownership is recorded on the page of the asset, with the day on which it begins."
_AT_ONCE = 500


class Owners:
    """Reads whose each asset is; what is on record is looked up once, and only where a file speaks of it."""

    def __init__(self, work: Work, lines: Lines, people: Employees) -> None:
        self._work, self._people = work, people
        self._on_record: dict[int, list[dict[str, Any]]] = {}
        if any(values.get("ownership") for _line, values in lines.said):
            names = ("asset_id", "kind", "starts_on", "ends_on", "employee_id", *COLUMNS.keys() - {"employee"})
            statement = select(*(getattr(AssetOwnership, name) for name in names)).order_by(AssetOwnership.starts_on)
            for row in work.execute(statement):
                held = dict(zip(names, row, strict=True))
                self._on_record.setdefault(held["asset_id"], []).append(held)

    def read(self, reading: Reading, row_id: int | None, purchased_on: date | None) -> dict[str, Any] | None:
        """The ownership that a line adds; None where it says nothing, or nothing new. Faults at their fields."""
        kind = reading.word("ownership", OwnershipKind)
        told = [field for field in (*COLUMNS.values(), "owned_from") if reading.said(field)]
        if kind is None:
            if told and not reading.said("ownership"):
                reading.fault("ownership", "It is empty, and other columns say something of it.")
            return None
        on_record = self._on_record.get(row_id or 0, [])
        holder = on_record[-1]["employee_id"] if on_record else None
        said = self._said(reading, kind, holder)
        begins = reading.day("owned_from")
        if reading.is_faulty:
            return None
        if on_record:
            if not self._is_same(on_record, kind, said, begins):
                reading.fault("ownership", _ON_ITS_PAGE)
            return None
        starts_on = begins or purchased_on or self._work.today
        facts = {name: value for name, value in said.items() if name != "employee_id"}
        try:
            refuse_incomplete(
                OwnershipFacts(kind=kind, starts_on=starts_on, has_employee="employee_id" in said, **facts),
                self._work.today,
            )
        except RefusedError as refusal:
            reading.fault(COLUMNS.get(refusal.field or "", "ownership"), refusal.why[0].says)
            return None
        return {"kind": kind, "starts_on": starts_on, **said}

    def _said(self, reading: Reading, kind: OwnershipKind, holder: int | None) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in FIELDS[kind]:
            field = COLUMNS[name]
            if name in _LONGEST:
                value: Any = reading.text(field, _LONGEST[name])
            elif name == "employee":
                # Whoever has left since is still whose it was.
                name, value = "employee_id", reading.read(field, lambda said: self._people.named(said, holder))
            elif name == "agreement_signed_on":
                value = reading.day(field)
            else:
                reading.long_text(field, 2_000)
                value = reading.values.get(field)
            if value is not None:
                found[name] = value
        return found

    def _is_same(
        self, on_record: list[dict[str, Any]], kind: OwnershipKind, said: Mapping[str, Any], begins: date | None
    ) -> bool:
        today = self._work.today
        for held in on_record:
            if held["starts_on"] <= today and (held["ends_on"] is None or held["ends_on"] >= today):
                is_told = all(held[name] == value for name, value in said.items())
                return held["kind"] is kind and is_told and begins in (None, held["starts_on"])
        return False


def difference(values: Mapping[str, Any]) -> Difference:
    """How a preview shows an ownership that is added to an asset of the register."""
    return Difference("Ownership", "nothing", values["kind"].label)


def write_ownerships(work: Work, plan: Plan, ids: Mapping[int, int]) -> None:
    """Record the ownerships of a plan; `ids` are those of the new assets, by line. The old ones are locked already."""
    old = [row_id for _line, row_id, _values in plan.ownerships if row_id is not None]
    for start in range(0, len(old), _AT_ONCE):
        taken = select(AssetOwnership.id).where(AssetOwnership.asset_id.in_(old[start : start + _AT_ONCE])).limit(1)
        if work.all(taken):
            raise RefusedError(
                "The register has changed since you saw what this import does. Look at it again.", "agreed"
            )
    rows = [{"asset_id": row_id or ids[line], **_EMPTY, **values} for line, row_id, values in plan.ownerships]
    work.insert_many(AssetOwnership, rows)


_EMPTY: dict[str, Any] = {
    "ends_on": None,
    "party": "",
    "contract": "",
    "tenant": "",
    "region": "",
    "employee_id": None,
    "agreement_signed_on": None,
    "may_wipe": "",
}
