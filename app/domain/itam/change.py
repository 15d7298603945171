"""Control of what is done to software and assets: asked for, authorised by another, done, checked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from app.domain.dates import days_between, say, say_days
from app.domain.explained import Clause, Explained, Reason, RefusedError
from app.domain.itam.version import normal_version, version_key
from app.domain.words import Word

CHANGE_MANAGEMENT = Clause("ISO/IEC 19770-1:2017", "8.2")
SECURITY = Clause("ISO/IEC 19770-1:2017", "8.5")
AUTHORISATIONS = Clause("ISO/IEC 19770-1:2017", "7.6.3")
LATE_AFTER = 7
"""Days after which an emergency change that nobody has authorised is late: a choice of the product."""


class ChangeAction(Word):
    """What is to be done to software or to an asset."""

    INSTALL = "install"
    MODIFY = "modify"
    COPY = "copy"
    DISTRIBUTE = "distribute"
    MOVE = "move"
    REMOVE = "remove"


BRINGS = (ChangeAction.INSTALL, ChangeAction.MODIFY, ChangeAction.COPY, ChangeAction.DISTRIBUTE)
"""What puts a version somewhere, so that it can be checked afterwards."""


class ChangeStatus(Word):
    """How far a request has come."""

    REQUESTED = "requested"
    AUTHORISED = "authorised"
    REFUSED = "refused"
    DONE = "done"
    CHECKED = "checked"
    WITHDRAWN = "withdrawn"


class CheckKind(Word):
    """By what the result was checked afterwards."""

    VERSION = "version"
    HASH = "hash"
    SIGHT = "sight"


class Authorisation(Word):
    """What stands behind an installation."""

    AUTHORISED = "authorised"
    """A change request that somebody else authorised."""
    ACCEPTED = "accepted"
    """Found without one, and accepted by somebody with a reason."""
    UNAUTHORISED = "unauthorised"
    """Found, and nothing stands behind it."""


class Step(Word):
    """What somebody may do with a request."""

    AUTHORISE = "authorise"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    DO = "do"
    CHECK = "check"
    UNDO = "undo"


class Standing(Word):
    """How a request stands, for whoever reads a list."""

    WAITS = "waits-for-authorisation"
    TO_DO = "authorised-to-be-done"
    OUTSTANDING = "emergency-authorisation-outstanding"
    LATE = "emergency-authorisation-overdue"
    WITHOUT = "done-without-authorisation"
    TO_CHECK = "done-to-be-checked"
    SETTLED = "done-and-checked"
    UNDONE = "refused-and-undone"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            "authorised-to-be-done": "Authorised, to be done",
            "emergency-authorisation-outstanding": "Done, authorisation outstanding",
            "emergency-authorisation-overdue": "Done, authorisation overdue",
            "done-to-be-checked": "Done, to be checked",
        }.get(self.value, self.value.replace("-", " ").capitalize())


@dataclass(frozen=True, slots=True)
class ChangeNow:
    """What the steps ask of a request. Persons are told apart by number alone."""

    reference: str
    status: ChangeStatus
    requested_by: int
    requested_on: date
    is_emergency: bool = False
    decided_by: int | None = None
    decided_on: date | None = None
    done_by: int | None = None
    done_on: date | None = None
    checked_by: int | None = None
    checked_on: date | None = None
    undone_by: int | None = None
    undone_on: date | None = None
    version: str = ""
    """The version that it brings, where it brings one."""
    sha256: str = ""
    """The hash of what it brings, where that is known."""

    @property
    def was_done(self) -> bool:
        return self.done_on is not None

    @property
    def is_authorised(self) -> bool:
        """Whether somebody else stands behind it."""
        return self.decided_by is not None and self.status is not ChangeStatus.REFUSED

    @property
    def is_outstanding(self) -> bool:
        """Whether it was done in an emergency and nobody has said yes or no."""
        return self.was_done and self.decided_by is None


_C = ChangeStatus
FOLLOWS: dict[Step, Callable[[ChangeNow], bool]] = {
    Step.AUTHORISE: lambda now: now.status is _C.REQUESTED or now.is_outstanding,
    Step.REFUSE: lambda now: now.status is _C.REQUESTED or now.is_outstanding,
    Step.WITHDRAW: lambda now: now.status in (_C.REQUESTED, _C.AUTHORISED),
    Step.DO: lambda now: now.status is _C.AUTHORISED or (now.is_emergency and now.status is _C.REQUESTED),
    Step.CHECK: lambda now: now.status is _C.DONE,
    Step.UNDO: lambda now: now.status is _C.REFUSED and now.was_done and now.undone_on is None,
}
"""When a step can follow at all, whoever takes it."""


def may_follow(now: ChangeNow) -> tuple[Step, ...]:
    """The steps that can follow, whoever takes them. [ISO/IEC 19770-1:2017, 8.2]"""
    return tuple(step for step in Step if FOLLOWS[step](now))


def may_decide(now: ChangeNow, person: int) -> Explained[bool]:
    """Whether a person may authorise or refuse: never the one who asks for it, nor the one who did it.

    [ISO/IEC 19770-1:2017, 8.5]
    """
    if person == now.requested_by:
        says = f"You asked for {now.reference}: somebody else decides whether it is authorised."
        return Explained(False, (Reason(says, SECURITY),))
    if person == now.done_by:
        says = f"You did what {now.reference} asks for: somebody else decides whether it is authorised."
        return Explained(False, (Reason(says, SECURITY),))
    return Explained(True, (Reason("You neither asked for it nor did it.", SECURITY),))


def authorise(now: ChangeNow, by: int, today: date) -> ChangeNow:
    """Authorise what is asked for, or an emergency change afterwards.

    Raises `RefusedError` where it is not the time, or for the one who asked or did it. [ISO/IEC 19770-1:2017, 8.2]
    """
    _refuse_out_of_turn(now, Step.AUTHORISE)
    _refuse_own_decision(now, by)
    status = now.status if now.was_done else _C.AUTHORISED
    return replace(now, status=status, decided_by=by, decided_on=today)


def refuse(now: ChangeNow, by: int, today: date, note: str) -> ChangeNow:
    """Refuse what is asked for, with the reason; an emergency change that is refused has to be undone.

    Raises `RefusedError` as `authorise` does, and at `note` without a reason. [ISO/IEC 19770-1:2017, 8.2]
    """
    _refuse_out_of_turn(now, Step.REFUSE)
    _refuse_own_decision(now, by)
    if not note.strip():
        says = "Say why it is refused: whoever asked reads it, and it stays in the trail."
        raise RefusedError(Reason(says, AUTHORISATIONS), "note")
    return replace(now, status=_C.REFUSED, decided_by=by, decided_on=today)


def withdraw(now: ChangeNow) -> ChangeNow:
    """Take a request back before it was done. [ISO/IEC 19770-1:2017, 8.2]"""
    _refuse_out_of_turn(now, Step.WITHDRAW)
    return replace(now, status=_C.WITHDRAWN)


def do(now: ChangeNow, by: int, on: date, today: date) -> ChangeNow:
    """Record it as done: after the authorisation unless it is an emergency, and not by the one who authorised it.

    Raises `RefusedError` at `done_on` or `done_by`. [ISO/IEC 19770-1:2017, 8.2]
    """
    _refuse_out_of_turn(now, Step.DO)
    _refuse_future(on, today, "done_on", "It cannot have been done on a day that is still to come.")
    if now.decided_on is not None and on < now.decided_on and not now.is_emergency:
        says = f"{now.reference} was authorised on {say(now.decided_on)}. Only an emergency change is done before that."
        raise RefusedError(Reason(says, CHANGE_MANAGEMENT), "done_on")
    if by == now.decided_by:
        says = "Whoever authorised a change does not do it. Choose who did, or have somebody else authorise it."
        raise RefusedError(Reason(says, SECURITY), "done_by")
    return replace(now, status=_C.DONE, done_by=by, done_on=on)


def ways_to_check(now: ChangeNow) -> tuple[CheckKind, ...]:
    """By the hash or the version where that is known beforehand, by sight where neither is.

    [ISO/IEC 19770-1:2017, 8.5]
    """
    ways = [kind for kind, known in ((CheckKind.VERSION, now.version), (CheckKind.HASH, now.sha256)) if known]
    return tuple(ways) or (CheckKind.SIGHT,)


def check(now: ChangeNow, by: int, on: date, today: date, kind: CheckKind, value: str) -> ChangeNow:
    """Record what was read afterwards; what differs from what was expected is no pass.

    Raises `RefusedError` at `check_kind`, `check_value` or `checked_on`. [ISO/IEC 19770-1:2017, 8.5]
    """
    _refuse_out_of_turn(now, Step.CHECK)
    _refuse_future(on, today, "checked_on", "It cannot have been checked on a day that is still to come.")
    if now.done_on is not None and on < now.done_on:
        says = f"It was done on {say(now.done_on)}; it is checked after that."
        raise RefusedError(Reason(says, CHANGE_MANAGEMENT), "checked_on")
    ways = ways_to_check(now)
    if kind not in ways:
        says = (
            "What it brings is known: it is checked by its version or its hash, not by sight."
            if kind is CheckKind.SIGHT
            else f"No {kind.value} was expected, so none can be compared. Check it by {ways[0].value}."
        )
        raise RefusedError(Reason(says, SECURITY), "check_kind")
    if kind is CheckKind.VERSION:
        _refuse_other_version(now.version, value)
    elif kind is CheckKind.HASH:
        _refuse_other_hash(now.sha256, value)
    return replace(now, status=_C.CHECKED, checked_by=by, checked_on=on)


def undo(now: ChangeNow, by: int, on: date, today: date) -> ChangeNow:
    """Record that an emergency change was taken back, because it was refused afterwards.

    Raises `RefusedError` at `undone_on`. [ISO/IEC 19770-1:2017, 8.2]
    """
    _refuse_out_of_turn(now, Step.UNDO)
    _refuse_future(on, today, "undone_on", "It cannot have been undone on a day that is still to come.")
    if now.done_on is not None and on < now.done_on:
        raise RefusedError(f"It was done on {say(now.done_on)}; it is undone after that.", "undone_on")
    return replace(now, undone_by=by, undone_on=on)


def standing_of(now: ChangeNow, today: date) -> Explained[Standing]:
    """How a request stands, and why. [ISO/IEC 19770-1:2017, 8.2]"""
    if now.status is _C.REFUSED and now.done_on is not None:
        if now.undone_on is not None:
            says = f"It was done, refused afterwards, and undone on {say(now.undone_on)}."
            return Explained(Standing.UNDONE, (Reason(says, CHANGE_MANAGEMENT),))
        says = f"It was done on {say(now.done_on)} in an emergency, and refused afterwards: it must be undone."
        return Explained(Standing.WITHOUT, (Reason(says, CHANGE_MANAGEMENT),))
    if now.is_outstanding and now.done_on is not None:
        days = days_between(now.done_on, today)
        late = days > LATE_AFTER
        ago = f"{say_days(days)} ago" if days else "today"
        says = f"It was done on {say(now.done_on)} in an emergency, {ago}, and nobody has authorised it."
        limit = Reason(f"An emergency change is authorised within {say_days(LATE_AFTER)}.")
        return Explained(Standing.LATE if late else Standing.OUTSTANDING, (Reason(says, CHANGE_MANAGEMENT), limit))
    standing, says = {
        _C.REQUESTED: (Standing.WAITS, "Somebody who neither asks for it nor does it has to authorise it."),
        _C.AUTHORISED: (Standing.TO_DO, "It is authorised; nobody has recorded that it was done."),
        _C.REFUSED: (Standing.REFUSED, "It was refused, and was not done."),
        _C.DONE: (Standing.TO_CHECK, "It was done; what came of it has not been checked."),
        _C.CHECKED: (Standing.SETTLED, "It was asked for, authorised, done and checked."),
        _C.WITHDRAWN: (Standing.WITHDRAWN, "It was taken back before it was done."),
    }[now.status]
    return Explained(standing, (Reason(says, CHANGE_MANAGEMENT),))


def what_to_do(now: ChangeNow, person: int, decides: bool) -> str:
    """What a person has to do with a request next, in a sentence; empty where it does not wait for them."""
    steps = may_follow(now)
    if Step.AUTHORISE in steps and decides and may_decide(now, person).value:
        return "Authorise or refuse it afterwards: it was done." if now.was_done else "Authorise or refuse it."
    if person not in (now.requested_by, now.done_by):
        return ""
    if Step.UNDO in steps:
        return "Undo it: it was refused."
    if Step.DO in steps:
        return "Do it, then record it as done." if now.is_authorised else "Do it if it cannot wait, then record it."
    return "Check what came of it." if Step.CHECK in steps else ""


def _refuse_out_of_turn(now: ChangeNow, step: Step) -> None:
    if FOLLOWS[step](now):
        return
    name, status = now.reference, now.status.label.lower()
    says = {
        Step.AUTHORISE: f"{name} is {status}: there is nothing to authorise.",
        Step.REFUSE: f"{name} is {status}: there is nothing to refuse.",
        Step.WITHDRAW: f"{name} is {status}: it can no longer be withdrawn.",
        Step.DO: (
            f"{name} is not authorised yet. Only an emergency change is done first and authorised afterwards."
            if now.status is _C.REQUESTED
            else f"{name} is {status}: it cannot be recorded as done."
        ),
        Step.CHECK: f"{name} is {status}: only what was done can be checked.",
        Step.UNDO: f"{name} is {status}: only what was done and then refused has to be undone.",
    }[step]
    raise RefusedError(Reason(says, CHANGE_MANAGEMENT))


def _refuse_own_decision(now: ChangeNow, by: int) -> None:
    allowed = may_decide(now, by)
    if not allowed.value:
        raise RefusedError(allowed.why)


def _refuse_future(on: date, today: date, field: str, says: str) -> None:
    if on > today:
        raise RefusedError(says, field)


def _refuse_other_version(expected: str, read: str) -> None:
    if not version_key(read):
        raise RefusedError(Reason("Write down the version that was read.", SECURITY), "check_value")
    if version_key(read) != version_key(expected):
        says = f"Version {normal_version(read)} was read; {expected} was authorised. Put right what was done."
        raise RefusedError(Reason(says, SECURITY), "check_value")


def _refuse_other_hash(expected: str, read: str) -> None:
    if plain_hash(read) != plain_hash(expected):
        says = "The hash that was read is another than the one authorised. Put right what was done."
        raise RefusedError(Reason(says, SECURITY), "check_value")


def plain_hash(text: str) -> str:
    """A hash as it is compared: small letters, without spaces."""
    return "".join(text.split()).lower()
