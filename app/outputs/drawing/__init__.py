"""Drawings as SVG text: pure functions of dates and words, the same on a page, in print and in a PDF."""

from dataclasses import dataclass

from markupsafe import Markup

from app.outputs.drawing.across import draw_across
from app.outputs.drawing.band import Band
from app.outputs.drawing.down import draw_down
from app.outputs.drawing.words import put_in_words


@dataclass(frozen=True, slots=True)
class Drawn:
    """The band both ways, of which the page shows the one that the screen has room for, and in words."""

    across: Markup
    down: Markup
    words: Markup


def draw_band(band: Band, key: str = "band") -> Drawn:
    """The band for a page. `key` tells several bands of one page apart."""
    return Drawn(draw_across(band, f"{key}-across"), draw_down(band, f"{key}-down"), put_in_words(band))
