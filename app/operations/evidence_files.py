"""Files and photographs that are evidence: photographs scaled and without what the camera wrote, the same once."""

import io
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import BinaryIO

from flask import current_app
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.models.attachment import Attachment
from app.operations.attachments import Place, TooLargeError, Upload, attach
from app.storage.kinds import extension_of
from app.storage.pictures import EXTENSIONS, PictureError, as_jpeg, told_beside
from app.work import Work


@dataclass(frozen=True, slots=True)
class KeptEvidence:
    """What was kept, and which data that stood beside the picture were not."""

    file: Attachment
    removed: tuple[str, ...] = ()
    was_there: bool = False

    @property
    def says(self) -> str:
        """What whoever sent it is told."""
        said = f"“{self.file.file_name}” {'was there already: it is kept once' if self.was_there else 'is kept'}."
        return f"{said} Its {' and '.join(self.removed)} data were removed." if self.removed else said


@dataclass(slots=True)
class _Sent:
    filename: str | None
    stream: BinaryIO


def keep_evidence(work: Work, place: Place, upload: Upload, field: str = "file") -> KeptEvidence:
    """Keep a file at its place. A photograph is scaled, and where and with what it was taken is not kept.

    A file that lies at the place already is not kept a second time.
    """
    name = upload.filename or ""
    removed: tuple[str, ...] = ()
    sent: Upload = upload
    if extension_of(name) in EXTENSIONS:
        refuse_large(upload, field)
        try:
            removed = told_beside(upload.stream)
            content = as_jpeg(upload.stream)
        except PictureError as fault:
            raise RefusedError(str(fault), field) from None
        sent = _Sent(f"{name.rpartition('.')[0] or 'photograph'}.jpg", content)
    there = _same(work, place, sent.stream)
    if there is not None:
        return KeptEvidence(there, removed, was_there=True)
    kept = attach(work, place, sent, field)
    return KeptEvidence(kept, removed)


def refuse_large(upload: Upload, field: str) -> None:
    """Refuse a file that is larger than the installation takes, before anybody reads it."""
    limit: int = current_app.extensions["settings"].upload_limit
    if upload.stream.seek(0, io.SEEK_END) > limit:
        says = f"It is too large: a file may have {limit // (1024 * 1024)} MB at most."
        raise TooLargeError(says, field)


def fingerprint_of(upload: Upload | None) -> str:
    """The hash of what was sent, by which an entry that comes twice is known to be the same; empty for nothing."""
    if upload is None or not upload.filename:
        return ""
    return _hash(upload.stream)


def _hash(stream: BinaryIO) -> str:
    stream.seek(0)
    found = sha256()
    while some := stream.read(1 << 16):
        found.update(some)
    stream.seek(0)
    return found.hexdigest()


def _same(work: Work, place: Place, stream: BinaryIO) -> Attachment | None:
    wanted = select(Attachment).where(Attachment.sha256 == _hash(stream)).order_by(Attachment.id).limit(1)
    for column, value in asdict(place).items():
        if value is not None:
            wanted = wanted.where(getattr(Attachment, column) == value)
    return work.one_or_none(wanted)
