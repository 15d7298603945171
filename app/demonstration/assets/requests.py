"""Requests to change software and assets, at every point of their way."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.demonstration.telling import ago
from app.domain.itam.change import ChangeAction, ChangeStatus, CheckKind
from app.models.change_request import ChangeAsset, ChangeRequest

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

A, S = ChangeAction, ChangeStatus
# key, months ago, action, title, why, status, product, version, assets, who asked, who decided, who did it
TOLD: tuple[tuple[str, int, ChangeAction, str, str, ChangeStatus, str, str, tuple[str, ...], str, str, str], ...] = (
    ("workplace", 20, A.DISTRIBUTE, "Standard workplace image to all laptops and desktops",
     "One known set of software on every workplace, licensed and patched.", S.CHECKED,
     "", "", ("SW-001",), "priya", "ingrid", "tom"),
    ("servers", 20, A.DISTRIBUTE, "Standard server image to all virtual machines",
     "The same base on every server, so that patches reach all of them.", S.CHECKED,
     "", "", ("SW-002",), "mateo", "priya", "tom"),
    ("databases", 17, A.INSTALL, "Orbital DB for the customer platform",
     "The customer platform needs a database with support.", S.CHECKED,
     "Orbital DB Enterprise", "19.10", ("VM-001", "VM-006"), "mateo", "priya", "tom"),
    ("upgrade", 7, A.MODIFY, "Orbital DB from 19.9 to 19.10",
     "19.9 loses its support.", S.CHECKED,
     "Orbital DB Enterprise", "19.10", ("VM-011",), "mateo", "ingrid", "tom"),
    ("design", 10, A.INSTALL, "Hexagrove for the design team",
     "Sales wants its brochures made in the house.", S.DONE,
     "Hexagrove Draw", "25.1", ("LT-0005", "LT-0013", "LT-0021"), "tom", "priya", "mateo"),
    ("cadforge", 6, A.DISTRIBUTE, "CadForge 2026 to engineering",
     "The 2025 files of customers no longer open in the older version.", S.CHECKED,
     "CadForge Network", "2026", ("LT-0003", "LT-0011"), "mateo", "priya", "tom"),
    ("move", 4, A.MOVE, "Spare laptops to Leipzig",
     "The service desk waits two days for each replacement.", S.DONE,
     "", "", ("LT-0169", "LT-0170"), "tom", "priya", "mateo"),
    ("torrent", 3, A.REMOVE, "Swarmline Torrent off the service desk",
     "File sharing is not allowed by the acceptable use of software.", S.DONE,
     "Swarmline Torrent", "", ("PC-009",), "priya", "ingrid", "tom"),
    ("refused", 2, A.INSTALL, "Harbour Tycoon for the break room",
     "For the break.", S.REFUSED,
     "Harbour Tycoon", "1.10", ("PC-030",), "tom", "priya", ""),
    ("withdrawn", 2, A.COPY, "Copy of the portal's source code to a customer",
     "The customer asked for an escrow.", S.WITHDRAWN,
     "", "", ("SW-004",), "mateo", "", ""),
    ("authorised", 1, A.INSTALL, "Brightdev Studio for two engineers",
     "They join the portal team next month.", S.AUTHORISED,
     "Brightdev Studio Team", "2025.3", ("LT-0027", "LT-0035"), "mateo", "priya", ""),
    ("emergency", 0, A.MODIFY, "Sentry Gateway patched at night",
     "A flaw that was being used; the publisher asked everybody to patch at once.", S.DONE,
     "Sentry Gateway", "5.2.1", ("VM-004",), "mateo", "", "tom"),
    ("waiting", 0, A.INSTALL, "Paperfold Pro for the contracts desk",
     "Contracts come as PDF and have to be marked up.", S.REQUESTED,
     "Paperfold Pro", "12.0", ("LT-0052",), "tom", "", ""),
    ("kestrel", 0, A.MODIFY, "Kestrel Desktop 11 on the last ten desktops",
     "Version 10 is no longer patched.", S.REQUESTED,
     "Kestrel Desktop Business", "11", ("PC-021", "PC-022", "PC-023"), "tom", "", ""),
)  # fmt: skip


def requests(estate: "Estate") -> None:
    """Write them with who asked, decided, did and checked."""
    numbers: dict[int, int] = {}
    touched: list[dict[str, Any]] = []
    for key, months, action, title, reason, status, product, version, tags, asked, decided, did in TOLD:
        on = ago(estate.today, months=months, days=3)
        numbers[on.year] = numbers.get(on.year, 0) + 1
        row = estate.work.add(
            ChangeRequest(
                reference=f"CR-{on.year}-{numbers[on.year]:03d}",
                action=action,
                title=title,
                reason=reason,
                status=status,
                is_emergency=key == "emergency",
                product_id=estate.products.get(product),
                version=version,
                to_site_id=estate.sites[1].id if key == "move" else None,
                requested_by_id=estate.cast[asked].id,
                requested_at=_at(estate, on),
                **_way(estate, on, status, decided, did, version),
            )
        )
        estate.changes[key] = row.id
        touched += [{"change_id": row.id, "asset_id": estate.assets[tag]["id"]} for tag in tags]
    estate.work.insert_many(ChangeAsset, touched)


def _at(estate: "Estate", on: date) -> Any:
    return estate.work.now - timedelta(days=(estate.today - on).days)


def _way(estate: "Estate", on: date, status: ChangeStatus, decided: str, did: str, version: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if decided:
        note = "Nothing that work needs." if status is S.REFUSED else "Licences are there; go ahead."
        decided_on = min(on + timedelta(days=1), estate.today)
        told |= {
            "decided_by_id": estate.cast[decided].id,
            "decided_at": _at(estate, decided_on),
            "decision_note": note,
        }
    if did:
        done_on = min(on + timedelta(days=2), estate.today)
        told |= {"done_by_id": estate.cast[did].id, "done_on": done_on, "done_note": "Done as asked."}
    if status is S.CHECKED:
        told |= {
            "checked_by_id": estate.cast["priya"].id,
            "checked_on": min(on + timedelta(days=3), estate.today),
            "check_kind": CheckKind.VERSION if version else CheckKind.SIGHT,
            "check_value": version,
            "check_note": "" if version else "Looked at five of them.",
        }
    return told
