"""What a camera wrote beside a picture is taken away, and no pixel is touched."""

import io
from collections.abc import Iterator
from typing import BinaryIO

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_KEPT_APPS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""How to show the pixels: their density, their colours."""
_COMMENT = 0xFE
_ORIENTATION = 0x0112
_PNG = b"\x89PNG\r\n\x1a\n"
_TOLD_IN_PNG = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})


def without_what_stands_beside(content: BinaryIO) -> BinaryIO:
    """A JPEG or PNG without place, camera, words and thumbnails; which way up it is stays.

    One that has nothing of them is given back byte for byte, and so is the part behind the place where one is damaged.
    """
    content.seek(0)
    whole = content.read()
    if whole.startswith(b"\xff\xd8"):
        return io.BytesIO(b"".join(_of_jpeg(whole)))
    if whole.startswith(_PNG):
        return io.BytesIO(b"".join(_of_png(whole)))
    content.seek(0)
    return content


def _of_jpeg(whole: bytes) -> Iterator[bytes]:
    """The parts that stay. What follows the end, such as a film or a second picture, goes."""
    yield whole[:2]
    at, turned = 2, False
    while at + 4 <= len(whole):
        marker = whole[at + 1]
        if whole[at] == 0xFF and marker == _EOI:
            yield whole[at : at + 2]
            return
        size = int.from_bytes(whole[at + 2 : at + 4], "big")
        end = at + 2 + size
        if whole[at] != 0xFF or marker < 0xC0 or size < 2 or end > len(whole):
            break
        if marker == _SOS:
            end = _end_of_scan(whole, end)
            yield whole[at:end]
        elif marker == 0xE1 and whole[at + 4 :].startswith(b"Exif\0\0") and not turned:
            way = _way_up(whole[at + 10 : end])
            turned = way > 1
            if turned:
                yield _only_way_up(way)
        elif not _is_told(marker, whole[at + 4 : end]):
            yield whole[at:end]
        at = end
    yield whole[at:]


def _is_told(marker: int, said: bytes) -> bool:
    if marker == _COMMENT:
        return True
    return 0xE0 <= marker <= 0xEF and not said.startswith(_KEPT_APPS.get(marker, b"\0never"))


def _end_of_scan(whole: bytes, at: int) -> int:
    """Where the next marker stands that ends the pixels: none that is stuffed, filled or only restarts them."""
    while (at := whole.find(b"\xff", at)) != -1 and at + 1 < len(whole):
        follows = whole[at + 1]
        if follows not in (0x00, 0xFF) and not 0xD0 <= follows <= 0xD7:
            return at
        at += 1 if follows == 0xFF else 2
    return len(whole)


def _way_up(exif: bytes) -> int:
    """Which of the eight ways the picture is turned; 1 where it does not say."""
    order = {b"II": "little", b"MM": "big"}.get(exif[:2])
    if order is None:
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(exif[at : at + size], "little" if order == "little" else "big")

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * min(number(first, 2), 200), 12):
        if number(entry, 2) == _ORIENTATION:
            return way if 1 <= (way := number(entry + 8, 2)) <= 8 else 1
    return 1


def _only_way_up(way: int) -> bytes:
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + way.to_bytes(2, "big") + b"\x00\x00"
    said = b"Exif\0\0MM\x00\x2a\x00\x00\x00\x08\x00\x01" + entry + b"\x00\x00\x00\x00"
    return b"\xff\xe1" + (len(said) + 2).to_bytes(2, "big") + said


def _of_png(whole: bytes) -> Iterator[bytes]:
    """The parts that stay. What follows the end goes."""
    yield _PNG
    at = len(_PNG)
    while at + 12 <= len(whole):
        kind, end = whole[at + 4 : at + 8], at + 12 + int.from_bytes(whole[at : at + 4], "big")
        if end > len(whole):
            break
        if kind not in _TOLD_IN_PNG:
            yield whole[at:end]
        at = end
        if kind == b"IEND":
            return
    yield whole[at:]
