"""A change reads as a sentence: what stood empty is not called nothing, and has no arrow."""

import pytest

from app.domain.journal import Change, say_changes


def name(_table: str, _id: object) -> str:
    return "Tom Becker"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"done_by_id": [None, 7]}, "done by Tom Becker"),
        ({"done_by_id": [7, None]}, "done by no longer Tom Becker"),
        ({"summary": ["Old", "New"]}, "summary Old → New"),
    ],
)
def test_a_change_reads_as_it_is_said(changes: dict[str, object], words: str) -> None:
    (change,) = say_changes(changes, name, "Europe/Berlin")
    assert isinstance(change, Change)
    assert str(change) == words
