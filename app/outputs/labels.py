"""Labels of assets: a QR code that leads to the page of one, as a picture that a page can hold."""

from functools import lru_cache
from typing import NamedTuple

import segno


class Label(NamedTuple):
    """What stands on a label."""

    tag: str
    name: str
    code: str
    """The QR code as an address of data."""


@lru_cache(maxsize=4096)
def code_of(address: str) -> str:
    """The QR code of an address, black on white with the margin that scanners need, as an address of data."""
    # Trying out which of eight masks reads best takes most of the time, and any of them can be read.
    made = segno.make(address, error="m", micro=False, mask=0)
    return str(made.svg_data_uri(border=2, dark="#000", light="#fff", omitsize=True))


def label_of(tag: str, name: str, address: str) -> Label:
    """The label of an asset whose page has this address."""
    return Label(tag, name, code_of(address))
