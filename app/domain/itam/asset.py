"""What an IT asset is, and the way it takes from planned to disposed."""

from app.domain.explained import Clause, Reason, RefusedError
from app.domain.words import Word

LIFE_CYCLE = Clause("ISO/IEC 19770-1:2017", "8")


class AssetKind(Word):
    """What an asset is."""

    HARDWARE = "hardware"
    SOFTWARE = "software"
    CLOUD_SERVICE = "cloud-service"
    VIRTUAL_MACHINE = "virtual-machine"
    CONTAINER_IMAGE = "container-image"
    DATA_MEDIA = "data-media"
    DOCUMENT = "document"


class AssetStatus(Word):
    """Where an asset is in its life."""

    PLANNED = "planned"
    ORDERED = "ordered"
    IN_STOCK = "in-stock"
    DEPLOYED = "deployed"
    IN_MAINTENANCE = "in-maintenance"
    RETIRED = "retired"
    DISPOSED = "disposed"
    LOST = "lost"

    @property
    def is_gone(self) -> bool:
        """Whether nobody expects to find it any longer."""
        return self in (AssetStatus.DISPOSED, AssetStatus.LOST)

    @property
    def is_in_use(self) -> bool:
        """Whether it does its work, or will again soon."""
        return self in (AssetStatus.DEPLOYED, AssetStatus.IN_MAINTENANCE)


class Criticality(Word):
    """How much depends on an asset."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


_S = AssetStatus
NEXT: dict[AssetStatus, tuple[AssetStatus, ...]] = {
    _S.PLANNED: (_S.ORDERED, _S.IN_STOCK, _S.DEPLOYED, _S.DISPOSED),
    _S.ORDERED: (_S.IN_STOCK, _S.DEPLOYED, _S.PLANNED, _S.LOST),
    _S.IN_STOCK: (_S.DEPLOYED, _S.IN_MAINTENANCE, _S.RETIRED, _S.DISPOSED, _S.LOST),
    _S.DEPLOYED: (_S.IN_STOCK, _S.IN_MAINTENANCE, _S.RETIRED, _S.LOST),
    _S.IN_MAINTENANCE: (_S.DEPLOYED, _S.IN_STOCK, _S.RETIRED, _S.LOST),
    _S.RETIRED: (_S.IN_STOCK, _S.DISPOSED, _S.LOST),
    _S.LOST: (_S.IN_STOCK, _S.DEPLOYED, _S.RETIRED, _S.DISPOSED),
    _S.DISPOSED: (),
}
"""What may follow on what. Nothing follows on a disposal; what is lost may be found."""


def refuse_step(now: AssetStatus, wanted: AssetStatus) -> None:
    """Refuse a status that cannot follow: what is deployed is retired before it is disposed of.

    Raises `RefusedError` at `status`. [ISO/IEC 19770-1:2017, 8]
    """
    if wanted is now or wanted in NEXT[now]:
        return
    after = ", ".join(each.label.lower() for each in NEXT[now])
    says = f"An asset that is {now.label.lower()} cannot become {wanted.label.lower()}."
    follows = f"It can become: {after}." if after else "Nothing follows on that; record a new asset."
    raise RefusedError((Reason(f"{says} {follows}", LIFE_CYCLE),), "status")
