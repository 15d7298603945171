"""A file that somebody sent and that waits between two steps of a form: kept by its hash, named by a signed token.

The token serves who sent the file, in that organisation, for that form; from anybody else's hand it names nothing.
Nothing refers to it, so the sweeper takes it away a day later unless a row came to refer to it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from app.domain.explained import RefusedError
from app.operations.attachments import Upload, folder
from app.storage import keep, path_of, safe_name
from app.work import Work

_PATIENCE = 20 * 60 * 60
"""Seconds after which a token is too old: the sweeper comes after a day."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits, and what its form said of it."""

    token: str
    name: str
    sha256: str
    path: Path
    said: dict[str, Any]
    """What the token carries besides, such as the kind and the source."""


class UnknownFileError(LookupError):
    """The token is none that was given to this person in this organisation: it was made up, or is somebody else's."""


def wait(work: Work, upload: Upload, purpose: str, said: dict[str, Any]) -> Waiting:
    """Keep a file for the next step; refused at `file` where none was chosen or the disk does not take it."""
    name = safe_name(upload.filename or "")
    if not (upload.filename or "").strip():
        raise RefusedError("Choose a file.", "file")
    limit: int = current_app.extensions["settings"].upload_limit
    size = upload.stream.seek(0, 2)
    if size > limit:
        raise RefusedError(
            f"“{name}” is too large: a file may have {limit // (1024 * 1024)} MB at most. Split it.", "file"
        )
    if size == 0:
        raise RefusedError(f"“{name}” is empty. Choose the file again.", "file")
    try:
        stored = keep(folder(), upload.stream)
    except OSError as fault:
        current_app.logger.error("a file could not be kept: %s", fault)
        says = f"“{name}” could not be kept: the server has no room for it. Nothing was saved; tell your administrator."
        raise RefusedError(says, "file") from fault
    token = _signer(purpose).dumps([work.home, work.actor_id, stored.sha256, name, said])
    return Waiting(token, name, stored.sha256, path_of(folder(), stored.sha256), said)


def waiting(work: Work, token: str, purpose: str) -> Waiting:
    """The file of a token.

    Raises `UnknownFileError` for a token that was never given to this person here for this purpose, and `RefusedError`
    at `file` where the file has waited too long.
    """
    gone = RefusedError("The file has waited too long and is no longer here. Choose it again.", "file")
    try:
        home, person, sha256, name, said = _signer(purpose).loads(token, max_age=_PATIENCE)
    except SignatureExpired:
        raise gone from None
    except (BadSignature, ValueError, TypeError):
        raise UnknownFileError("no such file") from None
    if (home, person) != (work.home, work.actor_id):
        raise UnknownFileError("no such file")
    path = path_of(folder(), sha256)
    if not path.is_file():
        raise gone
    return Waiting(token, name, sha256, path, said)


def _signer(purpose: str) -> URLSafeTimedSerializer:
    key: str = current_app.extensions["settings"].secret_key
    return URLSafeTimedSerializer(key, salt=f"waiting-file-{purpose}")
