"""Receive requests whose files may be too large: the form still comes back filled in.

A request is read to its end as far as several times the limit of one file, but of each file no more is kept than shows
that it is too large. Beyond that the server answers 413 without reading.
"""

from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from flask import Flask, Request, current_app

READ_FACTOR = 8
_IN_MEMORY = 512 * 1024


class BoundedFile(SpooledTemporaryFile[bytes]):
    """A temporary file that keeps one byte more than the limit and lets the rest go."""

    def __init__(self, limit: int) -> None:
        super().__init__(max_size=_IN_MEMORY, mode="w+b")
        self._left = limit + 1

    def write(self, data: Any) -> int:
        whole = bytes(data)
        kept = whole[: self._left]
        self._left -= len(kept)
        super().write(kept)
        return len(whole)


class Receiving(Request):
    """A request that keeps no more of a file than it needs."""

    def _get_file_stream(self, *_arguments: Any, **_options: Any) -> IO[bytes]:
        return cast(IO[bytes], BoundedFile(current_app.extensions["settings"].upload_limit))


def init_app(app: Flask) -> None:
    app.request_class = Receiving
    app.config["MAX_CONTENT_LENGTH"] = READ_FACTOR * app.extensions["settings"].upload_limit + 64 * 1024
