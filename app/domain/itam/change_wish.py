"""What a request has to say before it can be decided on: what, why, and what it touches."""

import re
from dataclasses import dataclass
from datetime import date

from app.domain.explained import Clause, Reason, RefusedError
from app.domain.itam.asset import AssetStatus
from app.domain.itam.change import BRINGS, CHANGE_MANAGEMENT, SECURITY, ChangeAction, plain_hash
from app.domain.itam.version import version_key

MOST_ASSETS = 1000
_HASH = re.compile(r"[0-9a-f]{64}")
_A = ChangeAction
COUNTED = (_A.COPY, _A.DISTRIBUTE)
"""What makes copies, of which the trail keeps how many and where they went."""


@dataclass(frozen=True, slots=True)
class Touched:
    """An asset that a request names."""

    tag: str
    status: AssetStatus


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for."""

    action: ChangeAction
    title: str
    reason: str
    has_product: bool = False
    version: str = ""
    sha256: str = ""
    copies: int | None = None
    target: str = ""
    has_site: bool = False
    wanted_by: date | None = None
    assets: tuple[Touched, ...] = ()


def refuse_wish(wish: Wish, today: date) -> None:
    """Refuse a request that does not say what it is about: nobody can authorise what is not said.

    Raises `RefusedError` at the field that is missing or cannot be so. [ISO/IEC 19770-1:2017, 8.2]
    """
    verb = wish.action.label.lower()
    if not wish.title.strip():
        _refuse("Say in a few words what is asked for.", "title")
    if not wish.reason.strip():
        _refuse("Say why: whoever authorises it decides by that.", "reason")
    if wish.action is _A.INSTALL and not wish.has_product:
        _refuse("Say which software is to be installed.", "software")
    if wish.action is _A.MOVE and wish.has_product:
        _refuse("Assets are moved, and their software with them. Leave the software empty.", "software")
    if wish.action not in COUNTED and not wish.assets:
        _refuse(f"Say which assets it touches: there is nothing to {verb} without one.", "assets")
    if wish.action in COUNTED and not (wish.assets or wish.has_product):
        _refuse(f"Say which software or asset there is to {verb}.", "software")
    _refuse_assets(wish)
    if wish.version and not wish.has_product:
        _refuse("A version is of software. Say which.", "software")
    if wish.action is _A.MODIFY and wish.has_product and not version_key(wish.version):
        _refuse("Say to which version the software is to be changed.", "version")
    _refuse_hash(wish)
    if wish.action is _A.MOVE and not wish.has_site:
        _refuse("Say to which site it is moved.", "to_site")
    if wish.action is not _A.MOVE and wish.has_site:
        _refuse(f"A site is of a move. There is none to {verb} to.", "to_site")
    if wish.action in COUNTED:
        if wish.copies is None or wish.copies < 1:
            _refuse("Say how many copies: a whole number from 1.", "copies", SECURITY)
        if not wish.target.strip():
            _refuse("Say where the copies go: to whom, or onto what.", "target", SECURITY)
    elif wish.copies is not None or wish.target.strip():
        _refuse("Copies and where they go are of copying and distributing.", "copies")
    if wish.wanted_by is not None and wish.wanted_by < today:
        _refuse("The day by which it is wanted has passed.", "wanted_by")


def _refuse_assets(wish: Wish) -> None:
    if len(wish.assets) > MOST_ASSETS:
        _refuse(f"A request touches {MOST_ASSETS} assets at most. Ask in several.", "assets")
    gone = [each for each in wish.assets if each.status.is_gone]
    if gone:
        _refuse(f"{gone[0].tag} is {gone[0].status.label.lower()}: nothing can be done to it.", "assets")


def _refuse_hash(wish: Wish) -> None:
    if not wish.sha256:
        return
    if wish.action not in BRINGS:
        _refuse("A hash is of what is brought. This brings nothing.", "sha256", SECURITY)
    if not _HASH.fullmatch(plain_hash(wish.sha256)):
        _refuse("A SHA-256 has 64 signs, each 0 to 9 or a to f.", "sha256", SECURITY)


def _refuse(says: str, field: str, clause: Clause = CHANGE_MANAGEMENT) -> None:
    raise RefusedError(Reason(says, clause), field)
