"""What an inventory check may find, and how a difference is resolved. Never called an audit."""

from dataclasses import dataclass

from app.domain.explained import Clause, Explained, Reason, RefusedError
from app.domain.itam.asset import NEXT, AssetKind, AssetStatus
from app.domain.words import Word


class Difference(Word):
    """How what was found differs from the register."""

    MISSING = "missing"
    """The register has it here, and nobody found it."""
    UNKNOWN = "unknown"
    """It was found, and the register does not know its tag."""
    ELSEWHERE = "elsewhere"
    """It was found here, and the register has it at another site."""
    NOT_EXPECTED = "not-expected"
    """It was found, and the register says that it is gone or not yet here."""


class Resolution(Word):
    """What was done about a difference."""

    REGISTER_CORRECTED = "register-corrected"
    FOUND_LATER = "found-later"
    DECLARED_LOST = "declared-lost"
    RECORDED = "recorded"
    ACCEPTED = "accepted"


VERIFICATION = Clause("ISO/IEC 19770-1:2017", "8.3")

COUNTED_KINDS = (AssetKind.HARDWARE, AssetKind.DATA_MEDIA, AssetKind.DOCUMENT)
"""What can be found at a place at all."""

THERE = (AssetStatus.IN_STOCK, AssetStatus.DEPLOYED, AssetStatus.IN_MAINTENANCE, AssetStatus.RETIRED)
"""The statuses of what should be found."""

BACK = (AssetStatus.DEPLOYED, AssetStatus.IN_STOCK)
"""What an asset becomes again that was found although it was not expected."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the register says of a counted asset, when counting ends."""

    status: AssetStatus
    site_id: int | None
    site: str = ""


def difference_of(
    *, is_expected: bool, is_found: bool, known: Known | None, site_id: int | None
) -> Explained[Difference] | None:
    """How a line of a check differs from the register; None where both agree. `site_id` is the place of the check.

    An asset that has moved or gone on record since the check began is no longer expected. [ISO/IEC 19770-1:2017, 8.3]
    """

    def differs(difference: Difference, says: str) -> Explained[Difference]:
        return Explained(difference, (Reason(says, VERIFICATION),))

    if known is None:
        if not is_found:
            return None
        return differs(Difference.UNKNOWN, "It was found, and the register knows no asset of this tag.")
    elsewhere = site_id is not None and known.site_id != site_id
    if not is_found:
        if not is_expected or known.status not in THERE or elsewhere:
            return None
        return differs(
            Difference.MISSING, f"The register has it here, {known.status.label.lower()}, and nobody found it."
        )
    if known.status not in THERE:
        return differs(Difference.NOT_EXPECTED, f"It was found, and the register says: {known.status.label.lower()}.")
    if elsewhere:
        where = f"at {known.site}" if known.site else "at no site"
        return differs(Difference.ELSEWHERE, f"It was found here, and the register has it {where}.")
    return None


_R = Resolution
_RESOLUTIONS: dict[Difference, tuple[Resolution, ...]] = {
    Difference.MISSING: (_R.FOUND_LATER, _R.REGISTER_CORRECTED, _R.DECLARED_LOST, _R.ACCEPTED),
    Difference.UNKNOWN: (_R.RECORDED, _R.ACCEPTED),
    Difference.ELSEWHERE: (_R.REGISTER_CORRECTED, _R.ACCEPTED),
    Difference.NOT_EXPECTED: (_R.REGISTER_CORRECTED, _R.ACCEPTED),
}
_SAYS = {
    _R.ACCEPTED: "Say why the difference may stand.",
    _R.DECLARED_LOST: "Say how it was lost, and what data was on it.",
    _R.FOUND_LATER: "Say where it was found, and by whom.",
}
"""What has to be said of a resolution."""


def resolutions_of(difference: Difference, status: AssetStatus | None) -> tuple[Resolution, ...]:
    """What may be done about a difference; `status` is the asset's now. What was disposed of does not come back."""
    offered = _RESOLUTIONS[difference]
    if difference is Difference.NOT_EXPECTED and status is not None and not back_to(status):
        return tuple(each for each in offered if each is not Resolution.REGISTER_CORRECTED)
    if difference is Difference.MISSING and status is not None and AssetStatus.LOST not in NEXT[status]:
        return tuple(each for each in offered if each is not Resolution.DECLARED_LOST)
    return offered


def back_to(status: AssetStatus) -> tuple[AssetStatus, ...]:
    """What an asset of this status may become again when it was found."""
    return tuple(each for each in BACK if each in NEXT[status])


def refuse_resolution(difference: Difference, resolution: Resolution, note: str, status: AssetStatus | None) -> None:
    """Refuse a resolution that does not fit the difference, or that says nothing where words are needed.

    Raises `RefusedError` at `resolution` or `note`. [ISO/IEC 19770-1:2017, 8.3]
    """
    offered = resolutions_of(difference, status)
    if resolution not in offered:
        can = ", ".join(each.label.lower() for each in offered)
        says = f"A difference of the kind “{difference.label.lower()}” is resolved by one of: {can}."
        raise RefusedError(Reason(says, VERIFICATION), "resolution")
    if resolution in _SAYS and not note.strip():
        raise RefusedError(Reason(_SAYS[resolution], VERIFICATION), "note")
