"""The result of a comparison: every row of both sides in exactly one line, under a key that stays the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from app.domain.itam.reconciliation import Finding, MatchedBy, SourceKind
from app.domain.itam.reconciling.comparing import Difference, differences
from app.domain.itam.reconciling.matching import THRESHOLD, Likeness, match
from app.domain.itam.reconciling.reading import Reading
from app.domain.itam.reconciling.record import Record, folded, identifier
from app.domain.itam.reconciling.registers import Register

_SHOWN = 6
_KEY = 160


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is in either register or in both."""

    key: str
    """Tells the same thing again in the next run."""
    finding: Finding
    ours: Record | None = None
    theirs: Record | None = None
    matched_by: MatchedBy | None = None
    """Of what was not told apart: the identifier that several share."""
    similarity: int | None = None
    differences: tuple[Difference, ...] = ()
    candidates: tuple[str, ...] = ()
    """What it may be on the other side, as far as anybody can tell: labels of ours, or lines of their file."""


def reconcile(
    register: Register,
    ours: Sequence[Record],
    theirs: Sequence[Record],
    likeness: Likeness,
    *,
    today: date,
    reading: Reading | None = None,
    threshold: int = THRESHOLD,
) -> list[Line]:
    """Compare the two registers; the lines in the order of their keys.

    Of ours, what is not expected there stands in a line only where it was found there all the same.
    [ISO/IEC 19770-1:2017, 8.3]
    """
    reading = reading or Reading()
    found = match(register, ours, theirs, likeness, threshold)
    lines: list[Line] = []
    for pair in found.pairs:
        differing = differences(register, pair.ours, pair.theirs, reading, today)
        finding = Finding.DIFFERENT if differing else Finding.MATCHED
        lines.append(Line("", finding, pair.ours, pair.theirs, pair.by, pair.similarity, differing))
    for by, groups in found.unclear.items():
        for left, right in groups:
            to_theirs = tuple(str(number) for number in sorted(each.id for each in right)[:_SHOWN])
            to_ours = tuple(sorted(each.label for each in left)[:_SHOWN])
            lines += [Line("", Finding.UNCLEAR, ours=each, matched_by=by, candidates=to_theirs) for each in left]
            lines += [Line("", Finding.UNCLEAR, theirs=each, matched_by=by, candidates=to_ours) for each in right]
    lines += [Line("", Finding.ONLY_HERE, ours=each) for each in found.left_ours if each.expected]
    for each in found.left_theirs:
        may_be = tuple(one.label for one in found.may_be.get(each.id, ())[:_SHOWN])
        lines.append(Line("", Finding.ONLY_THERE, theirs=each, candidates=may_be))
    return _keyed(register, lines)


def _keyed(register: Register, lines: Iterable[Line]) -> list[Line]:
    """Give each line its key, ours before theirs, then by what they say: the order of the files has no part in it."""

    def place(line: Line) -> tuple[object, ...]:
        ours, theirs = (line.ours.id if line.ours else 0), (line.theirs.id if line.theirs else 0)
        # The line of their file comes last: it tells apart only rows that say the same.
        return _key(register, line), line.ours is None, ours, _said(line.theirs), theirs

    named = [(_key(register, line), line) for line in sorted(lines, key=place)]
    times: dict[str, int] = {}
    keyed = []
    for key, line in named:
        times[key] = times.get(key, 0) + 1
        number = f"#{times[key]}" if times[key] > 1 else ""
        keyed.append(replace(line, key=key + number))
    return sorted(keyed, key=lambda line: line.key)


def _key(register: Register, line: Line) -> str:
    """The first identifier of ours, or else of theirs: what was only there keeps its key when it is recorded here."""
    for record in (line.ours, line.theirs):
        if record is None:
            continue
        if record is line.ours and identifier(record.label):
            first = register.steps[0].name
            kind = first if identifier(record.value(first)) == identifier(record.label) else "ours"
            return f"{kind}:{identifier(record.label)}"[:_KEY]
        for number, step in enumerate(register.steps):
            if value := identifier(record.value(step.name)):
                return f"{step.name}:{_unnamed(register, value) if number else value}"[:_KEY]
        words = folded(" ".join(record.value(name) for name in register.alike))
        return f"name:{_unnamed(register, words)}"[:_KEY]
    return "name:"


def _unnamed(register: Register, text: str) -> str:
    """A key is journalled, and the journal names nobody: of people it holds a hash."""
    if register.kind is not SourceKind.LEAVERS:
        return text
    return sha256(text.encode()).hexdigest()[:24]


def _said(record: Record | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(record.values.items())) if record is not None else ()
