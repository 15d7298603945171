"""Virtual machines and where they run, cloud services, container images, media, documents, and what customers own."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.demonstration.assets.fleet import HAMBURG, ROTTERDAM, keep, row_of
from app.demonstration.telling import ago
from app.domain.itam.asset import AssetKind, AssetStatus, Criticality
from app.domain.itam.ownership import OwnershipKind
from app.models.capacity import Cluster, ClusterHost, Placement

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

K, S = AssetKind, AssetStatus
CLOUD = (
    ("Mail and calendar", "Skylane Mail"),
    ("Ticketing", "Deskwell"),
    ("Source hosting", "Githarbour"),
    ("Object storage, backup copies", "Nordsee Cloud"),
    ("Kubernetes, production", "Nordsee Cloud"),
    ("Kubernetes, test", "Nordsee Cloud"),
    ("Content delivery", "Brightedge"),
    ("Status page", "Uplight"),
    ("Payroll", "Lohnwerk"),
    ("Expenses", "Quitto"),
    ("Customer database", "Relata"),
    ("Design boards", "Sketchwall"),
    ("Video calls", "Skylane Meet"),
    ("Telephony", "Rufnetz"),
    ("Log analysis", "Glimmer"),
    ("Password vault", "Keykeep"),
    ("E-signatures", "Signo"),
    ("Learning platform", "Campusline"),
)
IMAGES = (
    "web-portal", "api-gateway", "billing", "identity", "notifier", "reporting", "search", "scheduler",
    "ingest", "exporter", "proxy", "cache", "queue", "worker", "metrics", "tracing", "docs", "status", "mailer",
    "batch",
)  # fmt: skip
DOCUMENTS = (
    "ITAM policy",
    "Scope of the ITAM system",
    "Own-device agreement, template",
    "Acceptable use of software",
    "Licence management procedure",
    "Change control procedure",
    "Disposal procedure",
    "Data centre contract",
    "Inventory procedure",
    "Roles and responsibilities",
)


def machines(estate: "Estate") -> None:
    """Write them, then the clusters and the placements."""
    keep(estate, [*_machines(estate), *_services(estate), *_papers(estate), *_of_customers(estate)])
    _clusters(estate)


def _machines(estate: "Estate") -> list[dict[str, Any]]:
    machines = [
        row_of(
            estate,
            f"VM-{number:03d}",
            f"{('Application', 'Database', 'Web', 'Batch', 'Directory')[number % 5]} server {number:02d}",
            K.VIRTUAL_MACHINE,
            ROTTERDAM,
            criticality=Criticality.HIGH if number <= 45 else Criticality.LOW,
            cores=4 if number % 5 != 1 else 8,
            threads=None,
            keywords=" production " if number <= 45 else " test ",
        )
        for number in range(1, 61)
    ]
    images = [
        row_of(
            estate,
            f"IMG-{number:03d}",
            f"Container image {name}",
            K.CONTAINER_IMAGE,
            None,
            keywords=" container ",
        )
        for number, name in enumerate(IMAGES, start=1)
    ]
    return machines + images


def _services(estate: "Estate") -> list[dict[str, Any]]:
    return [
        row_of(
            estate,
            f"CLD-{number:03d}",
            name,
            K.CLOUD_SERVICE,
            None,
            maker=provider,
            criticality=Criticality.HIGH if number < 6 else Criticality.MEDIUM,
            keywords=" cloud ",
            owner={
                "kind": OwnershipKind.CLOUD,
                "party": provider,
                "contract": f"CS-{2023 + number % 3}-{number:02d}",
                "tenant": "northwind-prod" if number != 6 else "northwind-test",
                "region": "eu-central" if number % 2 else "eu-west",
            },
        )
        for number, (name, provider) in enumerate(CLOUD, start=1)
    ]


def _papers(estate: "Estate") -> list[dict[str, Any]]:
    media = [
        row_of(
            estate,
            f"MED-{number:03d}",
            f"Backup tape set {number:02d}",
            K.DATA_MEDIA,
            HAMBURG,
            status=S.IN_STOCK if number < 11 else S.RETIRED,
            serial=f"BT{400 + number}",
            maker="Granite",
            model="LTO set",
            criticality=Criticality.HIGH,
        )
        for number in range(1, 13)
    ]
    documents = [
        row_of(estate, f"DOC-{number:03d}", name, K.DOCUMENT, HAMBURG, criticality=Criticality.LOW)
        for number, name in enumerate(DOCUMENTS, start=1)
    ]
    masters = [
        row_of(estate, f"SW-{number:03d}", name, K.SOFTWARE, HAMBURG, keywords=" master ")
        for number, name in enumerate(
            ("Workplace image", "Server image", "Definitive media library", "Northwind portal, source code"), start=1
        )
    ]
    return media + documents + masters


def _of_customers(estate: "Estate") -> list[dict[str, Any]]:
    return [
        row_of(
            estate,
            f"CUS-{number:03d}",
            f"Customer appliance {number:02d}",
            K.HARDWARE,
            ROTTERDAM,
            serial=f"CU{1200 + number}",
            maker="Lumora",
            model="Edge box",
            in_scope=False,
            scope_reason="Belongs to the customer, who manages it; Northwind houses it and gives it power.",
            owner={"kind": OwnershipKind.CUSTOMER, "party": ("Elbe Logistics", "Hafen Foods")[number % 2]},
        )
        for number in range(1, 11)
    ]


def _clusters(estate: "Estate") -> None:
    work, began = estate.work, ago(estate.today, months=24)
    for name in ("Rotterdam production", "Rotterdam test"):
        estate.clusters[name] = work.add(Cluster(name=name)).id
    production, test = estate.clusters.values()
    hosts = [
        {
            "cluster_id": production if number <= 8 else test,
            "asset_id": estate.assets[f"SRV-{number:03d}"]["id"],
            "starts_on": began if number != 8 else ago(estate.today, months=5),
            "ends_on": None,
        }
        for number in range(1, 13)
    ]
    work.insert_many(ClusterHost, hosts)
    placements = []
    for number in range(1, 61):
        home = {"host_id": None, "cluster_id": production if number <= 45 else test}
        if number > 57:
            home = {"host_id": estate.assets["SRV-012"]["id"], "cluster_id": None}
        guest = {"guest_id": estate.assets[f"VM-{number:03d}"]["id"], "starts_on": began, "ends_on": None}
        if number in (12, 27):
            # They were tried out first.
            moved = ago(estate.today, months=7)
            last = moved - timedelta(days=1)
            placements.append({**guest, "host_id": None, "cluster_id": test, "ends_on": last})
            guest["starts_on"] = moved
        placements.append({**guest, **home})
    work.insert_many(Placement, placements)
