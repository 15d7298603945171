"""What is written on one line: a name that nobody sees through must not look like another name."""

import re

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""Control characters, signs of no width, and those that turn the direction of writing. Signs that join letters stay:
some scripts are not written without them."""


UNSEEN = (
    "It held signs that nobody sees, such as one that turns the direction of writing. They are taken out: look again."
)


def one_line(text: str) -> str:
    """On one line: ends of lines and tabs become spaces."""
    return " ".join(text.replace("\t", " ").splitlines())


def without_unseen(text: str) -> str:
    """The same without the signs that nobody sees."""
    return _UNSEEN.sub("", text)
