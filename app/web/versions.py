"""Browsers keep our style sheets and scripts for a year: the address of each holds a few letters of its hash."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask


@lru_cache(maxsize=256)
def _version(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "0"


def init_app(app: Flask) -> None:
    folder = Path(app.static_folder or "static")

    @app.url_defaults
    def with_version(endpoint: str, values: dict[str, Any]) -> None:
        # What others wrote lies in a folder named for its version already.
        if endpoint == "static" and not values["filename"].startswith("vendor/"):
            values.setdefault("v", _version(folder / values["filename"]))
