"""The scope of an audit by numbers: a clause brings what is below it, and a list of numbers reads short."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

Numbered = tuple[str, str]
"""A standard by its full name, and the number of a clause, a control or a process area of it."""

_RUN = 3
"""From so many numbers in a row on, the first and the last stand for all."""
_SAID = re.compile(r"(?<![\w.])(?:A\.)?\d+(?:\.\d+)+(?![\w]|\.\d)|(?<![\w.])[FL]\d+(?!\w)")


def lies_within(number: str, whole: str) -> bool:
    """Whether a number is another one or a part of it: 9.2.1 lies within 9.2, A.5.7 within A.5, F3 within F."""
    return number == whole or number.startswith(f"{whole}.") or _above(number) == whole


def touches(one: Numbered, other: Numbered) -> bool:
    """Whether two points share something: they are the same, or one is a part of the other."""
    (standard, number), (other_standard, other_number) = one, other
    return standard == other_standard and (lies_within(number, other_number) or lies_within(other_number, number))


def expanded(chosen: Collection[str], numbers: Iterable[str]) -> tuple[str, ...]:
    """The numbers that are chosen, with all that lies within them, in the order of `numbers`."""
    return tuple(number for number in numbers if any(whole in chosen for whole in ways_up(number)))


def named_in(text: str, known: Mapping[str, Collection[str]]) -> frozenset[Numbered]:
    """The points that a text names by number, where only one of the standards has that number.

    `known` holds the numbers of each standard. A single figure is no clause: it is as often a count.
    """
    found: set[Numbered] = set()
    for number in _SAID.findall(text):
        having = [standard for standard, numbers in known.items() if number in numbers]
        if len(having) == 1:
            found.add((having[0], number))
    return frozenset(found)


def in_short(chosen: Collection[str], numbers: Sequence[str]) -> str:
    """The chosen numbers in few words: a clause stands for all below it, and A.5.1 to A.5.9 for nine controls."""
    below: dict[str | None, list[str]] = defaultdict(list)
    for number in numbers:
        for each, above in zip(ways_up(number), (*ways_up(number)[1:], None), strict=True):
            if each not in below[above]:
                below[above].append(each)

    def told(number: str) -> list[str]:
        parts = [each for part in below[number] for each in told(part)]
        if not below[number]:
            return [number] if number in chosen else []
        return [number] if parts == below[number] else parts

    return ", ".join(_in_runs([each for top in below[None] for each in told(top)]))


def _in_runs(numbers: Sequence[str]) -> list[str]:
    runs: list[list[str]] = []
    for number in numbers:
        if runs and "." in number and _follows(runs[-1][-1], number):
            runs[-1].append(number)
        else:
            runs.append([number])
    return [word for run in runs for word in ([f"{run[0]} to {run[-1]}"] if len(run) >= _RUN else run)]


def _follows(one: str, other: str) -> bool:
    (above, _, last), (other_above, _, other_last) = one.rpartition("."), other.rpartition(".")
    return above == other_above and last.isdigit() and other_last.isdigit() and int(other_last) == int(last) + 1


def ways_up(number: str) -> tuple[str, ...]:
    """The number and all that hold it: 9.2.1, 9.2, 9."""
    found = [number]
    while above := _above(found[-1]):
        found.append(above)
    return tuple(found)


def _above(number: str) -> str | None:
    if number[:1] in ("F", "L") and number[1:].isdigit():
        return number[0]
    above = number.rpartition(".")[0]
    return above if above and above != "A" else None
