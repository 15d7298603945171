"""Whose an asset is, and who answers for what: mixed ownership and shared responsibility."""

from app.domain.explained import Clause
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
