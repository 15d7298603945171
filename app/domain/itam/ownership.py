"""Whose an asset is, and who answers for what: mixed ownership and shared responsibility."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import add_days, say
from app.domain.explained import Clause, Explained, Reason, RefusedError
from app.domain.itam.asset import AssetKind
from app.domain.words import Word

MIXED_RESPONSIBILITY = Clause("ISO/IEC 19770-1:2017", "8.7")


class OwnershipKind(Word):
    """Whose an asset is."""

    OWNED = "owned"
    LEASED = "leased"
    PROVIDER = "provider"
    CLOUD = "cloud"
    OWN_DEVICE = "own-device"
    CUSTOMER = "customer"

    @property
    def label(self) -> str:
        return {
            "provider": "Service provider's",
            "cloud": "Cloud provider's",
            "own-device": "Employee's own device",
            "customer": "Customer's",
        }.get(self.value, self.value.capitalize())


class Duty(Word):
    """What somebody must answer for on each asset."""

    SECURITY = "security"
    PATCHING = "patching"
    LICENSING = "licensing"
    DISPOSAL = "disposal"


@dataclass(frozen=True, slots=True)
class OwnershipFacts:
    """What is said of whose an asset is, from a day on."""

    kind: OwnershipKind
    starts_on: date
    party: str = ""
    contract: str = ""
    tenant: str = ""
    region: str = ""
    has_employee: bool = False
    agreement_signed_on: date | None = None
    may_wipe: str = ""


_K = OwnershipKind
FIELDS: dict[OwnershipKind, tuple[str, ...]] = {
    _K.OWNED: (),
    _K.LEASED: ("party", "contract"),
    _K.PROVIDER: ("party", "contract"),
    _K.CLOUD: ("party", "contract", "tenant", "region"),
    _K.OWN_DEVICE: ("employee", "agreement_signed_on", "may_wipe"),
    _K.CUSTOMER: ("party", "contract"),
}
"""What is said of each kind; the others say nothing of it and are left empty."""

_WORDS = {
    (_K.LEASED, "party"): "Say who leases it to us.",
    (_K.LEASED, "contract"): "Name the lease: its reference is what an assessor asks for.",
    (_K.PROVIDER, "party"): "Say whose it is.",
    (_K.PROVIDER, "contract"): "Name the contract with the provider.",
    (_K.CLOUD, "party"): "Say which cloud provider runs it.",
    (_K.CLOUD, "tenant"): "Name the tenant or the account in which it runs.",
    (_K.CLOUD, "region"): "Name the region in which it runs.",
    (_K.OWN_DEVICE, "employee"): "Say whose own device it is.",
    (_K.OWN_DEVICE, "agreement_signed_on"): "Give the day on which the person signed the agreement on own devices.",
    (_K.OWN_DEVICE, "may_wipe"): "Say what the agreement lets us wipe.",
    (_K.CUSTOMER, "party"): "Say which customer's it is.",
}
"""What each kind needs, and how its absence is said."""


def needed(kind: OwnershipKind) -> tuple[str, ...]:
    """The fields that a kind cannot do without."""
    return tuple(field for each, field in _WORDS if each is kind)


def refuse_incomplete(facts: OwnershipFacts, today: date) -> None:
    """Refuse an ownership without what its kind needs: lessor and lease, tenant and region, the signed agreement.

    Raises `RefusedError` at the first field that is missing. [ISO/IEC 19770-1:2017, 8.7]
    """
    held = {
        "party": facts.party.strip(),
        "contract": facts.contract.strip(),
        "tenant": facts.tenant.strip(),
        "region": facts.region.strip(),
        "employee": facts.has_employee,
        "agreement_signed_on": facts.agreement_signed_on,
        "may_wipe": facts.may_wipe.strip(),
    }
    for (kind, field), says in _WORDS.items():
        if kind is facts.kind and not held[field]:
            raise RefusedError(Reason(says, MIXED_RESPONSIBILITY), field)
    if facts.agreement_signed_on is not None and facts.agreement_signed_on > today:
        says = f"{say(facts.agreement_signed_on)} has not come yet: nobody has signed anything then."
        raise RefusedError(says, "agreement_signed_on")


def refuse_overlap(starts_on: date, earlier: Sequence[tuple[date, date | None]]) -> None:
    """Refuse an ownership that begins before the latest one could end: an asset is one's at a time, day by day.

    `earlier` is what there is, each from its first to its last day. Raises `RefusedError` at `starts_on`.
    [ISO/IEC 19770-1:2017, 8.7]
    """
    for began, ended in earlier:
        if began >= starts_on or (ended is not None and ended >= starts_on):
            last = ended if ended is not None and ended > began else began
            says = f"What is on record reaches to {say(last)}. A change of ownership begins after that."
            mends = "Where that was recorded by mistake, take back the latest on the page of the asset first."
            raise RefusedError([Reason(says, MIXED_RESPONSIBILITY), Reason(mends)], "starts_on")


def last_day_before(starts_on: date) -> date:
    """The last day of the ownership that another one ends."""
    return add_days(starts_on, -1)


POINTLESS: dict[Duty, tuple[AssetKind, ...]] = {Duty.PATCHING: (AssetKind.DOCUMENT, AssetKind.DATA_MEDIA)}
"""The kinds of asset for which a duty makes no sense; that nobody has it is no gap."""


class Gap(Word):
    """What is missing in who owns an asset and who answers for it."""

    OWNERSHIP = "ownership"
    SECURITY = "security"
    PATCHING = "patching"
    LICENSING = "licensing"
    DISPOSAL = "disposal"
    AGREEMENT = "agreement"
    CUSTODIAN_LEFT = "custodian-left"
    HOLDER_LEFT = "holder-left"

    @property
    def label(self) -> str:
        return {
            "ownership": "No ownership",
            "security": "Nobody for security",
            "patching": "Nobody for patching",
            "licensing": "Nobody for licensing",
            "disposal": "Nobody for disposal",
            "agreement": "No agreement on an own device",
            "custodian-left": "Custodian has left",
            "holder-left": "Holder of a duty has left",
        }[self.value]


def duties_of(kind: AssetKind | None) -> tuple[Duty, ...]:
    """The duties that a kind of asset needs somebody for: nobody patches a document or a medium that holds data."""
    return tuple(duty for duty in Duty if kind not in POINTLESS.get(duty, ()))


@dataclass(frozen=True, slots=True)
class GapFacts:
    """What the gaps of an asset are judged by."""

    in_scope: bool
    is_gone: bool
    kind: OwnershipKind | None
    """Of the ownership in force; none: there is none."""
    has_agreement: bool
    """Whether an agreement is on record: the day, and what may be wiped."""
    held: Collection[Duty]
    left: Collection[Duty] = ()
    """The duties whose holder has left."""
    custodian_left: bool = False
    asset_kind: AssetKind | None = None


def gaps_of(facts: GapFacts) -> tuple[Explained[Gap], ...]:
    """What nobody answers for: of each asset in scope that is not gone, every duty has a holder who is still here.

    [ISO/IEC 19770-1:2017, 8.7]
    """
    if not facts.in_scope or facts.is_gone:
        return ()
    found: list[tuple[Gap, str]] = []
    if facts.kind is None:
        found.append((Gap.OWNERSHIP, "It is not on record whose it is today."))
    if facts.kind is OwnershipKind.OWN_DEVICE and not facts.has_agreement:
        found.append((Gap.AGREEMENT, "It is an employee's own device, and no signed agreement is on record."))
    for duty in duties_of(facts.asset_kind):
        if duty not in facts.held:
            found.append((Gap(duty.value), f"Nobody answers for its {duty.value}."))
    if facts.left:
        named = ", ".join(duty.value for duty in Duty if duty in facts.left)
        found.append((Gap.HOLDER_LEFT, f"Who answers for its {named} has left."))
    if facts.custodian_left:
        found.append((Gap.CUSTODIAN_LEFT, "Its custodian has left."))
    return tuple(Explained(gap, (Reason(says, MIXED_RESPONSIBILITY),)) for gap, says in found)
