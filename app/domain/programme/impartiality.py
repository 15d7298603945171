"""Nobody audits their own work: who of a team owns, does or answers for what is in the scope of an internal audit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.dates import add_months, say, say_months
from app.domain.explained import Clause, Reason, RefusedError
from app.domain.programme.scope import Numbered, touches

PRINCIPLE = Clause("ISO 19011", "4")
_OF_STANDARDS = {
    "ISO/IEC 27001:2022": "9.2.2",
    "ISO 9001:2015": "9.2.2",
    "ISO/IEC 20000-1:2018": "9.2.2",
    "ISO/IEC 19770-1:2017": "9.2",
}


@dataclass(frozen=True, slots=True)
class Auditor:
    """A lead auditor or an auditor who is a member; technical experts and observers audit nothing."""

    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ProcessFact:
    """A process: who owns it, who works in it, which points it serves."""

    label: str
    owner_id: int | None = None
    performers: frozenset[int] = frozenset()
    serves: frozenset[Numbered] = frozenset()
    in_scope: bool = False


@dataclass(frozen=True, slots=True)
class AssetFact:
    """An asset in the scope: who is its custodian, and who answers for what on it, as persons."""

    tag: str
    custodian_id: int | None = None
    duties: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person did to a change, on which day: asked for, authorised, did, checked."""

    person_id: int
    did: str
    on: date


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """A change that touches assets in the scope, or a product on them; `touched` says what, in words."""

    reference: str
    touched: str
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class AuditedScope:
    """What an internal audit takes up. `months` is the window of changes before its first day; 0 leaves them out."""

    starts_on: date
    ends_on: date
    months: int = 24
    standards: tuple[str, ...] = ()
    points: frozenset[Numbered] = frozenset()
    processes: tuple[ProcessFact, ...] = ()
    assets: tuple[AssetFact, ...] = ()
    changes: tuple[ChangeFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Judges:
    """Those who could judge the questions of an internal audit, and the processes that they own."""

    auditors: tuple[Auditor, ...] = ()
    processes: tuple[ProcessFact, ...] = ()
    has_others: bool = False
    """Whether somebody from outside audits too, who owns nothing here."""

    def partial(self, standard: str, clause: str) -> tuple[Reason, ...]:
        """Who of them owns a process that serves a clause, so that the verdict on it is somebody else's.

        [ISO 19011, 4; 9.2 of each standard]
        """
        point = (standard, clause.strip().partition(" ")[0])
        if not all(point):
            return ()
        why = clause_of((standard,))
        return tuple(
            Reason(
                f"{auditor.name} owns {process.label}, which serves {clause.strip()} of {standard}: "
                f"who owns it does not judge it.",
                why,
            )
            for auditor in self.auditors
            if (process := next((each for each in self.processes if _answers_for(auditor, each, point)), None))
        )

    def is_nobody_left(self, standard: str, clause: str) -> bool:
        """Whether each of the team would judge their own work."""
        if self.has_others or not self.auditors:
            return False
        return len(self.partial(standard, clause)) == len(self.auditors)


def _answers_for(auditor: Auditor, process: ProcessFact, point: Numbered) -> bool:
    return process.owner_id == auditor.person_id and any(touches(each, point) for each in process.serves)


def partialities(auditors: Iterable[Auditor], scope: AuditedScope) -> tuple[Reason, ...]:
    """Say of each auditor what of the scope is their own work; empty where all are impartial.

    Whoever owns a process in the scope or works in it, owns one that serves a point in the scope, is the custodian of
    an asset at the audit or answers for it, or had a part in a change of one within the window before the first day.
    The window is a choice of the organisation. [ISO 19011, 4; 9.2 of each standard]
    """
    clause = clause_of(scope.standards)
    return tuple(Reason(says, clause) for auditor in auditors for says in _own_work(auditor, scope))


def refuse_new(before: Iterable[Reason], after: Iterable[Reason], field: str) -> None:
    """Refuse what makes somebody audit their own work; what stood before, such as by a new owner, is only pointed out.

    [ISO 19011, 4]
    """
    stood = {reason.says for reason in before}
    new = [reason for reason in after if reason.says not in stood]
    if new:
        raise RefusedError(new, field)


def clause_of(standards: Iterable[str]) -> Clause:
    """Where impartiality stands in the first of the standards that says so, else in the guidance on auditing."""
    known = next((standard for standard in sorted(standards) if standard in _OF_STANDARDS), None)
    return Clause(known, _OF_STANDARDS[known]) if known else PRINCIPLE


def _own_work(auditor: Auditor, scope: AuditedScope) -> Iterable[str]:
    who, name = auditor.person_id, auditor.name
    for process in scope.processes:
        if process.in_scope and process.owner_id == who:
            yield f"{name} owns {process.label}, which the audit takes up."
        elif process.in_scope and who in process.performers:
            yield f"{name} works in {process.label}, which the audit takes up."
        elif process.owner_id == who and (shared := _shared(process.serves, scope.points)):
            yield f"{name} owns {process.label}, which serves {shared}, in the scope of the audit."
    for asset in scope.assets:
        if asset.custodian_id == who:
            yield f"{name} is the custodian of {asset.tag}, which the audit looks at."
        duties = [duty for duty, holder in asset.duties if holder == who]
        if duties:
            yield f"{name} answers for {' and '.join(duties)} of {asset.tag}, which the audit looks at."
    if scope.months:
        since = add_months(scope.starts_on, -scope.months)
        for change in scope.changes:
            for deed in change.deeds:
                if deed.person_id == who and since <= deed.on <= scope.ends_on:
                    yield (
                        f"{name} {deed.did} {change.reference}, a change of {change.touched}, on {say(deed.on)}: "
                        f"within {say_months(scope.months)} before the audit."
                    )


def _shared(serves: frozenset[Numbered], points: frozenset[Numbered]) -> str:
    """The points that a process serves and that the audit takes up, the widest ones alone."""
    shared = sorted(one for one in serves if any(touches(one, other) for other in points))
    widest = [each for each in shared if not any(each != one and each[1].startswith(f"{one[1]}.") for one in shared)]
    named = [f"{number} of {standard}" for standard, number in widest[:3]]
    more = f" and {len(widest) - 3} more" if len(widest) > 3 else ""
    return f"{', '.join(named)}{more}" if named else ""
