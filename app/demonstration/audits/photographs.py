"""What Northwind's auditors took photographs of: drawn here, because no camera was ever there."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from app.demonstration.audits.checklists import ACCESS, LEADERSHIP, OPERATION
from app.demonstration.audits.processes import SECURITY
from app.models.checklist import ChecklistItem
from app.models.finding import Finding
from app.operations.attachments import Place
from app.operations.evidence_files import keep_evidence

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

WIDTH, HEIGHT = 960, 720
WALL, FLOOR, STEEL, DARK = "#c9cdc9", "#8f948f", "#5c6468", "#1f2629"
GREEN, AMBER, PAPER, INK = "#55c07a", "#e0a13c", "#f4f1e8", "#2b3336"
Box = tuple[int, int, int, int]


@dataclass(slots=True)
class _Sent:
    filename: str | None
    stream: BinaryIO


def photographs(diary: "Diary") -> None:
    """Kept on the day on which they were taken: on findings, and on two questions."""
    at_findings: tuple[tuple[str, str, str, Callable[[], Image.Image]], ...] = (
        (LEADERSHIP, "times", "request-r-4471.png", _form),
        (OPERATION, "cores", "cluster-hosts.png", partial(_cabinet, ("SRV-001", "SRV-002"), 4)),
        (OPERATION, "firmware", "switches.png", partial(_cabinet, ("NET-004", "NET-009", "NET-017"), 2)),
        (ACCESS, "remote", "pc-014.png", partial(_screen, "DeskPeek", "Connected to PC-014")),
    )
    for title, key, name, draw in at_findings:
        audit = diary.audits[title]
        day = audit.starts_on if title == ACCESS else audit.ends_on
        diary.on(day, "mateo", partial(_at_finding, diary, key, name, draw))
    stand = partial(_shelf, ("LT-0021", "LT-0027", "LT-0035", "LT-0054", "LT-0102", "LT-0145"))
    diary.on(diary.audits[OPERATION].starts_on, "mateo", partial(_at_question, diary, OPERATION, "A.5.9", "rack.png",
             partial(_cabinet, ("SRV-003", "SRV-004", "STO-001"), 3)))  # fmt: skip
    diary.on(diary.audits[ACCESS].starts_on, "mateo", partial(_at_question, diary, ACCESS, "A.5.9", "shelf.png", stand))


def _at_finding(diary: "Diary", key: str, name: str, draw: Callable[[], Image.Image]) -> None:
    found = diary.work.all(select(Finding.id).where(Finding.reference == diary.references[key]))[0]
    _keep(diary, Place(finding_id=found), name, draw())


def _at_question(diary: "Diary", title: str, clause: str, name: str, draw: Callable[[], Image.Image]) -> None:
    asked = select(ChecklistItem.id).where(
        ChecklistItem.audit_id == diary.audits[title].id,
        ChecklistItem.standard == SECURITY,
        ChecklistItem.clause == clause,
    )
    _keep(diary, Place(item_id=diary.work.all(asked.order_by(ChecklistItem.position))[0]), name, draw())


def _keep(diary: "Diary", place: Place, name: str, picture: Image.Image) -> None:
    content = io.BytesIO()
    picture.save(content, "PNG", compress_level=1)
    keep_evidence(diary.work, place, _Sent(name, content))


def _room() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 600, WIDTH, HEIGHT), fill=FLOOR)
    return picture, draw


def _write(draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, fill: str = INK) -> None:
    draw.text(at, text, fill=fill, font=ImageFont.load_default(size), anchor="lm")


def _label(draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str) -> None:
    left, top = at
    draw.rounded_rectangle((left, top, left + 124, top + 36), 4, fill=PAPER)
    _write(draw, (left + 14, top + 18), text, 24)


def _cabinet(tags: tuple[str, ...], rows: int) -> Image.Image:
    """A cabinet of devices with their labels; the last lamp of each is amber."""
    picture, draw = _room()
    draw.rounded_rectangle((150, 40, 810, 660), 10, fill=DARK)
    height = min(560 // len(tags), 180)
    for number, tag in enumerate(tags):
        top = 80 + number * (height + 10)
        draw.rounded_rectangle((180, top, 780, top + height - 16), 6, fill=STEEL)
        _label(draw, (200, top + 14), tag)
        for row in range(rows):
            for column in range(12):
                left, upper = 352 + column * 34, top + 14 + row * 32
                draw.rectangle((left, upper, left + 24, upper + 18), fill=DARK)
                lamp = AMBER if column == 11 else GREEN
                draw.rectangle((left, upper + 20, left + 6, upper + 24), fill=lamp)
    return picture


def _shelf(tags: tuple[str, ...]) -> Image.Image:
    """Laptops on two boards, each with its label."""
    picture, draw = _room()
    for number, tag in enumerate(tags):
        left, top = 90 + number % 3 * 270, 130 + number // 3 * 260
        draw.rounded_rectangle((left, top, left + 230, top + 130), 8, fill=STEEL)
        draw.rounded_rectangle((left, top + 112, left + 230, top + 130), 6, fill=DARK)
        _label(draw, (left + 53, top + 40), tag)
    for top in (260, 520):
        draw.rectangle((60, top, 900, top + 22), fill="#a37b52")
    return picture


def _screen(program: str, says: str) -> Image.Image:
    """A screen on a desk, with the window of a program."""
    picture, draw = _room()
    draw.rectangle((430, 500, 530, 600), fill=STEEL)
    draw.rounded_rectangle((140, 60, 820, 520), 14, fill=DARK)
    draw.rectangle((164, 84, 796, 496), fill="#3d6a73")
    draw.rounded_rectangle((260, 160, 700, 410), 8, fill=PAPER)
    draw.rounded_rectangle((260, 160, 700, 204), 8, fill=INK)
    _write(draw, (280, 182), program, 26, PAPER)
    draw.ellipse((286, 256, 310, 280), fill=GREEN)
    _write(draw, (326, 268), says, 28)
    draw.rounded_rectangle((286, 330, 470, 380), 6, fill=STEEL)
    _write(draw, (318, 355), "Take over", 26, PAPER)
    return picture


def _form() -> Image.Image:
    """A request on paper, of which one field is empty."""
    picture, draw = _room()
    draw.rectangle((220, 30, 740, 700), fill=PAPER)
    _write(draw, (260, 84), "Request R-4471", 38)
    for number, (name, value) in enumerate(
        (
            ("Asked by", "Sales, Hamburg"),
            ("What", "A second screen"),
            ("Agreed time", ""),
            ("Handled by", "Service desk"),
        )
    ):
        top = 150 + number * 124
        _write(draw, (260, top), name, 24, STEEL)
        draw.rectangle((260, top + 22, 700, top + 82), outline=AMBER if not value else STEEL, width=4)
        _write(draw, (280, top + 52), value, 28)
    return picture
