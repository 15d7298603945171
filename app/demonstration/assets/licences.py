"""What was bought: one real shortfall, one real surplus, one subscription that has run out, cores on virtual hosts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.demonstration.telling import ago
from app.domain.dates import add_months
from app.domain.itam.usage import UsageMetric
from app.domain.itam.version import version_key
from app.domain.licensing.entitlement import EntitlementKind, Term, TermAnswer
from app.domain.licensing.metric import Metric
from app.models.capacity import UsageRecord
from app.models.licence import Entitlement, EntitlementTerm, LicencePool, LicenceSeat, PoolProduct

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

M, E, T = Metric, EntitlementKind, Term
YES, NO = TermAnswer.YES, TermAnswer.NO

# key, name, publisher, products, metric, price of one more in euros, what else
POOLS: tuple[tuple[str, str, str, tuple[str, ...], Metric, int, dict[str, Any]], ...] = (
    ("office", "Quill Office Standard", "Quillworks", ("Quill Office Standard",), M.DEVICE, 289, {}),
    ("diagram", "Quill Diagram", "Quillworks", ("Quill Diagram Professional",), M.NAMED_USER, 420, {}),
    ("pdf", "Paperfold Pro", "Paperfold", ("Paperfold Pro",), M.NAMED_USER, 96, {}),
    ("database", "Orbital DB Enterprise", "Orbital Data", ("Orbital DB Enterprise",), M.CORE, 9_500,
     {"factor_thousandths": 500, "minimum_per_socket": 8, "minimum_per_host": 16, "pack_size": 2}),
    ("backup", "Orbital Backup Agent", "Orbital Data", ("Orbital Backup Agent",), M.DEVICE, 140, {}),
    ("desktop", "Kestrel Desktop", "Kestrel Systems", ("Kestrel Desktop Business",), M.DEVICE, 199, {}),
    ("endpoint", "Sentry Endpoint", "Fennimore Security", ("Sentry Endpoint",), M.DEVICE, 31, {"pack_size": 25}),
    ("design", "Hexagrove Suite", "Hexagrove",
     ("Hexagrove Draw", "Hexagrove Photo", "Hexagrove Motion"), M.DEVICE, 780, {}),
    ("cadforge", "CadForge Network", "Cadmium", ("CadForge Network",), M.CONCURRENT_USER, 3_200, {}),
    ("middleware", "Windlass Middleware", "Windlass", ("Windlass Middleware",), M.PROCESSOR, 4_100, {}),
    ("labels", "LabelWorks", "Tallow", ("LabelWorks",), M.SITE, 2_500, {}),
    ("desk", "Deskwell Service", "Deskwell", ("Deskwell Service Agent",), M.SUBSCRIPTION, 588, {}),
    ("messages", "Beacon Messages", "Beacon", ("Beacon Messages",), M.CONSUMPTION, 0, {}),
    ("studio", "Brightdev Studio", "Brightdev", ("Brightdev Studio Team",), M.NAMED_USER, 249, {}),
    ("meet", "Skylane Meet", "Skylane", ("Skylane Meet Business",), M.SUBSCRIPTION, 120, {}),
)  # fmt: skip

# key, pool, kind, quantity, bought months ago, months it lasts (0: for good), euros in all, what else
BOUGHT: tuple[tuple[str, str, EntitlementKind, int, int, int, int, dict[str, Any]], ...] = (
    ("office-2021", "office", E.PURCHASE, 150, 40, 0, 37_500, {"version_through": "2021"}),
    ("office-2024", "office", E.UPGRADE, 150, 19, 0, 16_500, {"base": "office-2021", "version_through": "2024"}),
    ("office-more", "office", E.PURCHASE, 20, 11, 0, 5_780, {"version_through": "2024", "second_use": True}),
    ("diagram", "diagram", E.PURCHASE, 12, 18, 0, 5_040, {}),
    ("pdf", "pdf", E.PURCHASE, 60, 19, 0, 5_760, {}),
    ("database-1", "database", E.PURCHASE, 64, 18, 0, 608_000, {"maintained_months": 30}),
    ("database-2", "database", E.PURCHASE, 32, 9, 0, 304_000, {"maintained_months": 21}),
    ("backup", "backup", E.PURCHASE, 80, 24, 0, 9_900, {}),
    ("desktop-oem", "desktop", E.PURCHASE, 190, 19, 0, 28_500, {"version_through": "11", "may_downgrade": True}),
    ("desktop-leipzig", "desktop", E.PURCHASE, 30, 14, 0, 4_470, {"version_through": "11", "site": 1}),
    ("endpoint-1", "endpoint", E.SUBSCRIPTION, 250, 17, 36, 23_250, {"notice": 90}),
    ("endpoint-2", "endpoint", E.SUBSCRIPTION, 50, 10, 12, 1_550, {"notice": 30}),
    ("design", "design", E.PURCHASE, 4, 10, 0, 3_120, {}),
    ("cadforge-1", "cadforge", E.PURCHASE, 4, 30, 0, 11_200, {"maintained_months": 48}),
    ("cadforge-2", "cadforge", E.PURCHASE, 2, 6, 0, 6_400, {"maintained_months": 12}),
    ("middleware", "middleware", E.PURCHASE, 16, 20, 0, 65_600, {}),
    ("labels-hamburg", "labels", E.PURCHASE, 1, 22, 0, 2_500, {"site": 0}),
    ("labels-leipzig", "labels", E.PURCHASE, 1, 22, 0, 2_500, {"site": 1}),
    ("desk-old", "desk", E.SUBSCRIPTION, 40, 13, 12, 21_600, {"notice": 30}),
    ("messages", "messages", E.PURCHASE, 100_000, 11, 12, 4_900, {}),
    ("studio", "studio", E.SUBSCRIPTION, 15, 8, 12, 3_735, {"notice": 60}),
    ("studio-moved", "studio", E.TRANSFER, 4, 3, 0, 0, {"base": "studio", "site": 1}),
    ("meet", "meet", E.SUBSCRIPTION, 175, 11, 12, 21_000, {"notice": 30}),
    ("backup-old", "backup", E.PURCHASE, 20, 60, 0, 2_400, {"retired": 12}),
    ("pdf-spare", "pdf", E.PURCHASE, 10, 7, 0, 960, {}),
)
TERMS = (
    ("office-2024", T.TRANSFER, YES, None, "Within the group, after 90 days."),
    ("office-2024", T.SECOND_USE, NO, None, ""),
    ("office-more", T.SECOND_USE, YES, None, "On one portable device of the same person."),
    ("database-1", T.VIRTUALISATION, YES, None, "Every host on which the machine may run counts."),
    ("database-1", T.SUB_LICENSING, NO, None, ""),
    ("database-1", T.DISASTER_RECOVERY, TermAnswer.LIMIT, 10, "Ten days a year on a passive host."),
    ("cadforge-1", T.REMOTE_ACCESS, YES, None, ""),
)
ALLOWED = (("desktop-leipzig", "Leipzig, service desk"), ("labels-hamburg", "Hamburg, head office"))
"""The one site that a contract allows."""
HELD = (("pdf", 38), ("diagram", 12), ("desk", 34), ("studio", 9), ("meet", 166))
"""How many seats of a pool people hold."""


def licences(estate: "Estate") -> None:
    """Write pools, entitlements, terms, seats and measured use."""
    pools = _pools(estate)
    bought = _entitlements(estate, pools)
    named = {each.name: each.id for each in estate.sites}
    terms = [
        *((key, term, answer, limit, says, []) for key, term, answer, limit, says in TERMS),
        *((key, T.ALLOWED_SITES, YES, None, "", [named[site]]) for key, site in ALLOWED),
    ]
    columns = ("term", "answer", "limit", "says", "site_ids")
    estate.work.insert_many(
        EntitlementTerm,
        [{"entitlement_id": bought[key], **dict(zip(columns, values, strict=True))} for key, *values in terms],
    )
    _seats(estate, pools)
    _usage(estate)


def _pools(estate: "Estate") -> dict[str, int]:
    pools = {}
    for number, (key, name, publisher, products, metric, price, more) in enumerate(POOLS, start=1):
        row = estate.work.add(
            LicencePool(
                reference=f"LP-{number:03d}",
                name=name,
                publisher_id=estate.publishers[publisher],
                metric=metric,
                unit_price_minor=price * 100 or None,
                currency="EUR" if price else "",
                created_at=estate.work.now,
                products=[PoolProduct(product_id=estate.products[each]) for each in products],
                **more,
            )
        )
        pools[key] = row.id
    return pools


def _entitlements(estate: "Estate", pools: dict[str, int]) -> dict[str, int]:
    bought: dict[str, int] = {}
    ends: dict[str, date | None] = {}
    for number, (key, pool, kind, quantity, months, lasts, euros, told) in enumerate(BOUGHT, start=1):
        starts_on = ago(estate.today, months=months)
        ends_on = add_months(starts_on, lasts) - timedelta(days=1) if lasts else None
        if "base" in told and not lasts:
            # What was taken counts no longer than what it came from.
            ends_on = ends[told["base"]]
        ends[key] = ends_on
        retired, site = told.get("retired"), told.get("site")
        kept = told.get("maintained_months")
        row = estate.work.add(
            Entitlement(
                reference=f"E-{number:03d}",
                pool_id=pools[pool],
                kind=kind,
                quantity=quantity,
                starts_on=starts_on,
                ends_on=ends_on,
                base_id=bought[told["base"]] if "base" in told else None,
                site_id=estate.sites[site].id if site is not None else None,
                version_through=told.get("version_through", ""),
                version_through_key=version_key(told.get("version_through", "")),
                may_downgrade=told.get("may_downgrade", True),
                second_use=told.get("second_use", False),
                maintained_until=add_months(starts_on, kept) - timedelta(days=1) if kept else None,
                retired_on=ago(estate.today, months=retired) if retired else None,
                retired_reason="Sold with the machines it ran on." if retired else "",
                cost_minor=euros * 100 if euros else None,
                currency="EUR" if euros else "",
                supplier="" if kind is E.TRANSFER else "Softkontor",
                purchase_order="" if kind is E.TRANSFER else f"PO-{starts_on.year}-{700 + number:04d}",
                invoice="" if kind is E.TRANSFER else f"SK{starts_on:%y}{4000 + number}",
                proof="" if kind is E.TRANSFER or key == "labels-leipzig" else f"PoE-{starts_on.year}-{number:03d}",
                contract="FW-2024-7" if lasts else "",
                renewal_notice_by=ends_on - timedelta(days=told["notice"]) if ends_on and "notice" in told else None,
                created_at=estate.work.now,
            )
        )
        bought[key] = row.id
    return bought


def _seats(estate: "Estate", pools: dict[str, int]) -> None:
    people = [each for each in estate.employees if each["left_on"] is None]
    seats = []
    for key, count in HELD:
        began = ago(estate.today, months=7 if key != "desk" else 12)
        seats += [
            {
                "pool_id": pools[key],
                "employee_id": person["id"],
                "asset_id": None,
                "starts_on": began,
                "ends_on": None,
                "checked_out_by_id": estate.cast["priya"].id,
                "note": "",
            }
            for person in people[:count]
        ]
    estate.work.insert_many(LicenceSeat, seats)


def _usage(estate: "Estate") -> None:
    """Twelve months of peak sessions and of messages sent."""
    rows = []
    first = date(estate.today.year, estate.today.month, 1)
    for back in range(12, 0, -1):
        starts_on = add_months(first, -back)
        ends_on = add_months(first, 1 - back) - timedelta(days=1)
        said = {"asset_id": None, "starts_on": starts_on, "ends_on": ends_on, "batch_id": None}
        rows.append(
            {
                "product_id": estate.products["CadForge Network"],
                "metric": UsageMetric.PEAK_SESSIONS,
                "unit": "sessions",
                "value": Decimal(3 + back % 3),
                "source": "CadForge licence server",
                **said,
            }
        )
        rows.append(
            {
                "product_id": estate.products["Beacon Messages"],
                "metric": UsageMetric.UNITS_CONSUMED,
                "unit": "messages",
                "value": Decimal(6_900 + back * 137),
                "source": "Beacon monthly statement",
                **said,
            }
        )
    estate.work.insert_many(UsageRecord, rows)
