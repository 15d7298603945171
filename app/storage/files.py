"""Files are written whole or not at all, once for each content, and never changed."""

import hashlib
import os
import re
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stored:
    """What was kept: the SHA-256 of the content, and its bytes counted."""

    sha256: str
    size: int


def path_of(folder: Path, sha256: str) -> Path:
    """Where the content of that hash lies; two levels, so that no folder grows without bound."""
    if not _HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return folder / sha256[:2] / sha256


def keep(folder: Path, content: BinaryIO) -> Stored:
    """Keep a content and give its hash; the same content is kept once.

    It is written to a side file, forced to the disk and renamed into place: a process that is killed leaves either the
    whole file or a side file that nothing refers to. Raises `OSError` where the disk does not take it.
    """
    side_room = folder / "incoming"
    side_room.mkdir(parents=True, exist_ok=True)
    side = side_room / secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    try:
        with side.open("xb") as file:
            content.seek(0)
            while block := content.read(_BLOCK):
                digest.update(block)
                size += len(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        place = path_of(folder, digest.hexdigest())
        place.parent.mkdir(exist_ok=True)
        # Also over a file that is there: the content is the same, and its age begins anew for the sweeper.
        side.replace(place)
        for room in (place.parent, folder):
            _force(room)
    finally:
        side.unlink(missing_ok=True)
    return Stored(digest.hexdigest(), size)


def stray(folder: Path, wanted: Collection[str], now: datetime) -> Iterator[Path]:
    """The files that nothing refers to, as far as they are older than a day: a younger one may wait for its commit."""
    old = (now - timedelta(days=1)).timestamp()
    for path in folder.glob("*/*"):
        if path.is_file() and path.name not in wanted and path.stat().st_mtime < old:
            yield path


def _force(folder: Path) -> None:
    """Force a rename to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
