"""What runs where: most of it authorised, some of it not, and one thing on its way out."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.demonstration.telling import ago
from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.batch import InstallationSource
from app.domain.itam.change import Authorisation
from app.domain.itam.version import version_key
from app.domain.licensing.counting import Presence, counted
from app.models.software import Installation
from app.operations import device_counts

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

K = AssetKind
WORKPLACE = (
    ("Kestrel Desktop Business", "11"),
    ("Quill Office Standard", "2024"),
    ("Sentry Endpoint", "8.10"),
    ("Firefox", "140.10"),
    ("Paperfold Reader", "12.0"),
    ("7-Zip", "24.08"),
    ("Skylane Meet Business", "5.17"),
)
SERVER = (
    ("Debian GNU/Linux", "12"),
    ("OpenSSL", "3.0.15"),
    ("Sentry Endpoint", "8.10"),
    ("Orbital Backup Agent", "7.4"),
)
IMAGE = (("Debian GNU/Linux", "12"), ("OpenSSL", "3.0.15"), ("Python", "3.11.9"))
UNAUTHORISED = (
    ("DeskPeek", "9.3", ("LT-0008", "LT-0032", "LT-0071", "PC-014", "PC-026")),
    ("Swarmline Torrent", "4.6.7", ("LT-0019", "LT-0145")),
    ("Harbour Tycoon", "1.10", ("PC-030",)),
    ("Cleverclip Recorder Trial", "2.2", ("LT-0044", "LT-0060", "LT-0101")),
    ("Wireshark", "4.4.0", ("LT-0012",)),
    ("CadForge Network", "2025", ("LT-0090",)),
)


class _Ledger:
    """Rows of installations as they are told, counted at the end."""

    def __init__(self, estate: "Estate") -> None:
        self.estate = estate
        self.rows: list[dict[str, Any]] = []

    def tell(self, tag: str, product: str, version: str, found_on: date, change: str = "", **more: Any) -> None:
        """One version on one asset; behind it stands a change, or nothing."""
        estate = self.estate
        self.rows.append(
            {
                "asset_id": estate.assets[tag]["id"],
                "product_id": estate.products[product],
                "version": version,
                "version_key": version_key(version),
                "source": InstallationSource.SPREADSHEET,
                "found_on": found_on,
                "last_seen_on": estate.today - timedelta(days=1),
                "removed_on": None,
                "last_used_on": None,
                "authorisation": Authorisation.AUTHORISED if change else Authorisation.UNAUTHORISED,
                "change_id": estate.changes[change] if change else None,
                "accepted_by_id": None,
                "accepted_on": None,
                "accepted_reason": "",
                "swid_tag": "",
                "swid_tag_version": None,
                "sha256": "",
                "batch_id": None,
                **more,
            }
        )

    def write(self) -> None:
        """Count and write."""
        groups: dict[tuple[int, int], list[Presence[int]]] = {}
        for number, row in enumerate(self.rows):
            there = Presence(number, row["found_on"], row["removed_on"])
            groups.setdefault((row["asset_id"], row["product_id"]), []).append(there)
        for group in groups.values():
            for number, span in counted(group).items():
                self.rows[number]["counted_from"], self.rows[number]["counted_until"] = span or (None, None)
        self.estate.work.insert_many(Installation, self.rows)
        device_counts.correct(self.estate.work)


def installations(estate: "Estate") -> None:
    """Some two thousand of them."""
    ledger, today = _Ledger(estate), estate.today
    rolled_out = ago(today, months=19)
    for tag, asset in estate.assets.items():
        if asset["status"] not in (AssetStatus.DEPLOYED, AssetStatus.IN_MAINTENANCE):
            continue
        number = int(tag.rpartition("-")[2])
        since = max(rolled_out, asset["purchased_on"] or rolled_out)
        if tag.startswith(("LT-", "PC-")):
            _workplace(ledger, tag, number, since)
        elif asset["kind"] is K.VIRTUAL_MACHINE:
            _server(ledger, tag, number, rolled_out)
        elif asset["kind"] is K.CONTAINER_IMAGE:
            for product, version in IMAGE:
                ledger.tell(tag, product, version, rolled_out, "servers", source=InstallationSource.CYCLONEDX)
    for product, version, tags in UNAUTHORISED:
        for late, tag in enumerate(tags):
            ledger.tell(tag, product, version, today - timedelta(days=9 + 11 * late))
    removed = ago(today, months=3, days=1)
    ledger.tell("PC-009", "Swarmline Torrent", "4.6.7", ago(today, months=5), removed_on=removed, last_seen_on=removed)
    ledger.tell(
        "LT-0002",
        "KeePassXC",
        "2.7.9",
        ago(today, months=6),
        authorisation=Authorisation.ACCEPTED,
        accepted_by_id=estate.cast["priya"].id,
        accepted_on=ago(today, months=5),
        accepted_reason="Free, harmless and of use; it joins the list of what may be installed.",
    )
    ledger.write()


def _workplace(ledger: _Ledger, tag: str, number: int, since: date) -> None:
    today = ledger.estate.today
    for product, version in WORKPLACE:
        if product.startswith("Quill") and number % 6 == 0:
            # Every sixth works in the browser alone.
            continue
        if product.startswith("Kestrel") and tag >= "PC-021":
            version = "10"
        used = {"last_used_on": ago(today, months=9) if number % 17 == 0 else today - timedelta(days=number % 5)}
        ledger.tell(tag, product, version, since, "workplace", **(used if product.startswith("Quill") else {}))
    if number % 8 == 3 and tag.startswith("LT-"):
        ledger.tell(tag, "Git", "2.47.1", since, "workplace")
        ledger.tell(tag, "Python", "3.12.4", since, "workplace")
        if number % 16 == 3:
            # Two side by side: they count once.
            ledger.tell(tag, "Python", "3.9.19", since, "workplace")
    if tag in ("LT-0003", "LT-0011", "LT-0019", "LT-0027", "LT-0035", "LT-0043", "LT-0051", "LT-0059"):
        ledger.tell(tag, "CadForge Network", "2026", ago(today, months=6), "cadforge")
    if tag in ("LT-0005", "LT-0013", "LT-0021", "LT-0029"):
        for product, version in (("Hexagrove Draw", "25.1"), ("Hexagrove Photo", "25.1"), ("Hexagrove Motion", "24.3")):
            ledger.tell(tag, product, version, ago(today, months=10), "design")
    if tag in ("PC-001", "PC-002", "PC-003", "LT-0001", "LT-0004"):
        ledger.tell(tag, "LabelWorks", "4.0", since, "workplace")


def _server(ledger: _Ledger, tag: str, number: int, since: date) -> None:
    today = ledger.estate.today
    for product, version in SERVER:
        ledger.tell(tag, product, version, since, "servers")
    if number in (1, 6, 11):
        if number == 11:
            replaced = ago(today, months=7)
            ledger.tell(tag, "Orbital DB Enterprise", "19.9", since, "databases", removed_on=replaced)
            ledger.tell(tag, "Orbital DB Enterprise", "19.10", replaced, "upgrade")
        else:
            ledger.tell(tag, "Orbital DB Enterprise", "19.10", ago(today, months=17), "databases")
    elif number % 5 == 1:
        ledger.tell(tag, "PostgreSQL", "16.4", since, "servers")
    elif number % 5 == 2:
        ledger.tell(tag, "nginx", "1.26.2", since, "servers")
    elif number in (3, 8, 13):
        ledger.tell(tag, "Windlass Middleware", "12.2", since, "servers")
    elif number == 4:
        ledger.tell(tag, "Sentry Gateway", "5.2", since, "servers")
