"""The photograph of an asset: kept small, and without what the camera wrote beside it."""

import io
from dataclasses import dataclass
from typing import BinaryIO

from flask import current_app
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.models.asset import Asset
from app.models.attachment import Attachment
from app.operations.attachments import Place, TooLargeError, Upload, attach, detach
from app.storage.kinds import extension_of
from app.storage.pictures import EXTENSIONS, PictureError, as_jpeg
from app.work import Work


@dataclass(slots=True)
class _Kept:
    """What is attached in the place of what was sent."""

    filename: str | None
    stream: BinaryIO


def set_photograph(work: Work, asset: Asset, upload: Upload, field: str = "file") -> Attachment:
    """Keep a JPEG, PNG, WebP or HEIC as the photograph of an asset, in the place of the one before; or refuse it."""
    name = upload.filename or ""
    if extension_of(name) not in EXTENSIONS:
        raise RefusedError("A photograph is a JPEG, PNG, WebP or HEIC.", field)
    limit: int = current_app.extensions["settings"].upload_limit
    size = upload.stream.seek(0, io.SEEK_END)
    if size > limit:
        raise TooLargeError(f"It is too large: a photograph may have {limit // (1024 * 1024)} MB at most.", field)
    try:
        content = as_jpeg(upload.stream)
    except PictureError as fault:
        raise RefusedError(str(fault), field) from None
    for old in _photographs(work, asset.id):
        detach(work, old)
    kept = attach(work, Place(asset_id=asset.id), _Kept(f"{_plain(asset.tag)}.jpg", content), field)
    kept.is_photograph = True
    work.flush()
    return kept


def remove_photograph(work: Work, asset: Asset) -> None:
    """Take the photograph of an asset away; the journal keeps that it was there, with its hash."""
    for old in _photographs(work, asset.id):
        detach(work, old)


def _photographs(work: Work, asset_id: int) -> list[Attachment]:
    return work.all(select(Attachment).where(Attachment.asset_id == asset_id, Attachment.is_photograph.is_(True)))


def _plain(tag: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in tag) or "photograph"
