"""Which of ours the other register should have. What it need not have is no difference when it is missing there."""

from dataclasses import dataclass
from datetime import date

from app.domain.dates import say
from app.domain.explained import Explained, Reason
from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.ownership import OwnershipKind
from app.domain.itam.reconciliation import RECONCILIATION
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.money import in_minor, say_money

_CAPITALISED = (AssetKind.HARDWARE, AssetKind.SOFTWARE, AssetKind.DATA_MEDIA)
_CONFIGURED = (AssetKind.HARDWARE, AssetKind.CLOUD_SERVICE, AssetKind.VIRTUAL_MACHINE, AssetKind.CONTAINER_IMAGE)


@dataclass(frozen=True, slots=True)
class AssetFact:
    """What decides whether an asset belongs in another register."""

    kind: AssetKind
    status: AssetStatus
    in_scope: bool
    ownership: OwnershipKind | None = None
    cost_minor: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Expecting:
    """What a person says about what the other register holds."""

    least_cost: str = ""
    """Assets that cost less are not capitalised; in `currency`. Empty: all are."""
    currency: str = ""
    since: date | None = None
    """Entitlements, or leavers, from this day on; none: all."""


def _no(says: str) -> Explained[bool]:
    return Explained(False, (Reason(says, RECONCILIATION),))


def in_ledger(asset: AssetFact, expecting: Expecting) -> Explained[bool]:
    """A fixed-asset ledger holds what is ours, in scope, there, and worth capitalising; what is unsaid excuses nothing.

    [ISO/IEC 19770-1:2017, 8.3]
    """
    if not asset.in_scope:
        return _no("It is outside the scope of IT asset management.")
    if asset.ownership not in (None, OwnershipKind.OWNED):
        return _no("It is not our own, so our ledger does not hold it.")
    if asset.kind not in _CAPITALISED:
        return _no(f"A {asset.kind.label.lower()} is not capitalised.")
    if asset.status in (AssetStatus.PLANNED, AssetStatus.ORDERED):
        return _no("It has not arrived yet.")
    if asset.status.is_gone:
        return _no(f"It is {asset.status.label.lower()}: the ledger should have written it off.")
    if expecting.least_cost and asset.cost_minor is not None and asset.currency == expecting.currency:
        least = in_minor(expecting.least_cost, expecting.currency, "least_cost")
        if asset.cost_minor < least:
            return _no(f"It cost less than {say_money(least, expecting.currency)}.")
    return Explained(True, (Reason("It is ours, in scope and there, and worth capitalising.", RECONCILIATION),))


def in_configuration(asset: AssetFact) -> Explained[bool]:
    """A configuration database holds what is in scope and does its work. [ISO/IEC 19770-1:2017, 8.3]"""
    if not asset.in_scope:
        return _no("It is outside the scope of IT asset management.")
    if asset.kind not in _CONFIGURED:
        return _no(f"A {asset.kind.label.lower()} is no configuration item.")
    if not asset.status.is_in_use:
        return _no(f"It is {asset.status.label.lower()}, and not in use.")
    return Explained(True, (Reason("It is in scope and in use.", RECONCILIATION),))


def in_invoices(kind: EntitlementKind, starts_on: date, expecting: Expecting) -> Explained[bool]:
    """What was bought was invoiced, from the first day that the file covers. [ISO/IEC 19770-1:2017, 8.3]"""
    if kind is EntitlementKind.TRANSFER:
        return _no("It came from another entity of ours, without an invoice.")
    if expecting.since is not None and starts_on < expecting.since:
        return _no(f"It began before {say(expecting.since)}, where the file begins.")
    return Explained(True, (Reason("It was bought, so it was invoiced.", RECONCILIATION),))


def in_leavers(left_on: date | None, expecting: Expecting, today: date) -> Explained[bool]:
    """Whom we have as left, the list has too, from the first day that it covers. [ISO/IEC 19770-1:2017, 8.3]"""
    if left_on is None or left_on > today:
        return _no("They have not left.")
    if expecting.since is not None and left_on < expecting.since:
        return _no(f"They left before {say(expecting.since)}, where the list begins.")
    return Explained(True, (Reason("They have left.", RECONCILIATION),))
