"""Receive what a visitor sends, however odd: files too large, numbers too large, characters that no text holds.

A request is read to its end as far as several times the limit of one file, but of each file no more is kept than shows
that it is too large: the form still comes back filled in. Beyond that the server answers 413 without reading.
"""

import re
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from flask import Flask, Request, abort, current_app, request
from werkzeug.routing import IntegerConverter

from app.web.fields import LARGEST_ID

READ_FACTOR = 16
"""With files of 20 MB, one of 200 MB is still refused at its field, in its form."""
_UNSEEN = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Control characters: they spoil a mail, a calendar or a sheet long after they were sent. NUL is refused outright."""
_IN_MEMORY = 512 * 1024


class RowIdConverter(IntegerConverter):
    """A number in an address that can be the id of a row; a larger one is the address of nothing."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"max": LARGEST_ID, **options})


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
    """A request that keeps no more of a file than it needs, and no signs that nobody can see or type."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.method == "HEAD":
            # The same page as for GET, whose body the server leaves out: no view takes it for a form that was sent.
            self.method = "GET"

    def _load_form_data(self) -> None:
        super()._load_form_data()
        if any(_UNSEEN.search(value) for _name, value in self.form.items(multi=True)):
            seen = [(name, _UNSEEN.sub("", value)) for name, value in self.form.items(multi=True)]
            self.__dict__["form"] = self.parameter_storage_class(seen)

    def _get_file_stream(self, *_arguments: Any, **_options: Any) -> IO[bytes]:
        return cast(IO[bytes], BoundedFile(current_app.extensions["settings"].upload_limit))


def _refuse_nul() -> None:
    """No text holds this character: whoever sends it means no good, and a database may fail on it."""
    if "\x00" in request.path or any(
        "\x00" in part for sent in (request.args, request.form) for pair in sent.items(multi=True) for part in pair
    ):
        abort(400)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowIdConverter
    app.before_request(_refuse_nul)
    app.request_class = Receiving
    app.config["MAX_CONTENT_LENGTH"] = READ_FACTOR * app.extensions["settings"].upload_limit + 64 * 1024
