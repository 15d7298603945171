"""Hardware, whose it is, and who answers for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.demonstration.telling import ago
from app.domain.itam.asset import AssetKind, AssetStatus, Criticality
from app.domain.itam.ownership import Duty, OwnershipKind
from app.models.asset import Asset, AssetDuty, AssetOwnership

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

HAMBURG, LEIPZIG, ROTTERDAM = 0, 1, 2
K, S = AssetKind, AssetStatus
LAPTOPS = 180
WITHOUT_PATCHING = frozenset(
    {f"NET-{number:03d}" for number in (4, 9, 17, 22)} | {"SRV-011", "IMG-019", "IMG-020", "STO-004"}
)
WITHOUT_DISPOSAL = frozenset({"MED-007", "MED-008", "MED-009", "PRN-002", "PC-021"})


def fleet(estate: "Estate") -> None:
    """Servers, the network, and what people work with."""
    keep(estate, [*_servers(estate), *_network(estate), *_laptops(estate), *_desktops(estate), *_own_devices(estate)])


def keep(estate: "Estate", rows: list[dict[str, Any]]) -> None:
    """Write assets with their ownership and duties."""
    owners = [row.pop("owner") for row in rows]
    ids = estate.work.insert_many(Asset, rows)
    for row, asset_id in zip(rows, ids, strict=True):
        estate.assets[row["tag"]] = {**row, "id": asset_id}
    estate.work.insert_many(
        AssetOwnership,
        [
            {"asset_id": asset_id, "starts_on": row["purchased_on"] or ago(estate.today, months=18), **owner}
            for row, asset_id, owner in zip(rows, ids, owners, strict=True)
        ],
    )
    estate.work.insert_many(AssetDuty, [duty for row in rows for duty in _duties(estate, estate.assets[row["tag"]])])


def row_of(estate: "Estate", tag: str, name: str, kind: AssetKind, site: int | None, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "tag": tag,
        "name": name,
        "kind": kind,
        "status": S.DEPLOYED,
        "serial": "",
        "maker": "",
        "model": "",
        "site_id": estate.sites[site].id if site is not None else None,
        "custodian_id": None,
        "criticality": Criticality.MEDIUM,
        "in_scope": True,
        "scope_reason": "",
        "cost_minor": None,
        "currency": "",
        "supplier": "",
        "purchase_order": "",
        "purchased_on": None,
        "warranty_ends_on": None,
        "end_of_life_on": None,
        "sockets": None,
        "cores": None,
        "threads": None,
        "keywords": "",
        "notes": "",
        "created_at": estate.work.now,
        "version": 1,
        "owner": {"kind": OwnershipKind.OWNED},
        **more,
    }
    told = (row["tag"], row["name"], row["serial"], row["maker"], row["model"], row["keywords"])
    row["found_by"] = " ".join(filter(None, told)).casefold()
    return row


def _bought(estate: "Estate", months: int, euros: int, order: int, supplier: str, warranty: int = 36) -> dict[str, Any]:
    on = ago(estate.today, months=months)
    return {
        "purchased_on": on,
        "cost_minor": euros * 100,
        "currency": "EUR",
        "supplier": supplier,
        "purchase_order": f"PO-{on.year}-{order:04d}",
        "warranty_ends_on": ago(estate.today, months=months - warranty, days=1),
    }


def _servers(estate: "Estate") -> list[dict[str, Any]]:
    return [
        row_of(
            estate,
            f"SRV-{number:03d}",
            f"Virtualisation host {number:02d}",
            K.HARDWARE,
            ROTTERDAM,
            serial=f"VX{41870 + number * 37}",
            maker="Vireo",
            model="R740-class, 2 sockets",
            criticality=Criticality.CRITICAL,
            sockets=2,
            cores=32,
            threads=64,
            keywords=" production " if number <= 8 else " test ",
            owner={"kind": OwnershipKind.LEASED, "party": "Elbe Leasing", "contract": "EL-2024-118"}
            if number > 8
            else {"kind": OwnershipKind.OWNED},
            **_bought(estate, 26 - number % 3, 11_480 + 120 * (number % 4), 40 + number, "Vireo Direct", 60),
        )
        for number in range(1, 13)
    ]


def _network(estate: "Estate") -> list[dict[str, Any]]:
    network = [
        row_of(
            estate,
            f"NET-{number:03d}",
            ("Access switch", "Core switch", "Wireless access point", "Firewall")[number % 4] + f" {number:02d}",
            K.HARDWARE,
            number % 3,
            serial=f"NT{90210 + number * 91}",
            maker="Lumora",
            model=("LX-24", "LX-48C", "AP-6", "FW-200")[number % 4],
            criticality=Criticality.HIGH,
            **_bought(estate, 20 + number % 9, 640 + 85 * (number % 4), 120 + number, "Netzhaus"),
        )
        for number in range(1, 25)
    ]
    storage = [
        row_of(
            estate,
            f"STO-{number:03d}",
            f"Storage array {number}",
            K.HARDWARE,
            ROTTERDAM,
            serial=f"ST{77000 + number}",
            maker="Granite",
            model="G-60",
            criticality=Criticality.CRITICAL,
            **_bought(estate, 30, 38_900, 160 + number, "Vireo Direct", 60),
        )
        for number in range(1, 5)
    ]
    printers = [
        row_of(
            estate,
            f"PRN-{number:03d}",
            f"Printer, floor {number}",
            K.HARDWARE,
            number % 2,
            serial=f"PR{5500 + number}",
            maker="Copyline",
            model="C-3200",
            criticality=Criticality.LOW,
            owner={"kind": OwnershipKind.LEASED, "party": "Copyline Leasing", "contract": "CL-7781"},
        )
        for number in range(1, 7)
    ]
    return network + storage + printers


def _laptops(estate: "Estate") -> list[dict[str, Any]]:
    holders = [each for number, each in enumerate(estate.employees) if number not in (31, 118)]
    rows = []
    for number in range(1, LAPTOPS + 1):
        holder = holders[number - 1] if number <= len(holders) else None
        status = S.DEPLOYED if holder else S.IN_STOCK
        if number in (40, 88, 131):
            status = S.IN_MAINTENANCE
        elif number in (174, 175, 176):
            status = S.RETIRED
        elif number in (177, 178):
            status = S.LOST
        elif number == 179:
            status = S.DISPOSED
        elif number == 180:
            status = S.ORDERED
        months = 3 + number * 7 % 40
        rows.append(
            row_of(
                estate,
                f"LT-{number:04d}",
                f"Laptop of {holder['department'].lower()}" if holder else "Laptop, spare",
                K.HARDWARE,
                HAMBURG,
                serial=f"PF{300000 + number * 113}",
                maker="Tern",
                model=("Tern 14", "Tern 14 Plus", "Tern 16")[number % 3],
                status=status,
                custodian_id=holder["id"] if holder else None,
                sockets=1,
                cores=8,
                threads=16,
                keywords=" laptop ",
                **_bought(estate, months, (1_189, 1_349, 1_689)[number % 3], 300 + number // 10, "Tern Business"),
            )
        )
        if holder:
            rows[-1]["site_id"] = holder["site_id"]
    return rows


def _desktops(estate: "Estate") -> list[dict[str, Any]]:
    return [
        row_of(
            estate,
            f"PC-{number:03d}",
            f"Service desk workplace {number:02d}",
            K.HARDWARE,
            LEIPZIG,
            serial=f"SD{61000 + number * 3}",
            maker="Tern",
            model="Tern Mini",
            sockets=1,
            cores=6,
            threads=12,
            keywords=" desktop ",
            **_bought(estate, 14, 749, 500, "Tern Business"),
        )
        for number in range(1, 31)
    ]


def _own_devices(estate: "Estate") -> list[dict[str, Any]]:
    rows = []
    for number in range(1, 11):
        holder = estate.employees[10 + number * 9]
        agreed = None if number == 7 else ago(estate.today, months=9, days=number)
        rows.append(
            row_of(
                estate,
                f"OWN-{number:03d}",
                f"Own telephone, {holder['department'].lower()}",
                K.HARDWARE,
                None,
                serial=f"IM{8800 + number}",
                maker=("Peregrine", "Fern")[number % 2],
                model="Telephone",
                custodian_id=holder["id"],
                criticality=Criticality.LOW,
                keywords=" own mobile ",
                owner={
                    "kind": OwnershipKind.OWN_DEVICE,
                    "employee_id": holder["id"],
                    "agreement_signed_on": agreed,
                    "may_wipe": "The work profile only, never the private part." if agreed else "",
                },
            )
        )
    return rows


def _duties(estate: "Estate", asset: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Who answers for what; here and there nobody does, and that shows."""
    tag: str = asset["tag"]
    if not asset["in_scope"] or asset["kind"] is K.DOCUMENT:
        return
    asset_manager = next(each for each in estate.employees if each["person_id"] == estate.cast["priya"].id)
    provider = asset["maker"] if asset["kind"] is K.CLOUD_SERVICE else ""
    holders: dict[Duty, dict[str, Any]] = {
        Duty.SECURITY: {"party": "Information security"},
        Duty.PATCHING: {"party": provider or "Workplace services"},
        Duty.LICENSING: {"employee_id": asset_manager["id"]},
        Duty.DISPOSAL: {"party": provider or "Workplace services"},
    }
    if tag.startswith("OWN"):
        holders[Duty.PATCHING] = holders[Duty.DISPOSAL] = {"employee_id": asset["custodian_id"]}
    for duty, holder in holders.items():
        nobody = {Duty.PATCHING: WITHOUT_PATCHING, Duty.DISPOSAL: WITHOUT_DISPOSAL}.get(duty, frozenset())
        if tag not in nobody:
            yield {"asset_id": asset["id"], "duty": duty, "employee_id": None, "party": "", **holder}
