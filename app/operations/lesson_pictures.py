"""Pictures in the text of a lesson: which it names, how one is named, and one more among the files of its course."""

import re
from collections.abc import Collection

from app.domain.explained import RefusedError
from app.domain.named_files import name_in, tokens_in
from app.models.attachment import Attachment
from app.operations.attachments import PICTURES, Place, Upload, attach
from app.storage import kind_of, safe_name
from app.work import Work

_PLAIN = re.compile(r"[\w.-]+", re.ASCII)


def pictures_in(text: str) -> list[str]:
    """The pictures that a text in Markdown shows, each once, by the name of their file."""
    return list(dict.fromkeys(name_in(token) or "" for token in tokens_in(text) if token.type == "image"))


def missing_in(text: str, file_name: str, files: Collection[str]) -> tuple[str, ...]:
    """What a lesson shows, in its text or as its file, and what is not among the files of its course."""
    shown = [*pictures_in(text), *([file_name] if file_name else [])]
    return tuple(each for each in shown if each not in files)


def shown_as(name: str) -> str:
    """How a text in Markdown shows a picture; a name that would not be read as one stands in pointed brackets."""
    return f"![What it shows]({name if _PLAIN.fullmatch(name) else f'<{name}>'})"


def attach_picture(work: Work, course_id: int, upload: Upload, field: str = "picture") -> Attachment:
    """Keep a picture among the files of a course; what is none is refused."""
    name = safe_name(upload.filename or "")
    kind = kind_of(name)
    if kind is None or kind.name not in PICTURES:
        raise RefusedError(f"“{name}” is no picture that a lesson shows. Send {' or '.join(PICTURES)}.", field)
    return attach(work, Place(course_id=course_id), upload, field)
