"""How far somebody is with a course, and where they go on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """So many of the lessons are done, and the lesson to go on with; None where all are done."""

    done: int
    lessons: int
    next_id: int | None

    @property
    def says(self) -> str:
        return f"{self.done} of {self.lessons} lesson{'' if self.lessons == 1 else 's'} done"


def progress_of(lessons: Sequence[int], done: Collection[int]) -> Progress:
    """How many of the lessons are done, and where to go on.

    `lessons` stand in the order of the course, `done` in the order in which they were done. One goes on with the first
    that is not done after the one done last; where none follows, with the first of all that is not done.
    """
    finished = [each for each in done if each in lessons]
    start = lessons.index(finished[-1]) + 1 if finished else 0
    ahead = [*lessons[start:], *lessons[:start]]
    return Progress(len(finished), len(lessons), next((each for each in ahead if each not in finished), None))
