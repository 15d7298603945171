"""What a change that was done means for the software on one asset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.itam.change import AUTHORISATIONS, Authorisation
from app.domain.itam.version import version_key


@dataclass(frozen=True, slots=True)
class Present:
    """A version of the product that is on the asset and not gone."""

    key: int
    version: str
    found_on: date
    last_seen_on: date | None
    authorisation: Authorisation

    @property
    def seen_on(self) -> date:
        """The last day on which it was certainly there."""
        return max(self.found_on, self.last_seen_on or self.found_on)


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of the rows: which the change stands behind from now on, which are gone, whether one is added."""

    backed: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    brings: bool = False


def installed(present: Sequence[Present], version: str) -> Effect:
    """What discovery found already is what was installed, unless it found another version.

    [ISO/IEC 19770-1:2017, 7.6.3]
    """
    alike = [each for each in present if _may_be(each.version, version)]
    return Effect(backed=_unbacked(alike), brings=not alike)


def modified(name: str, present: Sequence[Present], version: str, on: date) -> Effect:
    """The old versions are gone, and the new one stands in their place. [ISO/IEC 19770-1:2017, 7.6.3]"""
    if not present:
        says = f"The register has no {name}, so no version of it can have changed."
        raise RefusedError(Reason(says, AUTHORISATIONS))
    new = [each for each in present if version_key(each.version) == version_key(version)]
    old = [each for each in present if each not in new]
    _refuse_seen_after(name, old, on)
    return Effect(backed=_unbacked(new), gone=tuple(each.key for each in old), brings=not new)


def removed(name: str, present: Sequence[Present], version: str, on: date) -> Effect:
    """It is gone from the day on; of several versions only the one that was named. [ISO/IEC 19770-1:2017, 7.6.3]"""
    going = [each for each in present if not version or version_key(each.version) == version_key(version)]
    if not going:
        raise RefusedError(Reason(f"The register has no {name}, so nothing can have been removed.", AUTHORISATIONS))
    _refuse_seen_after(name, going, on)
    return Effect(gone=tuple(each.key for each in going))


def _may_be(found: str, meant: str) -> bool:
    return not found or not meant or version_key(found) == version_key(meant)


def _unbacked(rows: Sequence[Present]) -> tuple[int, ...]:
    return tuple(each.key for each in rows if each.authorisation is Authorisation.UNAUTHORISED)


def _refuse_seen_after(name: str, rows: Sequence[Present], on: date) -> None:
    for each in rows:
        if each.seen_on > on:
            version = f" {each.version}" if each.version else ""
            says = (
                f"{name}{version} was still seen on {say(each.seen_on)}, after the day on which it is said to be gone."
            )
            raise RefusedError(Reason(says, AUTHORISATIONS), "done_on")
