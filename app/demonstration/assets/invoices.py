"""What the reseller's invoices and the list of leavers say, beside what is recorded here."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.demonstration.assets.workforce import GONE
from app.demonstration.telling import ago
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.money import amount_of
from app.models.licence import Entitlement, LicencePool
from app.models.software import Publisher

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

INVOICES = "Softkontor invoices"
INVOICE_HEAD = ("Invoice no", "Purchase order", "Article", "Manufacturer", "Qty", "Amount", "Currency")
INVOICE_COLUMNS = dict(
    zip(("invoice", "purchase_order", "name", "publisher", "quantity", "cost", "currency"), INVOICE_HEAD, strict=True)
)
LEAVERS = "Payroll leavers"
LEAVER_HEAD = ("Personnel number", "Full name", "Work email", "Leaving date")
LEAVER_COLUMNS = dict(zip(("number", "name", "email", "left_on"), LEAVER_HEAD, strict=True))
NOT_KNOWN_TO_LEAVE = 60
"""Has left by the list, and is still here by ours."""


def invoices_begin(today: date) -> date:
    """The first day that the file of invoices covers."""
    return ago(today, months=24)


def invoice_lines(estate: "Estate") -> list[list[str]]:
    """All that was bought since then, but one; two differ, and one is of what nobody recorded."""
    one = Entitlement
    begins = invoices_begin(estate.today)
    found = estate.work.execute(
        select(one.reference, one.invoice, one.purchase_order, LicencePool.name, Publisher.name, one.quantity,
               one.cost_minor, one.currency)
        .join(LicencePool, one.pool_id == LicencePool.id)
        .join(Publisher, LicencePool.publisher_id == Publisher.id)
        .where(one.starts_on >= begins, one.kind != EntitlementKind.TRANSFER)
        .order_by(one.id)
    )  # fmt: skip
    lines = []
    for reference, invoice, order, name, publisher, quantity, cost, currency in found:
        if reference == "E-013":
            continue
        more = 2 if reference == "E-025" else 0
        discount = 40_000 if reference == "E-015" else 0
        amount = str(amount_of(cost - discount, currency))
        lines.append([invoice, order, name, publisher, str(quantity + more), amount, currency])
    year = f"{estate.today:%y}"
    return [*lines, [f"SK{year}4999", "", "Harvest Reporting, 5 users", "Fieldstone", "5", "1450.00", "EUR"]]


def leaver_lines(estate: "Estate") -> list[list[str]]:
    """Those who left: of one the day differs, one is missing, one we think is here, and one we never knew."""
    lines = []
    for index, days in GONE.items():
        person = estate.employees[index]
        left = ago(estate.today, days=days + (4 if index == 77 else 0))
        if index != 149:
            lines.append([person["number"], person["name"], person["email"], left.isoformat()])
    person, day = estate.employees[NOT_KNOWN_TO_LEAVE], estate.today - timedelta(days=2)
    lines.append([person["number"], person["name"], person["email"], day.isoformat()])
    return [*lines, ["C-0008", "Ludger Thein", "", (estate.today - timedelta(days=60)).isoformat()]]
