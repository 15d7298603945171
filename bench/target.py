"""A ratio that was measured, and what it must not pass."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What was measured, in the words of the promise."""

    says: str
    measured: float
    limit: float
    at_most: bool = True

    @property
    def is_met(self) -> bool:
        """Whether the promise is kept."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit

    def __str__(self) -> str:
        word = "at most" if self.at_most else "at least"
        return f"{'met   ' if self.is_met else 'MISSED'} {self.says}: {self.measured:.3g} ({word} {self.limit:.3g})"


def median_time(task: Callable[[], object], *, rounds: int = 7, repeat: int = 1) -> float:
    """The median over the rounds of the seconds that one call takes."""
    task()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(repeat):
            task()
        taken.append((time.perf_counter() - began) / repeat)
    return statistics.median(taken)
