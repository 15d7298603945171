"""What the ledger of finance says of the assets: most agrees, and one line stands for each way in which it may not.

The texts are those of a real export: numbers of its own are missing, sites are written as ours, days as 2027-03-14.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.demonstration.assets.fleet import LAPTOPS
from app.domain.money import amount_of

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

SOURCE = "SAP fixed assets"
LEAST_COST = "500"
HEAD = (
    "Asset no", "Serial", "Purchase order", "Description", "Status", "Acquisition cost", "Cur", "Quantity", "Location",
    "Acquisition date",
)  # fmt: skip
COLUMNS = dict(
    zip(
        (
            "tag", "serial", "purchase_order", "name", "status", "cost", "currency", "quantity", "site",
            "purchased_on",
        ),
        HEAD,
        strict=True,
    )
)  # fmt: skip
CAPITALISED = (
    *(f"SRV-{number:03d}" for number in range(1, 9)),
    *(f"NET-{number:03d}" for number in range(1, 25)),
    *(f"STO-{number:03d}" for number in range(1, 5)),
    *(f"LT-{number:04d}" for number in range(1, LAPTOPS)),
    *(f"PC-{number:03d}" for number in range(1, 31)),
    "SRV-009",
)
"""The last one is leased: the ledger should not have it."""
MISSING = frozenset({"LT-0026", "LT-0058", "NET-010", "PC-017"})
NO_NUMBER = frozenset(f"LT-{number:04d}" for number in range(100, 112))
"""Lines without an asset number: they are matched by the serial number."""
ORDER_ALONE = frozenset({"STO-001", "STO-002", "NET-001"})
WORDS_ALONE = frozenset({"NET-005"})
TWICE = "LT-0030"
"""Two lines of the ledger have its serial number, and nothing tells which is which."""
WRITTEN_OFF = frozenset({"LT-0178"})
RETIRED = frozenset({"LT-0175", "LT-0176"})


def ledger_lines(estate: "Estate") -> list[list[str]]:
    """The lines of the ledger as of the day on which the story is told."""
    lines = [line for tag in CAPITALISED if tag not in MISSING for line in _lines(estate, tag)]
    return [*lines, *_strangers(estate)]


def _lines(estate: "Estate", tag: str) -> Iterator[list[str]]:
    asset = estate.assets[tag]
    told = _told(estate, asset) | _otherwise(estate, asset)
    line = [told[name] for name in COLUMNS]
    yield line
    if tag == TWICE:
        yield line


def _told(estate: "Estate", asset: dict[str, Any]) -> dict[str, str]:
    """The line that agrees with an asset in everything."""
    site = next((each.name for each in estate.sites if each.id == asset["site_id"]), "")
    return {
        "tag": asset["tag"],
        "serial": asset["serial"],
        "purchase_order": asset["purchase_order"],
        "name": f"{asset['maker']} {asset['name']}",
        "status": "Active",
        "cost": str(amount_of(asset["cost_minor"], asset["currency"])),
        "currency": asset["currency"],
        "quantity": "1",
        "site": site,
        "purchased_on": asset["purchased_on"].isoformat(),
    }


def _otherwise(estate: "Estate", asset: dict[str, Any]) -> dict[str, str]:
    """What the ledger says otherwise, or leaves out."""
    tag = asset["tag"]
    bought: date = asset["purchased_on"]
    if tag in NO_NUMBER or tag == TWICE:
        return {"tag": ""}
    if tag in ORDER_ALONE:
        return {"tag": "", "serial": ""}
    if tag in WORDS_ALONE:
        return {"tag": "", "serial": "", "purchase_order": "", "name": f"{asset['maker']} {asset['name']}, rack"}
    if tag in RETIRED:
        return {"status": "Inactive"}
    if tag in WRITTEN_OFF:
        return {"status": "Written off"}
    differing = {
        "LT-0022": {"cost": str(amount_of(asset["cost_minor"] - 12_000, asset["currency"]))},
        "LT-0023": {"currency": "CHF"},
        "LT-0024": {"quantity": "2"},
        "LT-0025": {"purchased_on": min(bought + timedelta(days=31), estate.today).isoformat()},
        "LT-0169": {"site": estate.sites[1].name},
        "LT-0170": {"site": estate.sites[1].name},
        # It stands on a desk all the same.
        "PC-021": {"status": "Scrapped"},
    }
    return differing.get(tag, {})


def _strangers(estate: "Estate") -> list[list[str]]:
    """Lines that nothing of ours matches; the last may be any of twelve."""
    hamburg, rotterdam = estate.sites[0].name, estate.sites[2].name
    day = (estate.today - timedelta(days=400)).isoformat()
    return [
        ["F-0077", "", "", "Conference table, oak", "Active", "2380.00", "EUR", "1", hamburg, day],
        ["F-0102", "", "", "Cooling unit, machine room", "Active", "14750.00", "EUR", "1", rotterdam, day],
        ["", "PF999001", "", "Tern Laptop of a trainee", "Active", "1189.00", "EUR", "1", hamburg, day],
        ["", "", "", "Granite Backup tape set", "Active", "1150.00", "EUR", "1", hamburg, day],
    ]
