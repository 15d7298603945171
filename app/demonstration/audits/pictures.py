"""Photographs of things that never were: drawn, small, and kept as any photograph is."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

SIZE = (960, 640)
WALL, STEEL, DARK, PAPER, INK = "#c9cdc9", "#596469", "#23292c", "#f4f1e8", "#2b2f31"
TEAL, AMBER, GREEN = "#1d6f72", "#d99a2b", "#63b877"


def rack(labels: Sequence[str], marked: str = "") -> io.BytesIO:
    """A rack with a unit for each label; the marked one blinks amber."""
    picture, pen = _canvas(WALL)
    pen.rectangle((180, 30, 780, 640), fill=DARK)
    for left in (180, 756):
        pen.rectangle((left, 30, left + 24, 640), fill=STEEL)
    for number, label in enumerate(labels):
        top = 70 + number * 130
        pen.rounded_rectangle((210, top, 750, top + 104), 6, fill="#3a4347", outline=STEEL, width=2)
        for port in range(12):
            left = 226 + port * 26
            pen.rectangle((left, top + 40, left + 18, top + 58), fill="#11161a")
            lit = AMBER if label == marked and port % 3 == 0 else GREEN
            pen.rectangle((left, top + 64, left + 18, top + 69), fill=lit)
        _label(pen, (572, top + 28), label)
    return _jpeg(picture)


def laptop(label: str, note: str) -> io.BytesIO:
    """A closed laptop on a desk with its label, and a note beside it."""
    picture, pen = _canvas("#b99b78")
    for top in range(0, 640, 80):
        pen.line((0, top, 960, top + 26), fill="#ad8f6c", width=3)
    pen.rounded_rectangle((150, 120, 700, 500), 22, fill="#8d969b", outline=STEEL, width=3)
    _label(pen, (440, 410), label)
    pen.polygon(((730, 190), (920, 205), (905, 400), (718, 385)), fill="#efe08b")
    for number, line in enumerate(note.split("\n")):
        pen.text((748, 222 + number * 34), line, font=_font(24), fill=INK)
    return _jpeg(picture)


def screen(title: str, rows: Sequence[tuple[str, str]]) -> io.BytesIO:
    """A screen with a form; a field without a value is empty on it."""
    picture, pen = _canvas("#6f7a7e")
    pen.rounded_rectangle((70, 40, 890, 560), 14, fill=DARK)
    pen.rectangle((92, 62, 868, 538), fill="#fbfbf8")
    pen.rectangle((92, 62, 868, 118), fill=TEAL)
    pen.text((112, 74), title, font=_font(28), fill="white")
    for number, (name, value) in enumerate(rows):
        top = 146 + number * 74
        pen.text((118, top), name, font=_font(22), fill="#5b6467")
        pen.rectangle((400, top - 6, 830, top + 38), outline="#9aa5a8", width=2, fill="white")
        pen.text((414, top), value, font=_font(22), fill=INK)
    pen.rectangle((410, 560, 550, 640), fill=DARK)
    return _jpeg(picture)


def _canvas(colour: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", SIZE, colour)
    return picture, ImageDraw.Draw(picture)


def _label(pen: ImageDraw.ImageDraw, at: tuple[int, int], words: str) -> None:
    left, top = at
    pen.rectangle((left, top, left + 164, top + 48), fill=PAPER)
    pen.rectangle((left, top, left + 8, top + 48), fill=TEAL)
    pen.text((left + 22, top + 10), words, font=_font(26), fill=INK)


def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def _jpeg(picture: Image.Image) -> io.BytesIO:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=88)
    made.seek(0)
    return made
