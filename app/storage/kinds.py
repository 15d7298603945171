"""Which kinds of file are taken: by their extension, and by what is in them."""

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import default
from lzma import LZMAError
from typing import BinaryIO

import puremagic

_HEAD = 64 * 1024
_NAMES = 2000
"""A document of more members is no document that a certification body sends."""


_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, LZMAError, struct.error,
    OSError, RuntimeError, NotImplementedError, LookupError, ValueError, EOFError,
)  # fmt: skip
"""What a damaged zip raises, by the place of the damage."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its extensions, the type it is served as, its name on the screens, and what proves it."""

    name: str
    extensions: tuple[str, ...]
    media_type: str
    proven: Callable[[BinaryIO], bool]


def _begins_as(*extensions: str) -> Callable[[BinaryIO], bool]:
    """Whether the first bytes are those of one of these."""

    def proven(content: BinaryIO) -> bool:
        try:
            found = puremagic.magic_string(_head(content))
        except (puremagic.PureError, ValueError):
            return False
        return any(match.extension in extensions for match in found)

    return proven


def _is_pdf(content: BinaryIO) -> bool:
    return _head(content).startswith(b"%PDF-") and _begins_as(".pdf")(content)


def _holds(*members: str, media_type: str | None = None) -> Callable[[BinaryIO], bool]:
    """Whether it is a zip with these members inside, and nothing of a program among them."""

    def proven(content: BinaryIO) -> bool:
        if not _head(content).startswith(b"PK\x03\x04"):
            return False
        content.seek(0)
        try:
            with zipfile.ZipFile(content) as archive:
                names = archive.namelist()
                if len(names) > _NAMES or any(name.casefold().endswith("vbaproject.bin") for name in names):
                    return False
                if not set(members) <= set(names):
                    return False
                if media_type is None:
                    return True
                with archive.open("mimetype") as member:
                    return member.read(200) == media_type.encode()
        except _UNREADABLE:
            return False

    return proven


def _is_text(content: BinaryIO) -> bool:
    """Whether it is text in UTF-8 without control characters; a file that says it is text and is not is refused."""
    content.seek(0)
    reader = io.TextIOWrapper(content, encoding="utf-8-sig", errors="strict", newline="")
    try:
        while block := reader.read(_HEAD):
            if any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in block):
                return False
    except UnicodeDecodeError:
        return False
    finally:
        reader.detach()
    return True


def _is_mail(content: BinaryIO) -> bool:
    """Whether it begins with the header of a mail: a sender and a date at least."""
    head = _head(content)
    if b"\x00" in head:
        return False
    headers = BytesParser(policy=default).parsebytes(head, headersonly=True)
    return "from" in headers and "date" in headers


def _is_webm(content: BinaryIO) -> bool:
    """Whether it begins as a container that says it holds WebM."""
    head = _head(content)
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:80]


def _head(content: BinaryIO) -> bytes:
    content.seek(0)
    return content.read(_HEAD)


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

KINDS: tuple[Kind, ...] = (
    Kind("PDF", ("pdf",), "application/pdf", _is_pdf),
    Kind("PNG", ("png",), "image/png", _begins_as(".png")),
    Kind("JPEG", ("jpg", "jpeg"), "image/jpeg", _begins_as(".jpg", ".jpeg", ".jfif")),
    Kind(
        "Word (docx)",
        ("docx",),
        f"{_OFFICE}wordprocessingml.document",
        _holds("[Content_Types].xml", "word/document.xml"),
    ),
    Kind("Excel (xlsx)", ("xlsx",), f"{_OFFICE}spreadsheetml.sheet", _holds("[Content_Types].xml", "xl/workbook.xml")),
    Kind(
        "OpenDocument text (odt)",
        ("odt",),
        f"{_OPEN}text",
        _holds("mimetype", "content.xml", media_type=f"{_OPEN}text"),
    ),
    Kind("plain text", ("txt",), "text/plain; charset=utf-8", _is_text),
    Kind("CSV", ("csv",), "text/csv; charset=utf-8", _is_text),
    Kind("MP4 video", ("mp4",), "video/mp4", lambda content: _head(content)[4:8] == b"ftyp"),
    Kind("WebM video", ("webm",), "video/webm", _is_webm),
    Kind("a saved mail (eml)", ("eml",), "message/rfc822", _is_mail),
)
"""The allow-list. Nothing that a browser would run, and no document with macros."""


def extension_of(name: str) -> str:
    """What stands behind the last dot of a name, in small letters."""
    return name.rpartition(".")[2].casefold() if "." in name else ""


def kind_of(name: str) -> Kind | None:
    """The kind that a name claims; None where it is not on the list."""
    extension = extension_of(name)
    return next((kind for kind in KINDS if extension in kind.extensions), None)


def safe_name(name: str) -> str:
    """A name without folders, control characters and signs that some system minds, short enough for all of them."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")
    plain = re.sub(r'[<>:"|?*/]+', "-", plain)
    plain = re.sub(r"\s+", " ", plain).strip().rstrip(" .")
    stem, dot, extension = plain.rpartition(".")
    return f"{stem[: 150 - len(extension)].strip() or 'file'}.{extension[:10]}" if dot else plain[:150] or "file"
