"""How much of a file is taken in, and how a packed one is looked at before it is unpacked."""

import struct
import zipfile
import zlib
from lzma import LZMAError
from typing import BinaryIO

from app.domain.explained import RefusedError

MOST_BYTES = 50 * 1024 * 1024
MOST_LINES = 250_000
MOST_COLUMNS = 200
MOST_UNPACKED = 256 * 1024 * 1024
MOST_MEMBERS = 2_000
_MOST_RATIO = 200
_SMALL = 4 * 1024 * 1024
"""A member this small is no bomb, however well it was packed."""

UNREADABLE = (
    zipfile.BadZipFile, zlib.error, LZMAError, struct.error,
    OSError, RuntimeError, NotImplementedError, LookupError, ValueError, EOFError,
)  # fmt: skip
"""What a damaged zip raises, by the place of the damage."""


def read_whole(content: BinaryIO, name: str, most_bytes: int = MOST_BYTES) -> bytes:
    """All of a file, refused at `file` where it is empty or larger than is taken."""
    content.seek(0)
    data = content.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise RefusedError(
            f"“{name}” is too large: a file to import may have {most_bytes // (1024 * 1024)} MB at most. Split it.",
            "file",
        )
    if not data:
        raise RefusedError(f"“{name}” is empty. Choose the file again.", "file")
    return data


def open_zip(content: BinaryIO, name: str, most_members: int = MOST_MEMBERS) -> zipfile.ZipFile:
    """A zip whose members say that they are few and not too large; refused at `file` before anything is unpacked.

    No member unpacks to more than it says: the reader stops there.
    """
    try:
        packed = zipfile.ZipFile(content)
    except UNREADABLE as fault:
        raise RefusedError(
            f"“{name}” is damaged: it cannot be unpacked. Save it again and send it anew.", "file"
        ) from fault
    members = packed.infolist()
    if len(members) > most_members:
        raise RefusedError(f"“{name}” holds {len(members)} files; at most {most_members} are taken.", "file")
    if any(member.flag_bits & 1 for member in members):
        raise RefusedError(f"“{name}” is protected by a password. Send it without one.", "file")
    whole = sum(member.file_size for member in members)
    if whole > MOST_UNPACKED or any(
        member.file_size > _SMALL and member.file_size > _MOST_RATIO * max(member.compress_size, 1)
        for member in members
    ):
        raise RefusedError(
            f"“{name}” would unpack to {max(whole // (1024 * 1024), 1)} MB, far more than a file to import holds. "
            "It was not opened.",
            "file",
        )
    return packed
