"""An act that is shown first: what is agreed to is what was shown, and is done once however often it is sent."""

from uuid import uuid4


def to_agree(stamp: str) -> str:
    """What the page that shows an act sends back with it: a key of its own, and what was shown."""
    return f"{uuid4()} {stamp}"


def parted(agreed: str | None) -> tuple[str, str]:
    """The key of the page and what it showed; both empty where nothing was shown yet."""
    key, _, shown = (agreed or "").partition(" ")
    return key, shown


def key_of(agreed: str | None, stamp: str) -> str:
    """The key under which an act is done; empty where nothing was shown yet, or something else."""
    key, shown = parted(agreed)
    return key if shown == stamp else ""
