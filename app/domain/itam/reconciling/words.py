"""What a line of a comparison says, and why it stands as it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import say
from app.domain.explained import Explained, Reason
from app.domain.itam.asset import AssetStatus
from app.domain.itam.reconciliation import RECONCILIATION, Finding, MatchedBy, SinceLast, SourceKind
from app.domain.itam.reconciling.comparing import Difference
from app.domain.itam.reconciling.registers import REGISTERS, Meaning

_BEYOND = {"ownership": "Ownership", "holds": "Still holds"}
"""Fields that only we say something of."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A line as it is kept, with what its run was asked to do."""

    kind: SourceKind
    source: str
    finding: Finding
    matched_by: MatchedBy | None
    similarity: int | None
    threshold: int
    ours: Mapping[str, str]
    theirs: Mapping[str, str]
    differences: Sequence[Difference]
    candidates: Sequence[str]
    since: SinceLast | None = None
    previous: str = ""
    """The reference of the run before."""


def field_label(kind: SourceKind, name: str) -> str:
    """What the screens call a field."""
    field = REGISTERS[kind].field(name)
    return field.label if field is not None else _BEYOND.get(name, name.replace("_", " ").capitalize())


def why(line: Stated) -> Explained[Finding]:
    """Why a line stands where it does: by what it was matched, on what the two differ, what it was before."""
    says = _of_finding(line)
    if line.since is not None and line.previous:
        says.append(_SINCE[line.since].format(run=line.previous))
    first, *rest = says
    return Explained(line.finding, (Reason(first, RECONCILIATION), *map(Reason, rest)))


_SINCE = {
    SinceLast.NEW: "It was no difference in {run}.",
    SinceLast.STILL_OPEN: "It stood in {run} already: it was not settled for good, or ours has not followed yet.",
    SinceLast.SETTLED: "It was settled in {run}, and the values decided on are the same.",
    SinceLast.REOPENED: "It was settled in {run}, and a value has changed since: it needs a new decision.",
    SinceLast.RESOLVED: "It was a difference in {run}, and now the two agree.",
    SinceLast.SAME: "It was no difference in {run}.",
}


def _of_finding(line: Stated) -> list[str]:
    if line.finding is Finding.ONLY_HERE:
        return [f"{line.source} should have it and has no row that matches it."]
    if line.finding is Finding.ONLY_THERE:
        says = [f"{line.source} has it, and nothing of ours matches it."]
        if line.candidates:
            named = " and ".join(line.candidates[:2]) if len(line.candidates) < 3 else ", ".join(line.candidates)
            says.append(f"It is as like as any other to {named}: nothing tells which, so none was taken.")
        return says
    if line.finding is Finding.UNCLEAR:
        by = line.matched_by.label.lower() if line.matched_by else "identifier"
        others = ", ".join(line.candidates)
        where = f"lines {others} of the file" if line.ours else others
        return [f"The {by} is shared by several, with {where} on the other side, and nothing tells which is which."]
    says = [_matched(line)]
    says += [_differs(line, each) for each in line.differences] or ["Everything that both of them say agrees."]
    return says


def _matched(line: Stated) -> str:
    if line.matched_by is MatchedBy.SIMILARITY:
        return (
            f"Matched by similarity: their words are {line.similarity} % alike (from {line.threshold} % on), "
            "no number in them differs, and no other is as like."
        )
    by = line.matched_by.label.lower() if line.matched_by else "identifier"
    if line.similarity is not None:
        return f"Matched by {by}; of several, their words are the most alike, {line.similarity} %."
    return f"Matched by {by}."


def _differs(line: Stated, difference: Difference) -> str:
    label = field_label(line.kind, difference.field)
    if difference.field == "holds":
        return f"They {difference.theirs}, and still hold {difference.ours}."
    if difference.field == "ownership":
        return f"It is not our own ({difference.ours.lower()}), and {line.source} has it all the same."
    return f"{label}: {difference.ours or 'nothing'} here, {difference.theirs} there."


def say_value(kind: SourceKind, name: str, text: str) -> str:
    """A value as the screens write it: a day in words, a status of ours by its label, whatever else as it is."""
    field = REGISTERS[kind].field(name)
    if field is not None and field.meaning is Meaning.STATUS:
        return next((each.label for each in AssetStatus if each.value == text), text)
    if field is not None and field.meaning is Meaning.DAY and text[:4].isdigit():
        return say(date.fromisoformat(text))
    return text
